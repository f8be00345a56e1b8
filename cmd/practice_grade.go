package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/quiz"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// gradeOptions are what was said on the command line.
type gradeOptions struct {
	*practiceOptions
	answers    [decide.QuestionCount]string // indexed by decide.Question
	verdict    string
	confidence string
	change     string
	then       string
	record     bool
	format     string
	given      func(flag string) bool
}

func newPracticeGrade(p *practiceOptions) *cobra.Command {
	o := &gradeOptions{practiceOptions: p}
	c := &cobra.Command{
		Use:   "grade SYSTEM/OPERATION",
		Short: "Grade answers given as flags, like a drill does",
		Long: "Grades four answers and a verdict like a drill does, and explains them. All five\n" +
			"are required; use unknown for what you don't know. Exit codes: 0 all are right,\n" +
			"1 not all are right.",
		Example: "  waitornot practice grade web-shop/reserve-last-item --immediacy yes --retryability no \\\n" +
			"      --latency 80ms --coupling no --verdict sync",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.given = c.Flags().Changed
			return o.run(c, args[0])
		},
		ValidArgsFunction: p.completeCards,
	}
	f := c.Flags()
	for _, q := range decide.Questions() {
		usage, values := answerUsage(q)
		f.StringVar(&o.answers[q], q.String(), "", usage)
		_ = c.RegisterFlagCompletionFunc(q.String(), cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	word := func(to *string, name, usage string, values []string) {
		f.StringVar(to, name, "", usage+": "+strings.Join(values, "|"))
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	word(&o.verdict, "verdict", "your `verdict`", saidVerdicts())
	word(&o.confidence, "confidence", "how `sure` you are, if you want to say", confidences())
	word(&o.change, "change", "for the follow-up: the `question` whose answer changes", saidChanges())
	word(&o.then, "then", "for the follow-up: the `verdict` after that change", saidVerdicts())
	f.BoolVar(&o.record, "record", false, "keep the result in the history, like a drill does")
	formatVar(c, &o.format, quiz.Formats())
	return c
}

func saidVerdicts() []string {
	var words []string
	for _, v := range decide.Verdicts() {
		words = append(words, v.String())
	}
	return append(words, practice.NoAnswer)
}

func confidences() []string {
	var words []string
	for _, c := range practice.Confidences() {
		words = append(words, string(c))
	}
	return words
}

func saidChanges() []string {
	var words []string
	for _, q := range decide.Questions() {
		words = append(words, q.String())
	}
	return append(words, practice.NoChange, practice.NoAnswer)
}

func (o *gradeOptions) run(c *cobra.Command, id string) error {
	r, err := o.response()
	if err != nil {
		return err
	}
	open := o.openCards
	if o.record {
		open = o.open
	}
	d, err := open(c)
	if err != nil {
		return err
	}
	card, err := d.card(id)
	if err != nil {
		return err
	}
	if !card.Decided() {
		return usagef("the manifest's answers for %s leave its verdict open: 'waitornot practice drill' asks what to find out", id)
	}
	g := practice.Grade(d.Knowledge.Table, card, r)
	events := []practice.Event{practice.AnsweredEvent(card, r, g)}
	var follow *practice.FollowUpGrading
	if o.then != "" {
		if card.FollowUp == nil {
			return usagef("%s has no follow-up: leave out --change and --then", card.ID)
		}
		v, _ := practice.ParseSaidVerdict(o.then)
		x := practice.GradeFollowUp(card, o.change, v)
		follow = &x
		events = append(events, practice.FollowedUpEvent(card, x))
	}
	if o.record {
		if err := d.keep(events); err != nil {
			return err
		}
	}
	if err := o.report(d, card, g, follow); err != nil {
		return err
	}
	if !g.AllRight(follow) {
		return errFindings
	}
	return nil
}

// keep records events that belong to no session.
func (d *practiceSession) keep(events []practice.Event) error {
	id, err := sessionID()
	if err != nil {
		return err
	}
	for i := range events {
		events[i].ID, events[i].At, events[i].Mode = fmt.Sprintf("%s-%05d", id, i+1), d.now, practice.Single
	}
	if err := d.log.Append(events...); err != nil {
		return fmt.Errorf("the result wasn't kept: %w", err)
	}
	return nil
}

// response reads the flags. What is missing is never filled in.
func (o *gradeOptions) response() (practice.Response, error) {
	var said prompt.Replies
	r := practice.Response{Answers: &said.Answers, Confidence: practice.Confidence(o.confidence)}
	var missing []string
	for _, q := range decide.Questions() {
		if !o.given(q.String()) {
			missing = append(missing, "--"+q.String())
			continue
		}
		if err := said.Answer(q, o.answers[q], decide.DefaultLimits()); err != nil {
			return r, usagef("--%s: %w", q, err)
		}
	}
	if !o.given("verdict") {
		missing = append(missing, "--verdict")
	}
	if o.given("change") != o.given("then") {
		missing = append(missing, map[bool]string{true: "--then", false: "--change"}[o.given("change")])
	}
	if len(missing) > 0 {
		return r, usagef("missing %s: use %s for what you don't know", strings.Join(missing, ", "), practice.NoAnswer)
	}
	words := []struct {
		flag, value string
		of          []string
	}{{"verdict", o.verdict, saidVerdicts()}, {"confidence", o.confidence, confidences()}, {"change", o.change, saidChanges()}, {"then", o.then, saidVerdicts()}}
	for _, w := range words {
		if o.given(w.flag) && !slices.Contains(w.of, w.value) {
			return r, usagef("--%s %q: must be one of %s", w.flag, w.value, strings.Join(w.of, ", "))
		}
	}
	r.Verdict, _ = practice.ParseSaidVerdict(o.verdict)
	return r, nil
}

func (o *gradeOptions) report(d *practiceSession, c *practice.Card, g practice.Grading, f *practice.FollowUpGrading) error {
	return o.writePage(o.format, quiz.Page{
		Text: func(w quiz.Writer) string {
			text := d.Explain(w, c, &g) + d.Spoken(w, c)
			if f != nil {
				text += "\n" + d.Fact(w, c) + d.ExplainFollowUp(w, c, f)
			}
			return text
		},
		JSON: func() any { return d.GradingJSON(c, g, f) },
	})
}
