package adr

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// frontMatter splits a text behind its front matter, which is empty when there
// is none.
func frontMatter(text string) (front, rest string) {
	if !strings.HasPrefix(text, "---\n") {
		return "", text
	}
	end := strings.Index(text[3:], "\n---\n")
	if end < 0 {
		return "", text
	}
	end += 3 + len("\n---\n")
	return text[:end], text[end:]
}

// A field is an entry of a front matter, with the lines that it takes, from the first
// of the front matter, which is 0.
type field struct {
	key, value  string
	first, last int
}

// fieldsOf reads the scalars of a front matter. What isn't YAML has none.
func fieldsOf(front string) []field {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(front), &doc); err != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil
	}
	entries := doc.Content[0].Content
	lines := strings.Split(front, "\n")
	var list []field
	for i := 0; i+1 < len(entries); i += 2 {
		key, value := entries[i], entries[i+1]
		if value.Kind != yaml.ScalarNode {
			continue
		}
		last := len(lines) - 3 // before the closing line and what is behind it
		if i+2 < len(entries) {
			last = entries[i+2].Line - 2
		}
		first := key.Line - 1
		for last > first && (strings.TrimSpace(lines[last]) == "" || strings.HasPrefix(strings.TrimSpace(lines[last]), "#")) {
			last--
		}
		list = append(list, field{key.Value, value.Value, first, last})
	}
	return list
}

// fieldOf returns a field of a front matter. Of a key that is defined twice, the first
// counts.
func fieldOf(list []field, key string) (field, bool) {
	for _, f := range list {
		if f.key == key {
			return f, true
		}
	}
	return field{}, false
}

// plainScalar is what stands without quotes: words that are nothing but text in YAML,
// and dates.
var plainScalar = pattern(`^([A-Za-z][A-Za-z0-9_./-]*|\d{4}-\d\d-\d\d)$`)

// quoted writes a YAML scalar of one line.
func quoted(text string) string {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
	default:
		if plainScalar().MatchString(text) {
			return text
		}
	}
	node := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: strings.ToValidUTF8(text, "\ufffd")}
	out, err := yaml.Marshal(&node)
	if err != nil { // a string always encodes
		return `""`
	}
	return string(bytes.TrimRight(out, "\n"))
}

// setField sets a field of a front matter, and leaves everything else as it is.
func setField(text, key, value string) string {
	front, rest := frontMatter(text)
	entry := key + ": " + quoted(value)
	if front == "" {
		return "---\n" + entry + "\n---\n\n" + rest
	}
	lines := strings.Split(front, "\n")
	if f, ok := fieldOf(fieldsOf(front), key); ok {
		lines = append(lines[:f.first:f.first], append([]string{entry}, lines[f.last+1:]...)...)
		return strings.Join(lines, "\n") + rest
	}
	return strings.TrimSuffix(front, "---\n") + entry + "\n---\n" + rest
}
