package knowledge

import (
	"strings"
	"testing"

	"waitornot/decide"
)

// The embedded framework loads, and its rows are those of the published table.
func TestFrameworkTable(t *testing.T) {
	f, err := LoadFramework()
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name, immediacy, retryability, latency, coupling string
		verdict                                          decide.Verdict
	}{
		{"needed-now", "yes", "-", "no, yes", "-", decide.Sync},
		{"too-long-to-hold", "yes", "-", "beyond", "-", decide.Hybrid},
		{"outcome-later", "later", "-", "yes, beyond", "-", decide.Hybrid},
		{"slow-and-detached", "no", "-", "yes, beyond", "-", decide.Async},
		{"safe-to-retry", "later, no", "yes", "no", "-", decide.Async},
		{"keep-apart", "later, no", "no", "no", "yes", decide.Async},
		{"nothing-to-gain", "later, no", "no", "no", "no", decide.Sync},
	}
	rows := f.Table.Rows()
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, w := range want {
		r := rows[i]
		got := [...]string{r.Name, r.When[0].String(), r.When[1].String(), r.When[2].String(), r.When[3].String(), r.Verdict.String()}
		if got != [...]string{w.name, w.immediacy, w.retryability, w.latency, w.coupling, w.verdict.String()} {
			t.Errorf("row %d is %q, want %v", i+1, got, w)
		}
		if !strings.HasSuffix(r.Why, ".") {
			t.Errorf("row %s: why is not a sentence: %q", r.Name, r.Why)
		}
	}
}

// A framework or a table with a fault is refused, and the error names it.
func TestFrameworkRefused(t *testing.T) {
	embedded := map[string]struct {
		src   []byte
		parse func([]byte) error
	}{
		"framework": {frameworkYAML, func(src []byte) error { _, err := parseFramework(src); return err }},
		"table":     {tableYAML, func(src []byte) error { _, err := parseTable(src); return err }},
	}
	tests := []struct{ file, name, old, new, want string }{
		{"framework", "unknown key", "version: 1", "version: 1\nextra: 2", "extra"},
		{"framework", "question twice", "id: coupling", "id: latency", "latency is defined twice"},
		{"framework", "answer not explained", "- {is: \"no\", means: nobody waits for an outcome or checks on it later, argues: argues for async}", "", "immediacy: the answer no is not explained"},
		{"framework", "trade-offs missing", "  hybrid:\n    gains:", "  hybird:\n    gains:", "the trade-offs of hybrid are incomplete"},
		{"table", "unknown key", "table:", "extra: 2\ntable:", "extra"},
		{"table", "gap", "when: {immediacy: \"yes\", latency: beyond}", "when: {immediacy: \"yes\", latency: beyond, coupling: \"no\"}", "no row matches immediacy yes, retryability yes, latency beyond, coupling yes"},
		{"table", "overlap", "when: {immediacy: \"yes\", latency: [\"no\", \"yes\"]}", "when: {immediacy: \"yes\"}", "rows needed-now, too-long-to-hold all match immediacy yes"},
		{"table", "repeated row", "row: keep-apart", "row: needed-now", `row "needed-now" is defined twice`},
		{"table", "misspelt answer", "latency: beyond}", "latency: beyound}", `"beyound" does not answer latency`},
		{"table", "misspelt verdict", "verdict: hybrid", "verdict: hybird", `"hybird" is not a verdict`},
		{"table", "misspelt question", "{immediacy: \"yes\", latency: beyond}", "{imediacy: \"yes\", latency: beyond}", `"imediacy" is not a question`},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.name, func(t *testing.T) {
			file := embedded[tt.file]
			src := strings.Replace(string(file.src), tt.old, tt.new, 1)
			if src == string(file.src) {
				t.Fatalf("%q is not in the %s", tt.old, tt.file)
			}
			err := file.parse([]byte(src))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}
