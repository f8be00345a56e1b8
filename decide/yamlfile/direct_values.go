package yamlfile

import "waitornot/decide/diag"

// A scalar is one that was read directly.
type scalar struct {
	text  string
	plain bool // without quotes
	place diag.Range
}

// scalar reads the scalar at hand. It reports false when there is none, or when it takes
// nodes to read it.
func (p *parser) scalar(in site) bool {
	from := p.i
	switch b := p.s[p.i]; {
	case b == '"' || b == '\'':
		return p.quoted(b)
	case b == '|' || b == '>':
		return !in.flow && p.textAtHand(in)
	case indicators.has(b) && (p.ends(from+1) || in.flow || b != '-' && b != '?' && b != ':'):
		return false
	}
	to := from
	if in.flow {
		to = p.flowPlainEnd()
	} else {
		to = p.plainEnd()
	}
	if p.failed || to == from {
		return false
	}
	start := p.spot()
	p.found(p.s[from:to], true, diag.Range{Start: p.place(from), End: p.place(to)})
	p.i = to
	if in.flow {
		p.blanks()
		if b := p.at(p.i); b != ',' && b != ']' && b != '}' {
			return p.longPlain(start, in)
		}
		return true
	}
	if p.isColon() || !p.skip(true) || p.failed {
		return false
	}
	if p.i < p.end && p.column() > in.indent {
		return p.longPlain(start, in)
	}
	p.ahead = true
	return true
}

// found takes a scalar that was read.
func (p *parser) found(text string, plain bool, place diag.Range) {
	d := &p.direct
	d.got.text, d.got.plain, d.got.place, d.last = text, plain, place, place.End
}

// indicators are the characters that start no plain scalar, or only before certain others.
var indicators = setOf("-?:,[]{}#&*!|>'\"%@` \t\r\n")

// textAtHand reads a literal or folded block.
func (p *parser) textAtHand(in site) bool {
	start := p.place(p.i)
	n := p.text(in.indent)
	if p.failed {
		return false
	}
	p.found(n.value, false, diag.Range{Start: start, End: p.direct.text.pos(int(n.to))})
	return true
}

// longPlain reads a plain scalar that may go on in the next line, from its start.
func (p *parser) longPlain(start spot, in site) bool {
	p.goBack(start)
	at := p.place(p.i)
	n := p.plainLine(in.flow)
	if p.failed || n.from == n.to || p.isColon() {
		return false
	}
	indent := in.indent
	if in.flow {
		indent = -1
	}
	if p.plainMore(n, indent, in.flow); p.failed {
		return false
	}
	p.found(n.value, true, diag.Range{Start: at, End: p.place(p.i)})
	return true
}

// quoted reads a scalar in quotes.
func (p *parser) quoted(quote byte) bool {
	from := p.i
	start := p.place(from)
	for i := from + 1; i < p.end; i++ {
		switch b := p.s[i]; {
		case b == quote && (b == '"' || p.at(i+1) != '\''):
			p.i = i + 1
			p.found(p.s[from+1:i], false, diag.Range{Start: start, End: p.place(p.i)})
			return true
		case b == quote || b == '\\' && quote == '"' || isBreakByte(b):
			var n *node
			if quote == '"' {
				n = p.double()
			} else {
				n = p.single()
			}
			if p.failed {
				return false
			}
			p.found(n.value, false, diag.Range{Start: start, End: p.place(p.i)})
			return true
		}
	}
	return false
}

// takeScalar reads a value in a language into to.
func takeScalar[V any](p *parser, in site, s *Scalar[V], to *Field[V]) bool {
	if !p.scalar(in) {
		return false
	}
	x := &p.direct.got
	text := x.text
	if x.plain && (isNullWord(text) || s.Text && otherKind(text, "", len(s.Words) > 0) != "") {
		return false
	}
	if len(s.Renamed) > 0 && s.Renamed[text] != "" {
		return false
	}
	if s.Keeps {
		text = p.words.keep(text)
	}
	value, f := s.Parse(text)
	if !f.None() {
		return false
	}
	to.Value, to.Range = value, x.place
	return true
}

// takeList reads the list at hand and calls item for each of its items, which reads it.
func (p *parser) takeList(in site, item func(site) bool) bool {
	switch {
	case p.s[p.i] == '[':
		return p.takeFlowList(item)
	case in.flow || in.inline || !p.isDash():
		return false
	}
	column := p.column()
	for {
		if full := p.dash(column); !full || p.failed {
			return false
		}
		p.ahead = false
		if !item(site{indent: column}) {
			return false
		}
		if p.goOn(); p.failed {
			return false
		}
		switch {
		case p.i >= p.end || p.column() < column, p.column() == column && column == in.indent && !p.isDash():
			p.ahead = true
			return true
		case p.column() > column || !p.isDash():
			return false
		}
	}
}

func (p *parser) takeFlowList(item func(site) bool) bool {
	p.i++
	for {
		if p.skip(false); p.failed || p.i >= p.end {
			return false
		}
		if p.s[p.i] == ']' {
			p.i++
			p.direct.last = p.place(p.i)
			return true
		}
		if !item(site{flow: true}) || !p.comma(']') {
			return false
		}
	}
}
