package graph

import "waitornot/decide/manifest"

// A Journey is a user-facing path, its steps resolved.
type Journey struct {
	*manifest.Journey           // as written: name, objective and budget with their places
	File              string    // that declares it
	Service           ServiceID // whose document declares it
	// Path holds the steps that were found, in the order of the manifest. The
	// steps of a nested list stand one after another with the same slot.
	Path []Step
	// Lost are the steps that name no operation of the run.
	Unresolved []manifest.Field[string]
}

// A Step is an operation in its place of a journey.
type Step struct {
	Operation OperationID
	Slot      int32 // counts from 0; steps with the same slot run in parallel
	Parent    int32 // the position in Path of the step it is nested in, or None
	Written   manifest.Field[string]
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
				r.add(&j, s.Operation, int32(slot))
			}
			for i := len(s.Parallel) - 1; i >= 0; i-- {
				open = append(open, &s.Parallel[i])
			}
		}
	}
	r.graph.nest(j.Path)
	return j
}

func (r *resolver) add(j *Journey, written manifest.Field[string], slot int32) {
	for service, name := range manifest.StepNames(r.graph.services[j.Service].Name, written.Value) {
		if s, known := r.ids[service]; known {
			if id, found := r.graph.Find(s, name); found {
				j.Path = append(j.Path, Step{Operation: id, Slot: slot, Parent: None, Written: written})
				return
			}
		}
	}
	j.Unresolved = append(j.Unresolved, written)
}

// nest finds the parent of every step, as the comment of the package says.
func (g *Graph) nest(path []Step) {
	starts := map[ServiceID]bool{}  // callers of the first slot
	latest := map[ServiceID]int32{} // by callee, of the slots before
	for from := 0; from < len(path); {
		to := from
		for to < len(path) && path[to].Slot == path[from].Slot {
			caller := g.ops[path[to].Operation].Caller
			if from == 0 {
				starts[caller] = true
			}
			if parent, ok := latest[caller]; ok && !starts[caller] {
				path[to].Parent = parent
			}
			to++
		}
		for ; from < to; from++ {
			if o := &g.ops[path[from].Operation]; o.Callee != None && o.Callee != o.Caller {
				latest[o.Callee] = int32(from)
			}
		}
	}
}
