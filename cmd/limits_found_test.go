package cmd

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// limitName is how constants are called that limit something.
var limitName = regexp.MustCompile(`^([Mm]ax|[Mm]ost)[A-Z]|[a-z]Most$|^(deepest|largest|longest)|^(Deadline|Budget)$`)

// limitsOf returns the constants of the program that are called as limits are, as
// FOLDER.NAME from the root of the project, with the text of their values.
func limitsOf(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, top := range []string{"cmd", "decide", "rules"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, decl := range file.Decls {
				g, ok := decl.(*ast.GenDecl)
				if !ok || g.Tok != token.CONST {
					continue
				}
				for _, spec := range g.Specs {
					v := spec.(*ast.ValueSpec)
					for i, name := range v.Names {
						if limitName.MatchString(name.Name) && i < len(v.Values) {
							folder := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
							found[folder+"."+name.Name] = string(text[set.Position(v.Values[i].Pos()).Offset:set.Position(v.Values[i].End()).Offset])
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// A hidden is a limit that only its room knows: what it limits, in which unit, what
// happens above, and the test of its room that holds it at the limit and above.
type hidden struct{ what, unit, above, test string }

// hiddens are the limits that only their rooms know, by the names of limitsOf.
var hiddens = map[string]hidden{
	"cmd/internal/collect/listen.mostPacked":     {"an export that import --listen takes, as it is sent", "MiB", "refused with 413", "internal/collect/listen/listen_test.go TestServer"},
	"cmd/internal/collect/listen.mostUnpacked":   {"an export that import --listen takes, unpacked", "MiB", "refused with 413", "internal/collect/listen/listen_test.go TestServer"},
	"cmd/internal/collect/endpoint.mostAnswer":   {"an answer of an engine, read as it comes", "MiB", "cut, which is an error", "internal/collect/endpoint/endpoint_test.go TestBounded"},
	"cmd/internal/collect/prometheus.mostAnswer": {"an answer of Prometheus, kept in memory", "MiB", "cut, which is an error", "internal/collect/prometheus/prometheus_test.go TestMostAnswer"},
	"cmd/internal/mcp.maxMessage":                {"a message of an agent", "MiB", "the session ends", "internal/mcp/server_test.go TestMessage"},
	"cmd/internal/mcp.maxText":                   {"a manifest that an agent gives as text", "MiB", "refused, with the way out", "internal/mcp/server_test.go TestWrongInput"},
	"cmd/internal/mcp.maxOperations":             {"operations that an agent gives", "", "refused, with the way out", "internal/mcp/server_test.go TestWrongInput"},
	"cmd/internal/mcp.maxOutput":                 {"what a tool of an agent may find", "MiB", "refused, with the way out", "internal/mcp/server_test.go TestFailures"},
	"cmd/internal/mcp.maxResult":                 {"a result for an agent", "bytes", "the rest is left out, and counted", "internal/mcp/server_test.go TestParts"},
	"cmd/internal/mcp.maxItems":                  {"items of a result for an agent", "", "the rest is left out, and counted", "internal/mcp/server_test.go TestParts"},
	"cmd/internal/lsp.maxHeader":                 {"a header line of an editor", "bytes", "the session ends with 3", "internal/lsp/frame_test.go TestHeaderLine"},
	"decide/config.maxChain":                     {"configurations that build on each other", "", "a finding; nothing is checked", "../decide/config/config_test.go TestLongChain"},
	"decide/evidence/source.maxSteps":            {"values that the aliases of a file may stand for, in import", "", "the rest is left out", "../decide/evidence/source/source_test.go TestBounded"},
	"decide/evidence/source.longestExpansion":    {"what a variable in a value may become, in import", "bytes", "cut", "../decide/evidence/source/source_test.go TestBounded"},
	"decide/evidence/trace.deepest":              {"nesting of traces in JSON", "", "the line is left out, and named", "../decide/evidence/trace/limits_test.go TestLimits"},
	"decide/evidence/trace.longestLine":          {"a line of traces (and a megabyte more)", "MiB", "the line is left out, and named", "../decide/evidence/trace/limits_test.go TestLimits"},
	"decide/evidence/trace.longestResource":      {"the spans of a resource, in protobuf", "MiB", "what follows is left out, and named", "../decide/evidence/trace/formats_test.go TestBinaryFaults"},
	"decide/evidence/trace.mostWords":            {"names in traces", "", "the rest is one name", "../decide/evidence/trace/limits_test.go TestMostWords"},
	"decide/graph.mostFollowed":                  {"calls of a journey that are followed", "", "the rest is left out, and said", "../decide/graph/follow_test.go TestFollowEnds"},
	"decide/simulate.mostRunEvents":              {"events of a simulated run", "", "the run ends with 3", "../decide/simulate/engine_test.go TestRunIsBounded"},
}

// noLimits are constants that are called as limits are, and bound nothing that comes from
// outside: how much is shown of what was read, or how a formula is cut off.
var noLimits = map[string]string{
	"decide/evidence/trace.longestToken":         "how much is held of a text that is read as it comes",
	"decide/graph.maxWords":                      "inside an algorithm, whose input is limited",
	"decide/evidence/trace.mostLinks":            "how much is looked at of what was read",
	"cmd.mostNamed":                              "how much is shown",
	"cmd/internal/adr.maxSlug":                   "how much is shown",
	"cmd/internal/collect/endpoint.mostError":    "how much is shown",
	"cmd/internal/findings.maxMessage":           "how much is shown",
	"cmd/internal/findings.mostRelated":          "how much is shown",
	"cmd/internal/graphview.shownAtMost":         "how much is shown",
	"cmd/internal/graphview/diagram.longest":     "how much is shown",
	"cmd/internal/graphview/diagram.longestName": "how much is shown",
	"cmd/internal/lsp.maxNames":                  "how much is shown",
	"cmd/internal/markup.maxCell":                "how much is shown",
	"cmd/internal/mcp.maxProblems":               "how much is shown",
	"cmd/internal/prompt.longest":                "how much is shown",
	"cmd/internal/review.mostActions":            "how much is shown",
	"cmd/internal/review.mostGroups":             "how much is shown",
	"cmd/internal/review.mostLabels":             "how much is shown",
	"cmd/internal/review.mostServices":           "how much is shown",
	"cmd/internal/review.mostTangled":            "how much is shown",
	"cmd/internal/simview.mostChanges":           "how much is shown",
	"cmd/internal/simview.mostMeasured":          "how much is shown",
	"cmd/internal/term.maxWidth":                 "how much is shown",
	"decide/evidence.longestName":                "how much is shown",
	"decide/lint.mostNamed":                      "how much is shown",
	"decide/yamlfile.maxBadPlaces":               "how much is shown",
	"rules.mostRelated":                          "how much is shown",
	"cmd.mostEvents":                             "how much is looked at of what was read",
	"cmd/internal/adr.deepest":                   "how much is looked at of what was read",
	"cmd/internal/collect.mostInside":            "how much is looked at of what was read",
	"cmd/internal/collect/jaeger.MostTraces":     "how much is looked at of what was read",
	"decide/evidence/source.longestValue":        "how much is looked at of what was read",
	"decide/evidence/source.maxConfigBytes":      "how much is looked at of what was read",
	"decide/evidence/source.mostConfigs":         "how much is looked at of what was read",
	"decide/evidence/source.mostSettings":        "how much is looked at of what was read",
	"decide/evidence/trace.longestValue":         "how much is looked at of what was read",
	"decide/evidence/trace.mostAdopting":         "how much is looked at of what was read",
	"decide/practice.maxSpoken":                  "how much is looked at of what was read",
	"decide/simulate.mostChained":                "how much is looked at of what was read",
	"decide/simulate.mostWatched":                "how much is looked at of what was read",
	"cmd.maxRounds":                              "inside an algorithm, whose input is limited",
	"cmd/internal/collect/listen.mostAtOnce":     "inside an algorithm, whose input is limited",
	"cmd/internal/lsp/outline.maxDepth":          "inside an algorithm, whose input is limited",
	"decide/evidence/trace.largestWindow":        "inside an algorithm, whose input is limited",
	"decide/evidence/trace.mostKnown":            "inside an algorithm, whose input is limited",
	"decide/evidence/trace.mostMicroseconds":     "inside an algorithm, whose input is limited",
	"decide/evidence/trace.mostWaiting":          "inside an algorithm, whose input is limited",
	"decide/practice.mostPatience":               "inside an algorithm, whose input is limited",
	"decide/simulate.budgetMost":                 "inside an algorithm, whose input is limited",
	"decide/simulate.longestBurst":               "inside an algorithm, whose input is limited",
	"decide/simulate.mostRedelivery":             "inside an algorithm, whose input is limited",
	"decide/yamlfile.maxDepth":                   "inside an algorithm, whose input is limited",
	"decide/yamlfile.maxFlowDepth":               "inside an algorithm, whose input is limited",
	"decide/yamlfile.maxKeys":                    "inside an algorithm, whose input is limited",
}

// shown returns the value of a limit as the page shows it.
func shown(t *testing.T, value, unit string) string {
	t.Helper()
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, value)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := constant.Int64Val(v.Value)
	switch unit {
	case "MiB":
		return fmt.Sprintf("%d MiB", n>>20)
	case "":
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// hiddenLimits are the rows of the page for limits that only their rooms know.
func hiddenLimits(t *testing.T) [][3]string {
	t.Helper()
	found := limitsOf(t)
	var rows [][3]string
	for _, name := range slices.Sorted(maps.Keys(hiddens)) {
		h := hiddens[name]
		rows = append(rows, [3]string{h.what, shown(t, found[name], h.unit), h.above})
	}
	return rows
}

// Each constant of the program that is called as limits are stands on the page, or is
// known to be none.
func TestLimitsAreOnThePage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("limits_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := limitsOf(t)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		_, isHidden := hiddens[name]
		_, isNone := noLimits[name]
		public := regexp.MustCompile(`\b` + regexp.QuoteMeta(name[strings.LastIndex(name, "/")+1:]) + `\b`).Match(text)
		n := 0
		for _, there := range []bool{isHidden, isNone, public} {
			if there {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s = %s has %d places: give it a row in limits or hiddens, with a test at the limit and above, or say in noLimits why it is none", name, found[name], n)
		}
	}
	for name := range hiddens {
		if _, there := found[name]; !there {
			t.Errorf("%s is no constant of the program", name)
		}
		if !isTest(t, hiddens[name].test) {
			t.Errorf("%s: there is no %s", name, hiddens[name].test)
		}
	}
	for name := range noLimits {
		if _, there := found[name]; !there {
			t.Errorf("%s is no constant of the program", name)
		}
	}
}
