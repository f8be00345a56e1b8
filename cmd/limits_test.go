package cmd

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"waitornot/cmd/internal/adr"
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
		{"a file or standard input", mib(disk.MaxBytes), "rejected, and reading stops one byte past the limit"},
		{"a manifest", mib(yamlfile.DefaultMaxBytes), "reported, and the run ends with 3; the other files are checked"},
		{"all manifests of a run", mib(disk.MaxTotal), "those that don't fit are reported, and the run ends with 3; the others are checked"},
		{"all decision records in a folder", mib(disk.MaxTotal), "the run ends with 3"},
		{"decision records in a folder that new ones are added to", count(adr.MaxRecords), "a finding, with a count"},
		{"a configuration", mib(config.MaxBytes), "a finding; nothing is checked"},
		{"a preset's repository, without its history", mib(preset.MaxBytes), "a finding; nothing is checked"},
		{"fetching a preset", preset.Deadline.String(), "a finding; nothing is checked"},
		{"presets fetched in one run", count(preset.MostFetches), "a finding; nothing is checked"},
		{"a file that import reads", mib(source.MaxBytes), "skipped and reported"},
		{"all files that import reads, except traces", mib(collect.MaxTotal), "those that don't fit are skipped and reported"},
		{"files that import reads in a folder", count(collect.MostFiles), "the rest is skipped, and that's reported"},
		{"nesting depth of YAML", count(yamlfile.MaxNesting), "a finding about the document"},
		{"nesting depth of parallel groups in a journey", count(manifest.MaxGroups), "a finding about the step"},
		{"a path pattern", count(glob.MaxLength) + " bytes", "a finding; nothing is checked"},
		{"combinations of {a,b} groups in a pattern", count(glob.MaxAlternatives), "a finding; nothing is checked"},
		{"a custom rule's expression", count(custom.MaxLength) + " characters", "a finding; nothing is checked"},
		{"nodes in an expression", count(custom.MaxNodes), "a finding; nothing is checked"},
		{"nesting depth of predicates in an expression", count(custom.MaxPredicates), "a finding; nothing is checked"},
		{"one evaluation of an expression", custom.Deadline.String(), "WN907; the run ends with 3"},
		{"all evaluations of one rule in a run", custom.Budget.String(), "WN907; the run ends with 3"},
		{"list items that an expression sees", count(custom.MaxItems), "the rest is left out"},
		{"a string that an expression sees", count(custom.MaxText) + " bytes", "it's cut off"},
		{"operations in a diagram", count(diagram.DrawnAtMost), "the rest is left out, with a count"},
		{"a pull request comment", count(markup.MaxComment) + " bytes", "the rest is left out, with a count"},
		{"a job summary", mib(markup.MaxSummary), "the rest is left out, with a count"},
		{"SARIF findings that code scanning accepts", count(most), "all are written, with a warning"},
		{"a message from an editor", mib(lsp.MaxMessage), "the session ends with 3"},
		{"symbols returned for an editor's query", count(lsp.MaxSymbols), "the rest is left out"},
		{"watched folders", count(watch.MostFolders), "watching doesn't start"},
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
