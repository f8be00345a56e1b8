package quiz

import (
	"fmt"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/decide/practice"
)

// A Game is a session as it is played: it turns what a person does into events
// that are kept, and into text that is shown. The drivers show the text.
type Game struct {
	*Wording
	Session *practice.Session
	Record  func(...practice.Event) error // keeps events; nothing goes on before it has
	Now     func() time.Time
	Writer  Writer

	shown  int            // the card whose front was shown, from 1
	second bool           // the stage in which it was
	late   bool           // the time ran out
	asked  *practice.Mark // of the card in hand
	played []played
}

// played is a card that was graded in this sitting.
type played struct {
	card *practice.Card
	practice.Grading
	asked  *practice.Mark // what to ask, on the level ask
	follow *practice.Mark // the verdict after the follow-up
}

// A Move is what a person does.
type Move struct {
	Kind MoveKind
	Word string // for Say
}

// MoveKind is a kind of move. The zero value says one of the options.
type MoveKind uint8

// The moves.
const (
	Say MoveKind = iota
	Hint
	Skip
	Back
	Tick // the clock went on
)

// A Draw makes the text to show for a writer: a screen is drawn again at another size. nil
// shows nothing.
type Draw func(Writer) string

// text returns the text for a writer.
func (t Draw) text(p Writer) string {
	if t == nil {
		return ""
	}
	return t(p)
}

// A Response is what there is to show because of a move.
type Response struct {
	Echo   Draw // what was said
	Note   Draw // some lines that may stand beside the next question
	Read   Draw // what takes reading
	Reveal Draw // the card in full, when it was shown in part before
}

// Text returns all of it, as plain lines show it.
func (t *Response) Text(p Writer) string {
	out := t.Echo.text(p) + t.Note.text(p)
	if read := t.Read.text(p); read != "" {
		out += "\n" + read
	}
	if card := t.Reveal.text(p); card != "" {
		out += "\n" + card
	}
	return out
}

// Lead returns what plain lines show before the step at hand: the card, when another is
// in hand than before.
func (g *Game) Lead() string {
	step, ok := g.Session.Step()
	if !ok || g.shown == step.Index+1 && g.second == g.Session.Second() {
		return ""
	}
	var b strings.Builder
	if g.Session.Mode == practice.Mock && (g.shown == 0 || g.second != g.Session.Second()) {
		b.WriteString("\n" + g.Stage(g.Writer))
	}
	g.shown, g.second = step.Index+1, g.Session.Second()
	b.WriteString("\n" + g.Writer.Paint(term.Faint, g.place(step)) + "\n" + g.Scene(g.Writer, step))
	if g.second {
		b.WriteString(g.Writer.item("you said", g.Session.Marks(step.Index)[practice.PartVerdict].Said))
		return b.String()
	}
	for _, part := range g.Session.Said(step.Index) { // when a session goes on
		b.WriteString(g.Writer.item(string(part), g.Name(part, g.Session.Marks(step.Index)[part].Said)))
	}
	if fact := g.changed(g.Writer, step); fact != "" {
		b.WriteString("\n" + fact)
	}
	return b.String()
}

// Scene shows what is given of the card at hand.
func (g *Game) Scene(p Writer, step practice.Step) string {
	if step.Part == practice.PartAsk && step.Asking != nil {
		return g.Partly(p, step.Card, step.Asking)
	}
	return g.Front(p, step.Card)
}

// changed shows what the follow-up at hand changes, "" when none is.
func (g *Game) changed(p Writer, step practice.Step) string {
	if step.Part != practice.PartChange && step.Part != practice.PartThen {
		return ""
	}
	return g.Fact(p, step.Card)
}

// sofar says in a line what was said of the card at hand in the stage at hand, "" when
// nothing was.
func (g *Game) sofar(p Writer, step practice.Step) string {
	marks := g.Session.Marks(step.Index)
	if g.Session.Second() {
		return p.item("you said", marks[practice.PartVerdict].Said)
	}
	var parts []string
	for _, part := range g.Session.Said(step.Index) {
		switch part {
		case practice.PartConfidence: // what came before is graded
			parts = nil
		case practice.PartChange, practice.PartThen, practice.PartSay, practice.PartRate, practice.PartProbe:
		default:
			parts = append(parts, string(part)+" "+g.Name(part, marks[part].Said))
		}
	}
	if step.Part == practice.PartThen {
		parts = []string{"change " + marks[practice.PartChange].Said}
	}
	if len(parts) == 0 {
		return ""
	}
	return p.item("so far", strings.Join(parts, ", "))
}

// Stage opens a stage of a mock.
func (g *Game) Stage(p Writer) string {
	if g.Session.Second() {
		return p.para(0, "Now the reasons. The verdicts you marked stay as they are.")
	}
	system, _, _ := strings.Cut(g.Session.Cards[0].ID, "/")
	var b strings.Builder
	if s := g.Deck.System(system); s != nil {
		b.WriteString(p.Paint(term.Bold, term.Safe(s.Title)) + "\n")
		if s.Brief != "" {
			b.WriteString(p.para(0, s.Brief))
		}
	}
	b.WriteString(p.para(0, "Mark every operation first: sync, async, or hybrid. The reasons come afterward."))
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

// Play makes a move and returns what there is to show because of it. The events are kept
// before anything is shown. An error ends the game.
func (g *Game) Play(m Move) (Response, error) {
	now := g.Now()
	if events, over := g.Session.Tick(now); over {
		g.late = true
		return Response{}, g.Record(events...)
	}
	step, _ := g.Session.Step()
	var told Response
	var events []practice.Event
	switch m.Kind {
	case Say:
		said, out, err := g.Session.Say(m.Word, now)
		if err != nil {
			return Response{}, err
		}
		g.count(&out)
		events, told = said, g.outcome(&out)
		told.Echo = func(p Writer) string { return p.item(g.Wording.Ask(step).Name, g.Name(step.Part, m.Word)) }
	case Hint:
		text, hinted, ok := g.Session.Hint(now)
		if !ok {
			return note("hint", "No more hints."), nil
		}
		events, told = hinted, note("hint", text)
	case Skip:
		events, told = g.Session.Skip(now), note("", "Skipped.")
	case Back:
		taken, part, ok := g.Session.Back(now)
		if !ok {
			return note("", "Nothing to undo."), nil
		}
		g.uncount(part)
		events, told = taken, note("", strings.TrimSpace("Undone: "+string(part)))
		if part == "" {
			told = note("", "Continuing.")
		}
	}
	return told, g.Record(events...)
}

// note is a line to show.
func note(label, text string) Response {
	return Response{Note: func(p Writer) string { return p.item(label, text) }}
}

// count keeps what the end of the session tells.
func (g *Game) count(out *practice.Outcome) {
	switch {
	case out.Asked != nil:
		g.asked = out.Asked
	case out.Graded != nil:
		g.played = append(g.played, played{card: out.Card, Grading: *out.Graded, asked: g.asked})
		g.asked = nil
	case out.FollowUp != nil && len(g.played) > 0: // else it was graded in another sitting
		g.played[len(g.played)-1].follow = &out.FollowUp.Verdict
	}
}

// uncount forgets what was taken back.
func (g *Game) uncount(part practice.Part) {
	last := len(g.played) - 1
	switch {
	case part == practice.PartAsk:
		g.asked = nil
	case part == practice.PartConfidence && last >= 0:
		g.asked, g.played = g.played[last].asked, g.played[:last]
	case part == practice.PartThen && last >= 0:
		g.played[last].follow = nil
	}
}

// outcome is what there is to show of what something said led to.
func (g *Game) outcome(out *practice.Outcome) Response {
	o := *out
	c := o.Card
	switch {
	case o.Graded != nil:
		return Response{Read: func(p Writer) string {
			text := g.Explain(p, c, o.Graded)
			if g.Session.Coach == nil {
				text += g.Spoken(p, c)
			}
			return text
		}, Reveal: g.follows(c)}
	case o.Asked != nil && o.Asking == nil:
		return Response{Read: func(p Writer) string { return g.Opens(p, c, o.Asked) }}
	case o.Asked != nil:
		return Response{Note: func(p Writer) string { return g.Asked(p, c, o.Asked, o.Asking) },
			Reveal: func(p Writer) string { return p.para(2, c.Prompt) }}
	case o.FollowUp != nil:
		return Response{Read: func(p Writer) string { return g.ExplainFollowUp(p, c, o.FollowUp) }}
	case o.Said == "" || g.Session.Mode == practice.Mock: // a mock tells in the end
		return Response{}
	case o.Probed != nil:
		return Response{Read: func(p Writer) string { return p.item("asked", o.Probed.Ask) + p.item("model", o.Probed.Answer) }}
	}
	return Response{Read: func(p Writer) string { return g.Said(p, c, o.Spoken) }}
}

// follows tells what the follow-up of a card changes.
func (g *Game) follows(c *practice.Card) Draw {
	if c.FollowUp == nil {
		return nil
	}
	return func(p Writer) string { return g.Fact(p, c) }
}
