package cmd

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/manifest/edit"
)

// keepAnswer writes an answer into its manifest. Not sure leaves the manifest as it is,
// unless it takes an answer back.
func (s *openSession) keepAnswer(ctx context.Context, at askedQuestion, replies prompt.Replies) error {
	op := at.op
	was, is := answerText(&op.replies, at.topic), answerText(&replies, at.topic)
	op.asked[at.topic] = true
	if was != is {
		if err := s.set(ctx, op, at.topic, is); err != nil {
			return err
		}
		s.saved[at] = true
	}
	op.replies = replies
	if f, ok := at.topic.Fact(); ok {
		op.replies.Told[f] = op.replies.Facts[f] != decide.Unknown
	} else if q, ok := at.topic.Question(); ok {
		op.replies.Answered[q] = op.replies.Answers[q] != decide.Unknown
	}
	s.past = slices.DeleteFunc(s.past, func(x askedQuestion) bool { // another answer to immediacy asks for no facts
		return x.op == op && !slices.Contains(op.topics(), x.topic)
	})
	return nil
}

// set changes one answer of a manifest, under its lock.
func (s *openSession) set(ctx context.Context, op *openOperation, t prompt.Topic, word string) error {
	path := s.paths[op.file]
	return s.disk(ctx).Update(path, func(old []byte) ([]byte, error) {
		m, err := edit.Parse(old)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op.file, err)
		}
		doc := documentOf(m, op.Service, op.Name.Value)
		if doc < 0 {
			return nil, fmt.Errorf("%s: %s no longer exists; nothing was written", op.file, op.ID())
		}
		if m, err = setTopic(m, doc, op.Name.Value, t, word); err != nil {
			return nil, fmt.Errorf("%s: %w", op.file, err)
		}
		return m.Bytes(), nil
	})
}

// summary says what was kept, and what is still open.
func (s *openSession) summary() error {
	line := "No answer saved"
	if n := len(s.saved); n > 0 {
		var files []string
		for at := range s.saved {
			files = append(files, filepath.ToSlash(at.op.file))
		}
		slices.Sort(files)
		files = slices.Compact(files)
		line = fmt.Sprintf("%s saved in %s", text.Count(n, "answer"), files[0])
		if len(files) > 1 {
			line = fmt.Sprintf("%s saved in %s", text.Count(n, "answer"), text.Count(len(files), "file"))
		}
	}
	open, undecided := 0, 0
	for _, op := range s.operations {
		open += len(op.unanswered())
		if len(op.left()) > 0 {
			undecided++
		}
	}
	if open > 0 {
		line += fmt.Sprintf("; %s still open, and %s undecided. Run the same command to continue.", text.Count(open, "question"), text.Count(undecided, "operation"))
	} else {
		line += "; every question is answered. 'waitornot advise' shows the results."
	}
	_, err := fmt.Fprintln(s.streams.Out, term.Safe(line))
	return err
}

// setTopic writes an answer where a manifest has it. Of a fact that nobody is sure of it says
// nothing.
func setTopic(m *edit.Manifest, doc int, name string, t prompt.Topic, word string) (*edit.Manifest, error) {
	f, ok := t.Fact()
	switch {
	case !ok:
		return m.Set(doc, name, "answers."+t.String(), word)
	case word == decide.Unknown.String():
		return m.Remove(doc, name, f.Key())
	}
	return m.Set(doc, name, f.Key(), word)
}
