package trace

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
)

// What is at a limit is read, what is above is left out and named; what stands beside it
// is read.
func TestLimits(t *testing.T) {
	t.Parallel()
	one := string(body(simple(1)))
	nested := func(n int) io.Reader {
		return strings.NewReader(`{"x":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "," + one[1:])
	}
	line := func(n int) io.Reader {
		return io.MultiReader(strings.NewReader(one+"\nx"), io.LimitReader(letters{}, int64(n-1)))
	}
	for name, test := range map[string]struct {
		read  io.Reader
		fault string // "" when there is none
	}{
		"nesting":        {nested(deepest), ""},
		"deeper nesting": {nested(deepest + 1), "nests deeper than 200"},
		"a line":         {line(longestLine), "found "},
		"a longer line":  {line(longestLine + 1<<20), "the line is longer than 32 MiB"},
	} {
		s := NewStore(Options{})
		if err := s.Read(context.Background(), "t", io.MultiReader(test.read, strings.NewReader("\n"+one+"\n"))); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(s.report.Faults); test.fault == "" && len(s.report.Faults) > 0 || !strings.Contains(got, test.fault) || s.report.Spans < 3 {
			t.Errorf("%s: %d spans, %.200s", name, s.report.Spans, got)
		}
	}
}

// letters is a line without end.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// As many names are kept as the limit says; all later ones are one.
func TestMostWords(t *testing.T) {
	t.Parallel()
	w := newWords()
	for i := range mostWords - 1 { // the empty text is one
		if n := w.number(fmt.Append(nil, i)); w.text(n) != fmt.Sprint(i) {
			t.Fatalf("word %d is %q", i, w.text(n))
		}
	}
	for _, text := range []string{"later", "latest"} {
		if n := w.number([]byte(text)); w.text(n) != manyNames {
			t.Errorf("%s is %q", text, w.text(n))
		}
	}
	if len(w.texts) != mostWords+1 {
		t.Errorf("%d words are kept", len(w.texts))
	}
}
