package manifest

import (
	"slices"
	"testing"
	"time"

	"waitornot/decide/diag"
)

// Every key that differs has a value that says so, or its name alone where no line shows it.
func TestChanges(t *testing.T) {
	given := diag.Range{Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 2}}
	at := func(s string) Field[string] { return Field[string]{Value: s, Range: given} }
	a, b := &Operation{}, &Operation{}
	a.Timeout = Field[time.Duration]{Value: 2 * time.Second, Range: given}
	b.Timeout = Field[time.Duration]{Value: 3 * time.Second, Range: given}
	b.Guards = []Field[string]{at("bulkhead"), at("fallback")}
	a.Retry.Attempts = Field[int]{Value: 3, Range: given}
	b.Waivers = []Waiver{{Rule: at("WN301")}}
	a.Writes, b.Writes = at("orders"), at("orders")
	want := []ValueChange{
		{"timeout", "2s", "3s"}, {"retry.attempts", "3", ""}, {"guards", "", "bulkhead, fallback"}, {"waivers", "", ""},
	}
	if got := Changes(a, b); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Changes(a, a); got != nil {
		t.Errorf("%q of the same", got)
	}
}
