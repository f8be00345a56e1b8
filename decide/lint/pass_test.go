package lint

import (
	"runtime"
	"testing"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

func lines(from, to uint32) diag.Range {
	return diag.Range{Start: diag.Pos{Line: from, Column: 3}, End: diag.Pos{Line: to, Column: 9}}
}

// An edit belongs to the operation when it is in its lines or right behind them.
func TestEditElsewhere(t *testing.T) {
	t.Parallel()
	s := &Subject{Operation: &manifest.Operation{Range: lines(5, 8)}}
	for line, want := range map[uint32]bool{4: true, 5: false, 8: false, 9: false, 10: true} {
		if s.elsewhere(diag.Edit{Range: lines(line, line)}) != want {
			t.Errorf("an edit in line %d of lines 5 to 8: elsewhere is %t", line, !want)
		}
	}
}

// An operation works in the mode that it declares, and in none without a mode.
func TestWorks(t *testing.T) {
	t.Parallel()
	declared := &Subject{Operation: &manifest.Operation{}}
	for _, v := range []decide.Verdict{decide.Sync, decide.Async, decide.Hybrid} {
		if declared.Works(v) {
			t.Errorf("without a mode it works %s", v)
		}
	}
	declared.Mode = manifest.Field[decide.Verdict]{Value: decide.Async, Range: lines(1, 1)}
	if declared.Works(decide.Sync, decide.Hybrid) || !declared.Works(decide.Sync, decide.Async) {
		t.Error("declared async, it works async and in no other mode")
	}
}

// A parameter has its value, else its default; one that the rule doesn't declare is zero.
func TestParamOfPass(t *testing.T) {
	t.Parallel()
	p := &Pass{Rule: &Rule{Params: []Param{{Name: "a", Default: 3}, {Name: "b", Default: 4}}}}
	if p.Param("a") != 3 || p.Param("b") != 4 || p.Param("c") != 0 {
		t.Errorf("defaults: %v, %v, %v", p.Param("a"), p.Param("b"), p.Param("c"))
	}
	p.values = []float64{5, 6}
	if p.Param("a") != 5 || p.Param("b") != 6 || p.Param("c") != 0 {
		t.Errorf("values: %v, %v, %v", p.Param("a"), p.Param("b"), p.Param("c"))
	}
}

// A lower severity is the next one, and never none.
func TestLowerSeverity(t *testing.T) {
	t.Parallel()
	for from, want := range map[diag.Severity]diag.Severity{diag.Error: diag.Warning, diag.Warning: diag.Info, diag.Info: diag.Info} {
		var got diag.Severity
		p := &Pass{Rule: &Rule{Severity: from}, report: func(f diag.Finding) { got = f.Severity }}
		p.LowerSeverity().ReportIn("a.yaml", diag.Range{}, "", "", "")
		if got != want {
			t.Errorf("%s becomes %s, want %s", from, got, want)
		}
	}
}

// What is said once for several says what they share, and keeps it apart.
func TestOnce(t *testing.T) {
	t.Parallel()
	var got diag.Finding
	p := &Pass{Rule: &Rule{Severity: diag.Error}, report: func(f diag.Finding) { got = f }}
	p.Once("the client of x never gives up").LowerSeverity().ReportIn("a.yaml", diag.Range{}, "", `"pay"`, "")
	if got.Shared != "the client of x never gives up" || got.Message != `the client of x never gives up: "pay"` || got.Severity != diag.Warning {
		t.Errorf("%+v", got)
	}
	if p.ReportIn("a.yaml", diag.Range{}, "", `"pay"`, ""); got.Shared != "" || got.Message != `"pay"` {
		t.Errorf("by the pass itself: %+v", got)
	}
}

// Rules are known by code and by name: those given, and those that nobody gives.
func TestByWord(t *testing.T) {
	t.Parallel()
	ours := &Rule{Code: "OURS001", Name: "ours"}
	known := ByWord([]*Rule{ours})
	for _, word := range []string{"OURS001", "ours"} {
		if known[word] != ours {
			t.Errorf("%s is %v", word, known[word])
		}
	}
	for _, r := range EngineRules() {
		if known[r.Code] != r || known[r.Name] != r {
			t.Errorf("%s isn't known by its words", r.Code)
		}
	}
	if r := known["unknown-key"]; r == nil || r.Code != "WN006" {
		t.Errorf("a rule of the reader: %v", r)
	}
}

// What the reader says about an operation counts, in its lines and outside of its waivers.
func TestReportsOn(t *testing.T) {
	t.Parallel()
	at := func(line, column uint32) diag.Finding {
		return diag.Finding{Range: diag.Range{Start: diag.Pos{Line: line, Column: column}, End: diag.Pos{Line: line, Column: column + 1}}}
	}
	var one, other waived
	one.waiver.Range, other.waiver.Range = lines(6, 7), lines(4, 5)
	for _, tt := range []struct {
		what    string
		waivers []waived
		reader  []diag.Finding
		want    bool
	}{
		{"nothing", []waived{one}, nil, false},
		{"before and behind it", []waived{one}, []diag.Finding{at(1, 9), at(9, 9), at(12, 1)}, false},
		{"at its first place", []waived{one}, []diag.Finding{at(2, 3)}, true},
		{"in its one waiver", []waived{one}, []diag.Finding{at(6, 3), at(7, 8)}, false},
		{"right behind its one waiver", []waived{one}, []diag.Finding{at(6, 5), at(7, 9)}, true},
		{"in each of two, in any order", []waived{one, other}, []diag.Finding{at(4, 4), at(6, 4)}, false},
		{"between two", []waived{one, other}, []diag.Finding{at(4, 4), at(5, 9)}, true},
		{"without a waiver", nil, []diag.Finding{at(3, 3)}, true},
	} {
		if got := reportsOn(lines(2, 9), tt.waivers, tt.reader); got != tt.want {
			t.Errorf("%s: %t", tt.what, got)
		}
	}
}

// A rule that fails is told where: at the operation at hand, or at what it names itself,
// in its own file unless it names another.
func TestFailPlaces(t *testing.T) {
	t.Parallel()
	var got diag.Finding
	p := &Pass{Rule: &Rule{}, file: "a.yaml", report: func(f diag.Finding) { got = f }}
	p.Fail("b.yaml", lines(3, 3), "x/b", "it fails", "mend it")
	if got.File != "b.yaml" || got.Range != lines(3, 3) || got.Operation != "x/b" || got.Code != FailedCode {
		t.Errorf("over the run: %+v", got)
	}
	op := &manifest.Operation{Range: lines(7, 8)}
	op.Name = manifest.Field[string]{Value: "a", Range: lines(7, 7)}
	p.subject = &Subject{Operation: op}
	p.Fail("", lines(3, 3), "x/b", "it fails", "mend it")
	if got.File != "a.yaml" || got.Range != op.Place() || got.Operation != op.ID() {
		t.Errorf("about an operation: %+v", got)
	}
}

// A run without a number of workers has one for each processor, and leaves their number
// as it is.
func TestWorkers(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	for given, want := range map[int]int{0: procs, -1: procs, 1: 1, 3: 3} {
		if got := (&Options{Workers: given}).workers(); got != want || runtime.GOMAXPROCS(0) != procs {
			t.Errorf("%d workers are %d, want %d; %d processors, want %d", given, got, want, runtime.GOMAXPROCS(0), procs)
		}
	}
}

// What the reader says about an operation raises doubt from its first byte up to its end,
// but for what it says about the operation's waivers.
func TestDoubt(t *testing.T) {
	t.Parallel()
	pos := func(column uint32) diag.Pos { return diag.Pos{Line: 1, Column: column} }
	op := diag.Range{Start: pos(10), End: pos(50)}
	waivers := []waived{{waiver: manifest.Waiver{Range: diag.Range{Start: pos(20), End: pos(30)}}}}
	for column, want := range map[uint32]bool{9: false, 10: true, 19: true, 20: false, 29: false, 30: true, 49: true, 50: false, 51: false} {
		reader := []diag.Finding{{Range: diag.Range{Start: pos(column), End: pos(column + 1)}}}
		if reportsOn(op, waivers, reader) != want {
			t.Errorf("a finding at column %d of 10 to 50, waiver from 20 to 30: doubt is %t", column, !want)
		}
	}
	if !reportsOn(op, waivers, []diag.Finding{{Range: diag.Range{Start: pos(22)}}, {Range: diag.Range{Start: pos(40)}}}) {
		t.Error("a finding behind one about a waiver raises no doubt")
	}
}
