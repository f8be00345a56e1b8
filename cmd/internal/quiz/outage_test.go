package quiz

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/practice"
	"waitornot/decide/simulate"
	"waitornot/rules/knowledge"
)

func chance(step int) simulate.Chance { return rand.New(rand.NewPCG(1, uint64(step+1))) }

// A card shows both ways through the outage, in its width and in the characters that there
// are; the verdict decides what is said of the queue.
func TestOutageShown(t *testing.T) {
	t.Parallel()
	c := &practice.Card{Latency: 900 * time.Millisecond, Verdict: decide.Sync}
	c.Answers[decide.Coupling] = decide.Yes
	for _, width := range []int{40, 60, 80, 140} {
		for _, ascii := range []bool{true, false} {
			b := Wording{Outages: Outages{Chance: chance, ASCII: ascii}}
			got := b.outage(Writer{Width: width}, c)
			for _, l := range strings.Split(got, "\n") {
				if term.Cells(l) > width {
					t.Errorf("wider than %d: %q", width, l)
				}
			}
			if strings.ContainsFunc(got, func(r rune) bool { return r > 126 }) == ascii {
				t.Errorf("ASCII is %v:\n%s", ascii, got)
			}
			flat := strings.Join(strings.Fields(got), " ")
			for _, want := range []string{
				"What happens to users if the callee is down for 5m?", "assuming 10 requests a second and a timeout of 1.8s",
				" sync ", "0% succeed; the others wait 1.8s for an error", " async ", "About 3000 messages wait", "the caller can't continue without them",
			} {
				if !strings.Contains(flat, want) {
					t.Errorf("at %d columns it doesn't say %q:\n%s", width, want, got)
				}
			}
		}
	}
	b := Wording{Outages: Outages{Chance: chance}}
	c.Verdict = decide.Hybrid
	if got := b.outage(Writer{Width: 80}, c); !strings.Contains(got, "hybrid") || strings.Contains(got, "to go on") {
		t.Errorf("as hybrid:\n%s", got)
	}
	if got := new(Wording).outage(Writer{Width: 80}, c); got != "" {
		t.Errorf("without chance it shows\n%s", got)
	}
	c.Latency = 0
	if got := b.outage(Writer{Width: 80}, c); got != "" {
		t.Errorf("without a time it shows\n%s", got)
	}
}

// Of the cards that come with the program, those show an outage whose callee could go down
// and whose time is given.
func TestOutagesOfTheDeck(t *testing.T) {
	t.Parallel()
	deck, err := knowledge.LoadScenarios()
	if err != nil {
		t.Fatal(err)
	}
	b, shown := Wording{Outages: Outages{Chance: chance}}, 0
	for i, c := range deck.Cards() {
		if i%8 > 0 {
			continue // an eighth of them will do
		}
		got := b.outage(Writer{Width: 80}, c)
		if got != "" {
			shown++
		}
		if want := c.Answers[decide.Coupling] == decide.Yes && c.Latency > 0 && c.Latency <= practice.OutageLength; want != (got != "") {
			t.Errorf("%s shows an outage: %v, want %v", c.ID, got != "", want)
		}
		if strings.Contains(got, "NaN") || strings.Contains(got, "-") {
			t.Errorf("%s shows\n%s", c.ID, got)
		}
	}
	if shown < 5 {
		t.Errorf("%d cards show an outage", shown)
	}
}
