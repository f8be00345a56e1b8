package quiz

import (
	"fmt"
	"strings"
	"time"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/manifest"
	"waitornot/decide/practice"
)

// A Wording knows the words for everything that a session asks and tells.
type Wording struct {
	Framework *advice.Framework
	Knowledge *decide.Knowledge
	Deck      practice.Deck // all that there is to practice on
	Outages   Outages
}

// An Ask is a question as it is put.
type Ask struct {
	Name    string // in a word
	Title   string
	Help    string          // may be empty
	Options []dialog.Option // what may be said; Word is what the session knows it by
	Text    bool            // it takes a text instead of an option
}

// Ask returns the words for a step.
func (b *Wording) Ask(s practice.Step) Ask {
	a := Ask{Name: string(s.Part)}
	switch s.Part {
	case practice.PartVerdict:
		a.Title = "Should the caller wait?"
	case practice.PartThen:
		a.Name, a.Title = "verdict then", "Should the caller wait then?"
	case practice.PartConfidence:
		a.Title = "How sure are you?"
	case practice.PartChange:
		a.Title = "Which answer does that change?"
	case practice.PartAsk:
		a.Title, a.Help = "What would you ask first?", "Some facts are missing. Name the question whose answer decides."
	case practice.PartSay:
		a.Title, a.Help = "Say it the way you would in an interview.", "Think out loud and press enter, or type two or three sentences."
	case practice.PartRate:
		a.Title = "How well did you say it?"
	case practice.PartProbe:
		a.Title, a.Help = "The interviewer continues: "+s.Probe.Ask, "Think out loud and press enter, or type it."
	case practice.PartReason:
		a.Title = "Which reason justifies the verdict?"
	case practice.PartSafeguard:
		a.Title = "Which safeguard does this verdict require?"
	case practice.PartTradeoff:
		a.Title = "What does the right verdict cost here?"
	default:
		q, _ := decide.ParseQuestion(string(s.Part))
		a.Title, a.Help = b.Framework.Questions[q].Ask, b.Framework.Questions[q].Test
	}
	if a.Text = s.Text(); a.Text {
		return a
	}
	for i, word := range s.Options {
		o := b.option(s, word)
		if o.Key == "" {
			o.Key = fmt.Sprint(i + 1)
		}
		a.Options = append(a.Options, o)
	}
	unsaid := dialog.Option{Key: "d", Word: practice.NoAnswer, Label: "I don't know"}
	if s.Part == practice.PartConfidence || s.Part == practice.PartRate {
		unsaid.Label = "I'd rather not say"
	}
	a.Options = append(a.Options, unsaid)
	return a
}

func (b *Wording) option(s practice.Step, word string) dialog.Option {
	o := dialog.Option{Key: word[:1], Word: word, Label: word}
	if word == decide.Unsafe.String() {
		o.Key = "x" // u takes back
	}
	switch s.Part {
	case practice.PartVerdict, practice.PartThen:
		v, _ := decide.ParseVerdict(word)
		o.Means = [...]string{decide.Sync: "it must, because its own step needs the result",
			decide.Async:  "it continues right away; the work is handed off",
			decide.Hybrid: "an acknowledgment now, the outcome later"}[v]
	case practice.PartConfidence:
		o.Means = map[practice.Confidence]string{practice.Guess: "it could be anything", practice.Likely: "I think so",
			practice.Sure: "I'd say it to an interviewer"}[practice.Confidence(word)]
	case practice.PartRate:
		o.Means = map[string]string{"again": "I couldn't say it", "hard": "with gaps", "good": "all of it, in my own words", "easy": "I'd say it to an interviewer today"}[word]
	case practice.PartChange, practice.PartAsk:
		if word == practice.NoChange {
			o.Means = "all four answers stay as they are"
		} else if q, ok := decide.ParseQuestion(word); ok {
			o.Means = b.Framework.Questions[q].Ask
		}
	case practice.PartReason:
		o.Key, o.Label = "", ""
		if row := b.Knowledge.Table.Row(word); row != nil {
			o.Means = row.Why
		}
	case practice.PartSafeguard:
		o.Key = ""
		if sg := b.safeguard(word); sg != nil {
			o.Label, o.Means = sg.Name, sg.What
		}
	case practice.PartTradeoff:
		o.Key, o.Label, o.Means = "", "", b.price(word)
	default:
		q, _ := decide.ParseQuestion(string(s.Part))
		if a, ok := decide.ParseAnswer(word); ok {
			if text := b.Framework.Questions[q].Of(a); text != nil {
				o.Means = text.Means
			}
		}
	}
	return o
}

// price returns the price that a word names: that of a card, or a cost by itself.
func (b *Wording) price(word string) string {
	if c := b.Deck.Card(word); c != nil {
		return c.Tradeoff
	}
	return word
}

func (b *Wording) safeguard(id string) *decide.Safeguard {
	for i := range b.Knowledge.Safeguards {
		if b.Knowledge.Safeguards[i].ID == id {
			return &b.Knowledge.Safeguards[i]
		}
	}
	return nil
}

// Name returns how a word that was said about a part is shown.
func (b *Wording) Name(part practice.Part, word string) string {
	if word == practice.NoAnswer {
		return "unknown"
	}
	switch part {
	case practice.PartReason:
		if row := b.Knowledge.Table.Row(word); row != nil {
			return row.Why
		}
	case practice.PartSafeguard:
		if s := b.safeguard(word); s != nil {
			return s.Name
		}
	case practice.PartTradeoff:
		return b.price(word)
	case practice.PartSay, practice.PartProbe:
		if word == practice.Aloud || strings.TrimSpace(word) == "" {
			return "(aloud)"
		}
	}
	return word
}

// meaning is the name of a word that was said, and of a safeguard also what it
// is.
func (b *Wording) meaning(part practice.Part, word string) string {
	if s := b.safeguard(word); part == practice.PartSafeguard && s != nil {
		return s.Name + ". " + s.What
	}
	return b.Name(part, word)
}

// Front shows a card without its answers.
func (b *Wording) Front(p Writer, c *practice.Card) string {
	return "  " + p.Paint(term.Bold, term.Safe(c.Title)) + "\n" + p.para(2, c.Prompt)
}

// Partly shows what a card gives on the level ask.
func (b *Wording) Partly(p Writer, c *practice.Card, a *practice.Asking) string {
	var out strings.Builder
	system, _, _ := strings.Cut(c.ID, "/")
	if s := b.Deck.System(system); s != nil && s.Brief != "" {
		out.WriteString(p.para(2, s.Brief))
	}
	out.WriteString("  " + p.Paint(term.Bold, term.Safe(c.Title)) + "\n")
	for _, q := range a.Known {
		out.WriteString(p.item("known", fact(c, q)))
	}
	return out.String()
}

// fact says what is known to a question.
func fact(c *practice.Card, q decide.Question) string {
	if q == decide.Latency && c.Latency > 0 {
		return "It takes " + manifest.FormatDuration(c.Latency) + " in 99 of 100 cases."
	}
	return c.Why[q]
}

// Asked shows what came of asking: the mark, and the facts that were withheld.
func (b *Wording) Asked(p Writer, c *practice.Card, m *practice.Mark, a *practice.Asking) string {
	var out strings.Builder
	out.WriteString(p.item("ask", b.marked(p, *m, 0)))
	for _, q := range a.Withheld {
		out.WriteString(p.item(q.String(), fact(c, q)))
	}
	return out.String()
}

// Opens shows what came of asking about a card whose manifest leaves the verdict open:
// the mark, and what each answer to the question would make of it.
func (b *Wording) Opens(p Writer, c *practice.Card, m *practice.Mark) string {
	next := b.Knowledge.Table.Decide(c.Answers).Next
	out := p.item("ask", b.marked(p, *m, 0)) + p.item(next.String(), "The manifest doesn't say, and the verdict depends on it.")
	for _, a := range next.Answers() {
		possible := b.Knowledge.Table.Decide(c.Answers.With(next, a)).Possible
		out += p.item("", fmt.Sprintf("If %s: %s.", a, possible))
	}
	return out
}

// Said shows the model answer beside one that was said.
func (b *Wording) Said(p Writer, c *practice.Card, heard []practice.Heard) string {
	out := p.item("model", c.Spoken)
	var yes, no []string
	for _, h := range heard {
		if h.Term == "" {
			no = append(no, h.Label)
		} else {
			yes = append(yes, fmt.Sprintf("%s (%s)", h.Label, strings.TrimSpace(h.Term)))
		}
	}
	if len(heard) == 0 {
		return out
	}
	if len(yes) > 0 {
		out += p.item("heard", strings.Join(yes, ", ")+".")
	}
	if len(no) > 0 {
		out += p.item("not heard", strings.Join(no, ", ")+".")
	}
	return out + p.item("", "It's only keyword matching: it looks for words and doesn't understand what you said.")
}

// Spoken shows the model answer of a card, if it has one.
func (b *Wording) Spoken(p Writer, c *practice.Card) string {
	if c.Spoken == "" {
		return ""
	}
	return p.item("say", c.Spoken)
}

// Explain shows a card with its answers, the grading beside them unless it is
// nil.
func (b *Wording) Explain(p Writer, c *practice.Card, g *practice.Grading) string {
	var out strings.Builder
	for _, q := range decide.Questions() {
		m := practice.Mark{Want: c.Answers[q].String()}
		if g != nil {
			m = g.Answers[q]
		}
		if m == (practice.Mark{}) {
			m.Want = c.Answers[q].String() // it was not asked
		}
		if m.Want == practice.NoAnswer && !m.Asked() {
			out.WriteString(p.item(q.String(), "not asked: the manifest doesn't say"))
			continue
		}
		out.WriteString(p.item(q.String(), b.marked(p, m, latencyOf(q, c.Latency))))
		if c.Why[q] != "" {
			out.WriteString(p.item("", c.Why[q]))
		}
	}
	if !c.Decided() {
		out.WriteString(p.item("verdict", "open: "+b.Knowledge.Table.Decide(c.Answers).Possible.String()+", as long as the manifest says no more."))
		return out.String()
	}
	m := practice.Mark{Want: c.Verdict.String()}
	if g != nil {
		m = g.Verdict
	}
	row := b.Knowledge.Table.RowsOf(b.Knowledge.Table.Decide(c.Answers))[0]
	out.WriteString(p.item("verdict", b.marked(p, m, 0)))
	out.WriteString(p.item("", row.Why+" ("+row.Name+")"))
	out.WriteString(b.remarks(p, c, g))
	out.WriteString(b.outage(p, c))
	return out.String()
}

func latencyOf(q decide.Question, d time.Duration) time.Duration {
	if q == decide.Latency {
		return d
	}
	return 0
}

// marked says what was said and what is right.
func (b *Wording) marked(p Writer, m practice.Mark, d time.Duration) string {
	want := m.Best()
	if d > 0 {
		want += " (" + manifest.FormatDuration(d) + ")"
	}
	switch {
	case !m.Asked():
		return want
	case !m.Graded():
		return "you said " + m.Said + "; the manifest doesn't say"
	case m.Right():
		if _, others, several := strings.Cut(m.Want, ","); several && m.Said != m.Best() {
			return "right: " + m.Said + "; the model answer is " + want
		} else if _, isVerdict := decide.ParseVerdict(m.Best()); several && isVerdict {
			return "right: " + want + "; equally right: " + strings.ReplaceAll(others, ",", " or ")
		}
		return "right: " + want
	case m.Said == practice.NoAnswer:
		return "not known: it is " + want
	}
	return "wrong: you said " + m.Said + ", it is " + want
}

// remarks says all that stands behind the marks.
func (b *Wording) remarks(p Writer, c *practice.Card, g *practice.Grading) string {
	var out strings.Builder
	if g != nil && !g.Follows {
		said := g.Verdict.Said
		switch {
		case said == practice.NoAnswer:
			out.WriteString(p.item("consistency", fmt.Sprintf("Your own answers leave no doubt: they lead to %s.", g.Own.Verdict)))
		default:
			out.WriteString(p.item("consistency", fmt.Sprintf("Your own answers lead to %s, so %s doesn't follow from them.", g.Own.Possible, said)))
		}
	}
	if c.Tempting.Verdict != decide.Undecided {
		text := c.Tempting.Verdict.String()
		if g != nil && g.Tempted {
			text += ", and you chose it"
		}
		out.WriteString(p.item("tempting", text+". "+c.Tempting.Why))
	}
	var names []string
	for _, id := range c.Safeguards {
		names = append(names, b.Name(practice.PartSafeguard, id))
	}
	if len(names) > 0 {
		out.WriteString(p.item("safeguards", strings.Join(names, ", ")+"."))
	}
	if c.Tradeoff != "" {
		out.WriteString(p.item("price", c.Tradeoff))
	}
	return out.String()
}

// Fact shows what the follow-up of a card changes.
func (b *Wording) Fact(p Writer, c *practice.Card) string {
	return p.item("what if", c.FollowUp.Fact)
}

// ExplainFollowUp shows what the follow-up of a card leads to, the grading
// beside it unless it is nil.
func (b *Wording) ExplainFollowUp(p Writer, c *practice.Card, g *practice.FollowUpGrading) string {
	var out strings.Builder
	grading := practice.GradeFollowUp(c, practice.NoAnswer, decide.Undecided)
	change, verdict := practice.Mark{Want: grading.Change.Want}, practice.Mark{Want: grading.Verdict.Want}
	if g != nil {
		change, verdict = g.Change, g.Verdict
	}
	change.Want = b.changes(c, change)
	if change.Asked() && g.Change.Right() {
		change.Said = change.Want // one of several is right
	}
	out.WriteString(p.item("change", b.changed(p, change)))
	out.WriteString(p.item("verdict then", b.marked(p, verdict, 0)))
	out.WriteString(p.item("", c.FollowUp.Why))
	return out.String()
}

// changed marks what a person said that a follow-up changes.
func (b *Wording) changed(p Writer, m practice.Mark) string {
	happens := m.Want
	if happens == practice.NoChange {
		happens = "no answer changes"
	}
	switch {
	case !m.Asked() || m.Right():
		return b.marked(p, m, 0)
	case m.Said == practice.NoAnswer:
		return "not known: " + happens
	}
	return "wrong: you said " + m.Said + ", but " + happens
}

// changes names the answers that a follow-up changes.
func (b *Wording) changes(c *practice.Card, m practice.Mark) string {
	var parts []string
	for _, q := range c.Changed() {
		to := c.FollowUp.Answers[q].String()
		if q == decide.Latency && c.FollowUp.Latency > 0 {
			to += " (" + manifest.FormatDuration(c.FollowUp.Latency) + ")"
		}
		parts = append(parts, q.String()+" becomes "+to)
	}
	if len(parts) == 0 {
		return practice.NoChange
	}
	return strings.Join(parts, " and ")
}

// Card shows a card as it is put, with answers everything that is known of it.
func (b *Wording) Card(p Writer, c *practice.Card, answers bool) string {
	text := b.Front(p, c)
	if !answers {
		return text
	}
	text += "\n" + b.Explain(p, c, nil) + b.Spoken(p, c)
	if c.FollowUp != nil {
		text += "\n" + b.Fact(p, c) + b.ExplainFollowUp(p, c, nil)
	}
	return text
}
