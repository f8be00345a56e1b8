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
		p.para(0, "List its operations, one a line, each with whether the caller should wait: 'place an order: sync' must, 'send the receipt: async' can follow, 'export the data: hybrid' is accepted now and done later. An empty line ends.")
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
			out.WriteString(p.item("beside", l.Text+" ("+said+"): the model has no such operation, or has another name for it."))
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
		p.para(0, fmt.Sprintf("One for an operation, two for its verdict; %s missed. Lines are matched with operations by their words and words like them: keyword matching, which understands nothing.", text.Count(len(d.Missed), "operation"))))
	return out.String()
}

// matched says by which words a line was matched.
func matched(d *practice.Drawn) string { return " (matched by " + strings.Join(d.By, ", ") + ")" }
