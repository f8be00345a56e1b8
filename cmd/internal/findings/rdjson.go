package findings

import (
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
)

// The parts of reviewdog's diagnostic format that are written.
type (
	rdDiagnostic struct {
		Message  string      `json:"message"`
		Location rdLocation  `json:"location"`
		Severity string      `json:"severity"`
		Code     rdCode      `json:"code"`
		Related  []rdRelated `json:"related_locations,omitempty"`
	}
	rdRelated struct {
		Message  string     `json:"message"`
		Location rdLocation `json:"location"`
	}
	rdLocation struct {
		Path  string   `json:"path"`
		Range *rdRange `json:"range,omitempty"`
	}
	rdRange struct {
		Start rdPosition  `json:"start"`
		End   *rdPosition `json:"end,omitempty"`
	}
	rdPosition struct {
		Line   uint32 `json:"line"`
		Column int    `json:"column,omitempty"` // in bytes
	}
	rdCode struct {
		Value string `json:"value"`
	}
)

// rdjson writes reviewdog's diagnostics. The format has no word for what is
// waived, so that is an info which says so.
func rdjson(w *markup.Writer, r *Report, _ term.Layout) {
	e := markup.NewJSONEncoder(w)
	texts := &library{open: r.Text}
	w.WriteString(`{"source": {"name": `)
	e.Value(markup.ToolName)
	w.WriteString(`}, "diagnostics": `)
	found := e.Array()
	n, at := allShown(r.Findings, r.Waived)
	found.AddEach(n, func() func(int) any {
		places := cursors{library: texts}
		return func(i int) any { return r.rdDiagnostic(&places, at(i)) }
	})
	for i := range r.Unreadable {
		u := &r.Unreadable[i]
		found.Add(rdDiagnostic{
			Message: text.Sentence(notOpened(u)), Location: rdLocation{Path: r.Path(u.File)},
			Severity: "ERROR", Code: rdCode{"unreadable"},
		})
	}
	found.End()
	w.WriteString("}\n")
}

func (r *Report) rdDiagnostic(texts *cursors, f shown) rdDiagnostic {
	d := rdDiagnostic{
		Message: sentence(f.Operation, f.message), Location: rdLocation{r.Path(f.File), rdSpan(texts.in(f.File), f.Range)},
		Severity: strings.ToUpper(f.severity.String()), Code: rdCode{label(f.Finding)},
	}
	for _, also := range f.Related {
		var c *cursor
		if also.File == f.File {
			c = texts.in(f.File) // of other files the line is enough: they are not worth a second reading
		}
		d.Related = append(d.Related, rdRelated{sentence("", also.Message), rdLocation{r.Path(also.File), rdSpan(c, also.Range)}})
	}
	return d
}

// rdSpan converts a range to columns in bytes. Without the text it keeps the
// lines.
func rdSpan(c *cursor, at diag.Range) *rdRange {
	if !at.IsValid() {
		return nil
	}
	if c == nil || !c.seek(at.Start) {
		return &rdRange{Start: rdPosition{Line: at.Start.Line}}
	}
	span := &rdRange{Start: rdPosition{at.Start.Line, c.byteColumn()}}
	if c.seek(at.End) {
		span.End = &rdPosition{at.End.Line, c.byteColumn()}
	}
	return span
}
