package simulate

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
