package graphview

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
)

// manyCalls is a manifest of so many operations with names of everyday length.
func manyCalls(n int) string {
	var b strings.Builder
	b.WriteString("service: checkout-of-the-european-storefront\noperations:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {name: reserve-the-stock-of-an-order-line-of-a-seller-in-warehouse-%d, callee: warehouse-management-of-partner-%d-in-region-europe, mode: async, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}\n", i, i)
	}
	return b.String()
}

// A flowchart stays below what Mermaid draws, 50,000 characters and 500 edges, and says
// how many operations that leaves out.
func TestMermaidBounds(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 390, 1000} {
		chart := drawn(t, "mermaid", graphOf(t, manyCalls(n)), term.Layout{})
		edges := strings.Count(chart, "-.->")
		if len(chart) > 50_000 || edges > 500 || edges == 0 {
			t.Errorf("%d operations: %d characters, %d edges", n, len(chart), edges)
		}
		left := 0
		if m := regexp.MustCompile(`rest\["(\d+) operations left out"\]`).FindStringSubmatch(chart); m != nil {
			fmt.Sscan(m[1], &left)
		}
		if edges+left != n {
			t.Errorf("%d operations: %d drawn and %d left out", n, edges, left)
		}
	}
}

// No label is empty, or Mermaid would refuse the whole flowchart.
func TestMermaidNamesEverything(t *testing.T) {
	t.Parallel()
	chart := drawn(t, "mermaid", graphOf(t, "service: s\noperations:\n  - answers: {immediacy: no}\n  - {name: $$x$$ fa:fa-car, callee: ' '}\n"), term.Layout{})
	if regexp.MustCompile(`"\s*"`).MatchString(chart) || strings.Contains(chart, "$$") || strings.Contains(chart, "fa:") {
		t.Error(chart)
	}
	if !strings.Contains(chart, "line 3") {
		t.Errorf("an operation without a name is not found by its line:\n%s", chart)
	}
}

// Every operation and journey of the document says where it stands.
func TestGraphJSONRanges(t *testing.T) {
	t.Parallel()
	var doc struct {
		Operations, Journeys []struct {
			Range struct{ Start, End diag.Pos }
		}
	}
	page := graphOf(t, "service: s\noperations:\n  - {name: a, callee: b}\njourneys:\n  - {name: j, steps: [a]}\n")
	if err := json.Unmarshal([]byte(drawn(t, "json", page, term.Layout{})), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Operations) != 1 || doc.Operations[0].Range.Start != (diag.Pos{Line: 3, Column: 12}) || doc.Operations[0].Range.End != (diag.Pos{Line: 3, Column: 13}) {
		t.Errorf("operations: %+v", doc.Operations)
	}
	if len(doc.Journeys) != 1 || doc.Journeys[0].Range.Start.Line != 5 {
		t.Errorf("journeys: %+v", doc.Journeys)
	}
}
