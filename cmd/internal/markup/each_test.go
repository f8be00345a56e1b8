package markup

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"
)

// However many things there are, what is written is what one after the other gives.
func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, together, together + 1, 10*together + 7} {
		var want strings.Builder
		for i := range n {
			want.WriteString(strconv.Itoa(i) + "\n")
		}
		var got bytes.Buffer
		w := NewWriter(&got)
		w.Each(n, func(w *Writer) func(int) {
			return func(i int) { w.WriteString(strconv.Itoa(i) + "\n") }
		})
		if err := w.Flush(); err != nil || got.String() != want.String() {
			t.Errorf("%d things: %v, %d bytes, want %d", n, err, got.Len(), want.Len())
		}
	}
}

func TestAddEach(t *testing.T) {
	for _, before := range []int{0, 1} {
		for _, n := range []int{0, 1, 3 * together} {
			var want, got bytes.Buffer
			one, each := NewWriter(&want), NewWriter(&got)
			a, b := NewJSONEncoder(one).Array(), NewJSONEncoder(each).Array()
			for i := range before {
				a.Add(-i)
				b.Add(-i)
			}
			for i := range n {
				a.Add(i)
			}
			b.AddEach(n, func() func(int) any { return func(i int) any { return i } })
			a.Add("end")
			b.Add("end")
			a.End()
			b.End()
			if one.Flush() != nil || each.Flush() != nil || want.String() != got.String() {
				t.Errorf("%d after %d: %q, want %q", n, before, got.String(), want.String())
			}
		}
	}
}

// What one goroutine can't encode fails the whole.
func TestEachFails(t *testing.T) {
	fault := errors.New("broken")
	for _, n := range []int{1, 5 * together} {
		w := NewWriter(new(bytes.Buffer))
		w.Each(n, func(w *Writer) func(int) {
			return func(i int) {
				if i == n-1 {
					w.Fail(fault)
				}
			}
		})
		if err := w.Flush(); err != fault {
			t.Errorf("%d things: %v", n, err)
		}
	}
}
