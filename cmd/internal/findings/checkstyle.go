package findings

import (
	"strconv"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
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
		n, at := allShown(s.findings, s.waived)
		w.Each(n, func(w *markup.Writer) func(int) {
			return func(i int) { checkstyleError(markup.XMLWriter{Writer: w}, at(i)) }
		})
		if s.unreadable != nil {
			e.Empty("error", "line", "1", "severity", "error", "message", term.Safe(notOpened(s.unreadable)), "source", markup.ToolName+".unreadable")
		}
		e.Close("file")
	}
	e.Close("checkstyle")
}

func checkstyleError(e markup.XMLWriter, f shown) {
	line, column := "1", ""
	if f.Range.IsValid() {
		line, column = strconv.Itoa(int(f.Range.Start.Line)), strconv.Itoa(int(f.Range.Start.Column))
	}
	e.Empty("error", "line", line, "column", column, "severity", f.severity.String(),
		"message", term.Safe(f.message), "source", markup.ToolName+"."+f.Code+"."+f.Rule)
}
