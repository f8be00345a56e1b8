package findings

import (
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// asJSONLines writes one object a line; type says what it is. The first is the
// run.
func asJSONLines(w *markup.Writer, r *Report, _ term.Layout) {
	e := markup.NewJSONEncoder(w)
	line(e, struct {
		Type string `json:"type"`
		jsonHeader
	}{"run", r.jsonHeader()})
	type finding struct {
		Type string `json:"type"`
		jsonFinding
	}
	lines(e, r.Findings, func(f *diag.Finding) finding { return finding{"finding", r.jsonFinding(f)} })
	lines(e, r.Waived, func(x *lint.Waived) finding { return finding{"waived", r.jsonWaived(x)} })
	type broken struct {
		Type string `json:"type"`
		File string `json:"file"`
	}
	lines(e, r.Broken, func(file *string) broken { return broken{"broken", r.Path(*file)} })
	type unreadable struct {
		Type string `json:"type"`
		jsonUnreadable
	}
	lines(e, r.Unreadable, func(u *lint.Unreadable) unreadable { return unreadable{"unreadable", r.jsonUnreadable(u)} })
}

func line(e *markup.JSONEncoder, v any) {
	e.Value(v)
	e.WriteByte('\n')
}

func lines[T, J any](e *markup.JSONEncoder, items []T, as func(*T) J) {
	e.Each(len(items), func(w *markup.Writer) func(int) {
		e := markup.NewJSONEncoder(w)
		return func(i int) { line(e, as(&items[i])) }
	})
}
