package edit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// styleOf reads off a document how its operations are written: off the last
// ones where there are some, off its other lists otherwise. List is nil when
// there is no list of operations.
func (m *Manifest) styleOf(d *document, list *yaml.Node) *style {
	s := &style{newline: m.text.newline(), dash: 2, inner: 2, step: 2, service: d.text("service")}
	if d.root == nil {
		return s
	}
	if d.root.Style&yaml.FlowStyle != 0 && len(d.root.Content) > 0 {
		s.json = d.root.Content[0].Style&yaml.DoubleQuotedStyle != 0
	}
	if list == nil || list.Style&yaml.FlowStyle != 0 || len(list.Content) == 0 {
		s.dash = otherDash(d.root)
		return s
	}
	s.dash = list.Column - 1
	last := list.Content[len(list.Content)-1]
	s.flow = last.Kind == yaml.MappingNode && last.Style&yaml.FlowStyle != 0
	if last.Line == m.dashLine(list, len(list.Content)-1) && last.Column > list.Column {
		s.inner = last.Column - list.Column
	}
	s.step = s.inner
	m.answersStyle(s, list)
	s.blank = m.isSpaced(list)
	return s
}

// otherDash returns how far the other lists of a document are indented, from
// the margin of its keys.
func otherDash(root *yaml.Node) int {
	for i := 1; i < len(root.Content); i += 2 {
		if v := root.Content[i]; v.Kind == yaml.SequenceNode && v.Style&yaml.FlowStyle == 0 && len(v.Content) > 0 {
			return max(v.Column-root.Column, 0)
		}
	}
	return 2
}

// answersStyle reads off the last operation with answers whether they are
// written as a block.
func (m *Manifest) answersStyle(s *style, list *yaml.Node) {
	for i := len(list.Content) - 1; i >= 0; i-- {
		item := list.Content[i]
		if item.Kind != yaml.MappingNode {
			continue
		}
		if key, answers := lookup(item, "answers"); answers != nil && answers.Kind == yaml.MappingNode && len(answers.Content) > 0 {
			s.nested = answers.Style&yaml.FlowStyle == 0
			if s.nested && answers.Column > key.Column {
				s.step = answers.Column - key.Column
			}
			return
		}
	}
}

// isSpaced reports whether an empty line stands before the last item of
// several, above its comments.
func (m *Manifest) isSpaced(list *yaml.Node) bool {
	n := len(list.Content) - 1
	if n < 1 {
		return false
	}
	line := m.dashLine(list, n) - 1
	for line > list.Line && strings.HasPrefix(strings.TrimSpace(m.text.line(line)), "#") {
		line--
	}
	return strings.TrimSpace(m.text.line(line)) == ""
}
