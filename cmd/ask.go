package cmd

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/adviceview"
	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/rules/embedded"
)

// askOptions are what a run of ask needs.
type askOptions struct {
	*globals
	policyFlags
	details [4]string                    // indexed by prompt.Detail
	mode    string                       // how it works today; "" is not given
	answers [decide.QuestionCount]string // indexed by decide.Question; "" is not given
	facts   askFacts
	stack   string
	format  string
	plain   bool
	yes     bool
	save    string // the manifest to add the operation to; "" is none
	service string // which document of the manifest; "" lets the caller say
	replace bool
	edit    string                 // the operation of a manifest whose answers are asked anew; "" is none
	changed func(flag string) bool // whether a flag was given, empty or not
}

func newAsk(g *globals) *cobra.Command {
	o := askOptions{globals: g}
	c := &cobra.Command{
		Use:   "ask [PATH...]",
		Short: "Ask the four questions about one operation, and recommend a verdict",
		Long: "Asks the four questions and recommends whether the caller should wait. If the result\n" +
			"isn't needed now, it also asks for two facts: gate and read-back. It doesn't ask\n" +
			"questions that you answer with flags; with all four, it asks nothing. Questions go\n" +
			"to standard error, the recommendation to standard output.\n\n" +
			"With a path, it goes through every question that the manifests there leave open,\n" +
			"starting with the one that settles the most, and saves each answer right away.\n" +
			"\"Not sure\" skips a question, ctrl+c stops, and the same command continues later.",
		Example: "  waitornot ask\n" +
			"  waitornot ask --immediacy yes --retryability no --latency 900ms --coupling yes\n" +
			"  waitornot ask --save waitornot.yaml\n" +
			"  waitornot ask services/\n" +
			"  waitornot ask --edit checkout/authorize-payment services/",
		RunE: func(c *cobra.Command, args []string) error {
			o.changed = c.Flags().Changed
			if len(args) > 0 || o.edit != "" {
				return o.runOpen(c.Context(), c.Flags(), args)
			}
			return o.run(c.Context())
		},
	}
	f := c.Flags()
	f.StringVar(&o.details[prompt.Name], "name", "", "the operation's `name`")
	f.StringVar(&o.details[prompt.Caller], "caller", "", "the `service` that calls")
	f.StringVar(&o.details[prompt.Callee], "callee", "", "the `service` that does the work")
	f.StringVar(&o.details[prompt.Description], "description", "", "a `sentence` about what it does")
	for d := range o.details { // none, said so that nobody is asked
		_ = f.SetAnnotation(prompt.Detail(d).String(), mayBeEmpty, []string{"true"})
	}
	f.StringVar(&o.mode, "mode", "", "its `mode` today: "+strings.Join(prompt.ModeWords(), "|"))
	_ = c.RegisterFlagCompletionFunc("mode", cobra.FixedCompletions(prompt.ModeWords(), cobra.ShellCompDirectiveNoFileComp))
	for _, q := range decide.Questions() {
		usage, values := answerUsage(q)
		f.StringVar(&o.answers[q], q.String(), "", usage)
		_ = c.RegisterFlagCompletionFunc(q.String(), cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	o.facts.add(c)
	formatVar(c, &o.format, adviceview.Formats())
	f.StringVar(&o.stack, "stack", "", "show how to build it on this `stack`: "+strings.Join(embedded.StackIDs(), ", "))
	_ = c.RegisterFlagCompletionFunc("stack", cobra.FixedCompletions(embedded.StackIDs(), cobra.ShellCompDirectiveNoFileComp))
	f.BoolVar(&o.plain, "plain", false, "ask in plain numbered lines, for screen readers and pipes; same as ACCESSIBLE=1 or TERM=dumb")
	f.BoolVar(&o.yes, "yes", false, "print the recommendation without offering to save it")
	f.StringVar(&o.save, "save", "", "add the operation to this manifest `file`, or create it")
	f.StringVar(&o.service, "service", "", "the `service` in the manifest that gets the operation")
	f.BoolVar(&o.replace, "replace", false, "with --save: replace the answers of an existing operation with this name")
	f.StringVar(&o.edit, "edit", "", "ask the four questions about this existing `OPERATION` again")
	_ = c.RegisterFlagCompletionFunc("edit", g.completeOperations)
	o.policyFlags.add(c)
	return c
}

// answerUsage returns the help and the completions of a question's flag.
func answerUsage(q decide.Question) (usage string, values []string) {
	for _, a := range append(q.Choices(), decide.Unknown) {
		values = append(values, a.String())
	}
	usage = "`answer` to the question of " + q.String() + ": " + strings.Join(values, "|")
	if q == decide.Latency {
		usage += " or a duration such as 900ms"
	}
	return usage, values
}

func (o *askOptions) run(ctx context.Context) error {
	if err := o.check(ctx); err != nil {
		return err
	}
	adviser, err := embedded.Load()
	if err != nil {
		return err
	}
	policy, err := o.policy(ctx)
	if err != nil {
		return err
	}
	adviser.Limits, adviser.Stack = policy.Limits, o.stack
	interview := prompt.Interview{
		Questions: prompt.Under(adviser.Framework.Questions, policy.Limits), Table: policy.Table,
		Facts: &adviser.Framework.Facts, Known: o.facts.facts(), Limits: policy.Limits, NeedsName: o.save != "",
	}
	given, err := o.given(interview.Limits)
	if err != nil {
		return err
	}
	replies, prompter, err := o.ask(ctx, interview, given)
	if err != nil {
		return err
	}
	o.facts.take(&replies)
	adviser.Knowledge.Table = policy.Table
	s := session{
		askOptions: o, replies: replies, prompter: prompter,
		adviser: adviser, page: prompter != nil && o.interaction(o.plain) == asForm,
	}
	return s.finish(ctx)
}

// policy returns the policy of the manifest that --save names, or of one that
// would lie in the current folder.
func (o *askOptions) policy(ctx context.Context) (*lint.Policy, error) {
	loader, err := o.loader(ctx, o.globals)
	if err != nil {
		return nil, err
	}
	dir, err := o.folder()
	if err != nil {
		return nil, err
	}
	file := o.save
	if file == "" {
		file = usualManifest
	}
	policy := loader.Policy(absolute(dir, file))
	return policy, settled(o.globals, loader)
}

// check refuses flags that cannot be carried out, before anything is asked.
func (o *askOptions) check(ctx context.Context) error {
	switch {
	case o.stack != "" && !slices.Contains(embedded.StackIDs(), o.stack):
		return usageError{unknownStack(o.stack)}
	case o.save == "" && o.replace:
		return usagef("--replace needs --save")
	case o.save == "" && o.service != "":
		return usagef("--service needs --save")
	}
	if o.save != "" {
		_, err := o.openTarget(ctx, o.path(o.save))
		return err
	}
	return nil
}

// given returns what the flags say.
func (o *askOptions) given(limits decide.LatencyLimits) (prompt.Replies, error) {
	var r prompt.Replies
	for d := range o.details {
		r.Details[d] = term.Clean(o.details[d])
		r.Detailed[d] = o.changed(prompt.Detail(d).String())
	}
	for _, q := range decide.Questions() {
		if !o.changed(q.String()) {
			continue
		}
		if err := r.Answer(q, o.answers[q], limits); err != nil {
			return r, usagef("--%s: %w", q, err)
		}
	}
	if err := o.facts.replies(&r); err != nil {
		return r, usageError{err}
	}
	if o.changed("mode") {
		mode, err := prompt.ParseMode(o.mode)
		if err != nil {
			return r, usagef("--mode: %w", err)
		}
		r.Mode, r.Moded = mode, true
	}
	return r, nil
}

// ask asks for what is not given. The prompter is nil when nothing was asked.
func (o *askOptions) ask(ctx context.Context, i prompt.Interview, given prompt.Replies) (prompt.Replies, prompt.Prompter, error) {
	missing := given.Missing()
	nameless := i.NeedsName && given.Details[prompt.Name] == ""
	if nameless {
		given.Detailed[prompt.Name] = false
	}
	if len(missing) == 0 && !nameless {
		return given, nil, nil
	}
	manner := o.interaction(o.plain)
	if len(missing) == 0 { // what the four flags don't need asked isn't
		given.Moded = true
		for d := range given.Detailed {
			given.Detailed[d] = prompt.Detail(d) != prompt.Name
		}
	}
	if manner == notAsking {
		var flags []string
		if nameless {
			flags = append(flags, "--name")
		}
		for _, q := range missing {
			flags = append(flags, "--"+q.String())
		}
		return given, nil, usagef("missing %s, and there's no terminal to ask on; --plain reads the answers from standard input", strings.Join(flags, ", "))
	}
	prompter := prompt.New(o.streams, manner == asLines, o.errPainter())
	replies, err := prompter.Interview(ctx, i, given)
	return replies, prompter, err
}

// errPainter returns the painter for standard error.
func (g *globals) errPainter() term.Painter {
	return term.Painter{Color: g.streams.Color(g.streams.Err, term.ColorMode(g.color))}
}

// An interaction is how questions are put.
type interaction int

const (
	notAsking interaction = iota // not at all
	asLines                      // as plain lines
	asForm                       // as a form
)

// interaction says how this run may ask. Plain lines are wished for with a flag, or all that a
// dumb terminal can do; a pipe is read only on a wish or where TERM says that
// whoever is behind it reads lines.
func (g *globals) interaction(wished bool) interaction {
	terminal := term.IsTerminal(g.streams.In) && term.IsTerminal(g.streams.Err)
	dumb := g.streams.Env("TERM") == "dumb"
	switch {
	case wished, accessible(g.streams.Env("ACCESSIBLE")):
		return asLines
	case dumb && (terminal || isPipe(g.streams.In)):
		return asLines
	case terminal && !dumb:
		return asForm
	}
	return notAsking
}

// accessible reports whether the variable ACCESSIBLE asks for plain lines.
func accessible(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "no":
		return false
	}
	return true
}

// isPipe reports whether a stream is something that answers can have been
// written to: a pipe or a file, and not the null device.
func isPipe(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice == 0
}
