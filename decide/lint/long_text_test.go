package lint_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
	"waitornot/decide/manifest"
)

// A long text is opened again where its places are needed after all, to remove a waiver that
// nothing needs. When it has changed since, or isn't to be had, no edit is offered.
func TestLongText(t *testing.T) {
	t.Parallel()
	const unused = "1s"
	for _, tt := range []struct {
		name, timeout string
		length        int // of the text
		again         string
		opened        int
		edits         int // of the last finding
	}{
		{"short", unused, lint.LongText, "changed", 1, 1},
		{"long", unused, lint.LongText + 1, "same", 2, 1},
		{"long and changed since", unused, lint.LongText + 1, "changed", 2, 0},
		{"long and gone since", unused, lint.LongText + 1, "gone", 2, 0},
		{"long, with a waiver that is needed", "2s", lint.LongText + 1, "gone", 1, 0},
	} {
		text := fmt.Sprintf(waived, tt.timeout, "WN301", "2027-01-01") + "#"
		text += strings.Repeat("x", tt.length-len(text))
		opened := 0
		open := func() (manifest.Source, error) {
			src := manifest.Source{Name: "a.yaml", Data: []byte(text)}
			opened++
			if opened > 1 && tt.again == "changed" {
				src.Data[0] = 'S'
			}
			if opened > 1 && tt.again == "gone" {
				return src, errors.New("gone")
			}
			return src, nil
		}
		r, err := lint.Run(context.Background(), []lint.Opener{open}, lint.Options{
			Rules: []*lint.Rule{linttest.Slow()}, Table: linttest.Table(t), Limits: decide.DefaultLimits(), Today: linttest.Today(),
		})
		if err != nil {
			t.Fatal(err)
		}
		edits := 0
		if n := len(r.Findings); n > 0 {
			edits = len(r.Findings[n-1].Edits)
		}
		if opened != tt.opened || edits != tt.edits || (len(r.Findings) == 1) != (tt.timeout == unused) {
			t.Errorf("%s: opened %d times, %d edits in %s", tt.name, opened, edits, brief(r))
		}
	}
}
