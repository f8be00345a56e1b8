package adviceview

import (
	"fmt"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// adviceBrief writes a line for each operation. The columns of known width come
// first and the operation last, so that the table stays aligned without knowing
// what is still to come.
func adviceBrief(w *markup.Writer, a *Advice, l term.Layout) {
	p := textWriter{w, l}
	because := len("answer retryability")
	var last *decide.Table
	for i := range a.Operations {
		table := a.Operations[i].Table
		if table == nil {
			table = a.Adviser.Knowledge.Table
		}
		if table == last {
			continue
		}
		for _, r := range table.Rows() {
			because = max(because, term.Cells(term.Safe(r.Name)))
		}
		last = table
	}
	row := func(style term.Style, verdict, declared, why, operation string) {
		p.line(p.Paint(style, term.Pad(verdict, 11)) + term.Pad(declared, 10) + term.Pad(why, because+2) + operation)
	}
	row(term.Plain, "VERDICT", "DECLARED", "BECAUSE", "OPERATION")
	picture := a.each(func(x *advice.Advice) {
		why := fmt.Sprintf("answer %s", x.Next)
		if x.Decided() {
			why = term.Safe(x.Rows[0].Name)
		}
		row(term.VerdictStyle(x.Verdict), x.Verdict.String(), declaredMark(x), why, term.Safe(x.ID()))
	})
	p.line("")
	for _, l := range term.Wrap(Totals(picture), p.Width) {
		p.line(p.Paint(term.Bold, l))
	}
}

// declaredMark is the declared mode, marked when the answers do not give it.
func declaredMark(a *advice.Advice) string {
	switch {
	case a.Declared == decide.Undecided:
		return "-"
	case a.Differs():
		return a.Declared.String() + " !"
	}
	return a.Declared.String()
}
