package trace

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Of any tree of requests, each call is found once with its caller and callee, how
// often it was tried, whether it was waited for and how long it took, in whatever order
// its spans come, whatever the clocks of its hosts say, whichever conventions its services
// keep to, and beside requests whose callers left no span.
func TestTrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := treeOf(t)
		spans := rapid.Permutation(tree.spans).Draw(t, "order")
		var text []byte
		for _, s := range spans {
			skew := tree.skew[s.service]
			s.start, s.end = s.start+skew, s.end+skew
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
			edge := x.Caller + ">" + x.Callee
			if _, twice := got[edge]; twice {
				t.Fatalf("%s is found twice", edge)
			}
			m := x.Measured
			got[edge] = fmt.Sprintf("%s %d %.2f %v", x.Kind, m.Calls, m.Attempts, m.Waited)
			if m.P50 < 0 || m.Queued < 0 || m.Processing < 0 {
				t.Fatalf("%s took less than nothing: %+v", edge, m)
			}
			if took, ok := tree.took[edge]; ok && math.Abs(float64(m.P50)/float64(time.Millisecond)-took) > took/200+.01 {
				t.Fatalf("%s took %s, want %.3f ms", edge, m.P50, took)
			}
		}
		if len(got) != len(tree.want) || int(result.Report.Orphans) != tree.orphans {
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
	spans   []sp
	want    map[string]string
	took    map[string]float64 // milliseconds that the caller saw, of calls
	skew    map[string]float64 // by how much the clock of a service is wrong
	next    int
	traces  int
	orphans int
}

func treeOf(t *rapid.T) *drawnTree {
	tree := &drawnTree{want: map[string]string{}, took: map[string]float64{}, skew: map[string]float64{}, traces: 1}
	tree.serve(t, 1, 0, 0, 100_000, 3)
	for range rapid.IntRange(0, 2).Draw(t, "orphans") { // somebody's calls whose spans are lost
		tree.traces++
		tree.orphans++
		tree.serve(t, tree.traces, 1_000_000+tree.id(), 0, 1000, 0)
	}
	return tree
}

func (d *drawnTree) id() int { d.next++; return d.next }

// serve adds the span of a service of its own and what it calls, between two times.
func (d *drawnTree) serve(t *rapid.T, trace, parent int, start, end float64, depth int) string {
	id := d.id()
	name := fmt.Sprintf("s%d", id)
	d.skew[name] = float64(rapid.IntRange(-20, 20).Draw(t, "skew") * 250)
	method := "http.request.method=GET"
	if rapid.Bool().Draw(t, "old conventions") {
		method = "http.method=GET"
	}
	d.spans = append(d.spans, sp{trace, id, parent, name, server, "GET /", start, end, []string{method, "http.route=/"}, false, nil})
	if depth == 0 {
		return name
	}
	calls := rapid.IntRange(0, 3).Draw(t, "calls")
	step := (end - start) / float64(calls+1)
	for i := range calls {
		above := id
		if rapid.Bool().Draw(t, "middleware") {
			above = d.id()
			d.spans = append(d.spans, sp{trace, above, id, name, internal, "middleware", start, start + 1, nil, false, nil})
		}
		from := start + step*float64(i) + step/10
		if rapid.IntRange(0, 3).Draw(t, "message") == 0 {
			d.send(t, trace, name, above, from)
			continue
		}
		d.call(t, trace, name, above, from, step*.8, end, depth)
	}
	return name
}

// call adds a call that lasts as given, with attempts that fail before it, or one that
// outlives its request.
func (d *drawnTree) call(t *rapid.T, trace int, caller string, parent int, start, took, limit float64, depth int) {
	attempts := rapid.IntRange(1, 3).Draw(t, "attempts")
	waited := rapid.Bool().Draw(t, "waited")
	address := []string{"http.request.method=GET", "url.path=/", "server.address=127.0.0.1", fmt.Sprintf("server.port=%d", 4000+d.next)}
	if rapid.Bool().Draw(t, "old conventions") {
		address = []string{"http.method=GET", "http.target=/", "net.peer.name=127.0.0.1", fmt.Sprintf("net.peer.port=%d", 4000+d.next)}
	}
	each := took / float64(attempts)
	for k := range attempts - 1 {
		from := start + each*float64(k)
		d.spans = append(d.spans, sp{trace, d.id(), parent, caller, client, "GET", from, from + each*.9, append(address, "error.type=ECONNRESET"), true, nil})
	}
	from := start + each*float64(attempts-1)
	end := from + each*.9
	share := 1
	if !waited {
		end, share = limit+1000, 0
	}
	c := d.id()
	d.spans = append(d.spans, sp{trace, c, parent, caller, client, "GET", from, end, address, false, nil})
	callee := d.serve(t, trace, c, from+each*.01, end-each*.01, depth-1)
	edge := caller + ">" + callee
	d.want[edge] = fmt.Sprintf("query 1 %.2f %d", float64(attempts), share)
	d.took[edge] = end - start
}

// send adds a message that a service of its own handles later: below the span that sends
// it, or in a trace of its own that is only linked.
func (d *drawnTree) send(t *rapid.T, trace int, caller string, parent int, start float64) {
	id := d.id()
	queue := fmt.Sprintf("messaging.destination.name=q-%s", strings.Repeat("x", id))
	sent := []string{"messaging.system=rabbitmq", queue, "messaging.operation.type=send"}
	handled := []string{"messaging.system=rabbitmq", queue, "messaging.operation.type=process"}
	if rapid.Bool().Draw(t, "old conventions") {
		handled = []string{"messaging.system=rabbitmq", strings.Replace(queue, ".name", "", 1), "messaging.operation=process"}
	}
	d.spans = append(d.spans, sp{trace, id, parent, caller, producer, "send", start, start + 1, sent, false, nil})
	c := d.id()
	name := fmt.Sprintf("s%d", c)
	d.skew[name] = float64(rapid.IntRange(-20, 20).Draw(t, "skew") * 250)
	consumed := sp{trace, c, id, name, consumer, "process", start + 500, start + 530, handled, false, nil}
	if rapid.Bool().Draw(t, "linked") {
		d.traces++
		consumed.trace, consumed.parent, consumed.links = d.traces, 0, []string{fmt.Sprintf("%d/%d", trace, id)}
	}
	d.spans = append(d.spans, consumed)
	d.want[caller+">"+name] = "event 1 1.00 0"
}
