package cmd

import (
	"context"
	"fmt"
	"slices"
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
	adviser  *advice.Adviser
	target   target // where --save puts the operation
}

// finish writes the recommendation, and puts the operation into a manifest when
// that was wished for or is accepted now.
func (s *session) finish(ctx context.Context) error {
	if s.save != "" {
		t, err := s.locate(ctx, s.path(s.save))
		if err != nil {
			return err
		}
		s.target = t
	}
	if err := s.recommend(); err != nil {
		return err
	}
	if s.prompter != nil {
		lines := commandLines(s.command(), s.streams.Width(s.streams.Err)-2)
		fmt.Fprintf(s.streams.Err, "\nNon-interactive equivalent:\n  %s\n\n", strings.Join(lines, "\n  "))
	}
	switch {
	case s.save != "":
		return s.store(ctx, s.target)
	case s.prompter != nil && !s.yes:
		return s.offer(ctx)
	}
	return nil
}

// operation is what the recommendation is about.
func (s *session) operation() advice.Operation {
	r := &s.replies
	op := advice.Operation{
		Service: r.Details[prompt.Caller], Name: r.Details[prompt.Name],
		Caller: r.Details[prompt.Caller], Callee: r.Details[prompt.Callee],
		Answers: r.Answers, Latency: r.Latency,
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

// recommend writes what advise writes, and after it how one would say it.
func (s *session) recommend() error {
	op := s.operation()
	out := adviceview.Advice{Adviser: s.adviser, Operations: []advice.Operation{op}}
	look := term.Layout{Painter: s.painter(), Width: s.streams.Width(s.streams.Out)}
	i := slices.Index(formatNames(), s.format)
	if err := adviceview.Formats()[i].Write(s.streams.Out, &out, look); err != nil {
		return err
	}
	a := s.adviser.Advise(&op)
	sentence := term.Safe(adviceview.Interview(&a, s.adviser))
	var err error
	switch s.format {
	case "text":
		_, err = fmt.Fprintf(s.streams.Out, "\nIn an interview:\n  %s\n", strings.Join(term.Wrap(sentence, look.Width-2), "\n  "))
	case "markdown":
		_, err = fmt.Fprintf(s.streams.Out, "\n> %s\n", markdownText(sentence))
	}
	return err
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
