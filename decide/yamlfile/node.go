package yamlfile

// A nodeKind says what a node is.
type nodeKind uint8

const (
	scalarNode nodeKind = iota
	mappingNode
	listNode
	aliasNode
)

// A nodeStyle says how a node is written.
type nodeStyle uint8

const (
	blockStyle  nodeStyle = iota // of collections
	flowStyle                    // of collections
	plainStyle                   // of scalars, as those that follow
	emptyStyle                   // nothing at all is written
	singleStyle                  // in single quotes
	doubleStyle                  // in double quotes
	textStyle                    // a block: literal or folded
)

// A node is a value of a text. Its place does not include its anchor and its
// tag.
type node struct {
	kind     nodeKind
	style    nodeStyle
	foreign  bool   // an alias of an anchor of another document
	line     uint32 // counts line feeds, from 1; 0 when it isn't known
	from, to uint32 // offsets; from is that of the key of a mapping in a block
	count    uint32 // of children
	value    string // of a scalar; the name of an alias
	props    *properties
	first    *node // the first child; the keys and values of a mapping take turns
	next     *node // the sibling after it
}

// properties are what few nodes have.
type properties struct {
	anchor string
	tag    string
	target *node // of an alias
}

func (n *node) tag() string {
	if n.props == nil {
		return ""
	}
	return n.props.tag
}

// hasAnchor reports whether a node or one below it has an anchor.
func (n *node) hasAnchor() bool {
	if n.props != nil && n.props.anchor != "" {
		return true
	}
	for c := n.first; c != nil; c = c.next {
		if c.hasAnchor() {
			return true
		}
	}
	return false
}

// isPlain reports whether a node is a scalar without quotes.
func (n *node) isPlain() bool {
	return n.kind == scalarNode && (n.style == plainStyle || n.style == emptyStyle)
}

// isEmpty reports whether nothing at all was written for a node.
func (n *node) isEmpty() bool {
	return n.style == emptyStyle && (n.props == nil || n.props.anchor == "")
}

// isNull reports whether a scalar stands for no value.
func (n *node) isNull() bool {
	if !n.isPlain() {
		return false
	}
	return isNullWord(n.value) && n.tag() != "!!str"
}

// isNullWord reports whether a plain scalar without a tag stands for no value.
func isNullWord(text string) bool {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

// isMerge reports whether a key merges mappings.
func (n *node) isMerge() bool {
	return n.value == "<<" && n.isPlain() && n.tag() == "" || n.tag() == "!!merge"
}

// An arena makes nodes, and makes them again after a reset. Nodes must not be
// used after it.
type arena struct {
	chunks [][]node
	chunk  int // the one at hand
	used   int // of it
}

const arenaChunk = 256

func (a *arena) new() *node {
	if a.chunk == len(a.chunks) {
		a.chunks = append(a.chunks, make([]node, arenaChunk))
	}
	n := &a.chunks[a.chunk][a.used]
	if a.used++; a.used == arenaChunk {
		a.chunk, a.used = a.chunk+1, 0
	}
	*n = node{}
	return n
}

// A mark is a state of an arena to go back to.
type mark struct{ chunk, used int }

func (a *arena) mark() mark   { return mark{a.chunk, a.used} }
func (a *arena) reset(m mark) { a.chunk, a.used = m.chunk, m.used }

// link puts a child behind the last one that n has so far, nil when it has none, and
// returns the child.
func (n *node) link(last, child *node) *node {
	if last == nil {
		n.first = child
	} else {
		last.next = child
	}
	return child
}
