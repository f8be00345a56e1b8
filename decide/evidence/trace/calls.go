package trace

import "time"

// covers reports whether a client's span lasted until its callee was done. A
// callee may notice a little late that its answer is sent; one that goes on for
// long works on what nobody waits for.
func covers(client, server int64) bool {
	return server <= client+client/2+lateEnd
}

const lateEnd = 25 * int64(time.Millisecond)

// A call is one use of an operation: a request with its retries, or a message
// to one service with its deliveries.
type call struct {
	key
	entry    int32
	start    int64
	end      int64
	failed   bool
	waited   bool
	parallel bool
	accepted bool // answered 202
	polled   bool
	attempts int32

	// What tells repeats of one request from other requests, as its caller sees it.
	span     int32 // of the client; none without
	peer     word
	asked    word // the name that the client's span gives
	path     uint32
	resend   uint8
	timedOut bool
	wrapper  int32

	queued, handled []int64
}

// client makes a call of a client's span.
func (j *joiner) client(i int32) {
	r := &j.spans[i]
	c := call{
		entry: j.entry[i], span: i, start: r.start, end: r.end, failed: r.has(failed), timedOut: r.has(timedOut),
		accepted: r.status == 202, attempts: 1, peer: r.peer, asked: r.name, path: r.path, resend: r.resend, wrapper: none,
	}
	c.key = key{caller: r.service, callee: r.peer, name: r.name, broker: r.broker, open: true}
	if p := j.parent[i]; p != none && j.wraps[p] {
		c.wrapper = p
	}
	covered := true
	if at, others := j.answering(i); at != none {
		s := &j.spans[at]
		c.callee, c.open = s.service, false
		if s.has(template) || !r.has(template) {
			c.name = s.name
		}
		c.attempts += others
		c.failed = c.failed || s.has(failed)
		c.accepted = c.accepted || s.status == 202
		j.learn(r, c.key)
		if covered = r.has(failed) || covers(r.took(), s.took()); !covered {
			c.end = c.start + s.took()
		}
	} else if r.peer == 0 {
		return // nothing says whom it called
	}
	c.waited = covered && j.inTime(c.entry, i, r.end)
	j.calls = append(j.calls, c)
}

// inTime reports whether the work that a span belongs to went on until the span
// had ended.
func (j *joiner) inTime(entry, span int32, end int64) bool {
	return entry == span || !j.whole(entry) || j.spans[entry].end+slack >= end
}

// answering returns the callee's span of a client's, and how many others of the
// callee there are: repeats that something between the two made.
func (j *joiner) answering(i int32) (at, others int32) {
	at = none
	for c := j.child[i]; c != none; c = j.sibling[c] {
		r := &j.spans[c]
		foreign := r.service != j.spans[i].service && r.kind != client && r.kind != producer && r.kind != consumer
		if r.kind != server && !foreign {
			continue
		}
		switch {
		case at == none:
			at = c
		case r.service == j.spans[at].service && r.kind == j.spans[at].kind:
			others++
			at = c // the last one answered
		}
	}
	return at, others
}

// arrived looks at the span of a callee that no client's span stands above.
func (j *joiner) arrived(i int32) {
	r := &j.spans[i]
	p := j.parent[i]
	if p == none {
		if r.parent != 0 && !r.has(receives) {
			j.orphans++
		}
		return
	}
	above := &j.spans[p]
	if r.kind != server || above.kind == client || above.kind == producer || above.service == r.service {
		return
	}
	c := call{
		key:   key{caller: above.service, callee: r.service, name: r.name},
		entry: j.entry[p], span: none, start: r.start, end: r.end, failed: r.has(failed), accepted: r.status == 202, attempts: 1,
		peer: r.service, asked: r.name, wrapper: none,
	}
	// The caller's clock may be another one: nothing starts before its cause.
	end := r.end + max(above.start-r.start, 0)
	c.waited = j.inTime(c.entry, none, end)
	j.calls = append(j.calls, c)
}
