// Package diagram draws services and what goes between them: as SVG in layers, and as
// text for Mermaid and Graphviz.
package diagram

import (
	"strings"

	"waitornot/decide"
)

// A Diagram is what pictures show: services, and what goes between them. What
// goes the same way in the same manner is one edge.
type Diagram struct {
	Nodes  []Node
	Edges  []Edge
	Hidden int // operations that are not drawn
}

// A Node is a service, or the work of an operation that names no callee.
type Node struct {
	Name     string
	External bool // no document declares it
	Entry    bool
	Work     bool // not a service
	Ref      int  // by what a page knows it: a number of the reader's own
}

// An Edge is one or more operations.
type Edge struct {
	From, To int // positions in nodes
	Mode     decide.Verdict
	Differs  bool   // the declared mode is not the verdict
	Over     bool   // on the critical path of a journey over its budget
	Label    string // what it is called
	Weight   int    // how thick it is drawn, from 1; 0 is 1
	Refs     []int  // by what a page knows its operations
	Remark   string // what it is in words, one line for each operation
}

// DrawnAtMost is how many operations a picture shows: more can't be read, and Mermaid
// refuses more than 500 edges.
const DrawnAtMost = 400

// Unnamed stands for a name that is empty: some readers of diagrams refuse an empty
// label, and with it the whole diagram.
const Unnamed = "(no name)"

func orUnnamed(name string) string {
	if strings.TrimSpace(name) == "" {
		return Unnamed
	}
	return name
}
