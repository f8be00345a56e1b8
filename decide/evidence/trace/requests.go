package trace

import (
	"cmp"
	"slices"
	"time"
)

// requests looks at the calls of each request together: what ran beside what,
// how often, what was asked for again, and whose trouble became whose.
func (j *joiner) requests() {
	slices.SortStableFunc(j.calls, func(a, b call) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), compareKeys(a.key, b.key))
	})
	for calls := j.calls; len(calls) > 0; {
		n := 1
		for n < len(calls) && calls[n].entry == calls[0].entry {
			n++
		}
		adopt(calls[:n])
		markParallel(calls[:n])
		markPolled(calls[:n])
		j.request(calls[:n])
		calls = calls[n:]
	}
}

// adopt gives calls that nobody's span answers the operation of those in the same
// request that asked the same under the same address, and arrived.
func adopt(calls []call) {
	for i := range calls {
		if !calls[i].open || calls[i].message {
			continue
		}
		for k := range calls[:min(len(calls), mostAdopting)] {
			if o := &calls[k]; !o.open && o.span != none && o.caller == calls[i].caller && o.peer == calls[i].peer && o.asked == calls[i].asked {
				calls[i].key = o.key
				break
			}
		}
	}
}

// mostAdopting bounds how many calls of a request are searched for one that
// arrived.
const mostAdopting = 1000

// markParallel finds calls that overlap another one for which the caller waited,
// too. Calls come by their start.
func markParallel(calls []call) {
	before := -1 // the one that ends last
	for i := range calls {
		if calls[i].message || !calls[i].waited {
			continue
		}
		if before >= 0 && overlap(&calls[before], &calls[i]) {
			calls[i].parallel, calls[before].parallel = true, true
		}
		if before < 0 || calls[i].end > calls[before].end {
			before = i
		}
	}
}

// overlap reports whether two calls, of which b begins later, ran side by side for
// a fourth of the shorter one at least. A recorder that writes whole milliseconds
// makes calls that follow each other seem to overlap by up to slack.
func overlap(a, b *call) bool {
	beside, least := min(a.end, b.end)-b.start, int64(0)
	if b.start%int64(time.Millisecond) == 0 {
		least = slack
	}
	return beside > least && beside >= min(a.end-a.start, b.end-b.start)/4
}

// markPolled finds calls that were answered 202 and followed by queries to the
// same callee, twice or more.
func markPolled(calls []call) {
	for i := range calls {
		if !calls[i].accepted {
			continue
		}
		queries := 0
		for k := i + 1; k < len(calls) && queries < 2; k++ {
			if q := &calls[k]; q.callee == calls[i].callee && q.open == calls[i].open && !q.message && !q.accepted && q.key != calls[i].key && q.start+slack >= calls[i].end {
				queries++
			}
		}
		calls[i].polled = queries == 2
	}
}

// request counts one request of the caller for each operation that it used.
func (j *joiner) request(calls []call) {
	entry := calls[0].entry
	whole := j.whole(entry) && entry != calls[0].span
	list := slices.Clone(calls)
	slices.SortStableFunc(list, func(a, b call) int { return compareKeys(a.key, b.key) })
	for len(list) > 0 {
		n, worst, bad := 1, list[0].end-list[0].start, list[0].failed
		for ; n < len(list) && list[n].key == list[0].key; n++ {
			worst, bad = max(worst, list[n].end-list[n].start), bad || list[n].failed
		}
		o := j.operation(list[0].key)
		o.requests++
		if whole {
			e := &j.spans[entry]
			o.troubles[trouble{
				entry: entryKey{e.service, e.name}, callee: coarse(worst), caller: coarse(e.took()),
				calleeFailed: bad, callerFailed: e.has(failed),
			}]++
		}
		list = list[n:]
	}
}
