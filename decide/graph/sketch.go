package graph

import (
	"time"

	"waitornot/decide"
)

// A Sketch is a journey as another calculator needs it to try other modes: with the
// arithmetic of Detached it gives the same numbers.
type Sketch struct {
	Steps      []SketchStep
	Start      []Factor // what the services need in which the journey starts
	Unresolved int      // how many steps name no operation
}

// A SketchStep is a step of a Sketch.
type SketchStep struct {
	Operation OperationID
	Slot      int32
	Parent    int32 // a position in Steps, or None
	Soft      bool  // the journey succeeds without it
	Repeated  bool  // its operation is another step, too
	Joined    Joined
	Mode      decide.Verdict
	Latency   time.Duration // negative when it isn't given
	Accept    time.Duration // how long handing it over takes; negative when it isn't given
	Times     int           // how often one request makes the call

	Waited  Factor // what it needs when it's waited for
	Handed  Factor // what it needs when it's handed over, as its manifest says
	Changed Factor // what it needs when it's only thought of as handed over
}

// A Factor is one factor of an availability.
type Factor struct {
	Dependency int     // what it stands for, counted from 0 within the sketch; None when it stands for none
	Share      float64 // its availability
	Unknown    bool    // Share isn't known
}

// Sketch returns the sketch of a journey.
func (g *Graph) Sketch(j *Journey) Sketch {
	m := g.model(j)
	dependencies := map[dependency]int{}
	factor := func(n need) Factor {
		f := Factor{Dependency: None, Share: n.share, Unknown: n.unknown}
		if n.dependency != noDependency {
			at, ok := dependencies[n.dependency]
			if !ok {
				at = len(dependencies)
				dependencies[n.dependency] = at
			}
			f.Dependency = at
		}
		return f
	}
	s := Sketch{Unresolved: len(j.Unresolved)}
	c := shareCounter{at: map[dependency]int{}}
	m.start(&c)
	for _, t := range c.sum.Terms {
		s.Start = append(s.Start, factor(need{dependency: dependency{t.Service, t.Broker, t.Operation}, share: t.Availability}))
	}
	for range c.sum.Missing {
		s.Start = append(s.Start, Factor{Dependency: None, Unknown: true})
	}
	for i := range m.steps {
		x := &m.steps[i]
		s.Steps = append(s.Steps, SketchStep{
			Operation: x.id, Slot: x.slot, Parent: x.parent, Soft: x.soft, Repeated: x.repeated, Joined: x.joined, Mode: x.mode,
			Latency: orUnknown(x.Latency()), Accept: orUnknown(x.Accept()), Times: x.Times(),
			Waited: factor(m.calleeOf(i)), Handed: factor(m.brokerOf(i, false)), Changed: factor(m.brokerOf(i, true)),
		})
	}
	return s
}

func orUnknown(d time.Duration, ok bool) time.Duration {
	if !ok {
		return -1
	}
	return d
}

// Detached returns the numbers of a journey when operations that it waits for are made
// async or hybrid. What it doesn't wait for, or not known to, stays as it is.
func (g *Graph) Detached(j *Journey, to map[OperationID]decide.Verdict) Numbers {
	m := g.model(j)
	changed := make([]bool, len(m.steps))
	for i := range m.steps {
		if v, ok := to[m.steps[i].id]; ok && detached(v) && m.steps[i].mode == decide.Sync {
			changed[i], m.steps[i].to = true, v
		}
	}
	return m.numbers(changed)
}
