package yamlfile

import "strings"

// flow reads a list or a mapping in brackets.
func (p *parser) flow() *node {
	if p.depth++; p.depth > maxDepth {
		return p.fail()
	}
	defer func() { p.depth-- }()
	n := p.newNode(listNode, flowStyle, p.i)
	closing := byte(']')
	if p.s[p.i] == '{' {
		n.kind, closing = mappingNode, '}'
	}
	p.i++
	var last *node
	add := func(child *node) {
		n.count++
		last = n.link(last, child)
	}
	for {
		p.skip(false)
		if p.failed || p.i >= p.end {
			return p.fail()
		}
		if p.s[p.i] == closing {
			p.i++
			n.to = uint32(p.i)
			return n
		}
		child := p.flowValue(n.kind == mappingNode)
		if p.failed {
			return nil
		}
		add(child)
		line := p.line
		p.skip(false)
		if n.kind == mappingNode && p.at(p.i) == ':' {
			if p.line != line || child.kind != scalarNode || !p.ends(p.i+1) && !isQuoted(child) {
				return p.fail()
			}
			p.i++
			value := p.flowPairValue()
			if p.failed {
				return nil
			}
			add(value)
			p.skip(false)
		} else if n.kind == mappingNode {
			add(p.empty(int(child.to)))
		}
		if p.failed || p.i >= p.end {
			return p.fail()
		}
		switch p.s[p.i] {
		case closing:
		case ',':
			p.i++
		default:
			return p.fail()
		}
	}
}

// anchoredFlow reads a list or a mapping in brackets that has properties.
func (p *parser) anchoredFlow(props *properties) *node {
	if props == nil || props.anchor == "" {
		return p.flow()
	}
	p.open = append(p.open, props.anchor)
	n := p.flow()
	p.open = p.open[:len(p.open)-1]
	return n
}

func isQuoted(n *node) bool { return n.style == singleStyle || n.style == doubleStyle }

// flowPairValue reads the value after a colon in braces.
func (p *parser) flowPairValue() *node {
	colon := p.i
	p.skip(false)
	if p.failed || p.i >= p.end {
		return p.fail()
	}
	if b := p.s[p.i]; b == ',' || b == '}' {
		return p.empty(colon)
	}
	return p.flowValue(false)
}

// flowValue reads a value within brackets, or a key.
func (p *parser) flowValue(key bool) *node {
	var props *properties
	for p.s[p.i] == '&' || p.s[p.i] == '!' {
		if props = p.property(props); p.failed {
			return nil
		}
		if p.skip(false); p.failed || p.i >= p.end {
			return p.fail()
		}
	}
	line := p.line
	var n *node
	switch b := p.s[p.i]; b {
	case '[', '{':
		if key {
			return p.fail()
		}
		n = p.anchoredFlow(props)
	case '"':
		n = p.double()
	case '\'':
		n = p.single()
	case '*':
		if key || props != nil {
			return p.fail()
		}
		n = p.alias()
	case ',', ']', '}', '#', '|', '>', '%', '@', '`', '&', '!', ':':
		return p.fail()
	case '-', '?':
		if p.ends(p.i+1) || strings.IndexByte(",[]{}", p.s[p.i+1]) >= 0 {
			return p.fail()
		}
		n = p.flowPlain()
	default:
		n = p.flowPlain()
	}
	if p.failed || key && p.line != line {
		return p.fail()
	}
	return p.finish(n, props)
}

// flowPlain reads a plain scalar within brackets.
func (p *parser) flowPlain() *node {
	n := p.plainLine(true)
	if p.failed || n.from == n.to {
		return p.fail()
	}
	if !p.isColon() {
		p.plainMore(n, -1, true)
	}
	return n
}
