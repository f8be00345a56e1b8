package adviceview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// shownOfGroup is how many operations of a group the picture names: more than
// that is read in the table that --brief gives.
const shownOfGroup = 40

// A group is the operations of a picture that one thing is true of.
type group struct {
	verdict decide.Verdict // what the group is colored as
	title   string
	means   string
	lines   []advice.Line
	note    func(advice.Line) string // what to say of each; "" names the callee
}

// groups returns the groups of a picture that have operations.
func groups(p *advice.Overview) []group {
	var list []group
	for _, g := range []group{
		{decide.Sync, "MUST be synchronous", "the caller can't continue without the result", p.MustWait, callee},
		{decide.Async, "CAN be asynchronous", "nobody has to wait for the result", p.Async, callee},
		{decide.Hybrid, "Hybrid", "acknowledge now, deliver the outcome later", p.Hybrid, callee},
		{decide.Sync, "May stay synchronous", "not needed now, but a queue gains you nothing", p.MayWait, callee},
		{decide.Undecided, "Undecided", "unknown answers leave more than one verdict", p.Undecided, missing},
		{decide.Undecided, "Declared mode differs", "the declared mode isn't what the answers give", p.Differing, declared},
	} {
		if len(g.lines) > 0 {
			list = append(list, g)
		}
	}
	return list
}

func callee(l advice.Line) string {
	if l.Callee == "" {
		return ""
	}
	return "→ " + l.Callee
}

func missing(l advice.Line) string {
	return fmt.Sprintf("%s; answer %s first", l.Possible, l.Next)
}

func declared(l advice.Line) string {
	return fmt.Sprintf("declared %s, advised %s", l.Declared, l.Possible)
}

// picture writes what a designer wants to see of all operations together.
func (p textWriter) picture(all *advice.Overview) {
	if all.Total() > 1 {
		for _, g := range groups(all) {
			p.group(g)
		}
	}
	for _, l := range term.Wrap(Totals(all), p.Width) {
		p.line(p.Paint(term.Bold, l))
	}
}

func (p textWriter) group(g group) {
	p.line(p.Paint(term.VerdictStyle(g.verdict), g.title) + fmt.Sprintf(" (%d): %s", len(g.lines), g.means))
	const widest = 44
	column := 0
	shown := g.lines[:min(len(g.lines), shownOfGroup)]
	for _, l := range shown {
		column = max(column, min(term.Cells(term.Safe(l.ID)), widest))
	}
	for _, l := range shown {
		text := term.Safe(l.ID)
		if note := term.Safe(g.note(l)); note != "" {
			text = term.Pad(text, column+2) + p.Paint(term.Faint, note)
		}
		p.line("  " + text)
	}
	if more := len(g.lines) - len(shown); more > 0 {
		p.line(fmt.Sprintf("  and %d more: see --brief", more))
	}
	p.line("")
}

// Totals counts the operations of a picture in one line.
func Totals(p *advice.Overview) string {
	parts := []string{
		fmt.Sprintf("%d sync", len(p.MustWait)+len(p.MayWait)),
		fmt.Sprintf("%d async", len(p.Async)),
		fmt.Sprintf("%d hybrid", len(p.Hybrid)),
	}
	if n := len(p.Undecided); n > 0 {
		parts = append(parts, fmt.Sprintf("%d undecided", n))
	}
	line := fmt.Sprintf("%s: %s", text.Count(p.Total(), "operation"), strings.Join(parts, ", "))
	if p.CloseCalls > 0 {
		line += "; " + text.Count(p.CloseCalls, "close call")
	}
	if n := len(p.Differing); n > 0 {
		line += fmt.Sprintf("; %d with a different declared mode", n)
	}
	return line
}
