package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/collect"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/cmd/internal/lsp"
	"waitornot/cmd/internal/markup"
	"waitornot/decide/config"
	"waitornot/decide/evidence/source"
	"waitornot/decide/glob"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
	"waitornot/rules/custom"
)

// A probe runs the program in a folder with as much of what is limited as it is told,
// and reports whether the program kept to the limit: refused, left out or named it.
type probe struct {
	limit int
	keeps func(p *bench, n int) bool
}

// A bench is a folder that the program runs in.
type bench struct {
	t         *testing.T
	dir       string
	stdin     string
	out, errs string
	code      int
}

func (p *bench) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		p.t.Fatal(err)
	}
}

func (p *bench) run(args ...string) {
	var out, errs strings.Builder
	p.code = Main(context.Background(), args, Streams{
		In: strings.NewReader(p.stdin), Out: &out, Err: &errs, Dir: p.dir, Env: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	})
	p.out, p.errs = out.String(), errs.String()
}

const decided = "answers: {immediacy: yes, retryability: no, latency: no, coupling: no}"

// refused writes a configuration beside a manifest, and reports whether it can't be
// followed.
func (p *bench) refused(configuration string) bool {
	p.write("waitornot.yaml", "operations: [{name: a, tags: [x], "+decided+"}]\n")
	p.write(".waitornot.yaml", configuration)
	p.run("check")
	return p.code == exitFailed
}

func ruleWhen(when string) string {
	return fmt.Sprintf("custom_rules:\n- {code: OURS001, name: ours, severity: info, when: '%s', message: x, bad: \"operations: [{name: a, tags: [x], answers: {}}]\", good: \"operations: [{name: bb, answers: {}}]\"}\n", when)
}

// remark is a text of so many bytes, all comment.
func remark(n int) string { return "#" + strings.Repeat("x", n-2) + "\n" }

func manyOperations(n int, item func(i int) string) string {
	var b strings.Builder
	b.WriteString("service: s\noperations:\n")
	for i := range n {
		b.WriteString(item(i))
	}
	return b.String()
}

// probes are how each row of the page of limits is held. A row whose limit is a time is
// held where time can be counted: by a test of its room.
func probes() map[string]probe {
	plain := func(i int) string { return fmt.Sprintf("- {name: op%d, callee: c%d, %s}\n", i, i, decided) }
	return map[string]probe{
		"a file or standard input": {disk.MaxBytes, func(p *bench, n int) bool {
			p.stdin = remark(n)
			p.run("check", "-")
			return p.code == exitFailed
		}},
		"a manifest": {yamlfile.DefaultMaxBytes, func(p *bench, n int) bool {
			p.write("waitornot.yaml", remark(n))
			p.run("check", "waitornot.yaml")
			return p.code == exitFailed && strings.Contains(p.out, "larger than")
		}},
		"all manifests of a run": {disk.MaxTotal, func(p *bench, n int) bool {
			p.write("a.waitornot.yaml", remark(n/2))
			p.write("b.waitornot.yaml", remark(n-n/2-200)+"operations: [{name: b, "+decided+"}]\n"+remark(200-len("operations: [{name: b, "+decided+"}]\n")))
			p.write("c.waitornot.yaml", "")
			p.run("check")
			return p.code == exitFailed && strings.Contains(p.out, "b.waitornot.yaml: error: it's left out: a run reads at most 64 MiB in all")
		}},
		"a configuration": {config.MaxBytes, func(p *bench, n int) bool { return p.refused(remark(n)) }},
		"a file that import reads": {source.MaxBytes, func(p *bench, n int) bool {
			p.write("compose.yaml", "services: {web: {environment: {API: 'http://api:80'}}, api: {}}\n"+remark(n-64))
			p.run("import", "compose.yaml")
			return p.code != exitOK
		}},
		"files that import reads in a folder": {collect.MostFiles, func(p *bench, n int) bool {
			for i := range n - 1 {
				p.write(fmt.Sprintf("d/%05d.yaml", i), "apiVersion: v1\nkind: Secret\n")
			}
			p.write("d/compose.yaml", "services: {web: {environment: {API: 'http://api:80'}}, api: {}}\n")
			p.run("import", "d")
			return strings.Contains(p.errs, fmt.Sprint(collect.MostFiles))
		}},
		"nesting depth of YAML": {yamlfile.MaxNesting, func(p *bench, n int) bool {
			p.write("waitornot.yaml", "x-deep: "+strings.Repeat("[", n)+strings.Repeat("]", n)+"\noperations: [{name: a, "+decided+"}]\n")
			p.run("check")
			return p.code == exitFailed
		}},
		"nesting depth of parallel groups in a journey": {manifest.MaxGroups, func(p *bench, n int) bool {
			p.write("waitornot.yaml", "operations: [{name: a, "+decided+"}]\njourneys: [{name: j, steps: ["+strings.Repeat("[", n)+"a"+strings.Repeat("]", n)+"]}]\n")
			p.run("check")
			return strings.Contains(p.out, "groups in groups")
		}},
		"a path pattern": {glob.MaxLength, func(p *bench, n int) bool {
			return p.refused("overrides: [{paths: ['" + strings.Repeat("*", 2) + "/" + strings.Repeat("w", n-3) + "'], rules: {undecided: off}}]\n")
		}},
		"combinations of {a,b} groups in a pattern": {glob.MaxAlternatives, func(p *bench, n int) bool {
			return p.refused("overrides: [{paths: ['{" + strings.TrimSuffix(strings.Repeat("w,", n), ",") + "}'], rules: {undecided: off}}]\n")
		}},
		"a custom rule's expression": {custom.MaxLength, func(p *bench, n int) bool {
			return p.refused(ruleWhen(`name == "a"` + strings.Repeat(" ", n-len(`name == "a"`)-1) + " "))
		}},
		"nodes in an expression": {custom.MaxNodes, func(p *bench, n int) bool {
			// All but "+1" are seven parts, or eight with the minus; each "+1" is two.
			pool, ones := "pool", (n-7)/2
			if (n-7)%2 == 1 {
				pool = "-pool"
			}
			return p.refused(ruleWhen(`name == "a" or ` + pool + strings.Repeat("+1", ones) + " > 0"))
		}},
		"nesting depth of predicates in an expression": {custom.MaxPredicates, func(p *bench, n int) bool {
			when := `# == "x"`
			for range n {
				when = "any(tags, " + when + ")"
			}
			return p.refused(ruleWhen(when))
		}},
		"list items that an expression sees": {custom.MaxItems, func(p *bench, n int) bool {
			p.write(".waitornot.yaml", ruleWhen(fmt.Sprintf("len(tags) == %d or len(tags) == 1", n)))
			p.write("waitornot.yaml", "operations: [{name: a, tags: ["+strings.TrimSuffix(strings.Repeat("x, ", n), ", ")+"], "+decided+"}]\n")
			p.run("check")
			return !strings.Contains(p.out, "OURS001")
		}},
		"a string that an expression sees": {custom.MaxText, func(p *bench, n int) bool {
			p.write(".waitornot.yaml", ruleWhen(fmt.Sprintf(`len(name) == %d or name == "a"`, n)))
			p.write("waitornot.yaml", "operations: [{name: "+strings.Repeat("n", n)+", "+decided+"}]\n")
			p.run("check")
			return !strings.Contains(p.out, "OURS001")
		}},
		"operations in a diagram": {diagram.DrawnAtMost, func(p *bench, n int) bool {
			p.write("waitornot.yaml", manyOperations(n, plain))
			p.run("graph", "--format", "svg")
			return strings.Contains(p.out, "left out")
		}},
		"a pull request comment": {markup.MaxComment, func(p *bench, n int) bool {
			p.write("waitornot.yaml", manyOperations(2000, plain))
			p.run("report", "--format", "markdown", "--limit", fmt.Sprint(n))
			if n == markup.MaxComment { // all of it is used, but for the row that has no room
				return len(p.out) > n || len(p.out) < n-1000
			}
			return len(p.out) <= markup.MaxComment
		}},
		"SARIF findings that code scanning accepts": {25_000, func(p *bench, n int) bool {
			p.write("waitornot.yaml", manyOperations(n, func(i int) string { return fmt.Sprintf("- {name: op%d, answers: {}}\n", i) }))
			p.run("check", "-o", "sarif")
			return strings.Contains(p.errs, "25000")
		}},
		"symbols returned for an editor's query": {lsp.MaxSymbols, func(p *bench, n int) bool {
			p.write("waitornot.yaml", manyOperations(n, func(i int) string { return fmt.Sprintf("- {name: op%d, answers: {}}\n", i) }))
			c := startLSP(p.t, p.dir, `{}`)
			var symbols []struct{ Name string }
			if err := c.request("workspace/symbol", map[string]string{"query": "op"}, &symbols); err != nil {
				p.t.Fatal(err)
			}
			c.stop()
			return len(symbols) < n
		}},
		"a rate": {int(yamlfile.MaxRate), func(p *bench, n int) bool {
			p.write("waitornot.yaml", fmt.Sprintf("operations: [{name: a, traffic: {mean: %d/s}, %s}]\n", n, decided))
			p.run("check")
			return strings.Contains(p.out, "WN009")
		}},
	}
}

// elsewhere are the rows that tests of their rooms hold, where time and size can be set.
var elsewhere = map[string]string{
	"all decision records in a folder":                        "internal/adr/limit_test.go TestMaxTotal",
	"decision records in a folder that new ones are added to": "internal/adr/limit_test.go TestMaxRecords",
	"all files that import reads, except traces":              "internal/collect/collect_test.go TestMaxTotal",
	"one evaluation of an expression":                         "../rules/custom/limits_test.go TestDeadline",
	"all evaluations of one rule in a run":                    "../rules/custom/limits_test.go TestBudget",
	"a job summary":                                           "internal/findings/findings_test.go TestSummaryFits",
	"a message from an editor":                                "internal/lsp/frame_test.go TestALengthThatLies",
	"a preset's repository, without its history":              "preset_test.go TestPresetBounds",
	"fetching a preset":                                       "preset_test.go TestPresetBounds",
	"presets fetched in one run":                              "preset_test.go TestPresetBounds",
	"watched folders":                                         "internal/watch/watch_test.go TestMostFolders",
}

// isTest reports whether a file has a test.
func isTest(t *testing.T, where string) bool {
	file, name, _ := strings.Cut(where, " ")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "func "+name+"(")
}

// Each limit of the page holds: what is just at it is taken, what is just above isn't.
func TestLimitsHold(t *testing.T) {
	t.Parallel()
	all := probes()
	for _, row := range limits() {
		p, found := all[row[0]]
		if !found {
			if where := elsewhere[row[0]]; where == "" || !isTest(t, where) {
				t.Errorf("no test holds the limit of %s", row[0])
			}
			continue
		}
		t.Run(row[0], func(t *testing.T) {
			if testing.Short() && (p.limit > 1<<20 || p.limit == collect.MostFiles) {
				t.Skip("reads files of the largest size and number")
			}
			at := &bench{t: t, dir: t.TempDir()}
			if p.keeps(at, p.limit) {
				t.Errorf("what is at the limit of %d is refused: ended with %d\n%.600s%.600s", p.limit, at.code, at.out, at.errs)
			}
			above := &bench{t: t, dir: t.TempDir()}
			if !p.keeps(above, p.limit+1) {
				t.Errorf("what is above the limit of %d is taken: ended with %d\n%.600s%.600s", p.limit, above.code, above.out, above.errs)
			}
		})
	}
}
