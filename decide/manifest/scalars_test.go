package manifest

import (
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/yamlfile"
)

// A text is read to the value that it plainly is, or refused with the reason.
func check[V comparable](t *testing.T, lang yamlfile.Scalar[V], values map[string]V, faults map[string]string) {
	t.Helper()
	for text, want := range values {
		if got, f := lang.Parse(text); got != want || !f.None() {
			t.Errorf("parse(%q) = %v, %q, want %v", text, got, f.Why, want)
		}
	}
	for text, want := range faults {
		if got, f := lang.Parse(text); f.Why != want {
			t.Errorf("parse(%q) = %v, %q, want the fault %q", text, got, f.Why, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	var (
		yes     = answered{answer: decide.Yes}
		no      = answered{answer: decide.No}
		unknown = answered{}
	)
	for _, q := range decide.Questions() {
		check(t, answers(q), map[string]answered{
			"yes": yes, "YES": yes, "true": yes, "on": yes, "no": no, "False": no, "off": no, "unknown": unknown, "Unknown": unknown,
		}, nil)
		for text, only := range map[string]decide.Question{"later": decide.Immediacy, "beyond": decide.Latency} {
			if _, f := answers(q).Parse(text); f.None() != (q == only) {
				t.Errorf("%s: parse(%q) gives the fault %q", q, text, f.Why)
			}
		}
	}
	check(t, answers(decide.Latency), map[string]answered{"900ms": {latency: 900 * time.Millisecond}, "2s": {latency: 2 * time.Second}}, map[string]string{
		"0": "a duration must be greater than zero", "-1s": "a duration can't be negative", "2": "a duration needs a unit",
		"soon": "expected no, yes, beyond, unknown, or a duration such as 250ms or 2s",
	})
	check(t, answers(decide.Coupling), nil, map[string]string{"soon": "expected one of yes, no, unknown", "2s": "expected one of yes, no, unknown"})
}

func TestMode(t *testing.T) {
	check(t, Mode(), map[string]decide.Verdict{"sync": decide.Sync, "async": decide.Async, "hybrid": decide.Hybrid}, map[string]string{
		"undecided": "expected one of sync, async, hybrid", "": "expected one of sync, async, hybrid",
	})
}

func TestVersion(t *testing.T) {
	check(t, version(), map[string]int{"1": 1}, map[string]string{
		"2": "only version 1 is known", "0": "must be at least 1", "1.0": "expected a whole number in decimal digits",
	})
}
