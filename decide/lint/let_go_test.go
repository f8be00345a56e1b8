package lint_test

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"weak"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
	"waitornot/decide/manifest"
)

// severalPieces is long enough to be read in pieces.
var severalPieces = strings.Repeat("---\nservice: shop\noperations:\n- {name: pay, callee: bank, mode: sync, timeout: 1s, answers: {immediacy: yes, latency: 2s}}\n", 3000)

// A text that can be read again is in nobody's hands while rules look at its operations.
func TestTextIsLetGo(t *testing.T) {
	held := func(again bool) bool {
		var text weak.Pointer[byte]
		open := func() (manifest.Source, error) {
			data := []byte(severalPieces)
			text = weak.Make(&data[0])
			src := manifest.Source{Name: "a.yaml", Data: data}
			if again {
				src.Part = func(into []byte, from int) error { copy(into, severalPieces[from:]); return nil }
			}
			return src, nil
		}
		looked, held := false, false
		rule := &lint.Rule{Code: "WN301", Name: "looks", Severity: diag.Warning, Operation: func(*lint.Pass, *lint.Subject) {
			if !looked {
				runtime.GC()
				looked, held = true, text.Value() != nil
			}
		}}
		run(t, open, rule)
		if !looked {
			t.Fatal("no operation was looked at")
		}
		return held
	}
	if held(true) {
		t.Error("the text is held though it could be read again")
	}
	if !held(false) {
		t.Error("the text isn't held: this test proves nothing")
	}
}

func run(t *testing.T, open lint.Opener, rules ...*lint.Rule) *lint.Result {
	t.Helper()
	r, err := lint.Run(context.Background(), []lint.Opener{open}, lint.Options{
		Rules: rules, Table: linttest.Table(t), Limits: decide.DefaultLimits(), Today: linttest.Today(), Workers: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A text that can't be read in pieces after all, or has changed meanwhile, is opened again and
// held: the result is that of the text as it is then.
func TestOpenedAgain(t *testing.T) {
	t.Parallel()
	unclosed := severalPieces + "---\noperations: [\n"
	for _, tt := range []struct {
		name, text, then string
		err              error // of opening it again
		opened           int
	}{
		{"as it was", severalPieces, severalPieces, nil, 1},
		{"it doesn't parse", unclosed, unclosed, nil, 2},
		{"changed", severalPieces, strings.Replace(severalPieces, "pay", "buy", 1), nil, 2},
		{"shorter", severalPieces, severalPieces[:len(severalPieces)/2], nil, 2},
		{"gone", severalPieces, "", errors.New("gone"), 2},
	} {
		opened := 0
		got := run(t, func() (manifest.Source, error) {
			if opened++; opened > 1 {
				return manifest.Source{Name: "a.yaml", Data: []byte(tt.then), Part: func([]byte, int) error { return errors.New("held") }}, tt.err
			}
			return manifest.Source{Name: "a.yaml", Data: []byte(tt.text), Part: func(into []byte, from int) error {
				if tt.err != nil || from+len(into) > len(tt.then) {
					return errors.New("less than that")
				}
				copy(into, tt.then[from:])
				return nil
			}}, nil
		}, linttest.Slow())
		want := run(t, func() (manifest.Source, error) { return manifest.Source{Name: "a.yaml", Data: []byte(tt.then)}, tt.err }, linttest.Slow())
		if opened != tt.opened || !reflect.DeepEqual(got, want) || tt.err == nil && len(got.Findings) == 0 {
			t.Errorf("%s: opened %d times, %d findings and %v, want %d and %v", tt.name, opened, len(got.Findings), got.Unreadable, len(want.Findings), want.Unreadable)
		}
	}
}
