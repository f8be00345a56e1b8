package mcp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What changed is said from and to, and no more of it than an agent needs.
func TestFactsOf(t *testing.T) {
	t.Parallel()
	s := func(text string) *string { return &text }
	long := strings.Repeat("é", 61)
	got := factsOf([]changedValue{{"timeout", s("2s"), s("3s")}, {"guards", nil, s("bulkhead")}, {"waivers", nil, nil}, {"description", s(long), s(long[:120])}})
	want := []string{"timeout: 2s -> 3s", "guards: not set -> bulkhead", "waivers", "description: " + strings.Repeat("é", 59) + "… -> " + strings.Repeat("é", 60)}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	var many []changedValue
	for i := range maxValues + 2 {
		many = append(many, changedValue{Key: fmt.Sprint("x-", i)})
	}
	if got := factsOf(many[:maxValues+1]); len(got) != maxValues+1 || got[maxValues] != fmt.Sprint("x-", maxValues) {
		t.Errorf("one more than shown: %q", got)
	}
	if got := factsOf(many); len(got) != maxValues+1 || got[maxValues] != "and 2 more" {
		t.Errorf("two more than shown: %q", got)
	}
}
