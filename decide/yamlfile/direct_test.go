package yamlfile

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is read directly, and what takes nodes: how many items of a list. Either way the same
// comes of it.
func TestDirect(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		taken      int
	}{
		{"words", "list:\n- n: a\n- n: b c # d\n", 2},
		{"an indented list", "s: a\nlist:\n   # b\n   - n: c\n\n   - n: d\n", 2},
		{"a dash on its own line", "list:\n-\n  n: a\n-   # b\n  n: c\n", 2},
		{"quotes", "list:\n- n: 'a''b'\n  title: \"c\\n\\u00e9\"\n", 0}, // of two lines, which no name is
		{"quotes over lines", "list:\n- n: 'a\n    b\n\n    c'\n- n: \"d\\\n    e\"\n", 2},
		{"texts", "list:\n- n: |\n    a\n     b\n\n- n: >-\n    c\n    d\n  m: [a]\n- n: |+\n    e\n\n", 3},
		{"words over lines", "list:\n- n: a\n    b\n\n    c\n  m: [a,\n    b]\n", 1},
		{"lists", "list:\n- m: [a, 'b', \"c\", ]\n- m: []\n- m:\n  - a\n  - b\n- m:\n    - a\n\n    # b\n    - c\n  n: d\n", 4},
		{"mappings", "list:\n- w: {on: yes, apart: {v: 1}}\n- w: {}\n- w:\n    on: no\n    apart:\n      v: 2\n  n: a\n", 3},
		{"mappings over lines", "list:\n- w: {on: yes,\n    apart: {v: 1},\n  }\n- {n: a,\n   m: [b, c]\n  }\n", 2},
		{"lists of mappings", "list:\n- each: [{v: 1}, {\"v\": 2}]\n- each:\n  - v: 3\n  - {v: 4}\n- each:\n    -\n      v: 5\n", 3},
		{"values that are put", "list:\n- put: 0\n  n: a\n- {put: 12}\n", 2},
		{"a row that takes nodes", "list:\n- nodes: a\n  n: b\n- {nodes: \"c\", n: d}\n", 2},
		{"keys that no table knows", "list:\n- x-a: {b: [c, d]}\n  n: e\n  x-f:\n    - g\n    - h\n  x-i:\n- {x-j: , x-k: l, n: m}\n", 2},
		{"keys in quotes", "list:\n- \"n\": a\n  'm': [b]\n- {'n': a, \"m\":[b]}\n- n : c\n", 3},
		{"quotes around the first key", "list:\n- 'n': a\n- \"n\": b\n- \"n\" : c\n- {\"n\":d, \"m\" : [a]}\n", 4},
		{"quotes around what is no key", "list:\n- \"n\":a\n- n: b\n", 0},
		{"keys of 1,000 characters, and of one more", "list:\n- x-" + strings.Repeat("k", 998) + ": a\n  n: b\n- {x-" + strings.Repeat("k", 998) + ": a, n: b}\n- {\"x-" + strings.Repeat("k", 996) + "\": a, n: b}\n- x-" + strings.Repeat("k", 999) + ": a\n  n: b\n", 3},
		{"a letter that looks like a blank, behind the key of the list", "list:\u0085\n- {}\n", 0},
		{"another", "list: \u00a0\n- {}\n", 0},
		{"a letter that looks like a blank, at the end of the document", "list:\n- {}\n... \u00a0\n", 0},
		{"a tag of nothing", "list:\n- n: !!str \n- n: !!str # a\n- {n: !!str , m: [a]}\n- n: !!str\n  m: [a]\ns: b\n", 0},
		{"a tag", "list:\n- n: !!str 12\n- n: a\n", 2},
		{"letters beyond ASCII", "s: ü\nlist:\n- n: \"ü\" # ü\n  title: ä ö\n- {n: ü, title: ö, m: [a]}\n", 2},
		{"lines that end in CR LF", "list:\r\n- n: a\r\n  m:\r\n  - b\r\n- n: |\r\n    c\r\n", 2},
		{"documents", "s: a\nlist:\n- n: b\n---\nlist:\n- n: c\ns: d\n--- # e\nlist: # f\n  - n: g\n", 3},
		{"a mark", "\ufefflist:\n- n: b\n---\n\ufefflist:\n- n: c\n", 2},
		{"a directive", "%YAML 1.1\n---\nlist:\n- n: b\n...\n", 1},
		{"an anchor above", "s: &a b\nx-c: &d {n: e}\nlist:\n- n: *a\n- w: {on: yes}\n- *d\n", 2},
		{"nothing else", "list:\n- {}\n", 1},
		{"JSON in a block", "list:\n- {\"n\": \"a\", \"m\": [\"b\", \"c\"], \"w\": {\"on\": true}}\n", 1},

		{"an anchor", "list:\n- n: &a b\n- n: *a\n", 1},
		{"an anchor that is given again below", "x-a: &a b\nlist:\n- n: *a\ns: &a c\n", 0},
		{"an alias below the list", "list:\n- n: &a b\ns: *a\n", 0},
		{"a merge key", "x-a: &a {n: b}\nlist:\n- <<: *a\n- n: c\n", 1},
		{"an unknown key", "list:\n- k: a\n- n: b\n", 1},
		{"a key given twice", "list:\n- n: a\n  n: b\n- x-a: b\n  x-a: c\n- {n: a, n: b}\n- n: c\n", 1},
		{"a key that is missing", "list:\n- each: [{}]\n- w: {apart: {}}\n- n: a\n", 1},
		{"values of another kind", "list:\n- n: [a]\n- m: b\n- w: c\n- w: [d]\n- each: {v: 1}\n- put: e\n- title: 12\n- title: yes\n- n: f\n", 1},
		{"nothing written", "list:\n- n:\n- m: [a, ]\n- n: ~\n- m: [~]\n- {n: }\n- w:\n  n: a\n-\n", 1},
		{"no mappings", "list:\n- a\n- [b]\n- 'c'\n- n: d\n", 1},
		{"a question mark", "list:\n- ? n\n  : a\n- n: b\n", 1},
		{"keys that begin otherwise", "list:\n- 1: a\n- n: b\n", 1},
		{"a finding in a row that takes nodes", "list:\n- nodes: [a]\n- nodes: 12\n- n: b\n", 1},
		{"an unknown key of the document", "k: a\nlist:\n- n: b\n", 0},
		{"JSON", "{\"list\": [{\"n\": \"a\"}]}\n", 0},
		{"a list in brackets", "list: [{n: a}]\n", 0},

		// Some are read directly and dropped: then all is read anew, as nodes.
		{"an item that is wrong", "list:\n- n: a\n- n: b\n c: d\n", 2},
		{"quotes that don't end", "list:\n- n: a\n- n: 'b\n- n: c\n", 2},
		{"quotes that reach out of their item", "list:\n- n: 'a\n- n: b'\n- n: c\n", 2},
	} {
		checkList(t, tt.text)
		if got := readList(tt.text, 0); got.taken != tt.taken {
			t.Errorf("%s: %d items are read directly, want %d: %q\n%s", tt.name, got.taken, tt.taken, tt.text, got.shown)
		}
	}
}

// Each text that is one small change away from items of all kinds comes to the same, directly
// and as nodes.
func TestEveryEditOfItems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		words      []string
		taken      int
	}{
		{"a block", "s: a\nlist:\n  - n: b\n    m:\n    - a\n    - b\n    w:\n      on: yes\n    x-c: d\n  - title: 'e'\n", []string{" ", "\n", "- ", ":", "#", "\t", "'", "|", "x-", "&f ", "*f ", "!!str ", "\r", "ü", "[", "? "}, 2075},
		{"braces", "list:\n- {n: b, m: [a, 'b'], w: {on: no}, x-a: {c: }, each: [{v: 1}],\n  put: 2}\n", []string{" ", "\n", ",", ":", "#", "\t", "\"", "}", "]", "{", "&f ", "*f", "? ", "ü"}, 428},
		{"texts", "list:\n- n: |\n    a\n\n     b\n  title: c\n    d\n- n: >2-\n    e\n  each:\n  - v: 1\n", []string{" ", "\n", "- ", ":", "#", "\t", "'", "x", "+", "...\n", "---\n"}, 2402},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			taken := 0
			everyEdit(tt.text, tt.words, 2, func(text string) {
				_, n := checkList(t, text)
				taken += n
			})
			if taken != tt.taken {
				t.Errorf("%d items are read directly, want %d", taken, tt.taken)
			}
		})
	}
}

// anItem draws an item that can mostly be read directly.
func anItem(t *rapid.T) string {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "text") }
	var b strings.Builder
	word := func() string {
		return pick("a", "b c", "'d'", "\"e\"", "\"f\\tg\"", "'h''i'", "ü", "\"é 🙂\"", "-j", ":k", "a:b", "a#b", "\"l\n     m\"", "n\n     o", "12", "yes", "~", "!!str 1", "*z", "&z p", "")
	}
	switch pick("block", "block", "flow") {
	case "flow":
		b.WriteString("- {")
		for range rapid.IntRange(0, 4).Draw(t, "pairs") {
			fmt.Fprintf(&b, "%s: %s%s", pick("n", "title", "\"n\"", "x-a", "nodes"), word(), pick(", ", ",", " ,", ",\n  ", " # c\n  ,"))
			b.WriteString(pick("", "m: [a, b], ", "w: {on: yes}, ", "each: [{v: 1}, {v: 2}], ", "w: {apart: {v: 3}}, ", "put: 4, ", "x-b: {c: [d]}, "))
		}
		b.WriteString("}" + pick("\n", " # c\n"))
	default:
		b.WriteString(pick("- n: a\n", "- n: b # c\n", "-\n  n: a\n", "- 'n' : a\n", "- x-a: b\n", "- # c\n  title: d\n"))
		for range rapid.IntRange(0, 4).Draw(t, "keys") {
			b.WriteString("  " + pick(
				"title: "+word()+"\n", "n: "+word()+"\n", "nodes: "+word()+"\n", "x-c: "+word()+"\n", "m: [a, b]\n", "m:\n  - a\n  - b\n", "m:\n    - c\n",
				"w: {on: yes, apart: {v: 1}}\n", "w:\n    on: no\n", "w:\n    apart:\n      v: 2\n", "each:\n  - v: 1\n  - {v: 2}\n", "each: [{v: 3}]\n",
				"n: |\n    d\n\n    e\n", "n: >-\n    f\n     g\n", "# h\n", "\n", "x-d:\n    - e: f\n", "put: 5\n", "put: "+word()+"\n", "k: l\n"))
		}
	}
	return b.String()
}

// Reading directly gives what reading nodes gives, to the last place.
func TestDirectly(t *testing.T) {
	items, taken := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "s: ü\n", "x-a: &z q\n", "\ufeff", "# r\n---\n"}).Draw(t, "head") + "list:\n"
		n := rapid.IntRange(1, 4).Draw(t, "items")
		for range n {
			text += anItem(t)
		}
		text += rapid.SampledFrom([]string{"", "", "s: t\n", "# u\n", "---\nlist:\n- n: v\n"}).Draw(t, "tail")
		for range rapid.IntRange(0, 1).Draw(t, "mutations") {
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			to := min(from+rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "cut"), len(text))
			text = text[:from] + rapid.SampledFrom(fragments).Draw(t, "fragment") + text[to:]
		}
		_, k := checkList(t, text)
		items, taken = items+2*n, taken+k
	})
	if taken*5 < items {
		t.Errorf("of %d items only %d are read directly", items, taken)
	}
}

func FuzzDirect(f *testing.F) {
	for i := range 40 {
		f.Add("list:\n" + rapid.Custom(anItem).Example(i))
	}
	f.Fuzz(func(t *testing.T, text string) { checkList(t, text) })
}
