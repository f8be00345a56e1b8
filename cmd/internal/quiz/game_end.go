package quiz

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// Closing says how the session went: of a mock its score, of others what was
// right in this sitting, and what was not, by question.
func (g *Game) Closing() string {
	if g.Session.Mode == practice.Mock {
		if !g.Session.Done() {
			return ""
		}
		if g.late {
			return g.Writer.para(0, "Time's up.") + g.scoreSheet()
		}
		return g.scoreSheet()
	}
	if len(g.played) == 0 {
		return ""
	}
	answers, verdicts := g.rights()
	var parts []string
	add := func(t practice.Tally, noun string) {
		if t.Graded > 0 {
			parts = append(parts, fmt.Sprintf("%d of %s", t.Right, text.Count(t.Graded, noun)))
		}
	}
	add(verdicts, "verdict")
	add(answers, "answer")
	var follow practice.Tally
	for _, x := range g.played {
		if x.follow != nil {
			follow.Add(*x.follow)
		}
	}
	add(follow, "follow-up")
	said := g.Writer.item("right", strings.Join(parts, ", ")+".")
	tempted := 0
	for _, x := range g.played {
		if x.Tempted {
			tempted++
		}
	}
	if tempted > 0 {
		said += g.Writer.item("tempted", text.Count(tempted, "time")+", by the most tempting error.")
	}
	return g.Writer.Paint(term.Bold, text.Count(len(g.played), "card")+" graded") + "\n" + said + g.missed()
}

// rights counts what was right of the answers and of the verdicts in this sitting.
func (g *Game) rights() (answers, verdicts practice.Tally) {
	for _, x := range g.played {
		for _, m := range x.Answers {
			answers.Add(m)
		}
		verdicts.Add(x.Verdict)
		if x.asked != nil {
			answers.Add(*x.asked)
		}
	}
	return answers, verdicts
}

// A fault is what went wrong about one question.
type fault struct {
	name  string
	wrong []string // the titles of the cards
	of    int
}

// missed says what went wrong, by question, the worst first.
func (g *Game) missed() string {
	var list []*fault
	count := func(name, title string, m practice.Mark) {
		if !m.Graded() {
			return
		}
		i := slices.IndexFunc(list, func(f *fault) bool { return f.name == name })
		if i < 0 {
			i, list = len(list), append(list, &fault{name: name})
		}
		if list[i].of++; !m.Right() {
			list[i].wrong = append(list[i].wrong, title)
		}
	}
	for _, x := range g.played {
		for _, q := range decide.Questions() {
			count(q.String(), x.card.Title, x.Answers[q])
		}
		count("verdict", x.card.Title, x.Verdict)
		if x.follow != nil {
			count("follow-up", x.card.Title, *x.follow)
		}
		if x.asked != nil {
			count("what to ask", x.card.Title, *x.asked)
		}
	}
	slices.SortStableFunc(list, func(a, b *fault) int { return len(b.wrong) - len(a.wrong) })
	var out strings.Builder
	for _, f := range list {
		if len(f.wrong) > 0 {
			out.WriteString(g.Writer.item(f.name, fmt.Sprintf("wrong in %d of %d: %s.", len(f.wrong), f.of, strings.Join(f.wrong, ", "))))
		}
	}
	if out.Len() == 0 {
		return g.Writer.item("wrong", "Nothing.")
	}
	return out.String()
}

// Ahead says after a session how it compares with those before, what waits, and gives a
// line to share. Ripe is the system that is designed next; nil when none is ripe.
func (g *Game) Ahead(s *practice.Stats, misses int, ripe *practice.System) string {
	if len(g.played) == 0 && (g.Session.Mode != practice.Mock || !g.Session.Done()) {
		return ""
	}
	out := ""
	if trend := g.trend(s); trend != "" {
		out += g.Writer.item("trend", trend)
	}
	due := []string{fmt.Sprintf("%d now", s.DueNow)}
	if len(s.Forecast) > 1 {
		week := 0
		for _, n := range s.Forecast[1:min(8, len(s.Forecast))] {
			week += n
		}
		due = append(due, fmt.Sprintf("%d later today", s.Forecast[0]-s.DueNow), fmt.Sprintf("%d tomorrow", s.Forecast[1]), fmt.Sprintf("%d within a week", week))
	}
	out += g.Writer.item("due", strings.Join(due, ", ")+".")
	if misses > 0 {
		out += g.Writer.item("to review", text.Count(misses, "card")+" with a miss: 'waitornot practice misses'.")
	}
	out += g.Writer.item("level", fmt.Sprintf("%s of %d at level ask.", text.Count(s.AskLevel, "card"), s.Cards))
	if ripe != nil {
		out += g.Writer.item("next level", fmt.Sprintf("all of %s is at level ask: 'waitornot practice design %s'.", ripe.Title, ripe.ID))
	}
	out += g.Writer.item("streak", fmt.Sprintf("%s, longest %s.", text.Count(s.Streak, "day"), text.Count(s.Longest, "day")))
	return out + g.Writer.item("to share", g.share(s))
}

// trend sets what was right in this sitting, or this mock, beside what was before.
func (g *Game) trend(s *practice.Stats) string {
	if g.Session.Mode == practice.Mock {
		if n := len(s.Mocks); n > 1 {
			last, before := s.Mocks[n-1], s.Mocks[n-2]
			return fmt.Sprintf("%s of the points; %s in the previous mock.", text.WholePercent(last.Reached, last.Possible), text.WholePercent(before.Reached, before.Possible))
		}
		return ""
	}
	answers, verdicts := g.rights()
	now := practice.Tally{Graded: answers.Graded + verdicts.Graded, Right: answers.Right + verdicts.Right}
	before, days := s.Before(10)
	if before.Graded == 0 || now.Graded == 0 {
		return ""
	}
	return fmt.Sprintf("%s right here; %s over the previous %s.", text.WholePercent(now.Right, now.Graded), text.WholePercent(before.Right, before.Graded), text.Count(days, "day"))
}

// share says in a line how the session went.
func (g *Game) share(s *practice.Stats) string {
	line := "waitornot practice, "
	if g.Session.Mode == practice.Mock {
		reached, possible := g.Session.Score().Total()
		line += fmt.Sprintf("mock of %s: %d of %d points", g.system(), reached, possible)
	} else {
		_, verdicts := g.rights()
		line += fmt.Sprintf("%d of %s right", verdicts.Right, text.Count(verdicts.Graded, "verdict"))
	}
	return line + fmt.Sprintf(", %d of %d operations seen, streak %s", s.Seen, s.Cards, text.Count(s.Streak, "day"))
}

// system names the system of the session's first card.
func (g *Game) system() string {
	id, _, _ := strings.Cut(g.Session.Cards[0].ID, "/")
	if s := g.Deck.System(id); s != nil {
		return s.Title
	}
	return id
}

// scoreSheet explains what was not right in a mock, and then shows the score,
// part by part and card by card: what comes last stays on the screen.
func (g *Game) scoreSheet() string {
	var b strings.Builder
	for i, c := range g.Session.Cards {
		b.WriteString(g.corrections(i, c))
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	const column = 11
	wide := 0
	for _, c := range g.Session.Cards {
		wide = max(wide, term.Cells(term.Safe(c.Title)))
	}
	wide = min(wide, g.Writer.Width-4-4*column)
	head := "  " + term.Pad("", wide+2)
	for _, part := range practice.RubricParts() {
		head += term.Pad(string(part), column)
	}
	b.WriteString(g.Writer.Paint(term.Faint, strings.TrimRight(head, " ")) + "\n")
	for i, c := range g.Session.Cards {
		line := "  " + term.Pad(term.Cut(term.Safe(c.Title), wide), wide+2)
		for _, part := range practice.RubricParts() {
			m := g.Session.Marks(i)[part]
			word := "-"
			if m.Asked() {
				word = g.Writer.mark(m.Right())
			}
			line += term.Pad(word, column)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	score := g.Session.Score()
	line := "  " + term.Pad("points", wide+2)
	for _, part := range practice.RubricParts() {
		line += term.Pad(fmt.Sprintf("%d of %d", score.Reached[part], score.Possible[part]), column)
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n\n")
	reached, possible := score.Total()
	b.WriteString(g.Writer.Paint(term.Bold, fmt.Sprintf("Score: %d of %d points, %s", reached, possible, passed(reached, possible))) + "\n")
	return b.String()
}

// passed sets a score beside the pass mark.
func passed(reached, possible int) string {
	mark := practice.PassMark(possible)
	if reached >= mark {
		return fmt.Sprintf("passed (the pass mark is %d)", mark)
	}
	return fmt.Sprintf("%d below the pass mark of %d", mark-reached, mark)
}

// corrections explains what was not right about a card of a mock.
func (g *Game) corrections(i int, c *practice.Card) string {
	marks := g.Session.Marks(i)
	var lines strings.Builder
	for _, part := range practice.RubricParts() {
		m := marks[part]
		if !m.Asked() || m.Right() {
			continue
		}
		lines.WriteString(g.Writer.item(string(part), "you said: "+g.meaning(part, m.Said)))
		lines.WriteString(g.Writer.item("", "correct: "+g.meaning(part, m.Want)))
	}
	lines.WriteString(g.spokenOf(c, marks))
	if lines.Len() == 0 {
		return ""
	}
	said := marks[practice.PartVerdict].Said
	if r := g.Knowledge.Table.Row(marks[practice.PartReason].Said); r != nil && r.Verdict.String() != said {
		lines.WriteString(g.Writer.item("consistency", fmt.Sprintf("Your reason argues for %s, but you said %s.", r.Verdict, said)))
	}
	if v := marks[practice.PartVerdict]; !v.Right() && v.Said == c.Tempting.Verdict.String() {
		lines.WriteString(g.Writer.item("tempting", c.Tempting.Why))
	}
	if !marks[practice.PartSay].Asked() {
		lines.WriteString(g.Spoken(g.Writer, c))
	}
	return "\n  " + g.Writer.Paint(term.Bold, term.Safe(c.Title)) + "\n" + lines.String()
}

// spokenOf shows the model answers beside what was said about a card of a mock.
func (g *Game) spokenOf(c *practice.Card, marks map[practice.Part]practice.Mark) string {
	out := ""
	if m := marks[practice.PartSay]; m.Asked() {
		var heard []practice.Heard
		if m.Said != practice.Aloud {
			heard = g.Session.Coach.Listen(c.Verdict, m.Said)
		}
		out += g.Said(g.Writer, c, heard)
	}
	if m := marks[practice.PartProbe]; m.Asked() {
		probe := g.Session.Coach.Probe(c, g.Session.Seed)
		out += g.Writer.item("then", probe.Ask) + g.Writer.item("model", probe.Answer)
	}
	return out
}

// cutOff reports whether the session ends in the middle when its time is over.
func (g *Game) cutOff() bool { return g.Session.Mode == practice.Mock }
