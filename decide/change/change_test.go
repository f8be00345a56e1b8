package change

import (
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// read returns the operations of a manifest.
func read(text string, policy *lint.Policy) []*Operation {
	_, ops := manifest.Read(manifest.Source{Name: "m", Data: []byte(text)}, manifest.Options{})
	var list []*Operation
	for i := range ops {
		list = append(list, Of("m", &ops[i], policy))
	}
	return list
}

// Nothing is different between a version and itself, and what one direction
// calls added the other calls removed.
func TestCompareDirections(t *testing.T) {
	table, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	policy := lint.NewPolicy(nil, table, decide.DefaultLimits())
	version := func(t *rapid.T, label string) []*Operation {
		text := "service: s\noperations:\n"
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 1, 4, rapid.ID).Draw(t, label) {
			text += "- {name: " + name + ", answers: {immediacy: " + rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "immediacy") +
				"}, timeout: " + rapid.SampledFrom([]string{"1s", "2s"}).Draw(t, "timeout") + "}\n"
		}
		return read(text, policy)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := version(t, "a"), version(t, "b")
		if d := Compare(a, a); len(d.Changes) != 0 {
			t.Fatalf("a version differs from itself: %v", d.Changes)
		}
		there, back := Compare(a, b), Compare(b, a)
		count := func(d *Difference, added bool) (n int) {
			for _, c := range d.Changes {
				if added && c.Before == nil || !added && c.After == nil {
					n++
				}
			}
			return n
		}
		if count(there, true) != count(back, false) || count(there, false) != count(back, true) || there.Unchanged != back.Unchanged {
			t.Fatalf("there: %+v\nback: %+v", there, back)
		}
	})
}

// An operation that moved to another service is not called renamed, and one
// whose mode alone changed is reported.
func TestCompareKinds(t *testing.T) {
	table, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	compare := func(before, after string) []OperationChange {
		version := func(text string) []*Operation { return read(text, lint.NewPolicy(nil, table, decide.DefaultLimits())) }
		return Compare(version(before), version(after)).Changes
	}
	const op = "operations: [{name: a, mode: sync, answers: {}}]"
	if c := compare("service: s\n"+op, "service: t\n"+op); len(c) != 2 || c[0].Renamed() || c[1].Renamed() {
		t.Errorf("an operation of another service: %+v, want one removed and one added", c)
	}
	if c := compare(op, "operations: [{name: b, mode: sync, answers: {}}]"); len(c) != 1 || !c[0].Renamed() {
		t.Errorf("another name: %+v, want one renamed", c)
	}
	if c := compare(op, "operations: [{name: a, mode: async, answers: {}}]"); len(c) != 1 || !c[0].ModeChanged() {
		t.Errorf("another mode: %+v, want one changed", c)
	}
}
