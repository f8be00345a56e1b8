// Package yamlgen draws manifests and configurations in every structure that YAML 1.2 has:
// mappings and sequences in blocks and in flows, each nested in each; the five styles of
// scalars with chomping and indentation indicators; anchors, aliases and merge keys; tags
// and directives; several documents; comments everywhere; explicit keys; values that are
// empty; byte order marks, line ends of both kinds, tabs and the line breaks of Unicode.
package yamlgen

import (
	"fmt"
	"strings"
)

// A Draw returns a number from 0 to n-1.
type Draw func(n int) int

type kind int

const (
	scalar kind = iota
	mapping
	sequence
	empty
	alias
)

// A node is a value before it is written.
type node struct {
	kind   kind
	text   string // of a scalar; the name of an alias
	typed  bool   // a scalar that is no text: most times plain
	keys   []*node
	values []*node // of a mapping, beside keys; of a sequence
	anchor string
}

func word(text string) *node   { return &node{text: text, typed: true} }
func phrase(text string) *node { return &node{text: text} }

func list(items ...*node) *node { return &node{kind: sequence, values: items} }

// table returns a mapping of pairs.
func table(pairs ...any) *node {
	n := &node{kind: mapping}
	for i := 0; i < len(pairs); i += 2 {
		n.add(pairs[i].(string), pairs[i+1].(*node))
	}
	return n
}

func (n *node) add(key string, value *node) {
	n.keys, n.values = append(n.keys, word(key)), append(n.values, value)
}

// A gen writes nodes.
type gen struct {
	draw    Draw
	anchors int
	wild    bool // with what the YAML library reads otherwise than YAML 1.2 says, or not at all
}

// one draws one of some texts.
func (g *gen) one(texts ...string) string {
	text := texts[g.draw(len(texts))]
	if !g.wild && (strings.ContainsAny(text, "\t\u0085\u2028") || strings.HasPrefix(text, "%YAML 1.2")) {
		return texts[0]
	}
	return text
}

// in is true once in n times.
func (g *gen) in(n int) bool { return g.draw(n) == 0 }

// Manifest draws the text of a manifest, whose operations have names of their own. Some
// have the key calee, which nobody knows, in the place of callee.
func Manifest(draw Draw) string {
	g := &gen{draw: draw, wild: draw(4) == 0}
	var docs []*node
	n := 0
	for range 1 + g.draw(3) {
		docs = append(docs, g.document(&n))
	}
	return g.file(docs)
}

// Configuration draws the text of a configuration that sets a latency threshold.
func Configuration(draw Draw, threshold string) string {
	g := &gen{draw: draw, wild: draw(4) == 0}
	doc := table("latency_threshold", word(threshold))
	if g.in(2) {
		doc.add("rules", table(g.one("undecided", "WN102"), word(g.one("off", "info", "error"))))
	}
	if g.in(2) {
		doc.add("overrides", list(table("paths", list(phrase(g.one("m*", "**/*", "{a,m}*"))), "rules", table("WN103", word("off")))))
	}
	g.shuffle(doc)
	return g.file([]*node{doc})
}

// document draws a document, with the number of operations so far.
func (g *gen) document(n *int) *node {
	doc := &node{kind: mapping}
	if g.in(3) {
		doc.add("version", word("1"))
	}
	if g.in(2) {
		doc.add("service", phrase(fmt.Sprintf("s%d", *n)))
	}
	shared := ""
	if g.in(4) {
		shared = g.newAnchor()
		base := g.answers()
		base.anchor = shared
		doc.add("x-answers", base)
	}
	merged := ""
	if g.in(6) {
		merged = g.newAnchor()
		base := table("mode", word("async"), "tags", list(phrase("t")))
		base.anchor = merged
		doc.add("x-base", base)
	}
	if g.in(3) {
		doc.add("callees", table("bank", table("timeout", word("3s"))))
	}
	if g.in(3) {
		doc.add("x-other", g.anything(3))
	}
	ops := &node{kind: sequence}
	first := *n
	for range g.draw(5) {
		ops.values = append(ops.values, g.operation(*n, shared, merged))
		*n++
	}
	doc.add("operations", ops)
	if *n > first && g.in(3) {
		doc.add("journeys", list(table("name", phrase("j"), "steps", list(phrase(fmt.Sprintf("op-%d", first)), list(phrase(fmt.Sprintf("op-%d", first)))), "slo", word("99.9%"))))
	}
	if g.in(3) {
		doc.add("x-last", g.anything(2))
	}
	return doc
}

func (g *gen) newAnchor() string {
	g.anchors++
	return fmt.Sprintf("a%d", g.anchors)
}

func (g *gen) answers() *node {
	n := table("immediacy", word(g.one("yes", "no", "later")), "latency", word(g.one("2s", "900ms", "no", "yes")))
	if g.in(2) {
		n.add("retryability", word(g.one("yes", "no", "too-late", "unsafe")))
	}
	if g.in(2) {
		n.add("coupling", word(g.one("yes", "no")))
	}
	return n
}

func (g *gen) operation(i int, shared, merged string) *node {
	op := table("name", phrase(fmt.Sprintf("op-%d", i)))
	if g.in(2) {
		op.add(g.one("callee", "callee", "calee"), phrase(g.one("bank", "mailer", "other shop")))
	}
	if g.in(2) {
		op.add("description", phrase(g.text()))
	}
	if merged != "" && g.in(2) {
		op.add("<<", &node{kind: alias, text: merged})
	} else if g.in(2) {
		op.add("mode", word(g.one("sync", "async", "hybrid")))
	}
	if g.in(3) {
		op.add("tags", list(phrase("a"), phrase("b c")))
	}
	if g.in(4) {
		op.add("owner", &node{kind: empty})
	}
	if g.in(5) {
		op.add("x-own", g.anything(2))
	}
	if shared != "" && g.in(2) {
		op.add("answers", &node{kind: alias, text: shared})
	} else {
		op.add("answers", g.answers())
	}
	g.shuffle(op)
	return op
}

// shuffle puts the pairs of a mapping into another order.
func (g *gen) shuffle(n *node) {
	for i := len(n.keys) - 1; i > 0; i-- {
		j := g.draw(i + 1)
		n.keys[i], n.keys[j], n.values[i], n.values[j] = n.keys[j], n.keys[i], n.values[j], n.values[i]
	}
}

// text draws a sentence.
func (g *gen) text() string {
	var b strings.Builder
	for i := range 1 + g.draw(6) {
		if i > 0 {
			b.WriteString(g.one(" ", " ", " ", "  ", "\n", "\n\n"))
		}
		b.WriteString(g.one("word", "a: b", "# no comment", "- item", "it's", `"quoted"`, "ü漢🫩", "{x}", "[y]", "&z", "*z", "!t", "%d", "@m", "|", ">", "---", "yes", "10", "a\u2028b", "a\u0085b", `\`, "\t", "? k", ": v"))
	}
	return b.String()
}

// anything draws a value of any structure.
func (g *gen) anything(deep int) *node {
	if deep == 0 || g.in(3) {
		switch g.draw(4) {
		case 0:
			return &node{kind: empty}
		case 1:
			return word(g.one("1", "true", "~", "2026-01-01", "0x1f", "1e3", ".inf"))
		}
		return phrase(g.text())
	}
	n := &node{kind: mapping}
	if g.in(2) {
		n.kind = sequence
	}
	for i := range g.draw(4) {
		v := g.anything(deep - 1)
		if g.in(8) {
			v.anchor = g.newAnchor()
		}
		if n.kind == sequence {
			n.values = append(n.values, v)
		} else {
			n.add(fmt.Sprintf("k%d", i), v)
		}
	}
	return n
}
