package simulate

// turn enters the next stage of the scenario.
func (e *Engine) turn() {
	over := e.now >= e.end
	switch e.scenario.Kind {
	case Burst:
		s := &e.sources[0]
		s.gen++
		e.next(0)
	case Down:
		if e.down = !over; e.down {
			e.abandonWaiting()
		}
	case Deploy:
		if over {
			break
		}
		e.restart(e.stage)
		e.stage++
	case Normal, Slow, Poison:
	}
	if over {
		for _, i := range e.touched {
			e.serve(i)
		}
		return
	}
	next := e.end
	if e.scenario.Kind == Deploy {
		next = e.start + int64(e.stage)*(e.end-e.start)/instances
	}
	e.calendar.push(next, turned, 0, 0)
}

// abandonWaiting drops what waits for a server of a callee that goes down.
func (e *Engine) abandonWaiting() {
	for _, i := range e.touched {
		s := &e.steps[i]
		if s.Detached || !s.hit {
			continue
		}
		for f := s.waiting.first; f != None; f = s.waiting.first {
			e.dequeue(&s.waiting)
			e.vanish(f)
		}
	}
}

// restart ends the work of one instance of the callee.
func (e *Engine) restart(instance int) {
	e.caught = e.caught[:0]
	for i := range e.frames.items {
		f := &e.frames.items[i]
		if f.live && f.step != None && e.steps[f.step].hit && f.working && i%instances == instance {
			e.caught = append(e.caught, int32(i))
		}
	}
	for _, i := range e.caught {
		if f := e.frames.at(i); f.live && f.working { // one that was nested in another may be gone with it
			e.respond(i, false, true)
		}
	}
}

// serversOf is how many servers or workers of a step there are now.
func (e *Engine) serversOf(s *station) int32 {
	switch {
	case s.Detached && e.down && (s.hit || s.brokered):
		return 0
	case e.scenario.Kind == Deploy && s.hit && e.during() && s.servers > 0:
		return max(1, s.servers*(instances-1)/instances)
	}
	return s.servers
}
