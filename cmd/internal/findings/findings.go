// Package findings writes what a run found, one file for each format. A format
// neither computes nor sorts nor chooses the exit code.
package findings

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// A Report is a finished run of check.
type Report struct {
	*lint.Result
	Version    string                   // of waitornot
	Address    string                   // of waitornot on the web; "" when it has none
	Names      []string                 // all files of the run, in order
	Rules      []Rule                   // those that may have found something, in the order of their codes
	Fixed      bool                     // what a machine can correct has been corrected
	Statistics bool                     // text: count the findings by rule instead of listing them
	Halted     bool                     // no manifest was read, for a reason that is among the findings
	Dir        string                   // paths below it are written relative to it; "" leaves all as they are
	Where      func(file string) string // how formats for machines name a file, asked by several goroutines; nil goes by Dir

	// Text returns the text of a file as it was read, or false. It is called
	// for files with findings alone, and only by formats that quote; by one goroutine at a time.
	Text func(file string) ([]byte, bool)
}

// A Rule is what a reader of a report may learn about a rule.
type Rule struct {
	Code, Name string
	Severity   diag.Severity
	Summary    string // one sentence without a full stop
	Why, Fix   string
	Bad, Good  string // manifests; empty when there is no example
}

// A Format is one way to write a report.
type Format struct {
	markup.Format[*Report]
	Ext string // of a file that holds it, without the dot

	// Summary names the environment variable that leads to a file for a summary
	// in Markdown, to be appended; "" when the format has none.
	Summary string

	// Commands says that a CI runner is to obey the format.
	Commands bool

	// Most is how many findings the usual reader of the format takes; 0 when it
	// has no limit.
	Most int
}

// Formats returns the formats in the order in which help lists them, the
// default first.
func Formats() []Format {
	type page = markup.Format[*Report]
	return []Format{
		{Format: page{Name: "text", Doc: "for people, with the source line", Page: asText}, Ext: "txt"},
		{Format: page{Name: "json", Doc: "one document, with a schema", Page: asJSON}, Ext: "json"},
		{Format: page{Name: "jsonl", Doc: "one JSON object per line", Page: asJSONLines}, Ext: "jsonl"},
		{Format: page{Name: "sarif", Doc: "SARIF 2.1.0, for code scanning", Page: sarif}, Ext: "sarif", Most: 25_000},
		{Format: page{Name: "junit", Doc: "JUnit XML, for test reports", Page: junit}, Ext: "xml"},
		{Format: page{Name: "github", Doc: "GitHub annotations and a job summary", Page: github}, Ext: "txt", Summary: "GITHUB_STEP_SUMMARY", Commands: true},
		{Format: page{Name: "gitlab", Doc: "GitLab code quality", Page: gitlab}, Ext: "json"},
		{Format: page{Name: "checkstyle", Doc: "Checkstyle XML", Page: checkstyle}, Ext: "xml"},
		{Format: page{Name: "rdjson", Doc: "reviewdog diagnostics", Page: rdjson}, Ext: "json"},
		{Format: page{Name: "markdown", Doc: "for a pull request comment", Page: comment}, Ext: "md"},
	}
}

// Path returns a file's name as machines want it: relative to the folder of the
// run where that is possible, clean, with slashes.
func (r *Report) Path(file string) string {
	if r.Where != nil {
		return r.Where(file)
	}
	return markup.Path(r.Dir, file)
}

// A shown is a finding as formats show it that have no word for what is waived: that is an info
// which says so.
type shown struct {
	*diag.Finding
	severity diag.Severity
	message  string // with what to do about it
}

// allShown returns how many findings a file or a run has with those that are waived, and what
// returns each of them, the waived ones last.
func allShown(found []diag.Finding, waived []lint.Waived) (n int, at func(i int) shown) {
	return len(found) + len(waived), func(i int) shown {
		if i < len(found) {
			return shown{&found[i], found[i].Severity, message(&found[i])}
		}
		x := &waived[i-len(found)]
		return shown{&x.Finding, diag.Info, waivedMessage(x)}
	}
}

// notOpened says that a file could not be opened, and why.
func notOpened(u *lint.Unreadable) string { return "the file could not be opened: " + u.Err.Error() }

// Counts are what the summary of every format says.
type Counts struct {
	Files      int `json:"files"` // that could be opened
	Operations int `json:"operations"`
	Unmoded    int `json:"unmoded"` // operations that don't declare their mode
	Errors     int `json:"errors"`
	Warnings   int `json:"warnings"`
	Infos      int `json:"infos"`
	Waived     int `json:"waived"`
	Broken     int `json:"broken"`
	Unreadable int `json:"unreadable"`
	Known      int `json:"known"`     // findings that the baseline holds
	Fixed      int `json:"fixed"`     // entries of the baseline that were not found any more
	Unshared   int `json:"unshared"`  // findings of a part of the manifests that all of them together don't have
	Unrelated  int `json:"unrelated"` // findings where nothing changed, when only changes are wanted
	Held       int `json:"held"`      // rules that rules_version holds back

	Halted bool `json:"halted"` // no manifest was read
}

// Tally returns what the summary of every format says.
func (r *Report) Tally() Counts {
	c := Counts{
		Files: r.Files, Operations: r.Operations, Unmoded: r.Unmoded,
		Errors: r.Count(diag.Error), Warnings: r.Count(diag.Warning), Infos: r.Count(diag.Info),
		Waived: len(r.Waived), Broken: len(r.Broken), Unreadable: len(r.Unreadable),
		Unshared: r.Unshared, Unrelated: r.Unrelated, Held: len(r.Pinned), Halted: r.Halted,
	}
	if r.Baseline != nil {
		c.Known, c.Fixed = len(r.Baseline.Known), len(r.Baseline.Fixed)
	}
	return c
}

// Findings returns the counts by severity in words: "2 errors, 1 warning".
func (c Counts) Findings() string {
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{c.Errors, "error"}, {c.Warnings, "warning"}, {c.Infos, "info"}} {
		if p.n > 0 {
			parts = append(parts, text.Count(p.n, p.noun))
		}
	}
	if len(parts) == 0 {
		return "no findings"
	}
	return strings.Join(parts, ", ")
}

// rest returns the other counts in words, those of nothing left out.
func (c Counts) rest() []string {
	if c.Halted {
		return []string{"and no manifest was read"}
	}
	parts := []string{"in " + text.Count(c.Files, "file") + " with " + text.Count(c.Operations, "operation")}
	if c.Unmoded > 0 {
		parts = append(parts, fmt.Sprintf("%d without a mode to judge", c.Unmoded))
	}
	if c.Waived > 0 {
		parts = append(parts, fmt.Sprintf("%d waived", c.Waived))
	}
	if c.Known > 0 {
		parts = append(parts, fmt.Sprintf("%d known from the baseline", c.Known))
	}
	if c.Fixed > 0 {
		parts = append(parts, text.Count(c.Fixed, "finding")+" of the baseline fixed")
	}
	if c.Unshared > 0 {
		parts = append(parts, fmt.Sprintf("%d ruled out by other manifests", c.Unshared))
	}
	if c.Unrelated > 0 {
		parts = append(parts, fmt.Sprintf("%d where nothing changed", c.Unrelated))
	}
	if c.Held > 0 {
		parts = append(parts, text.Count(c.Held, "rule")+" held back by rules_version")
	}
	if c.Broken > 0 {
		parts = append(parts, text.Count(c.Broken, "file")+" could not be fully parsed")
	}
	if c.Unreadable > 0 {
		parts = append(parts, text.Count(c.Unreadable, "file")+" not opened")
	}
	return parts
}

// String returns all counts in one line.
func (c Counts) String() string { return c.Findings() + " " + strings.Join(c.rest(), "; ") }

// WaiverText returns in words why a finding is waived.
func WaiverText(w *lint.Waived) string {
	return fmt.Sprintf("waived by %s until %s: %s", w.Waiver.Owner.Value, text.Day(w.Waiver.Until.Value), w.Waiver.Reason.Value)
}

// waivedMessage returns a finding's message for formats that have no word for
// what is waived.
func waivedMessage(w *lint.Waived) string { return w.Finding.Message + " (" + WaiverText(w) + ")" }

// message returns a finding's message with what to do about it.
func message(f *diag.Finding) string {
	if f.Fix == "" {
		return f.Message
	}
	return f.Message + ". Fix: " + f.Fix
}

// openers are the words that a message begins with when it doesn't begin with a name. Any
// other word may be one, and stays as it's written.
const openers = " a after all alias an any attempts can't clients connections could coupling dead delivery duplicates each events every everything first" +
	" immediacy in invalid it it's its latency many mapping measured messages missing no nobody not nothing one only operation retries retryability" +
	" service several some tabs that the there these they they're this those too two unexpected unknown users values waiver waived when work "

// sentence makes a sentence of what a finding of an operation says. The name of a service, a
// store or a broker at its start stays as it is.
func sentence(operation, message string) string {
	service, _, of := strings.Cut(operation, "/")
	word, _, _ := strings.Cut(message, " ")
	if of && word == service || !strings.Contains(openers, " "+word+" ") {
		return message + "."
	}
	return text.Sentence(message)
}

// label returns a rule's code and name as findings show them.
func label(f *diag.Finding) string { return strings.TrimSpace(f.Code + " " + f.Rule) }
