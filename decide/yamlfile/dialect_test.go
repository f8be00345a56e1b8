package yamlfile

import (
	"strings"
	"testing"

	"waitornot/decide/diag"
)

// readText reads the text under the key of each document, and what is found.
func readText(text string) (texts []string, findings []diag.Finding) {
	type doc struct{ text Field[string] }
	table := NewTable("the file", nil, One("text", "", Name(), func(d *doc) *Field[string] { return &d.text }))
	result := Read(Source{Name: "f", Data: []byte(text)}, Options{}, &Format[*doc, int]{
		List: "list", SetEnd: func(*doc, diag.Pos) {},
		Header: func(w *Walker, v Value, _ int) (Header[*doc], bool) {
			d := &doc{}
			ok := table.Read(w, v, d)
			return Header[*doc]{Document: d}, ok
		},
		Items: func(w *Walker, _ *doc, list Value, _ *int) {
			w.Items(list, func(v Value) bool { return v.hand == nil })
		}, Done: func(*int) {},
	})
	for _, d := range result.Documents {
		texts = append(texts, d.text.Value)
	}
	return texts, result.Findings
}

// What YAML 1.2 allows is read, where the library departs from it, too.
func TestDialects(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"the directive of 1.2", "%YAML 1.2\n---\ntext: a\n", "a"},
		{"a directive and a comment", "# x\n%YAML 1.2 # y\n---\ntext: a\n", "a"},
		{"an escaped slash", `{"text": "a\/b"}`, "a/b"},
		{"a pair of surrogates", `{"text": "a\ud83d\ude00b"}`, "a😀b"},
		{"a line separator in a comment", "# a\u2028b\ntext: a\n", "a"},
		{"a next line in a comment", "# a\u0085b\ntext: a # \u0085x\n", "a"},
		{"a line of a tab", "text: a\n\t\n# x\n", "a"},
		{"a byte order mark in front of a document", "text: a\n---\n\ufefftext: b\n", "a|b"},
		{"a byte order mark in front of a marker", "\ufefftext: a\n\ufeff---\ntext: b\n", "a|b"},
		{"the end of the documents", "text: a\n...\n# x\n", "a"},
		{"JSON on one line", `{"x-a":[1,{"b":null}],"text":"a"}`, "a"},
		{"CR LF, folded", "text: >-\r\n  a\r\n  b\r\n", "a b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			texts, findings := readText(test.text)
			if got := strings.Join(texts, "|"); got != test.want || len(findings) > 0 {
				t.Errorf("%q is read as %q, with %v", test.text, got, findings)
			}
		})
	}
}

// What breaks the syntax and is hard to see is named where it stands.
func TestNamed(t *testing.T) {
	for _, test := range []struct {
		name, text   string
		line, column uint32
		message      string
	}{
		{"a merge conflict", "version: 1\n<<<<<<< HEAD\ntext: a\n=======\ntext: b\n>>>>>>> b\n", 2, 1, "unresolved merge conflict"},
		{"a no-break space", "version: 1\ntext:\u00a0a\nx-a: b\n", 2, 6, "U+00A0 looks like a space, but YAML doesn't treat it as one"},
		{"no space after a colon", "text:a\nx-a: b\n", 1, 5, "a space is missing after the colon"},
		{"half of a pair", "{\"text\": \"a\\ud83d\"}\n", 0, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, findings := readText(test.text)
			if len(findings) == 0 {
				t.Fatal("nothing is found")
			}
			f := findings[0]
			if test.message != "" && (f.Message != test.message || f.Range.Start != (diag.Pos{Line: test.line, Column: test.column})) {
				t.Errorf("found %d:%d %s", f.Range.Start.Line, f.Range.Start.Column, f.Message)
			}
		})
	}
}

// Limits are where they are said to be.
func TestLimits(t *testing.T) {
	size := Size()
	for text, ok := range map[string]bool{"1073741824GB": true, "1073741825GB": false, "4294967296GB": false} {
		if _, f := size.Parse(text); f.None() != ok {
			t.Errorf("%s: %q", text, f.Why)
		}
	}
}

// A file may use a long value many times by aliases, as long as that is not far
// more than its own length has a use for.
func TestHonestAliases(t *testing.T) {
	type item struct{ names []Field[string] }
	type doc struct{ list []item }
	items := NewTable("an item", nil, Many("names", "", Name(), func(i *item) *[]Field[string] { return &i.names }))
	table := NewTable("the file", nil, Each("list", "", items, func(d *doc) *[]item { return &d.list }))
	var d doc
	text := "x-a: &a {names: [" + strings.Repeat("w, ", 20) + "w]}\nlist:\n" + strings.Repeat("- *a\n", 2_000)
	if findings := ReadOne(Source{Name: "f", Data: []byte(text)}, 1<<20, "a file", table, &d); len(findings) > 0 || len(d.list) != 2_000 {
		t.Errorf("%d values, %v", len(d.list), findings)
	}
}

// Every byte that YAML does not allow is found, wherever it stands among others.
func TestNextBad(t *testing.T) {
	for at := range 20 {
		for b := range 256 {
			data := []byte(strings.Repeat("a~ ", 7))
			if b%2 == at%2 {
				data = []byte(strings.Repeat("\n", 21))
			}
			data[at] = byte(b)
			want := -1
			if b < ' ' && b != '\n' && b != '\r' && b != '\t' || b >= 0x7f {
				want = at
			}
			if got := nextBad(data, 0); got != want {
				t.Fatalf("byte %#x at %d: found at %d", b, at, got)
			}
			if isASCII(data) != (b < 0x80) {
				t.Fatalf("byte %#x at %d: isASCII is %v", b, at, isASCII(data))
			}
		}
	}
}
