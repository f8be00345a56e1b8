package trace

import (
	"cmp"
	"slices"
)

// message makes a call for each service that a message was delivered to.
func (j *joiner) message(i int32) {
	r := &j.spans[i]
	base := call{
		key:   key{caller: r.service, callee: r.broker, name: r.name, channel: r.channel, broker: r.broker, open: true, message: true},
		entry: j.entry[i], span: i, start: r.start, end: r.end, failed: r.has(failed), attempts: 1, wrapper: none,
	}
	delivered := j.deliveries(i)
	if len(delivered) == 0 {
		j.calls = append(j.calls, base)
		return
	}
	for len(delivered) > 0 {
		n := 1
		for n < len(delivered) && j.spans[delivered[n]].service == j.spans[delivered[0]].service {
			n++
		}
		j.calls = append(j.calls, j.delivery(base, r, delivered[:n]))
		delivered = delivered[n:]
	}
}

// deliveries returns the spans of consumers that handled a message, by service
// and time.
func (j *joiner) deliveries(i int32) []int32 {
	list := j.visited[:0]
	for c := j.child[i]; c != none; c = j.sibling[c] {
		r := &j.spans[c]
		if r.kind == consumer || r.service != j.spans[i].service && r.kind != client && r.kind != producer {
			list = append(list, j.handling(c))
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int {
		return cmp.Or(cmp.Compare(j.spans[a].service, j.spans[b].service), cmp.Compare(a, b))
	})
	j.visited = list
	return slices.DeleteFunc(list, func(at int32) bool {
		return j.spans[at].has(receives) && slices.ContainsFunc(list, func(other int32) bool {
			return j.spans[other].service == j.spans[at].service && !j.spans[other].has(receives)
		})
	})
}

// handling returns the span in which a fetched message is handled, if there is
// one of its own.
func (j *joiner) handling(at int32) int32 {
	if !j.spans[at].has(receives) {
		return at
	}
	for c := j.child[at]; c != none; c = j.sibling[c] {
		if r := &j.spans[c]; r.kind == consumer && r.service == j.spans[at].service && !r.has(receives) {
			return c
		}
	}
	return at
}

// delivery makes the call of a message to one service.
func (j *joiner) delivery(c call, sent *record, at []int32) call {
	first, last := &j.spans[at[0]], &j.spans[at[len(at)-1]]
	c.callee, c.open = first.service, false
	c.attempts = int32(len(at))
	c.failed = last.has(failed)
	c.queued = []int64{max(first.start-sent.end, 0)}
	for _, i := range at {
		c.handled = append(c.handled, j.spans[i].took())
	}
	// A consumer whose clock is behind seems to begin before the message was sent.
	c.end = max(last.end, sent.end+last.took())
	return c
}
