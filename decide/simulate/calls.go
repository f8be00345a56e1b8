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
	if e.down && s.hit {
		if e.scenario.Refuse {
			e.answer(i, false)
		} else {
			e.timer(i)
		}
		return true
	}
	c.away++
	request, poison, attempt := c.request, c.poison, c.attempt
	fi, f := e.frames.take()
	f.frame(callFrame, c.step, request)
	e.hold(request)
	f.call, f.attempt, f.poison = i, attempt, poison
	switch {
	case s.servers == 0 || s.busy < e.serversOf(s):
		e.work(fi)
	case s.Shedding && s.waiting.count >= s.servers:
		s.tally.Shed++
		e.respond(fi, false, false)
	default:
		e.enqueue(&s.waiting, fi)
		e.timer(i)
	}
	return true
}

// timer puts the timeout of a call into the calendar, once for each attempt.
func (e *Engine) timer(i int32) {
	c := e.calls.at(i)
	if !c.timed && c.deadline != math.MaxInt64 {
		c.timed = true
		e.calendar.push(c.deadline, timedOut, i, c.gen)
	}
}

// work lets a server, or a worker, take up a frame.
func (e *Engine) work(i int32) {
	f := e.frames.at(i)
	s := &e.steps[f.step]
	f.working, f.began = true, e.now
	s.busy++
	times := 1.0
	if s.hit && e.scenario.Kind == Slow && e.during() {
		times = e.scenario.Times
	}
	until := e.now + s.own.next(s.chance, times)
	e.calendar.push(until, worked, i, f.gen)
	if f.kind != callFrame {
		return
	}
	// An answer that surely comes in time needs no timer; nor does one that nobody waits
	// for any more.
	c := e.calls.at(f.call)
	if c.state == underway && c.attempt == f.attempt && (len(e.children[f.step+1]) > 0 || until > c.deadline) {
		e.timer(f.call)
	}
}

// workedOn ends what a frame does by itself.
func (e *Engine) workedOn(i int32) {
	f := e.frames.at(i)
	s := &e.steps[f.step]
	if f.poison && s.hit || s.Failure > 0 && s.chance.Float64() < s.Failure {
		e.respond(i, false, false)
		return
	}
	e.advance(i)
}

// advance begins the next slot of a frame's steps, or ends it.
func (e *Engine) advance(i int32) {
	f := e.frames.at(i)
	list := e.children[f.step+1]
	if int(f.child) == len(list) {
		e.respond(i, true, false)
		return
	}
	rest := list[f.child:]
	n := 1
	for n < len(rest) && e.steps[rest[n]].Slot == e.steps[rest[0]].Slot {
		n++
	}
	f.child += int32(n)
	f.pending = int32(n)
	gen, request, poison := f.gen, f.request, f.poison
	for _, step := range rest[:n] {
		if e.frames.at(i).gen != gen {
			return // a step that failed at once ended it
		}
		e.begin(step, i, gen, request, poison, int32(max(1, e.steps[step].Times)-1))
	}
}

// childEnded tells a frame how a step of it ended, unless the frame is gone.
func (e *Engine) childEnded(i int32, gen uint32, step int32, ok bool) {
	if !e.waits(i, gen) {
		return
	}
	f := e.frames.at(i)
	if !ok && !e.steps[step].Soft {
		e.respond(i, false, false)
		return
	}
	if f.pending--; f.pending == 0 {
		e.advance(i)
	}
}

// respond ends a frame. What was cut short got no chance to say how it went.
func (e *Engine) respond(i int32, ok, cut bool) {
	f := e.frames.at(i)
	switch f.kind {
	case rootFrame:
		e.answered(f.request, ok)
		e.drop(i)
	case callFrame:
		if e.down && e.steps[f.step].hit {
			e.vanish(i)
			return
		}
		c, attempt := f.call, f.attempt
		e.leave(i)
		e.drop(i)
		e.returned(c, attempt, ok)
	case messageFrame:
		e.handled(i, ok, cut)
	}
}

// drop gives the room of a frame back.
func (e *Engine) drop(i int32) {
	f := e.frames.at(i)
	f.gen++
	f.live = false
	r := f.request
	e.frames.give(i)
	e.letGo(r)
}

// leave frees the server of a frame, at once or when it has been held long enough.
func (e *Engine) leave(i int32) {
	f := e.frames.at(i)
	if !f.working {
		return
	}
	f.working = false
	s := &e.steps[f.step]
	if s.stretch > 1 {
		e.calendar.push(f.began+int64(float64(e.now-f.began)*s.stretch), freed, f.step, 0)
		return
	}
	e.release(f.step)
}

// release frees a server or a worker of a step.
func (e *Engine) release(step int32) {
	e.steps[step].busy--
	e.serve(step)
}

// serve gives what waits to the servers or workers that are free.
func (e *Engine) serve(step int32) {
	s := &e.steps[step]
	for s.waiting.first != None && s.busy < e.serversOf(s) {
		f := s.waiting.first
		e.dequeue(&s.waiting)
		if s.Detached {
			e.deliver(f)
		} else {
			e.work(f)
		}
	}
}

// vanish ends a frame whose callee went down: nobody hears of it.
func (e *Engine) vanish(i int32) {
	f := e.frames.at(i)
	c, attempt := f.call, f.attempt
	e.leave(i)
	e.drop(i)
	k := e.calls.at(c)
	k.away--
	if k.state == underway && k.attempt == attempt {
		e.timer(c)
	}
	e.forget(c)
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
		p.line.first = c.next
		p.line.count--
		if p.line.first == None {
			p.line = emptyList
		}
		c.listed = false
		if c.state != lining {
			e.forget(k)
		} else if e.send(k) {
			return
		}
	}
}

// lineUp puts a call into the pool's line.
func (e *Engine) lineUp(l *list, i int32) {
	e.calls.at(i).next = None
	if l.last == None {
		l.first = i
	} else {
		e.calls.at(l.last).next = i
	}
	l.last = i
	l.count++
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

// enqueue puts a frame at the end of a line.
func (e *Engine) enqueue(l *list, i int32) {
	e.frames.at(i).next = None
	if l.last == None {
		l.first = i
	} else {
		e.frames.at(l.last).next = i
	}
	l.last = i
	l.count++
}

// jump puts a frame at the beginning of a line.
func (e *Engine) jump(l *list, i int32) {
	e.frames.at(i).next = l.first
	if l.first == None {
		l.last = i
	}
	l.first = i
	l.count++
}

// dequeue takes the first frame of a line.
func (e *Engine) dequeue(l *list) {
	l.first = e.frames.at(l.first).next
	if l.count--; l.first == None {
		l.last = None
	}
}
