package cmd

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"waitornot/cmd/internal/adviceview"
	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/manifest"
)

// A session is a run of ask once everything is answered.
type session struct {
	*askOptions
	replies  prompt.Replies
	prompter prompt.Prompter // nil when nothing was asked
	page     bool            // the prompter draws on a terminal
	adviser  *advice.Adviser
	target   target // where --save puts the operation
}

// finish shows the recommendation, and puts the operation into a manifest when that was
// wished for or is accepted now. On a terminal with forms the verdict and its reason
// come last, and everything else is a key away; elsewhere everything is written.
func (s *session) finish(ctx context.Context) error {
	if s.save != "" {
		t, err := s.locate(ctx, s.path(s.save))
		if err != nil {
			return err
		}
		s.target = t
	}
	short := s.page && s.format == "text" && term.IsTerminal(s.streams.Out)
	if !short {
		if err := s.recommend(); err != nil {
			return err
		}
	}
	keep := false
	if s.prompter != nil && s.save == "" && !s.yes {
		if !s.page {
			s.again()
		}
		var err error
		if keep, err = s.prompter.Conclude(ctx, s.conclusion()); err != nil {
			return err
		}
	}
	if s.page {
		s.recall()
	}
	if s.prompter != nil && (s.page || s.save != "" || s.yes) {
		s.again()
	}
	if short {
		if err := s.verdict(s.streams.Out, s.painter()); err != nil {
			return err
		}
	}
	switch {
	case s.save != "":
		return s.store(ctx, s.target)
	case keep:
		return s.keep(ctx)
	}
	return nil
}

// recall says in a line or two what was answered.
func (s *session) recall() {
	op := s.operation()
	title := op.Name
	if op.Callee != "" {
		title += " → " + op.Callee
	}
	parts := []string{term.Safe(title)}
	for _, q := range decide.Questions() {
		parts = append(parts, q.String()+" "+s.given(q))
	}
	for _, x := range s.facts.given() {
		parts = append(parts, x.flag+" "+*x.value)
	}
	if s.replies.Mode != decide.Undecided {
		parts = append(parts, "works "+s.replies.Mode.String()+" today")
	}
	paint := s.errPainter()
	for _, l := range term.Wrap(strings.Join(parts, " · "), s.streams.Width(s.streams.Err)) {
		fmt.Fprintln(s.streams.Err, paint.Paint(term.Faint, l))
	}
}

// given writes the answer to a question.
func (s *session) given(q decide.Question) string {
	if q == decide.Latency && s.replies.Latency > 0 {
		return manifest.FormatDuration(s.replies.Latency)
	}
	return s.replies.Answers[q].String()
}

// again says how to get everything once more, without a question.
func (s *session) again() {
	lines := commandLines(s.command(), s.streams.Width(s.streams.Err)-2)
	fmt.Fprintf(s.streams.Err, "\nNon-interactive equivalent:\n  %s\n\n", strings.Join(lines, "\n  "))
}

// operation is what the recommendation is about.
func (s *session) operation() advice.Operation {
	r := &s.replies
	op := advice.Operation{
		Service: r.Details[prompt.Caller], Name: r.Details[prompt.Name], Description: r.Details[prompt.Description],
		Caller: r.Details[prompt.Caller], Callee: r.Details[prompt.Callee],
		Answers: r.Answers, Latency: r.Latency, Declared: r.Mode, Facts: s.facts.facts(),
	}
	if op.Name == "" {
		op.Name = "this operation"
	}
	if s.save != "" && s.target.service != "" {
		op.Service = s.target.service // as advise will show it
	}
	if s.save != "" {
		op.Stack = s.target.stack
	}
	return op
}

// recommend writes what advise writes, after it how one would say it, and in the end the
// verdict.
func (s *session) recommend() error {
	look := s.layout()
	if s.format == "text" {
		for _, l := range s.everything(look) {
			fmt.Fprintln(s.streams.Out, l)
		}
		fmt.Fprintln(s.streams.Out)
		return s.verdict(s.streams.Out, look.Painter)
	}
	op := s.operation()
	out := adviceview.Advice{Adviser: s.adviser, Operations: []advice.Operation{op}, Single: true}
	if err := formatNamed(adviceview.Formats(), s.format).Write(s.streams.Out, &out, look); err != nil {
		return err
	}
	if s.format == "markdown" {
		a := s.adviser.Advise(&op)
		_, err := fmt.Fprintf(s.streams.Out, "\n> %s\n", markdownText(term.Safe(adviceview.Interview(&a, s.adviser))))
		return err
	}
	return nil
}

// everything is the recommendation as lines of text, and how one would say it.
func (s *session) everything(look term.Layout) []string {
	op := s.operation()
	var b bytes.Buffer
	out := adviceview.Advice{Adviser: s.adviser, Operations: []advice.Operation{op}, Single: true}
	if err := adviceview.Formats()[0].Write(&b, &out, look); err != nil {
		return []string{err.Error()} // a buffer takes all
	}
	a := s.adviser.Advise(&op)
	sentence := term.Safe(adviceview.Interview(&a, s.adviser))
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	lines = append(lines, "", "In an interview:")
	for _, l := range term.Wrap(sentence, look.Width-2) {
		lines = append(lines, "  "+l)
	}
	return lines
}

// markdownText keeps Markdown from taking text for marks.
func markdownText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "<", "&lt;", "&", "&amp;").Replace(text)
}

// command returns the words of the command line that gives the same answers.
func (s *session) command() []string {
	words := []string{"waitornot", "ask"}
	add := func(flag, value string) { words = append(words, "--"+flag, shellWord(value)) }
	for d, value := range s.replies.Details {
		if value != "" {
			add(prompt.Detail(d).String(), value)
		}
	}
	for _, q := range decide.Questions() {
		if q == decide.Latency && s.replies.Latency > 0 {
			add(q.String(), manifest.FormatDuration(s.replies.Latency))
			continue
		}
		add(q.String(), s.replies.Answers[q].String())
	}
	if s.replies.Mode != decide.Undecided {
		add("mode", s.replies.Mode.String())
	}
	for _, x := range s.facts.given() {
		add(x.flag, *x.value)
	}
	for _, flag := range []struct{ name, value string }{
		{"stack", s.stack}, {"format", s.format}, {"save", s.save}, {"service", s.service}, {"config", s.config},
	} {
		if s.changed(flag.name) {
			add(flag.name, flag.value)
		}
	}
	if s.none {
		words = append(words, "--no-config")
	}
	return words
}

// commandLines lays the command line out on lines that a shell reads as one.
func commandLines(words []string, columns int) []string {
	lines := []string{words[0]}
	for i := 1; i < len(words); i++ {
		part := term.Safe(words[i])
		if i+1 < len(words) && strings.HasPrefix(part, "--") { // a flag stays with its value
			i++
			part += " " + term.Safe(words[i])
		}
		last := &lines[len(lines)-1]
		if term.Cells(*last+" "+part)+len(` \`) <= columns {
			*last += " " + part
			continue
		}
		*last += ` \`
		lines = append(lines, "  "+part)
	}
	return lines
}

// shellWord quotes a word for a shell where that is needed.
func shellWord(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,="
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
