package graphview

import (
	"fmt"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/graph"
)

// queues writes the load of the queues, the busiest first.
func (t *graphTexter) queues() {
	rows := t.BusiestQueues(t.Picked.Operations)
	if len(rows) == 0 {
		return
	}
	t.head("Queues", "", term.Plain)
	for _, r := range first(rows) {
		style := term.Plain
		parts := []string{fmt.Sprintf("%s busy (handles %s/s)", t.atMost(r.Cautious, busy(r.Utilization)), text.Number(r.Capacity))}
		if r.Waits {
			parts = append(parts, fmt.Sprintf("messages wait %s on average (%s)", t.queueing(&r.Queue), text.Count(r.Workers, "worker")))
		}
		switch {
		case r.Never:
			style = term.Red
			parts = append(parts, "never drains")
		case r.Drains && r.Backlog > 0:
			parts = append(parts, fmt.Sprintf("a burst leaves %s messages, drained after %s", text.Number(r.Backlog), text.Duration(r.Drain)))
		case r.Drains:
			parts = append(parts, "a burst leaves no backlog")
		}
		t.row(r.Operation, style, strings.Join(parts, t.separator))
	}
	t.leftOut(len(rows), "--service NAME shows only one")
}

// inFlight writes how many calls are open at a time, the most first.
func (t *graphTexter) inFlight() {
	rows := t.MostInFlight(t.Picked.Operations)
	if len(rows) == 0 {
		return
	}
	t.head("Calls in flight", "", term.Plain)
	for _, r := range first(rows) {
		words, style := text.Number(r.Slow), term.Plain
		if pool := t.Operation(r.Operation).Rates.Pool; pool > 0 {
			words += fmt.Sprintf(" of %d", pool)
			if r.Slow > float64(pool) {
				style = term.Red
			}
		}
		words += " at a slow peak"
		if r.UsualKnown {
			words = fmt.Sprintf("usually %s%s%s", text.Number(r.Usual), t.separator, words)
		}
		t.row(r.Operation, style, words)
	}
	t.leftOut(len(rows), "--service NAME shows only one")
}

// queueing says how long messages wait on average.
func (t *graphTexter) queueing(q *graph.Queue) string {
	if q.Wait < time.Millisecond {
		return "under 1ms"
	}
	return t.atMost(q.Cautious, text.Duration(about(q.Wait)))
}

// atMost marks a number that may be smaller.
func (t *graphTexter) atMost(mark bool, number string) string {
	if mark {
		return t.upTo + " " + number
	}
	return number
}

// row writes an operation and a text, one below the other where they do not fit.
func (t *graphTexter) row(id graph.OperationID, s term.Style, text string) {
	const column = 32
	name := "  " + t.cut(term.Safe(t.ID(id)), t.Width-2)
	if term.Cells(name) > column-2 || column+term.Cells(text) > t.Width {
		t.WriteString(name + "\n")
		for _, l := range term.Wrap(text, t.Width-6) {
			t.WriteString("      " + t.Paint(s, l) + "\n")
		}
		return
	}
	t.WriteString(term.Pad(name, column) + t.Paint(s, text) + "\n")
}

// legend explains the signs that were used.
func (t *graphTexter) legend() {
	var parts []string
	if t.counted {
		parts = append(parts, "* on the critical path")
	}
	if t.parallel {
		parts = append(parts, strings.TrimSpace(t.signs.parallel)+" in parallel with its neighbors")
	}
	if t.followed {
		parts = append(parts, "followed: a call that a callee in the journey waits for")
	}
	if t.doubtful {
		parts = append(parts, "perhaps: a call like that, which may belong to another operation")
	}
	if t.differs {
		parts = append(parts, "! the declared mode differs from the verdict")
	}
	if len(parts) > 0 {
		t.WriteByte('\n')
		t.line(term.Faint, strings.Join(parts, t.separator))
	}
}

// busy writes how busy workers are. Less than all of the time is never written as all.
func busy(share float64) string {
	if s := text.Number(100 * share); s != "100" || share == 1 {
		return s + "%"
	}
	return text.Percent(share)
}
