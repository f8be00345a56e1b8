package diag

import "testing"

// identify returns the fingerprints of findings.
func identify(findings ...Finding) []Fingerprint {
	Identify(findings, nil)
	var out []Fingerprint
	for _, f := range findings {
		out = append(out, f.Fingerprint)
	}
	return out
}

func at(line uint32) Range {
	return Range{Start: Pos{Line: line, Column: 1}, End: Pos{Line: line, Column: 2}}
}

// A finding about an operation of a service keeps its fingerprint when its
// text moves, is reworded, or its file is renamed.
func TestFingerprintSurvivesMoves(t *testing.T) {
	before := Finding{File: "a.yaml", Range: at(3), Code: "WN101", Operation: "shop/pay", Message: "x", Severity: Error}
	after := Finding{File: "b.yaml", Range: at(30), Code: "WN101", Operation: "shop/pay", Message: "y", Severity: Info}
	if got, want := identify(after)[0], identify(before)[0]; got != want {
		t.Errorf("fingerprint after a move = %v, want %v", got, want)
	}
	if identify(before)[0] == (Fingerprint{}) {
		t.Error("the fingerprint is the zero value")
	}
}

// Whatever makes two findings different things to fix tells their fingerprints
// apart.
func TestFingerprintsDiffer(t *testing.T) {
	base := Finding{File: "a.yaml", Range: at(3), Code: "WN101", Operation: "shop/pay"}
	vary := func(change func(*Finding)) Finding { f := base; change(&f); return f }
	for name, pair := range map[string][2]Finding{
		"code":               {base, vary(func(f *Finding) { f.Code = "WN102" })},
		"operation":          {base, vary(func(f *Finding) { f.Operation = "shop/ship" })},
		"service":            {base, vary(func(f *Finding) { f.Operation = "bank/pay" })},
		"key":                {base, vary(func(f *Finding) { f.Key = "timeout" })},
		"shifted parts":      {vary(func(f *Finding) { f.Operation, f.Key = "a/b", "c" }), vary(func(f *Finding) { f.Operation, f.Key = "a/bc", "" })},
		"only the place":     {base, vary(func(f *Finding) { f.Range = at(9) })},
		"file, no service":   {vary(func(f *Finding) { f.Operation = "pay" }), vary(func(f *Finding) { f.Operation, f.File = "pay", "b.yaml" })},
		"file, no operation": {vary(func(f *Finding) { f.Operation = "" }), vary(func(f *Finding) { f.Operation, f.File = "", "b.yaml" })},
	} {
		if got := identify(pair[0], pair[1]); got[0] == got[1] {
			t.Errorf("%s: both findings have fingerprint %v", name, got[0])
		}
	}
}

// Repairing a finding leaves the fingerprint of the first of its kind alone.
func TestFingerprintsOfRepeats(t *testing.T) {
	f := Finding{Code: "WN101", Operation: "shop/pay"}
	three, two := identify(f, f, f), identify(f, f)
	if three[0] != two[0] || three[1] != two[1] {
		t.Errorf("fingerprints of two = %v, want the first two of %v", two, three)
	}
}

func TestParseFingerprint(t *testing.T) {
	f := identify(Finding{Code: "WN101"})[0]
	if got, ok := ParseFingerprint(f.String()); !ok || got != f {
		t.Errorf("ParseFingerprint(%q) = %v, %v", f.String(), got, ok)
	}
	for _, bad := range []string{"", "12", f.String() + "00", "z" + f.String()[1:]} {
		if _, ok := ParseFingerprint(bad); ok {
			t.Errorf("ParseFingerprint(%q) is accepted", bad)
		}
	}
}
