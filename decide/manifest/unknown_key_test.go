package manifest

import (
	"slices"
	"testing"

	"waitornot/decide/yamlfile"
)

// An unknown key leads to the key that is meant: the one that goes by this word, there or
// further in, or the nearest one. It's corrected only where that key could have the value:
// "rate: 40/s" is nearest to "gate", and would claim what nobody has said.
func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line      string // of an operation
		fix       string
		corrected bool
	}{
		{"timout: 2s", "write timeout", true},
		{"timout: soon", "write timeout", false},
		{"gat: 40/s", "write gate", false},
		{"gat: yes", "write gate", true},
		{"rate: 40/s", "write mean under traffic", false},
		{"p99: 2s", "write latency under answers", false},
		{"retries: 3", "write attempts under retry", false},
		{"latency: 2s", "write latency under answers", false},
		{"delivery.broker: kafka", "write broker under delivery", false},
		{"dlq: yes", "write dead_letter under delivery", false},
		{"circuit_breaker: yes", "add circuit-breaker to guards", false},
		{"bulkhead: 5", "add bulkhead to guards", false},
		{"target: bank", "write callee", true},
		{"target: {name: bank}", "write callee", false},
		{"guard: [cache]", "write guards", true},
		{"guard: cache", "write guards", false},
		{"retri: {attempts: 2}", "write retry", true},
		{"retri: 2", "write retry", false},
	} {
		file, _ := read("operations:\n  - name: a\n    answers: {}\n    " + test.line + "\n")
		if len(file.Findings) != 1 || file.Findings[0].Fix != test.fix || (len(file.Findings[0].Edits) > 0) != test.corrected {
			t.Errorf("%s: %+v, want %q, corrected %v", test.line, file.Findings, test.fix, test.corrected)
		}
	}
}

// A key of an operation or a journey that stands at the top leads to where it belongs.
func TestKeysAtTheTop(t *testing.T) {
	t.Parallel()
	for line, fix := range map[string]string{
		"waivers: [{rule: WN101, reason: r}]": "write waivers under one of the operations",
		"timeout: 3s":                         "write timeout under defaults, or under one of the operations",
		"mode: sync":                          "write mode under one of the operations",
		"budget: 2s":                          "write budget under one of the journeys",
		"servise: x":                          "write service",
		"zzzzzz: x":                           "use one of version, service, description, owner, stack, availability, platform, platform_timeout, defaults, callees, operations, journeys, brokers",
	} {
		file, _ := read(line + "\noperations: [{name: a, answers: {}}]\n")
		if len(file.Findings) != 1 || file.Findings[0].Fix != fix {
			t.Errorf("%s: %+v, want %q", line, file.Findings, fix)
		}
	}
}

// What is already there isn't written again.
func TestUnknownKeyBesideTheKnown(t *testing.T) {
	t.Parallel()
	file, _ := read("operations:\n  - {name: a, answers: {}, callee: b, target: c}\n")
	if len(file.Findings) != 1 || len(file.Findings[0].Edits) > 0 {
		t.Errorf("%+v", file.Findings)
	}
}

// A word leads to one key of a mapping and what is in it, and is none of its keys.
func TestAliasesAreClear(t *testing.T) {
	t.Parallel()
	var visit func(path string, keys []yamlfile.Key)
	visit = func(path string, keys []yamlfile.Key) {
		led := map[string]string{}
		lead := func(word, to string) {
			if before := led[word]; before != "" {
				t.Errorf("%s: %q leads to %s and %s", path, word, before, to)
			}
			led[word] = to
			if slices.ContainsFunc(keys, func(k yamlfile.Key) bool { return k.Name == word }) {
				t.Errorf("%s: %q is a key", path, word)
			}
		}
		for _, k := range keys {
			for _, word := range k.Aliases {
				lead(word, k.Name)
			}
			for _, within := range k.Keys {
				if k.Name == "defaults" || k.Name == EvidenceKey {
					continue // the keys of operations again, and what nobody writes
				}
				for _, word := range within.Aliases {
					lead(word, k.Name+"."+within.Name)
				}
			}
			visit(path+"."+k.Name, k.Keys)
			if k.Items != nil {
				visit(path+"."+k.Name, k.Items.Keys)
			}
		}
	}
	visit("", Schema().Keys)
}
