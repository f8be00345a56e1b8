package simview

import (
	"waitornot/cmd/internal/text"
	"waitornot/decide/simulate"
)

func (t *texter) system() {
	t.columns("The system")
	t.row("most open requests", t.cells(func(v *Variant) string { return number(v.Summary.MostOpen) }))
	t.named("most calls held open", func(v *Variant) (simulate.Estimate, int) { return worst(v, true) }, number)
	t.attempts()
	t.total("responses that nobody waited for", func(n *simulate.Totals) simulate.Estimate { return n.Wasted })
	t.total("calls stopped by a breaker", func(n *simulate.Totals) simulate.Estimate { return n.Broken })
	t.total("calls rejected by a full pool", func(n *simulate.Totals) simulate.Estimate { return n.Refused })
	t.total("calls shed by a callee", func(n *simulate.Totals) simulate.Estimate { return n.Shed })
	t.total("work done twice", func(n *simulate.Totals) simulate.Estimate { return n.Twice })
	t.total("work repeated and recognized", func(n *simulate.Totals) simulate.Estimate { return n.Recognized })
	t.total("work done, but counted as failed", func(n *simulate.Totals) simulate.Estimate { return n.Unknown })
	if t.detached() {
		t.queues()
	}
	if t.Scenario.Kind == simulate.Normal {
		return
	}
	t.columns("Back to normal")
	t.row("requests", t.cells(func(v *Variant) string { return t.recovery(v.Users) }))
	if t.detached() {
		t.row("queues", t.cells(func(v *Variant) string { return t.recovery(v.Queues) }))
	}
}

// queues writes what happened to messages.
func (t *texter) queues() {
	t.named("most messages waiting", func(v *Variant) (simulate.Estimate, int) { return worst(v, false) }, number)
	t.named("oldest waiting message", oldest, seconds)
	t.total("messages in dead-letter queues", func(n *simulate.Totals) simulate.Estimate { return n.DeadLettered })
	t.total("messages lost", func(n *simulate.Totals) simulate.Estimate { return n.Lost })
	t.total("messages expired", func(n *simulate.Totals) simulate.Estimate { return n.Expired })
	t.total("messages that couldn't be sent", func(n *simulate.Totals) simulate.Estimate { return n.Unsent })
}

// total writes a number of all steps of each variant, unless it is 0 in all.
func (t *texter) total(label string, of func(*simulate.Totals) simulate.Estimate) {
	t.counted(label, func(v *Variant) simulate.Estimate { return of(&v.Totals) })
}

// attempts writes how many attempts the callee gets for a call of it, or how often a message
// is delivered.
func (t *texter) attempts() {
	of := func(v *Variant) (simulate.Estimate, int) { return amplified(v, &t.Scenario) }
	calls, messages := false, false
	for i := range t.Variants {
		if _, at := of(&t.Variants[i]); at >= 0 {
			detached := t.Variants[i].Prepared.Steps[at].Detached
			calls, messages = calls || !detached, messages || detached
		}
	}
	label := "attempts per call"
	switch {
	case calls && messages:
		label = "attempts per call or message"
	case messages:
		label = "deliveries per message"
	}
	if !t.Scenario.Kind.OnCallee() {
		label = "most " + label
	}
	t.named(label, of, number)
}

// named writes a number of each variant with the step that has it.
func (t *texter) named(label string, of func(*Variant) (simulate.Estimate, int), write func(simulate.Estimate) string) {
	numbers, names := make([]string, len(t.Variants)), make([]string, len(t.Variants))
	for i := range t.Variants {
		v := &t.Variants[i]
		e, at := of(v)
		if numbers[i] = "none"; at >= 0 {
			numbers[i], names[i] = write(e), short(v.Prepared.Steps[at].Name)
		}
	}
	t.row(label, numbers)
	t.place(names)
}

// worst returns the step that holds most calls open, or has most messages waiting.
func worst(v *Variant, calls bool) (simulate.Estimate, int) {
	return highest(v, func(i int) (simulate.Estimate, bool) {
		s := &v.Summary.Steps[i]
		if calls {
			return s.MostOpen, !v.Prepared.Steps[i].Detached
		}
		return s.MostWaiting, v.Prepared.Steps[i].Detached
	})
}

// oldest returns the step whose message waits longest.
func oldest(v *Variant) (simulate.Estimate, int) {
	return highest(v, func(i int) (simulate.Estimate, bool) { return v.Summary.Steps[i].Oldest, v.Prepared.Steps[i].Detached })
}

// amplified returns the step whose callee gets most attempts for one call: of those that
// the event happens to, if any.
func amplified(v *Variant, s *simulate.Scenario) (simulate.Estimate, int) {
	return highest(v, func(i int) (simulate.Estimate, bool) {
		step := &v.Prepared.Steps[i]
		return v.Summary.Steps[i].Amplification, !s.Kind.OnCallee() || step.Service == s.Callee || step.Queue.Broker == s.Callee
	})
}

// highest returns the step with the highest number of those that count; -1 when none does.
func highest(v *Variant, of func(i int) (simulate.Estimate, bool)) (best simulate.Estimate, at int) {
	at = -1
	for i := range v.Summary.Steps {
		if e, counts := of(i); counts && (at < 0 || e.Mean > best.Mean) {
			best, at = e, i
		}
	}
	return best, at
}

// recovery says how long after the event all is as before.
func (t *texter) recovery(e simulate.Estimate) string {
	switch {
	case !e.Known:
		return "not within " + text.Duration(t.Scenario.After)
	case e.Mean == 0:
		return "immediately"
	case e.Sure && e.Half > e.Mean: // at once in most runs
		return "within " + duration(e.Mean+e.Half)
	}
	return "after " + seconds(e)
}
