package term

import (
	"io"
	"strings"
	"testing"
)

// Lines come without their breaks, the last one with or without one; then the end
// comes as often as it is asked for.
func TestReadLines(t *testing.T) {
	t.Parallel()
	lines := ReadLines(strings.NewReader("one\r\n\ntwo \nlast"))
	for _, want := range []string{"one", "", "two ", "last"} {
		if got := <-lines; got.Text != want || got.Err != nil {
			t.Errorf("%+v, want %q", got, want)
		}
	}
	for range 2 {
		if got := <-lines; got.Err != io.EOF || got.Text != "" {
			t.Errorf("%+v at the end", got)
		}
	}
}
