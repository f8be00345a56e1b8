package simulate

import "time"

// Buckets is how many parts of equal length a run is watched in.
const Buckets = 120

// A Tally counts what happened at a step in a run, from the end of the warm-up on.
type Tally struct {
	Calls    int // that callers made, repeats not counted; of a detached step, messages sent
	Attempts int // that reached the callee; of a detached step, deliveries
	Failed   int // calls that failed in the end
	TimedOut int
	Refused  int // by a full pool
	Broken   int // by an open breaker
	Shed     int // by the callee
	Wasted   int // answers that nobody waited for any more

	Twice   int // work that was done once more than it was asked for
	Unknown int // work that was done, and that its caller took for failed

	Done         int // messages
	Cut          int // deliveries that ended without a word
	Redone       int // of those, deliveries whose work was done
	DeadLettered int
	Lost         int // messages given up for good
	Expired      int
	Unsent       int // messages that the broker or a full queue didn't take

	MostOpen    int // attempts open at a time
	MostWaiting int // messages waiting at a time

	Oldest time.Duration // the age of the oldest message that waited
}

// Numbers are what the requests that arrived in a phase went through.
type Numbers struct {
	Requests  int
	Succeeded int
	Never     int // succeeded, but some of their work was given up afterwards
	Pending   int // succeeded, but some of their work was not done when the run ended
	Waiting   int // of those, the ones whose work waits in a queue; the others' is under way

	felt    histogram // until the answer, failures included
	outcome histogram // until everything was done
}

// Felt returns the time within which the share of the requests had an answer, be it a
// failure.
func (n *Numbers) Felt(share float64) (time.Duration, bool) { return n.felt.quantile(share) }

// FeltMean returns the mean time until the answer.
func (n *Numbers) FeltMean() (time.Duration, bool) { return n.felt.mean() }

// Outcome returns the time within which the share of the requests whose work was done
// had it done.
func (n *Numbers) Outcome(share float64) (time.Duration, bool) { return n.outcome.quantile(share) }

// OutcomeMean returns the mean time until everything was done.
func (n *Numbers) OutcomeMean() (time.Duration, bool) { return n.outcome.mean() }

// A Bucket is a part of a run.
type Bucket struct {
	Requests, Succeeded int     // of those that arrived in it
	Felt                float64 // seconds until the answer, summed over those that arrived in it
	Open                int     // requests without an answer at its end
	Waiting             int     // messages of all queues at its end
	Oldest              float64 // seconds that the oldest message waits at its end
}

// A StepBucket is a part of a run of one step.
type StepBucket struct {
	Attempts, Open, Waiting int // made in it; at its end; at its end
	Oldest                  float64
}

// A Run is what happened in a run.
type Run struct {
	Phases  [phaseCount]Numbers
	Buckets [Buckets]Bucket
	Steps   []StepRun
	// UsersRecovered is how long after the event requests succeed as before, and as soon, and
	// QueuesRecovered how long after it no queue is longer than before. A negative time
	// means that the run ended before.
	UsersRecovered, QueuesRecovered time.Duration
	MostOpen                        int // requests without an answer at a time
	Events                          int64
}

// A StepRun is what happened at a step in a run.
type StepRun struct {
	Tally
	Buckets [Buckets]StepBucket
	// Amplification is how many attempts the callee gets during the event for each call
	// that the journey's requests and others would make without failures; 0 when there
	// are none.
	Amplification float64
}

// A recorder watches a run.
type recorder struct {
	run    Run
	chance Chance
	from   int64 // the end of the warm-up
	width  int64 // of a bucket
	bucket int   // that the next tick ends
}

func (r *recorder) prepare(e *Engine) {
	r.from = int64(e.scenario.warmUp())
	r.width = max(1, (e.horizon-r.from+Buckets-1)/Buckets)
	e.horizon = r.from + Buckets*r.width
	r.run.Steps = make([]StepRun, len(e.steps))
}

func (r *recorder) reset(c Chance) {
	steps := r.run.Steps
	clear(steps)
	r.run = Run{Steps: steps}
	r.chance, r.bucket = c, 0
}

// firstTick is when the warm-up ends.
func (r *recorder) firstTick() int64 { return r.from }

// nextTick is when the bucket at hand ends; 0 when there is none.
func (r *recorder) nextTick() int64 {
	if r.bucket > Buckets {
		return 0
	}
	return r.from + int64(r.bucket)*r.width
}

// sample ends a bucket. The first call ends the warm-up.
func (r *recorder) sample(e *Engine) {
	if r.bucket == 0 {
		for i := range e.steps {
			s := &e.steps[i]
			s.tally = Tally{}
			s.opened = 0
		}
		e.most = e.open
		r.bucket = 1
		return
	}
	b := &r.run.Buckets[r.bucket-1]
	b.Open = e.open
	for i := range e.steps {
		s := &e.steps[i]
		w := &r.run.Steps[i].Buckets[r.bucket-1]
		w.Attempts, w.Open = int(s.opened), int(s.open)
		s.opened = 0
		if !s.Detached {
			continue
		}
		w.Waiting = int(s.waiting.count + s.delayed)
		b.Waiting += w.Waiting
		w.Oldest = e.oldest(int32(i)).Seconds()
		b.Oldest = max(b.Oldest, w.Oldest)
	}
	r.bucket++
}

// oldest is the age of the oldest message of a step that waits, or waits to be delivered
// again.
func (e *Engine) oldest(step int32) time.Duration {
	s := &e.steps[step]
	since := e.now
	if s.waiting.first != None {
		since = e.frames.at(s.waiting.first).since
	}
	if s.delayed > 0 {
		for i := range e.frames.items {
			if f := &e.frames.items[i]; f.live && f.delayed && f.step == step {
				since = min(since, f.since)
			}
		}
	}
	s.tally.Oldest = max(s.tally.Oldest, time.Duration(e.now-since))
	return time.Duration(e.now - since)
}

// arrived counts a request and returns the bucket that it belongs to.
func (r *recorder) arrived(now int64, p Phase) int32 {
	if now < r.from {
		return None
	}
	r.run.Phases[p].Requests++
	b := min((now-r.from)/r.width, Buckets-1)
	r.run.Buckets[b].Requests++
	return int32(b)
}

// phaseOf returns the phase of a time.
func (e *Engine) phaseOf(at int64) Phase {
	switch {
	case at < e.start:
		return Before
	case at < e.end:
		return During
	}
	return After
}

func (r *recorder) answered(q *request, now int64, p Phase) {
	if q.bucket == None {
		return
	}
	n := &r.run.Phases[p]
	n.felt.add(now - q.arrived)
	b := &r.run.Buckets[q.bucket]
	b.Felt += time.Duration(now - q.arrived).Seconds()
	if q.ok {
		n.Succeeded++
		b.Succeeded++
	}
}

func (r *recorder) concluded(q *request, now int64, p Phase) {
	if q.bucket == None || !q.ok {
		return
	}
	n := &r.run.Phases[p]
	if q.lost {
		n.Never++
	} else {
		n.outcome.add(now - q.arrived)
	}
}

func (r *recorder) finish(e *Engine) *Run {
	r.run.MostOpen, r.run.Events = e.most, e.events
	for p := range r.run.Phases {
		n := &r.run.Phases[p]
		n.Pending = n.Succeeded - n.Never - int(n.outcome.count)
	}
	for i := range e.frames.items {
		if f := &e.frames.items[i]; f.queued() && f.request != None {
			r.left(e, e.requests.at(f.request))
		}
	}
	for i := range e.steps {
		r.run.Steps[i].Tally = e.steps[i].tally
	}
	r.amplify(e)
	r.run.UsersRecovered = r.usersRecovered(e)
	r.run.QueuesRecovered = r.queuesRecovered(e)
	return &r.run
}

// queued reports whether a frame is a message that waits for a worker, or to be delivered
// again.
func (f *frame) queued() bool {
	return f.live && f.kind == messageFrame && f.since > 0 && (f.delayed || !f.working)
}

// left counts a request once whose work waits in a queue when the run ends.
func (r *recorder) left(e *Engine, q *request) {
	if q.bucket == None || !q.ended || !q.ok || q.told {
		return
	}
	q.told = true
	r.run.Phases[e.phaseOf(q.arrived)].Waiting++
}

// part returns the buckets that lie in a phase. One in which the event begins lies in none;
// one in which it ends lies in the event.
func (r *recorder) part(e *Engine, p Phase) (from, to int) {
	at := func(t int64) int { return int(min((t-r.from+r.width-1)/r.width, Buckets)) }
	switch p {
	case Before:
		return 0, int(min((e.start-r.from)/r.width, Buckets))
	case During:
		return at(e.start), at(e.end)
	}
	return at(e.end), Buckets
}

// amplify works out how many attempts each callee gets for a call that is asked of it,
// during the event, or in the whole run when nothing happens.
func (r *recorder) amplify(e *Engine) {
	from, to := r.part(e, During)
	if from >= to {
		from, to = 0, Buckets
	}
	requests, seconds := 0, time.Duration(int64(to-from)*r.width).Seconds()
	for b := from; b < to; b++ {
		requests += r.run.Buckets[b].Requests
	}
	asked := make([]float64, len(e.steps))
	for i := range e.steps {
		s := &e.steps[i]
		asked[i] = float64(requests)
		if s.Parent != None {
			asked[i] = asked[s.Parent]
		}
		asked[i] = asked[i]*float64(max(1, s.Times)) + s.Extra*seconds
		attempts := 0
		for b := from; b < to; b++ {
			attempts += r.run.Steps[i].Buckets[b].Attempts
		}
		if asked[i] > 0 {
			r.run.Steps[i].Amplification = float64(attempts) / asked[i]
		}
	}
}
