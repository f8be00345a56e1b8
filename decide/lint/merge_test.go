package lint

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide/diag"
)

// Merging keeps every finding: as one of the result, or as a place that one of them points
// at; and the gravest of a file stand first.
func TestMergeKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var before []diag.Finding
		for i := range rapid.IntRange(0, 12).Draw(t, "findings") {
			f := diag.Finding{
				File: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "file"), Code: rapid.SampledFrom([]string{"X1", "X2"}).Draw(t, "code"),
				Shared: rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "shared"), Severity: rapid.SampledFrom(diag.Severities()).Draw(t, "severity"),
				Range: diag.Range{Start: diag.Pos{Line: uint32(i + 1), Column: 1}},
				Edits: make([]diag.Edit, i%2),
			}
			f.Message = fmt.Sprintf("%s: %d", f.Shared, i)
			before = append(before, f)
		}
		r := &Result{Findings: diag.Sort(slices.Clone(before))}
		r.Merge()
		edits, want := 0, 0
		places := map[uint32]bool{}
		for i, f := range r.Findings {
			places[f.Range.Start.Line] = true
			for _, also := range f.Related {
				places[also.Range.Start.Line] = true
			}
			edits += len(f.Edits)
			if i > 0 && r.Findings[i-1].File == f.File && r.Findings[i-1].Severity < f.Severity {
				t.Fatalf("%v stands behind %v", f.Severity, r.Findings[i-1].Severity)
			}
			for _, other := range r.Findings[:i] {
				if f.Shared != "" && f.Shared == other.Shared && f.File == other.File && f.Code == other.Code && f.Severity == other.Severity {
					t.Fatal("two findings say the same")
				}
			}
		}
		for _, f := range before {
			want += len(f.Edits)
			if !places[f.Range.Start.Line] {
				t.Fatalf("line %d is lost", f.Range.Start.Line)
			}
		}
		if edits != want {
			t.Fatalf("%d edits, want %d", edits, want)
		}
	})
}

func TestMergedMessage(t *testing.T) {
	for n, want := range map[int]string{
		1: "x: 1", 2: "x: 1 and 2", 3: "x: 1, 2, and 3", 4: "x: 1, 2, 3, and 4", 5: "x: 1, 2, 3, and 2 more",
	} {
		r := &Result{}
		for i := range n {
			r.Findings = append(r.Findings, diag.Finding{Shared: "x", Message: fmt.Sprintf("x: %d", i+1), Range: diag.Range{Start: diag.Pos{Line: uint32(i)}}})
		}
		r.Merge()
		if len(r.Findings) != 1 || r.Findings[0].Message != want || len(r.Findings[0].Related) != n-1 {
			t.Errorf("%d: %+v", n, r.Findings)
		}
	}
}

// Findings that say the same of no name are counted.
func TestMergedAlike(t *testing.T) {
	r := &Result{}
	for i := range 3 {
		r.Findings = append(r.Findings, diag.Finding{Shared: "x", Message: "x", Range: diag.Range{Start: diag.Pos{Line: uint32(i + 1)}}})
	}
	r.Merge()
	if len(r.Findings) != 1 || r.Findings[0].Message != "x (3 times)" || len(r.Findings[0].Related) != 2 || r.Findings[0].Related[0].Message != "here, too" {
		t.Errorf("%+v", r.Findings)
	}
}

// A merged finding points at each place once that its findings point at besides.
func TestMergedRelatedOnce(t *testing.T) {
	t.Parallel()
	shared := diag.Related{File: "a", Message: "both point here"}
	own := diag.Related{File: "a", Message: "one points here"}
	r := &Result{Findings: []diag.Finding{
		{Shared: "x", Message: "x: 1", Related: []diag.Related{shared}},
		{Shared: "x", Message: "x: 2", Related: []diag.Related{shared, own}},
	}}
	r.Merge()
	if got := r.Findings[0].Related; len(got) != 3 || got[0].Message != "2" || got[1] != shared || got[2] != own {
		t.Errorf("related: %+v", got)
	}
}

// The gravest findings of a file come first, and those of one file and severity in the order in
// which they were.
func TestGravestFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list, want []diag.Finding
		for i, x := range rapid.SliceOf(rapid.IntRange(0, 5)).Draw(t, "findings") {
			list = append(list, diag.Finding{File: string(rune('a' + x%2)), Severity: diag.Severity(1 + x/2), Message: strconv.Itoa(i)})
		}
		want = slices.Clone(list)
		slices.SortStableFunc(want, func(a, b diag.Finding) int {
			return cmp.Or(strings.Compare(a.File, b.File), int(b.Severity)-int(a.Severity))
		})
		if gravestFirst(list); !reflect.DeepEqual(list, want) {
			t.Fatalf("%v, want %v", list, want)
		}
	})
}
