package edit_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

// A change is one call of Set, or of Remove when it has no words.
type change struct {
	path  string
	words []string
}

func set(path string, words ...string) change { return change{path, words} }
func remove(path string) change               { return change{path: path} }

func (c change) on(m *edit.Manifest, doc int, operation string) (*edit.Manifest, error) {
	if c.words == nil {
		return m.Remove(doc, operation, c.path)
	}
	return m.Set(doc, operation, c.path, c.words...)
}

const block = `
			service: shop
			operations:
			  # the money
			  - name: charge   # first
			    timeout: 2s   # patience
			    # inside
			    retry:
			      attempts: 3

			  # the rest
			  - name: b
			    description: |
			      # text
			      more

			journeys: [] # end
			`

func TestSet(t *testing.T) {
	for _, test := range []struct {
		name, before string
		change       change
		find, put    string // what becomes what
	}{
		{"another value", block, set("timeout", "900ms"), "timeout: 2s  ", "timeout: 900ms  "},
		{"the same value", block, set("timeout", "2s"), "timeout", "timeout"},
		{"a new key", block, set("callee", "bank"), "      attempts: 3\n", "      attempts: 3\n\t\t\t    callee: bank\n"},
		{"a text that YAML would misread", block, set("callee", "on"), "      attempts: 3\n", "      attempts: 3\n\t\t\t    callee: \"on\"\n"},
		{"below a mapping", block, set("retry.jitter", "yes"), "attempts: 3\n", "attempts: 3\n\t\t\t      jitter: yes\n"},
		{"a value below", block, set("retry.attempts", "4"), "attempts: 3", "attempts: 4"},
		{"a new mapping", block, set("answers.latency", "2s"), "      attempts: 3\n", "      attempts: 3\n\t\t\t    answers: {latency: 2s}\n"},
		{"a list", block, set("guards", "circuit-breaker", "bulkhead"), "      attempts: 3\n", "      attempts: 3\n\t\t\t    guards: [circuit-breaker, bulkhead]\n"},
		{"a word beside names", block, set("delivery.dead_letter", "no"), "      attempts: 3\n", "      attempts: 3\n\t\t\t    delivery: {dead_letter: no}\n"},
		{"in braces", "operations: [{name: charge, timeout: 2s}, {name: b}]", set("mode", "sync"), "2s}", "2s, mode: sync}"},
		{"in nested braces", "operations: [{name: charge, answers: {}}]", set("answers.coupling", "no"), "{}", "{coupling: no}"},
		{"JSON", `{"operations": [{"name": "charge"}]}`, set("retry.attempts", "3"), `"charge"`, `"charge", "retry": {"attempts": 3}`},
		{"a quoted value", "operations:\n- name: charge\n  timeout: '2s' # a\n", set("timeout", "3s"), "'2s'", "3s"},
		{"no value yet", "operations:\n- name: charge\n  timeout:   # soon\n", set("timeout", "3s"), "timeout: ", "timeout: 3s "},
		{"a null", "operations:\n- name: charge\n  answers: ~ # soon\n", set("answers.immediacy", "later"), "~", "{immediacy: later}"},
		{"another list", "operations:\n- name: charge\n  guards: [cache]\n", set("guards", "bulkhead"), "[cache]", "[bulkhead]"},
		{"a block text", "operations:\n- name: charge\n  description: |\n    # a\n    b\n\n  mode: sync\n", set("description", "c"), "|\n    # a\n    b\n", "c\n"},
		{"gone", block, remove("timeout"), "\t\t\t    timeout: 2s   # patience\n", ""},
		{"gone with its mapping", block, remove("retry.attempts"), "\t\t\t    retry:\n\t\t\t      attempts: 3\n", ""},
		{"gone from behind the dash", "operations:\n- timeout: 2s\n  name: charge\n", remove("timeout"), "- timeout: 2s\n  name", "- name"},
		{"gone from braces", "operations: [{name: charge, timeout: 2s, mode: sync}]", remove("timeout"), "timeout: 2s, ", ""},
		{"gone from the end of braces", "operations: [{name: charge, timeout: 2s}]", remove("timeout"), ", timeout: 2s", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := edit.Parse([]byte(dedent(test.before)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := test.change.on(m, 0, "charge")
			want := dedent(strings.Replace(test.before, test.find, test.put, 1))
			if err != nil || string(got.Bytes()) != want {
				t.Fatalf("%v, got\n%s\nwant\n%s", err, text(got), want)
			}
		})
	}
}

func text(m *edit.Manifest) string {
	if m == nil {
		return ""
	}
	return string(m.Bytes())
}

// What other operations share, what is no key, and what can't be a value is refused.
func TestSetRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		src    string
		change change
	}{
		"an unknown key":         {block, set("timeuot", "2s")},
		"a mapping":              {block, set("retry", "3")},
		"two values of one key":  {block, set("timeout", "2s", "3s")},
		"no operation":           {"service: shop\n", set("timeout", "2s")},
		"an anchored operation":  {"operations:\n- &a\n  name: charge\n- <<: *a\n  name: b\n", set("timeout", "2s")},
		"an alias":               {"x-a: &a {attempts: 3}\noperations:\n- name: charge\n  retry: *a\n", set("retry.attempts", "4")},
		"an anchored value":      {"operations:\n- name: charge\n  timeout: &t 2s\n- name: b\n  timeout: *t\n", set("timeout", "4s")},
		"a tagged value":         {"operations:\n- name: charge\n  timeout: !!str 2s\n", set("timeout", "4s")},
		"a value that breaks it": {block, set("timeout", "2s\n    mode: sync")},
		"nothing to remove":      {block, remove("mode")},
		"the only key":           {"operations:\n- name: charge\n", remove("name")},
	} {
		m, err := edit.Parse([]byte(dedent(test.src)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := test.change.on(m, 0, "charge"); err == nil {
			t.Errorf("%s: got\n%s", name, got.Bytes())
		}
	}
}

// An update keeps what ask doesn't know, and makes unknown what it leaves unknown.
func TestUpdate(t *testing.T) {
	m, err := edit.Parse([]byte("operations:\n- name: charge\n  timeout: 2s # kept\n  answers: {immediacy: no, coupling: yes}\n"))
	if err != nil {
		t.Fatal(err)
	}
	m, err = m.Update(0, entry())
	want := "operations:\n- name: charge\n  timeout: 2s # kept\n  answers: {immediacy: yes, coupling: unknown, retryability: no, latency: 900ms}\n" +
		"  caller: shop\n  callee: bank\n"
	if err != nil || text(m) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, text(m), want)
	}
}

// Whatever the manifest looks like: what was set reads so, nothing else reads
// otherwise, and taking it out again gives back what was there.
func TestSetKeepsTheRest(t *testing.T) {
	changes := []change{
		set("timeout", "7s"), set("answers.latency", "2s"), set("answers.immediacy", "later"), set("retry.attempts", "3"), set("guards", "cache"),
		set("delivery.outbox", "yes"), set("callee", "a: b #"), set("description", "#1"), set("availability", "99.9%"), set("traffic.mean", "3/s"),
	}
	done := 0
	rapid.Check(t, func(t *rapid.T) {
		src := anyManifest().Draw(t, "manifest")
		m, err := edit.Parse([]byte(src))
		if err != nil || !m.Has(0, "op0") {
			return
		}
		c := rapid.SampledFrom(changes).Draw(t, "change")
		there := keys(t, m.Bytes())
		out, err := c.on(m, 0, "op0")
		if err != nil {
			return // it says so, and is held to be rare below
		}
		done++
		again, err := c.on(out, 0, "op0")
		if err != nil || text(again) != text(out) {
			t.Fatalf("%s set twice: %v\n%q\n%q", c.path, err, text(out), text(again))
		}
		top, _, _ := strings.Cut(c.path, ".")
		if there[top] {
			return
		}
		if back, err := out.Remove(0, "op0", c.path); err == nil && text(back) != src && text(back) != src+"\n" && text(back) != src+"\r\n" {
			t.Fatalf("%s removed again:\n%q\n%q", c.path, src, text(back))
		}
	})
	if done == 0 {
		t.Error("nothing was ever set")
	}
}

// keys returns the keys that the first operation gives.
func keys(t *rapid.T, src []byte) map[string]bool {
	m, err := edit.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, k := range m.Keys(0, "op0") {
		found[k] = true
	}
	return found
}

// Every key that holds a value can be set, and reads as it was set: no key of the
// manifest needs an editor of its own.
func TestSetKnowsEveryKey(t *testing.T) {
	n := 0
	for _, k := range manifest.Schema().Keys {
		if k.Name != "operations" {
			continue
		}
		for _, key := range k.Items.Keys {
			if len(key.Keys) > 0 || key.Items != nil && len(key.Items.Keys) > 0 {
				continue
			}
			m, _ := edit.Parse([]byte("operations:\n  - name: charge\n"))
			if key.Name == "name" {
				continue
			}
			if m, err := m.Set(0, "charge", key.Name, "x"); err != nil || !m.Has(0, "charge") {
				t.Errorf("%s: %v", key.Name, err)
			}
			n++
		}
	}
	if n < 15 {
		t.Errorf("only %d keys", n)
	}
}
