package simview

import (
	"fmt"
	"slices"

	"waitornot/decide/simulate"
)

// phases are the parts of a run and what they are called.
func (t *texter) phases() []simulate.Phase {
	return []simulate.Phase{simulate.Before, simulate.During, simulate.After}
}

func (t *texter) phaseName(p simulate.Phase) string {
	return fmt.Sprintf("%s the %s", p, eventName(t.Scenario.Kind))
}

// phased writes a row for each phase, or one when nothing happens.
func (t *texter) phased(of func(*simulate.PhaseSummary) string) {
	if t.Scenario.Kind == simulate.Normal {
		t.row("all the time", t.cells(func(v *Variant) string { return of(&v.Whole) }))
		return
	}
	for _, p := range t.phases() {
		t.row(t.phaseName(p), t.cells(func(v *Variant) string { return of(&v.Phases[p]) }))
	}
}

func (t *texter) users() {
	t.columns("Requests that succeed")
	t.phased(func(p *simulate.PhaseSummary) string { return share(p.Success) })
	t.columns("Response time, p50 / p99")
	t.phased(func(p *simulate.PhaseSummary) string { return both(p.FeltMedian, p.FeltTail) })
	if !t.detached() {
		return
	}
	t.columns("Time to completion, p50 / p99")
	t.phased(func(p *simulate.PhaseSummary) string { return both(p.OutcomeMedian, p.OutcomeTail) })
	t.counted("work given up after the response", func(v *Variant) simulate.Estimate { return v.Whole.Never })
	t.counted("work waiting when the run ends", func(v *Variant) simulate.Estimate { return v.Whole.Waiting })
	t.counted("work under way when the run ends", func(v *Variant) simulate.Estimate { return v.Whole.Underway })
}

// both writes a median and a p99. The interval of the p99 stands for both.
func both(median, tail simulate.Estimate) string {
	if !tail.Known {
		return missing(tail)
	}
	median.Sure = false
	return seconds(median) + " / " + seconds(tail)
}

// missing says why a number isn't known.
func missing(e simulate.Estimate) string {
	if e.Nowhere {
		return "none"
	}
	return "none in some runs"
}

// detached reports whether a variant hands work over.
func (t *texter) detached() bool {
	return slices.ContainsFunc(t.Variants, func(v Variant) bool {
		return slices.ContainsFunc(v.Prepared.Steps, func(s simulate.Step) bool { return s.Detached })
	})
}

// counted writes a count of each variant, unless it is 0 in all.
func (t *texter) counted(label string, of func(*Variant) simulate.Estimate) {
	if !slices.ContainsFunc(t.Variants, func(v Variant) bool { e := of(&v); return e.Mean > 0 || !e.Known }) {
		return
	}
	t.row(label, t.cells(func(v *Variant) string { return number(of(v)) }))
}
