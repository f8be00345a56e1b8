package decide

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

// theTable returns the framework's table, as the design publishes it.
func theTable(t testing.TB) *Table {
	t.Helper()
	now, notNow := AnswersOf(Yes), AnswersOf(Later, No)
	slow, fast := AnswersOf(Yes, Beyond), AnswersOf(No)
	yes, no := AnswersOf(Yes), AnswersOf(No)
	table, err := NewTable([]Row{
		{Name: "needed-now", When: [4]AnswerSet{now, 0, AnswersOf(No, Yes), 0}, Verdict: Sync},
		{Name: "too-long-to-hold", When: [4]AnswerSet{now, 0, AnswersOf(Beyond), 0}, Verdict: Hybrid},
		{Name: "outcome-later", When: [4]AnswerSet{AnswersOf(Later), 0, slow, 0}, Verdict: Hybrid},
		{Name: "slow-and-detached", When: [4]AnswerSet{AnswersOf(No), 0, slow, 0}, Verdict: Async},
		{Name: "safe-to-retry", When: [4]AnswerSet{notNow, yes, fast, 0}, Verdict: Async},
		{Name: "keep-apart", When: [4]AnswerSet{notNow, no, fast, yes}, Verdict: Async},
		{Name: "nothing-to-gain", When: [4]AnswerSet{notNow, no, fast, no}, Verdict: Sync},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// expected is the table in prose, as one would say it aloud.
func expected(a Answers) Verdict {
	switch {
	case a[Immediacy] == Yes && a[Latency] == Beyond:
		return Hybrid
	case a[Immediacy] == Yes:
		return Sync
	case a[Latency] != No && a[Immediacy] == Later:
		return Hybrid
	case a[Latency] != No:
		return Async
	case a[Retryability] == Yes || a[Coupling] == Yes:
		return Async
	}
	return Sync
}

// every calls do for all 144 combinations, unknown answers included.
func every(do func(Answers)) {
	for _, i := range append([]Answer{Unknown}, Immediacy.Answers()...) {
		for _, r := range append([]Answer{Unknown}, Retryability.Answers()...) {
			for _, l := range append([]Answer{Unknown}, Latency.Answers()...) {
				for _, c := range append([]Answer{Unknown}, Coupling.Answers()...) {
					do(Answers{i, r, l, c})
				}
			}
		}
	}
}

// completions lists the complete combinations that agree with a, by filtering
// all of them: it does not use Answers.Complete.
func completions(a Answers) []Answers {
	var list []Answers
	every(func(c Answers) {
		for q, x := range c {
			if x == Unknown || a[q] != Unknown && a[q] != x {
				return
			}
		}
		list = append(list, c)
	})
	return list
}

// Every complete combination hits exactly one row, and gets its verdict.
func TestEveryCombinationHitsOneRow(t *testing.T) {
	table := theTable(t)
	hits := map[string]int{}
	for _, a := range completions(Answers{}) {
		d := table.Decide(a)
		if d.Verdict != expected(a) {
			t.Errorf("Decide(%s) = %s, want %s", a, d.Verdict, expected(a))
		}
		rows := table.RowsOf(d)
		if len(rows) != 1 || !rows[0].Hits(a) || rows[0].Verdict != d.Verdict {
			t.Fatalf("Decide(%s): rows %v", a, rows)
		}
		hits[rows[0].Name]++
	}
	for _, r := range table.Rows() {
		if hits[r.Name] == 0 {
			t.Errorf("no combination hits row %s", r.Name)
		}
	}
}

// A decision stands exactly when all completions of the unknown answers agree,
// and it names all verdicts and rows that they reach.
func TestUnknownAnswersAreTriedInEveryCompletion(t *testing.T) {
	table := theTable(t)
	every(func(a Answers) {
		d := table.Decide(a)
		var possible VerdictSet
		names := map[string]bool{}
		for _, c := range completions(a) {
			possible |= SetOf(expected(c))
			names[table.RowsOf(table.Decide(c))[0].Name] = true
		}
		if d.Possible != possible {
			t.Errorf("Decide(%s).Possible = %s, want %s", a, d.Possible, possible)
		}
		if want := possible.Only(); d.Verdict != want {
			t.Errorf("Decide(%s) = %s, want %s", a, d.Verdict, want)
		}
		rows := table.RowsOf(d)
		if len(rows) != len(names) {
			t.Errorf("Decide(%s): %d rows, want %d", a, len(rows), len(names))
		}
		for _, r := range rows {
			if !names[r.Name] {
				t.Errorf("Decide(%s): row %s is not reached by any completion", a, r.Name)
			}
		}
	})
}

// The question to answer first is unknown, and no other unknown question is
// expected to leave less entropy about the verdict.
func TestNextQuestionNarrowsMost(t *testing.T) {
	table := theTable(t)
	entropy := func(list []Answers) float64 {
		count := map[Verdict]float64{}
		for _, c := range list {
			count[expected(c)]++
		}
		h := 0.0
		for _, n := range count {
			p := n / float64(len(list))
			h += p * math.Log2(1/p)
		}
		return h
	}
	every(func(a Answers) {
		d := table.Decide(a)
		if d.Decided() {
			return
		}
		if a[d.Next] != Unknown {
			t.Fatalf("Decide(%s).Next = %s, which is answered", a, d.Next)
		}
		remaining := func(q Question) float64 {
			sum := 0.0
			for _, x := range q.Answers() {
				sum += entropy(completions(a.With(q, x)))
			}
			return sum / float64(len(q.Answers()))
		}
		for _, q := range Questions() {
			if a[q] == Unknown && remaining(q) < remaining(d.Next)-1e-9 {
				t.Errorf("Decide(%s).Next = %s, but %s leaves less", a, d.Next, q)
			}
		}
	})
	if next := table.Decide(Answers{}).Next; next != Immediacy && next != Latency {
		t.Errorf("with nothing known the first question is %s", next)
	}
}

// An answer that its question does not allow counts as unknown.
func TestAnswerNotAllowedIsUnknown(t *testing.T) {
	table := theTable(t)
	for _, a := range []Answers{{Beyond, Yes, No, No}, {Yes, Later, No, No}, {Yes, Yes, Later, No}, {No, No, No, Beyond}, {9, 9, 9, 9}} {
		clean := a
		for q := range clean {
			if !Question(q).Allows(a[q]) {
				clean[q] = Unknown
			}
		}
		if got, want := table.Decide(a), table.Decide(clean); got != want {
			t.Errorf("Decide(%v) = %+v, want %+v", a, got, want)
		}
	}
}

// A table with a gap, an overlap or a fault is refused, and the error names
// the combination and the rows.
func TestTableRefused(t *testing.T) {
	rows := theTable(t).Rows()
	edit := func(do func(rows []Row) []Row) []Row { return do(append([]Row(nil), rows...)) }
	tests := []struct {
		name           string
		rows           []Row
		gaps, overlaps int
		want           string
	}{
		{"empty", nil, 36, 0, "no row matches immediacy yes, retryability yes, latency no, coupling yes"},
		{"row left out", rows[1:], 8, 0, "no row matches immediacy yes, retryability yes, latency no, coupling yes"},
		{"cell widened", edit(func(r []Row) []Row { r[0].When[Latency] = 0; return r }), 0, 4,
			"rows needed-now, too-long-to-hold all match immediacy yes, retryability yes, latency beyond, coupling yes"},
		{"cell narrowed", edit(func(r []Row) []Row { r[1].When[Coupling] = AnswersOf(Yes); return r }), 2, 0,
			"no row matches immediacy yes, retryability yes, latency beyond, coupling no"},
		{"name repeated", edit(func(r []Row) []Row { r[3].Name = r[2].Name; return r }), 0, 0, `row "outcome-later" is defined twice`},
		{"name missing", edit(func(r []Row) []Row { r[3].Name = ""; return r }), 0, 0, "row 4 has no name"},
		{"verdict missing", edit(func(r []Row) []Row { r[3].Verdict = Undecided; return r }), 0, 0, `row "slow-and-detached" has no verdict`},
		{"answer not allowed", edit(func(r []Row) []Row { r[0].When[Coupling] = AnswersOf(Later, Yes, No); return r }), 0, 0,
			`row "needed-now": coupling can't be answered with later`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewTable(tt.rows)
			var fault *TableError
			if !errors.As(err, &fault) {
				t.Fatalf("error %v, want a *TableError", err)
			}
			if len(fault.Gaps) != tt.gaps || len(fault.Overlaps) != tt.overlaps {
				t.Errorf("%d gaps and %d overlaps, want %d and %d", len(fault.Gaps), len(fault.Overlaps), tt.gaps, tt.overlaps)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want one with %q", err, tt.want)
			}
		})
	}
}

// A change of the rows after NewTable does not reach the table.
func TestTableIsItsOwn(t *testing.T) {
	rows := append([]Row(nil), theTable(t).Rows()...)
	table, err := NewTable(rows)
	if err != nil {
		t.Fatal(err)
	}
	rows[0].Verdict = Async
	if got := table.RowsOf(table.Decide(Answers{Yes, Yes, Yes, Yes}))[0].Verdict; got != Sync {
		t.Errorf("the table changed with its caller's rows: %s", got)
	}
}

// A duration answers the latency question: the threshold and the wait limit
// themselves still belong to the lower answer.
func TestLimitsLatency(t *testing.T) {
	for d, want := range map[time.Duration]Answer{
		0:                             No,
		500 * time.Millisecond:        No,
		500*time.Millisecond + 1:      Yes,
		30 * time.Second:              Yes,
		30*time.Second + 1:            Beyond,
		24 * time.Hour:                Beyond,
		time.Duration(math.MaxInt64):  Beyond,
		time.Duration(-1):             No,
		499999999 * time.Nanosecond:   No,
		900 * time.Millisecond:        Yes,
		time.Minute - time.Nanosecond: Beyond,
	} {
		if got := DefaultLimits().Latency(d); got != want {
			t.Errorf("Latency(%s) = %s, want %s", d, got, want)
		}
	}
}

// Names are read back as they are written.
func TestNamesRoundTrip(t *testing.T) {
	for _, q := range Questions() {
		if got, ok := ParseQuestion(q.String()); !ok || got != q {
			t.Errorf("ParseQuestion(%q) = %v, %v", q, got, ok)
		}
	}
	for a := Unknown; a < answerCount; a++ {
		if got, ok := ParseAnswer(a.String()); !ok || got != a {
			t.Errorf("ParseAnswer(%q) = %v, %v", a, got, ok)
		}
	}
	for v := Undecided; v < verdictCount; v++ {
		if got, ok := ParseVerdict(v.String()); !ok || got != v {
			t.Errorf("ParseVerdict(%q) = %v, %v", v, got, ok)
		}
	}
	for i, name := range factNames {
		if got, ok := ParseFact(name); !ok || got != 1<<i || got.List()[0] != name {
			t.Errorf("ParseFact(%q) = %v, %v", name, got, ok)
		}
	}
	if _, ok := ParseAnswer("maybe"); ok {
		t.Error("ParseAnswer accepts maybe")
	}
}

func BenchmarkDecide(b *testing.B) {
	table := theTable(b)
	var list []Answers
	every(func(a Answers) { list = append(list, a) })
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		d := table.Decide(list[i%len(list)])
		if d.Possible == 0 {
			b.Fatal("no verdict is possible")
		}
		i++
	}
}

// Deciding does not allocate.
func TestDecideDoesNotAllocate(t *testing.T) {
	table := theTable(t)
	if n := testing.AllocsPerRun(100, func() { table.Decide(Answers{Later, Unknown, No, Unknown}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
