package cmd

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// newCardCommands are the commands that show and grade cards without asking.
func newCardCommands(o *practiceOptions) []*cobra.Command {
	return []*cobra.Command{newPracticeList(o), newPracticeShow(o), newPracticeGrade(o)}
}

func newPracticeList(o *practiceOptions) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "list [SYSTEM...]",
		Short: "List the systems to practice on, or the operations of some",
		RunE: func(c *cobra.Command, args []string) error {
			d, err := o.open(c)
			if err != nil {
				return err
			}
			deck, err := d.chosen(args)
			if err != nil {
				return err
			}
			if format == "json" {
				return o.writeJSON(d.listing(deck))
			}
			o.list(d, deck, len(args) > 0)
			return nil
		},
		ValidArgsFunction: o.completeCards,
	}
	enumVar(c, c.Flags(), &format, "format", practiceFormats(), "the output `format`")
	return c
}

// list writes a line for each system, or for each operation.
func (o *practiceOptions) list(d *practiceSession, deck practice.Deck, operations bool) {
	if !operations {
		wide := 0
		for _, s := range deck {
			wide = max(wide, term.Cells(term.Safe(s.ID)))
		}
		for _, s := range deck {
			seen, due := d.progress(s)
			fmt.Fprintf(o.streams.Out, "%s  %2d operations, %2d seen, %2d due  %s\n",
				term.Pad(term.Safe(s.ID), wide), len(s.Cards), seen, due, term.Safe(s.Title))
		}
		return
	}
	wide := 0
	for _, c := range deck.Cards() {
		wide = max(wide, term.Cells(term.Safe(c.ID)))
	}
	for _, c := range deck.Cards() {
		fmt.Fprintf(o.streams.Out, "%s  %s  %s\n", term.Pad(term.Safe(c.ID), wide), term.Pad(d.when(c), len("due 2006-01-02")), term.Safe(c.Title))
	}
}

// when says when a card is to be seen again.
func (d *practiceSession) when(c *practice.Card) string {
	switch s := d.plan.State(c.ID); {
	case s == nil:
		return "new"
	case !s.Due.After(d.now):
		return "due now"
	default:
		return "due " + s.Due.In(d.now.Location()).Format(time.DateOnly)
	}
}

func (d *practiceSession) progress(s *practice.System) (seen, due int) {
	for _, c := range s.Cards {
		if st := d.plan.State(c.ID); st != nil {
			seen++
			if !st.Due.After(d.now) {
				due++
			}
		}
	}
	return seen, due
}

// listing is the list as JSON.
type listing struct {
	Version int             `json:"version"`
	Systems []listingSystem `json:"systems"`
}

type listingSystem struct {
	ID         string        `json:"id"`
	Title      string        `json:"title"`
	Operations []listingCard `json:"operations"`
}

type listingCard struct {
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Seen  int        `json:"seen"` // how often it was answered
	Due   *time.Time `json:"due"`  // null when it is new
}

func (d *practiceSession) listing(deck practice.Deck) listing {
	l := listing{Version: practiceVersion, Systems: []listingSystem{}}
	for _, s := range deck {
		system := listingSystem{ID: s.ID, Title: s.Title, Operations: []listingCard{}}
		for _, c := range s.Cards {
			card := listingCard{ID: c.ID, Title: c.Title}
			if st := d.plan.State(c.ID); st != nil {
				card.Seen, card.Due = st.Seen, &st.Due
			}
			system.Operations = append(system.Operations, card)
		}
		l.Systems = append(l.Systems, system)
	}
	return l
}

func newPracticeShow(o *practiceOptions) *cobra.Command {
	var format string
	var answers bool
	c := &cobra.Command{
		Use:   "show SYSTEM/OPERATION",
		Short: "Show one operation, without its answers unless they are asked for",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d, err := o.openCards(c)
			if err != nil {
				return err
			}
			card, err := d.card(args[0])
			if err != nil {
				return err
			}
			if format == "json" {
				return o.writeJSON(d.showing(card, answers))
			}
			o.show(d, card, answers)
			return nil
		},
		ValidArgsFunction: o.completeCards,
	}
	c.Flags().BoolVar(&answers, "answers", false, "show the answers, the verdict and everything else besides")
	enumVar(c, c.Flags(), &format, "format", practiceFormats(), "the output `format`")
	return c
}

func (o *practiceOptions) show(d *practiceSession, c *practice.Card, answers bool) {
	p := o.pen()
	fmt.Fprint(o.streams.Out, d.Front(p, c))
	if !answers {
		return
	}
	fmt.Fprint(o.streams.Out, "\n"+d.Explain(p, c, nil)+d.Spoken(p, c))
	if c.FollowUp != nil {
		fmt.Fprint(o.streams.Out, "\n"+d.Fact(p, c)+d.ExplainFollowUp(p, c, nil))
	}
}

// showing is a card as JSON; what gives the answer away is left out unless it
// was asked for.
type showing struct {
	Version int       `json:"version"`
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Prompt  string    `json:"prompt"`
	Hints   []string  `json:"hints"`
	Solved  *solution `json:"solution,omitempty"`
}

// solution is all that a card knows about its right answer.
type solution struct {
	Answers    map[string]solvedAnswer `json:"answers"`
	Verdict    string                  `json:"verdict"`
	Row        string                  `json:"row"`
	Tempting   string                  `json:"tempting,omitempty"`
	WhyTempts  string                  `json:"why_tempting,omitempty"`
	Safeguards []string                `json:"safeguards"`
	Tradeoff   string                  `json:"tradeoff,omitempty"`
	Spoken     string                  `json:"spoken,omitempty"`
	FollowUp   *solvedFollowUp         `json:"follow_up,omitempty"`
}

type solvedAnswer struct {
	Is      string `json:"is"`
	Latency string `json:"latency,omitempty"` // the duration that stands for the answer
	Why     string `json:"why,omitempty"`
}

type solvedFollowUp struct {
	Fact    string   `json:"fact"`
	Changes []string `json:"changes"`
	Verdict string   `json:"verdict"`
	Why     string   `json:"why"`
}

func (d *practiceSession) showing(c *practice.Card, answers bool) showing {
	s := showing{Version: practiceVersion, ID: c.ID, Title: c.Title, Prompt: c.Prompt, Hints: append([]string{}, c.Hints...)}
	if answers {
		s.Solved = d.solution(c)
	}
	return s
}

func (d *practiceSession) solution(c *practice.Card) *solution {
	s := &solution{Answers: map[string]solvedAnswer{}, Verdict: c.Verdict.String(), WhyTempts: c.Tempting.Why,
		Row:        d.Knowledge.Table.RowsOf(d.Knowledge.Table.Decide(c.Answers))[0].Name,
		Safeguards: append([]string{}, c.Safeguards...), Tradeoff: c.Tradeoff, Spoken: c.Spoken}
	if c.Tempting.Verdict != decide.Undecided {
		s.Tempting = c.Tempting.Verdict.String()
	}
	for _, q := range decide.Questions() {
		a := solvedAnswer{Is: c.Answers[q].String(), Why: c.Why[q]}
		if q == decide.Latency && c.Latency > 0 {
			a.Latency = c.Latency.String()
		}
		s.Answers[q.String()] = a
	}
	if f := c.FollowUp; f != nil {
		s.FollowUp = &solvedFollowUp{Fact: f.Fact, Changes: []string{}, Verdict: f.Verdict.String(), Why: f.Why}
		for _, q := range c.Changed() {
			s.FollowUp.Changes = append(s.FollowUp.Changes, q.String())
		}
	}
	return s
}
