package quiz

import (
	"strings"
	"testing"
	"time"

	"waitornot/decide/practice"
)

// The list of systems counts in columns: one operation is one, and its line is as wide as
// those of several.
func TestListing(t *testing.T) {
	t.Parallel()
	system := func(id string, cards int) *practice.System {
		s := &practice.System{ID: id, Title: "T"}
		for range cards {
			s.Cards = append(s.Cards, &practice.Card{ID: id})
		}
		return s
	}
	plan, err := practice.Schedule(&practice.History{}, practice.Deck{})
	if err != nil {
		t.Fatal(err)
	}
	l := Listing{Deck: practice.Deck{system("own:a", 1), system("shop", 2), system("bank", 12)}, Plan: plan, Now: time.Unix(0, 0)}
	want := "own:a   1 operation ,  0 seen,  0 due  T\nshop    2 operations,  0 seen,  0 due  T\nbank   12 operations,  0 seen,  0 due  T\n"
	if got := l.Text(); got != want {
		t.Errorf("the list\n%swant\n%s", got, want)
	}
	l.Operations = true
	if got := l.Text(); strings.Count(got, "\n") != 15 || !strings.HasPrefix(got, "own:a  new") {
		t.Errorf("the operations\n%s", got)
	}
}
