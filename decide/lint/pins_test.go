package lint_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
	"waitornot/decide/manifest"
)

// lonely is a rule over the whole run: it flags services that nobody calls.
func lonely() *lint.Rule {
	return &lint.Rule{Code: "WN202", Name: "lonely", Severity: diag.Warning, Graph: func(p *lint.Pass, g *graph.Graph) {
		for i, o := range g.Operations() {
			if len(g.CalledBy(o.Caller)) == 0 {
				id := graph.OperationID(i)
				p.ReportIn(g.File(id), g.Place(id, graph.FactName), g.ID(id), "nobody calls it", "call it")
			}
		}
	}}
}

// Findings that only several files show together go when more files refute them; those
// of single operations and those of files outside of the larger run stay.
func TestConfirm(t *testing.T) {
	t.Parallel()
	rules := []*lint.Rule{linttest.Slow(), lonely()}
	front := "service: front\noperations:\n- {name: a, callee: shop, answers: {}}\n"
	shop := "service: shop\noperations:\n- {name: b, callee: bank, timeout: 2s, answers: {}}\n"
	other := "service: other\noperations:\n- {name: c, callee: bank, answers: {}}\n"
	few := linttest.Run(t, lint.Options{Rules: rules}, "shop.yaml", shop, "other.yaml", other)
	whole := linttest.Run(t, lint.Options{Rules: rules}, "front.yaml", front, "shop.yaml", shop, "other.yaml", other)
	if got, want := brief(few), "lonely@3, lonely@3, slow-timeout@3"; got != want {
		t.Fatalf("before: %s, want %s", got, want)
	}
	if !few.Uncertain() || linttest.Run(t, lint.Options{}, "shop.yaml", shop).Uncertain() {
		t.Error("a result is uncertain when a rule over the whole run found something, and only then")
	}
	few.Confirm(whole, func(string) bool { return true })
	if got, want := brief(few), "lonely@3, slow-timeout@3"; got != want || few.Unshared != 1 {
		t.Errorf("after: %s, %d left out; want %s", got, few.Unshared, want)
	}
	few = linttest.Run(t, lint.Options{Rules: rules}, "shop.yaml", shop, "other.yaml", other)
	few.Confirm(whole, func(file string) bool { return file != "shop.yaml" })
	if few.Unshared != 0 || len(few.Findings) != 3 {
		t.Errorf("a file outside of the larger run lost findings: %s", brief(few))
	}
}

// A file that can't be opened makes a run partial, as one that can't be read does.
func TestWaiverBesideUnreadable(t *testing.T) {
	t.Parallel()
	text := manifest.Source{Name: "a.yaml", Data: fmt.Appendf(nil, waived, "1s", "never", "2027-01-01")}
	fine := func() (manifest.Source, error) { return text, nil }
	gone := func() (manifest.Source, error) { return manifest.Source{Name: "b.yaml"}, errors.New("it is gone") }
	for want, files := range map[string][]lint.Opener{"waiver-unused@7": {fine}, "": {fine, gone}} {
		r, err := lint.Run(context.Background(), files, lint.Options{Rules: []*lint.Rule{linttest.Never(), linttest.Slow()},
			Table: linttest.Table(t), Limits: decide.DefaultLimits(), Today: linttest.Today()})
		if err != nil {
			t.Fatal(err)
		}
		if got := brief(r); got != want || len(r.Unreadable) != len(files)-1 {
			t.Errorf("%d files: %q and %d unreadable, want %q", len(files), got, len(r.Unreadable), want)
		}
	}
}

// A finding about a waiver is safe to fix when it has edits, and only then: a waiver that
// ran out while its finding is there takes a decision.
func TestWaiverFixes(t *testing.T) {
	t.Parallel()
	for rule, text := range map[string]string{
		"waiver-unused":  fmt.Sprintf(waived, "1s", "WN301", "2027-01-01"),
		"waiver-expired": fmt.Sprintf(waived, "2s", "WN301", "2026-11-22"),
	} {
		for _, f := range linttest.Run(t, lint.Options{}, "a.yaml", text).Findings {
			if f.Rule == rule && (f.Safe != (rule == "waiver-unused") || f.Safe != (len(f.Edits) > 0)) {
				t.Errorf("%s: %d edits, safe %t", rule, len(f.Edits), f.Safe)
			}
		}
	}
}

// What one file gives by itself says whether it has findings.
func TestOutcomeSpeaks(t *testing.T) {
	t.Parallel()
	o := lint.Options{Rules: []*lint.Rule{linttest.Slow()}, Table: linttest.Table(t), Limits: decide.DefaultLimits(), Today: linttest.Today()}
	for text, want := range map[string]bool{
		"operations:\n- {name: a, timeout: 1s, answers: {}}\n": false, "operations:\n- {name: a, timeout: 2s, answers: {}}\n": true,
	} {
		out := o.Judge(0, manifest.Source{Name: "a.yaml", Data: []byte(text)}, nil, lint.NewPolicy(o.Rules, o.Table, o.Limits))
		if out.Speaks() != want {
			t.Errorf("%q: it speaks is %t, want %t", text, out.Speaks(), want)
		}
	}
}

// A rule sets words and adds keys where only the operation at hand has them: what an
// anchor may share is left alone.
func TestEditsOfRules(t *testing.T) {
	t.Parallel()
	rule := &lint.Rule{Code: "WN303", Name: "edits", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
		p.ReportEdit(s.Mode.Range, "set", "set it", true, p.SetWord(s.Mode.Range, s.Mode.Value.String(), "async")...)
		p.ReportEdit(s.Delivery.Range, "add", "add it", true, p.AddPair(s.Delivery.Range, "dead_letter", "dlq")...)
	}}
	for _, tt := range []struct{ name, text, want string }{
		{"plain", "operations:\n- {name: a, mode: sync, delivery: {attempts: 2}, answers: {}}\n",
			"operations:\n- {name: a, mode: async, delivery: {attempts: 2, dead_letter: dlq}, answers: {}}\n"},
		{"a mode that is another's", "defaults: {mode: &m sync}\noperations:\n- {name: a, mode: *m, answers: {}, delivery: {attempts: 2}}\n",
			"defaults: {mode: &m sync}\noperations:\n- {name: a, mode: async, answers: {}, delivery: {attempts: 2, dead_letter: dlq}}\n"},
		{"a mode that others take", "operations:\n- {name: a, mode: &m sync, answers: {}}\n- {name: b, mode: *m, answers: {}}\n",
			"operations:\n- {name: a, mode: &m sync, answers: {}}\n- {name: b, mode: async, answers: {}}\n"},
		{"a mode that is inherited", "defaults: {mode: sync}\noperations:\n- {name: a, answers: {}, delivery: {attempts: 2}}\n",
			"defaults: {mode: sync}\noperations:\n- {name: a, answers: {}, delivery: {attempts: 2, dead_letter: dlq}}\n"},
		{"a mapping that others share", "operations:\n- {name: a, mode: sync, answers: {}, delivery: &d {attempts: 2}}\n- {name: b, answers: {}, delivery: *d}\n",
			"operations:\n- {name: a, mode: async, answers: {}, delivery: &d {attempts: 2}}\n- {name: b, answers: {}, delivery: *d}\n"},
	} {
		r := linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}}, "a.yaml", tt.text)
		got, _ := lint.Fix(manifest.Source{Name: "a.yaml", Data: []byte(tt.text)}, r.Findings, true)
		if string(got) != tt.want {
			t.Errorf("%s:\n%swant:\n%s", tt.name, got, tt.want)
		}
	}
}

// A waiver that matched nothing is unused only where its rule looked and could see: not
// where the rule is off, and not where the reader couldn't read all of the operation.
func TestWaiverUnusedForSure(t *testing.T) {
	t.Parallel()
	off := lint.TunedPolicy([]lint.TunedRule{{Rule: linttest.Slow()}, {Rule: linttest.Never(), Severity: diag.Error}}, linttest.Table(t), decide.DefaultLimits())
	unread := strings.Replace(fmt.Sprintf(waived, "1s", "WN301", "2027-01-01"), "answers: {}", "answers: 3", 1)
	for _, tt := range []struct {
		name, text string
		policy     *lint.Policy
		want       int
	}{
		{"it looked", fmt.Sprintf(waived, "1s", "WN301", "2027-01-01"), nil, 1},
		{"it is off", fmt.Sprintf(waived, "1s", "WN301", "2027-01-01"), off, 0},
		{"the operation can't be read", unread, nil, 0},
	} {
		o := lint.Options{}
		if tt.policy != nil {
			o.Policies = []*lint.Policy{tt.policy}
		}
		got := 0
		for _, f := range linttest.Run(t, o, "a.yaml", tt.text).Findings {
			if f.Rule == "waiver-unused" {
				got++
			}
		}
		if got != tt.want {
			t.Errorf("%s: %d unused waivers, want %d", tt.name, got, tt.want)
		}
	}
}

// A result names the rules that a policy holds back, and no other.
func TestPinnedRules(t *testing.T) {
	t.Parallel()
	policy := lint.TunedPolicy([]lint.TunedRule{{Rule: linttest.Slow(), Pinned: true}, {Rule: linttest.Never(), Severity: diag.Error}}, linttest.Table(t), decide.DefaultLimits())
	r := linttest.Run(t, lint.Options{Policies: []*lint.Policy{policy}}, "a.yaml", "operations: []\n")
	if len(r.Pinned) != 1 || r.Pinned[0].Name != "slow-timeout" {
		t.Errorf("held back: %v", r.Pinned)
	}
	if r = linttest.Run(t, lint.Options{}, "a.yaml", "operations: []\n"); len(r.Pinned) != 0 {
		t.Errorf("held back without a configuration: %v", r.Pinned)
	}
}

// A rule of a team's own, and only such a one, comes with the policies that bring it: a
// waiver may name it, and however many bring it, it looks once.
func TestCustomRulesOfPolicies(t *testing.T) {
	t.Parallel()
	tuned := func() *lint.Policy {
		ours := &lint.Rule{Code: "OURS001", Name: "ours", Severity: diag.Info, Custom: true, Operation: func(p *lint.Pass, s *lint.Subject) {
			p.Report(s.Name.Range, "ours speaks", "")
		}}
		whole := &lint.Rule{Code: "OURS002", Name: "whole", Severity: diag.Info, Custom: true, Graph: func(p *lint.Pass, g *graph.Graph) {
			p.ReportIn("a.yaml", diag.Range{Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 2}}, "", "the whole speaks", "")
		}}
		list := []lint.TunedRule{{Rule: linttest.Slow(), Severity: diag.Warning}, {Rule: ours, Severity: diag.Info}, {Rule: whole, Severity: diag.Info}}
		for _, r := range lint.EngineRules() {
			list = append(list, lint.TunedRule{Rule: r, Severity: r.Severity})
		}
		return lint.TunedPolicy(list, linttest.Table(t), decide.DefaultLimits())
	}
	text := fmt.Sprintf(waived, "1s", "ours", "2027-01-01")
	r := linttest.Run(t, lint.Options{Policies: []*lint.Policy{tuned(), tuned()}}, "a.yaml", text, "b.yaml", "operations: []\n")
	if got, want := brief(r), "whole@1, x ours@3 by payments"; got != want {
		t.Errorf("with the policies: %s, want %s", got, want)
	}
	if got, want := brief(linttest.Run(t, lint.Options{}, "a.yaml", text)), "waiver-unknown-rule@7"; got != want {
		t.Errorf("without them: %s, want %s", got, want)
	}
}

// A finding about what an operation inherits has no edits: other operations inherit it
// too. About its own it has them, and says so.
func TestEditsOfInherited(t *testing.T) {
	t.Parallel()
	rule := &lint.Rule{Code: "WN303", Name: "edits", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
		p.ReportEdit(s.Timeout.Range, "set", "set it", true, diag.Edit{Range: s.Timeout.Range, New: "9s"})
	}}
	for text, want := range map[string]bool{
		"operations:\n- {name: a, timeout: 1s, answers: {}}\n": true, "defaults: {timeout: 1s}\noperations:\n- {name: a, answers: {}}\n": false,
	} {
		for _, f := range linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}}, "a.yaml", text).Findings {
			if f.Safe != want || (len(f.Edits) == 1) != want {
				t.Errorf("%q: %d edits, safe %t; want %t", text, len(f.Edits), f.Safe, want)
			}
		}
	}
}

// What is kept of operations comes in their order, and nothing when nobody keeps.
func TestKept(t *testing.T) {
	t.Parallel()
	text := "operations:\n- {name: a, answers: {}}\n- {name: b, answers: {}}\n"
	var got []string
	for _, kept := range linttest.Run(t, lint.Options{Keep: func(_ int, _ *manifest.Document, ops []manifest.Operation) any {
		return ops[0].Name.Value + ops[len(ops)-1].Name.Value
	}}, "a.yaml", text, "b.yaml", strings.ReplaceAll(text, "b,", "c,")).Kept {
		got = append(got, kept.(string))
	}
	if strings.Join(got, " ") != "ab ac" {
		t.Errorf("kept %q", got)
	}
	if kept := linttest.Run(t, lint.Options{}, "a.yaml", text).Kept; kept != nil {
		t.Errorf("kept %v without being asked", kept)
	}
}

// A finding of a rule over the whole run has the severity that the policy of its file
// gives the rule, one lighter where the rule says so, and is left out where it is off.
func TestGraphRulesUnderPolicies(t *testing.T) {
	t.Parallel()
	rule := &lint.Rule{Code: "WN202", Name: "speaks", Severity: diag.Warning, Graph: func(p *lint.Pass, g *graph.Graph) {
		for i := range g.Operations() {
			id := graph.OperationID(i)
			if p.ReportIn(g.File(id), g.Place(id, graph.FactName), g.ID(id), "it is there", ""); g.Operation(id).Name == "light" {
				p.LowerSeverity().ReportIn(g.File(id), g.Place(id, graph.FactName), g.ID(id), "it is light", "")
			}
		}
	}}
	as := func(s diag.Severity) *lint.Policy {
		return lint.TunedPolicy([]lint.TunedRule{{Rule: rule, Severity: s}}, linttest.Table(t), decide.DefaultLimits())
	}
	text := "operations:\n- {name: %s, answers: {}}\n"
	r := linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}, Policies: []*lint.Policy{as(diag.Error), as(diag.Warning), as(0)}},
		"a.yaml", fmt.Sprintf(text, "light"), "b.yaml", fmt.Sprintf(text, "b"), "c.yaml", fmt.Sprintf(text, "c"))
	var got []string
	for _, f := range r.Findings {
		got = append(got, fmt.Sprint(f.File, " ", f.Message, ": ", f.Severity))
	}
	if want := "a.yaml it is light: warning, a.yaml it is there: error, b.yaml it is there: warning"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
}

// A related place is in the file of the finding unless it names another.
func TestRelatedFiles(t *testing.T) {
	t.Parallel()
	rule := &lint.Rule{Code: "WN303", Name: "points", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
		p.Report(s.Name.Range, "see there", "", diag.Related{Message: "here"}, diag.Related{File: "other.yaml", Message: "there"})
	}}
	for _, f := range linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}}, "a.yaml", "operations:\n- {name: a, answers: {}}\n").Findings {
		if len(f.Related) != 2 || f.Related[0].File != "a.yaml" || f.Related[1].File != "other.yaml" {
			t.Errorf("related: %+v", f.Related)
		}
	}
}

// What the parser says about a waiver is no reason to doubt the operation's other
// waivers.
func TestFaultyWaiverBesideUnused(t *testing.T) {
	t.Parallel()
	text := fmt.Sprintf(waived, "1s", "WN301", "2027-01-01") + "      - {rule: WN301, owner: payments, until: 2027-01-01}\n"
	if got, want := brief(linttest.Run(t, lint.Options{}, "a.yaml", text)), "waiver-unused@7, missing-key@8"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// What the whole run shows not to hold is left out, and nothing else.
func TestVoid(t *testing.T) {
	t.Parallel()
	for void, want := range map[bool]string{true: "", false: "slow-timeout@3"} {
		rule := linttest.Slow()
		rule.Void = func(*graph.Graph) func(graph.OperationID) bool {
			return func(graph.OperationID) bool { return void }
		}
		if got := brief(linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}}, "a.yaml", service("a", "2s"))); got != want {
			t.Errorf("void %t: %q, want %q", void, got, want)
		}
	}
}

// Whoever watches a run hears of each file that could be opened, and how many findings it
// gave.
func TestJudged(t *testing.T) {
	t.Parallel()
	var heard [3]int
	open := func(text string, err error) lint.Opener {
		return func() (manifest.Source, error) { return manifest.Source{Name: "a.yaml", Data: []byte(text)}, err }
	}
	_, err := lint.Run(context.Background(), []lint.Opener{open(service("a", "2s"), nil), open("", errors.New("gone")), open(service("b", "1s"), nil)},
		lint.Options{Rules: []*lint.Rule{linttest.Slow()}, Table: linttest.Table(t), Limits: decide.DefaultLimits(), Today: linttest.Today(),
			Judged: func(file int, _ manifest.Source, findings int) { heard[file] = findings + 1 }})
	if err != nil || heard != [3]int{2, 0, 1} {
		t.Errorf("%v, heard %v of each, one more than there are findings", err, heard)
	}
}

// Copies of operations stay as they are, with the lists and the measurements in them, however
// many come behind them.
func TestKeptStay(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("operations:\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "- {name: o%d, answers: {}, tags: [t%d, t], evidence: {calls: %d}}\n", i, i, i+1)
	}
	n := 0
	for _, kept := range linttest.Run(t, lint.Options{Workers: 1, Keep: func(_ int, _ *manifest.Document, ops []manifest.Operation) any { return slices.Clone(ops) }},
		"a.yaml", text.String()).Kept {
		for _, op := range kept.([]manifest.Operation) {
			if op.Name.Value != fmt.Sprint("o", n) || len(op.Tags) != 2 || op.Tags[0].Value != fmt.Sprint("t", n) || op.Evidence.Calls.Value != n+1 {
				t.Fatalf("operation %d is %s %v %v", n, op.Name.Value, op.Tags, op.Evidence.Calls)
			}
			n++
		}
	}
	if n != 1000 {
		t.Errorf("%d operations are kept", n)
	}
}

// A run that is given room for its work leaves it there for the next one.
func TestRoomIsKept(t *testing.T) {
	t.Parallel()
	var room lint.Room
	linttest.Run(t, lint.Options{Room: &room}, "a.yaml", "operations: [{name: a, answers: {}}]\n")
	if reflect.ValueOf(&room).Elem().IsZero() {
		t.Error("nothing is kept")
	}
}
