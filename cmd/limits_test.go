package cmd

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"waitornot/cmd/internal/collect"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/findings"
	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/cmd/internal/lsp"
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/preset"
	"waitornot/cmd/internal/watch"
	"waitornot/decide/config"
	"waitornot/decide/evidence/source"
	"waitornot/decide/glob"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
	"waitornot/rules/custom"
)

// limits are the rows of the table in docs/limits.md: what is limited, to what, and
// what happens above.
func limits() [][3]string {
	mib := func(n int) string { return fmt.Sprintf("%d MiB", n>>20) }
	count := func(n int) string { return fmt.Sprint(n) }
	most := 0
	for _, f := range findings.Formats() {
		most = max(most, f.Most)
	}
	return [][3]string{
		{"a file or standard input", mib(disk.MaxBytes), "refused after one byte more was read"},
		{"a manifest", mib(yamlfile.DefaultMaxBytes), "named, and the run ends with 3; the other files are checked"},
		{"a configuration", mib(config.MaxBytes), "a finding; nothing is checked"},
		{"the repository of a preset, without its history", mib(preset.MaxBytes), "a finding; nothing is checked"},
		{"fetching a preset", preset.Deadline.String(), "a finding; nothing is checked"},
		{"presets that a run fetches", count(preset.MostFetches), "a finding; nothing is checked"},
		{"a file that import reads", mib(source.MaxBytes), "named and left out"},
		{"files of a folder that import reads", count(collect.MostFiles), "named, and the rest left out"},
		{"nesting of YAML", count(yamlfile.MaxNesting), "a finding about the document"},
		{"parallel groups in parallel groups of a journey", count(manifest.MaxGroups), "a finding about the step"},
		{"a pattern of paths", count(glob.MaxLength) + " bytes", "a finding; nothing is checked"},
		{"combinations of the {a,b} groups of a pattern", count(glob.MaxAlternatives), "a finding; nothing is checked"},
		{"the expression of a custom rule", count(custom.MaxLength) + " characters", "a finding; nothing is checked"},
		{"parts of an expression", count(custom.MaxNodes), "a finding; nothing is checked"},
		{"predicates in predicates of an expression", count(custom.MaxPredicates), "a finding; nothing is checked"},
		{"one evaluation of an expression", custom.Deadline.String(), "WN907; the run ends with 3"},
		{"all evaluations of a rule in a run", custom.Budget.String(), "WN907; the run ends with 3"},
		{"items of a list that an expression sees", count(custom.MaxItems), "the rest is left out"},
		{"a text that an expression sees", count(custom.MaxText) + " bytes", "the rest is left out"},
		{"operations in a picture", count(diagram.DrawnAtMost), "the rest is left out, and counted"},
		{"a comment for a pull request", count(markup.MaxComment) + " bytes", "the rest is left out, and counted"},
		{"a job summary", mib(markup.MaxSummary), "the rest is left out, and counted"},
		{"findings that code scanning takes as SARIF", count(most), "all are written, with a warning"},
		{"a message of an editor", mib(lsp.MaxMessage), "the session ends with 3"},
		{"symbols that a query of an editor gives", count(lsp.MaxSymbols), "the rest is left out"},
		{"folders that are watched", count(watch.MostFolders), "the watch does not start"},
		{"a rate", fmt.Sprintf("%.0f a second", yamlfile.MaxRate), "a finding about the value"},
	}
}

// The page about limits shows the limits that the program has.
func TestLimitsPage(t *testing.T) {
	const path, begin, end = "docs/limits.md", "<!-- limits -->\n", "<!-- /limits -->\n"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	table := "| what | at most | above |\n| --- | --- | --- |\n"
	for _, row := range append(limits(), hiddenLimits(t)...) {
		table += "| " + strings.Join(row[:], " | ") + " |\n"
	}
	before, rest, found := strings.Cut(string(page), begin)
	shown, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no table between its marks", path)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+table+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if shown != table {
		t.Errorf("%s does not show the limits that there are: run UPDATE=1 go test -p 1 ./...", path)
	}
}
