package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/quiz"
	"waitornot/cmd/internal/text"
	"waitornot/decide/practice"
)

// A sessionPlan is what a session is planned from.
type sessionPlan struct {
	*practiceOptions
	mode    practice.Mode
	args    []string
	count   int
	minutes int
	level   string
	quiet   bool
	given   func(flag string) bool
}

// newPlays are the commands that ask.
func newPlays(o *practiceOptions) []*cobra.Command {
	drill := o.newPlay(practice.Drill, "drill [SYSTEM|SYSTEM/OPERATION...]", "Answer operations one by one, unseen ones first", "")
	mock := o.newPlay(practice.Mock, "mock [SYSTEM]", "An interview about one system: a clock, the verdicts, then the reasons",
		"You mark every operation of one system as sync, async, or hybrid. Then it asks for the\n"+
			"reason, a safeguard, and the price of each, has you say the answer out loud, and continues\n"+
			"with an interviewer's next question. Without SYSTEM, it picks one that you haven't done\n"+
			"yet. When time is up, unanswered questions score nothing.\n\n"+rubricHelp())
	review := o.newPlay(practice.Review, "review [SYSTEM...]", "Answer the cards that are due", "")
	misses := o.newPlay(practice.Misses, "misses [SYSTEM...]", "Answer what you got wrong in the last two weeks", "")
	daily := o.newPlay(practice.Daily, "daily [SYSTEM...]", "Answer a mix of due and new cards, for a few minutes", "")
	resume := &cobra.Command{
		Use:   "resume",
		Short: "Continue the session that you stopped",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return o.resume(c) },
	}
	return []*cobra.Command{daily, drill, mock, review, misses, newPracticeDesign(o), resume}
}

func rubricHelp() string {
	var parts []string
	for _, p := range practice.RubricParts() {
		parts = append(parts, fmt.Sprintf("%s %d", p, p.Points()))
	}
	return "Points per operation: " + strings.Join(parts, ", ") + "."
}

func (o *practiceOptions) newPlay(mode practice.Mode, use, short, long string) *cobra.Command {
	p := &sessionPlan{practiceOptions: o, mode: mode}
	c := &cobra.Command{
		Use: use, Short: short, Long: long,
		RunE: func(c *cobra.Command, args []string) error {
			p.args, p.given = args, c.Flags().Changed
			return p.run(c)
		},
		ValidArgsFunction: o.completeCards,
	}
	f := c.Flags()
	f.BoolVar(&p.quiet, "no-say", false, "don't ask for spoken answers")
	if mode != practice.Mock {
		enumVar(c, f, &p.level, "level", levelNames(), "what you're given: all facts (given), all but one or two (ask), or what each card has earned")
	}
	switch mode {
	case practice.Mock:
		c.Args = cobra.MaximumNArgs(1)
		f.IntVar(&p.minutes, "minutes", 0, "the `time` in minutes; the default is four per operation, or two with --no-say")
	case practice.Daily:
		f.IntVar(&p.minutes, "minutes", 10, "roughly how many `minutes`: you always finish the current card")
	case practice.Drill:
		f.IntVar(&p.count, "count", 10, "how `many` operations; 0 means all")
	default:
		f.IntVar(&p.count, "count", 0, "at most how `many` operations; 0 means all")
	}
	return c
}

func (p *sessionPlan) run(c *cobra.Command) error {
	switch {
	case p.count < 0:
		return usagef("--count %d: it must not be negative", p.count)
	case p.minutes < 0 || p.given("minutes") && p.minutes == 0:
		return usagef("--minutes %d: it must be at least 1", p.minutes)
	}
	if err := p.canAsk(); err != nil {
		return err
	}
	if p.from == "-" {
		return usagef("--from -: standard input is for your answers, so name a file")
	}
	d, err := p.open(c)
	if err != nil {
		return err
	}
	s, err := p.plan(d)
	if err != nil || s == nil {
		return err
	}
	if err := d.log.Append(s.Begin(p.streams.Now())); err != nil {
		return fmt.Errorf("can't keep the history: %w", err)
	}
	return p.play(c.Context(), d, s)
}

// plan plans the session, or says that there is nothing to do and returns nil.
func (p *sessionPlan) plan(d *practiceSession) (*practice.Session, error) {
	deck, err := d.chosen(p.args)
	if err != nil {
		return nil, err
	}
	seed := p.seed
	if seed == 0 {
		seed = uint64(d.now.UnixNano())
	}
	limit := time.Duration(p.minutes) * time.Minute
	switch p.mode {
	case practice.Mock:
		if len(p.args) == 0 {
			deck = practice.Deck{practice.NextMock(d.deck, d.history, seed)}
		}
		if strings.Contains(strings.Join(p.args, ""), "/") {
			return nil, usagef("%s is a single operation: a mock is about a system, as in %s", p.args[0], deck[0].ID)
		}
		if limit == 0 {
			limit = time.Duration(len(deck.Cards())) * p.perOperation()
		}
	case practice.Daily:
		p.count = practice.CardsFor(d.history, limit)
	}
	cards := practice.Pick(p.mode, deck, d.plan, d.now, p.count, seed)
	if len(cards) == 0 {
		p.nothing(d, deck)
		return nil, nil
	}
	id, err := sessionID()
	if err != nil {
		return nil, err
	}
	s := practice.NewSession(id, p.mode, cards, d.Knowledge, seed, limit)
	s.Levels = p.levels(d, cards)
	if !p.quiet {
		s.Coach = d.coach
	}
	if p.from != "" {
		if s.From, err = filepath.Abs(p.at(p.from)); err != nil { // to go on from another folder
			return nil, err
		}
	}
	return s, nil
}

// nothing says why there is nothing to ask.
func (p *sessionPlan) nothing(d *practiceSession, deck practice.Deck) {
	words := "No recent misses."
	switch p.mode {
	case practice.Mock:
		words = "All of these operations leave their verdict open: 'waitornot practice drill' asks what to find out."
	case practice.Review:
		words = "Nothing is due."
		if next, ok := d.plan.Next(deck); ok {
			words += " The next is due " + dueWords(d.now, next.In(d.now.Location())) + "."
		} else {
			words += " You haven't answered anything yet: start with 'waitornot practice drill'."
		}
		if n := len(d.plan.Misses(d.now.Add(-practice.MissWindow))); n > 0 {
			words += fmt.Sprintf(" Misses waiting: %d, see 'waitornot practice misses'.", n)
		}
	}
	fmt.Fprintln(p.streams.Out, words)
}

// dueWords says when something is due: how soon within a day, else on which day.
func dueWords(now, due time.Time) string {
	if wait := due.Sub(now); wait < 24*time.Hour {
		return fmt.Sprintf("in %s, at %s", text.Duration(max(wait.Round(time.Minute), time.Minute)), due.Format("15:04"))
	}
	return "on " + due.Format("2006-01-02 15:04")
}

// resume goes on with the open session.
func (o *practiceOptions) resume(c *cobra.Command) error {
	if err := o.canAsk(); err != nil {
		return err
	}
	_, h, err := o.readLog(c.Context())
	if err != nil {
		return err
	}
	open := practice.LastOpen(h, o.streams.Now())
	if open == nil {
		fmt.Fprintln(o.streams.Out, "No session was stopped in the last week.")
		return nil
	}
	if o.from == "" {
		o.from = open.Began.From
	}
	d, err := o.open(c)
	if err != nil {
		return err
	}
	now := o.streams.Now()
	s, missing, err := practice.Resume(open, d.deck, d.Knowledge, d.coach, now)
	if err != nil {
		o.say("can't continue the session: %s", err)
		return d.log.Append(practice.Abandon(open, now))
	}
	if err := d.log.Append(missing...); err != nil {
		return err
	}
	return o.play(c.Context(), d, s)
}

// play plays a session until it ends or is stopped.
func (o *practiceOptions) play(ctx context.Context, d *practiceSession, s *practice.Session) error {
	g := &quiz.Game{Wording: d.Wording, Session: s, Now: o.streams.Now, Writer: o.errWriter(),
		Record: func(events ...practice.Event) error {
			if err := d.log.Append(events...); err != nil {
				return fmt.Errorf("can't keep the history: %w", err)
			}
			return nil
		}}
	var end quiz.End
	var err error
	if o.interaction(o.plain) == asForm {
		end, err = quiz.Screen(ctx, g, o.streams)
	} else {
		end, err = quiz.Lines(ctx, g, o.input(), o.streams.Err)
	}
	if err != nil {
		return err
	}
	g.Writer = o.writer()
	fmt.Fprint(o.streams.Out, g.Closing())
	if err := o.ahead(d, g); err != nil {
		return err
	}
	if end != quiz.Finished && !s.Done() {
		fmt.Fprintln(o.streams.Err, "Stopped. Everything is saved; 'waitornot practice resume' continues.")
	}
	if end == quiz.Interrupted {
		return dialog.ErrInterrupted
	}
	return nil
}

// ahead says what waits after a session.
func (o *practiceOptions) ahead(d *practiceSession, g *quiz.Game) error {
	h, err := d.log.Read()
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	now := o.streams.Now()
	plan, err := practice.Schedule(h, d.deck)
	if err != nil {
		return fmt.Errorf("history %s: %w", d.log.Path, err)
	}
	ripe := practice.Ripe(d.deck, h, plan)
	if o.from != "" { // a manifest names no users to design for
		ripe = nil
	}
	_, err = fmt.Fprint(o.streams.Out, g.Ahead(practice.StatsOf(h, d.deck, plan, now), len(plan.Misses(now.Add(-practice.MissWindow))), ripe))
	return err
}

// levels returns on which level each card is asked: the one that was chosen, or the one
// that its history has reached.
func (p *sessionPlan) levels(d *practiceSession, cards []*practice.Card) []practice.Level {
	if p.mode == practice.Mock {
		return nil // all is given
	}
	var list []practice.Level
	for _, c := range cards {
		level := practice.Level(p.level)
		if p.level == levelEarned {
			level = d.plan.Level(c.ID)
		}
		list = append(list, level)
	}
	return list
}

// levelEarned lets each card rise with what its history shows.
const levelEarned = "earned"

func levelNames() []string {
	names := []string{levelEarned}
	for _, l := range practice.Levels() {
		names = append(names, string(l))
	}
	return names
}

// perOperation is the time that a mock gives for an operation unless it is given.
func (p *sessionPlan) perOperation() time.Duration {
	if p.quiet {
		return 2 * time.Minute
	}
	return 4 * time.Minute // with an answer to say, and a question after it
}

// canAsk refuses to ask where nobody can answer.
func (o *practiceOptions) canAsk() error {
	if o.interaction(o.plain) == notAsking {
		return usageError{errors.New("there's no terminal to practice on: --plain reads answers from standard input; list, show, and grade ask nothing")}
	}
	return nil
}
