package trace

import (
	"cmp"
	"slices"
)

// retried joins attempts to calls: a request that repeats another one after it
// failed, that its client counts as a repeat, or that stands with it in one
// client's span.
func (j *joiner) retried() {
	slices.SortStableFunc(j.calls, func(a, b call) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.caller, b.caller), cmp.Compare(a.peer, b.peer), cmp.Compare(a.asked, b.asked),
			cmp.Compare(a.path, b.path), cmp.Compare(a.start, b.start), cmp.Compare(a.span, b.span))
	})
	kept := j.calls[:0]
	for _, c := range j.calls {
		if c.timedOut {
			j.gaveUp(c.key, c.end-c.start)
		}
		if before := repeated(kept, &c); before != nil {
			before.add(&c)
			continue
		}
		kept = append(kept, c)
	}
	j.calls = kept
	j.unwrap()
}

// lookBack is how many calls back the one that is repeated may be, when equal
// requests run beside each other.
const lookBack = 8

// repeated returns the call of which c is another attempt.
func repeated(calls []call, c *call) *call {
	if c.message || c.span == none {
		return nil
	}
	for i := len(calls) - 1; i >= max(len(calls)-lookBack, 0); i-- {
		b := &calls[i]
		if b.message || b.span == none || b.entry != c.entry || b.caller != c.caller || b.peer != c.peer || b.asked != c.asked || b.path != c.path {
			return nil
		}
		again := b.failed || c.resend > 0 || c.wrapper != none && b.wrapper == c.wrapper
		if again && c.start+slack >= b.end && c.entry != c.span {
			return b
		}
	}
	return nil
}

// add makes c the last attempt of b.
func (b *call) add(c *call) {
	if b.open {
		b.key = c.key
	}
	b.end, b.failed, b.waited, b.accepted = c.end, c.failed, c.waited, c.accepted
	b.attempts += c.attempts
}

// unwrap gives calls that fill a client's span of their own its times: they are
// what the caller saw.
func (j *joiner) unwrap() {
	inside := fit(j.visited, len(j.spans)) // calls by wrapper
	clear(inside)
	j.visited = inside
	for i := range j.calls {
		if w := j.calls[i].wrapper; w != none {
			inside[w]++
		}
	}
	for i := range j.calls {
		if c := &j.calls[i]; c.wrapper != none && inside[c.wrapper] == 1 {
			w := &j.spans[c.wrapper]
			c.start, c.end, c.failed = min(c.start, w.start), max(c.end, w.end), w.has(failed)
		}
	}
}
