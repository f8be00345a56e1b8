package edit_test

import (
	"strings"
	"testing"

	"waitornot/decide/diag"
	"waitornot/decide/manifest/edit"
)

// marked returns a text without its marks, and the ranges between ‹ and ›.
func marked(t *testing.T, text string) (string, []diag.Range) {
	t.Helper()
	src := strings.NewReplacer("‹", "", "›", "").Replace(text)
	x := edit.NewPlaces(diag.NewText([]byte(src)))
	var ranges []diag.Range
	var open []int
	at := 0
	for _, r := range text {
		switch r {
		case '‹':
			open = append(open, at)
		case '›':
			ranges = append(ranges, diag.Range{Start: x.Pos(open[len(open)-1]), End: x.Pos(at)})
			open = open[:len(open)-1]
		default:
			at += len(string(r))
		}
	}
	return src, ranges
}

func apply(t *testing.T, src string, edits ...diag.Edit) string {
	t.Helper()
	out, err := edit.Apply([]byte(src), edits)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A pair goes inside the braces or on a line of its own; "" is no safe place.
func TestPlacesAdd(t *testing.T) {
	for _, tt := range []struct{ name, text, value, want string }{
		{"flow", "d: ‹{a: 1}› # c\n", "x", "d: {a: 1, k: x} # c\n"},
		{"empty flow", "d: ‹{}›\n", "x", "d: {k: x}\n"},
		{"blank before the brace", "d: ‹{ a: 1 }›\n", "x", "d: { a: 1, k: x }\n"},
		{"comma at the end", "d: ‹{a: 1,}›\n", "x", "d: {a: 1, k: x}\n"},
		{"several lines", "d: ‹{\n  a: 1\n}›\n", "x", "d: {\n  a: 1, k: x\n}\n"},
		{"a comment inside", "d: ‹{\n  a: 1 # }\n}›\n", "x", ""},
		{"JSON", `{"d": ‹{"a": 1}›}`, "x", `{"d": {"a": 1, "k": "x"}}`},
		{"block", "d:\n  ‹a: 1\n  b: 2› # two\ne: 3\n", "x", "d:\n  a: 1\n  b: 2 # two\n  k: x\ne: 3\n"},
		{"block, end of the file", "d:\n  ‹a: 1›", "x", "d:\n  a: 1\n  k: x"},
		{"block, carriage returns", "d:\r\n  ‹a: 1›\r\ne: 3\r\n", "x", "d:\r\n  a: 1\r\n  k: x\r\ne: 3\r\n"},
		{"block in a list", "- ‹a: 1\n  b: 2›\n", "x", "- a: 1\n  b: 2\n  k: x\n"},
		{"a value that needs quotes", "d: ‹{a: 1}›\n", "x: #1", "d: {a: 1, k: \"x: #1\"}\n"},
		{"beyond ASCII", "é: ‹{ü: 1}› # ß\n", "x", "é: {ü: 1, k: x} # ß\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src, ranges := marked(t, tt.text)
			e, ok := edit.NewPlaces(diag.NewText([]byte(src))).Add(ranges[0], "k", tt.value)
			got := ""
			if ok {
				got = apply(t, src, e)
			}
			if got != tt.want {
				t.Errorf("AddPair gave %q, want %q", got, tt.want)
			}
		})
	}
}

// Items go with what belongs to them alone; "" is no safe way.
func TestPlacesRemove(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		all        bool
		want       string
	}{
		{"line", "w:\n  - {a: 1}\n  - ‹{b: 2}› # two\n  - {c: 3}\n", false, "w:\n  - {a: 1}\n  - {c: 3}\n"},
		{"lines", "w:\n- ‹a: 1\n  b: 2›\n- c: 3\n", false, "w:\n- c: 3\n"},
		{"comment above stays", "w:\n# one\n- ‹a›\n- b\n", false, "w:\n# one\n- b\n"},
		{"last line of all", "w:\n- a\n- ‹b›", false, "w:\n- a"},
		{"carriage returns", "w:\r\n- a\r\n- ‹b›\r\nx: 1\r\n", false, "w:\r\n- a\r\nx: 1\r\n"},
		{"first of a flow list", "w: [‹a›, b]\n", false, "w: [b]\n"},
		{"middle", "w: [a, ‹b›, c]\n", false, "w: [a, c]\n"},
		{"last", "w: [a, ‹b›]\n", false, "w: [a]\n"},
		{"next to a comment", "w: [a, ‹b› # x\n ]\n", false, ""},
		{"a list in a list", "- - ‹a›\n  - b\n", false, ""},
		{"all, the key alone", "n: 1\nw:\n  - ‹a›\n  - ‹b›\nx: 1\n", true, "n: 1\nx: 1\n"},
		{"all, in brackets", "n: 1\nw: [‹a›, ‹b›] # c\nx: 1\n", true, "n: 1\nx: 1\n"},
		{"all, brackets on several lines", "n: 1\nw: [\n  ‹a›,\n  ‹b›,\n]\nx: 1\n", true, "n: 1\nx: 1\n"},
		{"all, a comment between", "n: 1\nw:\n  # why\n  - ‹a›\nx: 1\n", true, "n: 1\nw: []\n  # why\nx: 1\n"},
		{"all, first key of its item", "- w:\n  - ‹a›\n  n: 1\n", true, "- w: []\n  n: 1\n"},
		{"all, in braces", "{n: 1, w: [‹a›]}\n", true, "{n: 1, w: []}\n"},
		{"all, in braces with a comment", "{n: 1, w: [‹a›, # x\n]}\n", true, ""},
		{"all, under an anchor", "w: &w\n- ‹a›\n", true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src, ranges := marked(t, tt.text)
			edits, ok := edit.NewPlaces(diag.NewText([]byte(src))).Remove("w", ranges, tt.all)
			got := ""
			if ok {
				got = apply(t, src, edits...)
			}
			if got != tt.want {
				t.Errorf("Remove gave %q, want %q", got, tt.want)
			}
		})
	}
}

// What may have an anchor is told from what only holds an ampersand.
func TestAnchored(t *testing.T) {
	for text, want := range map[string]bool{
		"‹a: &x 1›": true, "- &x ‹a: 1›": true, "a: ‹[&x 1]›": true, "&x ‹a›": true,
		"‹a: R&D›": false, "‹a: you & me›": false, "‹a: 1›\nb: &x 2": false,
	} {
		src, ranges := marked(t, text)
		if got := edit.NewPlaces(diag.NewText([]byte(src))).Anchored(ranges[0]); got != want {
			t.Errorf("Anchored(%q) = %t, want %t", text, got, want)
		}
	}
}
