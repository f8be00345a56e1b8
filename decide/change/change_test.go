package change

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// read returns a manifest as a version.
func read(text string, policy *lint.Policy) *Version {
	file, ops := manifest.Read(manifest.Source{Name: "m", Data: []byte(text)}, manifest.Options{})
	var list []*Operation
	for i := range ops {
		list = append(list, Of("m", &ops[i], policy))
	}
	return &Version{Operations: list, Documents: file.Documents}
}

// Nothing is different between a version and itself, and what one direction
// calls added the other calls removed.
func TestCompareDirections(t *testing.T) {
	table, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	policy := lint.NewPolicy(nil, table, decide.DefaultLimits())
	version := func(t *rapid.T, label string) *Version {
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
		version := func(text string) *Version { return read(text, lint.NewPolicy(nil, table, decide.DefaultLimits())) }
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

// What changes beside operations is named with its keys: journeys, brokers, and what a
// document says of its service. Where it stands and in which order doesn't count.
func TestCompareParts(t *testing.T) {
	table, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	const text = `service: s
owner: a
operations: [{name: one, answers: {}}, {name: two, answers: {}}]
journeys: [{name: j, steps: [one, [two]], slo: 99%, budget: 1s}]
brokers: [{name: bus, kind: kafka, clustered: yes}]
`
	policy := lint.NewPolicy(nil, table, decide.DefaultLimits())
	for _, tt := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"a budget and an objective", "slo: 99%, budget: 1s", "budget: 10ms", "journey s/j: slo, budget"},
		{"steps", "[one, [two]]", "[one, two]", "journey s/j: steps"},
		{"an availability and a platform", "owner: a", "owner: a\navailability: 99%\nplatform: x", "service s: availability, platform"},
		{"a broker", "clustered: yes", "clustered: no", "broker bus: clustered"},
		{"another journey", "name: j,", "name: k,", "journey s/j removed, journey s/k added"},
		{"another service", "service: s", "service: t", "journey s/j removed, journey t/j added"},
		{"a comment", "owner: a", "# comment\nowner: a", ""},
	} {
		d := Compare(read(text, policy), read(strings.Replace(text, tt.old, tt.new, 1), policy))
		var got []string
		for _, p := range d.Parts {
			line := p.Kind.String() + " " + p.ID
			switch {
			case p.Before == nil:
				line += " added"
			case p.After == nil:
				line += " removed"
			default:
				line += ": " + strings.Join(p.Facts, ", ")
			}
			got = append(got, line)
		}
		if strings.Join(got, ", ") != tt.want || d.Any() != (len(d.Changes) > 0 || tt.want != "") {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
