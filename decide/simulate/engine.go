package simulate

import (
	"context"
	"errors"
	"math"
	"time"
)

// An Engine runs a model through a scenario, as often as it is told, without making new
// room for it.
type Engine struct {
	model    *Model
	scenario Scenario
	steps    []station
	children [][]int32 // by step, from None: the steps nested in it, in order
	touched  []int32   // the steps that the scenario's callee works for
	sources  []source

	now      int64
	start    int64
	end      int64
	horizon  int64
	down     bool // the scenario's callee
	stage    int
	calendar calendar
	frames   pool[frame]
	calls    pool[call]
	requests pool[request]
	open     int // requests of the journey that have no answer yet
	most     int // of them at a time, since the warm-up ended
	caught   []int32
	events   int64
	limit    int64   // of events
	pace     float64 // events a second, about
	watch    func(share float64)

	record recorder
}

// A source is where calls come from: the journey's users, or others that call one step.
type source struct {
	step int32 // None for the journey
	rate float64
	gen  uint32
}

// A station is a step while it runs.
type station struct {
	*Step
	chance   Chance
	own      drawer
	accept   drawer
	hit      bool // the scenario's callee does its work
	brokered bool // the scenario's callee carries its messages
	servers  int32
	busy     int32
	stretch  float64 // for how much longer than it works a server is held
	waiting  list    // frames that wait for a server, or messages for a worker
	pool     *places
	breaker  breaker
	tokens   float64 // of the budget for repeats
	open     int32   // attempts that are held open
	delayed  int32   // messages that wait to be delivered again
	tally    Tally
	opened   int64 // attempts since the last tick
}

// places are a pool of a caller.
type places struct {
	size, used int32
	line       list // calls that wait for a place
}

// NewEngine returns an engine for a model whose numbers are valid, and a scenario that
// is. The scenario's callee is down, slow or restarted wherever it works.
func NewEngine(m *Model, s Scenario) *Engine {
	e := &Engine{model: m, scenario: s, steps: make([]station, len(m.Steps)), children: make([][]int32, len(m.Steps)+1), limit: mostRunEvents}
	e.sources = append(e.sources, source{step: None, rate: m.Rate})
	for i := range m.Steps {
		st := &m.Steps[i]
		e.children[st.Parent+1] = append(e.children[st.Parent+1], int32(i))
		if st.Extra > 0 {
			e.sources = append(e.sources, source{step: int32(i), rate: st.Extra})
		}
		s := &e.steps[i]
		*s = station{Step: st, own: newDrawer(st.Own), accept: newDrawer(st.Accept), stretch: 1}
		s.hit = st.Service != "" && st.Service == e.scenario.Callee
		s.brokered = st.Detached && st.Queue.Broker != "" && st.Queue.Broker == e.scenario.Callee
		if s.hit || s.brokered {
			e.touched = append(e.touched, int32(i))
		}
	}
	e.pace = m.pace()
	e.share()
	for i, held := range m.held() {
		e.equip(int32(i), held)
	}
	e.start, e.end, e.horizon = int64(s.start()), int64(s.end()), int64(s.horizon())
	e.record.prepare(e)
	return e
}

// share gives each step its pool; a pool that is shared has the greatest of its sizes.
func (e *Engine) share() {
	shared := map[string]*places{}
	for i := range e.steps {
		s := &e.steps[i]
		if s.pool = shared[s.PoolName]; s.pool == nil || s.PoolName == "" {
			s.pool = &places{}
			shared[s.PoolName] = s.pool
		}
		s.pool.size = max(s.pool.size, int32(min(s.Pool, math.MaxInt32)))
	}
}

// equip gives a step its servers or workers: as many as are busy on average at its
// capacity, by Little's law, each held a little longer than it works when that number
// had to be rounded.
func (e *Engine) equip(i int32, held float64) {
	s := &e.steps[i]
	if s.Detached {
		s.servers = int32(max(1, s.Queue.Workers))
	}
	if s.Capacity <= 0 {
		return
	}
	busy := s.Capacity * held
	if !s.Detached {
		s.servers = int32(min(max(1, math.Ceil(busy-1e-9)), math.MaxInt32))
	}
	if busy > 0 {
		s.stretch = math.Max(1, float64(s.servers)/busy)
	}
}

// Watch has a function called now and then with the share of a run that is over, from 0 to
// 1.
func (e *Engine) Watch(watch func(share float64)) { e.watch = watch }

// patience is how much longer than the horizon a run goes on for the requests that are
// still open.
const patience = 10 * time.Minute

// ErrTooLong ends a run that has more than 100 million events.
var ErrTooLong = errors.New("a run has more than 100 million events: callers retry too often, or there are too many of them")

const mostRunEvents = 100_000_000

// Run runs once, with the chance that draws for arrivals (None) and for each step, and
// returns what happened; it holds until the next run. The error is ErrTooLong or that of
// the context.
func (e *Engine) Run(ctx context.Context, chance func(step int) Chance) (*Run, error) {
	e.reset(chance)
	last := e.horizon + int64(patience)
	for !e.calendar.empty() {
		if e.events++; e.events > e.limit {
			return nil, ErrTooLong
		}
		if e.events&0xfff == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if e.watch != nil {
				e.watch(min(1, float64(e.now)/float64(e.horizon)))
			}
		}
		ev := e.calendar.pop()
		if ev.at > last || ev.at > e.horizon && e.open == 0 {
			break
		}
		e.now = ev.at
		e.happen(ev)
	}
	return e.record.finish(e), nil
}

func (e *Engine) reset(chance func(int) Chance) {
	e.now, e.down, e.stage, e.open, e.most, e.events = 0, false, 0, 0, 0, 0
	e.calendar.reset(e.pace)
	e.frames.reset()
	e.calls.reset()
	e.requests.reset()
	for i := range e.steps {
		s := &e.steps[i]
		s.chance = chance(i)
		s.busy, s.open, s.delayed, s.tokens, s.opened = 0, 0, 0, budgetMost, 0
		s.waiting, s.pool.used, s.pool.line = emptyList, 0, emptyList
		s.breaker = breaker{}
		s.tally = Tally{}
	}
	e.record.reset(chance(None))
	for i := range e.sources {
		e.sources[i].gen = 0
		e.next(int32(i))
	}
	if e.scenario.Kind != Normal {
		e.calendar.push(e.start, turned, 0, 0)
	}
	e.calendar.push(e.record.firstTick(), tick, 0, 0)
}

func (e *Engine) happen(ev event) {
	i := ev.index
	switch ev.kind() {
	case arrival:
		if e.sources[i].gen&genMask == ev.gen() && e.now < e.horizon {
			e.arrive(i)
		}
	case worked:
		if f := e.frames.at(i); f.gen&genMask == ev.gen() {
			e.workedOn(i)
		}
	case accepted:
		if f := e.frames.at(i); f.gen&genMask == ev.gen() {
			e.handedOver(i)
		}
	case timedOut:
		if c := e.calls.at(i); c.gen&genMask == ev.gen() {
			e.timeOut(i)
		}
	case refused:
		if c := e.calls.at(i); c.gen&genMask == ev.gen() && c.state == underway {
			e.answer(i, false)
		}
	case retried:
		if c := e.calls.at(i); c.gen&genMask == ev.gen() {
			e.attempt(i)
		}
	case redeliver:
		if f := e.frames.at(i); f.gen&genMask == ev.gen() {
			e.redelivered(i)
		}
	case freed:
		e.release(i)
	case turned:
		e.turn()
	case tick:
		e.record.sample(e)
		if next := e.record.nextTick(); next > 0 {
			e.calendar.push(next, tick, 0, 0)
		}
	}
}

// rate is how often a source calls now.
func (e *Engine) rate(s *source) float64 {
	if e.scenario.Kind == Burst && s.step == None && e.during() {
		return s.rate * e.scenario.Times
	}
	return s.rate
}

func (e *Engine) during() bool { return e.now >= e.start && e.now < e.end }

// next puts the next call of a source into the calendar.
func (e *Engine) next(i int32) {
	s := &e.sources[i]
	rate := e.rate(s)
	if rate <= 0 {
		return
	}
	pause := e.record.chance.ExpFloat64() / rate * float64(time.Second)
	e.calendar.push(e.now+int64(math.Min(pause, math.MaxInt64/4)), arrival, i, s.gen)
}

// poisoned draws whether a request makes the scenario's callee fail.
func (e *Engine) poisoned() bool {
	return e.scenario.Kind == Poison && e.during() && e.record.chance.Float64()*e.scenario.Times < 1
}

func (e *Engine) arrive(i int32) {
	s := &e.sources[i]
	if s.step != None {
		e.next(i)
		e.begin(s.step, None, 0, None, e.poisoned(), 0)
		return
	}
	e.next(i)
	r, _ := e.requests.take()
	f, fr := e.frames.take()
	*e.requests.at(r) = request{arrived: e.now, bucket: e.record.arrived(e.now, e.phaseOf(e.now))}
	fr.frame(rootFrame, None, r)
	e.hold(r)
	fr.poison = e.poisoned()
	e.open++
	e.most = max(e.most, e.open)
	e.advance(f)
}
