package prompt

import (
	"context"
	"fmt"
	"strings"

	"github.com/charmbracelet/huh"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/manifest"
)

// forms asks with forms on a terminal.
type forms struct {
	streams term.Streams
	painter term.Painter
}

// typed stands among the answers for "type a duration".
const typed decide.Answer = 255

// A formModel is what the fields of an interview write to. It is thrown away when
// the interview is stopped, because the form library fills it before anything
// is chosen.
type formModel struct {
	*Interview
	replies  Replies
	details  [detailCount]string
	choices  [decide.QuestionCount]decide.Answer // indexed by Question: what the cursor is on
	duration string
	last     decide.Question // answered last
	any      bool            // at least one is answered
}

// Interview asks for what of the operation is not given yet.
func (p *forms) Interview(ctx context.Context, i Interview, given Replies) (Replies, error) {
	s := &formModel{Interview: &i, replies: given, details: given.Details}
	var pages []page
	if page, ok := s.detailPage(); ok {
		pages = append(pages, page)
	}
	missing := given.Missing()
	for n, q := range missing {
		pages = append(pages, s.questionPage(q, n+1, len(missing)))
		if q == decide.Latency {
			pages = append(pages, s.durationPage(n+1, len(missing)))
		}
	}
	err := p.run(ctx, pages, func(width int) string { return s.summary(p.painter, width) })
	if err != nil {
		return given, err
	}
	return s.replies, nil
}

const (
	helpField  = "enter next · shift+tab back · ctrl+c stop"
	helpChoice = "↑ ↓ or first letter move · enter choose · shift+tab back · ctrl+c stop"
)

// detailPage asks for the details that are not given.
func (s *formModel) detailPage() (page, bool) {
	p := page{
		head: func(int) []block {
			return []block{
				{text: "Which operation is it?", style: term.Bold},
				{text: s.detailNote(), spare: spareTest},
				{spare: spareGap},
			}
		},
		foot: func() []block { return nil },
		left: s.takeDetails,
	}
	for _, d := range details() {
		if s.replies.Detailed[d] {
			continue
		}
		input := huh.NewInput().Key(d.String()).Title(term.Pad(d.title(), len("Caller  "))).Inline(true).
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
	return "The caller starts it, the callee does it. All of it may stay empty."
}

// longest is how many characters a line may have.
const longest = 200

func (d Detail) title() string { return [...]string{"Name", "Caller", "Callee"}[d] }

func (s *formModel) takeDetails() {
	for _, d := range details() {
		s.replies.Details[d] = term.Clean(s.details[d])
		s.replies.Detailed[d] = true
	}
}

// questionPage puts one of the four questions.
func (s *formModel) questionPage(q decide.Question, number, of int) page {
	options := s.options(q)
	s.choices[q] = options[0].Value
	choose := huh.NewSelect[decide.Answer]().Key(q.String()).Value(&s.choices[q]).Options(options...)
	return page{
		fields: []field{{Field: choose, help: helpChoice}},
		head:   func(width int) []block { return s.questionHead(q, number, of) },
		foot:   func() []block { return s.questionFoot(q) },
		jump:   func(key string) int { return jump(options, s.choices[q], key) },
		left: func() {
			if s.choices[q] != typed {
				s.replies.answer(q, s.choices[q])
				s.last, s.any = q, true
			}
		},
	}
}

// options returns what can be chosen, with what it means where that fits.
func (s *formModel) options(q decide.Question) []huh.Option[decide.Answer] {
	list := []decide.Answer{}
	for _, a := range q.Answers() {
		if a != decide.Beyond { // a typed duration says it
			list = append(list, a)
		}
	}
	if q == decide.Latency {
		list = append(list, typed)
	}
	var options []huh.Option[decide.Answer]
	for _, a := range append(list, decide.Unknown) {
		options = append(options, huh.NewOption(optionLabel(a), a))
	}
	return options
}

// jump returns how far below the chosen option the one is whose first letter was
// pressed. What is not sure has a question mark too, because no comes first.
func jump(options []huh.Option[decide.Answer], chosen decide.Answer, key string) int {
	from, to := -1, -1
	for i, o := range options {
		if o.Value == chosen {
			from = i
		}
		if to < 0 && strings.HasPrefix(o.Key, strings.ToLower(key)) || key == "?" && o.Value == decide.Unknown {
			to = i
		}
	}
	if from < 0 || to < 0 || len(key) != 1 {
		return 0
	}
	return to - from
}

func optionLabel(a decide.Answer) string {
	if a == typed {
		return "type a duration"
	}
	return label(a)
}

// questionHead is the question with its sharper test and its examples.
func (s *formModel) questionHead(q decide.Question, number, of int) []block {
	text := &s.Questions[q]
	blocks := []block{
		{text: fmt.Sprintf("Question %d of %d: %s", number, of, q), style: term.Faint, spare: spareHelp},
		{text: text.Ask, style: term.Bold},
		{text: text.Test, spare: spareTest},
	}
	for _, e := range text.Examples {
		blocks = append(blocks, block{text: "For example, " + e, style: term.Faint, spare: spareExamples})
	}
	return append(blocks, block{spare: spareGap})
}

// questionFoot says what the choice means, where the interview stands, and what
// the choice would leave.
func (s *formModel) questionFoot(q decide.Question) []block {
	chosen := s.choices[q]
	blocks := []block{{text: s.means(q, chosen)}, {spare: spareGap}, {text: s.standing(&s.replies, s.last, s.any)}}
	if chosen != typed {
		next := s.replies
		next.answer(q, chosen)
		blocks = append(blocks, s.preview(&next, label(chosen)))
	}
	return blocks
}

// preview says what an answer would leave.
func (s *formModel) preview(next *Replies, answer string) block {
	return block{text: fmt.Sprintf("With %s here: %s.", answer, choice(s.possible(next)))}
}

func (s *formModel) means(q decide.Question, a decide.Answer) string {
	switch words := s.Questions[q].Of(a); {
	case words != nil:
		return text.Sentence(label(a) + " means " + words.Means)
	case a == typed:
		return "The duration decides: 900ms, 1.5s, 2m."
	}
	return "Not sure leaves every answer possible."
}

// durationPage asks for the duration that stands for the latency answer.
func (s *formModel) durationPage(number, of int) page {
	input := huh.NewInput().Key("duration").Title("p99     ").Inline(true).Prompt("").
		CharLimit(longest).Value(&s.duration)
	return page{
		fields: []field{{Field: input, help: helpField, check: s.checkDuration}},
		head: func(int) []block {
			return []block{
				{text: fmt.Sprintf("Question %d of %d: %s", number, of, decide.Latency), style: term.Faint, spare: spareHelp},
				{text: "How long would the caller wait, in 99 of 100 cases at most?", style: term.Bold},
				{text: fmt.Sprintf("Up to %s it is fast enough; above %s nobody can hold the connection. Type 900ms, 1.5s or 2m.",
					manifest.FormatDuration(s.Limits.Threshold), manifest.FormatDuration(s.Limits.Wait)), spare: spareTest},
				{spare: spareGap},
			}
		},
		foot:   s.durationFoot,
		hidden: func() bool { return s.choices[decide.Latency] != typed },
		left: func() {
			if d, err := ParseDuration(s.duration); err == nil {
				s.replies.Measure(d, s.Limits)
				s.last, s.any = decide.Latency, true
			}
		},
	}
}

func (s *formModel) checkDuration() string {
	if _, err := ParseDuration(s.duration); err != nil {
		return text.Sentence(err.Error())
	}
	return ""
}

func (s *formModel) durationFoot() []block {
	blocks := []block{{text: s.standing(&s.replies, s.last, s.any)}}
	if d, err := ParseDuration(s.duration); err == nil {
		next := s.replies
		next.Measure(d, s.Limits)
		blocks = append(blocks, s.preview(&next, next.reply(decide.Latency)))
	}
	return blocks
}

// summary is what stays on the screen: the operation and the answers.
func (s *formModel) summary(painter term.Painter, width int) string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			b.WriteString(painter.Paint(term.Faint, term.Pad(label, len("retryability  "))) +
				term.Cut(term.Safe(text), width-len("retryability  ")) + "\n")
		}
	}
	for _, d := range details() {
		line(d.String(), s.replies.Details[d])
	}
	for _, q := range decide.Questions() {
		line(q.String(), s.replies.reply(q))
	}
	return b.String() + "\n"
}

// Confirm asks a question whose answer is yes or no.
func (p *forms) Confirm(ctx context.Context, question string) (bool, error) {
	n, err := p.Choose(ctx, question, []Option{{Label: "yes"}, {Label: "no"}})
	return n == 0, err
}

// Choose asks for one of several options and returns its position.
func (p *forms) Choose(ctx context.Context, question string, options []Option) (int, error) {
	chosen := 0
	var list []huh.Option[int]
	for i, o := range options {
		list = append(list, huh.NewOption(o.Label, i))
	}
	choose := huh.NewSelect[int]().Value(&chosen).Options(list...)
	err := p.run(ctx, []page{{
		fields: []field{{Field: choose, help: "↑ ↓ move · enter choose · ctrl+c stop"}},
		head:   func(int) []block { return []block{{text: question, style: term.Bold}, {spare: spareGap}} },
		foot: func() []block {
			if options[chosen].Means == "" {
				return nil
			}
			return []block{{text: text.Sentence(options[chosen].Label + ": " + options[chosen].Means)}}
		},
	}}, nil)
	return chosen, err
}

// Line asks for a line of text.
func (p *forms) Line(ctx context.Context, question, start string, check func(string) string) (string, error) {
	text := start
	input := huh.NewInput().Prompt("> ").CharLimit(longest).Value(&text)
	err := p.run(ctx, []page{{
		fields: []field{{Field: input, help: "enter accept · ctrl+c stop", check: func() string { return check(term.Clean(text)) }}},
		head:   func(int) []block { return []block{{text: question, style: term.Bold}} },
		foot:   func() []block { return nil },
	}}, nil)
	return term.Clean(text), err
}
