package yamlfile

import (
	"slices"
	"strings"
)

// A parser reads the YAML that files of data are written in, a document or an
// item of a list at a time, far faster than the library and with the place where
// every value ends. It knows all of block and flow collections, scalars,
// comments, anchors and tags, and gives up at what hardly anybody writes: keys
// that are no scalars, ? and pairs in a flow list, tags with a handle of their
// own. It gives up at what is wrong, too: the library then reads the text, or
// says why it can't be read. What it does read it reads as the library does,
// but where YAML 1.2 says otherwise.
type parser struct {
	s       string
	end     int // of what is to be read
	i       int // the offset at hand
	bol     int // where its line starts
	line    uint32
	nodes   arena
	anchors map[string]*node
	defined int      // how often an anchor was
	open    []string // the anchors of the brackets at hand
	depth   int
	failed  bool
	words   interner
	walker  Walker // of the document at hand
	ahead   bool   // the content after the value just read is at hand
	direct  direct // see there
}

// maxDepth is how deep the parser follows nested values. The library knows
// better what to say about deeper ones.
const maxDepth = 500

// MaxNesting is how deep values may be nested at all: the library reads no deeper.
const MaxNesting = 10_000

// start starts to read a text at an offset.
func (p *parser) start(s string, at, end int, line uint32) {
	p.s, p.i, p.bol, p.end, p.line = s, at, at, end, line
	p.failed, p.ahead, p.depth, p.open = false, false, 0, p.open[:0]
	p.direct.lineStart = -1
}

// bom steps over a byte order mark.
func (p *parser) bom() {
	if strings.HasPrefix(p.s[p.i:p.end], byteOrderMark) {
		p.i += len(byteOrderMark)
		p.bol = p.i
	}
}

func (p *parser) fail() *node {
	p.failed = true
	p.i = p.end
	return nil
}

func (p *parser) newNode(kind nodeKind, style nodeStyle, from int) *node {
	n := p.nodes.new()
	n.kind, n.style, n.line, n.from, n.to = kind, style, p.line, uint32(from), uint32(from)
	return n
}

// at returns the byte at an offset, a line feed at the end.
func (p *parser) at(i int) byte {
	if i < p.end {
		return p.s[i]
	}
	return '\n'
}

func isBreakByte(b byte) bool { return b == '\n' || b == '\r' }

// ends reports whether the text ends or a blank or a line break follows.
func (p *parser) ends(i int) bool { return i >= p.end || isSpace(p.s[i]) }

func (p *parser) column() int { return p.i - p.bol }

// newline steps over the line break at hand. A carriage return alone is left to
// the library: editors see no line there.
func (p *parser) newline() bool {
	if p.s[p.i] == '\r' {
		if p.i++; p.i >= p.end || p.s[p.i] != '\n' {
			p.fail()
			return false
		}
	}
	p.i++
	p.bol = p.i
	p.line++
	return true
}

// blanks steps over spaces and tabs.
func (p *parser) blanks() {
	for p.i < p.end && (p.s[p.i] == ' ' || p.s[p.i] == '\t') {
		p.i++
	}
}

// skip goes to the next content, past blanks, comments and line breaks, and
// reports whether it is on another line. In a block, no tab may stand in the
// indent of content.
func (p *parser) skip(block bool) (crossed bool) {
	for p.i < p.end {
		from := p.i
		tab := false
		for p.i < p.end && (p.s[p.i] == ' ' || p.s[p.i] == '\t') {
			tab = tab || p.s[p.i] == '\t'
			p.i++
		}
		if p.i >= p.end {
			if tab && block && from == p.bol {
				p.fail()
			}
			break
		}
		switch b := p.s[p.i]; {
		case b == '#' && (p.i > from || p.i == p.bol):
			p.i += len(p.row())
			continue
		case b == '#':
			p.fail()
			return crossed
		case isBreakByte(b):
			if !p.newline() {
				return crossed
			}
			crossed = true
			continue
		}
		if tab && block && from == p.bol {
			p.fail()
		}
		return crossed
	}
	return true
}

// document reads the one document of the text up to its end: nil when it is
// empty.
func (p *parser) document() *node {
	block := p.opening()
	if p.failed {
		return nil
	}
	if p.i >= p.end {
		return p.empty(p.i)
	}
	if !block && p.s[p.i] == '#' {
		return p.fail()
	}
	root := p.block(-1, block)
	if p.goOn(); p.i < p.end {
		return p.fail()
	}
	return root
}

// opening goes to the first content of a document, past directives and the line that starts
// it, and reports whether a collection in a block may stand there.
func (p *parser) opening() (block bool) {
	p.anchors = nil
	p.skip(true)
	for p.at(p.i) == '%' && p.column() == 0 {
		if !p.directive() {
			p.fail()
			return false
		}
		p.skip(true)
		if p.at(p.i) != '%' && !p.isMarker() {
			p.fail()
			return false
		}
	}
	if block = true; p.isMarker() {
		p.i += len("---")
		if block = p.skip(true); block {
			p.bom()
		}
	}
	return block
}

// isMarker reports whether the line that starts a document is at hand.
func (p *parser) isMarker() bool {
	return p.column() == 0 && strings.HasPrefix(p.s[p.i:p.end], "---") && p.ends(p.i+len("---"))
}

// row returns the rest of the line at hand.
func (p *parser) row() string {
	row, _, _ := strings.Cut(p.s[p.i:p.end], "\n")
	return strings.TrimSuffix(row, "\r")
}

// directive steps over a %YAML directive. Those of tags are left to the library.
func (p *parser) directive() bool {
	row := p.row()
	words := strings.FieldsFunc(row, func(r rune) bool { return r == ' ' || r == '\t' })
	if len(words) < 2 || words[0] != "%YAML" || words[1] != "1.1" && words[1] != "1.2" ||
		len(words) > 2 && words[2][0] != '#' {
		return false
	}
	p.i += len(row)
	return true
}

// define lets an anchor stand for a node.
func (p *parser) define(props *properties, n *node) {
	if props == nil || props.anchor == "" {
		return
	}
	if p.anchors == nil {
		p.anchors = map[string]*node{}
	}
	p.anchors[props.anchor] = n
	p.defined++
}

// finish gives a node its properties.
func (p *parser) finish(n *node, props *properties) *node {
	if p.failed {
		return nil
	}
	if props != nil {
		n.props = props
		p.define(props, n)
	}
	return n
}

// isColon reports whether a colon that ends a key follows, perhaps after blanks,
// and goes to it.
func (p *parser) isColon() bool {
	i := p.i
	for i < p.end && (p.s[i] == ' ' || p.s[i] == '\t') {
		i++
	}
	if i < p.end && p.s[i] == ':' && p.ends(i+1) {
		p.i = i
		return true
	}
	return false
}

// property reads an anchor or a tag.
func (p *parser) property(props *properties) *properties {
	if props == nil {
		props = &properties{}
	}
	mark, from := p.s[p.i], p.i+1
	p.i++
	if mark == '&' && p.direct.noAnchors {
		p.fail()
		return nil
	}
	if mark == '&' {
		p.anchorName()
		if props.anchor != "" || p.i == from || !p.ends(p.i) {
			p.fail()
			return nil
		}
		props.anchor = strings.Clone(p.s[from:p.i])
		return props
	}
	if p.at(p.i) == '!' {
		p.i++
	}
	for p.i < p.end && (isWord(p.s[p.i]) || p.s[p.i] == '/' || p.s[p.i] == '.' || p.s[p.i] == ':') {
		p.i++
	}
	if props.tag != "" || !p.ends(p.i) || p.s[p.i-1] == '!' {
		p.fail()
		return nil
	}
	props.tag = strings.Clone(p.s[from-1 : p.i])
	return props
}

func (p *parser) anchorName() {
	for p.i < p.end && isWord(p.s[p.i]) {
		p.i++
	}
}

// alias reads an alias.
func (p *parser) alias() *node {
	n := p.newNode(aliasNode, plainStyle, p.i)
	p.i++
	from := p.i
	p.anchorName()
	name := p.s[from:p.i]
	target := p.anchors[name]
	if p.direct.noAliases {
		return p.fail()
	}
	if slices.Contains(p.open, name) { // the brackets that it stands in
		return p.fail()
	}
	if target == nil || !p.ends(p.i) && strings.IndexByte(",]}", p.s[p.i]) < 0 {
		return p.fail()
	}
	n.value, n.to, n.props = name, uint32(p.i), &properties{target: target}
	return n
}

// empty returns a node of which nothing is written, at an offset.
func (p *parser) empty(at int) *node {
	n := p.newNode(scalarNode, emptyStyle, at)
	n.line = 0
	return n
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func isDigit(b byte) bool  { return b >= '0' && b <= '9' }

// A bytes128 is a set of ASCII characters: a bit for each.
type bytes128 [2]uint64

func (s *bytes128) has(b byte) bool { return b < 128 && s[b>>6]&(1<<(b&63)) != 0 }

// setOf returns the set of the characters of a text.
func setOf(text string) (s bytes128) {
	for i := range len(text) {
		s[text[i]>>6] |= 1 << (text[i] & 63)
	}
	return s
}

var wordBytes = setOf("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")

func isWord(b byte) bool { return wordBytes.has(b) }
