package report

import (
	"waitornot/decide"
)

// A diagram is what pictures show: services, and what goes between them. What
// goes the same way in the same manner is one edge.
type diagram struct {
	nodes  []node
	edges  []edge
	hidden int // operations that are not drawn
}

// A node is a service, or the work of an operation that names no callee.
type node struct {
	name     string
	external bool // no document declares it
	entry    bool
	work     bool // not a service
}

// An edge is one or more operations.
type edge struct {
	from, to int // positions in nodes
	mode     decide.Verdict
	differs  bool   // the declared mode is not the verdict
	over     bool   // on the critical path of a journey over its budget
	label    string // what it is called
	remark   string // what it is in words, one line for each operation
}

// drawnAtMost is how many operations a picture shows: more cannot be read, and
// the readers of some formats refuse them.
const drawnAtMost = 400
