package yamlgen

import (
	"fmt"
	"strings"
)

// file writes documents.
func (g *gen) file(docs []*node) string {
	var b strings.Builder
	b.WriteString(g.remarks(""))
	for i, doc := range docs {
		marked := i > 0 || g.in(4)
		if (i == 0 || g.in(4)) && g.in(8) {
			if i > 0 {
				b.WriteString("...\n")
			}
			b.WriteString(g.one("%YAML 1.2\n", "%YAML 1.1\n", "%TAG !e! tag:example.org,2000:\n", "%YAML 1.2 # c\n"))
			marked = true
		}
		if marked {
			b.WriteString(g.one("---", "---", "---", "---  "))
		}
		text := g.value(doc, -1)
		if marked && strings.HasPrefix(text, "\n") && g.in(3) {
			text = " # next" + text
		}
		if !marked {
			text = strings.TrimLeft(text, " \n")
			if strings.HasPrefix(text, "#") {
				text = "\n" + text
			}
		}
		b.WriteString(text)
		b.WriteString(g.one("", "", "", "...\n", "... # end\n", g.remarks("")))
	}
	text := b.String()
	if g.in(8) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if g.in(8) {
		text = "\ufeff" + text
	}
	if g.in(8) {
		text = strings.TrimRight(text, "\r\n")
	}
	return text
}

// remarks are comments and empty lines between lines.
func (g *gen) remarks(pad string) string {
	if !g.in(4) {
		return ""
	}
	return g.one("\n", pad+"# comment\n", "# far left: x\n", "   \n", pad+"      # deep - a\n", pad+"# a\u2028b\u0085c\n", "\t\n", "#\n", pad+"#\ttab\n")
}

// end is what may follow a value on its line.
func (g *gen) end() string {
	return g.one("", "", "", "", "", "", "", "", "", "", "", "", " ", " ", "\t", " # comment", " # comment", "\t# tab", "  #") + "\n"
}

// properties are the anchor and the tag of a node, with a space in front of each.
func (g *gen) properties(n *node) string {
	var parts []string
	if n.anchor != "" {
		parts = append(parts, " &"+n.anchor)
	}
	if n.kind != alias && n.kind != empty && g.in(15) {
		tag := map[kind][]string{
			mapping: {"!!map", "!<tag:yaml.org,2002:map>", "!own"}, sequence: {"!!seq", "!<tag:yaml.org,2002:seq>", "!own"}, scalar: {"!!str", "!", "!<tag:yaml.org,2002:str>", "!own"},
		}[n.kind]
		parts = append(parts, " "+g.one(tag...))
	}
	if len(parts) == 2 && g.in(2) {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return strings.Join(parts, "")
}

func pad(n int) string { return strings.Repeat(" ", max(n, 0)) }

// value writes what follows "key:" or "-" of a line at an indent, to the end of its line.
func (g *gen) value(n *node, indent int) string {
	props := g.properties(n)
	switch n.kind {
	case empty:
		return props + g.one("", "", " ~", " null") + g.end()
	case alias:
		return " *" + n.text + g.end()
	case scalar:
		return props + g.gap() + g.scalar(n, indent, false)
	}
	if len(n.values) == 0 || g.in(4) {
		return props + g.gap() + g.flow(n, indent+1) + g.end()
	}
	at := indent + 1 + g.draw(4)
	if indent < 0 {
		at = 0
	} else if n.kind == sequence && g.in(3) {
		at = indent // of a mapping; in a sequence, and in other places, this reads otherwise or not at all
	}
	var b strings.Builder
	b.WriteString(props + g.end())
	for i := range n.values {
		b.WriteString(g.remarks(pad(at)) + pad(at) + g.entry(n, i, at))
	}
	return b.String()
}

// gap is what stands between a colon and its value.
func (g *gen) gap() string {
	return g.one(" ", " ", " ", " ", " ", " ", " ", " ", " ", " ", " ", " ", "  ", "  ", "  ", "\t", " \t")
}

// entry writes a pair of a mapping, or an item of a sequence, whose indent is written.
func (g *gen) entry(n *node, i, at int) string {
	v := n.values[i]
	if n.kind == mapping {
		key := g.key(n.keys[i])
		if g.in(20) {
			return "? " + key + g.end() + pad(at) + ":" + g.value(v, at)
		}
		return key + g.one(":", ":", ":", ":", " :") + g.value(v, at)
	}
	if (v.kind == mapping || v.kind == sequence) && v.anchor == "" && len(v.values) > 0 && g.in(2) {
		gap := 1 + g.draw(3)
		inner := at + 1 + gap
		var b strings.Builder
		b.WriteString("-" + pad(gap) + g.entry(v, 0, inner))
		for k := 1; k < len(v.values); k++ {
			b.WriteString(g.remarks(pad(inner)) + pad(inner) + g.entry(v, k, inner))
		}
		return b.String()
	}
	return "-" + g.value(v, at)
}

func (g *gen) key(n *node) string {
	if n.text == "<<" {
		return n.text
	}
	switch g.draw(12) {
	case 0:
		return "'" + n.text + "'"
	case 1:
		return `"` + n.text + `"`
	case 2:
		return "!!str " + n.text
	}
	return n.text
}

// isPlain reports whether a text may stand without quotes, in a flow, too.
func isPlain(text string) bool {
	for i, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r > 0xa0 && r != 0x2028 && r != 0x85:
		case i > 0 && strings.ContainsRune(" -./%", r) && i < len(text)-1 || r == '%' && i == len(text)-1 && i > 0, r == '~' || r == '.':
		default:
			return false
		}
	}
	return text != "" && !strings.Contains(text, "  ")
}

// scalar writes a scalar in one of its styles; in a block with the rest of its line.
func (g *gen) scalar(n *node, indent int, inFlow bool) string {
	end := g.end
	if inFlow {
		end = func() string { return "" }
	}
	style := g.draw(8)
	if n.typed && !g.in(6) {
		style = 7
	}
	if inFlow && style < 3 {
		style += 3
	}
	switch {
	case style < 2:
		return g.blockText(n.text, indent, style == 1)
	case style < 4:
		return "'" + g.broken(strings.ReplaceAll(n.text, "'", "''"), indent, false) + "'" + end()
	case style < 6 || !isPlain(n.text):
		return `"` + g.broken(g.escaped(n.text), indent, true) + `"` + end()
	}
	return g.broken(n.text, indent, false) + end()
}

// broken goes on with a text on other lines: where a line break stands in the text it is
// written twice, and a blank may become one.
func (g *gen) broken(text string, indent int, double bool) string {
	text = strings.ReplaceAll(text, "\n", "\n\n"+pad(indent+1+g.draw(3)))
	if i := strings.IndexByte(text, ' '); i > 0 && i < len(text)-1 && text[i+1] > ' ' && text[i+1] != '#' && text[i-1] > ' ' && !strings.Contains(text, "\n") && g.in(3) {
		text = text[:i] + "\n" + pad(indent+1+g.draw(3)) + text[i+1:]
	} else if double && g.in(6) && len(text) > 0 && !strings.ContainsAny(text, "\\\n") {
		text = text[:1] + "\\\n" + pad(indent+1) + strings.TrimLeft(text[1:], " ")
	}
	return text
}

// escaped writes a text for double quotes.
func (g *gen) escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\t':
			b.WriteString(g.one(`\t`, "\t"))
		case r == '/' && g.in(2):
			b.WriteString(`\/`)
		case r == 0x85:
			b.WriteString(`\N`)
		case r == 0x2028:
			b.WriteString(`\L`)
		case r == '\n' || !g.in(12):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// blockText writes a text as a literal or folded block, with its indicators.
func (g *gen) blockText(text string, indent int, folded bool) string {
	deep := 1 + g.draw(4)
	head := g.one("|", "|")
	if folded {
		head = ">"
	}
	chomp, number := g.one("", "-", "-", "-", "+"), ""
	if first := strings.TrimLeft(text, "\n"); g.in(3) || strings.HasPrefix(first, " ") || strings.HasPrefix(first, "\t") || text == "" {
		number = fmt.Sprint(deep)
	}
	if g.in(2) {
		head += chomp + number
	} else {
		head += number + chomp
	}
	head += g.one("", "", " # comment", " ")
	at := pad(max(indent, 0) + deep)
	var b strings.Builder
	b.WriteString(head + "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" && g.in(2) {
			b.WriteString("\n")
			continue
		}
		b.WriteString(at + line + "\n")
	}
	b.WriteString(g.one("", "", "\n", "\n\n"))
	return b.String()
}

// flow writes a value in brackets.
func (g *gen) flow(n *node, indent int) string {
	switch n.kind {
	case empty:
		return g.one("~", "null", "''")
	case alias:
		return "*" + n.text + " "
	case scalar:
		return g.scalar(n, indent, true)
	}
	open, shut := "{", "}"
	if n.kind == sequence {
		open, shut = "[", "]"
	}
	gap := func() string {
		return g.one("", " ", " ", " ", "  ", "\n"+pad(indent+g.draw(3)), " # in a flow, with: [x]\n"+pad(indent), " ", " ", " ", " ", " ", " ", "\t")
	}
	var b strings.Builder
	b.WriteString(open + gap())
	for i, v := range n.values {
		if n.kind == mapping {
			key := g.key(n.keys[i])
			if g.in(15) {
				key = "? " + key
			}
			b.WriteString(key)
			if v.kind == empty && g.in(2) {
				b.WriteString(g.one(":", " :", ": "))
			} else {
				colon := g.one(": ", ": ", ": ", " : ", ":\n"+pad(indent))
				if strings.HasSuffix(key, `"`) && g.in(3) {
					colon = ":"
				}
				b.WriteString(colon + strings.TrimLeft(g.properties(v)+" ", " ") + g.flow(v, indent))
			}
		} else {
			b.WriteString(strings.TrimLeft(g.properties(v)+" ", " ") + g.flow(v, indent))
		}
		if i < len(n.values)-1 || g.in(6) {
			b.WriteString(g.one("", "", " ") + "," + gap())
		}
	}
	b.WriteString(gap() + shut)
	return b.String()
}
