package graph

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Of calls that retry as often, the first is the one that is reported.
func TestFirstOfEqualRetries(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "one", "a", decide.Sync, attempts(3))
	b.op(d, "two", "b", decide.Sync, attempts(3))
	b.op(d, "three", "c", decide.Sync, attempts(2))
	g := b.build(t, 0)
	shop := g.waiting.of[g.ops[0].Caller]
	h := g.reach.all[shop]
	if h.fiercest != 0 || h.attempts != 3 {
		t.Errorf("operation %d with %v attempts, want the first with 3", h.fiercest, h.attempts)
	}
	if deepest := h.deepest; deepest != 0 {
		t.Errorf("the deepest is %d, want the first", deepest)
	}
}

// Inside one process nothing else can be down: no availability is missing.
func TestProcessNeedsNoAvailability(t *testing.T) {
	t.Parallel()
	for boundary, lacks := range map[string]int{"in-process": 0, "own-team": 1} {
		b := newBuilder()
		d := b.doc("shop")
		put(b, &d.Availability, .999)
		b.op(d, "pay", "ledger", decide.Sync, func(b *builder, o *manifest.Operation) { put(b, &o.Boundary, boundary) })
		b.journey(d, "buy", "pay")
		g := b.build(t, 0)
		if n := g.Numbers(&g.Journeys()[0]); len(n.Share.Lacks) != lacks {
			t.Errorf("boundary %s: %d facts are missing, want %d", boundary, len(n.Share.Lacks), lacks)
		}
	}
}

// The greedy search walks far enough for a journey of a hundred steps.
func TestGreedyGoesFarEnough(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	var steps []string
	for i := range 100 {
		name := fmt.Sprintf("o%d", i)
		b.op(d, name, "c"+name, decide.Sync, p99(100*time.Millisecond), func(b *builder, o *manifest.Operation) {
			o.Answers.Set(decide.Immediacy, manifest.Field[decide.Answer]{Value: decide.No, Range: o.Name.Range})
			o.Answers.Set(decide.Retryability, manifest.Field[decide.Answer]{Value: decide.Yes, Range: o.Name.Range})
			o.Answers.Set(decide.Coupling, manifest.Field[decide.Answer]{Value: decide.Yes, Range: o.Name.Range})
		})
		steps = append(steps, name)
	}
	put(b, &b.journey(d, "long", strings.Join(steps, " ")).Budget, time.Second)
	g := b.build(t, 0)
	plan, missed := g.Plan(&g.Journeys()[0], everythingAsync(t))
	if !missed || !plan.Found || len(plan.Changes) != 90 || plan.After.Tail.Time != time.Second {
		t.Errorf("missed %t, found %t with %d changes, then %v", missed, plan.Found, len(plan.Changes), plan.After.Tail.Time)
	}
}

func everythingAsync(t *testing.T) *decide.Table {
	t.Helper()
	table, err := decide.NewTable([]decide.Row{
		{Name: "now", When: [decide.QuestionCount]decide.AnswerSet{decide.Immediacy: decide.AnswersOf(decide.Yes, decide.Later)}, Verdict: decide.Sync},
		{Name: "else", When: [decide.QuestionCount]decide.AnswerSet{decide.Immediacy: decide.AnswersOf(decide.No)}, Verdict: decide.Async},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// An operation disagrees when both its mode and its verdict are known and differ.
func TestDisagrees(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		declared, verdict decide.Verdict
		want              bool
	}{
		{decide.Sync, decide.Async, true}, {decide.Sync, decide.Sync, false},
		{decide.Undecided, decide.Async, false}, {decide.Sync, decide.Undecided, false},
	} {
		if o := (Operation{Declared: tt.declared, Verdict: tt.verdict, Possible: decide.SetOf(tt.verdict)}); o.Disagrees() != tt.want {
			t.Errorf("declared %v, verdict %v: %t", tt.declared, tt.verdict, o.Disagrees())
		}
	}
}

// Places are held by calls that somebody waits for, whose latency and rate are given.
func TestHeldNeedsItsFacts(t *testing.T) {
	t.Parallel()
	rate := func(b *builder, o *manifest.Operation) { put(b, &o.Traffic.Mean, 10); o.Traffic.Range = o.Name.Range }
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "known", "a", decide.Sync, p99(time.Second), rate)
	b.op(d, "detached", "a", decide.Async, p99(time.Second), rate)
	b.op(d, "no-rate", "a", decide.Sync, p99(time.Second))
	b.op(d, "no-latency", "a", decide.Sync, rate)
	g := b.build(t, 0)
	for i, want := range []bool{true, false, false, false} {
		held, ok := g.Held(OperationID(i))
		if ok != want || ok && held != (Held{Slow: 10}) {
			t.Errorf("%s: %+v, %t, want %t", g.ops[i].Name, held, ok, want)
		}
	}
}

// Usually the mean rate and the mean time count, when it is slow the peak and the p99;
// where one of the rates is missing the other stands in. The mean of a log-normal with
// the median 100 ms and the p99 1 s is 100 ms * exp((ln 10 / 2.3263)^2 / 2) = 163.2 ms.
func TestHeldUsuallyAndSlowly(t *testing.T) {
	t.Parallel()
	rates := func(mean, peak float64) option {
		return func(b *builder, o *manifest.Operation) {
			o.Traffic.Range = o.Name.Range
			if mean > 0 {
				put(b, &o.Traffic.Mean, mean)
			}
			if peak > 0 {
				put(b, &o.Traffic.Peak, peak)
			}
		}
	}
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "both", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(50, 200))
	b.op(d, "mean", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(50, 0))
	b.op(d, "peak", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(0, 200))
	b.op(d, "contradiction", "a", decide.Sync, p99(time.Second), p50(2*time.Second), rates(50, 200))
	g := b.build(t, 0)
	for i, want := range []Held{{200, 8.160, true}, {50, 8.160, true}, {200, 32.64, true}, {200, 0, false}} {
		held, ok := g.Held(OperationID(i))
		if !ok || held.Slow != want.Slow || held.Usually != want.Usually || want.Usually && math.Abs(held.Usual-want.Usual) > .01 {
			t.Errorf("%s: %+v, want %+v", g.ops[i].Name, held, want)
		}
	}
}
