package knowledge

import (
	"slices"
	"testing"

	"waitornot/decide"
)

// A read has no outcome to reconcile, no intent to record and no key to send; a late
// repeat that nobody wants may still be tried again inside the deadline.
func TestSafeguardsOfReads(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	const y, n = decide.Yes, decide.No
	for _, test := range []struct {
		name    string
		answers decide.Answers
		facts   decide.Facts
		id      string
		due     bool
	}{
		{"a command that may have been done", decide.Answers{y, decide.Unsafe, y, y}, decide.Command, "reconcile", true},
		{"a command that nobody wants later", decide.Answers{y, decide.TooLate, y, y}, decide.Command, "persist-intent", true},
		{"a read", decide.Answers{y, n, y, y}, decide.Query, "reconcile", false},
		{"a read", decide.Answers{y, n, y, y}, decide.Query, "persist-intent", false},
		{"a write that is retried", decide.Answers{y, y, n, n}, decide.Command, "idempotency-key", true},
		{"a read that is retried", decide.Answers{y, y, n, n}, decide.Query, "idempotency-key", false},
		{"harmless, but too late", decide.Answers{y, decide.TooLate, n, n}, 0, "bounded-retry", true},
		{"harmful", decide.Answers{y, decide.Unsafe, n, n}, 0, "bounded-retry", false},
		{"no without a reason", decide.Answers{y, n, n, n}, 0, "bounded-retry", false},
		{"a refund of a third party", decide.Answers{n, y, y, y}, decide.Command | decide.External, "idempotency-key", true},
		{"a refund of a third party", decide.Answers{n, y, y, y}, decide.Command | decide.External, "dead-letter-queue", true},
		{"a mail of one's own", decide.Answers{n, y, y, y}, decide.Command, "idempotency-key", false},
		{"nobody wants it later", decide.Answers{n, decide.TooLate, y, y}, 0, "single-delivery", false},
		{"nobody wants it later", decide.Answers{n, decide.TooLate, y, y}, 0, "park-and-alert", false},
		{"nobody wants it later", decide.Answers{n, decide.TooLate, n, y}, 0, "bounded-queue", true},
		{"it harms when repeated", decide.Answers{n, decide.Unsafe, y, y}, 0, "single-delivery", true},
		{"no without a reason", decide.Answers{n, n, y, y}, 0, "single-delivery", true},
		{"a read after which the caller goes on", decide.Answers{n, y, n, y}, decide.Query, "after-commit", false},
		{"a gate", decide.Answers{n, y, y, y}, decide.Gate | decide.Compensated, "compensation", true},
		{"a step that nothing undoes", decide.Answers{n, y, y, y}, decide.Compensated, "compensation", false},
		{"the next page reads it", decide.Answers{n, y, y, y}, decide.ReadBack | decide.ReadServed, "read-your-writes", true},
		{"the next page reads it, later", decide.Answers{decide.Later, y, y, y}, decide.ReadBack, "read-your-writes", true},
		{"the next page reads it, and the caller waits", decide.Answers{n, y, y, y}, decide.ReadBack, "read-your-writes", false},
		{"the next page reads it, after it's done", decide.Answers{y, y, n, y}, decide.ReadBack, "read-your-writes", false},
	} {
		r := a.Knowledge.Recommend(test.answers, test.facts)
		due := slices.ContainsFunc(r.Safeguards, func(d decide.Due) bool { return d.ID == test.id })
		if due != test.due {
			t.Errorf("%s: %s due: %t, want %t", test.name, test.id, due, test.due)
		}
	}
}

// What a verdict costs follows the answers and the pattern.
func TestCostsFollowAnswersAndPattern(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	const y, n = decide.Yes, decide.No
	for _, test := range []struct {
		answers decide.Answers
		facts   decide.Facts
		cost    string
		paid    bool
	}{
		{decide.Answers{y, n, n, y}, 0, "tight coupling to the callee", true},
		{decide.Answers{y, n, n, n}, 0, "tight coupling to the callee", false},
		{decide.Answers{y, n, n, n}, 0, "cascading failure when the callee is slow", false},
		{decide.Answers{n, y, y, y}, 0, "broker infrastructure to run", true},
		{decide.Answers{n, y, y, n}, 0, "broker infrastructure to run", false}, // a job table
		{decide.Answers{n, y, y, n}, 0, "a worker to run", true},
		{decide.Answers{y, n, n, n}, decide.Local, "the caller is blocked while it waits", false}, // a direct call
	} {
		r := a.Knowledge.Recommend(test.answers, test.facts)
		if got := slices.Contains(r.Tradeoff.Costs, test.cost); got != test.paid {
			t.Errorf("%s, pattern %s: %q paid: %t, want %t", test.answers, r.Pattern.ID, test.cost, got, test.paid)
		}
	}
}
