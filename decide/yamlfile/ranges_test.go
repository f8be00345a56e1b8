package yamlfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waitornot/decide/diag"
	"waitornot/decide/diag/diagtest"
)

// A value has the range of its own text: quotes and brackets included, anchors,
// tags and comments not.
func TestRanges(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{"plain", "callee: ‹mailer›   # comment\n"},
		{"plain over lines", "callee: ‹the\n       old  mailer› # comment\n"},
		{"plain on the next line", "callee:\n  ‹mailer›\n"},
		{"single quotes", "callee: ‹'it''s # here'›\n"},
		{"double quotes", "callee: ‹\"a \\\"b\\\" \\u0041\"› # x\n"},
		{"double quotes over lines", "callee: ‹\"a\n  b\\\n  c\"›\n"},
		{"anchor and tag", "callee: &x !!str ‹mailer›\n"},
		{"anchor on its own line", "callee: &x # here\n  ‹mailer›\n"},
		{"columns in code points", "{service: \"🙂é\", callee: ‹\"über 🙂\"›}\n"},
		{"flow", "{\"callee\":‹\"mailer\"›,service: a}\n"},
		{"carriage returns", "service: a\r\ncallee: ‹mailer›\r\nowner: ‹b›\r\n"},
		{"byte order mark", "\ufeffcallee: ‹mailer›\n"},
		{"no line end", "callee: ‹mailer›"},
		{"after a lone CR", "service: a\rcallee: ‹mailer›\n"},
		{"after a next line character", "service: a # \u0085\ncallee: ‹mailer›\nowner: ‹x›\n"},
		{"after a line separator", "service: a # \u2028# b: c\n\ncallee: ‹mailer›\n"},
		{"folded block", "description: ‹>-\n  a\n  b\n\n  c›\n\nowner: ‹x›\n"},
		{"literal block", "description: ‹|\n\n    a\n    # b›\nowner: ‹x›\n"},
		{"literal block kept", "description: ‹|+ # note\n  a›\n\n\nowner: ‹x›\n"},
		{"empty block", "description: ‹|›  # note\nowner: ‹x›\n"},
		{"block at the end", "description: ‹|2\n    a\n   b›"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, want := diagtest.Marked(test.text)
			if strings.HasPrefix(text, "\ufeff") {
				want = []diag.Range{{Start: diag.Pos{Line: 1, Column: 9}, End: diag.Pos{Line: 1, Column: 15}}}
			}
			if strings.Contains(text, "\r") && !strings.Contains(text, "\r\n") {
				want[0].Start.Line, want[0].End.Line = 1, 1 // an editor sees one line
			}
			if diff := cmp.Diff(want, valueRanges(t, text)); diff != "" {
				t.Errorf("ranges in\n%s\n(-want +got)\n%s", text, diff)
			}
		})
	}
}

// valueRanges returns the ranges of callee, description and owner at the top of
// a text.
func valueRanges(t *testing.T, s string) []diag.Range {
	t.Helper()
	table := NewTable("test", nil,
		One("service", "", Name(), func(o *[4]Field[string]) *Field[string] { return &o[3] }),
		One("callee", "", Name(), func(o *[4]Field[string]) *Field[string] { return &o[0] }),
		One("description", "", Prose(), func(o *[4]Field[string]) *Field[string] { return &o[1] }),
		One("owner", "", Name(), func(o *[4]Field[string]) *Field[string] { return &o[2] }),
	)
	var fields [4]Field[string]
	root, txt := parsed(t, s)
	w := &Walker{text: txt, words: new(interner), allowed: 1000}
	table.Read(w, Value{node: root}, &fields)
	if len(w.findings) > 0 {
		t.Fatalf("findings: %v", w.findings)
	}
	var ranges []diag.Range
	for _, f := range fields[:3] {
		if f.Set() {
			ranges = append(ranges, f.Range)
		}
	}
	return ranges
}

// parsed returns the root value of a text that parses.
func parsed(t *testing.T, s string) (*node, *text) {
	t.Helper()
	txt := newText([]byte(s), 0)
	var p parser
	p.start(s, 0, len(s), 1)
	p.bom()
	n := p.document()
	if p.failed || hasLoneReturn(txt.data) {
		n = txt.library(&p.nodes)
	}
	if n == nil {
		t.Fatalf("%q does not parse", s)
	}
	return n, txt
}
