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
	"cmd/internal/collect/listen.mostPacked":   {"an export sent to import --listen, as sent", "MiB", "rejected with 413", "internal/collect/listen/listen_test.go TestServer"},
	"cmd/internal/collect/listen.mostUnpacked": {"an export sent to import --listen, decompressed", "MiB", "rejected with 413", "internal/collect/listen/listen_test.go TestServer"},
	"cmd/internal/collect/endpoint.mostAnswer": {"a streamed response from a live source", "MiB", "cut off, which is an error", "internal/collect/endpoint/endpoint_test.go TestBounded"},
	"cmd/internal/collect/jaeger.mostList":     {"Jaeger's list of services", "MiB", "rejected", "internal/collect/jaeger/fuzz_test.go TestMostServices"},
	"cmd/internal/collect/jaeger.mostServices": {"Jaeger services queried one by one", "", "rejected, with advice", "internal/collect/jaeger/fuzz_test.go TestMostServices"},
	"cmd/internal/collect/endpoint.mostKept":   {"a Prometheus or ClickHouse response, held in memory", "MiB", "rejected", "internal/collect/endpoint/rows_test.go TestRows"},
	"cmd/internal/collect/endpoint.mostRow":    {"a row of it", "MiB", "rejected", "internal/collect/endpoint/rows_test.go TestRows"},
	"cmd/internal/collect/endpoint.mostRows":   {"rows of it", "", "rejected, with advice", "internal/collect/endpoint/rows_test.go TestRows"},
	"cmd/internal/adr.maxFirst":                {"decision records in a folder that new ones are added to, in total", "MiB", "a finding, with a count", "internal/adr/limit_test.go TestMaxRecords"},
	"cmd/internal/mcp.maxMessage":              {"a message from an agent", "MiB", "the session ends", "internal/mcp/server_test.go TestMessage"},
	"cmd/internal/mcp.maxText":                 {"a manifest that an agent sends as text", "MiB", "rejected, with advice", "internal/mcp/limits_test.go TestLimits"},
	"cmd/internal/mcp.maxOperations":           {"operations that an agent sends", "", "rejected, with advice", "internal/mcp/limits_test.go TestLimits"},
	"cmd/internal/mcp.maxOutput":               {"the full result of an agent's tool call", "MiB", "rejected, with advice", "internal/mcp/limits_test.go TestLimits"},
	"cmd/internal/mcp.maxResult":               {"a result returned to an agent", "bytes", "the rest is left out, with a count", "internal/mcp/limits_test.go TestLimits"},
	"cmd/internal/mcp.maxItems":                {"items in a result returned to an agent", "", "the rest is left out, with a count", "internal/mcp/limits_test.go TestLimits"},
	"cmd/internal/lsp.maxHeader":               {"a header line from an editor", "bytes", "the session ends with 3", "internal/lsp/frame_test.go TestHeaderLine"},
	"cmd.MaxMemory":                            {"memory of a run", "MiB", "the run ends with 3; GOMEMLIMIT sets another limit", "../main_test.go TestScript"},
	"decide/config.maxTotal":                   {"all configurations of a run", "MiB", "a finding; nothing is checked", "../decide/config/limit_test.go TestMaxTotal"},
	"decide/config.maxChain":                   {"configurations that extend one another", "", "a finding; nothing is checked", "../decide/config/config_test.go TestLongChain"},
	"decide/evidence/source.maxSteps":          {"values that a file's aliases expand to, in import", "", "the rest is left out", "../decide/evidence/source/limits_test.go TestMaxSteps"},
	"decide/evidence/source.deepest":           {"compose files that include or extend each other, in import", "deep", "the rest is left out", "../decide/evidence/source/limits_test.go TestDeepest"},
	"decide/evidence.mostOffered":              {"operations of interfaces that import offers to callers", "", "the rest is left out, and that's reported", "../decide/evidence/join_test.go TestMostOffered"},
	"decide/evidence/source.mostSightings":     {"calls that the files of import show", "", "the rest is left out, and that's reported", "../decide/evidence/source/limits_test.go TestMostSightings"},
	"decide/evidence/source.mostAwaited":       {"services followed from one to those that it waits for, in import", "", "the rest is left out", "../decide/evidence/source/limits_test.go TestMostAwaited"},
	"decide/evidence/source.mostRoles":         {"roles of a program followed to what they wait for, in import", "", "the rest is left out", "../decide/evidence/source/limits_test.go TestMostRoles"},
	"decide/evidence/source.longestExpansion":  {"a value after its variables are expanded, in import", "bytes", "cut off", "../decide/evidence/source/limits_test.go TestLongestExpansion"},
	"decide/evidence/trace.deepest":            {"nesting depth of JSON traces", "", "the line is skipped and reported", "../decide/evidence/trace/limits_test.go TestLimits"},
	"decide/evidence/trace.longestLine":        {"a line of traces (plus a megabyte)", "MiB", "the line is skipped and reported", "../decide/evidence/trace/limits_test.go TestLimits"},
	"decide/evidence/trace.longestResource":    {"the spans of one resource, in protobuf", "MiB", "what follows is skipped and reported", "../decide/evidence/trace/resource_limit_test.go TestLongestResource"},
	"decide/evidence/trace.mostWords":          {"distinct names in traces", "", "the rest count as one name", "../decide/evidence/trace/limits_test.go TestMostWords"},
	"decide/graph.mostFollowed":                {"calls followed in a journey", "", "the rest is left out, and that's reported", "../decide/graph/follow_limit_test.go TestMostFollowed"},
	"decide/simulate.mostRunEvents":            {"events in a simulated run", "", "the run ends with 3", "../decide/simulate/limit_test.go TestMostRunEvents"},
}

// noLimits are constants that are called as limits are, and bound nothing that comes from
// outside: how much is shown of what was read, or how a formula is cut off.
var noLimits = map[string]string{
	"decide/evidence/trace.longestToken":         "how much is held of a text that is read as it comes",
	"decide/graph.maxWords":                      "inside an algorithm, whose input is limited",
	"decide/evidence/source.longestSearched":     "how much is looked at of what was read",
	"decide/evidence/trace.mostLinks":            "how much is looked at of what was read",
	"decide/yamlfile.mostPinned":                 "what waits for the next file, whose size is limited",
	"cmd.mostNamed":                              "how much is shown",
	"cmd.mostUndecided":                          "how much is shown",
	"cmd/internal/changeview.mostOfOne":          "how much is shown",
	"cmd/internal/changeview.mostValues":         "how much is shown",
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
	"cmd/internal/mcp.maxValue":                  "how much is shown",
	"cmd/internal/mcp.maxValues":                 "how much is shown",
	"cmd/internal/prompt.longest":                "how much is shown",
	"cmd/internal/review.mostActions":            "how much is shown",
	"cmd/internal/review.mostGroups":             "how much is shown",
	"cmd/internal/review.mostLabels":             "how much is shown",
	"cmd/internal/review.mostServices":           "how much is shown",
	"cmd/internal/review.mostDrawn":              "how much is shown",
	"cmd/internal/review.mostOperations":         "how much is shown",
	"cmd/internal/review.mostJourneys":           "how much is shown",
	"cmd/internal/review.mostSteps":              "how much is shown",
	"cmd/internal/review.mostOfRule":             "how much is shown",
	"cmd/internal/review.mostLines":              "how much is shown",
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
