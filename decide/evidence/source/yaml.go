package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A value is a part of a YAML or JSON document. The zero value is one that isn't there:
// it has no text, no items and no keys.
type value struct {
	n     *yaml.Node
	above int     // lines above the document
	left  *budget // shared by all values of a document
}

// A budget bounds what is read of one document: a few aliases of aliases stand for more
// than any memory holds. Below 0, something was left out.
type budget struct{ steps int }

const maxSteps = 4_000_000

// spend reports whether another step may be made.
func (b *budget) spend() bool {
	b.steps--
	return b.steps >= 0
}

// real follows aliases.
func (v value) real() *yaml.Node {
	n := v.n
	for hops := 0; n != nil && n.Kind == yaml.AliasNode; hops++ {
		if hops > 20 || !v.left.spend() {
			return nil
		}
		n = n.Alias
	}
	return n
}

func (v value) at(n *yaml.Node) value { return value{n, v.above, v.left} }

// line is where the value stands, from 1.
func (v value) line() int {
	if v.n == nil {
		return 0
	}
	return v.n.Line + v.above
}

// is reports whether the value is there.
func (v value) is() bool { return v.n != nil }

func (v value) isMapping() bool {
	n := v.real()
	return n != nil && n.Kind == yaml.MappingNode
}

func (v value) isList() bool {
	n := v.real()
	return n != nil && n.Kind == yaml.SequenceNode
}

// text returns a scalar as it is written, or "" for anything else and for null.
func (v value) text() string {
	n := v.real()
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// items returns what a list holds.
func (v value) items() []value {
	n := v.real()
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	var list []value
	for _, c := range n.Content {
		if !v.left.spend() {
			break
		}
		list = append(list, v.at(c))
	}
	return list
}

// A pair is a key of a mapping with its value.
type pair struct {
	key  string
	line int
	value
}

// pairs returns what a mapping holds, merged mappings included.
func (v value) pairs() []pair {
	var list []pair
	v.collect(&list, map[string]bool{}, 0)
	return list
}

func (v value) collect(list *[]pair, seen map[string]bool, depth int) {
	n := v.real()
	if n == nil || n.Kind != yaml.MappingNode || depth > 20 {
		return
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !v.left.spend() {
			return
		}
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
		case key.Tag == "!!merge":
			merged = append(merged, n.Content[i+1])
		case !seen[key.Value]:
			seen[key.Value] = true
			*list = append(*list, pair{key.Value, key.Line + v.above, v.at(n.Content[i+1])})
		}
	}
	for _, m := range merged {
		if from := v.at(m); from.isList() {
			for _, item := range from.items() {
				item.collect(list, seen, depth+1)
			}
		} else {
			from.collect(list, seen, depth+1)
		}
	}
}

// get follows keys into mappings.
func (v value) get(keys ...string) value {
	for _, key := range keys {
		v = v.child(key, 0)
	}
	return v
}

func (v value) child(key string, depth int) value {
	n := v.real()
	if n == nil || n.Kind != yaml.MappingNode || depth > 20 {
		return value{left: v.left}
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !v.left.spend() {
			return value{left: v.left}
		}
		switch k := n.Content[i]; {
		case k.Kind == yaml.ScalarNode && k.Value == key:
			return v.at(n.Content[i+1])
		case k.Tag == "!!merge":
			merged = append(merged, n.Content[i+1])
		}
	}
	for _, m := range merged {
		from := []value{v.at(m)}
		if from[0].isList() {
			from = from[0].items()
		}
		for _, f := range from {
			if found := f.child(key, depth+1); found.is() {
				return found
			}
		}
	}
	return value{left: v.left}
}

// texts returns a list of scalars, or one scalar as a list.
func (v value) texts() []string {
	if s := v.text(); s != "" {
		return []string{s}
	}
	var list []string
	for _, item := range v.items() {
		if s := item.text(); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// A document is one of a file.
type document struct {
	root value
	line int // where it begins, or where it is broken
	err  error
}

// documents parses a text, each document on its own: one that is broken does not keep
// the others from being read.
func documents(data []byte) []document {
	var list []document
	for _, part := range split(data) {
		root, err := parse(part.data)
		d := document{line: part.above + 1}
		switch {
		case err != nil:
			d.line, d.err = place(part.data, err, part.above)
		case root == nil:
			continue
		default:
			d.root = value{root, part.above, &budget{maxSteps}}
		}
		list = append(list, d)
	}
	return list
}

func parse(data []byte) (root *yaml.Node, err error) {
	defer func() { // the library gives up on some texts in its own way
		if recover() != nil {
			root, err = nil, errors.New("this isn't YAML")
		}
	}()
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&doc); err == io.EOF {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	return doc.Content[0], nil
}

// place returns the line of an error of the library, and the error in words that help.
func place(data []byte, err error, above int) (int, error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if n, rest, ok := strings.Cut(strings.TrimPrefix(text, "line "), ": "); ok && strings.HasPrefix(text, "line ") {
		if _, scanErr := fmt.Sscan(n, &line); scanErr == nil {
			text = rest
		}
	}
	return max(line, brokenAt(data, err)) + above, errors.New(plainWords(text))
}

// longestSearched is the largest text in which the place of an error is searched for.
const longestSearched = 1 << 20

// brokenAt returns the line that breaks a text: the first with which the text down to it has
// the same error as the whole. The library often names where the part began that holds it.
func brokenAt(data []byte, err error) int {
	if len(data) > longestSearched {
		return 0
	}
	ends := []int{0}
	for at := 0; at < len(data); {
		n := bytes.IndexByte(data[at:], '\n') + 1
		if n == 0 {
			n = len(data) - at
		}
		at += n
		ends = append(ends, at)
	}
	line, _ := slices.BinarySearchFunc(ends, true, func(end int, _ bool) int {
		if _, other := parse(data[:end]); other != nil && other.Error() == err.Error() {
			return 0
		}
		return -1
	})
	return min(line, len(ends)-1)
}

// plainWords says what the library means.
func plainWords(text string) string {
	for start, words := range map[string]string{
		"did not find expected key":                      "the indentation of this line doesn't match the lines above: check the indentation",
		"did not find expected '-' indicator":            "the indentation of this line doesn't match the lines above: check the indentation",
		"mapping values are not allowed in this context": "a colon isn't allowed here: check the indentation, or quote the value",
		"found character that cannot start any token":    "no value can start with this character, such as a tab: quote the value",
		"did not find expected node content":             "a value is missing here",
		"found unexpected end of stream":                 "the file ends inside quotes or brackets",
		"did not find expected ',' or '}'":               "a brace isn't closed",
		"did not find expected ',' or ']'":               "a bracket isn't closed",
	} {
		if strings.HasPrefix(text, start) {
			return words
		}
	}
	return short(text)
}

// A part is the text of a document.
type part struct {
	data  []byte
	above int // lines before it
}

// split cuts a text at the lines that begin a document.
func split(data []byte) []part {
	var parts []part
	start, above, line := 0, 0, 0
	for at := 0; at < len(data); line++ {
		end := bytes.IndexByte(data[at:], '\n')
		if end < 0 {
			end = len(data)
		} else {
			end += at + 1
		}
		if text := data[at:end]; at > start && bytes.HasPrefix(text, []byte("---")) && (len(text) == 3 || bytes.IndexByte([]byte(" \t\r\n"), text[3]) >= 0) {
			parts = append(parts, part{data[start:at], above})
			start, above = at, line
		}
		at = end
	}
	return append(parts, part{data[start:], above})
}
