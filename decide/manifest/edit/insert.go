package edit

import (
	"errors"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// Add returns the manifest with the entry added after the last operation of
// document doc. All the rest stays as it is, byte for byte. What the result
// reads as has been checked: it has what was there before, and the entry.
func (m *Manifest) Add(doc int, e Entry) (*Manifest, error) {
	d := m.docs[doc]
	if m.Has(doc, e.Name) {
		return nil, fmt.Errorf("the operation %q already exists", e.Name)
	}
	splices, err := m.insertion(d, &e)
	if err != nil {
		return nil, err
	}
	return m.checked(splices, func(roots []*yaml.Node) []*yaml.Node { return added(roots, d.root, &e, d.text("service")) })
}

var errPlace = errors.New("the manifest's layout leaves no safe place for the operation; add it by hand")

// insertion says what to add, and where.
func (m *Manifest) insertion(d *document, e *Entry) ([]splice, error) {
	key, list := d.lookup("operations")
	switch {
	case d.root == nil:
		return m.begin(d, e), nil
	case key == nil && d.root.Style&yaml.FlowStyle != 0:
		s := m.styleOf(d, nil)
		name := "operations"
		if s.json {
			name = quote(name, true)
		}
		return m.intoFlow(d.root, name+": ["+s.flowMap(e.pairs(s.service))+"]", s.newline)
	case key == nil:
		return m.appendKey(d, e), nil
	case isNull(list):
		return m.fillNull(d, key, list, e)
	case list.Kind == yaml.AliasNode:
		return nil, errors.New("the operations are an alias of another list; add the operation there by hand")
	case list.Kind != yaml.SequenceNode:
		return nil, fmt.Errorf("line %d: operations isn't a list", list.Line)
	case list.Style&yaml.FlowStyle == 0:
		return m.intoBlock(d, list, e)
	}
	return m.intoFlowList(d, key, list, e)
}

// line returns splices that put text on lines of its own after a line.
func (m *Manifest) after(line int, text, newline string) splice {
	at := m.text.start(line + 1)
	if m.text.end(line) == at { // the last line of all, without a line break: it stays so
		return splice{at, at, newline + text}
	}
	return splice{at, at, text + newline}
}

// begin writes a manifest where there is none.
func (m *Manifest) begin(d *document, e *Entry) []splice {
	s := m.styleOf(d, nil)
	s.service = e.Caller
	text := "version: 1" + s.newline
	for _, head := range e.heads() {
		text += s.flowPair(head) + s.newline
	}
	text += "operations:" + s.newline + strings.Repeat(" ", s.dash) + s.item(e)
	at := m.text.start(d.limit)
	before := ""
	if last := d.limit - 1; m.text.start(last) < at && m.text.end(last) == at {
		before = s.newline // the comments end without a line break
	}
	return []splice{{at, at, before + text + s.newline}}
}

// appendKey adds the list of operations at the end of a document without one.
func (m *Manifest) appendKey(d *document, e *Entry) []splice {
	s := m.styleOf(d, nil)
	margin := strings.Repeat(" ", d.root.Column-1)
	s.dash += d.root.Column - 1
	text := margin + "operations:" + s.newline + strings.Repeat(" ", s.dash) + s.item(e)
	return []splice{m.after(d.limit-1, text, s.newline)}
}

// fillNull adds an item to a key that has no value yet.
func (m *Manifest) fillNull(d *document, key, null *yaml.Node, e *Entry) ([]splice, error) {
	s := m.styleOf(d, nil)
	s.dash += d.root.Column - 1
	if d.root.Style&yaml.FlowStyle != 0 {
		return nil, errPlace
	}
	item := strings.Repeat(" ", s.dash) + s.item(e)
	if null.Value == "" {
		return []splice{m.after(key.Line, item, s.newline)}, nil
	}
	if null.Line != key.Line {
		return nil, errPlace
	}
	at := m.text.at(null)
	return []splice{{m.pastBlanks(at), at + len(null.Value), ""}, m.after(key.Line, item, s.newline)}, nil
}

// pastBlanks returns the offset at which the blanks before an offset begin.
func (m *Manifest) pastBlanks(at int) int {
	for at > 0 && m.text.src[at-1] == ' ' {
		at--
	}
	return at
}

// intoBlock adds an item after the last of a block list.
func (m *Manifest) intoBlock(d *document, list *yaml.Node, e *Entry) ([]splice, error) {
	s := m.styleOf(d, list)
	n := len(list.Content) - 1
	first := m.dashLine(list, n)
	if !m.text.has(m.text.start(first)+s.dash, '-') {
		return nil, errPlace
	}
	keeps := keepsBlank(m.text, list.Content[n])
	last := m.text.lastLine(first, m.nextLine(d, list, n), s.dash, keeps)
	text := strings.Repeat(" ", s.dash) + s.item(e)
	if s.blank && !keeps {
		text = s.newline + text
	}
	return []splice{m.after(last, text, s.newline)}, nil
}

// intoFlowList adds an item to a list in brackets. One that is empty, in a
// document that is not all in brackets, becomes a block list.
func (m *Manifest) intoFlowList(d *document, key, list *yaml.Node, e *Entry) ([]splice, error) {
	s := m.styleOf(d, list)
	open := m.text.at(list)
	_, closing, ok := m.text.flowEnd(open)
	if !ok || !m.text.has(open, '[') {
		return nil, errPlace
	}
	bare := strings.TrimSpace(string(m.text.src[open+1:closing])) == "" && list.Line == key.Line && list.Anchor == "" &&
		list.Style&yaml.TaggedStyle == 0
	if bare && d.root.Style&yaml.FlowStyle == 0 && m.text.lineOf(closing) == key.Line {
		s.flow, s.dash = false, s.dash+d.root.Column-1
		return []splice{
			{m.pastBlanks(open), closing + 1, ""},
			m.after(key.Line, strings.Repeat(" ", s.dash)+s.item(e), s.newline),
		}, nil
	}
	return m.intoFlow(list, s.flowMap(e.pairs(s.service)), s.newline)
}

// intoFlow adds text as the last part of a collection in brackets: on a line of
// its own when the last part has one.
func (m *Manifest) intoFlow(n *yaml.Node, text, newline string) ([]splice, error) {
	open := m.text.at(n)
	last, closing, ok := m.text.flowEnd(open)
	if !ok {
		return nil, errPlace
	}
	if len(n.Content) == 0 {
		return []splice{{last, last, text}}, nil
	}
	comma := ","
	if m.text.has(last-1, ',') {
		comma = ""
	}
	final := n.Content[len(n.Content)-1]
	if n.Kind == yaml.MappingNode {
		final = n.Content[len(n.Content)-2]
	}
	line := m.text.lineOf(m.text.at(final))
	lead := string(m.text.src[m.text.start(line):m.text.at(final)])
	if strings.TrimSpace(lead) != "" || line == n.Line { // it shares its line with what comes before
		return []splice{{last, last, comma + " " + text}}, nil
	}
	lastLine := m.text.lineOf(last - 1)
	if m.text.lineOf(closing) == lastLine {
		return []splice{{last, last, comma + newline + lead + text}}, nil
	}
	end := m.text.end(lastLine) // behind a comment
	return []splice{{last, last, comma}, {end, end, newline + lead + text}}, nil
}

// dashLine returns the line on which the dash of an item stands.
func (m *Manifest) dashLine(list *yaml.Node, i int) int {
	line := list.Content[i].Line
	for line > list.Line {
		text := m.text.line(line)
		if indent(text) == list.Column-1 && strings.HasPrefix(text[list.Column-1:], "-") {
			break
		}
		line--
	}
	return line
}

// nextLine returns the first line that cannot belong to an item: that of the
// next item, of the next key, or the one after the document.
func (m *Manifest) nextLine(d *document, list *yaml.Node, i int) int {
	if i+1 < len(list.Content) {
		return m.dashLine(list, i+1)
	}
	for k := 0; k < len(d.root.Content); k += 2 {
		if line := d.root.Content[k].Line; line > list.Content[i].Line {
			return line
		}
	}
	return d.limit
}

// keepsBlank reports whether the last thing in a node is a text that keeps the
// empty lines at its end.
func keepsBlank(t *text, n *yaml.Node) bool {
	for len(n.Content) > 0 {
		n = n.Content[len(n.Content)-1]
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		return false
	}
	header, _, _ := strings.Cut(string(t.src[t.at(n):t.end(n.Line)]), "#")
	return strings.Contains(header, "+")
}
