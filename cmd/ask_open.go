package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
	"waitornot/decide/project"
	"waitornot/rules/embedded"
)

// An openOperation is one of a manifest with questions that are asked.
type openOperation struct {
	manifest.Operation
	file    string // as findings name it
	policy  *lint.Policy
	replies prompt.Replies
	asked   [decide.QuestionCount]bool // in this run: not again unless somebody goes back
	edited  bool                       // all four are asked, whatever is answered
}

// An openSession goes through the questions that manifests leave open, and keeps each
// answer as it comes.
type openSession struct {
	*askOptions
	prompter   prompt.Prompter
	interview  func(decide.LatencyLimits) prompt.Interview
	operations []*openOperation
	paths      map[string]string // from the names of files to where they lie
	past       []askedQuestion
	saved      map[askedQuestion]bool
}

// An askedQuestion is one that was put already.
type askedQuestion struct {
	op *openOperation
	q  decide.Question
}

// runOpen asks for what manifests leave open, or for one operation anew.
func (o *askOptions) runOpen(ctx context.Context, flags *pflag.FlagSet, paths []string) error {
	if err := o.checkOpen(flags, paths); err != nil {
		return err
	}
	s, err := o.openSession(ctx, paths)
	if err != nil {
		return err
	}
	if len(s.operations) == 0 {
		_, err := fmt.Fprintln(o.streams.Out, "Every question is answered. 'waitornot advise' shows what follows.")
		return err
	}
	manner := o.manner(o.plain)
	if manner == silent {
		return usagef("%s open: there is no terminal to ask on; --plain reads the answers from standard input", text.Count(s.open(), "question"))
	}
	s.prompter = prompt.New(o.streams, manner == plain, o.errPainter())
	err = s.run(ctx)
	return errors.Join(err, s.summary())
}

// checkOpen refuses flags that are about a new operation.
func (o *askOptions) checkOpen(flags *pflag.FlagSet, paths []string) error {
	if slices.Contains(paths, "-") {
		return usagef("ask writes answers into manifests: standard input (-) can't take them")
	}
	var err error
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(openFlags, f.Name) && err == nil {
			err = usagef("--%s is about one new operation: leave it out, or leave out the path", f.Name)
		}
	})
	return err
}

// openFlags are the flags of ask that aren't about one new operation.
var openFlags = []string{"plain", "edit", "config", "no-config", "color"}

// openSession reads the manifests.
func (o *askOptions) openSession(ctx context.Context, paths []string) (*openSession, error) {
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	s := &openSession{askOptions: o, paths: map[string]string{}, saved: map[askedQuestion]bool{}}
	_, files, err := o.policyFlags.find(ctx, o.globals, paths)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		s.paths[f.Name] = f.Path
	}
	var all []*openOperation
	p, _, err := readFiles(ctx, o.globals, &o.policyFlags, files, lint.Options{Today: today(o.streams)}, func(op project.Operation) struct{} {
		all = append(all, opened(op))
		return struct{}{}
	})
	if err != nil {
		return nil, err
	}
	o.complainOf(p)
	if err := unreadError(p.Result); err != nil {
		return nil, err
	}
	s.interview = func(limits decide.LatencyLimits) prompt.Interview {
		return prompt.Interview{Questions: prompt.Under(adviser.Framework.Questions, limits), Limits: limits}
	}
	return s, s.choose(all)
}

// opened returns an operation with what it answers.
func opened(op project.Operation) *openOperation {
	x := &openOperation{Operation: *op.Operation, file: op.Document.File, policy: op.Policy}
	x.replies = prompt.Replies{Answers: op.Answers.Under(op.Policy.Limits), Latency: op.Answers.Latency.Value, Mode: op.Mode.Value}
	for q, a := range x.replies.Answers {
		x.replies.Answered[q] = a != decide.Unknown
	}
	return x
}

// choose picks the operations to ask about: the one to edit, or all with open questions,
// those whose verdict is open first.
func (s *openSession) choose(all []*openOperation) error {
	if s.edit != "" {
		return s.chooseEdited(all)
	}
	for _, op := range all {
		if op.Name.Set() && len(op.replies.Missing()) > 0 {
			s.operations = append(s.operations, op)
		}
	}
	slices.SortStableFunc(s.operations, func(a, b *openOperation) int { return len(b.left()) - len(a.left()) })
	return nil
}

// left returns the verdicts that the answers leave when there are several.
func (op *openOperation) left() []decide.Verdict {
	d := op.policy.Table.Judge(op.replies.Answers, op.Facts())
	if d.Decided() {
		return nil
	}
	return d.Possible.List()
}

func (s *openSession) chooseEdited(all []*openOperation) error {
	for _, op := range all {
		if op.Name.Set() && (op.ID() == s.edit || op.Name.Value == s.edit) {
			op.edited = true
			s.operations = append(s.operations, op)
		}
	}
	switch len(s.operations) {
	case 0:
		return usagef("--edit: unknown operation %q; 'waitornot advise --brief' lists them", s.edit)
	case 1:
		return nil
	}
	var ids []string
	for _, op := range s.operations {
		ids = append(ids, op.ID())
	}
	return usagef("--edit: several operations are called %s: name one of %s", s.edit, strings.Join(ids, ", "))
}

// open counts the questions that are still to be put.
func (s *openSession) open() int {
	n := 0
	for _, op := range s.operations {
		n += len(op.open())
	}
	return n
}

// open returns the questions of an operation that are still to be put.
func (op *openOperation) open() []decide.Question {
	var list []decide.Question
	for _, q := range decide.Questions() {
		if !op.asked[q] && (op.edited || !op.replies.Answered[q]) {
			list = append(list, q)
		}
	}
	return list
}

// next returns the question that settles most: of the operation at hand, or of the first
// that has one. It is not called when there is none.
func (s *openSession) next() askedQuestion {
	if n := len(s.past); n > 0 {
		if last := s.past[n-1].op; len(last.open()) > 0 {
			return last.next()
		}
	}
	for _, op := range s.operations {
		if len(op.open()) > 0 {
			return op.next()
		}
	}
	return askedQuestion{}
}

// next returns the question of an operation that settles most.
func (op *openOperation) next() askedQuestion {
	open := op.open()
	d := op.policy.Table.Judge(op.replies.Answers, op.Facts())
	if !op.edited && !d.Decided() && slices.Contains(open, d.Next) {
		return askedQuestion{op, d.Next}
	}
	return askedQuestion{op, open[0]}
}

// run puts one question after the other, and keeps each answer.
func (s *openSession) run(ctx context.Context) error {
	return s.prompter.Survey(ctx, prompt.Survey{
		Of: s.open(),
		Put: func(n int) prompt.Single {
			if n == len(s.past) {
				s.past = append(s.past, s.next())
			}
			return s.single(s.past[n])
		},
		Keep: func(n int, known prompt.Replies) error { return s.keepAnswer(ctx, s.past[n], known) },
	})
}

// single is a question as it is put.
func (s *openSession) single(at askedQuestion) prompt.Single {
	op := at.op
	single := prompt.Single{Interview: s.interview(op.policy.Limits), Question: at.q, Known: op.replies}
	single.Table = op.policy.Table
	title := op.ID()
	if callee := op.Callee.Value; callee != "" {
		title += " → " + callee
	}
	single.About = []string{title}
	if text := op.Description.Value; text != "" {
		single.About = append(single.About, text)
	}
	if known := op.known(at.q); known != "" {
		single.About = append(single.About, known)
	}
	if words := advice.Measured(op.Operation.Evidence, at.q); words != "" {
		single.About = append(single.About, "Measured: "+words)
	}
	if op.replies.Answered[at.q] {
		single.Start = answerText(&op.replies, at.q)
	}
	if e := op.Operation.Evidence; at.q == decide.Latency && single.Start == "" && e != nil && e.P99.Set() && e.Calls.Value >= manifest.EnoughCalls {
		single.Start = manifest.FormatDuration(e.P99.Value)
	}
	return single
}

// known says what the manifest says of an operation, but for the answer to q.
func (op *openOperation) known(q decide.Question) string {
	var parts []string
	if op.Mode.Set() {
		parts = append(parts, "works "+op.Mode.Value.String()+" today")
	}
	for _, other := range decide.Questions() {
		if other != q && op.replies.Answered[other] {
			parts = append(parts, other.String()+" "+answerText(&op.replies, other))
		}
	}
	return strings.Join(parts, " · ")
}

// answerText writes an answer as a manifest does.
func answerText(r *prompt.Replies, q decide.Question) string {
	if q == decide.Latency && r.Latency > 0 {
		return manifest.FormatDuration(r.Latency)
	}
	return r.Answers[q].String()
}

// keepAnswer writes an answer into its manifest. Not sure leaves the manifest as it is,
// unless it takes an answer back.
func (s *openSession) keepAnswer(ctx context.Context, at askedQuestion, replies prompt.Replies) error {
	op := at.op
	was, is := answerText(&op.replies, at.q), answerText(&replies, at.q)
	op.asked[at.q] = true
	if was != is {
		if err := s.set(ctx, op, at.q, is); err != nil {
			return err
		}
		s.saved[at] = true
	}
	op.replies = replies
	op.replies.Answered[at.q] = op.replies.Answers[at.q] != decide.Unknown
	return nil
}

// set changes one answer of a manifest, under its lock.
func (s *openSession) set(ctx context.Context, op *openOperation, q decide.Question, word string) error {
	path := s.paths[op.file]
	return s.disk(ctx).Update(path, func(old []byte) ([]byte, error) {
		m, err := edit.Parse(old)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op.file, err)
		}
		for doc, service := range m.Services() {
			if service != op.Service || !m.Has(doc, op.Name.Value) {
				continue
			}
			if m, err = m.Set(doc, op.Name.Value, "answers."+q.String(), word); err != nil {
				return nil, fmt.Errorf("%s: %w", op.file, err)
			}
			return m.Bytes(), nil
		}
		return nil, fmt.Errorf("%s: %s no longer exists; nothing was written", op.file, op.ID())
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
		open += len(op.replies.Missing())
		if len(op.left()) > 0 {
			undecided++
		}
	}
	if open > 0 {
		line += fmt.Sprintf("; %s still open, and %s undecided. The same command goes on.", text.Count(open, "question"), text.Count(undecided, "operation"))
	} else {
		line += "; every question is answered. 'waitornot advise' shows what follows."
	}
	_, err := fmt.Fprintln(s.streams.Out, term.Safe(line))
	return err
}
