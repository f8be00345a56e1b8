package report

import (
	"bufio"
	"strconv"

	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
)

// checkstyle writes Checkstyle XML. The format has no word for what is waived,
// so that is an info which says so.
func checkstyle(w *bufio.Writer, r *Report, _ Look) {
	e := element{w}
	w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	e.comment(r.counts().String())
	e.open("checkstyle", "version", "8.0")
	w.WriteByte('\n')
	for _, s := range r.suites() {
		e.open("file", "name", s.name)
		w.WriteByte('\n')
		for i := range s.findings {
			f := &s.findings[i]
			checkstyleError(e, f, f.Severity, message(f))
		}
		for i := range s.waived {
			checkstyleError(e, &s.waived[i].Finding, diag.Info, waivedMessage(&s.waived[i]))
		}
		if s.unreadable != nil {
			e.empty("error", "line", "1", "severity", "error", "message", term.Safe("the file could not be opened: "+s.unreadable.Err.Error()), "source", toolName+".unreadable")
		}
		e.close("file")
	}
	e.close("checkstyle")
}

func checkstyleError(e element, f *diag.Finding, s diag.Severity, message string) {
	line, column := "1", ""
	if f.Range.IsValid() {
		line, column = strconv.Itoa(int(f.Range.Start.Line)), strconv.Itoa(int(f.Range.Start.Column))
	}
	e.empty("error", "line", line, "column", column, "severity", s.String(),
		"message", term.Safe(message), "source", toolName+"."+f.Code+"."+f.Rule)
}
