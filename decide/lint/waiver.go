package lint

import (
	"fmt"
	"slices"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// What a run reports about waivers. None of these can be waived.
var (
	waiverUnknownRule = Rule{
		Code: "WN902", Name: "waiver-unknown-rule", Severity: diag.Error, Since: "0.1.0",
		Summary: "a waiver names an unknown rule",
		Doc: Doc{
			Why: "A waiver for a misspelled rule has no effect, and the finding it was written for stays.",
			Fix: "Name the rule by its code or name, as shown in the finding.",
		},
	}
	waiverRefused = Rule{
		Code: "WN903", Name: "waiver-refused", Severity: diag.Error, Since: "0.1.0",
		Summary: "a waiver names a rule that can't be waived",
		Doc: Doc{
			Why: "You can't waive what can't be parsed, and waivers of waivers would cover everything.",
			Fix: "Fix what the finding points at, and remove the waiver.",
		},
	}
	waiverExpired = Rule{
		Code: "WN904", Name: "waiver-expired", Severity: diag.Error, Since: "0.1.0",
		Summary: "a waiver has expired",
		Doc: Doc{
			Why: "Its owner promised to take another look by that day. The finding was accepted until then; now it counts again.",
			Fix: "Fix the finding and remove the waiver, or renew the waiver with a reason and a new date.",
		},
	}
	waiverUnused = Rule{
		Code: "WN905", Name: "waiver-unused", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a waiver matches no finding",
		Doc: Doc{
			Why: "If the finding comes back, a leftover waiver would hide it without anyone having decided that.",
			Fix: "Remove the waiver.",
		},
	}
)

// A waived is a waiver with the operation that holds it.
type waived struct {
	waiver    manifest.Waiver
	op        *diag.Range // of its operation; the same for all its waivers
	text      *text
	file      string
	operation string // its ID
	policy    *Policy
	unsure    bool // the reader reports something in its operation, which may hide findings
}

// A pendingWaiver is a waiver of a run, with how many findings it matched there.
type pendingWaiver struct {
	*waived
	matched int
}

// appendWaivers adds the waivers of operations to a list.
func appendWaivers(list []waived, doc *manifest.Document, ops []manifest.Operation, policy *Policy, text *text) []waived {
	for i := range ops {
		if len(ops[i].Waivers) == 0 {
			continue
		}
		at := ops[i].Range // a copy, so that the operation need not stay in memory
		for _, w := range ops[i].Waivers {
			list = append(list, waived{waiver: w, op: &at, text: text, file: doc.File, operation: ops[i].ID(), policy: policy})
		}
	}
	return list
}

// doubt marks the waivers of operations about which the reader, whose findings are
// sorted, reports something: what it could not read may hide what a waiver accepts.
// What is wrong with waivers hides nothing.
func doubt(waivers []waived, reader []diag.Finding) {
	for from := 0; from < len(waivers); {
		op, to := waivers[from].op, from
		for to < len(waivers) && waivers[to].op == op {
			to++
		}
		unsure := reportsOn(*op, waivers[from:to], reader)
		for ; from < to; from++ {
			waivers[from].unsure = unsure
		}
	}
}

// reportsOn reports whether the reader says something about an operation beside its
// waivers.
func reportsOn(op diag.Range, waivers []waived, reader []diag.Finding) bool {
	at, _ := slices.BinarySearchFunc(reader, op.Start, func(f diag.Finding, p diag.Pos) int { return f.Range.Start.Compare(p) })
	places := make([]diag.Range, len(waivers))
	for i := range waivers {
		places[i] = waivers[i].waiver.Range
	}
	slices.SortFunc(places, func(a, b diag.Range) int { return a.Start.Compare(b.Start) })
	var ends diag.Pos // of the waivers that start before the finding, the last
	for ; at < len(reader) && reader[at].Range.Start.Compare(op.End) < 0; at++ {
		start := reader[at].Range.Start
		for len(places) > 0 && places[0].Start.Compare(start) <= 0 {
			if ends.Compare(places[0].End) < 0 {
				ends = places[0].End
			}
			places = places[1:]
		}
		if start.Compare(ends) >= 0 {
			return true
		}
	}
	return false
}

// complete reports whether all that a waiver needs was given. What is missing
// the reader has reported.
func (h *pendingWaiver) complete() bool {
	w := &h.waiver
	return w.Rule.Set() && w.Reason.Set() && w.Owner.Set() && w.Until.Set()
}

// accepts reports whether the waiver names the finding's rule.
func (h *pendingWaiver) accepts(f *diag.Finding) bool {
	return h.waiver.Rule.Value == f.Code || h.waiver.Rule.Value == f.Rule
}

// waive takes the findings that a waiver accepts out of the result's findings.
// Of the waivers of an operation that name the rule, the one that holds the longest counts.
func (r *Result) waive(holders []*pendingWaiver, today time.Time) {
	if len(holders) == 0 {
		return
	}
	type place struct{ file, operation string }
	at := map[place][]*pendingWaiver{}
	for _, h := range holders {
		key := place{h.file, h.operation}
		at[key] = append(at[key], h)
	}
	kept := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if h := matching(at[place{f.File, f.Operation}], f, today, r.refused); h != nil {
			r.Waived = append(r.Waived, Waived{*f, h.waiver})
			continue
		}
		if kept < i {
			r.Findings[kept] = *f
		}
		kept++
	}
	r.Findings = r.Findings[:kept]
}

// matching returns the waiver that accepts f, or nil: of several the one that holds the
// longest, so that the others can go. Those that have run out accept nothing any more, and
// count as matched when no other does.
func matching(list []*pendingWaiver, f *diag.Finding, today time.Time, refused map[string]bool) *pendingWaiver {
	if refused[f.Code] {
		return nil
	}
	var longest *pendingWaiver
	for _, h := range list {
		if h.complete() && h.accepts(f) && !h.expired(today) && (longest == nil || h.waiver.Until.Value.After(longest.waiver.Until.Value)) {
			longest = h
		}
	}
	if longest != nil {
		longest.matched++
		return longest
	}
	for _, h := range list {
		if h.complete() && h.accepts(f) {
			h.matched++
		}
	}
	return nil
}

func (h *pendingWaiver) expired(today time.Time) bool { return today.After(h.waiver.Until.Value) }

// A catalogue knows every rule by its code and by its name.
type catalogue struct {
	words   []string // names, then codes: what a waiver or a configuration may name
	byWord  map[string]*Rule
	refused map[string]bool // the codes that cannot be waived
}

func newCatalogue(rules []*Rule) *catalogue {
	c := &catalogue{byWord: map[string]*Rule{}, refused: map[string]bool{}}
	var codes []string
	add := func(r *Rule, refused bool) {
		c.words, codes = append(c.words, r.Name), append(codes, r.Code)
		c.byWord[r.Name], c.byWord[r.Code] = r, r
		if refused {
			c.refused[r.Code] = true
		}
	}
	for _, r := range rules {
		add(r, r.NoWaiver)
	}
	for _, r := range EngineRules() {
		add(r, r != &missingFacts)
	}
	for _, r := range manifest.Rules() {
		add(&Rule{Code: r.Code, Name: r.Name, Severity: r.Severity, Summary: r.Summary}, true)
	}
	c.words = append(c.words, codes...)
	return c
}

// ByWord returns rules by code and by name: those given, the engine's own and what
// the reader reports.
func ByWord(rules []*Rule) map[string]*Rule { return newCatalogue(rules).byWord }

// judgeWaivers reports what is wrong with the waivers of a run. Of rules over
// the whole run it cannot tell that they found nothing when the run has seen
// only a part.
func judgeWaivers(holders []*pendingWaiver, c *catalogue, today time.Time, partial bool) []diag.Finding {
	var findings []diag.Finding
	var gone, reported []*pendingWaiver
	for _, h := range holders {
		if !h.waiver.Rule.Set() {
			continue
		}
		rule, message, fix := h.judge(c, today, partial)
		if rule == nil {
			continue
		}
		if rule = h.policy.Rule(rule.Code); rule == nil {
			continue // off
		}
		at := h.waiver.Rule.Range
		if rule.Code == waiverExpired.Code {
			at = h.waiver.Until.Range
		}
		findings = append(findings, diag.Finding{
			File: h.file, Range: at, Code: rule.Code, Rule: rule.Name, Severity: rule.Severity,
			Message: message, Fix: fix, Operation: h.operation, Key: h.waiver.Rule.Value,
		})
		reported = append(reported, h)
		// Whether a rule over the whole run found nothing depends on what else is
		// in the run: nobody but its owner removes such a waiver.
		if fix == removeWaiver && c.byWord[h.waiver.Rule.Value].Graph == nil {
			gone = append(gone, h)
		}
	}
	edits := removals(gone, holders)
	for i, h := range reported {
		findings[i].Edits, findings[i].Safe = edits[h], edits[h] != nil
	}
	return findings
}

// removeWaiver is the fix of a waiver that does nothing.
const removeWaiver = "remove the waiver"

// judge returns the rule that one waiver breaks, or nil.
func (h *pendingWaiver) judge(c *catalogue, today time.Time, partial bool) (rule *Rule, message, fix string) {
	word := h.waiver.Rule.Value
	target := c.byWord[word]
	switch {
	case target == nil:
		fix = "name a rule by its code or its name"
		if near := diag.Nearest(word, c.words); near != "" {
			fix = fmt.Sprintf("did you mean %s?", near)
		}
		return &waiverUnknownRule, fmt.Sprintf("unknown rule %q: it can't be waived", word), fix
	case c.refused[target.Code]:
		return &waiverRefused, fmt.Sprintf("%s can't be waived", target.Name), "fix what it reports, and remove the waiver"
	case !h.complete():
		return nil, "", ""
	case h.expired(today):
		until := h.waiver.Until.Value.Format(time.DateOnly)
		if h.matched == 0 {
			return &waiverExpired, fmt.Sprintf("the waiver of %s expired on %s, and there's nothing left to waive", target.Name, until), removeWaiver
		}
		return &waiverExpired, fmt.Sprintf("the waiver of %s expired on %s", target.Name, until), "fix the finding it waives, or renew it with a reason and a new date"
	case h.matched > 0 || h.policy.Rule(target.Code) == nil || h.unsure || partial && target.Graph != nil:
		return nil, "", ""
	}
	return &waiverUnused, fmt.Sprintf("the waiver of %s matches no finding", target.Name), removeWaiver
}
