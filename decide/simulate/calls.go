package simulate

import (
	"math"
	"time"
)

// begin makes a step for a frame, or for nobody of the journey when parent is None, and
// after it the rest of as many.
func (e *Engine) begin(step, parent int32, gen uint32, request int32, poison bool, rest int32) {
	if e.steps[step].Detached {
		e.handOver(step, parent, gen, request, poison, rest)
		return
	}
	i, c := e.calls.take()
	*c = call{step: step, parent: parent, parentGen: gen, request: request, poison: poison, gen: c.gen + 1, next: None, state: pausing, began: e.now, rest: rest}
	e.hold(request)
	s := &e.steps[step]
	s.tally.Calls++
	if s.Budget {
		s.tokens = math.Min(s.tokens+budgetShare, budgetMost)
	}
	e.attempt(i)
}

// attempt tries a call once more.
func (e *Engine) attempt(i int32) {
	c := e.calls.at(i)
	s := &e.steps[c.step]
	c.gen++
	c.attempt++
	c.timed, c.deadline = false, math.MaxInt64
	if s.Timeout > 0 {
		c.deadline = e.now + int64(s.Timeout)
	}
	if s.Within > 0 {
		c.deadline = min(c.deadline, c.began+int64(s.Within))
	}
	full := s.pool.size > 0 && s.pool.used >= s.pool.size
	switch {
	case full && s.Bulkhead:
		s.tally.Refused++
		e.resolve(i, false)
	case full:
		c.state, c.listed = lining, true
		e.lineUp(&s.pool.line, i)
		e.timer(i)
	default:
		e.send(i)
	}
}

// send holds a call open and lets the callee have it, unless its breaker is open: then it
// fails at once.
func (e *Engine) send(i int32) (sent bool) {
	c := e.calls.at(i)
	s := &e.steps[c.step]
	if s.Breaker && !s.breaker.permits(e.now) {
		s.tally.Broken++
		e.resolve(i, false)
		return false
	}
	c.state = underway
	s.pool.used++
	s.open++
	s.opened++
	s.tally.Attempts++
	s.tally.MostOpen = max(s.tally.MostOpen, int(s.open))
	busy := s.servers > 0 && s.busy >= e.serversOf(s)
	shed := busy && s.Shedding && s.waiting.count >= s.servers
	switch {
	case e.down && s.hit && !e.scenario.Refuse:
		e.timer(i)
		return true
	case e.down && s.hit || shed:
		if shed {
			s.tally.Shed++
		}
		e.refuse(i)
		return true
	}
	c.away++
	request, poison, attempt := c.request, c.poison, c.attempt
	fi, f := e.frames.take()
	f.frame(callFrame, c.step, request)
	e.hold(request)
	f.call, f.attempt, f.poison = i, attempt, poison
	if busy {
		e.enqueue(&s.waiting, fi)
		e.timer(i)
	} else {
		e.work(fi)
	}
	return true
}

// refusal is how long it takes until a caller hears that a callee doesn't take its call: the
// way there and back within a data center, and some.
const refusal = time.Millisecond

// refuse lets a caller hear that the callee doesn't take its call, unless it gives up before.
func (e *Engine) refuse(i int32) {
	c := e.calls.at(i)
	if e.now+int64(refusal) >= c.deadline {
		e.timer(i)
		return
	}
	e.calendar.push(e.now+int64(refusal), refused, i, c.gen)
}

// timer puts the timeout of a call into the calendar, once for each attempt.
func (e *Engine) timer(i int32) {
	c := e.calls.at(i)
	if !c.timed && c.deadline != math.MaxInt64 {
		c.timed = true
		e.calendar.push(c.deadline, timedOut, i, c.gen)
	}
}

// returned takes the answer of the callee, to which perhaps nobody listens any more.
func (e *Engine) returned(i, attempt int32, ok bool) {
	c := e.calls.at(i)
	c.away--
	if ok {
		c.done++
	}
	if c.state == underway && c.attempt == attempt {
		e.answer(i, ok)
		return
	}
	e.steps[c.step].tally.Wasted++
	e.forget(i)
}

// answer ends an attempt for its caller.
func (e *Engine) answer(i int32, ok bool) {
	// The call that is given the place may fail at once, and be what the callee's work on this
	// one was about: its answer comes too late.
	e.calls.at(i).state = pausing
	e.close(i)
	c := e.calls.at(i)
	s := &e.steps[c.step]
	if s.Breaker {
		s.breaker.saw(ok, e.now)
	}
	switch {
	case ok:
		e.resolve(i, true)
	case int(c.attempt) >= s.Attempts:
		e.resolve(i, false)
	case s.Budget && s.tokens < 1:
		e.resolve(i, false)
	default:
		pause := s.pause(c.attempt)
		if s.Within > 0 && e.now+pause >= c.began+int64(s.Within) {
			e.resolve(i, false)
			return
		}
		if s.Budget {
			s.tokens--
		}
		c.gen++
		c.state = pausing
		e.calendar.push(e.now+pause, retried, i, c.gen)
	}
}

// pause draws how long a call pauses after so many attempts.
func (s *station) pause(attempts int32) int64 {
	p := math.Min(float64(s.Backoff)*math.Pow(2, float64(attempts-1)), float64(time.Hour))
	if s.Jitter {
		p *= s.chance.Float64()
	}
	return int64(p)
}

// close gives the place of an attempt in the pool to the call that waits longest.
func (e *Engine) close(i int32) {
	s := &e.steps[e.calls.at(i).step]
	s.open--
	p := s.pool
	p.used--
	for p.line.first != None {
		k := p.line.first
		c := e.calls.at(k)
		p.line.remove(c.next)
		c.listed = false
		if c.state != lining {
			e.forget(k)
		} else if e.send(k) {
			return
		}
	}
}

// timeOut gives an attempt up, or the wait for a place in the pool.
func (e *Engine) timeOut(i int32) {
	c := e.calls.at(i)
	s := &e.steps[c.step]
	s.tally.TimedOut++
	if c.state == lining {
		e.resolve(i, false)
		return
	}
	e.answer(i, false)
}

// resolve ends a call.
func (e *Engine) resolve(i int32, ok bool) {
	c := e.calls.at(i)
	c.gen++
	c.state, c.ok = resolved, ok
	s := &e.steps[c.step]
	if !ok {
		s.tally.Failed++
	}
	parent, gen, step := c.parent, c.parentGen, c.step
	if c.rest > 0 && (ok || s.Soft) && e.waits(parent, gen) {
		request, poison, rest := c.request, c.poison, c.rest-1
		e.forget(i)
		e.begin(step, parent, gen, request, poison, rest)
		return
	}
	e.forget(i)
	e.childEnded(parent, gen, step, ok)
}

// waits reports whether a frame still waits for a step of it.
func (e *Engine) waits(parent int32, gen uint32) bool {
	return parent != None && e.frames.at(parent).gen == gen
}

// forget gives the room of a call back that is over for everybody, and counts work that
// was done more than once or that its caller took for failed.
func (e *Engine) forget(i int32) {
	c := e.calls.at(i)
	if c.state != resolved || c.away > 0 || c.listed {
		return
	}
	s := &e.steps[c.step]
	if !s.Read {
		switch {
		case c.done > 1:
			s.tally.Twice += int(c.done - 1)
		case c.done == 1 && !c.ok:
			s.tally.Unknown++
		}
	}
	r := c.request
	e.calls.give(i)
	e.letGo(r)
}
