package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// A GraphPage is a graph, or the part of it that was asked for.
type GraphPage struct {
	*graph.Graph
	Picked  graph.Selection
	Whole   bool   // nothing was picked: the page shows what fits of everything
	Version string // of waitornot
	Dir     string // paths below it are written relative to it; "" leaves all as they are
}

// A GraphLook says how a graph is laid out. The formats for machines and
// pictures do not change with it.
type GraphLook struct {
	term.Layout
	ASCII bool // the terminal shows no other characters
}

// A GraphFormat is one way to write a graph.
type GraphFormat struct {
	Name string
	Doc  string // one line

	write func(*bufio.Writer, *GraphPage, GraphLook)
}

// GraphFormats returns the formats in the order in which help lists them, the
// default first.
func GraphFormats() []GraphFormat {
	return []GraphFormat{
		{"text", "for people: journeys, entries and queues with their numbers", graphText},
		{"json", "one document with everything, with a schema", graphJSON},
		{"mermaid", "a flowchart for Markdown", graphMermaid},
		{"dot", "for Graphviz", graphDot},
		{"svg", "a picture, for light and dark pages", graphSVG},
	}
}

// Write writes the page to w. The error is the first that w returned.
func (f GraphFormat) Write(w io.Writer, p *GraphPage, l GraphLook) error {
	b := bufio.NewWriterSize(w, 64<<10)
	f.write(b, p, l)
	return b.Flush()
}

// diagram gathers at most so many operations: first those of journeys, then the
// others, in the order of the graph.
func (p *GraphPage) diagram(most int) diagram {
	over := p.overBudget()
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
		for _, s := range p.Journeys()[j].Path {
			take(s.Operation)
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
	d.hidden = len(p.Picked.Operations) - len(ops)
	for i := range d.diagram.edges {
		e := &d.diagram.edges[i]
		e.label, e.remark = p.label(e, d.operations[i]), p.remark(e, d.operations[i])
	}
	return d.diagram
}

// overBudget returns the operations on the critical paths of journeys that are
// over their budgets.
func (p *GraphPage) overBudget() map[graph.OperationID]bool {
	over := map[graph.OperationID]bool{}
	for _, i := range p.Picked.Journeys {
		j := &p.Journeys()[i]
		if n := p.Numbers(j); n.Budget(j) == graph.Missed {
			for _, step := range n.Tail.Path {
				over[j.Path[step].Operation] = true
			}
		}
	}
	return over
}

// A drawer puts operations into a diagram.
type drawer struct {
	diagram
	page     *GraphPage
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
	to := len(d.nodes)
	if o.Callee != graph.None {
		to = d.service(o.Callee)
	} else {
		d.nodes = append(d.nodes, node{name: o.Name, work: true})
	}
	key := edgeKey{from, to, o.Mode(), o.Disagrees(), d.over[id]}
	at, ok := d.edges[key]
	if !ok {
		at = len(d.diagram.edges)
		d.edges[key] = at
		d.diagram.edges = append(d.diagram.edges, edge{from: from, to: to, mode: key.mode, differs: key.differs, over: key.over})
		d.operations = append(d.operations, nil)
	}
	d.operations[at] = append(d.operations[at], id)
}

func (d *drawer) service(s graph.ServiceID) int {
	at, ok := d.services[s]
	if !ok {
		at = len(d.nodes)
		d.services[s] = at
		service := &d.page.Services()[s]
		_, entry := slices.BinarySearchFunc(d.page.Entries(), s, func(e graph.Entry, s graph.ServiceID) int { return cmp.Compare(e.Service, s) })
		d.nodes = append(d.nodes, node{name: serviceName(service.Name), external: len(service.Documents) == 0, entry: entry})
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
func (p *GraphPage) label(e *edge, ops []graph.OperationID) string {
	label := p.Operation(ops[0]).Name
	if len(ops) > 1 {
		label = text.Count(len(ops), "operation")
	}
	if e.differs {
		label += " (!)"
	}
	return label
}

// remark says in words what an edge is, one line for each operation.
func (p *GraphPage) remark(e *edge, ops []graph.OperationID) string {
	var lines []string
	for _, id := range ops {
		line := p.ID(id) + ": " + p.mode(id)
		if e.over {
			line += ", on a path over its budget"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// mode says how an operation works, and that it should not when that is so.
func (p *GraphPage) mode(id graph.OperationID) string {
	o := p.Operation(id)
	if o.Disagrees() {
		return fmt.Sprintf("%s, the verdict is %s", o.Declared, o.Verdict)
	}
	return o.Mode().String()
}

// lack says which fact is missing: "answers.latency of shop/pay".
func (p *GraphPage) lack(l graph.Lack) string {
	switch {
	case l.Broker != graph.None:
		return fmt.Sprintf("%s of broker %s", l.Fact, p.Brokers()[l.Broker].Name)
	case l.Service != graph.None:
		return fmt.Sprintf("%s of %s", l.Fact, serviceName(p.ServiceName(l.Service)))
	}
	return fmt.Sprintf("%s of %s", l.Fact, p.ID(l.Operation))
}
