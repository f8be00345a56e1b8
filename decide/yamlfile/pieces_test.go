package yamlfile

import (
	"fmt"
	"testing"

	"waitornot/decide/diag"
)

// readList reads a text whose documents hold a list, in pieces of a size, and shows all that
// comes of it with its places; and into how many pieces the text was cut.
func readList(text string, size int) (shown string, pieces int) {
	type item struct {
		Place diag.Range
		Name  Field[string]
	}
	type doc struct {
		Index   int
		Place   diag.Range
		Service Field[string]
		list    Value
	}
	items := NewTable("an item", func(i *item) *diag.Range { return &i.Place }, One("n", "", Prose(), func(i *item) *Field[string] { return &i.Name }))
	table := NewTable("the file", func(d *doc) *diag.Range { return &d.Place },
		One("s", "", Prose(), func(d *doc) *Field[string] { return &d.Service }),
		Later("list", "", nil, func(d *doc) *Value { return &d.list }))
	result := Read(Source{Name: "f", Data: []byte(text)}, Options{PieceBytes: size}, &Format[*doc, []item]{
		List: "list",
		SetEnd: func(d *doc, end diag.Pos) {
			if d.Place.End.Compare(end) < 0 {
				d.Place.End = end
			}
		},
		Header: func(w *Walker, v Value, index int) (Header[*doc], bool) {
			d := &doc{Index: index}
			ok := table.Read(w, v, d)
			list := d.list
			d.list = Value{}
			return Header[*doc]{Document: d, List: list}, ok
		},
		Items: func(w *Walker, _ *doc, list Value, to *[]item) {
			w.Items(list, func(v Value) bool {
				var i item
				if v.IsMapping() {
					if !items.Read(w, v, &i) {
						return false
					}
				} else {
					s := Prose()
					ReadScalar(w, v, &s, &i.Name)
				}
				*to = append(*to, i)
				return true
			})
		},
		Done: func(*[]item) {},
	})
	shown = fmt.Sprintln(result.Broken)
	for _, d := range result.Documents {
		shown += fmt.Sprintln(*d)
	}
	for _, part := range result.Parts {
		for _, i := range part {
			shown += fmt.Sprintln(i)
		}
	}
	for _, f := range result.Findings {
		shown += fmt.Sprintln(f)
	}
	return shown, result.Pieces
}

// checkList holds what is read of a text in pieces to what is read of it in one, and returns
// into how many pieces it was cut.
func checkList(t *testing.T, text string) int {
	t.Helper()
	got, pieces := readList(text, 1)
	if want, _ := readList(text, -1); got != want {
		t.Fatalf("%q is read in %d pieces as\n%sin one as\n%s", text, pieces, got, want)
	}
	return pieces
}

// Each short text is read in pieces as it is in one, to the last place: so many pieces are
// cut in all.
func TestEveryShortList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, before string
		words        []string
		most, pieces int
	}{
		{"blocks", "", []string{"list:\n", "- a\n", "- n: b\n", "  n: c\n", "s: d\n", "---\n", "# e\n"}, 4, 1698},
		{"lists", "list:\n- a\n", []string{"- n: b\n", "-", " ", "\n", "  - c\n", "s: |\n", "\r\n", "\"list\":\n"}, 4, 3780},
		{"anchors", "s: &a b\nlist:\n", []string{"- &a c\n", "- *a\n", "- ? n\n  : d\n", "s: e\n", "x-a: *a\n", "---\n"}, 4, 1295},
		{"documents", "", []string{"%YAML 1.1\n", "---\n", "list:\n- a\n- b\n", "...\n", "s: c\n", "# d\n", "\ufeff"}, 4, 1935},
		{"wrong", "list:\n- a\n", []string{"- :\n", "- ]\n", "- 'b\n", "'\n", "- c\n", "- d:\n    - e\n", "---\n"}, 3, 154},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pieces := 0
			everyText(tt.before, tt.words, tt.most, func(text string) {
				pieces += checkList(t, text)
			})
			if pieces != tt.pieces {
				t.Errorf("cut into %d pieces, want %d", pieces, tt.pieces)
			}
		})
	}
}

// So is each text that is one small change away from these.
func TestEveryEditOfAList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		words      []string
		pieces     int
	}{
		{"JSON", "{\"s\":\"c\", \"list\" : [\"é\",\n {\"n\":\"b\"},[true] ],\"x-a\":[{}]}\n", []string{"[", "]", "{", "}", ",", ":", "\"", "\n", "a", "\\", "\"list\"", ",\"s\":1", "#", "'", "..."}, 980},
		{"a list", "s: a\nlist: # b\n  - c\n\n  - n: 'é'\n  # d\n  -\n", []string{" ", "\n", "- ", "\"", ":", "#", "\t", "&e ", "*e", "list:\n", "---\n", "...\n", "\r"}, 995},
		{"documents", "# a\n---\nlist:\n- b\n- n: >\n    c\n--- # d\ns: e\n...\n", []string{" ", "\n", "-", "%YAML 1.2\n", "'", ":", "#", "\ufeff", "list:\n", "---\n", "...\n", "\r"}, 1646},
		{"anchors", "s: &a b\nlist:\n- &c {n: *a}\n- *c\n- <<: *c\n  n: &a d\n- *a\n", []string{" ", "\n", "- ", "&d ", "*c", "? ", "s: *c\n", "---\n", "...\n", "!!str "}, 621},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pieces := 0
			for at := range len(tt.text) + 1 {
				for _, w := range tt.words {
					pieces += checkList(t, tt.text[:at]+w+tt.text[at:])
				}
				pieces += checkList(t, tt.text[:at])
				pieces += checkList(t, tt.text[:at]+tt.text[min(at+1, len(tt.text)):])
			}
			if pieces != tt.pieces {
				t.Errorf("cut into %d pieces, want %d", pieces, tt.pieces)
			}
		})
	}
}
