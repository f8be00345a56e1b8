// Package graphview writes graphs and plans, each format in a file of its own.
package graphview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// A Page is a graph, or the part of it that was asked for.
type Page struct {
	*graph.Graph
	Picked  graph.Selection
	Whole   bool   // nothing was picked: the page shows what fits of everything
	Version string // of waitornot
	Dir     string // paths below it are written relative to it; "" leaves all as they are
}

// Formats returns the formats of graphs in the order in which help lists them, the
// default first.
func Formats() []markup.Format[*Page] {
	return []markup.Format[*Page]{
		{Name: "text", Doc: "for people: journeys, entry points, and queues with their numbers", Page: graphText},
		{Name: "json", Doc: "one document with everything, with a schema", Page: graphJSON},
		{Name: "mermaid", Doc: "a flowchart for Markdown", Page: graphMermaid},
		{Name: "dot", Doc: "for Graphviz", Page: graphDot},
		{Name: "svg", Doc: "a picture, for light and dark pages", Page: graphSVG},
	}
}

// diagram gathers at most so many operations: first those of journeys, then the
// others, in the order of the graph.
func (p *Page) diagram(most int) diagram.Diagram {
	over := p.OverBudget(p.Picked.Journeys)
	var ops []graph.OperationID
	taken := make(map[graph.OperationID]bool, len(p.Picked.Operations))
	picked := make(map[graph.OperationID]bool, len(p.Picked.Operations))
	for _, id := range p.Picked.Operations {
		picked[id] = true
	}
	take := func(id graph.OperationID) {
		if picked[id] && !taken[id] && len(ops) < most {
			taken[id] = true
			ops = append(ops, id)
		}
	}
	for _, j := range p.Picked.Journeys {
		journey := &p.Journeys()[j]
		for at := range journey.Len() {
			take(journey.Step(int32(at)).Operation)
		}
	}
	for _, id := range p.Picked.Operations {
		take(id)
	}
	slices.Sort(ops)
	d := drawer{page: p, over: over, services: map[graph.ServiceID]int{}, edges: map[edgeKey]int{}}
	for _, id := range ops {
		d.add(id)
	}
	d.Hidden = len(p.Picked.Operations) - len(ops)
	for i := range d.Diagram.Edges {
		e := &d.Diagram.Edges[i]
		e.Label, e.Remark = p.label(e, d.operations[i]), p.remark(e, d.operations[i])
		for _, id := range d.operations[i] {
			e.Refs = append(e.Refs, int(id))
		}
	}
	return d.Diagram
}

// A drawer puts operations into a diagram.
type drawer struct {
	diagram.Diagram
	page     *Page
	over     map[graph.OperationID]bool
	services map[graph.ServiceID]int
	edges    map[edgeKey]int

	operations [][]graph.OperationID // of each edge
}

type edgeKey struct {
	from, to      int
	mode          decide.Verdict
	differs, over bool
}

func (d *drawer) add(id graph.OperationID) {
	o := d.page.Operation(id)
	from := d.service(o.Caller)
	for _, s := range d.page.Handlers(id) {
		d.edge(from, d.service(s), id)
	}
	if o.Callee != graph.None {
		d.edge(from, d.service(o.Callee), id)
	} else if len(d.page.Handlers(id)) == 0 {
		d.Nodes = append(d.Nodes, diagram.Node{Name: d.page.operationName(id), Work: true, Ref: -1})
		d.edge(from, len(d.Nodes)-1, id)
	}
}

// edge adds an operation to the edge between two nodes.
func (d *drawer) edge(from, to int, id graph.OperationID) {
	o := d.page.Operation(id)
	key := edgeKey{from, to, o.Mode(), o.Disagrees(), d.over[id]}
	at, ok := d.edges[key]
	if !ok {
		at = len(d.Diagram.Edges)
		d.edges[key] = at
		d.Diagram.Edges = append(d.Diagram.Edges, diagram.Edge{From: from, To: to, Mode: key.mode, Differs: key.differs, Over: key.over})
		d.operations = append(d.operations, nil)
	}
	d.operations[at] = append(d.operations[at], id)
}

func (d *drawer) service(s graph.ServiceID) int {
	at, ok := d.services[s]
	if !ok {
		at = len(d.Nodes)
		d.services[s] = at
		service := &d.page.Services()[s]
		_, entry := slices.BinarySearchFunc(d.page.Entries(), s, func(e graph.Entry, s graph.ServiceID) int { return cmp.Compare(e.Service, s) })
		d.Nodes = append(d.Nodes, diagram.Node{Name: serviceName(service.Name), External: len(service.Documents) == 0, Entry: entry, Ref: int(s)})
	}
	return at
}

// serviceName returns the name of a service as people see it.
func serviceName(name string) string {
	if name == "" {
		return "(no service)"
	}
	return name
}

// label returns what an edge is called: its operation, or how many there are.
func (p *Page) label(e *diagram.Edge, ops []graph.OperationID) string {
	label := p.operationName(ops[0])
	if len(ops) > 1 {
		label = text.Count(len(ops), "operation")
	}
	if e.Differs {
		label += " (!)"
	}
	return label
}

// operationName returns the name of an operation without its service, or where it
// stands when it has none.
func (p *Page) operationName(id graph.OperationID) string {
	if name := p.Operation(id).Name; name != "" {
		return name
	}
	return fmt.Sprintf("(line %d)", p.Place(id, graph.FactName).Start.Line)
}

// remark says in words what an edge is, one line for each operation.
func (p *Page) remark(e *diagram.Edge, ops []graph.OperationID) string {
	var lines []string
	for _, id := range ops {
		line := p.ID(id) + ": " + p.ModeText(id)
		if e.Over {
			line += ", on a path over its budget"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// ModeText says how an operation works, and that it should not when that is so.
func (p *Page) ModeText(id graph.OperationID) string {
	o := p.Operation(id)
	if o.Disagrees() {
		return fmt.Sprintf("%s, the verdict is %s", o.Declared, o.Verdict)
	}
	return o.Mode().String()
}

// MissingText says which fact is missing: "answers.latency of shop/pay".
func (p *Page) MissingText(l graph.MissingFact) string {
	switch {
	case l.Broker != graph.None:
		return fmt.Sprintf("%s of broker %s", l.Fact, p.Brokers()[l.Broker].Name)
	case l.Service != graph.None:
		return fmt.Sprintf("%s of %s", l.Fact, serviceName(p.ServiceName(l.Service)))
	}
	return fmt.Sprintf("%s of %s", l.Fact, p.ID(l.Operation))
}
