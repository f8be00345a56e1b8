package trace

import (
	"cmp"
	"time"
)

// A key names an operation while words are numbers.
type key struct {
	caller, callee word // the callee is a peer as the caller addresses it when open
	name           word
	channel        word
	broker         word
	open, message  bool
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.caller, b.caller), cmp.Compare(a.callee, b.callee), cmp.Compare(a.name, b.name),
		cmp.Compare(a.channel, b.channel), cmp.Compare(a.broker, b.broker), compareBools(a.open, b.open), compareBools(a.message, b.message))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// An operation is what was counted of one.
type operation struct {
	calls, attempts, waited, failed, parallel int64
	requests                                  int64 // of the caller that used it
	accepted, polled, redelivered             int64

	took    tally           // from the caller's begin to the end, retries included
	queued  tally           // of messages
	handled tally           // of messages, each delivery
	gaveUp  tally           // attempts that ran out of time
	minutes map[int64]int64 // calls by minute since 1970

	troubles map[trouble]int64
}

// A trouble is how one request went for callee and caller. Durations are coarse:
// what counts as slow is known only when all were seen.
type trouble struct {
	entry                      entryKey
	callee, caller             uint8
	calleeFailed, callerFailed bool
}

// An entryKey names the operation that a request of the caller is.
type entryKey struct{ service, name word }

// coarse numbers durations, four to an octave.
func coarse(v int64) uint8 {
	v = max(v, 0)
	if v < 8 {
		return uint8(v)
	}
	shift := 0
	for v>>shift >= 8 {
		shift++
	}
	return uint8(shift*4 + int(v>>shift))
}

// fine is the inverse of coarse, up to half a step.
func fine(n uint8) time.Duration {
	if n < 8 {
		return time.Duration(n)
	}
	shift := int(n)/4 - 1
	low := int64(int(n)-shift*4) << shift
	return time.Duration(low + (1<<shift)/2)
}

// statistics are all counts of one joiner. Those of several add up to the same,
// whatever each of them saw.
type statistics struct {
	operations map[key]*operation
	entriesOf  map[entryKey]*tally
	learned    map[address]map[key]int64
	orphans    int64
	from, to   int64
}

// An address is how a caller's span names a callee and what it asks for.
type address struct{ caller, peer, asked word }

func (s *statistics) init() {
	s.operations = make(map[key]*operation)
	s.entriesOf = make(map[entryKey]*tally)
	s.learned = make(map[address]map[key]int64)
}

func (s *statistics) operation(k key) *operation {
	o := s.operations[k]
	if o == nil {
		o = &operation{minutes: make(map[int64]int64), troubles: make(map[trouble]int64)}
		s.operations[k] = o
	}
	return o
}

// learn remembers who answers under an address.
func (s *statistics) learn(r *record, k key) {
	if r.peer == 0 {
		return
	}
	a := address{r.service, r.peer, r.name}
	if s.learned[a] == nil {
		s.learned[a] = make(map[key]int64)
	}
	s.learned[a][k]++
}

// seen widens the window, and counts a request that arrived.
func (s *statistics) seen(r *record) {
	if r.start > 0 && (s.from == 0 || r.start < s.from) {
		s.from = r.start
	}
	s.to = max(s.to, r.end)
	if begins(r) || r.parent == 0 {
		k := entryKey{r.service, r.name}
		if s.entriesOf[k] == nil {
			s.entriesOf[k] = &tally{}
		}
		s.entriesOf[k].add(r.took())
	}
}

func (s *statistics) gaveUp(k key, took int64) { s.operation(k).gaveUp.add(took) }

func (s *statistics) count(c *call) {
	o := s.operation(c.key)
	o.calls++
	o.attempts += int64(c.attempts)
	o.waited += one(c.waited)
	o.failed += one(c.failed)
	o.parallel += one(c.parallel)
	o.accepted += one(c.accepted)
	o.polled += one(c.polled)
	o.redelivered += one(c.message && c.attempts > 1)
	o.took.add(c.end - c.start)
	for _, v := range c.queued {
		o.queued.add(v)
	}
	for _, v := range c.handled {
		o.handled.add(v)
	}
	o.minutes[c.start/int64(time.Minute)]++
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// merge adds the counts of another.
func (s *statistics) merge(o *statistics) {
	for k, v := range o.operations {
		s.operation(k).merge(v)
	}
	for k, v := range o.entriesOf {
		if s.entriesOf[k] == nil {
			s.entriesOf[k] = &tally{}
		}
		s.entriesOf[k].merge(v)
	}
	for a, targets := range o.learned {
		if s.learned[a] == nil {
			s.learned[a] = make(map[key]int64)
		}
		for k, n := range targets {
			s.learned[a][k] += n
		}
	}
	s.orphans += o.orphans
	if o.from > 0 && (s.from == 0 || o.from < s.from) {
		s.from = o.from
	}
	s.to = max(s.to, o.to)
}

func (o *operation) merge(p *operation) {
	o.calls += p.calls
	o.attempts += p.attempts
	o.waited += p.waited
	o.failed += p.failed
	o.parallel += p.parallel
	o.requests += p.requests
	o.accepted += p.accepted
	o.polled += p.polled
	o.redelivered += p.redelivered
	o.took.merge(&p.took)
	o.queued.merge(&p.queued)
	o.handled.merge(&p.handled)
	o.gaveUp.merge(&p.gaveUp)
	for m, n := range p.minutes {
		o.minutes[m] += n
	}
	for t, n := range p.troubles {
		o.troubles[t] += n
	}
}
