package cmd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/quiz"
	"waitornot/cmd/internal/state"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
	"waitornot/decide/practice"
	"waitornot/decide/simulate"
	"waitornot/rules/embedded"
)

// practiceOptions are what every command of practice needs.
type practiceOptions struct {
	*globals
	state string // the folder of the history; "" is that of the system
	from  string // the manifest to practice on; "" is the embedded scenarios
	plain bool
	seed  uint64 // 0 lets the clock choose
	in    *dialog.Lines
}

func newPractice(g *globals) *cobra.Command {
	o := &practiceOptions{globals: g}
	c := &cobra.Command{
		Use:   "practice",
		Short: "Practice for interviews: which operations must wait, and why",
		Long: "Practice on the operations of well-known systems: answer the four questions, say\n" +
			"whether the caller should wait, and see what's right, which wrong answers are\n" +
			"tempting, and what it costs. Cards you get wrong come back soon; cards you know\n" +
			"come back later.\n\n" +
			"The history is a file, practice.jsonl, in the folder $WAITORNOT_STATE, or else\n" +
			"waitornot in $XDG_STATE_HOME, or else ~/.local/state/waitornot (macOS:\n" +
			"~/Library/Application Support/waitornot, Windows: %LocalAppData%\\waitornot).",
		Example: "  waitornot practice\n" +
			"  waitornot practice daily --minutes 10\n" +
			"  waitornot practice mock web-shop\n" +
			"  waitornot practice drill --from services.yaml",
		Args: noSuchCommand,
		RunE: func(c *cobra.Command, _ []string) error { return o.menu(c) },
	}
	f := c.PersistentFlags()
	f.StringVar(&o.state, "state", "", "keep the history in this `folder`")
	f.StringVar(&o.from, "from", "", "practice on the operations of your own `manifest`: a file, a folder, or a glob")
	f.BoolVar(&o.plain, "plain", false, "ask in plain numbered lines, for screen readers and pipes; same as ACCESSIBLE=1 or TERM=dumb")
	f.Uint64Var(&o.seed, "seed", 0, "choose cards by this `number`: the same number gives the same cards")
	for _, sub := range slices.Concat(newPlays(o), newCardCommands(o), newProgressCommands(o)) {
		sub.Args = asUsage(sub.Args)
		c.AddCommand(sub)
	}
	return c
}

// A practiceSession is what a command of practice works with.
type practiceSession struct {
	*quiz.Wording
	deck    practice.Deck
	log     *state.Log
	history *practice.History
	plan    *practice.Plan
	coach   *practice.Coach
	now     time.Time
}

// openCards reads the cards alone: the history may be missing.
func (o *practiceOptions) openCards(c *cobra.Command) (*practiceSession, error) {
	d := &practiceSession{now: o.streams.Now()}
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	d.Wording = &quiz.Wording{Framework: adviser.Framework, Knowledge: adviser.Knowledge}
	if o.from != "" {
		d.deck, err = o.ownDeck(c.Context(), d.Wording)
	} else {
		d.deck = embedded.Scenarios()
	}
	if err != nil {
		return nil, err
	}
	d.Wording.Deck = d.deck
	d.Wording.Outages = quiz.Outages{Chance: func(step int) simulate.Chance { return chanceOf(1)(0, step) }, ASCII: o.streams.ASCII()}
	d.coach = embedded.Coach()
	return d, nil
}

// open reads the cards and the history, and tells what of the history was left
// out.
func (o *practiceOptions) open(c *cobra.Command) (*practiceSession, error) {
	d, err := o.openCards(c)
	if err != nil {
		return nil, err
	}
	if d.log, d.history, err = o.readLog(c.Context()); err != nil {
		return nil, err
	}
	o.tell(d.log, d.history)
	if d.plan, err = practice.Schedule(d.history, d.deck); err != nil {
		return nil, fmt.Errorf("history %s: %w", d.log.Path, err)
	}
	return d, nil
}

// readLog reads the history alone.
func (o *practiceOptions) readLog(ctx context.Context) (*state.Log, *practice.History, error) {
	log, err := o.openLog(ctx)
	if err != nil {
		return nil, nil, err
	}
	h, err := log.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("history: %w", err)
	}
	return log, h, nil
}

func (o *practiceOptions) openLog(ctx context.Context) (*state.Log, error) {
	if o.state != "" {
		return state.Open(o.at(o.state), o.historyDisk(ctx)), nil
	}
	dir, err := state.Dir(o.streams.Env)
	if err != nil {
		return nil, err
	}
	return state.Open(o.at(dir), o.historyDisk(ctx)), nil
}

// historyDisk returns what writes the history. An interrupt leaves a second for the answers
// that were given before it.
func (o *practiceOptions) historyDisk(ctx context.Context) disk.Disk {
	later, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, end) })
	return o.globals.disk(later)
}

// tell says what could not be read at the end of the history.
func (o *practiceOptions) tell(log *state.Log, h *practice.History) {
	if h.Torn {
		o.say("the last line of %s was cut off and is skipped", log.Path)
	}
	if h.Newer > 0 {
		o.say("lines of %s skipped because a newer version wrote them: %d", log.Path, h.Newer)
	}
	if n, last := h.Ahead(o.streams.Now()); n > 0 {
		o.say("%s of %s in the future, the last on %s: some clock was ahead, so the cards come back later than they should",
			text.Count(n, "event"), log.Path, text.Day(last))
	}
}

// say tells something that is no result.
func (o *practiceOptions) say(format string, args ...any) {
	fmt.Fprintf(o.streams.Err, "waitornot: %s\n", term.Safe(fmt.Sprintf(format, args...)))
}

// chosen returns the cards that the arguments name: systems, or single
// operations as system/operation. No argument names all.
func (d *practiceSession) chosen(args []string) (practice.Deck, error) {
	if len(args) == 0 {
		return d.deck, nil
	}
	var deck practice.Deck
	for _, arg := range args {
		s, err := d.find(arg)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(deck, func(x *practice.System) bool { return x.ID == s.ID }); i >= 0 {
			deck[i].Cards = append(deck[i].Cards, s.Cards...)
		} else {
			deck = append(deck, s)
		}
	}
	return deck, nil
}

// find returns a system, or one with the single card that the name is of. It is
// a copy.
func (d *practiceSession) find(name string) (*practice.System, error) {
	for _, s := range d.deck {
		for _, prefix := range []string{"", ownPrefix} {
			if s.ID == prefix+name {
				return &practice.System{ID: s.ID, Title: s.Title, Brief: s.Brief, Cards: slices.Clone(s.Cards)}, nil
			}
			for _, c := range s.Cards {
				if c.ID == prefix+name {
					return &practice.System{ID: s.ID, Title: s.Title, Cards: []*practice.Card{c}}, nil
				}
			}
		}
	}
	return nil, d.noSuch(name)
}

func (d *practiceSession) noSuch(name string) error {
	var names []string
	kind := "system"
	for _, s := range d.deck {
		names = append(names, s.ID)
		for _, c := range s.Cards {
			if strings.Contains(name, "/") {
				kind, names = "operation", append(names, c.ID)
			}
		}
	}
	message := fmt.Sprintf("unknown %s %q", kind, name)
	if near := diag.Nearest(name, names); near != "" {
		return usagef("%s; did you mean %s?", message, near)
	}
	return usagef("%s; 'waitornot practice list' lists what there is", message)
}

// card returns the one card with the id.
func (d *practiceSession) card(id string) (*practice.Card, error) {
	s, err := d.find(id)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(id, "/") {
		return nil, usagef("%s is a system: name one of its operations, as in %s", id, s.Cards[0].ID)
	}
	return s.Cards[0], nil
}

// completeCards completes systems, and operations after a slash.
func (o *practiceOptions) completeCards(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, s := range embedded.Scenarios() {
		if !strings.Contains(word, "/") {
			words = append(words, s.ID+"\t"+s.Title)
			continue
		}
		for _, c := range s.Cards {
			words = append(words, c.ID+"\t"+c.Title)
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// writer returns the writer for standard output, errWriter that for standard error.
func (o *practiceOptions) writer() quiz.Writer {
	return quiz.Writer{Painter: o.painter(), Width: o.streams.Width(o.streams.Out)}
}

func (o *practiceOptions) errWriter() quiz.Writer {
	return quiz.Writer{Painter: o.errPainter(), Width: min(o.streams.Width(o.streams.Err), 100)}
}

// input returns standard input, line by line. There is one for the whole run, so
// that no line is lost between two questions.
func (o *practiceOptions) input() *dialog.Lines {
	if o.in == nil {
		o.in = dialog.NewLines(o.streams.In, o.streams.Err, false)
	}
	return o.in
}

// sessionID returns a name that no other session has.
func sessionID() (string, error) {
	raw := make([]byte, 8)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	return hex.EncodeToString(raw), nil
}

// writePage writes a page in the format that --format named.
func (o *practiceOptions) writePage(format string, page quiz.Page) error {
	return formatNamed(quiz.Formats(), format).Write(o.streams.Out, page, o.layout())
}
