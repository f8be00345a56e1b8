package yamlfile

import (
	"runtime"
	"strings"
	"testing"
	"weak"

	"waitornot/decide/diag"
)

// A room holds on to no long text that was read in it.
func TestRoomForgets(t *testing.T) {
	t.Parallel()
	format := &Format[int, int]{
		List:   "list",
		Header: func(_ *Walker, v Value, _ int) (Header[int], bool) { return Header[int]{List: v}, true },
		SetEnd: func(int, diag.Pos) {}, Items: func(w *Walker, _ int, list Value, _ *int) { w.Items(list, func(v Value) bool { return v.hand == nil }) }, Done: func(*int) {},
	}
	for _, tt := range []struct {
		name, text string
		held       bool // looking at all nodes would take longer than reading
	}{
		{"a list", "list:\n" + strings.Repeat("- {a: b, c: [d]}\n", 10_000), false},
		{"in order", "list:\n- &a b\n" + strings.Repeat("- {a: *a, c: [d]}\n", 10_000), false},
		{"documents", strings.Repeat("---\na: b\n", 20_000), false},
		{"anchors in brackets", "list:\n" + strings.Repeat("- [&a [*a]]\n", 10_000), false},
		{"a short one", "list: [" + strings.Repeat(" ", mostPinned-9) + "b]", true},
		{"one that is no longer short", "list: [" + strings.Repeat(" ", mostPinned-8) + "b]", false},
		{"in one", "list:\n- a\nlist:\n" + strings.Repeat("- {a: b, c: [d]}\n", 10_000), false},
	} {
		room, data := new(Room), []byte(tt.text)
		held := weak.Make(&data[0])
		Read(Source{Name: "f", Data: data}, Options{Room: room, Workers: 2}, format)
		data = nil
		runtime.GC()
		if got := held.Value() != nil; got != tt.held {
			t.Errorf("%s: the text is held: %t", tt.name, got)
		}
		runtime.KeepAlive(room)
	}
}
