package yamlfile

import "strings"

// text reads a literal or folded block within a value that is indented by
// indent, and goes to the content after it.
func (p *parser) text(indent int) *node {
	n := p.newNode(scalarNode, textStyle, p.i)
	t := textReader{parser: p, folded: p.s[p.i] == '>', indent: indent}
	n.to = uint32(t.lines(t.header()))
	if p.failed {
		return nil
	}
	n.value = t.b.String()
	if strings.TrimLeft(p.s[p.bol:p.i], " ") == "" {
		p.i = p.bol // a comment may stand there
	}
	p.skip(true)
	p.ahead = true
	return n
}

// A textReader reads the lines of a literal or folded block.
type textReader struct {
	*parser
	folded bool
	chomp  byte // '-' or '+', or 0
	indent int  // of the value around it
	own    int  // the indent of the text itself; 0 until it is known
	b      strings.Builder
}

// header reads the line of the indicators and returns where they end.
func (t *textReader) header() int {
	t.i++
	for t.i < t.end {
		switch b := t.s[t.i]; {
		case (b == '-' || b == '+') && t.chomp == 0:
			t.chomp = b
		case b >= '1' && b <= '9' && t.own == 0:
			t.own = max(t.indent, 0) + int(b-'0')
		default:
			goto indicated
		}
		t.i++
	}
indicated:
	to := t.i
	t.blanks()
	if t.i < t.end && t.s[t.i] == '#' {
		if t.i == to {
			t.fail()
			return to
		}
		for t.i < t.end && t.s[t.i] != '\n' {
			t.i++
		}
		if t.i < t.end && t.s[t.i-1] == '\r' {
			t.i--
		}
	}
	if t.i < t.end && !isBreakByte(t.s[t.i]) {
		t.fail()
	} else if t.i < t.end {
		t.newline()
	}
	return to
}

// detect finds the indent of the text: that of its first line with content, or of the
// deepest when none has any.
func (t *textReader) detect() {
	deepest := 0
	for at := t.i; at < t.end; {
		i := at
		for i < t.end && t.s[i] == ' ' {
			i++
		}
		if i < t.end && t.s[i] == '\t' {
			t.fail() // the library and YAML 1.2 take it in different ways
			return
		}
		if i < t.end && !isBreakByte(t.s[i]) {
			if t.own = i - at; deepest > t.own {
				t.fail()
			}
			break
		}
		deepest = max(deepest, i-at)
		at = i + 1
		if i < t.end && t.s[i] == '\r' {
			at++
		}
	}
	if t.own == 0 {
		t.own = deepest // blanks alone: none of them is content
	}
	t.own = max(t.own, t.indent+1, 1)
}

// emptyLines steps over lines without content and the indent of the next line
// that has some, and returns how many there were.
func (t *textReader) emptyLines() int {
	n := 0
	for !t.failed {
		for t.i < t.end && t.i-t.bol < t.own && t.s[t.i] == ' ' {
			t.i++
		}
		if t.i < t.end && t.s[t.i] == '\t' && t.i-t.bol < t.own {
			t.fail()
		}
		if t.i >= t.end || !isBreakByte(t.s[t.i]) {
			return n
		}
		t.newline()
		n++
	}
	return n
}

// lines reads the text and returns where its last character ends: that of its header when it
// has none.
func (t *textReader) lines(last int) int {
	if t.own == 0 {
		t.detect()
	}
	empty := t.emptyLines()
	leading, broken := false, false // the line before starts with a blank, and ends in a break
	for !t.failed && t.i < t.end && t.i-t.bol == t.own {
		trailing := t.s[t.i] == ' ' || t.s[t.i] == '\t'
		switch {
		case broken && t.folded && !leading && !trailing:
			if empty == 0 {
				t.b.WriteByte(' ')
			}
		case broken:
			t.b.WriteByte('\n')
		}
		for range empty {
			t.b.WriteByte('\n')
		}
		leading = trailing
		from := t.i
		for t.i < t.end && !isBreakByte(t.s[t.i]) {
			t.i++
		}
		row := t.s[from:t.i]
		t.b.WriteString(row)
		if content := len(strings.TrimRight(row, " \t")); content > 0 {
			last = from + content
		}
		if broken = t.i < t.end; broken {
			t.newline()
		}
		empty = t.emptyLines()
	}
	if broken && t.chomp != '-' {
		t.b.WriteByte('\n')
	}
	if t.chomp == '+' {
		for range empty {
			t.b.WriteByte('\n')
		}
	}
	return last
}
