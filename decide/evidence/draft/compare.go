package draft

import (
	"cmp"
	"slices"

	"waitornot/decide/evidence"
)

// A Declared is an operation that a manifest declares.
type Declared struct {
	Service, Name  string // of the document, and of the operation in it
	Caller, Callee string
	File           string
	Line           int
}

// A Comparison sets what was seen against what is declared.
type Comparison struct {
	Missing  []Service  // seen, but not declared, by service
	Unseen   []Declared // declared, but not seen, in the order given
	Beyond   int        // declared by services of which the sources say nothing
	Measured []Measured // declared, and measured now, in the order given
}

// A Measured is a declared operation with what was measured of it.
type Measured struct {
	Declared
	Evidence *evidence.Measured
}

// A comparing is a comparison while it is made.
type comparing struct {
	declared map[edge][]int  // indexes of declared operations
	written  map[string]bool // callers that have a manifest
	given    []Declared
	seen     map[edge][]*evidence.Operation
	matched  map[int]*evidence.Operation // by index of the declared one
}

// Compare compares a system with the operations of manifests. An edge counts as declared
// when any operation between the two is; so does what a callee offers, since whether this
// caller calls it isn't known. Hints count for services without a manifest only: where there
// is one, somebody has looked at them.
func Compare(sys *evidence.System, declared []Declared) Comparison {
	services := Services(sys)
	c := newComparing(services, declared)
	var out Comparison
	covered := map[string]bool{}
	for i := range sys.Services {
		covered[evidence.Alike(sys.Services[i].Name)] = true
	}
	for _, s := range services {
		covered[evidence.Alike(s.Name)] = true
		missing := s
		missing.Operations = nil
		for i := range s.Operations {
			if c.lacks(&s.Operations[i]) {
				missing.Operations = append(missing.Operations, s.Operations[i])
			}
		}
		if len(missing.Operations) > 0 {
			out.Missing = append(out.Missing, missing)
		}
	}
	for i, d := range declared {
		op := c.matched[i]
		if op != nil && op.Measured != nil {
			out.Measured = append(out.Measured, Measured{d, op.Measured})
		}
		switch {
		case d.Callee == "" || !covered[evidence.Alike(d.Caller)]:
			out.Beyond++
		case op == nil && c.gone(d):
			out.Unseen = append(out.Unseen, d)
		}
	}
	return out
}

// newComparing sorts both sides by edge and matches operations by name; where an edge has
// one of each left, by being the only ones: a team may call it otherwise.
func newComparing(services []Service, declared []Declared) *comparing {
	c := &comparing{map[edge][]int{}, map[string]bool{}, declared, map[edge][]*evidence.Operation{}, map[int]*evidence.Operation{}}
	for i, d := range declared {
		c.written[evidence.Alike(d.Caller)] = true
		e := edgeOf(d.Caller, d.Callee)
		c.declared[e] = append(c.declared[e], i)
	}
	for s := range services {
		for i := range services[s].Operations {
			op := &services[s].Operations[i]
			e := edgeAt(op)
			c.seen[e] = append(c.seen[e], op)
		}
	}
	for e, list := range c.declared {
		c.match(list, c.seen[e])
	}
	return c
}

func (c *comparing) match(declared []int, seen []*evidence.Operation) {
	var left []int
	taken := map[*evidence.Operation]bool{}
	for _, i := range declared {
		name := evidence.OperationName(c.given[i].Name)
		at := slices.IndexFunc(seen, func(op *evidence.Operation) bool { return evidence.OperationName(NameOf(op)) == name && !taken[op] })
		if at < 0 {
			left = append(left, i)
			continue
		}
		c.matched[i], taken[seen[at]] = seen[at], true
	}
	rest := slices.DeleteFunc(slices.Clone(seen), func(op *evidence.Operation) bool { return taken[op] || op.Offered })
	if len(left) == 1 && len(rest) == 1 {
		c.matched[left[0]] = rest[0]
	}
}

// lacks reports whether no manifest declares an operation that was seen.
func (c *comparing) lacks(op *evidence.Operation) bool {
	e := edgeAt(op)
	list := c.declared[e]
	switch {
	case op.Weak && c.written[evidence.Alike(cmp.Or(op.Caller, op.Callee))], len(list) > 0 && (op.Edge() || op.Offered):
		return false
	case len(list) == 0:
		return true
	}
	return !slices.ContainsFunc(list, func(i int) bool { return c.matched[i] == op })
}

// gone reports whether a declared operation that matches none is one that the sources
// would show: nothing is seen on its edge, or all that is has another name.
func (c *comparing) gone(d Declared) bool {
	return !slices.ContainsFunc(c.seen[edgeOf(d.Caller, d.Callee)], func(op *evidence.Operation) bool { return op.Edge() || op.Offered })
}

func edgeAt(op *evidence.Operation) edge { return edgeOf(cmp.Or(op.Caller, Client), op.Callee) }

// An edge is two services by their names, spelling left out.
type edge struct{ caller, callee string }

func edgeOf(caller, callee string) edge {
	return edge{evidence.Alike(caller), evidence.Alike(callee)}
}
