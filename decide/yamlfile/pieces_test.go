package yamlfile

import (
	"fmt"
	"testing"

	"waitornot/decide/diag"
)

// A listItem is an item of the lists that readList reads.
type listItem struct {
	Place  diag.Range
	Name   Field[string]
	Title  Field[string]
	Words  []Field[string]
	Within struct {
		Place diag.Range
		On    Field[bool]
		Apart *inner
	}
	Each []inner
	Put  []Field[int]
}

type inner struct {
	Place diag.Range
	Value Field[int]
}

func listedTable() *Table[listItem] {
	type i = listItem
	type within = struct {
		Place diag.Range
		On    Field[bool]
		Apart *inner
	}
	inside := NewTable("the inside", func(x *inner) *diag.Range { return &x.Place }, One("v", "", Number(1), func(x *inner) *Field[int] { return &x.Value }).AsRequired())
	return NewTable("an item", func(x *i) *diag.Range { return &x.Place },
		One("n", "", Prose(), func(x *i) *Field[string] { return &x.Name }),
		One("title", "", Name(), func(x *i) *Field[string] { return &x.Title }),
		Many("m", "", Word("a", "b", "c"), func(x *i) *[]Field[string] { return &x.Words }),
		Within("w", "", NewTable("what is within", func(x *within) *diag.Range { return &x.Place },
			One("on", "", YesNo(), func(x *within) *Field[bool] { return &x.On }),
			Apart("apart", "", inside, func(x *within) *inner { x.Apart = new(inner); return x.Apart }),
		), func(x *i) *within { return &x.Within }),
		Each("each", "", inside, func(x *i) *[]inner { return &x.Each }),
		Put("put", "", Number(0), func(x *i, f Field[int]) { x.Put = append(x.Put, f) }),
		Row[i]{Key: Key{Name: "nodes"}, Read: func(w *Walker, v Value, x *i) {
			s := Name()
			ReadScalar(w, v, &s, &x.Title)
		}},
	)
}

// A listing is what readList found.
type listing struct {
	shown  string // all that came of the text, with its places
	pieces int    // into which it was cut
	taken  int    // items that were read directly
}

// readList reads a text whose documents hold a list, in pieces of a size.
func readList(text string, size int) listing {
	type doc struct {
		Index   int
		Place   diag.Range
		Service Field[string]
		list    Value
	}
	items := listedTable()
	table := NewTable("the file", func(d *doc) *diag.Range { return &d.Place },
		One("s", "", Prose(), func(d *doc) *Field[string] { return &d.Service }),
		Later("list", "", nil, func(d *doc) *Value { return &d.list }))
	var taken int
	result := Read(Source{Name: "f", Data: []byte(text)}, Options{PieceBytes: size}, &Format[*doc, []listItem]{
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
		Items: func(w *Walker, _ *doc, list Value, to *[]listItem) {
			w.Items(list, func(v Value) bool {
				var i listItem
				if v.IsMapping() {
					if !items.Read(w, v, &i) {
						return false
					}
				} else {
					s := Prose()
					ReadScalar(w, v, &s, &i.Name)
				}
				if v.hand != nil {
					taken++
				}
				*to = append(*to, i)
				return true
			})
		},
		Done: func(*[]listItem) {},
	})
	l := listing{shown: fmt.Sprintln(result.Broken), pieces: result.Pieces, taken: taken}
	for _, d := range result.Documents {
		l.shown += fmt.Sprintln(*d)
	}
	for _, part := range result.Parts {
		for _, i := range part {
			if i.Within.Apart != nil {
				l.shown += fmt.Sprint(*i.Within.Apart)
				i.Within.Apart = nil
			}
			l.shown += fmt.Sprintln(i)
		}
	}
	for _, f := range result.Findings {
		l.shown += fmt.Sprintln(f)
	}
	return l
}

// checkList holds what is read of a text in pieces, and directly, to what is read of it in one
// as nodes. It returns into how many pieces it was cut, and how many items were read directly.
func checkList(t fataler, text string) (pieces, taken int) {
	want := readList(text, -1)
	if want.taken > 0 {
		t.Fatalf("%q is read directly", text)
	}
	got := readList(text, 1)
	if got.shown != want.shown {
		t.Fatalf("%q is read in %d pieces as\n%sin one as\n%s", text, got.pieces, got.shown, want.shown)
	}
	whole := readList(text, 1<<20)
	if whole.shown != want.shown {
		t.Fatalf("%q is read directly as\n%sas nodes as\n%s", text, whole.shown, want.shown)
	}
	return got.pieces, got.taken + whole.taken
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
				n, _ := checkList(t, text)
				pieces += n
			})
			if pieces != tt.pieces {
				t.Errorf("cut into %d pieces, want %d", pieces, tt.pieces)
			}
		})
	}
}

// everyEdit calls visit for each text that is one change away from a text: a word more, up to
// so many bytes less, or nothing from a place on.
func everyEdit(text string, words []string, less int, visit func(string)) {
	for at := range len(text) + 1 {
		for _, w := range words {
			visit(text[:at] + w + text[at:])
		}
		visit(text[:at])
		for n := range less {
			visit(text[:at] + text[min(at+n+1, len(text)):])
		}
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
			everyEdit(tt.text, tt.words, 1, func(text string) {
				n, _ := checkList(t, text)
				pieces += n
			})
			if pieces != tt.pieces {
				t.Errorf("cut into %d pieces, want %d", pieces, tt.pieces)
			}
		})
	}
}
