package trace

import (
	"cmp"
	"slices"
	"time"
)

// slack is how much earlier than it should a span may end and still count as
// ended in time. Some recorders write whole milliseconds for the begin and add a
// duration to it, and a busy process notices the end of a call late.
const slack = 2 * int64(time.Millisecond)

// covers reports whether a client's span lasted until its callee was done. A
// callee may notice a little late that its answer is sent; one that goes on for
// long works on what nobody waits for.
func covers(client, server int64) bool {
	return server <= client+client/2+lateEnd
}

const lateEnd = 25 * int64(time.Millisecond)

const none = int32(-1)

// A joiner makes calls of the spans of one trace after the other, and counts
// them. Its slices run beside spans.
type joiner struct {
	statistics
	spans   []record
	ids     map[uint64]int32
	servers map[uint64]int32 // servers with their client's id
	parent  []int32
	child   []int32 // the first
	sibling []int32 // the next
	entry   []int32 // see entries
	wraps   []bool  // a client's span around others of its service
	calls   []call
	visited []int32
}

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

// all joins the records of a partition.
func (j *joiner) all(records []record) {
	slices.SortFunc(records, compareRecords)
	for len(records) > 0 {
		n := 1
		for n < len(records) && records[n].trace == records[0].trace {
			n++
		}
		j.trace(records[:n])
		records = records[n:]
	}
}

func compareRecords(a, b record) int {
	switch {
	case a.trace[0] != b.trace[0]:
		return cmp.Compare(a.trace[0], b.trace[0])
	case a.trace[1] != b.trace[1]:
		return cmp.Compare(a.trace[1], b.trace[1])
	case a.start != b.start:
		return cmp.Compare(a.start, b.start)
	}
	return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.id, b.id), cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.parent, b.parent), cmp.Compare(a.service, b.service), cmp.Compare(a.flags, b.flags), cmp.Compare(a.name, b.name))
}

func (j *joiner) trace(records []record) {
	j.index(records)
	j.place()
	j.entries()
	j.calls = j.calls[:0]
	for i := range j.spans {
		switch r := &j.spans[i]; {
		case r.has(linked):
			if j.parent[i] == none {
				j.orphans++
			}
			continue
		case r.kind == client && !j.wraps[i]:
			j.client(int32(i))
		case r.kind == producer:
			j.message(int32(i))
		case r.kind == server || r.kind == consumer:
			j.arrived(int32(i))
		}
		j.seen(&j.spans[i])
	}
	j.retried()
	j.requests()
	for i := range j.calls {
		j.count(&j.calls[i])
	}
}

// index finds spans by id. A span that arrived twice counts once.
func (j *joiner) index(records []record) {
	j.spans = j.spans[:0]
	if j.ids == nil {
		j.ids, j.servers = make(map[uint64]int32), make(map[uint64]int32)
	}
	clear(j.ids)
	clear(j.servers)
	for _, r := range records {
		if r.has(linked) {
			if n := len(j.spans); n == 0 || j.spans[n-1] != r { // equal ones come one after the other
				j.spans = append(j.spans, r)
			}
			continue
		}
		at := int32(len(j.spans))
		if other, taken := j.ids[r.id]; taken {
			o := &j.spans[other]
			switch {
			case o.kind == r.kind:
				continue
			case r.kind == server || r.kind == consumer:
				if _, taken := j.servers[r.id]; taken {
					continue
				}
				j.servers[r.id] = at
			default:
				if _, taken := j.servers[r.id]; taken {
					continue
				}
				j.servers[r.id], j.ids[r.id] = other, at
			}
		} else {
			j.ids[r.id] = at
		}
		j.spans = append(j.spans, r)
	}
}

// place finds parents and children. Children come in the order of spans.
func (j *joiner) place() {
	n := len(j.spans)
	j.parent, j.child, j.sibling = fit(j.parent, n), fit(j.child, n), fit(j.sibling, n)
	j.wraps = fit(j.wraps, n)
	for i := range j.spans {
		j.parent[i], j.child[i], j.wraps[i] = j.above(int32(i)), none, false
	}
	for i := n - 1; i >= 0; i-- {
		p := j.parent[i]
		if p == none {
			continue
		}
		j.sibling[i], j.child[p] = j.child[p], int32(i)
		if j.spans[i].kind == client && j.spans[p].kind == client && j.spans[i].service == j.spans[p].service {
			j.wraps[p] = true
		}
	}
}

// above returns the parent of a span.
func (j *joiner) above(i int32) int32 {
	r := &j.spans[i]
	if s, taken := j.servers[r.id]; taken && s == i { // its client has its id
		return j.ids[r.id]
	}
	p, known := j.ids[r.parent]
	if !known || p == i || r.parent == 0 {
		return none
	}
	if s, taken := j.servers[r.parent]; taken && s != i && j.spans[s].service == r.service {
		return s
	}
	return p
}

func fit[T any](s []T, n int) []T {
	return slices.Grow(s[:0], n)[:n]
}

// entries finds for each span the one that began its service's work on the
// request: the nearest server's or consumer's span above it in the service, or
// the topmost one of the service.
func (j *joiner) entries() {
	j.entry = fit(j.entry, len(j.spans))
	for i := range j.entry {
		j.entry[i] = none
	}
	for i := range j.spans {
		at := int32(i)
		j.visited = j.visited[:0]
		for len(j.visited) <= len(j.spans) { // parents in a circle end somewhere, too
			if j.entry[at] != none {
				at = j.entry[at]
				break
			}
			j.visited = append(j.visited, at)
			p := j.parent[at]
			if begins(&j.spans[at]) || p == none || j.spans[p].service != j.spans[at].service || j.spans[at].has(linked) {
				break
			}
			at = p
		}
		for _, v := range j.visited {
			j.entry[v] = at
		}
	}
}

func begins(r *record) bool { return r.kind == server || r.kind == consumer }

// whole reports whether a span certainly is the begin of its service's work,
// not a part whose beginning was lost.
func (j *joiner) whole(i int32) bool {
	return begins(&j.spans[i]) || j.spans[i].parent == 0
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
