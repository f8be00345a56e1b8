package prompt

import (
	"context"
	"fmt"
	"slices"

	"github.com/charmbracelet/huh"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// forms asks with forms on a terminal.
type forms struct {
	streams term.Streams
	painter term.Painter
}

// A formModel is what the fields of an interview write to. It is thrown away when
// the interview is stopped, because the form library fills it before anything
// is chosen.
type formModel struct {
	*Interview
	replies Replies
	details [detailCount]string
	last    Topic // answered last
}

// Interview asks for what of the operation is not given yet.
func (p *forms) Interview(ctx context.Context, i Interview, given Replies) (Replies, error) {
	s := &formModel{Interview: &i, replies: given, details: given.Details}
	var pages []page
	if page, ok := s.detailPage(); ok {
		pages = append(pages, page)
	}
	missing := given.Missing()
	of := func() int { return s.questions(&given) }
	for n, q := range missing {
		pages = append(pages, s.questionPage(q, n+1, of, newChoices(nil)))
	}
	for _, f := range advice.AskedFacts() {
		if i.Facts != nil && !given.Told[f] && len(missing) > 0 { // what four flags don't need asked isn't
			page := s.factPage(f, func() int { return len(given.Missing()) + 1 + slices.Index(s.facts(&given), f) }, of, newChoices(nil))
			page.hidden = func() bool { return !s.asks(&s.replies, f) }
			pages = append(pages, page)
		}
	}
	if !given.Moded {
		pages = append(pages, s.modePage(of))
	}
	if err := p.run(ctx, pages); err != nil {
		return given, err
	}
	return s.replies, nil
}

// questions counts the questions of an interview as far as its answers show them.
func (s *formModel) questions(given *Replies) int {
	of := len(given.Missing()) + len(s.facts(given))
	if !given.Moded {
		of++
	}
	return of
}

// factsAfter returns the facts that are asked for after the four questions, as far as the
// answers show it.
func (i *Interview) factsAfter(given, r *Replies) []advice.Fact {
	var list []advice.Fact
	for _, f := range advice.AskedFacts() {
		if !given.Told[f] && len(given.Missing()) > 0 && r.Answered[decide.Immediacy] && i.asks(r, f) {
			list = append(list, f)
		}
	}
	return list
}

// factIsOpen reports whether one of these facts hasn't been told.
func (i *Interview) factIsOpen(given, r *Replies) bool {
	return slices.ContainsFunc(i.factsAfter(given, r), func(f advice.Fact) bool { return !r.Told[f] })
}

func (s *formModel) facts(given *Replies) []advice.Fact { return s.factsAfter(given, &s.replies) }

const (
	helpField  = "enter next · shift+tab back · ? explain · ctrl+c stop"
	helpChoice = "type a number or a word, or ↑ ↓ · enter next · shift+tab back · ? explain · ctrl+c stop"
)

// detailPage asks for the details that are not given.
func (s *formModel) detailPage() (page, bool) {
	p := page{
		head: func(int) []block {
			return []block{
				{text: "Which operation is it?", style: term.Bold},
				{text: s.detailNote(), spare: spareExamples},
				{spare: spareGap},
			}
		},
		help: explainDetails,
		foot: func() []block { return nil },
		left: s.takeDetails,
	}
	for _, d := range details() {
		if s.replies.Detailed[d] {
			continue
		}
		input := huh.NewInput().Key(d.String()).Title(term.Pad(d.title(), len("Description  "))).Inline(true).
			Prompt("").CharLimit(longest).Value(&s.details[d])
		f := field{Field: input, help: helpField}
		if d == Name && s.NeedsName {
			f.check = func() string {
				if term.Clean(s.details[Name]) == "" {
					return "A name is needed to add the operation to a manifest."
				}
				return ""
			}
		}
		p.fields = append(p.fields, f)
	}
	return p, len(p.fields) > 0
}

func (s *formModel) detailNote() string {
	if s.NeedsName {
		return "The caller starts it, the callee does it. The manifest needs a name; the rest may stay empty."
	}
	return "The caller starts it, the callee does it. All fields are optional."
}

// longest is how many characters a line may have.
const longest = 200

func (d Detail) title() string { return text.Capitalize(d.String()) }

// explainDetails is what ? shows of the details.
func explainDetails() []block {
	var blocks []block
	for _, d := range details() {
		blocks = append(blocks, block{text: d.title() + ": " + d.means() + "."})
	}
	return blocks
}

func (s *formModel) takeDetails() {
	for _, d := range details() {
		s.replies.Details[d] = term.Clean(s.details[d])
		s.replies.Detailed[d] = true
	}
}

// questionPage puts one of the four questions, with a list that takes its answers.
func (s *formModel) questionPage(q decide.Question, number int, of func() int, list *choices) page {
	offered := append(q.Choices(), decide.Unknown)
	list.options = answerOptions(&s.Questions[q], offered)
	list.accepts = func(typed string) error { // a duration, or another word for an answer
		trial := s.replies
		return trial.Answer(q, typed, s.Limits)
	}
	answer := func(r *Replies) bool {
		if n := list.chosen(); n >= 0 {
			r.answer(q, offered[n])
			return true
		}
		return term.Clean(list.typed) != "" && r.Answer(q, list.typed, s.Limits) == nil
	}
	return page{
		fields: []field{list.field(helpChoice)},
		list:   list,
		head:   func(int) []block { return s.questionHead(q, number, of()) },
		help:   func() []block { return s.explanation(q) },
		foot:   func() []block { return s.questionFoot(q, answer) },
		left: func() {
			if answer(&s.replies) {
				s.last = AboutQuestion(q)
			}
		},
	}
}

// factPage asks for a fact that changes the verdict when the result isn't needed now, with a
// list that takes the answers.
func (s *formModel) factPage(f advice.Fact, number, of func() int, list *choices) page {
	words := &s.Facts[f]
	list.options = factOptions(words)
	answer := func(r *Replies) bool {
		if n := list.chosen(); n >= 0 {
			r.tell(f, factAnswers()[n])
			return true
		}
		return term.Clean(list.typed) != "" && r.Tell(f, list.typed) == nil
	}
	list.accepts = func(typed string) error {
		trial := s.replies
		return trial.Tell(f, typed)
	}
	return page{
		fields: []field{list.field(helpChoice)},
		list:   list,
		head:   func(int) []block { return factHead(f, words, number(), of()) },
		help: func() []block {
			var blocks []block
			for _, line := range factExplanation(words, f) {
				blocks = append(blocks, block{text: line})
			}
			return blocks
		},
		foot: func() []block {
			blocks := []block{{text: s.standing(&s.replies, s.last), spare: spareState}}
			next := s.replies
			if answer(&next) {
				blocks = append(blocks, s.preview(&next, label(next.Facts[f]), !s.open(&s.replies)))
			}
			return blocks
		},
		left: func() {
			if answer(&s.replies) {
				s.last = AboutFact(f)
			}
		},
	}
}

// factHead is the question for a fact with its examples.
func factHead(f advice.Fact, words *advice.FactText, number, of int) []block {
	blocks := []block{
		{text: fmt.Sprintf("Question %d of %d: %s", number, of, f.Flag()), style: term.Faint, spare: spareTest},
		{text: words.Ask, style: term.Bold},
	}
	for _, e := range words.Examples {
		blocks = append(blocks, block{text: "For example, " + e, style: term.Faint, spare: spareExamples})
	}
	return append(blocks, block{spare: spareGap})
}

// modePage asks how the operation works today.
func (s *formModel) modePage(of func() int) page {
	list := newChoices(modeOptions())
	return page{
		fields: []field{list.field(helpChoice)},
		list:   list,
		head: func(int) []block {
			return []block{
				{text: fmt.Sprintf("Question %d of %d: mode", of(), of()), style: term.Faint, spare: spareTest},
				{text: modeQuestion, style: term.Bold}, {spare: spareGap},
			}
		},
		help: func() []block {
			return []block{{text: explainMode}}
		},
		foot: func() []block { return []block{{text: s.standing(&s.replies, s.last), spare: spareState}} },
		left: func() {
			if n := list.chosen(); n >= 0 {
				s.replies.Mode, s.replies.Moded = modes()[n], true
			}
		},
	}
}

// answerOptions returns the answers as options, with what they mean.
func answerOptions(words *advice.QuestionText, offered []decide.Answer) []dialog.Option {
	var options []dialog.Option
	for _, a := range offered {
		o := dialog.Option{Label: label(a), Means: "leaves every answer possible"}
		if t := words.Of(a); t != nil {
			o.Means = t.Means
		}
		options = append(options, o)
	}
	return options
}

// questionHead is the question with its examples. Its sharper test is not put beside it:
// where yes to one means no to the other, people answer the wrong one.
func (s *formModel) questionHead(q decide.Question, number, of int) []block {
	words := &s.Questions[q]
	blocks := []block{
		{text: fmt.Sprintf("Question %d of %d: %s", number, of, q), style: term.Faint, spare: spareTest},
		{text: words.Ask, style: term.Bold},
	}
	for _, e := range words.Examples {
		blocks = append(blocks, block{text: "For example, " + e, style: term.Faint, spare: spareExamples})
	}
	if q == decide.Latency {
		blocks = append(blocks, block{text: "Or type how long it takes in 99 of 100 cases: 900ms, 1.5s, 2m.", spare: spareExamples})
	}
	return append(blocks, block{spare: spareGap})
}

// explanation is what ? shows of a question.
func (s *formModel) explanation(q decide.Question) []block {
	var blocks []block
	for _, line := range explanation(&s.Questions[q], q) {
		blocks = append(blocks, block{text: line})
	}
	return blocks
}

// questionFoot says where the interview stands, and what the answer would leave.
func (s *formModel) questionFoot(q decide.Question, answer func(*Replies) bool) []block {
	blocks := []block{{text: s.standing(&s.replies, s.last), spare: spareState}}
	next := s.replies
	if answer(&next) {
		blocks = append(blocks, s.preview(&next, next.reply(q), !s.open(&s.replies)))
	}
	return blocks
}

// preview says what an answer would leave, together with those to the other questions.
func (s *formModel) preview(next *Replies, answer string, others bool) block {
	with := "With %s here: %s."
	if others {
		with = "With %s here and your other answers: %s."
	}
	return block{text: fmt.Sprintf(with, answer, choice(s.possible(next))), spare: spareState}
}

const explainChoice = "Type the number or the beginning of an answer, or move to it with ↑ and ↓; enter takes it. ctrl+c stops, and nothing is written."

const explainLine = "Type it, and enter accepts it. ctrl+u empties the line. ctrl+c stops, and nothing is written."

// Choose asks for one of several options and returns its position.
func (p *forms) Choose(ctx context.Context, question string, options []dialog.Option) (int, error) {
	list := newChoices(options)
	err := p.run(ctx, []page{{
		fields: []field{list.field("type a number or a word, or ↑ ↓ · enter choose · ? explain · ctrl+c stop")},
		list:   list,
		head:   func(int) []block { return []block{{text: question, style: term.Bold}, {spare: spareGap}} },
		help:   func() []block { return []block{{text: explainChoice}} },
		foot:   func() []block { return nil },
	}})
	return max(list.chosen(), 0), err
}

// Line asks for a line of text.
func (p *forms) Line(ctx context.Context, question, start string, check func(string) string) (string, error) {
	line := start
	input := huh.NewInput().Prompt("> ").CharLimit(longest).Value(&line)
	err := p.run(ctx, []page{{
		fields: []field{{Field: input, help: "enter accept · ctrl+c stop", check: func() string { return check(term.Clean(line)) }}},
		head:   func(int) []block { return []block{{text: question, style: term.Bold}} },
		help:   func() []block { return []block{{text: explainLine}} },
		foot:   func() []block { return nil },
	}})
	return term.Clean(line), err
}
