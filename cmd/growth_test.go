package cmd

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waitornot/testdata/rpc"
)

// A growing is something that a run may have more of, and the commands that read it. A
// file named stdin is their standard input.
type growing struct {
	what  string
	n     int
	files func(n int) map[string]string
	runs  []string
}

// repeat joins what item makes of 0 to n-1.
func repeat(n int, item func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(item(i))
	}
	return b.String()
}

// growings are what may grow. The first four are what every test run looks at; the
// rest, over the whole program, is for GROWTH=waitornot/...
func growings() []growing {
	const late = "answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}"
	manifest := func(text func(n int) string) func(int) map[string]string {
		return func(n int) map[string]string { return map[string]string{"waitornot.yaml": text(n)} }
	}
	operations := func(n int) string {
		return "service: s\noperations:\n" + repeat(n, func(i int) string {
			return fmt.Sprintf("- {name: op%d, callee: c%d, mode: async, %s}\n", i, i%50, late)
		})
	}
	all := []string{"check --fail-on never", "advise", "graph", "plan", "report", "adr check", "diff waitornot.yaml waitornot.yaml", "waivers"}
	most := all[:5]
	return []growing{
		{"operations and records", 400, manifest(operations), []string{"adr check", "adr", "adr check", "adr --per service --dir services"}},
		{"renamed operations and services", 400, func(n int) map[string]string {
			old := operations(n)
			return map[string]string{"old.yaml": old, "names.yaml": strings.ReplaceAll(old, "name: op", "name: do"), "service.yaml": strings.Replace(old, "service: s", "service: t", 1)}
		}, []string{"diff old.yaml names.yaml", "diff old.yaml service.yaml"}},
		{"documents and canceled requests of an editor", 800, editing, []string{"lsp"}},
		{"steps of a journey", 400, manifest(func(n int) string {
			return "operations:\n" + repeat(20, func(i int) string { return fmt.Sprintf("- {name: a%d, callee: b, %s}\n", i, late) }) +
				"journeys:\n- {name: j, slo: 99%, budget: 9s, steps: [" + repeat(n, func(i int) string { return fmt.Sprintf("a%d, ", i%20) }) + "]}\n"
		}), all},
		{"operations", 400, manifest(operations), append(all, "check --fail-on never --strict", "check --fail-on never --format sarif", "graph --format json", "graph --format mermaid", "graph --format dot",
			"report --format markdown", "advise --format json", "check --baseline b.json --write-baseline --fail-on never", "check --baseline b.json --fail-on never", "import --check compose.yaml")},
		{"services that call each other", 300, manifest(func(n int) string {
			return repeat(n, func(i int) string {
				return fmt.Sprintf("---\nservice: s%d\noperations: [{name: op, callee: s%d, mode: sync, %s}]\n", i, (i+1)%n, late)
			})
		}), all},
		{"a chain of services", 300, manifest(func(n int) string {
			return repeat(n, func(i int) string {
				return fmt.Sprintf("---\nservice: s%d\noperations: [{name: op, callee: s%d, mode: sync, %s}]\n", i, i+1, late)
			})
		}), all},
		{"callees", 400, manifest(func(n int) string {
			return "service: s\ncallees:\n" + repeat(n, func(i int) string { return fmt.Sprintf("  c%d: {timeout: 3s}\n", i) }) +
				"operations:\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("- {name: op%d, callee: c%d, mode: sync, %s}\n", i, i, late)
			})
		}), all},
		{"waivers of an operation", 400, manifest(func(n int) string {
			return "operations:\n- name: a\n  " + late + "\n  waivers:\n" + repeat(n, func(i int) string { return "  - {rule: undecided, reason: y}\n" })
		}), all},
		{"keys that nobody knows", 400, manifest(func(n int) string {
			return "operations:\n- name: a\n  " + late + "\n" + repeat(n, func(i int) string { return fmt.Sprintf("  key%d: 1\n", i) })
		}), append(most, "check --diff --fail-on never")},
		{"misspelled keys", 300, manifest(func(n int) string {
			return "operations:\n" + repeat(n, func(i int) string { return fmt.Sprintf("- {name: a%d, calee: b, %s}\n", i, late) })
		}), []string{"check --fail-on never", "check --diff --fail-on never", "check --fix --fail-on never"}},
		{"journeys", 300, manifest(func(n int) string {
			return "operations: [{name: a, callee: b, " + late + "}]\njourneys:\n" + repeat(n, func(i int) string { return fmt.Sprintf("- {name: j%d, steps: [a], budget: 1s, slo: 99%%}\n", i) })
		}), all},
		{"tags", 400, manifest(func(n int) string {
			return "operations:\n- name: a\n  " + late + "\n  tags: [" + repeat(n, func(i int) string { return fmt.Sprintf("t%d, ", i) }) + "]\n"
		}), most},
		{"brokers", 300, manifest(func(n int) string {
			return "brokers:\n" + repeat(n, func(i int) string { return fmt.Sprintf("- {name: b%d}\n", i) }) + "operations:\n" +
				repeat(n, func(i int) string {
					return fmt.Sprintf("- {name: a%d, callee: c, mode: async, delivery: {broker: b%d}, %s}\n", i, i, late)
				})
		}), all},
		{"aliases", 400, manifest(func(n int) string {
			return "x: &x {immediacy: no, retryability: yes, latency: 2s, coupling: yes}\noperations:\n" + repeat(n, func(i int) string { return fmt.Sprintf("- {name: a%d, answers: *x}\n", i) })
		}), most},
		{"broken documents", 300, manifest(func(n int) string {
			return repeat(n, func(i int) string { return fmt.Sprintf("---\noperations: [{name: a%d, answers: {}}\n", i) })
		}), most[:1]},
		{"text that is one line", 4000, manifest(func(n int) string {
			return "operations: [" + repeat(n/10, func(i int) string { return fmt.Sprintf("{name: a%d, \"answers\": {}, calee: ü}, ", i) }) + "]\n"
		}), most},
		{"files", 100, func(n int) map[string]string {
			files := map[string]string{".waitornot.yaml": "overrides: [{paths: ['m1*'], rules: {undecided: off}}]\n"}
			for i := range n {
				files[fmt.Sprintf("m%d.waitornot.yaml", i)] = fmt.Sprintf("service: s%d\noperations: [{name: a, callee: s%d, %s}]\n", i, i+1, late)
			}
			return files
		}, []string{"check --fail-on never", "advise", "graph", "report", "plan"}},
		{"overrides", 100, func(n int) map[string]string {
			return map[string]string{".waitornot.yaml": "overrides:\n" + repeat(n, func(i int) string { return fmt.Sprintf("- {paths: ['m%d*'], rules: {undecided: off}}\n", i) }), "waitornot.yaml": operations(3)}
		}, []string{"check --fail-on never", "config show"}},
		{"services of a compose file", 200, func(n int) map[string]string {
			return map[string]string{"compose.yaml": "services:\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("  s%d: {image: x, environment: {URL: 'http://s%d:80'}, depends_on: [s%d]}\n", i, (i+1)%n, (i+1)%n)
			})}
		}, []string{"import compose.yaml", "import compose.yaml --format json", "import compose.yaml --write drafts", "import compose.yaml --write drafts"}},
		{"services that share settings", 200, func(n int) map[string]string {
			return map[string]string{"compose.yaml": "x-all: &all {A_URL: 'http://s0:80', B_URL: 'http://s1:80', C_URL: 'http://s2:80', DB_URL: 'postgres://db:5432/x'}\nservices:\n  db: {image: postgres}\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("  s%d: {image: 'x%d', environment: *all, depends_on: [db]}\n", i, i)
			})}
		}, []string{"import compose.yaml"}},
		{"roles that share settings", 200, func(n int) map[string]string {
			return map[string]string{"compose.yaml": "x-all: &all {A_URL: 'http://s0:80', DB_URL: 'postgres://db:5432/x'}\nservices:\n  db: {image: postgres}\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("  s%d: {image: x, environment: *all, depends_on: [db]}\n", i)
			})}
		}, []string{"import compose.yaml"}},
		{"keys of Spring", 400, func(n int) map[string]string {
			return map[string]string{"application.properties": "spring.application.name=a\n" + repeat(n, func(i int) string { return fmt.Sprintf("resilience4j.retry.instances.b%d.max-attempts=3\n", i) })}
		}, []string{"import application.properties"}},
		{"workloads of Kubernetes", 200, func(n int) map[string]string {
			return map[string]string{"k8s.yaml": repeat(n, func(i int) string {
				return fmt.Sprintf("---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d%d}\nspec: {template: {metadata: {labels: {app: d%d}}, spec: {containers: [{name: c, image: x, env: [{name: U, value: 'http://s%d'}]}]}}}\n"+
					"---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d}\nspec: {selector: {app: d%d}}\n", i, i, (i*7)%n, i, i)
			})}
		}, []string{"import k8s.yaml"}},
	}
}

// editing is an editor that opens n documents, then asks n times for what it cancels at
// once.
func editing(n int) map[string]string {
	at := func(i int) map[string]any {
		return map[string]any{"uri": fmt.Sprintf("file:///folder/d%d.waitornot.yaml", i), "version": 1, "text": fmt.Sprintf("service: s%d\noperations: [{name: a, answers: {immediacy: no}}]\n", i)}
	}
	send := func(id int, method string, params map[string]any) string {
		return rpc.Framed(rpc.Message(id, method, params))
	}
	return map[string]string{"stdin": send(1, "initialize", map[string]any{"rootUri": "file:///folder", "capabilities": map[string]any{}}) +
		repeat(n, func(i int) string { return send(0, "textDocument/didOpen", map[string]any{"textDocument": at(i)}) }) +
		repeat(n, func(i int) string {
			return send(i+10, "textDocument/hover", map[string]any{"textDocument": at(0), "position": map[string]any{"line": 1, "character": 16}})
		}) +
		repeat(n, func(i int) string { return send(0, "$/cancelRequest", map[string]any{"id": i + 10}) }) +
		send(2, "shutdown", nil) + send(0, "exit", nil)}
}

// countsOf returns how often each block of statements ran, from what an instrumented run
// has left in a folder.
func countsOf(t *testing.T, dir string) map[string]int {
	t.Helper()
	text := filepath.Join(dir, "counts")
	if out, err := exec.Command("go", "tool", "covdata", "textfmt", "-i="+dir, "-o="+text).CombinedOutput(); err != nil {
		t.Fatalf("covdata: %v\n%s", err, out)
	}
	counts := map[string]int{}
	for line := range strings.Lines(document(t, text)) {
		if f := strings.Fields(line); len(f) == 3 {
			n, _ := strconv.Atoi(f[2])
			counts[f[0]] += n
		}
	}
	if len(counts) == 0 {
		t.Fatal("nothing was counted")
	}
	return counts
}

// Twice the input is at most little more than twice the work, counted statement by
// statement: nothing is timed. GROWTH=waitornot/... looks at the whole program.
func TestGrowth(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program with counters")
	}
	// Without the main package among them no counts are written.
	packages, list := "waitornot,waitornot/cmd/internal/adr,waitornot/cmd/internal/lsp,waitornot/cmd/internal/graphview,waitornot/decide/project,waitornot/decide/graph,waitornot/decide/change", growings()[:4]
	if all := os.Getenv("GROWTH"); all != "" {
		packages, list = all, growings()
	}
	binary := filepath.Join(t.TempDir(), "waitornot")
	if out, err := exec.Command("go", "build", "-cover", "-covermode=count", "-coverpkg="+packages, "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, g := range list {
		t.Run(g.what, func(t *testing.T) {
			var counts [2][]map[string]int
			for k, n := range []int{g.n, 2 * g.n} {
				dir := t.TempDir()
				for name, text := range g.files(n) {
					writeFile(t, filepath.Join(dir, name), text)
				}
				for i, run := range g.runs {
					into := filepath.Join(t.TempDir(), strconv.Itoa(i))
					if err := os.Mkdir(into, 0o777); err != nil {
						t.Fatal(err)
					}
					c := exec.Command(binary, strings.Fields(run)...)
					if in, err := os.ReadFile(filepath.Join(dir, "stdin")); err == nil {
						c.Stdin = bytes.NewReader(in)
					}
					c.Dir, c.Env = dir, append(os.Environ(), "GOCOVERDIR="+into, "GOMAXPROCS=1")
					if out, err := c.CombinedOutput(); c.ProcessState == nil || c.ProcessState.ExitCode() == exitUsage || c.ProcessState.ExitCode() > exitFailed {
						t.Fatalf("%s: %v\n%.2000s", run, err, out)
					}
					counts[k] = append(counts[k], countsOf(t, into))
				}
			}
			for i, run := range g.runs {
				grows(t, run, g.n, counts[0][i], counts[1][i])
			}
		})
	}
}

// grows fails for the worst block of each file that ran more often than twice the input
// allows.
func grows(t *testing.T, run string, n int, once, twice map[string]int) {
	worst := map[string]bool{} // by file
	for _, at := range slices.SortedFunc(maps.Keys(twice), func(a, b string) int { return cmp.Or(twice[b]-twice[a], strings.Compare(a, b)) }) {
		file, _, _ := strings.Cut(at, ":")
		few, many := once[at], twice[at]
		if run == "lsp" { // chance says what a request still finds to do before it's canceled, and how many documents are judged at a time
			each := 100
			if !strings.Contains(file, "/lsp/") {
				each = 600 // characters of an answer
			}
			few = max(few, each*n)
		}
		if many < 60*n || 10*many < 27*few || worst[file] {
			continue
		}
		worst[file] = true
		t.Errorf("%s: for twice the input %s runs %d times, and not %d", run, at, many, few)
	}
}
