package graph

import "testing"

// However many operations there are, each is where it was put, and stays there.
func TestBlocks(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, blockSize - 1, blockSize, blockSize + 1, 3*blockSize + 5} {
		g := Graph{ops: blocks{total: n}}
		for i := range n {
			g.ops.add(Operation{attempts: uint32(i)})
		}
		if last := len(g.ops.list) - 1; n > 0 && len(g.ops.list[last]) != cap(g.ops.list[last]) {
			t.Errorf("%d operations: the last block has room for %d, and %d in it", n, cap(g.ops.list[last]), len(g.ops.list[last]))
		}
		seen := 0
		for id, o := range g.Operations() {
			if int(id) != seen || o != g.Operation(id) || int(o.attempts) != seen {
				t.Fatalf("of %d operations, number %d is %d of %d", n, seen, id, o.attempts)
			}
			seen++
		}
		if seen != n || g.Len() != n {
			t.Errorf("%d operations seen, %d counted, want %d", seen, g.Len(), n)
		}
		for range g.Operations() {
			break // whoever looks for one needn't see all
		}
	}
}
