package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// modeDisagrees compares how an operation works with how its answers say that
// it should.
func modeDisagrees() *lint.Rule {
	return &lint.Rule{
		Code: "WN101", Name: "mode-disagrees", Severity: diag.Error, Since: "0.1.0",
		Summary: "the declared mode isn't the verdict that the answers give",
		Doc: lint.Doc{
			Why: "An operation that waits without needing to passes its callee's outages on to its caller. One that " +
				"doesn't wait even though its caller needs the result leaves the caller with nothing to work with. " +
				"Either the mode is wrong, or one of the answers is.",
			Fix: "Change how the operation works, or correct the wrong answer: editing the declared mode alone changes " +
				"nothing in the system. If the mode differs on purpose, add a waiver with a reason.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: sync
    timeout: 5s
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
`,
		},
		Reads:    []string{"mode", "answers", "triggered_by", "gate", "compensation", "read_back", "guards", "kind", "boundary", "callee", "writes", "delivery.broker", "delivery.consumers"},
		Optional: []string{"answers.retryability", "answers.coupling", "callee"},
		Modes:    decide.SetOf(decide.Sync, decide.Async, decide.Hybrid),
		// What only messages reach is judged as if it said so.
		Void: func(g *graph.Graph) func(graph.OperationID) bool {
			return func(id graph.OperationID) bool {
				return !g.Operation(id).Disagrees() || worker(g, g.Operation(id).Caller) || behindDetachable(g, id)
			}
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if mode := s.Mode.Value; !s.Decision.Possible.Has(mode) {
				p.ReportEdit(s.Mode.Range, disagreement(p.Table, s, mode), correction(p.Table, s, mode), false, declared(p, s)...)
			}
		},
	}
}

// declared returns the edit that declares the verdict, when there is one. It
// is not safe: the system still works as it did.
func declared(p *lint.Pass, s *lint.Subject) []diag.Edit {
	if !s.Decision.Decided() {
		return nil
	}
	return p.SetWord(s.Mode.Range, s.Mode.Value.String(), s.Decision.Verdict.String())
}

func disagreement(t *decide.Table, s *lint.Subject, mode decide.Verdict) string {
	hit := t.RowsOf(s.Decision)
	rows, why := "row ", ""
	if len(hit) > 1 {
		rows = "rows "
	}
	for i, r := range hit {
		if i > 0 {
			rows += ", "
		}
		rows += r.Name
	}
	if len(hit) == 1 && hit[0].Why != "" {
		why = ": " + clause(hit[0].Why)
	}
	if x := advice.ExceptionOf(&s.Decision); x != "" {
		why = ": " + clause(strings.TrimPrefix(strings.TrimSuffix(x, "."), "But "))
	}
	return quote(s) + " is " + mode.String() + ", but its answers give " + s.Decision.Possible.String() + " (" + rows + ")" + why
}

// correction says how the declared mode and the answers can agree.
func correction(t *decide.Table, s *lint.Subject, mode decide.Verdict) string {
	change := "answer the open questions"
	if s.Decision.Decided() {
		change = rebuild(&s.Decision)
	}
	var ways []string
	for _, w := range t.WaysTo(s.Answers, s.JudgeFacts(), mode) {
		ways = append(ways, changes(w))
	}
	if len(ways) == 0 {
		return change
	}
	return change + "; or correct the answers: " + mode.String() + " is right with " + strings.Join(ways, ", or ")
}

// rebuild says how the system changes so that it works in a mode.
func rebuild(d *decide.Decision) string {
	switch {
	case d.Verdict == decide.Async:
		return "hand it off through a queue or an outbox, and let the caller continue"
	case d.Verdict == decide.Hybrid && d.Exception == decide.NeverQueued:
		return "acknowledge it (202 and a status URL), and let the caller fetch the result when it's there"
	case d.Verdict == decide.Hybrid:
		return "acknowledge it (202 and a status URL), do the work behind a queue, and report the outcome"
	}
	return "call it and wait for the result, with a timeout"
}

// clause returns a sentence as a part of another.
func clause(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	next, _ := utf8.DecodeRuneInString(sentence[size:])
	if unicode.IsUpper(first) && !unicode.IsUpper(next) {
		sentence = string(unicode.ToLower(first)) + sentence[size:]
	}
	return strings.TrimSuffix(sentence, ".")
}

// changes names the answers that a flip needs: "immediacy yes and latency no".
func changes(f decide.Flip) string {
	var parts []string
	for _, c := range f.Changes {
		parts = append(parts, c.Question.String()+" "+c.To.String())
	}
	return strings.Join(parts, " and ")
}

// worker reports whether a service only does work that nobody waits for, jobs among it:
// its own step is to get done, so waiting costs nobody anything.
func worker(g *graph.Graph, s graph.ServiceID) bool {
	job := false
	for _, id := range g.Calls(s) {
		t := g.Operation(id).Traits
		if t.Audience != "nobody" {
			return false
		}
		job = job || t.Kind == "job"
	}
	return job
}

// behindDetachable reports whether every call that leads to one takes as long for the same
// reason: once the first is acknowledged at once, those behind it hold nobody's connection.
func behindDetachable(g *graph.Graph, id graph.OperationID) bool {
	if !tooLong(g.Operation(id)) {
		return false
	}
	into := g.After(id)
	if len(into) == 0 {
		into = g.CalledBy(g.Operation(id).Caller)
	}
	return len(into) > 0 && !slices.ContainsFunc(into, func(outer graph.OperationID) bool {
		return !tooLong(g.Operation(outer)) || g.Operation(outer).Caller == g.Operation(id).Caller
	})
}

// tooLong reports whether somebody waits for an operation that should be acknowledged first.
func tooLong(o *graph.Operation) bool {
	return o.Mode() == decide.Sync && o.Disagrees() && o.Verdict == decide.Hybrid && o.Answers[decide.Immediacy] == decide.Yes
}
