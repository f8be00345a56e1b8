package quiz

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// Brief opens a design: the system, and how operations are to be listed.
func (b *Wording) Brief(p Writer, s *practice.System) string {
	return "  " + p.Paint(term.Bold, term.Safe(s.Title)) + "\n" + p.para(2, s.Brief) + "\n" +
		p.para(0, "List its operations, one per line, and say for each whether the caller should wait: 'place an order: sync' must wait, 'send the receipt: async' can follow, 'export the data: hybrid' is accepted now and done later. Finish with an empty line.")
}

// Designed sets a design beside the model's operations.
func (b *Wording) Designed(p Writer, d *practice.Design) string {
	var out strings.Builder
	for i := range d.Lines {
		l := &d.Lines[i]
		said := "no verdict"
		if l.Verdict != decide.Undecided {
			said = l.Verdict.String()
		}
		switch {
		case l.Card == nil:
			out.WriteString(p.item("beside", l.Text+" ("+said+"): the model has no such operation, or uses another name for it."))
		case l.Right():
			out.WriteString(p.item("right", l.Text+" ("+said+"): "+l.Card.Title+"."+matched(l)))
		default:
			out.WriteString(p.item("found", fmt.Sprintf("%s (%s): %s is %s.%s", l.Text, said, l.Card.Title, l.Card.Verdict, matched(l))))
			if l.Verdict == l.Card.Tempting.Verdict && l.Verdict != decide.Undecided {
				out.WriteString(p.item("", l.Card.Tempting.Why))
			} else {
				out.WriteString(p.item("", l.Card.Why[decide.Immediacy]))
			}
		}
	}
	for _, c := range d.Missed {
		out.WriteString(p.item("missed", fmt.Sprintf("%s: %s. %s", c.Title, c.Verdict, c.Why[decide.Immediacy])))
	}
	reached, possible := d.Score()
	out.WriteString("\n" + p.Paint(term.Bold, fmt.Sprintf("Design: %d of %d points", reached, possible)) + "\n" +
		p.para(0, fmt.Sprintf("You get one point for an operation and two for its verdict; you missed %s. Lines are matched with operations by their words and similar words. It's only keyword matching: it doesn't understand what you wrote.", text.Count(len(d.Missed), "operation"))))
	return out.String()
}

// matched says by which words a line was matched.
func matched(d *practice.DesignLine) string { return " (matched by " + strings.Join(d.By, ", ") + ")" }
