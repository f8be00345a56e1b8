package lint

import (
	"reflect"
	"slices"
	"testing"

	"waitornot/decide/diag"
)

// Findings come out of a pack as they went in, in their order, whatever they have in common;
// what they share is kept once, and a pack that is made keeps nothing of those before it.
func TestPack(t *testing.T) {
	t.Parallel()
	at := func(line uint32) diag.Range {
		return diag.Range{Start: diag.Pos{Line: line, Column: 1}, End: diag.Pos{Line: line, Column: 2}}
	}
	base := diag.Finding{File: "a.yaml", Range: at(1), Code: "WN301", Rule: "timeout-missing", Severity: diag.Error, Message: "a: b", Fix: "set one", Operation: "shop/pay"}
	vary := func(change func(*diag.Finding)) diag.Finding { f := base; change(&f); return f }
	findings := []diag.Finding{
		base, base,
		vary(func(f *diag.Finding) { f.Range = at(2); f.Message = "c"; f.Operation = "shop/ship" }),
		vary(func(f *diag.Finding) { f.File = "b.yaml" }),
		vary(func(f *diag.Finding) { f.Code = "WN302" }),
		vary(func(f *diag.Finding) { f.Rule = "other" }),
		vary(func(f *diag.Finding) { f.Severity = diag.Info }),
		vary(func(f *diag.Finding) { f.Fix = "" }),
		vary(func(f *diag.Finding) { f.Safe = true }),
		vary(func(f *diag.Finding) { f.Shared = "a" }),
		vary(func(f *diag.Finding) { f.Shared = "a"; f.Message = "a: c" }),
		vary(func(f *diag.Finding) { f.Shared = "a"; f.Message = "a" }),
		vary(func(f *diag.Finding) { f.Shared = "a"; f.Message = "b" }),
		vary(func(f *diag.Finding) { f.Message = ": b" }),
		vary(func(f *diag.Finding) { f.Related = []diag.Related{{File: "b.yaml", Range: at(3), Message: "see"}} }),
		vary(func(f *diag.Finding) { f.Edits = []diag.Edit{{Range: at(4), New: "x"}} }),
		vary(func(f *diag.Finding) { f.Key = "timeout" }),
		vary(func(f *diag.Finding) { f.Fingerprint[15] = 1 }),
	}
	for f := range reflect.TypeFor[diag.Finding]().Fields() {
		if !slices.ContainsFunc(findings, func(x diag.Finding) bool { return !reflect.ValueOf(x).FieldByIndex(f.Index).IsZero() }) {
			t.Errorf("no finding here has %s: what a pack leaves out isn't seen", f.Name)
		}
	}
	var room packers
	for range 2 {
		p := room.take()
		for i := range findings {
			p.add(&findings[i])
		}
		made := room.give(p)
		if got := made.unpack([]diag.Finding{base}, nil); !reflect.DeepEqual(got[1:], findings) || !reflect.DeepEqual(got[0], base) {
			t.Errorf("came out as %v", got)
		}
		if len(made.heads) != 9 || made.list[0].rare != nil || cap(made.list) > len(findings)+len(findings)/4 {
			t.Errorf("%d heads, room for %d findings, the first has %v", len(made.heads), cap(made.list), made.list[0].rare)
		}
		if room.take() != p || len(p.heads)+len(p.list)+len(p.known) > 0 || p.list[:1][0] != (packed{}) || p.heads[:1][0] != (head{}) {
			t.Error("the room for the next holds on to what was found")
		}
		room.free.Give(p)
	}
}
