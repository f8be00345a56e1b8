package yamlgen

import (
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// Alike reports whether two texts are the same but for the keys callee and calee, which a
// correction may put in other quotes.
func Alike(a, b string) bool {
	same := strings.NewReplacer(`"callee"`, "calee", "'callee'", "calee", "callee", "calee", `"calee"`, "calee", "'calee'", "calee")
	return same.Replace(a) == same.Replace(b)
}

// Seen returns the names of the operations that the YAML library sees in a text, or why it
// can't read it.
func Seen(text string) (names []string, err error) {
	for d := yaml.NewDecoder(strings.NewReader(text)); ; {
		var doc yaml.Node
		switch err := d.Decode(&doc); {
		case err == io.EOF:
			return names, nil
		case err != nil:
			return names, err
		}
		names = append(names, namesIn(&doc)...)
	}
}

func namesIn(doc *yaml.Node) (names []string) {
	for _, root := range doc.Content {
		for _, item := range resolved(member(root, "operations")).Content {
			if name := resolved(member(resolved(item), "name")); name.Kind == yaml.ScalarNode {
				names = append(names, strings.TrimSpace(name.Value))
			}
		}
	}
	return names
}

func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func member(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return &yaml.Node{}
}
