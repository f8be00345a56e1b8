package advice

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Given writes an answer as the manifest gives it: the duration when one stood
// for it.
func Given(a *Advice, q decide.Question) string {
	switch x := a.Answers[q]; {
	case x == decide.Unknown:
		return "unknown"
	case q == decide.Latency && a.Latency > 0:
		return fmt.Sprintf("%s (%s)", x, manifest.FormatDuration(a.Latency))
	default:
		return x.String()
	}
}

// WhatIf says which answers would change the verdict, one sentence part for
// each verdict that a flip leads to: "hybrid if latency were beyond (over 30s)".
func WhatIf(a *Advice) []string {
	var parts []string
	for _, v := range decide.Verdicts() {
		if ways := WaysTo(v, a.Flips, a.Limits); len(ways) > 0 {
			parts = append(parts, fmt.Sprintf("%s if %s", v, strings.Join(ways, ", or if ")))
		}
	}
	return parts
}

// WaysTo lists the changes that lead to a verdict. Single changes of one answer
// are told together: "immediacy were later or no".
func WaysTo(v decide.Verdict, flips []decide.Flip, limits decide.LatencyLimits) []string {
	var ways []string
	var last *decide.Change
	for _, f := range flips {
		if f.Verdict != v {
			continue
		}
		var parts []string
		for _, c := range f.Changes {
			parts = append(parts, fmt.Sprintf("%s were %s", c.Question, answerUnder(c, limits)))
		}
		single := &f.Changes[0]
		if len(f.Changes) == 1 && last != nil && last.Question == single.Question {
			ways[len(ways)-1] += " or " + answerUnder(*single, limits)
			continue
		}
		ways = append(ways, strings.Join(parts, " and "))
		if last = nil; len(f.Changes) == 1 {
			last = single
		}
	}
	return ways
}

// answerUnder names the answer that a change gives, with the durations that
// stand for it.
func answerUnder(c decide.Change, limits decide.LatencyLimits) string {
	switch {
	case c.Question != decide.Latency:
	case c.To == decide.Beyond:
		return fmt.Sprintf("%s (over %s)", c.To, manifest.FormatDuration(limits.Wait))
	case c.To == decide.Yes:
		return fmt.Sprintf("%s (over %s)", c.To, manifest.FormatDuration(limits.Threshold))
	case c.To == decide.No:
		return fmt.Sprintf("%s (up to %s)", c.To, manifest.FormatDuration(limits.Threshold))
	}
	return c.To.String()
}

// RowNames names the rows that were hit, in table order. A table of a team's own
// names them: they are not safe to print.
func RowNames(a *Advice) []string {
	var list []string
	for _, r := range a.Rows {
		list = append(list, r.Name)
	}
	return list
}

// Between names the verdicts that are possible, and the rows that lead to them
// unless they are too many to help.
func Between(a *Advice) string {
	const helpful = 3
	if len(a.Rows) > helpful {
		return a.Possible.String()
	}
	return fmt.Sprintf("%s (rows %s)", a.Possible, strings.Join(RowNames(a), ", "))
}

// Argument says what the answer's own rule supports.
func Argument(a *Advice, q decide.Question) string {
	switch argues := q.Argues(a.Answers[q]); {
	case a.Answers[q] == decide.Unknown:
		return "not answered"
	case argues == 0:
		return "has no opinion"
	case q == decide.Latency && a.Answers[q] == decide.No:
		return fmt.Sprintf("finds %s fine", argues)
	default:
		return fmt.Sprintf("argues for %s", argues)
	}
}

// RoleWords says what an answer does to the verdict, "" when there is nothing to
// say.
func RoleWords(r Role) string {
	switch r {
	case Decides:
		return "decides"
	case Agrees:
		return "agrees"
	case Yields:
		return "yields"
	case Dissents:
		return "dissents"
	case Indifferent:
		return "would change nothing"
	case First:
		return "answer this first"
	case Open:
		return "still open"
	}
	return ""
}

// BuiltParts says how the chosen stack builds the pattern: nothing without a stack.
func BuiltParts(a *Advice) []string {
	switch b := a.Build; {
	case b == nil:
		return nil
	case b.Use == "":
		return []string{fmt.Sprintf("%s has nothing for this. %s", b.Stack.Name, b.Note)}
	default:
		return Filled(fmt.Sprintf("%s: %s", b.Stack.Name, b.Use), b.Note)
	}
}

// Safeguarded lists what to add, as advice does: for each dissent what it
// obliges, then what the other answers do. Each safeguard is named once.
func Safeguarded(a *Advice) []SafeguardGroup {
	var list []SafeguardGroup
	named := map[string]bool{}
	take := func(q decide.Question) []string {
		var ids []string
		for _, s := range a.SafeguardsBy(q) {
			if !named[s.ID] {
				named[s.ID] = true
				ids = append(ids, s.ID)
			}
		}
		return ids
	}
	for _, d := range a.Dissents {
		if ids := take(d.Question); ids != nil {
			list = append(list, SafeguardGroup{fmt.Sprintf("because %s dissents", d.Question), ids})
		}
	}
	var rest []string
	for _, q := range decide.Questions() {
		rest = append(rest, take(q)...)
	}
	if rest != nil {
		label := "because of the answers"
		if len(list) > 0 {
			label = "besides"
		}
		list = append(list, SafeguardGroup{label, rest})
	}
	return list
}

// A SafeguardGroup is what one reason obliges one to add.
type SafeguardGroup struct {
	Because string
	IDs     []string
}

// Built says how the chosen stack builds the pattern: nothing without a stack.
func Built(a *Advice) string {
	parts := BuiltParts(a)
	for i, p := range parts {
		parts[i] = strings.TrimSuffix(p, ".") + "."
	}
	return strings.Join(parts, " ")
}

// Filled returns the texts that are not empty.
func Filled(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

// ExceptionText says why what is known of an operation changes what the table says of
// its answers, "" when it doesn't.
func ExceptionText(a *Advice) string { return ExceptionOf(&a.Decision) }

// ExceptionOf is ExceptionText for a decision.
func ExceptionOf(d *decide.Decision) string {
	switch d.Exception {
	case decide.NeverQueued:
		if d.Verdict == decide.Hybrid {
			return "But it only reads, and reads don't go through a queue: acknowledge it and let whoever asked fetch the result, keep a local copy, or compute it ahead of time."
		}
		return "But it only reads, and reads don't go through a queue: call and wait, keep a local copy, or leave the read to whoever needs the answer."
	case decide.HoldsStep:
		return "But the caller's own step must be undone if this fails, and no compensation is named: wait, keep the step pending until the outcome is known, or name a compensation."
	case decide.ReadsBack:
		return "But the caller's next step reads what this writes, and may run before it: wait, acknowledge with the new state and show it as pending, or declare how that read sees the write (guard read-your-writes)."
	case decide.BehindAlready:
		if d.Verdict == decide.Sync {
			return "But its caller already runs behind a queue, a timer, or a workflow, where nobody waits: do the work there and acknowledge it afterward. A second queue would gain you nothing."
		}
		return "Its caller already runs behind a queue, a timer, or a workflow: async and hybrid amount to the same thing there, and a plain call works just as well."
	case decide.NothingBetween:
		return "But nothing between caller and callee can fail on its own: a job table would add a worker and a delay, and gain you nothing."
	case decide.EitherWay:
		return "Hybrid is just as right. It's worth its status URL if whoever asked stays and watches; choose async if an email, a notification, or the next visit tells them."
	}
	return ""
}
