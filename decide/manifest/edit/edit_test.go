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
		edits     []edit.Edit
		want      string
	}{
		{"nothing", "a: 1\n", nil, "a: 1\n"},
		{"replace", "mode: sync\n", []edit.Edit{{between(1, 7, 1, 11), "async"}}, "mode: async\n"},
		{"insert at the end of the file", "a: 1\n", []edit.Edit{{between(2, 1, 2, 1), "b: 2\n"}}, "a: 1\nb: 2\n"},
		{"insert at the end of a file without a last line break", "a: 1", []edit.Edit{{between(1, 5, 1, 5), "\nb: 2"}}, "a: 1\nb: 2"},
		{"delete over lines", "a: 1\nb: 2\nc: 3\n", []edit.Edit{{between(1, 5, 2, 5), ""}}, "a: 1\nc: 3\n"},
		{"columns count characters", "名前: 値\n", []edit.Edit{{between(1, 5, 1, 6), "x"}}, "名前: x\n"},
		{"a byte order mark takes no column", "\ufeffa: 1\n", []edit.Edit{{between(1, 4, 1, 5), "2"}}, "\ufeffa: 2\n"},
		{"carriage returns stay", "a: 1\r\nb: 2\r\n", []edit.Edit{{between(1, 4, 1, 5), "3"}}, "a: 3\r\nb: 2\r\n"},
		{"in any order", "ab\n", []edit.Edit{{between(1, 2, 1, 3), "y"}, {between(1, 1, 1, 2), "x"}}, "xy\n"},
		{"twice at one place, in the order given", "\n", []edit.Edit{{between(1, 1, 1, 1), "1"}, {between(1, 1, 1, 1), "2"}}, "12\n"},
		{"insert before what is replaced", "a\n", []edit.Edit{{between(1, 1, 1, 2), "b"}, {between(1, 1, 1, 1), ">"}}, ">b\n"},
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
	for name, edits := range map[string][]edit.Edit{
		"no place at all":          {{diag.Range{}, "x"}},
		"a line after the last":    {{between(4, 1, 4, 1), "x"}},
		"a column after the line":  {{between(1, 6, 1, 6), "x"}},
		"an end before its start":  {{between(2, 2, 2, 1), "x"}},
		"ranges that overlap":      {{between(1, 1, 1, 3), "x"}, {between(1, 2, 1, 4), "y"}},
		"an insertion in a change": {{between(1, 1, 1, 4), "x"}, {between(1, 2, 1, 2), "y"}},
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
		got, err := edit.Apply([]byte(src), []edit.Edit{{diag.Range{Start: place(from), End: place(to)}, text}})
		want := string(runes[:from]) + text + string(runes[to:])
		if err != nil || !bytes.Equal(got, []byte(want)) {
			t.Fatalf("Apply = %q, %v, want %q", got, err, want)
		}
	})
}
