package change

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// aVersion draws a manifest of a few operations, some of them with one name, and a policy.
func aVersion(t *rapid.T, label string, policies []*lint.Policy) (text string, policy *lint.Policy) {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, label) }
	var b strings.Builder
	for range rapid.IntRange(1, 2).Draw(t, label) {
		fmt.Fprintf(&b, "---\nservice: %s\n%soperations:\n", pick("s", "t"), pick("", "defaults: {timeout: 1s}\n"))
		for range rapid.IntRange(0, 6).Draw(t, label) {
			fmt.Fprintf(&b, "- {%scallee: %s, answers: {immediacy: %s, latency: %s}%s}\n", pick("name: a, ", "name: b, ", "name: c, ", "name: d, ", ""), pick("x", "y"),
				pick("yes", "no"), pick("400ms", "700ms", "yes"), pick("", ", mode: sync", ", mode: async", ", timeout: 2s", ", tags: [t]", ", waivers: [{rule: WN101, reason: r}]"))
		}
	}
	return b.String(), rapid.SampledFrom(policies).Draw(t, label)
}

// somePolicies differ in their limits and in what they decide.
func somePolicies(t *testing.T) []*lint.Policy {
	slow, err := decide.NewTable([]decide.Row{
		{Name: "fast", When: [4]decide.AnswerSet{decide.Latency: decide.AnswersOf(decide.No)}, Verdict: decide.Sync},
		{Name: "slow", When: [4]decide.AnswerSet{decide.Latency: decide.AnswersOf(decide.Yes, decide.Beyond)}, Verdict: decide.Async},
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	limits := decide.DefaultLimits()
	looser := limits
	looser.Threshold *= 2
	return []*lint.Policy{lint.NewPolicy(nil, slow, limits), lint.NewPolicy(nil, slow, looser), lint.NewPolicy(nil, all, limits)}
}

// Two versions of which only what they don't have alike is held differ as the whole ones do.
func TestAlike(t *testing.T) {
	policies := somePolicies(t)
	rapid.Check(t, func(t *rapid.T) {
		d := NewDigester()
		was, old := aVersion(t, "before", policies)
		is, new := aVersion(t, "after", policies)
		if rapid.Bool().Draw(t, "same text") {
			is = was
		}
		keep := func(text string, policy *lint.Policy, other Digests) (entries []Entry, documents []*manifest.Document) {
			file, ops := manifest.Read(manifest.Source{Name: "m", Data: []byte(text)}, manifest.Options{})
			for i := range ops {
				entries = append(entries, other.Entry(d.Of(&ops[i], policy), func() *Operation { return Of("m", &ops[i], policy) }))
			}
			return entries, file.Documents
		}
		first, _ := keep(was, old, nil)
		after, documents := keep(is, new, DigestsIn(first))
		before, past := keep(was, old, DigestsIn(after))
		got := Compare(VersionOf(before, past), VersionOf(after, documents))
		want := Compare(read(was, old), read(is, new))
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
		if was == is && old == new && slices.ContainsFunc(after, func(e Entry) bool { return e.Operation != nil && e.key != (key{}) && e.sum == DigestsIn(first)[e.key] }) {
			t.Fatal("an operation is held that both have alike")
		}
	})
}

// The first of the operations removed that is the same but for its name is what an added one was.
func TestRenames(t *testing.T) {
	policies := somePolicies(t)
	rapid.Check(t, func(t *rapid.T) {
		was, old := aVersion(t, "before", policies)
		is, new := aVersion(t, "after", policies)
		removed, added := read(was, old).Operations, read(is, new).Operations
		got := renames(removed, added)
		for _, a := range added {
			i := slices.IndexFunc(removed, a.isRenamed)
			if i < 0 && got[a] != nil || i >= 0 && got[a] != removed[i] {
				t.Fatalf("%s was %v, want position %d", a.ID(), got[a], i)
			}
			if i >= 0 {
				removed = slices.Delete(slices.Clone(removed), i, i+1)
			}
		}
	})
}

// isRenamed reports whether an operation that is gone is this one under another name.
func (o *Operation) isRenamed(gone *Operation) bool {
	if o.Service != gone.Service || o.Callee.Value != gone.Callee.Value || o.Mode.Value != gone.Mode.Value {
		return false
	}
	for _, q := range decide.Questions() {
		if o.Answer(q) != gone.Answer(q) {
			return false
		}
	}
	return len(manifest.Differing(gone.Operation, o.Operation)) == 0
}
