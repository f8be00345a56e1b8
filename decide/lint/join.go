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

// join is Join. For the last time, outcomes let go of what they gave as it is taken in.
func (o *Options) join(outcomes []*Outcome, last bool) *Result {
	result := &Result{}
	var files []*manifest.File
	var waivers []*pendingWaiver
	var missing []missingFact
	policies := policyMap{}
	for _, out := range outcomes {
		if out.err != nil {
			result.Unreadable = append(result.Unreadable, Unreadable{out.name, out.err})
			continue
		}
		result.Files++
		result.Operations += out.file.Operations
		result.Unmoded += out.unmoded
		if out.file.Broken {
			result.Broken = append(result.Broken, out.file.Name)
		}
		missing = append(missing, out.missing...)
		files = append(files, out.file)
		for i := range out.waivers {
			waivers = append(waivers, &pendingWaiver{waived: &out.waivers[i]})
		}
		result.Documents = append(result.Documents, out.file.Documents...)
		result.Kept = append(result.Kept, out.kept...)
		policies.add(out.file.Name, out.policy)
	}
	rules := policies.rules(o.Rules)
	result.Pinned = policies.held(rules)
	whole := manifest.CrossCheck(files) // the findings that only the whole run shows
	result.overRun = map[string]bool{}
	for _, f := range whole {
		result.overRun[f.Code] = true
	}
	var void voided
	if o.joins() {
		g := graph.Join(files, takeParts(outcomes, last))
		if o.Graph {
			result.Graph = g
		}
		void = voidedBy(g, outcomes, rules)
		graphRules := policies.graphRules(rules)
		for _, r := range graphRules {
			result.overRun[r.Code] = true
		}
		found, missed := o.lintGraph(g, graphRules, policies)
		whole, missing = append(whole, found...), append(missing, missed...)
	}
	whole = append(whole, reportMissing(missing, policies)...)
	result.Findings = diag.Sort(append(unpacked(outcomes, void, last, len(whole)), whole...))
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

// takeParts returns what the files gave to the graph, in order.
func takeParts(outcomes []*Outcome, last bool) []graph.Part {
	n := 0
	for _, out := range outcomes {
		n += len(out.parts)
	}
	parts := make([]graph.Part, 0, n)
	for _, out := range outcomes {
		parts = append(parts, out.parts...)
		if last {
			out.parts = nil
		}
	}
	return parts
}

// unpacked returns what the files found by themselves, in order, without what is void; it has
// room for more. The graph is no longer needed by then: there may be room for one of them only.
func unpacked(outcomes []*Outcome, void voided, last bool, more int) []diag.Finding {
	n := more
	for _, out := range outcomes {
		n += out.count()
	}
	list := make([]diag.Finding, 0, n)
	for _, out := range outcomes {
		if out.file == nil {
			continue
		}
		list = append(list, out.file.Findings...)
		for i := range out.findings {
			p := &out.findings[i]
			list = p.unpack(list, void[p])
			if last {
				*p = pack{}
			}
		}
	}
	return list
}

// A voided says of the findings of packs, by their positions, that the whole run shows them not
// to hold. Of a pack in which all hold it has nothing.
type voided map[*pack][]bool

// voidedBy returns what a run shows not to hold of what its files found.
func voidedBy(g *graph.Graph, outcomes []*Outcome, rules []*Rule) voided {
	shows := map[string]func(*graph.Graph) func(graph.OperationID) bool{}
	for _, r := range rules {
		if r.Void != nil {
			shows[r.Code] = r.Void
		}
	}
	asked := map[string]func(graph.OperationID) bool{} // by the code of a rule that found something
	void := voided{}
	for _, out := range outcomes {
		for i := range out.findings {
			p := &out.findings[i]
			for n := range p.list {
				code := p.heads[p.list[n].head].Code
				if shows[code] == nil {
					continue
				}
				if asked[code] == nil {
					asked[code] = shows[code](g)
				}
				if id, known := g.FindID(p.list[n].operation); known && asked[code](id) {
					if void[p] == nil {
						void[p] = make([]bool, len(p.list))
					}
					void[p][n] = true
				}
			}
		}
	}
	return void
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
