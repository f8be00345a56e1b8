package term

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// A told buffer says that something was written.
type told struct {
	bytes.Buffer
	wrote chan struct{}
}

func (b *told) Write(p []byte) (int, error) {
	n, err := b.Buffer.Write(p)
	b.wrote <- struct{}{}
	return n, err
}

// The line says how far the run is, replaces itself, and is gone at the end.
func TestProgress(t *testing.T) {
	out := told{wrote: make(chan struct{}, 10)}
	tick := make(chan time.Time)
	stopped := false
	p := startProgress(&out, "checking", "manifests", 340, tick, func() { stopped = true })
	tick <- time.Time{}
	<-out.wrote
	p.Step()
	p.Step()
	tick <- time.Time{}
	p.Stop()
	const erase = "\r\x1b[K"
	if want := erase + "checking 0 of 340 manifests" + erase + "checking 2 of 340 manifests" + erase; out.String() != want {
		t.Errorf("written %q, want %q", out.String(), want)
	}
	if !stopped {
		t.Error("the clock still ticks")
	}
}

func TestProgressOfAShortRunWritesNothing(t *testing.T) {
	var out bytes.Buffer
	p := startProgress(&out, "checking", "manifests", 340, make(chan time.Time), func() {})
	p.Step()
	p.Stop()
	if out.Len() > 0 {
		t.Errorf("written %q", out.String())
	}
}

func TestNoProgressOffATerminal(t *testing.T) {
	s := Streams{Err: io.Discard, Env: func(string) string { return "" }}
	p := s.Progress("checking", "manifests", 340)
	p.Step()
	p.Stop()
	if p != nil {
		t.Error("a line is shown where there is no terminal")
	}
}

func TestCutLeft(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{{"abcdef", 6, "abcdef"}, {"abcdef", 4, "…def"}, {"日本語x", 4, "…語x"}, {"", 3, ""}} {
		if got := CutLeft(c.text, c.columns); got != c.want || Cells(got) > c.columns {
			t.Errorf("CutLeft(%q, %d) = %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

// The short ways for plain text give what the long ones give.
func TestPlainTextIsMeasuredAndKept(t *testing.T) {
	for r := rune(0); r < 0x100; r++ {
		text := "a" + string(r) + "b"
		if safe := Safe(text); strings.ContainsRune(safe, r) != (r >= ' ' && r != 0x7f && (r < 0x80 || r >= 0xa0) && r != 0xad) {
			t.Errorf("Safe(%q) = %q", text, safe)
		}
	}
	if got := Cells("plain ~ text"); got != 12 {
		t.Errorf("Cells = %d, want 12", got)
	}
}
