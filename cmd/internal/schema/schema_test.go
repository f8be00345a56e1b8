package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
	"waitornot/rules"
)

func compile(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:///schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance returns a YAML document as a schema sees it: what editors read.
func instance(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	// What YAML 1.1 takes for a day is a text to editors.
	data = bytes.ReplaceAll(data, []byte("T00:00:00Z"), nil)
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The shipped samples are valid, and each broken one that a schema can tell is
// not.
func TestManifestSamples(t *testing.T) {
	s := compile(t, Manifest())
	good, err := filepath.Glob("../../../testdata/manifests/*.yaml")
	if err != nil || len(good) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, name := range good {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "\n---") {
			continue // several documents: a schema sees one
		}
		if err := s.Validate(instance(t, data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"unknown-key", "wrong-kind", "impossible-value", "missing"} {
		data, err := os.ReadFile("../../../testdata/manifests/broken/" + name + ".waitornot.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(instance(t, data)); err == nil {
			t.Errorf("the broken sample %s is valid", name)
		}
	}
}

// Each rule's own examples are valid manifests.
func TestRuleExamples(t *testing.T) {
	s := compile(t, Manifest())
	for _, r := range rules.All() {
		for _, text := range []string{r.Doc.Bad, r.Doc.Good} {
			for _, part := range strings.Split(text, "\n---\n") {
				if err := s.Validate(instance(t, []byte(part))); err != nil {
					t.Errorf("%s: %v", r.Name, err)
				}
			}
		}
	}
}

// samples are values that a key of each kind might be given, right and wrong.
func samples(k *manifest.Key) []any {
	list := []any{
		"", " ", "x", "a b", "yes", "no", "true", "off", "later", "unlimited", true, false, 0, 1, 2, -1, "0", "1", "007", "12",
		0.5, 1.5, "0.5", "99.9%", "101%", "100%", "0%", "5%", "50ms", "2s", "0s", "1h30m", "-1s", "5", "1d", "1.5s",
		"40/s", "0/s", "1/m", "1/x", "256KB", "1MiB", "10b", "3XB", "1.5MB", "2.0b", "1.5b", ".5MB", "01MB", "2027-03-31", "2027-3-1", "2027-13-01", []any{}, []any{"x"}, object{},
	}
	for _, w := range k.Words {
		list = append(list, w)
	}
	return list
}

// keys calls visit for every key below one, with a document that gives a value
// to that key and is otherwise right.
func keys(k *manifest.Key, wrap func(any) any, visit func(*manifest.Key, string, func(any) any), path string) {
	for i := range k.Keys {
		key := &k.Keys[i]
		at := path + "." + key.Name
		within := func(v any) any {
			o := object{}
			for j := range k.Keys {
				if k.Keys[j].Required {
					o[k.Keys[j].Name] = right(&k.Keys[j])
				}
			}
			o[key.Name] = v
			return wrap(o)
		}
		switch {
		case key.Kind == yamlfile.MappingKind && key.Items != nil:
			keys(key.Items, func(v any) any { return within(object{"x": v}) }, visit, at+".x")
		case key.Kind == yamlfile.MappingKind && len(key.Keys) > 0:
			keys(key, within, visit, at)
		case key.Kind == yamlfile.ListKind && key.Items.Kind == yamlfile.MappingKind:
			keys(key.Items, func(v any) any { return within([]any{v}) }, visit, at+"[]")
		case key.Kind == yamlfile.ListKind:
			visit(key.Items, at+"[]", func(v any) any { return within([]any{v}) })
		default:
			visit(key, at, within)
		}
	}
}

// right returns a value that a key allows.
func right(k *manifest.Key) any {
	switch k.Kind {
	case yamlfile.MappingKind:
		o := object{}
		for i := range k.Keys {
			if k.Keys[i].Required {
				o[k.Keys[i].Name] = right(&k.Keys[i])
			}
		}
		return o
	case yamlfile.ListKind:
		return []any{right(k.Items)}
	case yamlfile.StepsKind:
		return []any{"op"}
	case yamlfile.WordKind:
		return k.Words[0]
	case yamlfile.DateKind:
		return "2027-03-31"
	case yamlfile.DurationKind:
		return "1s"
	}
	return "x"
}

// The schema and the reader agree on every key: what one takes the other takes.
func TestAgreesWithReader(t *testing.T) {
	s := compile(t, Manifest())
	n := 0
	keys(manifest.Schema(), func(v any) any { return v }, func(k *manifest.Key, path string, wrap func(any) any) {
		for _, v := range samples(k) {
			n++
			agree(t, s, path, wrap(v), func(text []byte) []diag.Finding {
				file, _ := manifest.Read(manifest.Source{Name: "m", Data: text}, manifest.Options{})
				return file.Findings
			})
		}
	}, "")
	if n < 3000 {
		t.Errorf("%d values were tried, too few", n)
	}
}

func agree(t *testing.T, s *jsonschema.Schema, path string, document any, read func([]byte) []diag.Finding) {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	inst, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	invalid, findings := s.Validate(inst), read(text)
	if (invalid == nil) != (len(findings) == 0) {
		t.Errorf("%s in %s: the schema says %v, the reader %v", path, text, invalid, messages(findings))
	}
}

func messages(findings []diag.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, f.Message)
	}
	return list
}

// A key that is misspelt is refused by both, one that starts with x- by
// neither.
func TestUnknownKeys(t *testing.T) {
	s := compile(t, Manifest())
	rapid.Check(t, func(r *rapid.T) {
		key := rapid.StringMatching(`(x-)?[a-z]{1,8}`).Draw(r, "key")
		agree(t, s, key, object{"operations": []any{object{"name": "a", "answers": object{}, key: object{}}}}, func(text []byte) []diag.Finding {
			file, _ := manifest.Read(manifest.Source{Name: "m", Data: text}, manifest.Options{})
			return file.Findings
		})
	})
}

// The schema of configurations takes what a loader takes.
func TestConfig(t *testing.T) {
	all := append(rules.All(), lint.EngineRules()...)
	s := compile(t, Config(all))
	for text, want := range map[string]bool{
		"{}": true,
		"extends: ../base.yaml\nrules_version: 0.1.0\nlocked: [table, WN101]\nlatency_threshold: 300ms\nwait_limit: 20s":       true,
		"rules: {mode-disagrees: off, WN102: error, queue-slow-drain: {severity: info, utilization: 60%}}":                     true,
		"overrides: [{paths: [a/**], rules: {undecided: warning}, latency_threshold: 1s}]":                                     true,
		"table: [{row: all, when: {immediacy: [later, 'no'], latency: beyond, coupling: '-'}, verdict: sync, why: So it is.}]": true,
		"custom_rules: [{code: A1, name: a-b, severity: error, when: 'true', message: never}]":                                 true,
		"ruels: {}":                                                          false,
		"rules: {mode-disagrees: fatal}":                                     false,
		"rules: {queue-slow-drain: {utilisation: 1}}":                        false,
		"rules: {queue-slow-drain: {utilization: 2s}}":                       false,
		"overrides: [{rules: {}}]":                                           false,
		"table: [{row: all, when: {latency: later}, verdict: sync, why: x}]": false,
		"rules_version: 1":                                                   false,
	} {
		if err := s.Validate(instance(t, []byte(strings.ReplaceAll(text, ": off", ": 'off'")))); (err == nil) != want {
			t.Errorf("%s: %v, want valid %t", text, err, want)
		}
		config := config.Read(manifest.Source{Name: "c", Data: []byte(text)})
		if ok := len(config.Findings) == 0; ok != want && !strings.Contains(text, "utili") {
			t.Errorf("%s: the reader says %v, want valid %t", text, messages(config.Findings), want)
		}
	}
}

// Every rule and parameter of the catalogue is in the schema of configurations.
func TestConfigKnowsRules(t *testing.T) {
	text := string(Config(rules.All()))
	for _, r := range rules.All() {
		for _, p := range append([]lint.Param{{Name: "severity"}}, r.Params...) {
			if !strings.Contains(text, fmt.Sprintf("%q: {", p.Name)) {
				t.Errorf("%s of %s is not in the schema", p.Name, r.Name)
			}
		}
		if !strings.Contains(text, fmt.Sprintf("%q: {", r.Name)) || !strings.Contains(text, fmt.Sprintf("%q: {", r.Code)) {
			t.Errorf("%s is not in the schema", r.Name)
		}
	}
}
