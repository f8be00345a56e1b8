package quiz

import (
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/decide/practice"
	"waitornot/rules/knowledge"
)

// At every step of every card, on every level, a terminal of 80 by 24 shows the whole card
// beside the question, and never more lines than it has.
func TestCardInView(t *testing.T) {
	t.Parallel()
	adviser, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	deck, err := knowledge.LoadScenarios()
	if err != nil {
		t.Fatal(err)
	}
	coach, err := knowledge.LoadCoach()
	if err != nil {
		t.Fatal(err)
	}
	words := &Wording{Framework: adviser.Framework, Knowledge: adviser.Knowledge, Deck: deck}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	screens := 0
	for i, level := range []practice.Level{practice.Given, practice.Ask, ""} {
		for _, system := range deck {
			mode := practice.Drill
			if level == "" {
				mode = practice.Mock
			}
			s := practice.NewSession("s", mode, system.Cards, adviser.Knowledge, uint64(i), time.Hour)
			s.Coach = coach
			for range system.Cards {
				s.Levels = append(s.Levels, level)
			}
			s.Begin(now)
			g := &Game{Wording: words, Session: s, Now: func() time.Time { return now }, Record: func(...practice.Event) error { return nil }, Writer: Writer{Width: 80}}
			b := &screenModel{game: g, seen: -1, height: 24}
			b.next()
			for !b.over {
				view := b.View()
				screens++
				if n := strings.Count(view, "\n") + 1; n > 24 {
					t.Errorf("%s, %s: %d lines\n%s", b.step.Card.ID, b.step.Part, n, view)
				}
				if len(b.pages) > 0 {
					b.readOn()
					continue
				}
				last := lastLine(g, b.step)
				if !strings.Contains(view, last) {
					t.Errorf("%s, %s: the card isn't in view:\n%s", b.step.Card.ID, b.step.Part, view)
				}
				word := "I would wait."
				if len(b.step.Options) > 0 {
					word = b.step.Options[0]
				}
				b.play(Move{Word: word})
			}
			if b.err != nil {
				t.Fatal(b.err)
			}
		}
	}
	t.Logf("%d screens", screens)
}

// lastLine is the last line of what is given of a card, as it is wrapped.
func lastLine(g *Game, step practice.Step) string {
	lines := split(g.Scene(Writer{Width: 80, Painter: term.Painter{}}, step))
	return lines[len(lines)-1]
}
