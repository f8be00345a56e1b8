package graph

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// A Selection is the part of a graph that somebody wants to see. All lists are
// in the order of the graph.
type Selection struct {
	Journeys   []int // positions in Journeys
	Entries    []int // positions in Entries
	Operations []OperationID
}

// All selects the whole graph.
func (g *Graph) All() Selection {
	s := Selection{Journeys: count(len(g.journeys)), Entries: count(len(g.entries))}
	for id := range g.Operations() {
		s.Operations = append(s.Operations, id)
	}
	return s
}

func count(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// An UnknownError is a name that nothing in the graph has.
type UnknownError struct {
	Kind, Name string   // Kind is "journey" or "service"
	Near       string   // a known name like it, or ""
	Known      []string // names that there are, sorted
}

// Error names the kind and the name, and suggests the nearest, or shows the first of
// those that there are.
func (e UnknownError) Error() string {
	const most = 8
	message := fmt.Sprintf("unknown %s %q", e.Kind, e.Name)
	switch {
	case e.Near != "":
		return message + fmt.Sprintf("; did you mean %s?", e.Near)
	case len(e.Known) > most:
		return message + fmt.Sprintf("; the first of %d: %s", len(e.Known), strings.Join(e.Known[:most], ", "))
	case len(e.Known) > 0:
		return message + "; known: " + strings.Join(e.Known, ", ")
	}
	return message
}

// unknown returns the error for a name that is none of all; known are those to show.
func unknown(kind, name string, all, known []string) UnknownError {
	known = slices.DeleteFunc(known, func(s string) bool { return s == "" })
	slices.Sort(known)
	return UnknownError{kind, name, diag.Nearest(name, all), slices.Compact(known)}
}

// Select selects the journeys of the given names with their steps, and the
// services of the given names with what they call, what calls them and the
// journeys that lead through them. A journey is named by its own name or by
// service/name. The error is an UnknownError.
func (g *Graph) Select(journeys, services []string) (Selection, error) {
	p := picker{
		graph:    g,
		journeys: make([]bool, len(g.journeys)), services: make([]bool, len(g.services)), ops: make([]bool, g.Len()),
	}
	for _, name := range journeys {
		if !p.journey(name) {
			return Selection{}, unknown("journey", name, g.journeyNames(), g.journeyIDs())
		}
	}
	for _, name := range services {
		if !p.service(name) {
			return Selection{}, unknown("service", name, g.serviceNames(), g.serviceNames())
		}
	}
	return p.selection(), nil
}

// A picker marks what is selected.
type picker struct {
	graph    *Graph
	journeys []bool
	services []bool
	ops      []bool
}

func (p *picker) journey(name string) bool {
	found := false
	for i := range p.graph.journeys {
		j := &p.graph.journeys[i]
		if j.Name.Value == name || p.graph.JourneyID(j) == name {
			found, p.journeys[i] = true, true
			for _, s := range j.Path {
				p.ops[s.Operation] = true
			}
		}
	}
	return found
}

func (p *picker) service(name string) bool {
	at, found := slices.BinarySearchFunc(p.graph.services, name, func(s Service, name string) int { return strings.Compare(s.Name, name) })
	if !found {
		return false
	}
	s := ServiceID(at)
	p.services[s] = true
	for _, list := range [][]OperationID{p.graph.Calls(s), p.graph.CalledBy(s)} {
		for _, id := range list {
			p.ops[id] = true
		}
	}
	for i := range p.graph.journeys {
		for _, step := range p.graph.journeys[i].Path {
			if o := p.graph.Operation(step.Operation); o.Caller == s || o.Callee == s {
				p.journeys[i] = true
			}
		}
	}
	return true
}

func (p *picker) selection() Selection {
	var s Selection
	for i, picked := range p.journeys {
		if picked {
			s.Journeys = append(s.Journeys, i)
		}
	}
	for i, e := range p.graph.entries {
		if p.services[e.Service] {
			s.Entries = append(s.Entries, i)
		}
	}
	for i, picked := range p.ops {
		if picked {
			s.Operations = append(s.Operations, OperationID(i))
		}
	}
	return s
}

func (g *Graph) journeyNames() []string {
	var names []string
	for i := range g.journeys {
		names = append(names, g.journeys[i].Name.Value, g.JourneyID(&g.journeys[i]))
	}
	return names
}

func (g *Graph) journeyIDs() []string {
	var names []string
	for i := range g.journeys {
		names = append(names, g.JourneyID(&g.journeys[i]))
	}
	return names
}

func (g *Graph) serviceNames() []string {
	var names []string
	for i := range g.services {
		names = append(names, g.services[i].Name)
	}
	return names
}
