package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// jsonVersion is the version of the JSON and JSON lines formats. It changes
// when a reader of the old ones would be misled.
const jsonVersion = 1

// The shapes of the JSON formats. check.schema.json describes them.
type (
	jsonHeader struct {
		Version int      `json:"version"`
		Tool    jsonTool `json:"tool"`
		Summary counts   `json:"summary"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonFinding struct {
		File        string        `json:"file"`
		Range       *jsonRange    `json:"range"` // null when the finding is about the file as a whole
		Code        string        `json:"code"`
		Rule        string        `json:"rule"`
		Severity    string        `json:"severity"`
		Message     string        `json:"message"`
		Fix         string        `json:"fix,omitempty"`
		Operation   string        `json:"operation,omitempty"`
		Fingerprint string        `json:"fingerprint"`
		Related     []jsonRelated `json:"related,omitempty"`
		Waiver      *jsonWaiver   `json:"waiver,omitempty"`
	}
	jsonRange struct {
		Start jsonPos `json:"start"`
		End   jsonPos `json:"end"` // exclusive
	}
	jsonPos struct {
		Line   uint32 `json:"line"`
		Column uint32 `json:"column"` // in code points
	}
	jsonRelated struct {
		File    string     `json:"file"`
		Range   *jsonRange `json:"range"`
		Message string     `json:"message"`
	}
	jsonWaiver struct {
		Reason string `json:"reason"`
		Owner  string `json:"owner"`
		Until  string `json:"until"`
	}
	jsonUnreadable struct {
		File  string `json:"file"`
		Error string `json:"error"`
	}
	jsonRule struct {
		Code     string `json:"code"`
		Name     string `json:"name"`
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
	}
)

func (r *Report) jsonHeader() jsonHeader {
	return jsonHeader{jsonVersion, jsonTool{toolName, r.Version}, r.counts()}
}

func (r *Report) jsonFinding(f *diag.Finding) jsonFinding {
	j := jsonFinding{
		File: r.path(f.File), Range: jsonSpan(f.Range), Code: f.Code, Rule: f.Rule, Severity: f.Severity.String(),
		Message: f.Message, Fix: f.Fix, Operation: f.Operation, Fingerprint: f.Fingerprint.String(),
	}
	for _, also := range f.Related {
		j.Related = append(j.Related, jsonRelated{r.path(also.File), jsonSpan(also.Range), also.Message})
	}
	return j
}

func (r *Report) jsonWaived(w *lint.Waived) jsonFinding {
	j := r.jsonFinding(&w.Finding)
	j.Waiver = &jsonWaiver{w.Waiver.Reason.Value, w.Waiver.Owner.Value, day(w.Waiver.Until.Value)}
	return j
}

func jsonSpan(r diag.Range) *jsonRange {
	if !r.IsValid() {
		return nil
	}
	return &jsonRange{jsonPos(r.Start), jsonPos(r.End)}
}

// asJSON writes one document, a finding a line.
func asJSON(w *bufio.Writer, r *Report, _ Look) {
	e := newEncoder(w)
	h := r.jsonHeader()
	w.WriteString("{\n\"version\": ")
	e.value(h.Version)
	w.WriteString(",\n\"tool\": ")
	e.value(h.Tool)
	w.WriteString(",\n\"summary\": ")
	e.value(h.Summary)
	w.WriteString(",\n\"findings\": ")
	list(e, r.Findings, r.jsonFinding)
	w.WriteString(",\n\"waived\": ")
	list(e, r.Waived, r.jsonWaived)
	w.WriteString(",\n\"broken\": ")
	list(e, r.Broken, func(file *string) string { return r.path(*file) })
	w.WriteString(",\n\"unreadable\": ")
	list(e, r.Unreadable, r.jsonUnreadable)
	w.WriteString(",\n\"rules\": ")
	list(e, r.Rules, func(x *Rule) jsonRule { return jsonRule{x.Code, x.Name, x.Severity.String(), x.Summary} })
	w.WriteString("\n}\n")
}

func (r *Report) jsonUnreadable(u *lint.Unreadable) jsonUnreadable {
	return jsonUnreadable{r.path(u.File), u.Err.Error()}
}

// An encoder writes JSON values one after the other, without holding a whole
// document.
type encoder struct {
	*bufio.Writer
	json *json.Encoder
}

func newEncoder(w *bufio.Writer) *encoder {
	e := &encoder{w, json.NewEncoder(&oneLine{w})}
	e.json.SetEscapeHTML(false)
	return e
}

// value writes v without a line break. All values are our own types, which
// always encode.
func (e *encoder) value(v any) { _ = e.json.Encode(v) }

// oneLine drops the line break that ends each write of a json.Encoder, and
// writes as an escape whatever a terminal might obey or hide. Such a character
// can stand inside a string alone, where an escape means the same.
type oneLine struct{ *bufio.Writer }

func (o *oneLine) Write(p []byte) (int, error) {
	text := bytes.TrimSuffix(p, []byte{'\n'})
	for {
		i := bytes.IndexFunc(text, unseen)
		if i < 0 {
			_, err := o.Writer.Write(text)
			return len(p), err
		}
		r, size := utf8.DecodeRune(text[i:])
		o.Writer.Write(text[:i])
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(o.Writer, `\u%04x`, unit)
		}
		text = text[i+size:]
	}
}

// unseen reports whether a character of JSON cannot be seen.
func unseen(r rune) bool { return r == 0x7f || r >= utf8.RuneSelf && !unicode.IsPrint(r) }

// An array writes its elements one a line.
type array struct {
	*encoder
	started bool
}

func (e *encoder) array() *array {
	e.WriteByte('[')
	return &array{encoder: e}
}

func (a *array) add(v any) {
	if a.started {
		a.WriteByte(',')
	}
	a.started = true
	a.WriteByte('\n')
	a.value(v)
}

func (a *array) end() {
	if a.started {
		a.WriteByte('\n')
	}
	a.WriteByte(']')
}

// list writes an array of items.
func list[T, J any](e *encoder, items []T, as func(*T) J) {
	a := e.array()
	for i := range items {
		a.add(as(&items[i]))
	}
	a.end()
}
