package lint

import (
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
	"waitornot/decide/parallel"
)

// Join adds what only the whole run can show to what its files gave, in their
// order, and sorts.
func (o *Options) Join(outcomes []*Outcome) *Result { return o.join(outcomes, false) }

// join is Join. For the last time, outcomes let go of their findings as those are taken in.
func (o *Options) join(outcomes []*Outcome, last bool) *Result {
	result := &Result{}
	var files []*manifest.File
	var parts []graph.Part
	var waivers []*pendingWaiver
	var missing []missingFact
	policies := policyMap{}
	result.Findings = make([]diag.Finding, 0, roomFor(outcomes, (*Outcome).count))
	parts = make([]graph.Part, 0, roomFor(outcomes, func(out *Outcome) int { return len(out.parts) }))
	for _, out := range outcomes {
		if out.err != nil {
			result.Unreadable = append(result.Unreadable, Unreadable{out.name, out.err})
			continue
		}
		result.Files++
		result.Findings = append(result.Findings, out.file.Findings...)
		for i := range out.findings {
			result.Findings = out.findings[i].unpack(result.Findings)
			if last {
				out.findings[i] = pack{}
			}
		}
		result.Operations += out.file.Operations
		result.Unmoded += out.unmoded
		if out.file.Broken {
			result.Broken = append(result.Broken, out.file.Name)
		}
		missing = append(missing, out.missing...)
		files, parts = append(files, out.file), append(parts, out.parts...)
		for i := range out.waivers {
			waivers = append(waivers, &pendingWaiver{waived: &out.waivers[i]})
		}
		result.Documents = append(result.Documents, out.file.Documents...)
		result.Kept = append(result.Kept, out.kept...)
		policies.add(out.file.Name, out.policy)
	}
	rules := policies.rules(o.Rules)
	result.Pinned = policies.held(rules)
	result.overRun = map[string]bool{}
	for _, f := range manifest.CrossCheck(files) {
		result.overRun[f.Code] = true
		result.Findings = append(result.Findings, f)
	}
	if o.joins() {
		g := graph.Join(files, parts)
		if o.Graph {
			result.Graph = g
		}
		result.Findings = dropVoid(result.Findings, g, rules)
		graphRules := policies.graphRules(rules)
		for _, r := range graphRules {
			result.overRun[r.Code] = true
		}
		found, missed := o.lintGraph(g, graphRules, policies)
		result.Findings = append(result.Findings, found...)
		missing = append(missing, missed...)
	}
	result.Findings = append(result.Findings, reportMissing(missing, policies)...)
	result.Findings = diag.Sort(result.Findings)
	diag.Identify(result.Findings, o.Where)
	known := newCatalogue(rules)
	result.refused = known.refused
	result.settle(waivers, known, o)
	if o.Baseline != nil {
		var names []string
		for _, f := range files {
			if !f.Broken { // what was not read may still be there
				names = append(names, f.Name)
			}
		}
		result.Baseline = o.Baseline.compare(result, names, o.Partial)
	}
	return result
}

// roomFor adds what each outcome takes, with a little for what the run adds.
func roomFor(outcomes []*Outcome, of func(*Outcome) int) int {
	const more = 16
	n := more
	for _, out := range outcomes {
		n += of(out)
	}
	return n + n/more
}

// dropVoid returns the findings without those that the whole run shows not to hold.
func dropVoid(findings []diag.Finding, g *graph.Graph, rules []*Rule) []diag.Finding {
	shows := map[string]func(*graph.Graph) func(graph.OperationID) bool{}
	for _, r := range rules {
		shows[r.Code] = r.Void
	}
	void := map[string]func(graph.OperationID) bool{}
	return slices.DeleteFunc(findings, func(f diag.Finding) bool {
		if shows[f.Code] == nil {
			return false
		}
		if void[f.Code] == nil {
			void[f.Code] = shows[f.Code](g)
		}
		id, known := g.FindID(f.Operation)
		return known && void[f.Code](id)
	})
}

// settle takes the waived findings out of the result, and adds what is wrong
// with the waivers.
func (r *Result) settle(waivers []*pendingWaiver, known *catalogue, o *Options) {
	if len(waivers) == 0 {
		return
	}
	r.waive(waivers, o.Today)
	judged := diag.Sort(judgeWaivers(waivers, known, o.Today, o.Partial || len(r.Broken)+len(r.Unreadable) > 0))
	if len(judged) == 0 {
		return
	}
	diag.Identify(judged, o.Where)
	r.Findings = diag.Sort(append(r.Findings, judged...))
}

// lintGraph passes every rule over the whole run. A rule that is on for some
// files only keeps what it finds there; its parameters are those of the first.
func (o *Options) lintGraph(g *graph.Graph, rules []tuned, policies policyMap) ([]diag.Finding, []missingFact) {
	found := make([][]diag.Finding, len(rules))
	missed := make([][]missingFact, len(rules))
	parallel.Each(o.workers(), len(rules), func(i int) bool {
		found[i], missed[i] = o.passGraph(g, rules[i], policies)
		return true
	})
	return slices.Concat(found...), slices.Concat(missed...)
}

// passGraph passes one rule over the whole run.
func (o *Options) passGraph(g *graph.Graph, r tuned, policies policyMap) (findings []diag.Finding, missing []missingFact) {
	pass := Pass{Table: o.Table, Limits: o.Limits, Today: o.Today, Rule: r.Rule, values: r.values}
	if o.Strict {
		pass.missing = &missing
	}
	pass.report = func(f diag.Finding) {
		policy := policies.of[f.File]
		if policy == nil {
			findings = append(findings, f)
		} else if known := policy.Rule(f.Code); known != nil {
			lighter := f.Severity < r.Severity
			if f.Severity = known.Severity; lighter {
				f.Severity = max(diag.Info, f.Severity-1)
			}
			findings = append(findings, f)
		}
	}
	r.Graph(&pass, g)
	return findings, missing
}
