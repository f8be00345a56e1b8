package manifest_test

import (
	"reflect"
	"testing"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// What an operation inherits is given, too, and of a mapping one value is enough.
func TestGiven(t *testing.T) {
	for _, test := range []struct {
		text string
		want manifest.Given
	}{
		{"operations: [{name: a}]", 0},
		{"operations: [{name: a, mode: async}]\ndefaults: {timeout: 1s, retry: {attempts: 2}, delivery: {broker: kafka}}",
			manifest.GivenTimeout | manifest.GivenRetry | manifest.GivenDelivery},
		{"operations: [{name: a, callee: b, mode: sync}]\ncallees: {b: {timeout: 1s, delivery: {broker: kafka}}}", manifest.GivenTimeout},
		{"operations: [{name: a, retry: {backoff: 1s}, delivery: {}, reply: {}, traffic: {}, evidence: {}}]",
			manifest.GivenDelivery | manifest.GivenReply | manifest.GivenTraffic | manifest.GivenEvidence},
		{"operations: [{name: a, writes: db, critical: no, consistency: strong, freshness: 1s, cacheable: no, holds: lock, calls: 3}]",
			manifest.GivenWrites | manifest.GivenCritical | manifest.GivenConsistency | manifest.GivenFreshness | manifest.GivenCacheable | manifest.GivenHolds | manifest.GivenCalls},
	} {
		_, ops := manifest.Read(manifest.Source{Name: "waitornot.yaml", Data: []byte(test.text)}, manifest.Options{})
		op := &ops[0]
		if got := op.Given(); got != test.want {
			t.Errorf("%s: %b, want %b", test.text, got, test.want)
		}
		for _, part := range []any{op.Delivery, op.Traffic, op.Reply} {
			v := reflect.ValueOf(part)
			if !v.IsZero() && !v.FieldByName("Range").Interface().(diag.Range).IsValid() {
				t.Errorf("%s: a part has values and no place: %+v", test.text, part)
			}
		}
	}
}
