package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waitornot/decide/evidence"
)

// What a variable becomes ends at its limit, and not before.
func TestLongestExpansion(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"A": strings.Repeat("x", longestExpansion-1)}
	if got := interpolate("${A}y", vars); len(got) != longestExpansion || !strings.HasSuffix(got, "xy") {
		t.Errorf("at the limit %d bytes", len(got))
	}
	if got := interpolate("${A}yz", vars); len(got) != longestExpansion || !strings.HasSuffix(got, "xy") {
		t.Errorf("above the limit %d bytes", len(got))
	}
}

// Aliases stand for as many values as the limit says, and no more.
func TestMaxSteps(t *testing.T) {
	t.Parallel()
	b := budget{maxSteps}
	for i := range maxSteps {
		if !b.spend() {
			t.Fatalf("step %d is refused", i+1)
		}
	}
	if b.spend() {
		t.Error("a step above the limit is made")
	}
}

// Files include each other as deep as the limit says, and services extend each other so.
func TestDeepest(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range deepest + 2 {
		files[fmt.Sprintf("%d.yml", i)] = fmt.Sprintf("include: [%d.yml]\nservices: {a%d: {image: acme/a%d, extends: {file: %d.yml, service: a%d}, environment: {B%d_HOST: b%d}}, b%d: {image: acme/b}}\n", i+1, i, i, i+1, i+1, i, i, i)
	}
	files[fmt.Sprintf("%d.yml", deepest+2)] = "services: {}\n"
	r := Read([]File{{Name: "0.yml", Data: []byte(files["0.yml"]), Beside: beside(files)}})
	if !r.service(fmt.Sprintf("a%d", deepest)) || r.service(fmt.Sprintf("a%d", deepest+1)) {
		t.Errorf("services: %v", r.Services)
	}
	found := 0
	for _, s := range r.Sightings {
		if s.Caller == "a0" {
			found++
		}
	}
	if found != deepest+1 {
		t.Errorf("%d services are extended", found)
	}
}

func (r *Reading) service(name string) bool {
	return slices.ContainsFunc(r.Services, func(s evidence.Service) bool { return s.Name == name })
}

// What the limit leaves out of a document is said, and nothing is said at the limit.
func TestMaxStepsAreSaid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		paths int
		said  bool
	}{{1000, false}, {100_000, true}} {
		var b strings.Builder
		b.WriteString(`{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":{"/":{}`)
		for i := range test.paths {
			fmt.Fprintf(&b, `,"/p%d":{"get":{"operationId":"o%d","responses":{}}}`, i, i)
		}
		b.WriteString("}}")
		r := Read([]File{{Name: "api.json", Data: []byte(b.String())}})
		if said := len(r.Faults) == 1 && strings.Contains(r.Faults[0].Why, "more than 4000000 values; the rest is left out"); said != test.said {
			t.Errorf("%d paths: %d are seen, and what's left out is %v", test.paths, len(r.Sightings), r.Faults)
		}
	}
}

// The stores of as many roles are followed as the limit says, and of no more.
func TestMostRoles(t *testing.T) {
	t.Parallel()
	uses := func(roles int) bool {
		var b strings.Builder
		b.WriteString("services:\n  store: {image: postgres}\n")
		for i := range roles {
			fmt.Fprintf(&b, "  r%d: {image: acme/board, ports: ['%d:80'], depends_on: [r%d]}\n", i, i+1, i+1)
		}
		fmt.Fprintf(&b, "  r%d: {image: acme/board, ports: ['80:80'], depends_on: [store]}\n", roles)
		got, _ := edges(File{Name: "c.yml", Data: []byte(b.String())})
		return slices.Contains(got, "r0>store")
	}
	if !uses(mostRoles) || uses(mostRoles+1) {
		t.Errorf("at the limit %t, above %t", uses(mostRoles), uses(mostRoles+1))
	}
}

// A service is followed to what it waits for through as many others as the limit says, and no more.
func TestMostAwaited(t *testing.T) {
	t.Parallel()
	reaches := func(between int) bool {
		var b strings.Builder
		b.WriteString("services:\n  stock: {image: acme/stock}\n  other: {image: acme/board, depends_on: [stock]}\n")
		b.WriteString("  board: {image: acme/board, environment: {STOCK_URL: 'http://stock:80'}, depends_on: [w1]}\n")
		for i := range between {
			fmt.Fprintf(&b, "  w%d: {image: acme/w%d, depends_on: [w%d]}\n", i+1, i+1, i+2)
		}
		fmt.Fprintf(&b, "  w%d: {image: acme/last, depends_on: [stock]}\n", between+1)
		got, _ := edges(File{Name: "c.yml", Data: []byte(b.String())})
		return slices.Contains(got, "board>stock")
	}
	if !reaches(mostAwaited-1) || reaches(mostAwaited) {
		t.Errorf("at the limit %t, above %t", reaches(mostAwaited-1), reaches(mostAwaited))
	}
}

// As many calls as the limit says are kept; what is more is left out, and that is said.
func TestMostSightings(t *testing.T) {
	t.Parallel()
	for services, said := range map[int]bool{447: false, 448: true} { // each calls every other by an alias
		var b strings.Builder
		b.WriteString("x-all: &all\n")
		for i := range services {
			fmt.Fprintf(&b, "  A%d_URL: http://s%d\n", i, i)
		}
		b.WriteString("services:\n")
		for i := range services {
			fmt.Fprintf(&b, "  s%d: {image: acme/s%d, environment: *all}\n", i, i)
		}
		r := Read([]File{{Name: "compose.yaml", Data: []byte(b.String())}})
		if want := min(services*(services-1), mostSightings); len(r.Sightings) != want || (len(r.Faults) > 0) != said {
			t.Errorf("%d services: %d calls, want %d; %v", services, len(r.Sightings), want, r.Faults)
		}
	}
}

// A workload is found by its labels, whichever of them is the rarest; a label that is asked for with
// an empty value is one that a workload may lack.
func TestCandidates(t *testing.T) {
	t.Parallel()
	r := newReader()
	for i, labels := range []map[string]string{{"app": "a", "tier": "web"}, {"app": "b", "tier": "web"}, {"app": "b"}, {}} {
		u := r.unit(fmt.Sprintf("u%d", i), i+1)
		u.namespace, u.labels = "n", labels
	}
	for want, labels := range map[string]map[string]string{"u0": {"tier": "web"}, "u1": {"tier": "web", "app": "b"}, "u2": {"app": "b", "tier": ""}} {
		if u := r.behind(&front{namespace: "n", selector: labels}); u == nil || u.Name != want {
			t.Errorf("%v: %v, want %s", labels, u, want)
		}
	}
	for _, labels := range []map[string]string{{"app": "c"}, {"app": "a", "tier": "db"}, {}, nil} {
		if u := r.behind(&front{namespace: "n", selector: labels}); u != nil {
			t.Errorf("%v: %s", labels, u.Name)
		}
	}
}
