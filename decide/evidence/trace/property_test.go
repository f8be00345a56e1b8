package trace

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Of any tree of requests, each call is found once with its caller and callee, how
// often it was tried and whether it was waited for, in whatever order its spans come.
func TestTrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := treeOf(t)
		spans := rapid.Permutation(tree.spans).Draw(t, "order")
		var text []byte
		for _, s := range spans {
			text = append(append(text, body([]sp{s})...), '\n')
		}
		store := NewStore(Options{})
		if err := store.Read(t.Context(), "tree", strings.NewReader(string(text))); err != nil {
			t.Fatal(err)
		}
		result, err := store.Result(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, x := range result.Sightings {
			got[x.Caller+">"+x.Callee] = fmt.Sprintf("%d %.2f %v", x.Measured.Calls, x.Measured.Attempts, x.Measured.Waited)
		}
		if len(got) != len(tree.want) || len(result.Sightings) != len(got) || result.Report.Orphans != 0 {
			t.Fatalf("got %v, want %v, %+v", got, tree.want, result.Report)
		}
		for edge, want := range tree.want {
			if got[edge] != want {
				t.Fatalf("%s: %q, want %q", edge, got[edge], want)
			}
		}
	})
}

// A drawnTree is a request with its spans, and what is true of its edges.
type drawnTree struct {
	spans []sp
	want  map[string]string
	next  int
}

func treeOf(t *rapid.T) *drawnTree {
	tree := &drawnTree{want: map[string]string{}}
	tree.serve(t, 0, 0, 100_000, 3)
	return tree
}

func (d *drawnTree) id() int { d.next++; return d.next }

// serve adds the span of a service of its own and what it calls, between two times.
func (d *drawnTree) serve(t *rapid.T, parent int, start, end float64, depth int) string {
	id := d.id()
	name := fmt.Sprintf("s%d", id)
	d.spans = append(d.spans, sp{1, id, parent, name, server, "GET /", start, end, []string{"http.request.method=GET", "http.route=/"}, false, nil})
	if depth == 0 {
		return name
	}
	calls := rapid.IntRange(0, 3).Draw(t, "calls")
	step := (end - start) / float64(calls+1)
	for i := range calls {
		above := id
		if rapid.Bool().Draw(t, "middleware") {
			above = d.id()
			d.spans = append(d.spans, sp{1, above, id, name, internal, "middleware", start, start + 1, nil, false, nil})
		}
		d.call(t, name, above, start+step*float64(i)+step/10, step*.8, end, depth)
	}
	return name
}

// call adds a call that lasts as given, with attempts that fail before it, or one that
// outlives its request.
func (d *drawnTree) call(t *rapid.T, caller string, parent int, start, took, limit float64, depth int) {
	attempts := rapid.IntRange(1, 3).Draw(t, "attempts")
	waited := rapid.Bool().Draw(t, "waited")
	address := []string{"http.request.method=GET", "url.path=/", "server.address=127.0.0.1", fmt.Sprintf("server.port=%d", 4000+d.next)}
	each := took / float64(attempts)
	for k := range attempts - 1 {
		from := start + each*float64(k)
		d.spans = append(d.spans, sp{1, d.id(), parent, caller, client, "GET", from, from + each*.9, append(address, "error.type=ECONNRESET"), true, nil})
	}
	from := start + each*float64(attempts-1)
	end := from + each*.9
	share := 1
	if !waited {
		end, share = limit+1000, 0
	}
	c := d.id()
	d.spans = append(d.spans, sp{1, c, parent, caller, client, "GET", from, end, address, false, nil})
	callee := d.serve(t, c, from+each*.01, end-each*.01, depth-1)
	d.want[caller+">"+callee] = fmt.Sprintf("1 %.2f %d", float64(attempts), share)
}
