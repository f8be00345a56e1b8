package lint

import (
	"context"
	"runtime"
	"slices"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
	"waitornot/decide/parallel"
)

// Options say how a run judges. Table must be given.
type Options struct {
	Rules    []*Rule // the whole catalogue; nil runs no rule: the findings are those of the reader
	Table    *decide.Table
	Limits   decide.LatencyLimits
	Policies []*Policy     // of the files, in their order; nil when all rules are on for all files
	Today    time.Time     // midnight UTC
	Strict   bool          // report the facts that rules would have needed
	Baseline *BaselineFile // nil when there is none
	Partial  bool          // the run sees only some of the manifests that belong together
	Workers  int           // goroutines; 0 means one for each processor
	Graph    bool          // join the operations of all files into Result.Graph

	// Where says how a file is known whatever the run calls it, so that fingerprints
	// don't depend on that; nil takes its name.
	Where func(file string) string

	// Keep is shown every run of operations, with the position of their file. What it
	// returns is in Result.Kept. It is called from several goroutines at a time; nil
	// keeps nothing.
	Keep func(file int, doc *manifest.Document, ops []manifest.Operation) any

	// Judged is told of each file that was judged, with how many findings it gave by
	// itself. It is called from several goroutines at a time; nil tells nobody.
	Judged func(file int, src manifest.Source, findings int)
}

// joins reports whether the run needs a graph: to hand it out, or for its rules.
func (o *Options) joins() bool { return o.Graph || o.Rules != nil }

func (o *Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// policyOf returns the policy of the file at a position of the run.
func (o *Options) policyOf(i int, standard *Policy) *Policy {
	if i < len(o.Policies) && o.Policies[i] != nil {
		return o.Policies[i]
	}
	return standard
}

// A Result is what a run found.
type Result struct {
	Findings   []diag.Finding // sorted, each with its fingerprint
	Waived     []Waived       // the findings that a waiver accepts, sorted
	Files      int            // those that could be opened
	Operations int
	Pinned     []*Rule      // the rules that a configuration's rules_version holds back, in the order of the catalogue
	Broken     []string     // the files some of whose text could not be read, in order
	Unreadable []Unreadable // the files that could not be opened, in order
	Baseline   *Comparison  // nil when the run has no baseline
	Graph      *graph.Graph // of all operations; nil unless it was needed
	Documents  []*manifest.Document
	Kept       []any // what Options.Keep returned, in the order of the operations
	Unshared   int   // how many findings are left out because the manifests beside those of the run refute them
	Unrelated  int   // how many findings are left out because nothing changed where they point

	overRun map[string]bool // the codes of findings that only the files of a run show together
	refused map[string]bool // the codes that can be neither waived nor in a baseline
}

// Uncertain reports whether the result has findings that only its files together show,
// so that more files might refute them.
func (r *Result) Uncertain() bool {
	return slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return r.overRun[f.Code] })
}

// Confirm leaves out, and counts, the findings that only the files of the run show
// together and that a run over more files doesn't have. Files that were not part of
// that run keep theirs.
func (r *Result) Confirm(whole *Result, includes func(file string) bool) {
	known := map[diag.Fingerprint]bool{}
	for i := range whole.Findings {
		known[whole.Findings[i].Fingerprint] = true
	}
	kept := r.Findings[:0]
	for _, f := range r.Findings {
		if r.overRun[f.Code] && includes(f.File) && !known[f.Fingerprint] {
			r.Unshared++
		} else {
			kept = append(kept, f)
		}
	}
	r.Findings = kept
}

// Waived is a finding that is accepted on purpose, and the waiver that says so.
type Waived struct {
	Finding diag.Finding
	Waiver  manifest.Waiver
}

// Unreadable is a file that could not be opened. The error does not name it.
type Unreadable struct {
	File string
	Err  error
}

// Count returns how many findings have the severity.
func (r *Result) Count(s diag.Severity) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Severity == s {
			n++
		}
	}
	return n
}

// An Opener returns the text of a manifest. Beside an error the source carries
// the name alone; the other files are still checked.
type Opener func() (manifest.Source, error)

// Run reads the manifests in order and passes the rules over their operations.
// The result is the same for every number of workers. The error is that of the
// context.
func Run(ctx context.Context, files []Opener, o Options) (*Result, error) {
	standard := NewPolicy(o.Rules, o.Table, o.Limits)
	outcomes := make([]*Outcome, len(files))
	parallel.Each(o.workers(), len(files), func(i int) bool {
		if ctx.Err() == nil {
			src, err := files[i]()
			outcomes[i] = o.Judge(i, src, err, o.policyOf(i, standard))
			if o.Judged != nil && err == nil {
				o.Judged(i, src, len(outcomes[i].findings))
			}
		}
		return ctx.Err() == nil
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return o.Join(outcomes), nil
}

// An Outcome is what one file gave by itself. It does not change once made, so
// that a later run can join it again.
type Outcome struct {
	name     string
	file     *manifest.File
	policy   *Policy
	findings []diag.Finding
	parts    []graph.Part
	waivers  []waived
	missing  []missingFact
	kept     []any
	err      error
}

// Speaks reports whether the file gave findings by itself.
func (out *Outcome) Speaks() bool { return len(out.findings) > 0 }

// Judge reads one file, which has a position in the run, and passes the rules
// over its single operations. An error says that it could not be opened.
func (o *Options) Judge(i int, src manifest.Source, err error, policy *Policy) *Outcome {
	if err != nil {
		return &Outcome{name: src.Name, err: err}
	}
	text := newText(src.Data)
	type piece struct {
		findings []diag.Finding
		part     graph.Part
		waivers  []waived
		missing  []missingFact
		kept     any
	}
	read := manifest.Map[piece]
	if o.Keep == nil {
		read = manifest.Scan[piece] // nothing here holds on to an operation
	}
	var collector graph.Collector
	var room scratch
	file, pieces := read(src, manifest.Options{Workers: o.workers()}, func(doc *manifest.Document, ops []manifest.Operation) piece {
		var p piece
		if o.Rules != nil {
			p.findings, p.missing = o.lintOperations(doc, ops, policy, text, &room)
			p.waivers = waiversOf(doc, ops, policy, text)
		}
		if o.joins() {
			p.part = collector.Collect(doc, ops, policy.Table, policy.Limits)
		}
		if o.Keep != nil {
			p.kept = o.Keep(i, doc, ops)
		}
		return p
	})
	out := &Outcome{name: src.Name, file: file, policy: policy}
	total := len(file.Findings)
	for i := range pieces {
		total += len(pieces[i].findings)
	}
	out.findings = append(make([]diag.Finding, 0, total), file.Findings...)
	if o.joins() {
		out.parts = make([]graph.Part, 0, len(pieces))
	}
	for i := range pieces {
		p := pieces[i]
		pieces[i] = piece{} // what it holds can go
		out.findings = append(out.findings, p.findings...)
		out.waivers = append(out.waivers, p.waivers...)
		out.missing = append(out.missing, p.missing...)
		if o.joins() {
			out.parts = append(out.parts, p.part)
		}
		if o.Keep != nil {
			out.kept = append(out.kept, p.kept)
		}
	}
	doubt(out.waivers, file.Findings)
	return out
}

// lintOperations passes every rule over single operations, and returns what they
// found and, in a strict run, what they missed.
func (o *Options) lintOperations(doc *manifest.Document, ops []manifest.Operation, policy *Policy, text *text, scratch *scratch) ([]diag.Finding, []missingFact) {
	findings := scratch.take()
	var missing []missingFact
	pass := Pass{Table: policy.Table, Limits: policy.Limits, Today: o.Today, file: doc.File, text: text}
	pass.report = func(f diag.Finding) { findings = append(findings, f) }
	if o.Strict {
		pass.missing = &missing
	}
	for i := range ops {
		if !ops[i].Name.Set() {
			continue // the reader has said so; a finding could not say what it is about
		}
		s := Subject{Operation: &ops[i], Document: doc, Answers: ops[i].Answers.Under(policy.Limits)}
		s.Decision = policy.Table.Judge(s.Answers, ops[i].JudgeFacts())
		pass.subject = &s
		for _, r := range policy.operation {
			if r.Rule.Strict && !o.Strict {
				continue
			}
			pass.Rule, pass.values = r.Rule, r.values
			r.Operation(&pass, &s)
		}
	}
	return scratch.give(findings), missing
}

// A scratch is room for findings while they are made: what is handed on takes no more
// than it needs.
type scratch struct {
	free parallel.Spare[[]diag.Finding]
}

func (s *scratch) take() []diag.Finding {
	room, _ := s.free.Take()
	return room
}

// give returns a copy of findings, and keeps their room for the next.
func (s *scratch) give(findings []diag.Finding) []diag.Finding {
	made := slices.Clone(findings)
	clear(findings)
	s.free.Give(findings[:0])
	return made
}

// Join adds what only the whole run can show to what its files gave, in their
// order, and sorts.
func (o *Options) Join(outcomes []*Outcome) *Result {
	result := &Result{}
	var files []*manifest.File
	var parts []graph.Part
	var waivers []*pendingWaiver
	var missing []missingFact
	policies := policyMap{}
	result.Findings = make([]diag.Finding, 0, roomFor(outcomes, func(out *Outcome) int { return len(out.findings) }))
	parts = make([]graph.Part, 0, roomFor(outcomes, func(out *Outcome) int { return len(out.parts) }))
	for _, out := range outcomes {
		if out.err != nil {
			result.Unreadable = append(result.Unreadable, Unreadable{out.name, out.err})
			continue
		}
		result.Files++
		result.Findings = append(result.Findings, out.findings...)
		result.Operations += out.file.Operations
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
		result.Graph = graph.Join(files, parts)
		result.Findings = dropVoid(result.Findings, result.Graph, rules)
		graphRules := policies.graphRules(rules)
		for _, r := range graphRules {
			result.overRun[r.Code] = true
		}
		found, missed := o.lintGraph(result.Graph, graphRules, policies)
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
	void := map[string]func(*graph.Graph, graph.OperationID) bool{}
	for _, r := range rules {
		if r.Void != nil {
			void[r.Code] = r.Void
		}
	}
	return slices.DeleteFunc(findings, func(f diag.Finding) bool {
		holds := void[f.Code]
		if holds == nil {
			return false
		}
		id, known := g.FindID(f.Operation)
		return known && holds(g, id)
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
