package findings

import (
	"crypto/sha256"
	"encoding/hex"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
)

// The entries of a GitLab code quality report.
type (
	gitlabEntry struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabLines struct {
		Begin uint32 `json:"begin"`
		End   uint32 `json:"end,omitempty"`
	}
)

// gitlab writes a GitLab code quality report. The format has no word for what
// is waived, so that is an info which says so.
func gitlab(w *markup.Writer, r *Report, _ term.Layout) {
	entries := markup.NewJSONEncoder(w).Array()
	n, at := allShown(r.Findings, r.Waived)
	entries.AddEach(n, func() func(int) any {
		return func(i int) any { return r.gitlabEntry(at(i)) }
	})
	for i := range r.Unreadable {
		u := &r.Unreadable[i]
		sum := sha256.Sum256([]byte("unreadable\x00" + r.Path(u.File)))
		entries.Add(gitlabEntry{
			Description: text.Sentence(notOpened(u)), CheckName: "unreadable",
			Fingerprint: hex.EncodeToString(sum[:16]), Severity: "blocker",
			Location: gitlabLocation{Path: r.Path(u.File), Lines: gitlabLines{Begin: 1}},
		})
	}
	entries.End()
	w.WriteByte('\n')
}

func (r *Report) gitlabEntry(f shown) gitlabEntry {
	x := gitlabEntry{
		Description: sentence(f.Operation, f.message), CheckName: label(f.Finding), Fingerprint: f.Fingerprint.String(), Severity: gitlabSeverity(f.severity),
		Location: gitlabLocation{Path: r.Path(f.File), Lines: gitlabLines{Begin: 1}},
	}
	if f.Range.IsValid() {
		x.Location.Lines = gitlabLines{f.Range.Start.Line, f.Range.End.Line}
	}
	return x
}

func gitlabSeverity(s diag.Severity) string {
	switch s {
	case diag.Error:
		return "critical"
	case diag.Warning:
		return "minor"
	}
	return "info"
}
