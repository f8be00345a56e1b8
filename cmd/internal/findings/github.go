package findings

import (
	"strconv"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
)

// github writes workflow commands, which GitHub shows as annotations, and a
// last line for the log.
func github(w *markup.Writer, r *Report, _ term.Layout) {
	w.Each(len(r.Findings), func(w *markup.Writer) func(int) {
		return func(i int) {
			f := &r.Findings[i]
			command := f.Severity.String()
			if f.Severity == diag.Info {
				command = "notice"
			}
			annotation(w, command, r.Path(f.File), f.Range, label(f), message(f))
		}
	})
	for i := range r.Unreadable {
		u := &r.Unreadable[i]
		annotation(w, "error", r.Path(u.File), diag.Range{}, "unreadable", notOpened(u))
	}
	w.WriteString(r.Tally().String())
	w.WriteByte('\n')
}

func annotation(w *markup.Writer, command, file string, at diag.Range, title, text string) {
	w.WriteString("::" + command + " file=")
	property.WriteString(w, term.Safe(file))
	if at.IsValid() {
		w.WriteString(",line=" + strconv.Itoa(int(at.Start.Line)) + ",endLine=" + strconv.Itoa(int(at.End.Line)))
		w.WriteString(",col=" + strconv.Itoa(int(at.Start.Column)))
		if at.End.Line == at.Start.Line { // GitHub takes no end column for several lines
			w.WriteString(",endColumn=" + strconv.Itoa(int(at.End.Column)))
		}
	}
	w.WriteString(",title=")
	property.WriteString(w, term.Safe(title))
	w.WriteString("::")
	commandText.WriteString(w, term.Safe(text))
	w.WriteByte('\n')
}

// What a workflow command escapes in its text and, besides, in a property.
var (
	commandText = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property    = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
