package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// Above mostServices a picture of services can't be read: groups of them are drawn. At most
// mostGroups are, and of so many edges above mostLabels only those that stand out say what
// they are.
const (
	mostServices = 40
	mostDrawn    = 24 // the same where the picture's letters would be too small, or lines can't be followed
	mostGroups   = 40
	mostLabels   = 60
)

// A grouping puts the services of a graph into groups.
type grouping struct {
	By    string   // what the groups are: "owner", "system"; empty when services stand for themselves
	Names []string // of the groups, by name
	Of    []int    // by service: its group
}

// byService says that each service is a group of its own.
const byService = "service"

// noService stands for a service without a name.
const noService = "(no service)"

// group groups the services by owner, or where most have none by the first word of their
// names. It groups nothing where all services fit a picture. Where they don't, but are few
// enough for a line of a matrix each, every service is a group.
func (r *Review) group() grouping {
	services := r.Graph.Services()
	if len(services) <= mostDrawn || len(services) <= mostServices && !r.isTangled() && r.isLegible() {
		return grouping{}
	}
	owned := 0
	for i := range services {
		if services[i].Owner() != "" {
			owned++
		}
	}
	by, name := "owner", func(s *graph.Service) string { return cmp.Or(s.Owner(), "no owner") }
	switch {
	case len(services) <= mostServices:
		by, name = byService, func(s *graph.Service) string { return cmp.Or(s.Name, noService) }
	case 2*owned < len(services):
		by, name = "first word of the name", firstWord
	}
	size := map[string]int{}
	for i := range services {
		size[name(&services[i])]++
	}
	g := grouping{By: by, Of: make([]int, len(services))}
	for n := range size {
		g.Names = append(g.Names, n)
	}
	slices.SortFunc(g.Names, func(a, b string) int { return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(a, b)) })
	if len(g.Names) > mostGroups {
		g.Names = append(g.Names[:mostGroups-1:mostGroups-1], "others")
	}
	last := len(g.Names) - 1
	for i := range services {
		g.Of[i] = last
		if at := slices.Index(g.Names, name(&services[i])); at >= 0 {
			g.Of[i] = at
		}
	}
	return g
}

// The box that a wide screen has for the graph, and how much smaller than drawn letters can
// be read: 13 pixels become 9.
const (
	boxWidth, boxHeight = 1400, 738
	leastScale          = 0.7
)

// isLegible reports whether a picture of all services can be read.
func (r *Review) isLegible() bool { return fits(graphview.SizeOfGraph(r.Graph)) }

// fits reports whether a picture of some size can be read when it is fitted into its box.
func fits(width, height float64) bool { return min(boxWidth/width, boxHeight/height) >= leastScale }

// isTangled reports whether the services call each other so much that a picture of them is
// dense.
func (r *Review) isTangled() bool {
	type pair struct{ from, to graph.ServiceID }
	pairs := map[pair]bool{}
	for _, o := range r.Graph.Operations() {
		if o.Callee != graph.None && o.Callee != o.Caller {
			pairs[pair{o.Caller, o.Callee}] = true
		}
	}
	return len(pairs) > 2*len(r.Graph.Services())
}

func firstWord(s *graph.Service) string {
	if s.Name == "" {
		return noService
	}
	return strings.FieldsFunc(s.Name, func(r rune) bool { return strings.ContainsRune("-_./: ", r) })[0]
}

// picture is the diagram of groups: one edge for all operations between two of them that
// somebody waits for, and one for the others.
func (g *grouping) picture(p *graphview.Page) *diagram.Diagram {
	d := &diagram.Diagram{}
	services := make([]int, len(g.Names))
	for _, at := range g.Of {
		services[at]++
	}
	for i, name := range g.Names {
		if g.By != byService {
			name = fmt.Sprintf("%s (%d)", name, services[i])
		}
		d.Nodes = append(d.Nodes, diagram.Node{Name: name, Ref: i})
	}
	over := p.OverBudget(p.Picked.Journeys)
	type key struct {
		from, to int
		waits    bool
	}
	at := map[key]int{}
	for id, o := range p.Operations() {
		if o.Callee == graph.None {
			continue
		}
		k := key{g.Of[o.Caller], g.Of[o.Callee], o.Mode() != decide.Async}
		e, ok := at[k]
		if !ok {
			e = len(d.Edges)
			at[k] = e
			mode := decide.Async
			if k.waits {
				mode = decide.Sync
			}
			d.Edges = append(d.Edges, diagram.Edge{From: k.from, To: k.to, Mode: mode})
		}
		d.Edges[e].Refs = append(d.Edges[e].Refs, int(id))
		d.Edges[e].Over = d.Edges[e].Over || over[id]
		d.Edges[e].Differs = d.Edges[e].Differs || o.Disagrees()
	}
	for i := range d.Edges {
		e := &d.Edges[i]
		e.Weight = len(e.Refs)
		var lines []string
		odd := 0
		for _, n := range e.Refs {
			id := graph.OperationID(n)
			lines = append(lines, p.ID(id)+": "+p.ModeText(id))
			if p.Operation(id).Disagrees() {
				odd++
			}
		}
		const most = 12
		if len(lines) > most {
			lines = append(lines[:most:most], text.Count(len(lines)-most, "more operation"))
		}
		e.Remark = strings.Join(lines, "\n")
		e.Label = fmt.Sprint(len(e.Refs))
		if odd > 0 {
			e.Label = fmt.Sprintf("%d of %d (!)", odd, len(e.Refs))
		}
	}
	if len(d.Edges) > mostLabels {
		for i := range d.Edges {
			if e := &d.Edges[i]; !e.Over {
				e.Label = ""
			}
		}
	}
	return d
}
