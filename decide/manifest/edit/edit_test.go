package edit_test

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide/diag"
	"waitornot/decide/manifest/edit"
)

func at(line, column uint32) diag.Pos { return diag.Pos{Line: line, Column: column} }

func between(l1, c1, l2, c2 uint32) diag.Range { return diag.Range{Start: at(l1, c1), End: at(l2, c2)} }

func TestApply(t *testing.T) {
	for _, test := range []struct {
		name, src string
		edits     []diag.Edit
		want      string
	}{
		{"nothing", "a: 1\n", nil, "a: 1\n"},
		{"replace", "mode: sync\n", []diag.Edit{{Range: between(1, 7, 1, 11), New: "async"}}, "mode: async\n"},
		{"insert at the end of the file", "a: 1\n", []diag.Edit{{Range: between(2, 1, 2, 1), New: "b: 2\n"}}, "a: 1\nb: 2\n"},
		{"insert at the end of a file without a last line break", "a: 1", []diag.Edit{{Range: between(1, 5, 1, 5), New: "\nb: 2"}}, "a: 1\nb: 2"},
		{"delete over lines", "a: 1\nb: 2\nc: 3\n", []diag.Edit{{Range: between(1, 5, 2, 5), New: ""}}, "a: 1\nc: 3\n"},
		{"columns count characters", "名前: 値\n", []diag.Edit{{Range: between(1, 5, 1, 6), New: "x"}}, "名前: x\n"},
		{"a byte order mark takes no column", "\ufeffa: 1\n", []diag.Edit{{Range: between(1, 4, 1, 5), New: "2"}}, "\ufeffa: 2\n"},
		{"carriage returns stay", "a: 1\r\nb: 2\r\n", []diag.Edit{{Range: between(1, 4, 1, 5), New: "3"}}, "a: 3\r\nb: 2\r\n"},
		{"in any order", "ab\n", []diag.Edit{{Range: between(1, 2, 1, 3), New: "y"}, {Range: between(1, 1, 1, 2), New: "x"}}, "xy\n"},
		{"twice at one place, in the order given", "\n", []diag.Edit{{Range: between(1, 1, 1, 1), New: "1"}, {Range: between(1, 1, 1, 1), New: "2"}}, "12\n"},
		{"insert before what is replaced", "a\n", []diag.Edit{{Range: between(1, 1, 1, 2), New: "b"}, {Range: between(1, 1, 1, 1), New: ">"}}, ">b\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := edit.Apply([]byte(test.src), test.edits)
			if err != nil || string(got) != test.want {
				t.Errorf("Apply(%q) = %q, %v, want %q", test.src, got, err, test.want)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	for name, edits := range map[string][]diag.Edit{
		"no place at all":          {{New: "x"}},
		"a line after the last":    {{Range: between(4, 1, 4, 1), New: "x"}},
		"a column after the line":  {{Range: between(1, 6, 1, 6), New: "x"}},
		"an end before its start":  {{Range: between(2, 2, 2, 1), New: "x"}},
		"ranges that overlap":      {{Range: between(1, 1, 1, 3), New: "x"}, {Range: between(1, 2, 1, 4), New: "y"}},
		"an insertion in a change": {{Range: between(1, 1, 1, 4), New: "x"}, {Range: between(1, 2, 1, 2), New: "y"}},
	} {
		if got, err := edit.Apply([]byte("a: 1\nb: 2\n"), edits); err == nil {
			t.Errorf("%s: Apply gave %q, want an error", name, got)
		}
	}
}

// Replacing any range keeps all that stands before and after it.
func TestApplyKeepsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.StringOf(rapid.RuneFrom([]rune("ab: é界\r\n\n"))).Draw(t, "src")
		runes := []rune(src)
		from := rapid.IntRange(0, len(runes)).Draw(t, "from")
		to := rapid.IntRange(from, len(runes)).Draw(t, "to")
		text := rapid.StringOf(rapid.RuneFrom([]rune("xyz\n"))).Draw(t, "new")
		place := func(n int) diag.Pos {
			before := string(runes[:n])
			line := before[strings.LastIndexByte(before, '\n')+1:]
			return at(uint32(strings.Count(before, "\n"))+1, uint32(len([]rune(line)))+1)
		}
		got, err := edit.Apply([]byte(src), []diag.Edit{{Range: diag.Range{Start: place(from), End: place(to)}, New: text}})
		want := string(runes[:from]) + text + string(runes[to:])
		if err != nil || !bytes.Equal(got, []byte(want)) {
			t.Fatalf("Apply = %q, %v, want %q", got, err, want)
		}
	})
}
