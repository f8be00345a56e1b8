package quiz

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// A Game is a session as it is played: it turns what a person does into events
// that are kept, and into text that is shown. The drivers show the text.
type Game struct {
	*Wording
	Session *practice.Session
	Record  func(...practice.Event) error // keeps events; nothing goes on before it has
	Now     func() time.Time
	Pen     Writer

	shown  int  // the card whose front was shown, from 1
	second bool // the stage in which it was
	graded []practice.Grading
	follow []practice.FollowUpGrading
	asked  []practice.Mark
}

// A Move is what a person does.
type Move struct {
	Do   Do
	Word string // for Say
}

// Do is a kind of move. The zero value says one of the options.
type Do uint8

// The moves.
const (
	Say Do = iota
	Hint
	Skip
	Back
	Tick // the clock went on
)

// Lead returns what is shown before the step at hand: the card, when another is
// in hand than before.
func (g *Game) Lead() string {
	step, ok := g.Session.Step()
	if !ok || g.shown == step.Index+1 && g.second == g.Session.Second() {
		return ""
	}
	var b strings.Builder
	if g.Session.Mode == practice.Mock && (g.shown == 0 || g.second != g.Session.Second()) {
		b.WriteString(g.stage())
	}
	g.shown, g.second = step.Index+1, g.Session.Second()
	b.WriteString("\n" + g.Pen.Paint(term.Faint, g.place(step)) + "\n")
	if step.Part == practice.PartAsk {
		b.WriteString(g.Partly(g.Pen, step.Card, step.Asking))
	} else {
		b.WriteString(g.Front(g.Pen, step.Card))
	}
	if g.second {
		b.WriteString(g.Pen.item("you said", g.Session.Marks(step.Index)[practice.PartVerdict].Said))
		return b.String()
	}
	for _, part := range g.Session.Said(step.Index) { // when a session goes on
		b.WriteString(g.Pen.item(string(part), g.Name(part, g.Session.Marks(step.Index)[part].Said)))
	}
	if step.Part == practice.PartChange || step.Part == practice.PartThen {
		b.WriteString("\n" + g.Fact(g.Pen, step.Card))
	}
	return b.String()
}

// stage opens a stage of a mock.
func (g *Game) stage() string {
	if g.Session.Second() {
		return "\n" + g.Pen.para(0, "Now the reasons. What was marked stays as it is.")
	}
	system, _, _ := strings.Cut(g.Session.Cards[0].ID, "/")
	var b strings.Builder
	if s := g.Deck.System(system); s != nil {
		b.WriteString("\n" + g.Pen.Paint(term.Bold, term.Safe(s.Title)) + "\n")
		if s.Brief != "" {
			b.WriteString(g.Pen.para(0, s.Brief))
		}
	}
	b.WriteString(g.Pen.para(0, "Mark every operation first: sync, async or hybrid. The reasons are asked afterwards."))
	return b.String()
}

// place says where in the session a card is.
func (g *Game) place(step practice.Step) string {
	name, _, _ := strings.Cut(step.Card.ID, "/")
	if s := g.Deck.System(name); s != nil {
		name = s.Title
	}
	place := fmt.Sprintf("%d of %d · %s", step.Index+1, len(g.Session.Cards), term.Safe(name))
	if step.Asking != nil {
		place += " · level ask"
	}
	return place
}

// Clock returns the time left as people read it, "" when there is no limit.
func (g *Game) Clock() string {
	left, limited := g.Session.Left(g.Now())
	if !limited {
		return ""
	}
	s := int(left.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d left", s/60, s%60)
}

// Ask returns the question at hand, and false when the session is over.
func (g *Game) Ask() (Ask, bool) {
	step, ok := g.Session.Step()
	if !ok {
		return Ask{}, false
	}
	return g.Wording.Ask(step), true
}

// Play makes a move and returns what is to be shown because of it, the lead to
// the next step included. The events are kept before anything is shown. An
// error ends the game.
func (g *Game) Play(m Move) (string, error) {
	now := g.Now()
	if events, over := g.Session.Tick(now); over {
		return g.Pen.para(0, "The time is over."), g.Record(events...)
	}
	var b strings.Builder
	var events []practice.Event
	switch m.Do {
	case Say:
		step, _ := g.Session.Step()
		said, out, err := g.Session.Say(m.Word, now)
		if err != nil {
			return "", err
		}
		events = said
		b.WriteString(g.echo(step, m.Word))
		b.WriteString(g.outcome(out))
	case Hint:
		text, hinted, ok := g.Session.Hint(now)
		if !ok {
			return g.Pen.item("hint", "There is no other hint."), nil
		}
		events = hinted
		b.WriteString(g.Pen.item("hint", text))
	case Skip:
		events = g.Session.Skip(now)
		b.WriteString(g.Pen.item("", "Passed over."))
	case Back:
		taken, ok := g.Session.Back(now)
		if !ok {
			return g.Pen.item("", "There is nothing to take back: what was graded stays."), nil
		}
		events = taken
		b.WriteString(g.Pen.item("", "Taken back."))
	}
	if err := g.Record(events...); err != nil {
		return "", err
	}
	return b.String() + g.Lead(), nil
}

// echo repeats what was said, so that it stays on the screen.
func (g *Game) echo(step practice.Step, word string) string {
	return g.Pen.item(g.Wording.Ask(step).Name, g.Name(step.Part, word))
}

// outcome shows what something said led to.
func (g *Game) outcome(out practice.Outcome) string {
	var b strings.Builder
	if out.Graded != nil {
		g.graded = append(g.graded, *out.Graded)
		b.WriteString("\n" + g.Explain(g.Pen, out.Card, out.Graded))
		if g.Session.Coach == nil {
			b.WriteString(g.Spoken(g.Pen, out.Card))
		}
		if out.Card.FollowUp != nil {
			b.WriteString("\n" + g.Fact(g.Pen, out.Card))
		}
	}
	if out.Asked != nil {
		g.asked = append(g.asked, *out.Asked)
		b.WriteString("\n" + g.Asked(g.Pen, out.Card, out.Asked, out.Asking))
	}
	if out.Said != "" && g.Session.Mode != practice.Mock { // a mock tells in the end
		if out.Probed != nil {
			b.WriteString("\n" + g.Pen.item("model", out.Probed.Answer))
		} else {
			b.WriteString("\n" + g.Said(g.Pen, out.Card, out.Spoken))
		}
	}
	if out.FollowUp != nil {
		g.follow = append(g.follow, *out.FollowUp)
		b.WriteString("\n" + g.ExplainFollowUp(g.Pen, out.Card, out.FollowUp))
	}
	return b.String()
}

// Closing says how the session went: of a mock its score, of others what was
// right in this sitting.
func (g *Game) Closing() string {
	if g.Session.Mode == practice.Mock {
		if !g.Session.Done() {
			return ""
		}
		return g.scoreSheet()
	}
	if len(g.graded) == 0 {
		return ""
	}
	answers, right, verdicts, tempted := 0, 0, 0, 0
	for _, x := range g.graded {
		for _, m := range x.Answers {
			if m.Graded() {
				answers++
			}
			if m.Right() {
				right++
			}
		}
		if x.Verdict.Right() {
			verdicts++
		}
		if x.Tempted {
			tempted++
		}
	}
	said := fmt.Sprintf("%s graded: %d of %s right", text.Count(len(g.graded), "card"), verdicts, text.Count(len(g.graded), "verdict"))
	if answers > 0 {
		said += fmt.Sprintf(", %d of %s right", right, text.Count(answers, "answer"))
	}
	if tempted > 0 {
		said += fmt.Sprintf(", %s taken", text.Count(tempted, "tempting error"))
	}
	if n := len(g.follow); n > 0 {
		ok := 0
		for _, f := range g.follow {
			if f.Verdict.Right() {
				ok++
			}
		}
		said += fmt.Sprintf("; %d of %s right", ok, text.Count(n, "follow-up"))
	}
	return g.Pen.para(0, said+".") + g.missed()
}

// missed says what went wrong, by question, the worst first.
func (g *Game) missed() string {
	var names []string
	wrong, of := map[string]int{}, map[string]int{}
	count := func(name string, m practice.Mark) {
		if !m.Graded() {
			return
		}
		if of[name] == 0 {
			names = append(names, name)
		}
		if of[name]++; !m.Right() {
			wrong[name]++
		}
	}
	for _, x := range g.graded {
		for _, q := range decide.Questions() {
			count(q.String(), x.Answers[q])
		}
		count("verdict", x.Verdict)
	}
	for _, m := range g.asked {
		count("what to ask", m)
	}
	slices.SortStableFunc(names, func(a, b string) int { return wrong[b] - wrong[a] })
	var parts []string
	for _, name := range names {
		if wrong[name] > 0 {
			parts = append(parts, fmt.Sprintf("%s (%d of %d)", name, wrong[name], of[name]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return g.Pen.para(0, "Wrong: "+strings.Join(parts, ", ")+".")
}

// Ahead says after a session what waits, and gives a line to share.
func (g *Game) Ahead(s *practice.Stats, misses int) string {
	if len(g.graded) == 0 && !(g.Session.Mode == practice.Mock && g.Session.Done()) {
		return ""
	}
	var parts []string
	if misses > 0 {
		parts = append(parts, fmt.Sprintf("%s to go over ('waitornot practice misses')", text.Count(misses, "wrong answer")))
	}
	if s.DueNow > 0 {
		parts = append(parts, fmt.Sprintf("%d due now", s.DueNow))
	}
	if len(s.Forecast) > 1 && s.Forecast[1] > 0 {
		parts = append(parts, fmt.Sprintf("%d due tomorrow", s.Forecast[1]))
	}
	if s.AskLevel > 0 {
		parts = append(parts, fmt.Sprintf("%s on level ask", text.Count(s.AskLevel, "card")))
	}
	out := ""
	if len(parts) > 0 {
		out = g.Pen.para(0, "Ahead: "+strings.Join(parts, ", ")+".")
	}
	return out + g.Pen.para(0, "To share: "+g.share(s))
}

// share says in a line how the session went.
func (g *Game) share(s *practice.Stats) string {
	line := "waitornot practice, "
	if g.Session.Mode == practice.Mock {
		reached, possible := g.Session.Score().Total()
		line += fmt.Sprintf("mock of %s: %d of %d points", g.system(), reached, possible)
	} else {
		right := 0
		for _, x := range g.graded {
			if x.Verdict.Right() {
				right++
			}
		}
		line += fmt.Sprintf("%d of %s right", right, text.Count(len(g.graded), "verdict"))
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
	wide = min(wide, g.Pen.Width-4-4*column)
	head := "  " + term.Pad("", wide+2)
	for _, part := range practice.RubricParts() {
		head += term.Pad(string(part), column)
	}
	b.WriteString(g.Pen.Paint(term.Faint, strings.TrimRight(head, " ")) + "\n")
	for i, c := range g.Session.Cards {
		line := "  " + term.Pad(term.Cut(term.Safe(c.Title), wide), wide+2)
		for _, part := range practice.RubricParts() {
			m := g.Session.Marks(i)[part]
			word := "-"
			if m.Asked() {
				word = g.Pen.mark(m.Right())
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
	b.WriteString(g.Pen.Paint(term.Bold, fmt.Sprintf("Score: %d of %d points, %s", reached, possible, passed(reached, possible))) + "\n")
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
		lines.WriteString(g.Pen.item(string(part), "you said: "+g.meaning(part, m.Said)))
		lines.WriteString(g.Pen.item("", "right is: "+g.meaning(part, m.Want)))
	}
	lines.WriteString(g.spokenOf(c, marks))
	if lines.Len() == 0 {
		return ""
	}
	said := marks[practice.PartVerdict].Said
	if r := g.Knowledge.Table.Row(marks[practice.PartReason].Said); r != nil && r.Verdict.String() != said {
		lines.WriteString(g.Pen.item("consistency", fmt.Sprintf("Your reason argues for %s, you said %s.", r.Verdict, said)))
	}
	if v := marks[practice.PartVerdict]; !v.Right() && v.Said == c.Tempting.Verdict.String() {
		lines.WriteString(g.Pen.item("tempting", c.Tempting.Why))
	}
	if !marks[practice.PartSay].Asked() {
		lines.WriteString(g.Spoken(g.Pen, c))
	}
	return "\n  " + g.Pen.Paint(term.Bold, term.Safe(c.Title)) + "\n" + lines.String()
}

// spokenOf shows the model answers beside what was said about a card of a mock.
func (g *Game) spokenOf(c *practice.Card, marks map[practice.Part]practice.Mark) string {
	out := ""
	if m := marks[practice.PartSay]; m.Asked() {
		var heard []practice.Heard
		if m.Said != practice.Aloud {
			heard = g.Session.Coach.Listen(c.Verdict, m.Said)
		}
		out += g.Said(g.Pen, c, heard)
	}
	if m := marks[practice.PartProbe]; m.Asked() {
		probe := g.Session.Coach.Probe(c, g.Session.Seed)
		out += g.Pen.item("then", probe.Ask) + g.Pen.item("model", probe.Answer)
	}
	return out
}

// cutOff reports whether the session ends in the middle when its time is over.
func (g *Game) cutOff() bool { return g.Session.Mode == practice.Mock }
