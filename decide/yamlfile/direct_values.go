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
func (p *parser) scalar(in site) (x scalar, ok bool) {
	from := p.i
	switch b := p.s[p.i]; {
	case b == '"' || b == '\'':
		return p.quoted(b)
	case b == '|' || b == '>':
		if in.flow {
			return x, false
		}
		start := p.place(from)
		n := p.text(in.indent)
		if p.failed {
			return x, false
		}
		return p.ended(scalar{text: n.value, place: diag.Range{Start: start, End: p.direct.text.pos(int(n.to))}})
	case indicators.has(b) && (p.ends(from+1) || in.flow || b != '-' && b != '?' && b != ':'):
		return x, false
	}
	to := from
	if in.flow {
		to = p.flowPlainEnd()
	} else {
		to = p.plainEnd()
	}
	if p.failed || to == from {
		return x, false
	}
	x = scalar{text: p.s[from:to], plain: true, place: p.onLine(from, to)}
	start := p.spot()
	p.i = to
	if in.flow {
		p.blanks()
		if b := p.at(p.i); b != ',' && b != ']' && b != '}' {
			return p.longPlain(start, in)
		}
		return p.ended(x)
	}
	if p.isColon() {
		return x, false
	}
	if !p.skip(true) || p.failed {
		return x, false
	}
	if p.i < p.end && p.column() > in.indent {
		return p.longPlain(start, in)
	}
	p.ahead = true
	return p.ended(x)
}

// indicators are the characters that start no plain scalar, or only before certain others.
var indicators = setOf("-?:,[]{}#&*!|>'\"%@` \t\r\n")

func (p *parser) ended(x scalar) (scalar, bool) {
	p.direct.last = x.place.End
	return x, true
}

// onLine returns the range between two offsets of the line at hand.
func (p *parser) onLine(from, to int) diag.Range {
	return diag.Range{Start: p.place(from), End: p.place(to)}
}

// longPlain reads a plain scalar that may go on in the next line, from its start.
func (p *parser) longPlain(start spot, in site) (x scalar, ok bool) {
	p.goBack(start)
	x.plain, x.place.Start = true, p.place(p.i)
	n := p.plainLine(in.flow)
	if p.failed || n.from == n.to || p.isColon() {
		return x, false
	}
	indent := in.indent
	if in.flow {
		indent = -1
	}
	if p.plainMore(n, indent, in.flow); p.failed {
		return x, false
	}
	x.text, x.place.End = n.value, p.place(p.i)
	return p.ended(x)
}

// quoted reads a scalar in quotes.
func (p *parser) quoted(quote byte) (x scalar, ok bool) {
	from := p.i
	start := p.place(from)
	for i := from + 1; i < p.end; i++ {
		switch b := p.s[i]; {
		case b == quote && (b == '"' || p.at(i+1) != '\''):
			p.i = i + 1
			return p.ended(scalar{text: p.s[from+1 : i], place: diag.Range{Start: start, End: p.place(p.i)}})
		case b == quote || b == '\\' && quote == '"' || isBreakByte(b):
			var n *node
			if quote == '"' {
				n = p.double()
			} else {
				n = p.single()
			}
			if p.failed {
				return x, false
			}
			return p.ended(scalar{text: n.value, place: diag.Range{Start: start, End: p.place(p.i)}})
		}
	}
	return x, false
}

// takeScalar reads a value in a language into to.
func takeScalar[V any](p *parser, in site, s *Scalar[V], to *Field[V]) bool {
	x, ok := p.scalar(in)
	if !ok {
		return false
	}
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
	*to = Field[V]{Value: value, Range: x.place}
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
