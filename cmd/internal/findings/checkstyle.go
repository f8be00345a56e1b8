package findings

import (
	"strconv"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
)

// checkstyle writes Checkstyle XML. The format has no word for what is waived,
// so that is an info which says so.
func checkstyle(w *markup.Writer, r *Report, _ term.Layout) {
	e := markup.XMLWriter{Writer: w}
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	e.Comment(r.Tally().String())
	e.Open("checkstyle", "version", "8.0")
	w.WriteByte('\n')
	for _, s := range r.suites() {
		e.Open("file", "name", s.name)
		w.WriteByte('\n')
		eachFinding(s.findings, s.waived, func(f *diag.Finding, s diag.Severity, message string) { checkstyleError(e, f, s, message) })
		if s.unreadable != nil {
			e.Empty("error", "line", "1", "severity", "error", "message", term.Safe(notOpened(s.unreadable)), "source", markup.ToolName+".unreadable")
		}
		e.Close("file")
	}
	e.Close("checkstyle")
}

func checkstyleError(e markup.XMLWriter, f *diag.Finding, s diag.Severity, message string) {
	line, column := "1", ""
	if f.Range.IsValid() {
		line, column = strconv.Itoa(int(f.Range.Start.Line)), strconv.Itoa(int(f.Range.Start.Column))
	}
	e.Empty("error", "line", line, "column", column, "severity", s.String(),
		"message", term.Safe(message), "source", markup.ToolName+"."+f.Code+"."+f.Rule)
}
