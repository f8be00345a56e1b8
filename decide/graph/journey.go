package graph

import (
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A Journey is a user-facing path, its steps resolved.
type Journey struct {
	*manifest.Journey           // as written: name, objective and budget with their places
	File              string    // that declares it
	Service           ServiceID // whose document declares it
	// Path holds the steps that were found, in the order of the manifest. The
	// steps of a nested list stand one after another with the same slot.
	Path []Step
	// Followed are the calls that callees of these steps wait for, and the calls that
	// those wait for: see the comment of the package. Those of one step have the same
	// slot, since nothing says in which order they are made. Positions go on where
	// Path ends.
	Followed []Step
	Cut      bool // there are more than are followed
	// Unresolved are the steps that name no operation of the run.
	Unresolved []manifest.Field[string]
}

// Holds reports whether a place lies in what declares the journey.
func (j *Journey) Holds(file string, at diag.Range) bool {
	own := j.Journey.Range
	return j.File == file && own.IsValid() && at.IsValid() && at.Start.Compare(own.Start) >= 0 && at.Start.Compare(own.End) < 0
}

// A Step is an operation in its place of a journey.
type Step struct {
	Operation OperationID
	Slot      int32 // counts from 0; steps with the same slot run in parallel
	Parent    int32 // the position of the step it is nested in, or None
	Joined    Joined
	Written   *manifest.Field[string] // nil in Followed
}

// Joined says by what an operation belongs to a journey.
type Joined uint8

// The ways.
const (
	ByJourney   Joined = iota // the journey names it
	ByOperation               // the operation that it is nested in leads to it
	ByService                 // the callee of that operation makes it, perhaps for another one
)

// String returns the stable name of the way.
func (b Joined) String() string { return [...]string{"journey", "operation", "service"}[b] }

// Len returns how many steps the journey has, with those that are followed.
func (j *Journey) Len() int { return len(j.Path) + len(j.Followed) }

// Step returns the step at a position: of Path, or behind it of Followed.
func (j *Journey) Step(at int32) *Step {
	if n := int32(len(j.Path)); at >= n {
		return &j.Followed[at-n]
	}
	return &j.Path[at]
}

// JourneyID returns the name of a journey that is unique in the run:
// service/name, or the name alone when its document names no service.
func (g *Graph) JourneyID(j *Journey) string { return g.qualified(j.Service, j.Name.Value) }

func (g *Graph) gatherJourneys(files []*manifest.File, ids map[string]ServiceID) {
	r := resolver{graph: g, ids: ids}
	for _, f := range files {
		for _, d := range f.Documents {
			for i := range d.Journeys {
				g.journeys = append(g.journeys, r.resolve(&d.Journeys[i], f.Name, ids[d.Service.Value]))
			}
		}
	}
}

// A resolver turns the steps of journeys into operations.
type resolver struct {
	graph *Graph
	ids   map[string]ServiceID
}

func (r *resolver) resolve(written *manifest.Journey, file string, service ServiceID) Journey {
	j := Journey{Journey: written, File: file, Service: service}
	for slot := range written.Steps {
		// A list nested in a nested list runs in parallel just the same.
		open := []*manifest.Step{&written.Steps[slot]}
		for len(open) > 0 {
			s := open[len(open)-1]
			open = open[:len(open)-1]
			if s.Operation.Set() {
				r.add(&j, &s.Operation, int32(slot))
			}
			for i := len(s.Parallel) - 1; i >= 0; i-- {
				open = append(open, &s.Parallel[i])
			}
		}
	}
	r.graph.nest(j.Path)
	return j
}

func (r *resolver) add(j *Journey, written *manifest.Field[string], slot int32) {
	for service, name := range manifest.StepNames(r.graph.services[j.Service].Name, written.Value) {
		if s, known := r.ids[service]; known {
			if id, found := r.graph.Find(s, name); found {
				j.Path = append(j.Path, Step{Operation: id, Slot: slot, Parent: None, Written: written})
				return
			}
		}
	}
	j.Unresolved = append(j.Unresolved, *written)
}

// nest finds the parent of every step, as the comment of the package says.
func (g *Graph) nest(path []Step) {
	starts := map[ServiceID]bool{}    // callers of the first slot
	before := map[ServiceID][]int32{} // steps by what they reach, of the slots before
	for from := 0; from < len(path); {
		to := from
		for to < len(path) && path[to].Slot == path[from].Slot {
			caller := g.Operation(path[to].Operation).Caller
			if from == 0 {
				starts[caller] = true
			}
			if !starts[caller] {
				path[to].Parent = g.parentOf(path, path[to].Operation, before[caller])
			}
			to++
		}
		for ; from < to; from++ {
			caller := g.Operation(path[from].Operation).Caller
			for _, s := range g.receivers(path[from].Operation) {
				if s != caller {
					before[s] = append(before[s], int32(from))
				}
			}
		}
	}
}

// parentOf returns the latest of some steps that leads to an operation, else the latest.
func (g *Graph) parentOf(path []Step, id OperationID, before []int32) int32 {
	if len(before) == 0 {
		return None
	}
	for _, at := range slices.Backward(before) {
		if slices.Contains(g.after[id], path[at].Operation) {
			return at
		}
	}
	return before[len(before)-1]
}
