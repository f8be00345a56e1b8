package prompt

import (
	"context"
	"errors"
	"fmt"

	"waitornot/cmd/internal/term"
)

// A Survey is a row of questions about operations that are known already. Each answer is
// kept as it is given.
type Survey struct {
	Most int        // how many questions there can be, whatever is answered
	Of   func() int // how many there are, as far as the answers show it

	// Put returns a question, by its position from 0, whenever it's reached. It may
	// depend on the answers to those before.
	Put func(n int) Single
	// Keep takes the answer to a question: what is known of the operation with it.
	Keep func(n int, known Replies) error
}

// A Single is a question about an operation.
type Single struct {
	Interview
	Topic Topic
	Known Replies  // of the operation
	About []string // what is known, in words: its name first
	Start string   // an answer that stands there already; "" when none does
}

// Survey puts the questions on a screen each.
func (p *forms) Survey(ctx context.Context, s Survey) error {
	var failed error
	pages := make([]page, s.Most)
	for n := range pages {
		pages[n] = surveyPage(&s, n, &failed)
	}
	err := p.run(ctx, pages)
	if failed != nil {
		return failed
	}
	return err
}

// surveyPage is the page of a question that is known when it's reached. A failure to
// keep an answer ends the form.
func surveyPage(s *Survey, n int, failed *error) page {
	var single Single
	var asked page
	list := newChoices(nil)
	p := page{
		fields: []field{list.field(helpChoice)},
		list:   list,
		head:   func(width int) []block { return append(single.about(), asked.head(width)...) },
		foot:   func() []block { return asked.foot() },
		help:   func() []block { return asked.help() },
		hidden: func() bool { return n >= s.Of() },
	}
	m := &formModel{}
	p.enter = func() string {
		single = s.Put(n)
		*m = formModel{Interview: &single.Interview, replies: single.Known}
		m.replies.Forget(single.Topic)
		if f, ok := single.Topic.Fact(); ok {
			asked = m.factPage(f, func() int { return n + 1 }, s.Of, list)
		} else {
			asked = m.questionPage(single.Topic.question, n+1, s.Of, list)
		}
		return single.Start
	}
	p.left = func() {
		asked.left()
		*failed = s.Keep(n, m.replies)
	}
	p.stop = func() bool { return *failed != nil }
	return p
}

// about is what stands above a question.
func (s *Single) about() []block {
	var blocks []block
	for i, line := range s.About {
		b := block{text: term.Safe(line), spare: spareExamples}
		if i == 0 {
			b.spare, b.style = 0, term.Cyan
		}
		blocks = append(blocks, b)
	}
	return append(blocks, block{spare: spareGap})
}

// Survey puts the questions in plain lines.
func (l *lines) Survey(ctx context.Context, s Survey) error {
	l.say("Type < to go back and ? for an explanation.")
	for n := 0; n < s.Of(); {
		single := s.Put(n)
		known := single.Known
		known.Forget(single.Topic)
		l.say("")
		for _, line := range single.About {
			l.say("%s", term.Safe(line))
		}
		l.say("Question %d of %d, %s: %s", n+1, s.Of(), single.Topic, single.ask())
		err := l.single(ctx, &single, &known)
		switch {
		case errors.Is(err, errBack) && n == 0:
			l.say("This is the first question.")
		case errors.Is(err, errBack):
			n--
		case err != nil:
			return err
		default:
			if err := s.Keep(n, known); err != nil {
				return err
			}
			n++
		}
	}
	return nil
}

// startingWith says that an empty line takes the answer that stands there already.
func startingWith(hint, start string) string {
	if start == "" {
		return hint
	}
	return fmt.Sprintf("%s (an empty line means %s)", hint, start)
}

// ask is the question in words.
func (s *Single) ask() string {
	if f, ok := s.Topic.Fact(); ok {
		return s.Facts[f].Ask
	}
	return s.Questions[s.Topic.question].Ask
}

// single takes the answer to a question.
func (l *lines) single(ctx context.Context, s *Single, known *Replies) error {
	if f, ok := s.Topic.Fact(); ok {
		return l.fact(ctx, &s.Interview, known, f, s.Start)
	}
	return l.question(ctx, &s.Interview, known, s.Topic.question, s.Start)
}
