package yamlfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waitornot/decide/diag"
)

// Aliases may lead to so many nodes and no more, and that is said once.
func TestAllowed(t *testing.T) {
	t.Parallel()
	if got := mostAliased(make([]byte, 5)); got != 100_005 {
		t.Errorf("aliases of 5 bytes may lead to %d nodes", got)
	}
	root, txt := parsed(t, "[a, b]")
	w := &Walker{text: txt, active: []*node{root}, allowed: 2}
	for i, want := range []bool{true, true, false, false} {
		if _, ok := w.Follow(nil, root.first); ok != want {
			t.Errorf("node %d is reached: %t", i, ok)
		}
	}
	if len(w.findings) != 1 || w.findings[0].Range != txt.node(root.first) {
		t.Errorf("findings %v", w.findings)
	}
	w = &Walker{text: txt}
	if _, ok := w.Follow(nil, root.first); !ok || w.allowed != 0 {
		t.Error("a node that no alias leads to is counted")
	}
}

// Two fields are the same when their values are, or when neither is given.
func TestSameFields(t *testing.T) {
	t.Parallel()
	given := func(v string, line uint32) Field[string] {
		at := diag.Pos{Line: line, Column: 1}
		return Field[string]{Value: v, Range: diag.Range{Start: at, End: at}}
	}
	for _, tt := range []struct {
		a, b Field[string]
		want bool
	}{
		{given("x", 1), given("x", 2), true}, {given("x", 1), given("y", 1), false}, {given("", 1), Field[string]{}, false},
		{Field[string]{}, given("", 1), false}, {Field[string]{}, Field[string]{}, true},
	} {
		if got := tt.a.Same(tt.b); got != tt.want {
			t.Errorf("%v and %v are the same: %t", tt.a, tt.b, got)
		}
	}
	if given("x", 1).Or("z") != "x" || (Field[string]{}).Or("z") != "z" {
		t.Error("another value stands for one that is given, or not for one that isn't")
	}
}

// A thing is what these tests read.
type thing struct {
	Name, More Field[string]
	List       []Field[string]
	In         within
	Each       []within
	place      diag.Range
}

type within struct {
	Word  Field[string]
	place diag.Range
}

func things() *Table[thing] {
	word := Word("new", "other")
	word.Renamed = map[string]string{"old": "new"}
	in := NewTable("a within", func(x *within) *diag.Range { return &x.place }, One("word", "", word, func(x *within) *Field[string] { return &x.Word }))
	return NewTable("the thing", func(x *thing) *diag.Range { return &x.place },
		One("name", "", Name(), func(x *thing) *Field[string] { return &x.Name }).AsWellAs("called"),
		One("more", "", Prose(), func(x *thing) *Field[string] { return &x.More }),
		Many("list", "", Name(), func(x *thing) *[]Field[string] { return &x.List }),
		Within("in", "", in, func(x *thing) *within { return &x.In }),
		Each("each", "", in, func(x *thing) *[]within { return &x.Each }),
		Row[thing]{Key: Key{Name: "silent", Kind: TextKind}, Read: func(*Walker, Value, *thing) {}},
	)
}

// readThing reads a thing, and shows what was found.
func readThing(text string) (x thing, found string) {
	var b strings.Builder
	for _, f := range ReadOne(Source{Name: "f", Data: []byte(text)}, 0, "a thing", things(), &x) {
		fmt.Fprintf(&b, "%d:%d-%d:%d %s", f.Range.Start.Line, f.Range.Start.Column, f.Range.End.Line, f.Range.End.Column, f.Message)
		for _, e := range f.Edits {
			fmt.Fprintf(&b, " (%d:%d %s)", e.Range.Start.Line, e.Range.Start.Column, e.New)
		}
		if f.Shared != "" {
			b.WriteString(" (once)")
		}
		b.WriteString("; ")
	}
	return x, b.String()
}

// What two things differ in, what one takes from the other, and what each gives.
func TestTables(t *testing.T) {
	t.Parallel()
	table := things()
	a, found := readThing("name: a\nlist: [b, c]\nin: {word: new}\neach: [{word: new}]\nsilent: x\n")
	if found != "" {
		t.Fatal(found)
	}
	for text, want := range map[string]string{
		"name: a\nlist: [b, c]\nin: {word: new}\neach: [{word: new}]\n":           "",
		"name: b\nmore: m\nlist: [b]\nin: {word: other}\neach: [{word: other}]\n": "name more list in each",
		"name: a\nlist: [b, d]\nin: {word: new}\neach: []\n":                      "list each",
	} {
		b, _ := readThing(text)
		if got := strings.Join(table.Differing(&a, &b), " "); got != want || table.Same(&a, &b) != (want == "") {
			t.Errorf("%q differs in %q, want %q", text, got, want)
		}
	}
	var to thing
	table.Fill(&to, &a)
	if !to.Name.Same(a.Name) || len(to.List) != 2 || !to.In.Word.Same(a.In.Word) || to.In.place != a.In.place || len(to.Each) != 0 {
		t.Errorf("filled with %+v", to)
	}
	b, _ := readThing("name: b\nlist: [d]\nin: {}\n")
	place := b.In.place
	if table.Fill(&b, &a); b.Name.Value != "b" || len(b.List) != 1 || b.In.Word.Value != "new" || b.In.place != place {
		t.Errorf("filled up to %+v", b)
	}
	var leaves []string
	table.Leaves(&a, func(l Leaf) {
		leaves = append(leaves, fmt.Sprint(l.Path, " ", l.Range.Start.Line, ":", l.Range.Start.Column, " ", l.Value))
	})
	if want := []string{"name 1:7 a", "list 2:8 [b c]", "in.word 3:12 new"}; !slices.Equal(leaves, want) {
		t.Errorf("leaves %q", leaves)
	}
	table.Leaves(&thing{}, func(l Leaf) { t.Errorf("a leaf of nothing: %v", l) })
	if keys := table.Part("a part", "more", "in").Keys(); len(keys) != 2 || keys[0].Name != "more" || keys[1].Name != "in" || len(keys[1].Keys) != 1 {
		t.Errorf("keys of a part %v", keys)
	}
}

// What is wrong with a mapping is found where it stands, each time once.
func TestReadOne(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, name, want string }{
		{"name: a\n---\nname: b\n", "a", "3:1-3:8 a thing can have only one document; "},
		{"name: a\n---\nname: b\n---\nname: c\n", "a", "3:1-3:8 a thing can have only one document; "},
		{"~\n", "", ""}, {"", "", ""}, {"# a\n", "", ""},
		{"name: 1\nin: {word: old}\n", "", "1:7-1:8 name is \"1\", which YAML reads as a number: expected a string; 2:12-2:15 in.word is \"old\", which is now called new (2:12 new) (once); "},
		{"each: [{word: 'old'}, {word: x}]\n", "", "1:15-1:20 each.word is \"old\", which is now called new (1:15 \"new\") (once); 1:30-1:31 each.word is \"x\": expected one of new, other; "},
		{"nmae: a\n", "", "1:1-1:5 unknown key \"nmae\" in the thing (1:1 name); "},
		{"nmae: a\nname: b\n", "b", "1:1-1:5 unknown key \"nmae\" in the thing; "},
		{"'nmae': a\n", "", "1:1-1:7 unknown key \"nmae\" in the thing (1:1 \"name\"); "},
		{"lits: a\n", "", "1:1-1:5 unknown key \"lits\" in the thing; "},
		{"lits: [a]\n", "", "1:1-1:5 unknown key \"lits\" in the thing (1:1 list); "},
		{"called: a\n", "", "1:1-1:7 unknown key \"called\" in the thing (1:1 name); "},
		{"word: a\n", "", "1:1-1:5 unknown key \"word\" in the thing; "},
		{"inn: a\n", "", "1:1-1:4 unknown key \"inn\" in the thing; "},
		{"zzz: a\nzzz: b\n", "", "1:1-1:4 unknown key \"zzz\" in the thing; 2:1-2:4 zzz is given twice; the first one, on line 1, counts; "},
		{"x-a: 1\nx-a: 2\n", "", "2:1-2:4 x-a is given twice; the first one, on line 1, counts; "},
		{"in:\n  word: new\n  word: new\n", "", "3:3-3:7 in.word is given twice; the first one, on line 2, counts; "},
		{"name: a\n<<: {name: b, more: c}\n", "a", ""},
		{"<<: [{name: a}, {name: b}]\n", "a", ""},
		{"<<: [[{name: a}]]\n", "", "1:6-1:17 << is a list: expected a mapping, or a list of mappings; "},
		{"<<: a\n", "", "1:5-1:6 << is \"a\": expected a mapping, or a list of mappings; "},
		{"in: {<<: a}\n", "", "1:10-1:11 in.<< is \"a\": expected a mapping, or a list of mappings; "},
		{"&a name: b\nmore: *a\n", "b", ""},
		{"x-a: &a name\n*a : b\n", "b", ""},
		{"x-a: &a name\n*a : b\nname: c\n", "b", "3:1-3:5 name is given twice; the first one, on line 2, counts; "},
		{"x-a: &a b\nname: *a\nmore: *a\n", "b", ""},
		{"name: &a [*a]\n", "", "1:10-1:14 name is a list: expected a string; "},
		{"list: &a [b, *a]\n", "", "1:14-1:16 list is a list: expected a string; "},
		{"list: [&a b, *a]\nname: *a\n", "b", ""},
		{"[a]: b\nname: c\n", "c", "1:1-1:4 a key is a list or a mapping: expected a string; "},
		{"in:\nname: a\n", "a", "1:1-1:3 in has no value: expected a mapping; "},
		{"list: a\n", "", "1:7-1:8 list is \"a\": expected a list; "},
		{"list:\n  -\n  - b\n", "", "2:4-2:4 list has no value: expected a string; "},
		{"each: a\n", "", "1:7-1:8 each is \"a\": expected a list; "},
		{"name: !x a\n", "", "1:10-1:11 name has the tag !x, which has no meaning here; "},
		{"in: !x {word: new}\nlist: !y [a]\n", "", "1:8-1:19 in has the tag !x, which has no meaning here; 2:10-2:13 list has the tag !y, which has no meaning here; "},
		{"- a\n", "", "1:1-1:4 the document is a list: expected a mapping; "},
		{"name: !!str 5\n", "5", ""}, {"name: !!int 5\n", "", "1:13-1:14 name is \"5\", which YAML reads as a number: expected a string; "},
		{"name: 2s\nmore: 1e3\n", "2s", "2:7-2:10 more is \"1e3\", which YAML reads as a number: expected a string; "},
		{"name: -a\nmore: +1\n", "-a", "2:7-2:9 more is \"+1\", which YAML reads as a number: expected a string; "},
		{"name: .a\nmore: .5\n", ".a", "2:7-2:9 more is \".5\", which YAML reads as a number: expected a string; "},
		{"name: 2027-01-02\nmore: Off\n", "", "1:7-1:17 name is \"2027-01-02\", which YAML reads as a date: expected a string; 2:7-2:10 more is \"Off\", which YAML reads as a boolean: expected a string; "},
	} {
		x, found := readThing(tt.text)
		if found != tt.want || x.Name.Value != tt.name {
			t.Errorf("%q is read as %q:\n got %s\nwant %s", tt.text, x.Name.Value, found, tt.want)
		}
	}
}

// A long text is cut between characters, and not at all when it isn't too long.
func TestShort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		strings.Repeat("a", 60): strings.Repeat("a", 60), strings.Repeat("a", 61): strings.Repeat("a", 60) + "...",
		strings.Repeat("a", 59) + "ü": strings.Repeat("a", 59) + "...", strings.Repeat("a", 58) + "  b": strings.Repeat("a", 58) + "...",
		strings.Repeat("🙂", 16): strings.Repeat("🙂", 15) + "...",
	} {
		if got := short(text); got != want {
			t.Errorf("%q is cut to %q", text, got)
		}
	}
}

// Words are listed as in a sentence.
func TestListed(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][]string{"a": {"a"}, "a or b": {"a", "b"}, "a, b, or c": {"a", "b", "c"}, "a, b, c, or d": {"a", "b", "c", "d"}} {
		if got := listed(words, "or"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A file may have as many bytes as it is said, or as all may have.
func TestMaxBytes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		most int
		want bool
	}{{"name: a", 7, true}, {"name: a", 6, false}, {"name: a", 1, false}, {"name: a", 0, true}, {"name: a", -1, true}} {
		var x thing
		if findings := ReadOne(Source{Name: "f", Data: []byte(tt.text)}, tt.most, "a thing", things(), &x); (len(findings) == 0) != tt.want || x.Name.Set() != tt.want {
			t.Errorf("%q with at most %d bytes: %v", tt.text, tt.most, findings)
		}
	}
}

// A parser that waits holds on to no long text, and keeps its nodes.
func TestRoom(t *testing.T) {
	t.Parallel()
	for length, held := range map[int]bool{10: true, mostPinned: true, mostPinned + 1: false} {
		var r Room
		p, text := r.take(), strings.Repeat("a", length)
		p.start(text, 0, length, 1)
		p.document()
		r.give(p)
		r.forget(len(text))
		if len(p.nodes.chunks) != 1 || p.s != "" || (p.nodes.chunks[0][0].value != "") != held {
			t.Errorf("after %d bytes, %d chunks are kept, the value %.10q", length, len(p.nodes.chunks), p.nodes.chunks[0][0].value)
		}
		if r.take() != p {
			t.Error("the parser isn't taken again")
		}
	}
}
