package rules

import (
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A finding whose message states a value that the operation inherits points at where it
// was given, whichever rule reports it: the bad examples say the same when what their
// operations may inherit stands in defaults.
func TestStatedValuesAreFollowed(t *testing.T) {
	t.Parallel()
	followed := 0
	for _, r := range All() {
		d := documentOf(t, r.Doc.Bad)
		d.intoDefaults()
		text := d.text(t)
		for _, f := range runRules(t, text, r) {
			for _, o := range inheritedBy(text, f.Operation) {
				if r.Operation == nil || !covers(r.Reads, o.Key) || !says(f.Message, o.Text) {
					continue
				}
				followed++
				if !o.Range.Within(f.Range) && !slices.ContainsFunc(f.Related, func(x diag.Related) bool { return x.Range == o.Range }) {
					t.Errorf("%s says %q, an inherited %s, and doesn't point at it:\n%s\n%s", r.Name, o.Text, o.Key, f.Message, text)
				}
			}
		}
	}
	if followed < 20 {
		t.Errorf("only %d values are inherited and stated", followed)
	}
}

// intoDefaults moves what operations may inherit into the defaults of their documents.
func (d document) intoDefaults() {
	for _, n := range d {
		root := n.Content[0]
		defaults := &yaml.Node{Kind: yaml.MappingNode}
		for i := 0; i < len(root.Content); i += 2 {
			if root.Content[i].Value == "operations" {
				for _, op := range root.Content[i+1].Content {
					move(op, defaults)
				}
			}
		}
		if len(defaults.Content) > 0 {
			root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "defaults"}, defaults)
		}
	}
}

// move moves the keys that others may inherit from one mapping to another that hasn't them.
func move(from, to *yaml.Node) {
	for i := 0; i < len(from.Content); {
		key := from.Content[i].Value
		has := slices.ContainsFunc(to.Content, func(n *yaml.Node) bool { return n.Value == key })
		if has || !slices.Contains([]string{"timeout", "retry", "guards", "platform", "platform_timeout", "delivery"}, key) {
			i += 2
			continue
		}
		to.Content = append(to.Content, from.Content[i:i+2]...)
		from.Content = slices.Delete(slices.Clone(from.Content), i, i+2)
	}
}

// inheritedBy returns what an operation of a manifest inherits.
func inheritedBy(text, operation string) []*manifest.Origin {
	var list []*manifest.Origin
	manifest.Map(manifest.Source{Name: "a.yaml", Data: []byte(text)}, manifest.Options{}, func(doc *manifest.Document, ops []manifest.Operation) struct{} {
		for i := range ops {
			if ops[i].ID() == operation {
				list = append(list, doc.Inherited(&ops[i])...)
			}
		}
		return struct{}{}
	})
	return list
}

// says reports whether a message has a text as a word of its own.
func says(message, text string) bool {
	return slices.Contains(strings.FieldsFunc(message, func(r rune) bool { return strings.ContainsRune(" ,:;()", r) }), text)
}
