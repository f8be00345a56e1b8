package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/graph"
)

// domains and parts name the services of drawn systems as companies name theirs.
var (
	domains = []string{"orders", "payments", "catalogue", "shipping", "accounts", "search", "pricing", "returns", "inventory", "loyalty",
		"fraud", "invoices", "notifications", "media", "reviews", "promotions", "suppliers", "reports", "support", "identity"}
	parts = []string{"", "-api", "-worker", "-gateway", "-store", "-sync", "-rules", "-archive", "-events", "-admin", "-export", "-cache", "-audit", "-jobs", "-edge"}
	verbs = []string{"load", "store", "check", "send", "update", "reserve", "notify", "list", "price", "export", "confirm", "cancel"}
)

// A drawnSystem is a system of services in layers: teams own eight services each, some
// operations disagree with their verdict, and journeys begin at the first services.
func drawnSystem(services int, cyclic bool) string {
	name := func(i int) string { return domains[i%len(domains)] + parts[i/len(domains)%len(parts)] }
	var b strings.Builder
	state := uint32(7)
	draw := func(n int) int { // a fixed sequence, the same everywhere
		state = state*1664525 + 1013904223
		return int(state>>16) % n
	}
	for i := range services {
		fmt.Fprintf(&b, "---\nservice: %s\nowner: team-%s\navailability: 99.9%%\n", name(i), domains[i/8%len(domains)])
		calls := 1 + draw(3)
		if i >= services*3/4 {
			calls = draw(2)
		}
		var ops []string
		for c := range calls {
			to := min(i+1+draw(max(services/3, 2)), services-1)
			if cyclic && draw(8) == 0 {
				to = draw(services)
			}
			if to == i {
				continue
			}
			verb := verbs[draw(len(verbs))]
			immediacy, retry, mode := []string{"yes", "later", "no", "no"}[draw(4)], []string{"yes", "no"}[draw(2)], ""
			if draw(3) > 0 {
				mode = ", mode: " + []string{"sync", "async"}[draw(2)]
			}
			ops = append(ops, fmt.Sprintf("  - {name: %s-%s-%d, callee: %s, answers: {immediacy: %s, retryability: %s, latency: %dms, coupling: yes}%s, boundary: own-team, availability: 99.%d%%}\n",
				verb, domains[to%len(domains)], c, name(to), immediacy, retry, 20+draw(1500), mode, 5+draw(5)))
		}
		if len(ops) == 0 {
			b.WriteString("operations: []\n")
			continue
		}
		b.WriteString("operations:\n" + strings.Join(ops, ""))
		if i < 4 {
			first := ops[0][strings.Index(ops[0], "name: ")+len("name: ") : strings.Index(ops[0], ", callee")]
			fmt.Fprintf(&b, "journeys:\n  - {name: journey-%d, steps: [%s], budget: %dms, slo: 99.9%%}\n", i, first, 300+draw(700))
		}
	}
	return b.String()
}

// drawnJourneys is a manifest with journeys of all shapes: steps in each other, side by
// side, twice, with facts missing, and in all modes.
func drawnJourneys(n int) string {
	var b strings.Builder
	state := uint32(11)
	draw := func(n int) int {
		state = state*1664525 + 1013904223
		return int(state>>16) % n
	}
	for s := range 5 {
		fmt.Fprintf(&b, "---\nservice: s%d\n", s)
		if draw(3) > 0 {
			b.WriteString("availability: 99.9%\n")
		}
		b.WriteString("brokers:\n  - {name: bus, kind: rabbitmq, availability: 99.95%}\noperations:\n")
		for o := range 6 {
			fmt.Fprintf(&b, "  - {name: o%d, callee: s%d, answers: {immediacy: yes, retryability: yes", o, draw(5))
			if draw(4) > 0 {
				fmt.Fprintf(&b, ", latency: %dms", 50+draw(900))
			}
			b.WriteString("}")
			for _, fact := range []string{
				[]string{"", "sync", "sync", "sync", "async", "hybrid"}[draw(6)], []string{"", "delivery: {broker: bus}", "delivery: {outbox: yes}"}[draw(3)],
				[]string{"", "availability: 99.5%"}[draw(2)], []string{"", "critical: no"}[draw(6)/5], []string{"", "reply: {accept_within: 40ms}"}[draw(2)], []string{"", "calls: 3"}[draw(3)/2],
			} {
				if fact == "sync" || fact == "async" || fact == "hybrid" {
					fact = "mode: " + fact
				}
				if fact != "" {
					b.WriteString(", " + fact)
				}
			}
			b.WriteString("}\n")
		}
		if s < 4 {
			continue
		}
		b.WriteString("journeys:\n")
		for j := range n {
			var steps []string
			for range 1 + draw(6) {
				one := func() string { return fmt.Sprintf("s%d/o%d", draw(5), draw(6)) }
				if draw(4) == 0 {
					steps = append(steps, "["+one()+", "+one()+"]")
					continue
				}
				steps = append(steps, one())
			}
			fmt.Fprintf(&b, "  - {name: j%d, steps: [%s], budget: %dms, slo: 99.%d%%}\n", j, strings.Join(steps, ", "), 100+draw(2500), 1+draw(9))
		}
	}
	return b.String()
}

// changedJourneys says as JSON what the engine works out of journeys when some of their
// operations are detached: for each journey some sets of them, none of them first.
func changedJourneys(t *testing.T, path string) string {
	t.Helper()
	g := &globals{streams: Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" }, Now: time.Now}}
	o := reportOptions{globals: g, paths: []string{path}}
	o.none = true
	r, err := o.review(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	type change struct {
		Journey      int      `json:"journey"`
		To           [][2]int `json:"to"`
		Wait         int64    `json:"wait"`
		WaitKnown    bool     `json:"waitKnown"`
		WaitNothing  bool     `json:"waitNothing"`
		Share        float64  `json:"share"`
		ShareKnown   bool     `json:"shareKnown"`
		ShareNothing bool     `json:"shareNothing"`
		MissedTime   bool     `json:"missedTime"`
		MissedShare  bool     `json:"missedShare"`
	}
	list := []change{}
	for i := range r.Graph.Journeys() {
		j := &r.Graph.Journeys()[i]
		for set := range 16 {
			to, shown := map[graph.OperationID]decide.Verdict{}, [][2]int{}
			for k, step := range j.Path {
				if set>>(k%4)&1 == 1 && to[step.Operation] == decide.Undecided {
					to[step.Operation] = []decide.Verdict{decide.Async, decide.Hybrid}[(k+set)%2]
					shown = append(shown, [2]int{int(step.Operation), int(to[step.Operation])})
				}
			}
			n := r.Graph.Detached(j, to)
			list = append(list, change{
				i, shown, int64(n.Tail.Time), n.Tail.Known(), n.Tail.Nothing(), n.Share.Value, n.Share.Known(), n.Share.Nothing(),
				n.Budget(j) == graph.Missed, n.Objective(j) == graph.Missed,
			})
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
