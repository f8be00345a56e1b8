package graph

import (
	"slices"
	"strings"

	"waitornot/decide/manifest"
)

// An index finds operations by the service that declares them and their name.
// It holds four bytes for each slot, and no names of its own.
type index struct {
	slots []OperationID // open addressing; None is free; a power of two
}

func newIndex(ops *blocks) index {
	size := 4
	for size < 2*int(ops.count) {
		size *= 2
	}
	x := index{make([]OperationID, size)}
	for i := range x.slots {
		x.slots[i] = None
	}
	for id := range ops.count {
		// The first of several with one name is the one that is found.
		if slot, found := x.slot(ops, ops.at(id).Service, ops.at(id).Name); !found {
			x.slots[slot] = id
		}
	}
	return x
}

// slot returns where the operation is, or else where it would go.
func (x *index) slot(ops *blocks, service ServiceID, name string) (int, bool) {
	mask := len(x.slots) - 1
	at := int(hash(service, name)) & mask
	for ; x.slots[at] != None; at = (at + 1) & mask {
		if o := ops.at(x.slots[at]); o.Service == service && o.Name == name {
			return at, true
		}
	}
	return at, false
}

// hash is FNV-1a with the service mixed in. It has no seed, so that a run is
// repeatable to the last step.
func hash(service ServiceID, name string) uint32 {
	h := uint32(2166136261) ^ uint32(service)*0x9e3779b1
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h ^ h>>15
}

// Find returns the operation that the documents of a service declare under a
// name. Of several with the same name it is the first in run order.
func (g *Graph) Find(service ServiceID, name string) (OperationID, bool) {
	slot, found := g.index.slot(&g.ops, service, name)
	if !found {
		return None, false
	}
	return g.index.slots[slot], true
}

// FindID returns the operation that a name of Graph.ID belongs to, the first in run
// order.
func (g *Graph) FindID(name string) (OperationID, bool) {
	for service, operation := range manifest.StepNames("", name) {
		s, known := slices.BinarySearchFunc(g.services, service, func(s Service, name string) int { return strings.Compare(s.Name, name) })
		if !known {
			continue
		}
		if id, found := g.Find(ServiceID(s), operation); found {
			return id, true
		}
	}
	return None, false
}
