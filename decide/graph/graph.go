// Package graph joins the operations of a run into one graph of callers and
// callees, and the journeys into paths through it.
package graph

import "waitornot/decide/manifest"

// A Part is what the graph keeps of some operations, so that their manifest
// need not stay in memory.
type Part struct{}

// Collect returns the part of the graph that ops declare. It is safe to call
// from several goroutines at a time.
func Collect(doc *manifest.Document, ops []manifest.Operation) Part { return Part{} }

// A Graph is the operations and journeys of a whole run. It is immutable.
type Graph struct{}

// Join makes a graph of the parts and files of a run, given in order.
func Join(files []*manifest.File, parts []Part) *Graph { return &Graph{} }
