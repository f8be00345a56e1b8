package graph

import "iter"

// blocks is the operations of a graph, in order, a block at a time: what they are copied from
// can go while the next block is filled, and no room for all at once has to be found.
type blocks struct {
	list  [][]Operation // all but the last have blockSize
	count OperationID
	total int // how many will be added
}

const blockSize = 1 << 10

// add adds an operation behind the others.
func (b *blocks) add(o Operation) {
	if b.count%blockSize == 0 {
		b.list = append(b.list, make([]Operation, 0, min(blockSize, b.total-int(b.count))))
	}
	last := &b.list[len(b.list)-1]
	*last = append(*last, o)
	b.count++
}

// at returns an operation, which stays where it is.
func (b *blocks) at(id OperationID) *Operation { return &b.list[id/blockSize][id%blockSize] }

// Operations returns the operations in run order: that of the files, and in a
// file that of the text.
func (g *Graph) Operations() iter.Seq2[OperationID, *Operation] {
	return func(yield func(OperationID, *Operation) bool) {
		for id := range g.ops.count {
			if !yield(id, g.ops.at(id)) {
				return
			}
		}
	}
}

// Len returns how many operations there are.
func (g *Graph) Len() int { return int(g.ops.count) }

// Operation returns an operation by its id, which must not be None.
func (g *Graph) Operation(id OperationID) *Operation { return g.ops.at(id) }
