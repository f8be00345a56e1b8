package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// recordParts are the headings of a decision, in their order, as waitornot adr writes them.
var recordParts = []string{"## Context and Problem Statement", "## Considered Options", "## Decision Outcome", "### Consequences"}

// The project's own decisions have the layout that waitornot adr writes: each is numbered
// after the one before, says its status and its day, chose one of the options that it
// names, and stands in the list.
func TestOwnDecisions(t *testing.T) {
	t.Parallel()
	const dir = "../.github/decisions"
	list := document(t, dir+"/README.md")
	records, err := filepath.Glob(dir + "/0*.md")
	if err != nil || len(records) == 0 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	front := regexp.MustCompile(`^---\nstatus: (\w+)\ndate: (\d{4}-\d{2}-\d{2})\n---\n\n# (.+)\n`)
	chosen := regexp.MustCompile(`\nChosen option: "(.+)", because .+\n`)
	var rows []string
	for i, path := range records {
		name, text := filepath.Base(path), document(t, path)
		if number := fmt.Sprintf("%04d-", i+1); !strings.HasPrefix(name, number) {
			t.Errorf("%s does not follow the record before: it should begin with %s", name, number)
		}
		head, choice := front.FindStringSubmatch(text), chosen.FindStringSubmatch(text)
		if head == nil || choice == nil {
			t.Errorf("%s lacks its status, its day, its title or its choice", name)
			continue
		}
		var found []string
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "##") {
				found = append(found, line)
			}
		}
		if !slices.Equal(found, recordParts) {
			t.Errorf("%s has the parts %q, want %q", name, found, recordParts)
		}
		if !strings.Contains(text, "\n* "+choice[1]+"\n") {
			t.Errorf("%s chose %q, which is none of its options", name, choice[1])
		}
		rows = append(rows, fmt.Sprintf("| [ADR-%s](%s) | %s | %s | %s |\n", name[:4], name, head[3], head[1], head[2]))
	}
	if _, table, _ := strings.Cut(list, "| --- | --- | --- | --- |\n"); table != strings.Join(rows, "") {
		t.Errorf("the list says\n%swant\n%s", table, strings.Join(rows, ""))
	}
}

// waitornot adr goes on with the numbers of the project's own decisions, and leaves them
// as they are.
func TestOwnDecisionsGoOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	own := files(t, "../.github/decisions")
	for name, text := range own {
		writeFile(t, filepath.Join(dir, "decisions", name), text)
	}
	writeFile(t, filepath.Join(dir, "waitornot.yaml"), "service: shop\noperations:\n"+
		"- {name: pay, callee: bank, answers: {immediacy: yes, retryability: no, latency: no, coupling: no}}\n")
	runIn(t, dir, "adr", "--dir", "decisions")
	next := fmt.Sprintf("%04d-", len(own)) // the list is among them
	if made, _ := filepath.Glob(filepath.Join(dir, "decisions", next+"*.md")); len(made) != 1 {
		names, _ := os.ReadDir(filepath.Join(dir, "decisions"))
		t.Errorf("no record begins with %s: %v", next, names)
	}
	for name, text := range own {
		if got := document(t, filepath.Join(dir, "decisions", name)); name != "README.md" && got != text {
			t.Errorf("%s was changed", name)
		}
	}
}
