package quiz

import (
	"fmt"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/decide/practice"
)

// A Listing is what there is to practice on, and how far each of it is.
type Listing struct {
	Deck       practice.Deck
	Plan       *practice.Plan
	Now        time.Time
	Operations bool // list operations, not systems
}

// Text writes a line for each system, or for each operation.
func (l *Listing) Text() string {
	var out strings.Builder
	wide := 0
	if !l.Operations {
		for _, s := range l.Deck {
			wide = max(wide, term.Cells(term.Safe(s.ID)))
		}
		for _, s := range l.Deck {
			seen, due := l.progress(s)
			fmt.Fprintf(&out, "%s  %s, %2d seen, %2d due  %s\n",
				term.Pad(term.Safe(s.ID), wide), operations(len(s.Cards)), seen, due, term.Safe(s.Title))
		}
		return out.String()
	}
	for _, c := range l.Deck.Cards() {
		wide = max(wide, term.Cells(term.Safe(c.ID)))
	}
	for _, c := range l.Deck.Cards() {
		fmt.Fprintf(&out, "%s  %s  %s\n", term.Pad(term.Safe(c.ID), wide), term.Pad(l.when(c), len("due 2006-01-02")), term.Safe(c.Title))
	}
	return out.String()
}

// operations counts operations in a column.
func operations(n int) string {
	if n == 1 {
		return " 1 operation "
	}
	return fmt.Sprintf("%2d operations", n)
}

// when says when a card is to be seen again.
func (l *Listing) when(c *practice.Card) string {
	switch s := l.Plan.State(c.ID); {
	case s == nil:
		return "new"
	case !s.Due.After(l.Now):
		return "due now"
	default:
		return "due " + s.Due.In(l.Now.Location()).Format(time.DateOnly)
	}
}

// progress counts the cards of a system that were seen, and those due now.
func (l *Listing) progress(s *practice.System) (seen, due int) {
	for _, c := range s.Cards {
		if st := l.Plan.State(c.ID); st != nil {
			seen++
			if !st.Due.After(l.Now) {
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

// JSON returns the list as it is written in JSON.
func (l *Listing) JSON() any {
	list := listing{Version: jsonVersion, Systems: []listingSystem{}}
	for _, s := range l.Deck {
		system := listingSystem{ID: s.ID, Title: s.Title, Operations: []listingCard{}}
		for _, c := range s.Cards {
			card := listingCard{ID: c.ID, Title: c.Title}
			if st := l.Plan.State(c.ID); st != nil {
				card.Seen, card.Due = st.Seen, &st.Due
			}
			system.Operations = append(system.Operations, card)
		}
		list.Systems = append(list.Systems, system)
	}
	return list
}
