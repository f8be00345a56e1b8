package draft

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/evidence"
	"waitornot/decide/manifest"
)

func hostile() *rapid.Generator[string] {
	parts := []string{"a", "shop", " ", "/", "\x1b[2J", "\u202e", "\n", "- name: x", ": ", "# ", "\"", "'", "{{", "${HOME}", "../..", "no", "12", "支払", "\x00", "\xff", "&a", "*a", "!t", "|"}
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 4), func(p []string) string { return strings.Join(p, "") })
}

// Whatever a source calls things, a draft is a manifest without an error: its operations
// are those that were seen, and writing it again would add none.
func TestDraftsAreManifests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := hostile()
		sightings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) evidence.Sighting {
			return evidence.Sighting{
				Caller: text.Draw(t, "caller"), Callee: text.Draw(t, "callee"), Name: evidence.OperationName(text.Draw(t, "name")), Text: text.Draw(t, "text"),
				Source: text.Draw(t, "source"), Shows: text.Draw(t, "shows"), Broker: text.Draw(t, "broker"), Channel: text.Draw(t, "channel"), DeadLetter: text.Draw(t, "dead letter"),
				Mode: rapid.SampledFrom([]decide.Verdict{decide.Undecided, decide.Sync, decide.Async, decide.Hybrid}).Draw(t, "mode"),
				Kind: rapid.SampledFrom([]string{"", "query", "command", "event"}).Draw(t, "kind"), Offered: rapid.Bool().Draw(t, "offered"),
				Guards: rapid.SampledFrom([][]string{nil, {"bulkhead"}, {"bulkhead", "circuit-breaker"}}).Draw(t, "guards"), Attempts: rapid.IntRange(0, 3).Draw(t, "attempts"),
			}
		}), 1, 6).Draw(t, "sightings")
		owner := text.Draw(t, "owner")
		services := []evidence.Service{{Name: sightings[0].Caller, Owner: owner}, {Name: sightings[0].Callee, Role: evidence.Broker, Product: owner}}
		sys := evidence.Join(services, sightings)
		for _, s := range Services(sys) {
			src := s.Manifest([]string{sightings[0].Source})
			file, operations := manifest.Read(manifest.Source{Name: "x", Data: src}, manifest.Options{})
			if slices.ContainsFunc(file.Findings, func(f diag.Finding) bool { return f.Severity == diag.Error }) {
				t.Fatalf("%+v\n%s", file.Findings, src)
			}
			if len(operations) != len(s.Operations) {
				t.Fatalf("%d operations, want %d\n%s", len(operations), len(s.Operations), src)
			}
			if again := FileName(s.Name); strings.ContainsAny(again, "/\\\x00\n") || strings.HasPrefix(again, ".") {
				t.Fatalf("the file is called %q", again)
			}
		}
	})
}
