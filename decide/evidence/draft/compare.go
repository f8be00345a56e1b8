package draft

import (
	"cmp"

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
	Missing []Service  // seen, but not declared, by service
	Unseen  []Declared // declared, but not seen, in the order given
	Beyond  int        // declared by services of which the sources say nothing
}

// Compare compares a system with the operations of manifests. An edge counts as declared
// when any operation between the two is; so does what a callee offers, since whether this
// caller calls it isn't known. Hints count for services without a manifest only: where there
// is one, somebody has looked at them.
func Compare(sys *evidence.System, declared []Declared) Comparison {
	edges, named, written := map[edge]bool{}, map[edge]map[string]bool{}, map[string]bool{}
	for _, d := range declared {
		written[evidence.Alike(d.Caller)] = true
		e := edgeOf(d.Caller, d.Callee)
		edges[e] = true
		if named[e] == nil {
			named[e] = map[string]bool{}
		}
		named[e][evidence.OperationName(d.Name)] = true
	}
	var c Comparison
	seen, exact, covered := map[edge]bool{}, map[edge]map[string]bool{}, map[string]bool{}
	for _, s := range Services(sys) {
		missing := s
		missing.Operations = nil
		covered[evidence.Alike(s.Name)] = true
		for _, op := range s.Operations {
			e := edgeOf(cmp.Or(op.Caller, Client), op.Callee)
			seen[e] = true
			if measured(&op) {
				if exact[e] == nil {
					exact[e] = map[string]bool{}
				}
				exact[e][op.Name] = true
			}
			if op.Weak && written[evidence.Alike(s.Name)] {
				continue
			}
			if there := edges[e]; !there || !op.Edge() && !op.Offered && !named[e][evidence.OperationName(op.Name)] && !named[e][NameOf(&op)] {
				missing.Operations = append(missing.Operations, op)
			}
		}
		if len(missing.Operations) > 0 {
			c.Missing = append(c.Missing, missing)
		}
	}
	for i := range sys.Services {
		covered[evidence.Alike(sys.Services[i].Name)] = true
	}
	for _, d := range declared {
		e := edgeOf(d.Caller, d.Callee)
		switch {
		case d.Callee == "" || !covered[evidence.Alike(d.Caller)]:
			c.Beyond++
		case !seen[e], len(exact[e]) > 0 && !exact[e][evidence.OperationName(d.Name)]:
			c.Unseen = append(c.Unseen, d)
		}
	}
	return c
}

func measured(op *evidence.Operation) bool { return op.Measured != nil && op.Name != "" }

// An edge is two services by their names, spelling left out.
type edge struct{ caller, callee string }

func edgeOf(caller, callee string) edge {
	return edge{evidence.Alike(caller), evidence.Alike(callee)}
}
