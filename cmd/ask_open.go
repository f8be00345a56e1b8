package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

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
	op    *openOperation
	topic prompt.Topic
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
		_, err := fmt.Fprintln(o.streams.Out, "Every question is answered. 'waitornot advise' shows the results.")
		return err
	}
	manner := o.interaction(o.plain)
	if manner == notAsking {
		return usagef("%s open, but there's no terminal to ask on; --plain reads the answers from standard input", text.Count(s.open(), "question"))
	}
	s.prompter = prompt.New(o.streams, manner == asLines, o.errPainter())
	err = s.run(ctx)
	return errors.Join(err, s.summary())
}

// checkOpen refuses flags that are about a new operation.
func (o *askOptions) checkOpen(flags *pflag.FlagSet, paths []string) error {
	if slices.Contains(paths, "-") {
		return usagef("ask writes answers into manifests, so it can't use standard input (-)")
	}
	var err error
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(openFlags, f.Name) && err == nil {
			err = usagef("--%s is for a new operation: leave it out, or leave out the path", f.Name)
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
	p, all, err := readFiles(ctx, o.globals, &o.policyFlags, files, lint.Options{Today: today(o.streams)}, opened)
	if err != nil {
		return nil, err
	}
	o.complainOf(p)
	if err := unreadError(p.Result); err != nil {
		return nil, err
	}
	s.interview = func(limits decide.LatencyLimits) prompt.Interview {
		return prompt.Interview{Questions: prompt.Under(adviser.Framework.Questions, limits), Facts: &adviser.Framework.Facts, Limits: limits}
	}
	return s, s.choose(all)
}

// choose picks the operations to ask about: the one to edit, or all with open questions,
// those whose verdict is open first.
func (s *openSession) choose(all []*openOperation) error {
	if s.edit != "" {
		return s.chooseEdited(all)
	}
	for _, op := range all {
		if op.Name.Set() && len(op.unanswered()) > 0 {
			s.operations = append(s.operations, op)
		}
	}
	slices.SortStableFunc(s.operations, func(a, b *openOperation) int { return len(b.left()) - len(a.left()) })
	return nil
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
	return usagef("--edit: several operations are called %s; use one of %s", s.edit, strings.Join(ids, ", "))
}

// open counts the questions that are still to be put.
func (s *openSession) open() int {
	n := 0
	for _, op := range s.operations {
		n += len(op.open())
	}
	return n
}

// next returns the question that settles most: of the operation at hand, or of the first
// that has one; while verdicts are open, only of operations whose own is. It is not called
// when there is none.
func (s *openSession) next() askedQuestion {
	list := s.operations
	if n := len(s.past); n > 0 {
		list = append([]*openOperation{s.past[n-1].op}, list...)
	}
	decided := s.decided()
	if decided {
		for _, op := range list {
			if fact, turns := op.turning(); turns && !op.edited {
				return askedQuestion{op, fact}
			}
		}
	}
	for _, op := range list {
		if len(op.open()) > 0 && (decided || op.undecided()) {
			return op.next()
		}
	}
	return askedQuestion{}
}

// decided reports whether no question that is still to be put changes a verdict.
func (s *openSession) decided() bool {
	return !slices.ContainsFunc(s.operations, (*openOperation).undecided)
}

// settled says that the four questions leave no verdict open, and what's left.
func (s *openSession) settled() string {
	for _, op := range s.operations {
		if _, turns := op.turning(); turns {
			return "Every verdict that can be settled is settled, unless the caller's own step depends on the work: gate and read-back come next. The other open questions only choose safeguards."
		}
	}
	return "Every verdict that can be settled is settled: the open questions only choose safeguards. Stop here if those can wait."
}

// run puts one question after the other, and keeps each answer.
func (s *openSession) run(ctx context.Context) error {
	most := 0
	for _, op := range s.operations {
		most += op.most()
	}
	return s.prompter.Survey(ctx, prompt.Survey{
		Most: most,
		Of:   func() int { return len(s.past) + s.open() - s.pending() },
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
	single := prompt.Single{Interview: s.interview(op.policy.Limits), Topic: at.topic, Known: op.replies}
	single.Table, single.Interview.Known = op.policy.Table, op.besides()
	title := op.ID()
	if callee := op.Callee.Value; callee != "" {
		title += " → " + callee
	}
	single.About = []string{title}
	if !op.edited && len(s.past) > 0 && s.decided() {
		single.About = append(single.About, s.settled())
	}
	if text := op.Description.Value; text != "" {
		single.About = append(single.About, text)
	}
	if known := op.known(at.topic); known != "" {
		single.About = append(single.About, known)
	}
	q, isQuestion := at.topic.Question()
	if words := advice.Measured(op.Operation.Evidence, q); isQuestion && words != "" {
		single.About = append(single.About, "Measured: "+words)
	}
	if op.answered(at.topic) {
		single.Start = answerText(&op.replies, at.topic)
	}
	if e := op.Operation.Evidence; isQuestion && q == decide.Latency && single.Start == "" && e != nil && e.P99.Set() && e.Calls.Value >= manifest.EnoughCalls {
		single.Start = manifest.FormatDuration(e.P99.Value)
	}
	return single
}

// pending counts the questions at hand that aren't answered yet: they are among those that
// were put and among those that are open.
func (s *openSession) pending() int {
	n := 0
	for _, x := range s.past {
		if slices.Contains(x.op.open(), x.topic) {
			n++
		}
	}
	return n
}
