package manifest

import (
	"fmt"
	"strings"
	"testing"

	"waitornot/decide/diag"
)

// What would take minutes if it were looked at again and again for every line,
// key or step ends soon; the test's own time limit says when it does not.
func TestLinear(t *testing.T) {
	repeat := func(n int, row func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(row(i))
		}
		return b.String()
	}
	unknown := repeat(20_000, func(i int) string { return fmt.Sprintf("key-%d: 1\n", i) })
	for _, test := range []struct {
		name, text string
		findings   int
	}{
		{"unknown keys", unknown + "operations: []\n", 20_000},
		{"misspelt keys", repeat(20_000, func(i int) string { return fmt.Sprintf("owner%c: 1\n", 0x4e00+i) }), 20_000},
		{"one key again and again", unknown + repeat(20_000, func(int) string { return "owner: a\n" }), 39_999},
		{"documents", repeat(200_000, func(i int) string { return fmt.Sprintf("---\noperations: [{name: op-%d, answers: {}}]\n", i) }), 0},
		{"broken documents", repeat(2_000, func(int) string { return "---\n\tx\n" }), 2_000},
		{"one long line that is not ASCII", "{service: ü, operations: [" +
			repeat(10_000, func(i int) string { return fmt.Sprintf("{name: ü%d, answers: {latency: soon}},", i) }) + "]}\n", 10_000},
		{"wrong steps", "operations:\n" + repeat(20_000, func(i int) string { return fmt.Sprintf("- {name: op-%d, answers: {}}\n", i) }) +
			"journeys:\n- name: j\n  steps:\n" + repeat(20_000, func(i int) string { return fmt.Sprintf("  - po-%d\n", i) }), 20_000},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, _ := Read(Source{Name: "long.yaml", Data: []byte(test.text)}, Options{})
			if got := len(file.Findings) + len(CrossCheck([]*File{file})); got != test.findings {
				t.Errorf("%d findings, want %d", got, test.findings)
			}
		})
	}
}

// A column is counted in code points, however long the line.
func TestLongLine(t *testing.T) {
	var b strings.Builder
	b.WriteString("{service: ü, operations: [\n")
	var want []uint32
	column := uint32(1)
	for i := range 3_000 {
		row := fmt.Sprintf("{name: \"grün-%d 🙂\", answers: {}}, ", i)
		want = append(want, column+uint32(len("{name: ")))
		column += uint32(len([]rune(row)))
		b.WriteString(row)
	}
	b.WriteString("]}\n")
	_, ops := read(b.String())
	for i, op := range ops {
		if got := op.Name.Range; got.Start != (diag.Pos{Line: 2, Column: want[i]}) || got.End.Column != want[i]+uint32(len([]rune(op.Name.Value)))+2 {
			t.Fatalf("operation %d is at %s, want column %d", i, place(got), want[i])
		}
	}
	if len(ops) != 3_000 {
		t.Errorf("%d operations", len(ops))
	}
}
