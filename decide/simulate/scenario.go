package simulate

import (
	"fmt"
	"time"
)

// A Kind is what happens to a journey.
type Kind uint8

// The kinds of scenarios.
const (
	Normal Kind = iota // nothing
	Burst              // Times as many requests
	Slow               // the callee takes Times as long
	Down               // the callee gives no answer
	Poison             // one request in Times makes the callee fail, however often it is tried
	Deploy             // the callee's instances restart one after the other
)

// kinds are all that can happen.
var kinds = [...]struct {
	name, doc string
	onCallee  bool
	times     float64 // what stands for Times when that is open; 0 where it means nothing, or the journey says it
}{
	Normal: {name: "normal", doc: "nothing out of the ordinary"},
	Burst:  {name: "burst", doc: "--times as many requests"},
	Slow:   {name: "slow", doc: "--callee takes --times as long", onCallee: true, times: 10},
	Down:   {name: "down", doc: "--callee doesn't answer; with --refuse, it fails within 1ms", onCallee: true},
	Poison: {name: "poison", doc: "one request in --times makes --callee fail, however often it's tried", onCallee: true, times: 100},
	Deploy: {name: "deploy", doc: "the instances of --callee restart one after another", onCallee: true},
}

// String returns the stable name of the kind.
func (k Kind) String() string { return kinds[k].name }

// Doc returns what the help of simulate says of the kind.
func (k Kind) Doc() string { return kinds[k].doc }

// OnCallee reports whether the kind happens to a callee.
func (k Kind) OnCallee() bool { return kinds[k].onCallee }

// Counts reports whether Times means something for the kind.
func (k Kind) Counts() bool { return k == Burst || kinds[k].times > 0 }

// Kinds returns the kinds of scenarios.
func Kinds() []Kind {
	list := make([]Kind, len(kinds))
	for i := range list {
		list[i] = Kind(i)
	}
	return list
}

// A Scenario is what happens, to whom, how much and how long.
type Scenario struct {
	Kind   Kind
	Callee string // a service or a broker
	Times  float64
	Refuse bool          // a callee that is down answers every call with an error, within a millisecond
	Length time.Duration // 0 for Normal as well
	Before time.Duration // what is measured before the event, after everything has warmed up
	After  time.Duration // what is measured after it
}

// instances is how many copies of a service a deployment restarts one after the other.
const instances = 4

// warmUp is how long a run goes on before anything is counted.
func (s *Scenario) warmUp() time.Duration { return min(s.Before, time.Minute) }

// start is when the event begins, and end when it is over.
func (s *Scenario) start() time.Duration { return s.warmUp() + s.Before }
func (s *Scenario) end() time.Duration   { return s.start() + s.Length }

// horizon is when the last request arrives.
func (s *Scenario) horizon() time.Duration { return s.end() + s.After }

// Measured returns how long a run is watched.
func (s *Scenario) Measured() time.Duration { return s.Before + s.Length + s.After }

// Validate says what is wrong with the scenario, or nil.
func (s *Scenario) Validate() error {
	switch {
	case s.Before <= 0 || s.After <= 0:
		return fmt.Errorf("nothing would be measured before or after the event")
	case s.Kind != Normal && s.Length <= 0:
		return fmt.Errorf("the length of %s must be greater than 0", s.Kind)
	case s.Kind.OnCallee() && s.Callee == "":
		return fmt.Errorf("%s needs a callee", s.Kind)
	case (s.Kind == Burst || s.Kind == Slow) && s.Times <= 0:
		return fmt.Errorf("%s needs a factor greater than 0", s.Kind)
	case s.Kind == Poison && s.Times < 1:
		return fmt.Errorf("poison needs a number of at least 1: one request in that many fails")
	}
	return nil
}

// A Phase is a part of a run.
type Phase uint8

// The phases of a run. What arrives while it warms up counts in none.
const (
	Before Phase = iota
	During
	After
	phaseCount
)

// String returns the stable name of the phase.
func (p Phase) String() string { return [...]string{"before", "during", "after"}[p] }
