package rules

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

// run passes the whole catalogue over one manifest.
func run(t *testing.T, src string) []diag.Finding {
	t.Helper()
	return runRules(t, src, All()...)
}

// runRules passes some rules over one manifest.
func runRules(t *testing.T, src string, rules ...*lint.Rule) []diag.Finding {
	t.Helper()
	return slices.DeleteFunc(runStrict(t, src, rules...), isMissing)
}

// runStrict is runRules with what the rules say is missing.
func runStrict(t *testing.T, src string, rules ...*lint.Rule) []diag.Finding {
	t.Helper()
	framework, err := embedded.Framework()
	if err != nil {
		t.Fatal(err)
	}
	open := func() (manifest.Source, error) {
		return manifest.Source{Name: "test.yaml", Data: []byte(src)}, nil
	}
	result, err := lint.Run(context.Background(), []lint.Opener{open}, lint.Options{
		Rules: rules, Table: framework.Table, Limits: decide.DefaultLimits(),
		Today: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Strict: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

// isMissing reports whether a finding is that of a strict run about facts that aren't given.
func isMissing(f diag.Finding) bool { return f.Code == "WN901" }

var (
	codeForm = regexp.MustCompile(`^WN[0-9]{3}$`)
	nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

// validate refuses a list of rules in which one is incomplete, or two share a
// code or a name. The error names the rule.
func validate(rules []*lint.Rule) error {
	codes, names := map[string]bool{}, map[string]bool{}
	for _, r := range rules {
		if err := complete(r); err != nil {
			return fmt.Errorf("rule %s (%s): %w", r.Code, r.Name, err)
		}
		if codes[r.Code] || names[r.Name] {
			return fmt.Errorf("rule %s (%s): another rule has this code or name", r.Code, r.Name)
		}
		codes[r.Code], names[r.Name] = true, true
	}
	return nil
}

func complete(r *lint.Rule) error {
	switch {
	case !codeForm.MatchString(r.Code):
		return fmt.Errorf("the code is not WN and three digits")
	case !nameForm.MatchString(r.Name):
		return fmt.Errorf("the name is not lower-case words joined by hyphens")
	case r.Severity < diag.Info || r.Severity > diag.Error:
		return fmt.Errorf("no severity")
	case r.Since == "" || r.Summary == "" || r.Doc.Why == "" || r.Doc.Fix == "":
		return fmt.Errorf("since, summary, why and fix must all be given")
	case r.Doc.Bad == "" || r.Doc.Good == "":
		return fmt.Errorf("a bad and a good manifest must be given")
	case len(r.Reads) == 0:
		return fmt.Errorf("the fields that it reads must be given")
	case (r.Operation == nil) == (r.Graph == nil):
		return fmt.Errorf("exactly one of its functions must be set")
	case r.Modes != 0 && !slices.Contains(r.Reads, "mode"):
		return fmt.Errorf("it looks at some modes, but doesn't read mode")
	case r.Graph != nil && (r.Modes != 0 || r.Given != 0):
		return fmt.Errorf("it looks at the whole run, so it can't choose among operations")
	}
	return nil
}

func TestCatalogueIsComplete(t *testing.T) {
	if err := validate(All()); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(All(), func(a, b *lint.Rule) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("the catalogue is not in the order of its codes")
	}
	sources := embedded.Sources()
	for _, r := range All() {
		for _, id := range r.Doc.Sources {
			if !slices.ContainsFunc(sources, func(s advice.Source) bool { return s.ID == id }) {
				t.Errorf("%s refers to source %q, which is not in the list", r.Name, id)
			}
		}
		if !strings.HasSuffix(r.Doc.Why, ".") || !strings.HasSuffix(r.Doc.Fix, ".") || strings.HasSuffix(r.Summary, ".") {
			t.Errorf("%s: why and fix are sentences, the summary is not one", r.Name)
		}
	}
}

// The bad manifest of a rule triggers that rule and no other, and its good
// manifest triggers none.
func TestBadAndGood(t *testing.T) {
	for _, r := range All() {
		t.Run(r.Name, func(t *testing.T) {
			found := run(t, r.Doc.Bad)
			if !slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Code == r.Code }) {
				t.Error("the bad manifest does not trigger the rule")
			}
			for _, f := range found {
				if f.Code != r.Code {
					t.Errorf("the bad manifest also triggers %s: %s", f.Rule, f.Message)
				}
				if !f.Range.IsValid() || f.Message == "" || f.Fix == "" || strings.HasSuffix(f.Message, ".") || f.Operation == "" {
					t.Errorf("finding without place, message, fix or operation: %+v", f)
				}
			}
			for _, f := range run(t, r.Doc.Good) {
				t.Errorf("the good manifest triggers %s: %s", f.Rule, f.Message)
			}
		})
	}
}

// Every field that a rule says it reads is a key of an operation or of its
// document.
func TestReadsAreKeys(t *testing.T) {
	document := manifest.Schema()
	operations := find(document, "operations")
	if operations == nil || operations.Items == nil {
		t.Fatal("the schema has no operations")
	}
	for _, r := range All() {
		for _, field := range r.Reads {
			if find(operations.Items, field) == nil && find(document, field) == nil {
				t.Errorf("%s reads %q, which is no key", r.Name, field)
			}
		}
	}
}

// find returns the key at a path, or nil.
func find(in *manifest.Key, path string) *manifest.Key {
	name, rest, more := strings.Cut(path, ".")
	if in.Items != nil {
		in = in.Items
	}
	for i := range in.Keys {
		if k := &in.Keys[i]; k.Name == name && more {
			return find(k, rest)
		} else if k.Name == name {
			return k
		}
	}
	return nil
}
