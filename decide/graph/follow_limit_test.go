package graph

import (
	"fmt"
	"testing"

	"waitornot/decide"
)

// As many calls of a journey are followed as the limit says, and no more.
func TestMostFollowed(t *testing.T) {
	t.Parallel()
	for more, cut := range map[int]bool{0: false, 1: true} {
		b := newBuilder()
		web, api := b.doc("web"), b.doc("api")
		b.op(web, "ask", "api", decide.Sync)
		for i := range mostFollowed + more {
			b.op(api, fmt.Sprintf("o%d", i), "db", decide.Sync)
		}
		b.journey(web, "page", "ask")
		g := b.build(t, 0)
		if j := &g.Journeys()[0]; j.Cut != cut || len(j.Followed) != mostFollowed {
			t.Errorf("of %d calls %d are followed, cut: %t", mostFollowed+more, len(j.Followed), j.Cut)
		}
	}
}
