package simulate

import "time"

// handOver sends a message for a frame, or for nobody of the journey.
func (e *Engine) handOver(step, parent int32, gen uint32, request int32, poison bool, rest int32) {
	s := &e.steps[step]
	s.tally.Calls++
	i, f := e.frames.take()
	f.frame(messageFrame, step, request)
	e.hold(request)
	f.parent, f.parentGen, f.poison, f.rest = parent, gen, poison, rest
	e.calendar.push(e.now+s.accept.next(s.chance, 1), accepted, i, f.gen)
}

// handedOver puts a message into its queue, and lets its sender go on.
func (e *Engine) handedOver(i int32) {
	f := e.frames.at(i)
	s := &e.steps[f.step]
	parent, gen, step := f.parent, f.parentGen, f.step
	unsent := e.down && s.brokered && !s.Queue.Outbox
	if unsent || s.Queue.Limit > 0 && int(s.waiting.count+s.delayed) >= s.Queue.Limit {
		s.tally.Unsent++
		e.drop(i)
		e.childEnded(parent, gen, step, false)
		return
	}
	f.since = e.now
	if f.request != None {
		e.requests.at(f.request).left++
	}
	e.enqueue(&s.waiting, i)
	s.tally.MostWaiting = max(s.tally.MostWaiting, int(s.waiting.count+s.delayed))
	request, poison, rest := f.request, f.poison, f.rest
	e.serve(step)
	if rest > 0 && e.waits(parent, gen) {
		e.begin(step, parent, gen, request, poison, rest-1)
		return
	}
	e.childEnded(parent, gen, step, true)
}

// deliver lets a worker have a message, unless it is too old.
func (e *Engine) deliver(i int32) {
	f := e.frames.at(i)
	s := &e.steps[f.step]
	s.tally.Oldest = max(s.tally.Oldest, time.Duration(e.now-f.since))
	if s.Queue.TTL > 0 && e.now-f.since > int64(s.Queue.TTL) {
		s.tally.Expired++
		e.giveUp(i)
		return
	}
	f.deliveries++
	f.child = 0
	s.tally.Attempts++
	s.opened++
	e.work(i)
}

// leastRedelivery is the shortest pause: a broker needs some time, and without any a
// message that always fails at once would come back forever in the same moment.
const leastRedelivery = int64(time.Millisecond)

// mostRedelivery is the longest pause before a message is delivered again.
const mostRedelivery = time.Minute

// handled ends a delivery. A worker that was cut short, or that can't reach the broker,
// acknowledges nothing.
func (e *Engine) handled(i int32, ok, cut bool) {
	f := e.frames.at(i)
	s := &e.steps[f.step]
	cut = cut || e.down && (s.hit || s.brokered)
	switch {
	case s.Queue.AckFirst && (cut || !ok):
		e.leave(i)
		s.tally.Lost++
		e.giveUp(i)
	case cut:
		if ok {
			s.tally.Redone++
		}
		s.tally.Cut++
		e.again(i, int64(s.Queue.Visibility), false)
	case ok:
		e.leave(i)
		s.tally.Done++
		e.settled(f.request, false)
		e.drop(i)
	case s.Queue.MaxDeliveries > 0 && int(f.deliveries) >= s.Queue.MaxDeliveries:
		e.leave(i)
		if s.Queue.DeadLetter {
			s.tally.DeadLettered++
		} else {
			s.tally.Lost++
		}
		e.giveUp(i)
	default:
		pause := s.Queue.Redelivery << min(f.deliveries-1, 10)
		e.again(i, int64(min(pause, mostRedelivery)), s.Queue.Ordered)
	}
}

// again delivers a message again after a pause, during which its worker waits with it
// when the order must be kept.
func (e *Engine) again(i int32, pause int64, hold bool) {
	f := e.frames.at(i)
	s := &e.steps[f.step]
	f.gen++ // what it still waits for is of no use any more
	f.pending = 0
	e.calendar.push(e.now+max(pause, leastRedelivery), redeliver, i, f.gen)
	s.delayed++
	f.delayed = true
	if !hold {
		e.leave(i)
	}
}

// redelivered brings a message back, before those that wait.
func (e *Engine) redelivered(i int32) {
	f := e.frames.at(i)
	s := &e.steps[f.step]
	s.delayed--
	f.delayed = false
	step := f.step
	if f.working {
		f.working = false
		s.busy--
	}
	e.jump(&s.waiting, i)
	e.serve(step)
}

// giveUp ends a message that will never be done.
func (e *Engine) giveUp(i int32) {
	r := e.frames.at(i).request
	e.settled(r, true)
	e.drop(i)
}

// settled takes one of a request's messages off what is left of it.
func (e *Engine) settled(r int32, lost bool) {
	if r == None {
		return
	}
	q := e.requests.at(r)
	q.left--
	q.lost = q.lost || lost
	e.conclude(r)
}

// answered gives a request its answer.
func (e *Engine) answered(r int32, ok bool) {
	q := e.requests.at(r)
	q.ended, q.ok = true, ok
	e.open--
	e.record.answered(q, e.now, e.phaseOf(q.arrived))
	e.conclude(r)
}

// conclude ends a request that has its answer and whose messages are done or given up.
// Attempts that were given up may still send messages for it: those don't count any more.
func (e *Engine) conclude(r int32) {
	q := e.requests.at(r)
	if q.ended && q.left == 0 && !q.told {
		q.told = true
		e.record.concluded(q, e.now, e.phaseOf(q.arrived))
	}
}

// hold keeps the room of a request, as long as something refers to it.
func (e *Engine) hold(r int32) {
	if r != None {
		e.requests.at(r).refs++
	}
}

// letGo is the counterpart of hold.
func (e *Engine) letGo(r int32) {
	if r == None {
		return
	}
	q := e.requests.at(r)
	if q.refs--; q.refs == 0 {
		e.requests.give(r)
	}
}
