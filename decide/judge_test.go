package decide

import (
	"testing"

	"pgregory.net/rapid"
)

// What facts make of the answers, one line for each exception and beside it the same
// without it.
func TestJudge(t *testing.T) {
	t.Parallel()
	table := theTable(t)
	detached, any := SetOf(Async, Hybrid), SetOf(Sync, Async, Hybrid)
	for _, test := range []struct {
		name      string
		answers   Answers
		facts     Facts
		verdict   Verdict
		right     VerdictSet
		exception Exception
	}{
		{"needed now, whatever is known", Answers{Yes, Yes, Yes, Yes}, JudgeFacts &^ (Compensated | ReadServed), Sync, SetOf(Sync), NoException},
		{"a read that nobody waits for", Answers{No, Yes, No, Yes}, Query, Sync, SetOf(Sync), NeverQueued},
		{"a slow read for later", Answers{Later, Yes, Yes, Yes}, Query, Sync, SetOf(Sync, Hybrid), NeverQueued},
		{"a read that outlasts the connection", Answers{No, Yes, Beyond, Yes}, Query, Hybrid, SetOf(Hybrid), NeverQueued},
		{"the same, needed now", Answers{Yes, Yes, Beyond, Yes}, Query, Hybrid, SetOf(Hybrid), NoException},
		{"a gate", Answers{No, Yes, Yes, Yes}, Gate, Sync, SetOf(Sync, Hybrid), HoldsStep},
		{"a gate for later", Answers{Later, Yes, Yes, Yes}, Gate, Hybrid, SetOf(Sync, Hybrid), HoldsStep},
		{"a gate beyond the limit", Answers{No, Yes, Beyond, Yes}, Gate, Hybrid, SetOf(Sync, Hybrid), HoldsStep},
		{"a gate with a compensation", Answers{No, Yes, Yes, Yes}, Gate | Compensated, Async, SetOf(Async), NoException},
		{"a write that is read next", Answers{No, Yes, Yes, Yes}, ReadBack, Sync, SetOf(Sync, Hybrid), ReadsBack},
		{"the same, fast and repeatable", Answers{Later, Yes, No, Yes}, ReadBack, Sync, SetOf(Sync, Hybrid), ReadsBack},
		{"the same for later", Answers{Later, Yes, Yes, Yes}, ReadBack, Hybrid, SetOf(Sync, Hybrid), ReadsBack},
		{"the same beyond the limit", Answers{No, Yes, Beyond, Yes}, ReadBack, Hybrid, SetOf(Sync, Hybrid), ReadsBack},
		{"a write whose read is served", Answers{No, Yes, Yes, Yes}, ReadBack | ReadServed, Async, SetOf(Async), NoException},
		{"a write that a consumer reads next", Answers{No, Yes, Yes, Yes}, ReadBack | Behind | Brokered, Sync, SetOf(Sync, Hybrid), ReadsBack},
		{"a consumer's mail", Answers{No, Yes, Yes, Yes}, Behind | Command, Sync, any, BehindAlready},
		{"a consumer's event", Answers{Later, Yes, Yes, Yes}, Behind | Event, Async, any, BehindAlready},
		{"a consumer's fan-out", Answers{No, Yes, Yes, Yes}, Behind | FanOut, Async, any, BehindAlready},
		{"a consumer's message through a broker", Answers{Later, Yes, Yes, Yes}, Behind | Brokered, Async, any, BehindAlready},
		{"a timer's long job", Answers{No, Yes, Beyond, Yes}, Behind | Job, Async, any, BehindAlready},
		{"a consumer that needs it", Answers{Yes, Yes, Yes, Yes}, Behind, Sync, SetOf(Sync), NoException},
		{"in the process", Answers{No, Yes, No, No}, Local, Sync, SetOf(Sync, Async), NothingBetween},
		{"in the own store", Answers{No, Yes, No, No}, OwnStore, Sync, SetOf(Sync, Async), NothingBetween},
		{"in the process, of concern", Answers{No, Yes, No, Yes}, Local, Async, SetOf(Async), NoException},
		{"slow in the process", Answers{No, Yes, Yes, No}, Local, Async, SetOf(Async), NoException},
		{"later, fast, repeatable", Answers{Later, Yes, No, Yes}, 0, Async, detached, EitherWay},
		{"no, fast, repeatable", Answers{No, Yes, No, Yes}, 0, Async, SetOf(Async), NoException},
		{"later, fast, not repeatable", Answers{Later, No, No, Yes}, 0, Async, SetOf(Async), NoException},
		{"later and slow", Answers{Later, Yes, Yes, Yes}, 0, Hybrid, SetOf(Hybrid), NoException},
		{"a read of which only the latency is known", Answers{Latency: No}, Query, Sync, SetOf(Sync, Hybrid), NeverQueued},
		{"a read of which nothing is known", Answers{}, Query, Undecided, SetOf(Sync, Hybrid), NoException},
	} {
		d := table.Judge(test.answers, test.facts)
		if d.Verdict != test.verdict || d.Possible != test.right || d.Exception != test.exception {
			t.Errorf("%s: %s of %s (%s), want %s of %s (%s)", test.name, d.Verdict, d.Possible, d.Exception, test.verdict, test.right, test.exception)
		}
	}
}

// Whatever is known, the verdict is one of those that are right; a read is never sent
// to a queue; without facts only the answers count; and what unknown answers leave is
// what their completions give.
func TestJudgeProperties(t *testing.T) {
	t.Parallel()
	table := theTable(t)
	rapid.Check(t, func(rt *rapid.T) {
		var a Answers
		for _, q := range Questions() {
			a[q] = rapid.SampledFrom(append(q.Choices(), Unknown)).Draw(rt, q.String())
		}
		f := Facts(rapid.Uint32Range(0, 1<<30-1).Draw(rt, "facts"))
		d, plain := table.Judge(a, f), table.Judge(a, 0)
		if d.Decided() && !d.Possible.Has(d.Verdict) {
			rt.Errorf("%s with %v: %s is none of %s", a, f.List(), d.Verdict, d.Possible)
		}
		if f&Query != 0 && d.Possible.Has(Async) {
			rt.Errorf("%s: a read may be async", a)
		}
		if plain.Verdict != table.Decide(a).Verdict {
			rt.Errorf("%s: %s without facts, the table says %s", a, plain.Verdict, table.Decide(a).Verdict)
		}
		if d.Decided() && table.Decide(a).Decided() || f&JudgeFacts == 0 {
			return
		}
		var verdicts VerdictSet
		a.Complete(func(c Answers) bool {
			verdicts |= SetOf(table.Judge(c, f).Verdict)
			return true
		})
		if verdicts.Only() != d.Verdict {
			rt.Errorf("%s with %v: %s, its completions %s", a, f.List(), d.Verdict, verdicts)
		}
	})
}

// Judging doesn't allocate.
func TestJudgeDoesNotAllocate(t *testing.T) {
	table := theTable(t)
	if n := testing.AllocsPerRun(100, func() { table.Judge(Answers{No, Yes, Yes, Yes}, Behind|Gate) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// No reason and no exception has two names.
func TestExceptionNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for x := NoException; x < exceptionCount; x++ {
		if seen[x.String()] {
			t.Errorf("%q is defined twice", x)
		}
		seen[x.String()] = true
	}
	if Exception(exceptionCount).String() != "invalid exception" {
		t.Error("an exception that is none has a name")
	}
}

func BenchmarkJudge(b *testing.B) {
	table := theTable(b)
	answers, facts := Answers{No, Yes, Yes, Yes}, Behind|Event
	for b.Loop() {
		table.Judge(answers, facts)
	}
}

func BenchmarkJudgeOpen(b *testing.B) {
	table := theTable(b)
	answers, facts := Answers{Later, Unknown, Unknown, Yes}, Behind|Event
	for b.Loop() {
		table.Judge(answers, facts)
	}
}
