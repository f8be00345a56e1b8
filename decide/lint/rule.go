// Package lint runs rules over manifests: it knows how, the rules know what.
package lint

import (
	"slices"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// A Rule looks for one kind of finding. It keeps no state between runs; one of
// its functions is set.
type Rule struct {
	Code     string // WN101: stable, never reused
	Name     string // the pattern that it flags: mode-disagrees
	Severity diag.Severity
	Since    string // the release that brought it
	Summary  string // one sentence without a full stop
	Doc      Doc
	Reads    []string          // the fields of a manifest that it reads
	Optional []string          // those of Reads without which what it finds still holds: the finding is graver, milder or shorter then, or another fact stands in
	Modes    decide.VerdictSet // the declared modes of the operations that Operation looks at; 0: any, and none
	Given    manifest.Given    // what such an operation must give besides: without it the rule has nothing to say, not even that it's missing
	Params   []Param
	NoWaiver bool // a manifest cannot waive its findings
	Custom   bool // it comes from a configuration
	Strict   bool // it only says back what the manifest declares, so only strict runs pass it

	Operation func(*Pass, *Subject)     // looks at one operation at a time, of those that Modes and Given leave
	Graph     func(*Pass, *graph.Graph) // looks at the whole run
	// Void looks at the whole run once, when Operation found something, and returns whether
	// it shows that what was found of an operation doesn't hold, or that another finding says
	// it already; nil when only the operation itself counts.
	Void func(*graph.Graph) func(graph.OperationID) bool
}

// Doc explains a rule. Bad and Good are manifests: Bad triggers the rule and
// Good does not.
type Doc struct {
	Why     string
	Fix     string
	Bad     string
	Good    string
	Sources []string // ids of sources; empty when the rule is a judgment
}

// A Subject is an operation with what the table says of it.
type Subject struct {
	*manifest.Operation
	Document *manifest.Document
	Answers  decide.Answers // judged by the limits of the run
	Decision decide.Decision

	id string // of Operation, once somebody asks for it
}

// ID returns the name of the operation that is unique in the run.
func (s *Subject) ID() string {
	if s.id == "" {
		s.id = s.Operation.ID()
	}
	return s.id
}

// elsewhere reports whether an edit is in what the operation inherits, not in itself. An
// edit may add a line behind the operation.
func (s *Subject) elsewhere(e diag.Edit) bool {
	at := e.Range.Start.Line
	return at < s.Range.Start.Line || at > s.Range.End.Line+1
}

// Works reports whether the operation is declared to work in one of the modes.
// An operation without a declared mode works in none.
func (s *Subject) Works(modes ...decide.Verdict) bool {
	return s.Mode.Set() && slices.Contains(modes, s.Mode.Value)
}

// A Pass carries one rule through a run and collects what it reports.
type Pass struct {
	Rule   *Rule
	Table  *decide.Table
	Limits decide.LatencyLimits
	Today  time.Time // the day on which the run happens, midnight UTC

	file    string
	text    *text
	subject *Subject
	values  []float64    // of Rule.Params, when they are not the defaults
	stated  []diag.Range // the values that its messages state, beside those that they point at
	report  func(diag.Finding)
	missing *[]missingFact // nil unless the run is strict
}

// Param returns the value of the rule's parameter with the given name, in its
// unit. A name that the rule does not declare is 0.
func (p *Pass) Param(name string) float64 {
	for i := range p.Rule.Params {
		if p.Rule.Params[i].Name == name {
			if p.values != nil {
				return p.values[i]
			}
			return p.Rule.Params[i].Default
		}
	}
	return 0
}

// Missing says that the rule applies to the operation at hand but stays silent,
// because the manifest doesn't give these facts. A strict run tells.
func (p *Pass) Missing(facts ...string) {
	if p.missing != nil {
		p.miss(p.file, p.subject.Place(), p.subject.ID(), facts)
	}
}

// MissingIn is Missing for a rule over the whole run, which names the file, the
// place and the operation (or journey) as in ReportIn. A fact of something else is
// named with it: "availability of bank".
func (p *Pass) MissingIn(file string, at diag.Range, operation string, facts ...string) {
	if p.missing != nil {
		p.miss(file, at, operation, facts)
	}
}

func (p *Pass) miss(file string, at diag.Range, operation string, facts []string) {
	for _, fact := range facts {
		*p.missing = append(*p.missing, missingFact{file, at, operation, fact, p.Rule})
	}
}

// Report adds a finding about the operation at hand. A range without a place
// stands for the operation as a whole, a related place without a file for the
// operation's own. The message is one line without a full
// stop; fix is a verb phrase and may be empty.
func (p *Pass) Report(at diag.Range, message, fix string, related ...diag.Related) {
	f := diag.Finding{
		File: p.file, Range: at, Code: p.Rule.Code, Rule: p.Rule.Name, Severity: p.Rule.Severity,
		Message: message, Fix: fix, Related: related,
	}
	for i := range related {
		if related[i].File == "" {
			related[i].File = p.file
		}
	}
	if p.subject != nil {
		f.Operation = p.subject.ID()
		if !at.IsValid() {
			f.Range = p.subject.Place()
		}
		f.Related = append(related, p.inherited(&f)...)
	}
	p.report(f)
}

// ReportEdit adds a finding about the operation at hand as Report does, with the
// edits that make it go away. Safe ones change nothing that the manifest claims
// about the system.
func (p *Pass) ReportEdit(at diag.Range, message, fix string, safe bool, edits ...diag.Edit) {
	if p.subject != nil && slices.ContainsFunc(edits, p.subject.elsewhere) {
		edits, safe = nil, false // other operations inherit what would change
	}
	edited := *p
	edited.report = func(f diag.Finding) {
		f.Edits, f.Safe = edits, safe
		p.report(f)
	}
	edited.Report(at, message, fix)
}

// Fail says that the rule could not look at the operation at hand, or with a file of
// its own, at something of the run. The run then counts as one that could not do its
// work.
func (p *Pass) Fail(file string, at diag.Range, operation, message, fix string) {
	if file == "" {
		file = p.file
	}
	if p.subject != nil {
		operation, at = p.subject.ID(), p.subject.Place()
	}
	p.report(diag.Finding{
		File: file, Range: at, Code: ruleFailed.Code, Rule: ruleFailed.Name, Severity: ruleFailed.Severity,
		Message: message, Fix: fix, Operation: operation,
	})
}

// Failed reports whether a rule could not be evaluated.
func (r *Result) Failed() bool {
	return slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Code == ruleFailed.Code })
}

// ReportIn adds a finding from a rule over the whole run, which names the file
// and the operation (or journey) itself.
func (p *Pass) ReportIn(file string, at diag.Range, operation, message, fix string, related ...diag.Related) {
	p.report(diag.Finding{
		File: file, Range: at, Code: p.Rule.Code, Rule: p.Rule.Name, Severity: p.Rule.Severity,
		Message: message, Fix: fix, Operation: operation, Related: related,
	})
}

// Once returns a pass for what is configured once for several operations: a client, a
// consumer. Its messages name only what the statement is true of, as in
// `"authorize-card"`, and Result.Merge says them together.
func (p *Pass) Once(statement string) *Pass {
	once := *p
	once.report = func(f diag.Finding) {
		f.Shared, f.Message = statement, statement+": "+f.Message
		p.report(f)
	}
	return &once
}

// LowerSeverity returns a pass that reports one severity lighter: for the cases of a
// rule that matter less.
func (p *Pass) LowerSeverity() *Pass {
	lighter := *p
	lighter.report = func(f diag.Finding) {
		f.Severity = max(diag.Info, f.Severity-1)
		p.report(f)
	}
	return &lighter
}
