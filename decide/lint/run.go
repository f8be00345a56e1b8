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

	// Keep is shown every run of operations, with the position of their file. They belong to
	// it until it returns; what their fields hold, lists and texts, can be kept. What it
	// returns is in Result.Kept. It is called from several goroutines at a time; nil
	// keeps nothing.
	Keep func(file int, doc *manifest.Document, ops []manifest.Operation) any

	// Room is for what judging needs while it works; nil makes it for each file alone. Run
	// makes its own for all of its files.
	Room *Room

	// Opened is told of each file before it is judged, and again if it is opened again for
	// that. It is called from several goroutines at a time; nil tells nobody.
	Opened func(file int, src manifest.Source)

	// Judged is told of each file that was judged, with how many findings it gave by
	// itself; without its text, if that wasn't held meanwhile. It is called from several
	// goroutines at a time; nil tells nobody.
	Judged func(file int, src manifest.Source, findings int)

	// Joining is told by Run that all files are judged: what they gave is joined next, which
	// takes large room at once. Nil tells nobody.
	Joining func()
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

// An Opener returns the text of a manifest, and does so again for a long one. Beside an
// error the source carries the name alone; the other files are still checked.
type Opener func() (manifest.Source, error)

// Run reads the manifests in order and passes the rules over their operations.
// The result is the same for every number of workers. The error is that of the
// context.
func Run(ctx context.Context, files []Opener, o Options) (*Result, error) {
	standard := NewPolicy(o.Rules, o.Table, o.Limits)
	outcomes := make([]*Outcome, len(files))
	if o.Room == nil {
		o.Room = new(Room)
	}
	parallel.Each(o.workers(), len(files), func(i int) bool {
		if ctx.Err() == nil {
			outcomes[i] = o.judgeOpened(i, files[i], o.policyOf(i, standard))
		}
		return ctx.Err() == nil
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Joining != nil {
		o.Joining()
	}
	return o.join(outcomes, true), nil
}

// judgeOpened opens a file and judges it.
func (o *Options) judgeOpened(i int, open Opener, policy *Policy) *Outcome {
	opened := func() (manifest.Source, error) {
		src, err := open()
		if o.Opened != nil && err == nil {
			o.Opened(i, src)
		}
		return src, err
	}
	src, err := opened()
	held := src // as long as the file is judged
	if src.Part != nil {
		held.Data = nil
	}
	out := o.Judge(i, src, err, policy)
	if err == nil && out.file.Lost {
		held, err = opened()
		held.Part = nil
		out = o.Judge(i, held, err, policy)
	}
	if err != nil {
		return out
	}
	if o.Judged != nil {
		o.Judged(i, held, out.count())
	}
	out.text.release(held, open)
	return out
}

// An Outcome is what one file gave by itself. It does not change once made, so
// that a later run can join it again.
type Outcome struct {
	name     string
	file     *manifest.File
	policy   *Policy
	text     *text
	findings []pack // of its parts; of each at least one
	parts    []graph.Part
	waivers  []waived
	missing  []missingFact
	kept     []any
	unmoded  int
	err      error
}

// Speaks reports whether the file gave findings by itself.
func (out *Outcome) Speaks() bool { return out.count() > 0 }

// count returns how many findings the file gave by itself.
func (out *Outcome) count() int {
	n := 0
	if out.file != nil {
		n = len(out.file.Findings)
	}
	for i := range out.findings {
		n += len(out.findings[i].list)
	}
	return n
}

// Judge reads one file, which has a position in the run, and passes the rules
// over its single operations. An error says that it could not be opened. If the file is
// Lost, judge it again, without Part of its source.
func (o *Options) Judge(i int, src manifest.Source, err error, policy *Policy) *Outcome {
	if err != nil {
		return &Outcome{name: src.Name, err: err}
	}
	room := o.Room
	if room == nil {
		room = new(Room)
	}
	name := src.Name
	j := judging{Options: o, file: i, policy: policy, text: newText(src), room: room}
	file, pieces := j.read(src) // from here on nothing holds on to its text, where Source.Part is set
	out := &Outcome{name: name, file: file, policy: policy, text: j.text}
	out.makeRoom(pieces)
	for i := range pieces {
		p := pieces[i]
		pieces[i] = piece{} // what it holds can go
		if len(p.findings.list) > 0 {
			out.findings = append(out.findings, p.findings)
		}
		out.waivers = append(out.waivers, p.waivers...)
		out.missing = append(out.missing, p.missing...)
		out.unmoded += p.unmoded
		if o.joins() {
			out.parts = append(out.parts, p.part)
		}
		out.kept = append(out.kept, p.kept...)
	}
	doubt(out.waivers, file.Findings)
	return out
}

// makeRoom makes room for what pieces gave, and for no more: there may be very much of it.
func (out *Outcome) makeRoom(pieces []piece) {
	var waivers, missing, kept int
	for i := range pieces {
		waivers += len(pieces[i].waivers)
		missing += len(pieces[i].missing)
		kept += len(pieces[i].kept)
	}
	out.waivers, out.missing, out.kept = slices.Grow(out.waivers, waivers), slices.Grow(out.missing, missing), slices.Grow(out.kept, kept)
}

// A judging is how one file is judged.
type judging struct {
	*Options
	file   int // its position in the run
	policy *Policy
	text   *text
	room   *Room
}

// A piece is what a part of a file gave by itself.
type piece struct {
	packing  *packer // of findings
	findings pack
	building *graph.Building // of part
	part     graph.Part
	waivers  []waived
	missing  []missingFact
	kept     []any
	unmoded  int
}

// read reads the file and returns what its parts gave.
func (j *judging) read(src manifest.Source) (*manifest.File, []piece) {
	opt := manifest.Options{Workers: j.workers()}
	return manifest.Scan(&j.room.reading, src, opt, manifest.Visitor[piece]{Visit: j.visit, Done: j.done})
}

// visit judges operations.
func (j *judging) visit(p *piece, doc *manifest.Document, ops []manifest.Operation) {
	for i := range ops {
		if !ops[i].Mode.Set() {
			p.unmoded++
		}
	}
	if j.Rules != nil {
		if p.packing == nil {
			p.packing = j.room.findings.take()
		}
		j.lintOperations(p, doc, ops)
		p.waivers = appendWaivers(p.waivers, doc, ops, j.policy, j.text)
	}
	if j.joins() {
		if p.building == nil {
			p.building = j.room.collector.Begin(doc.File, j.policy.Table, j.policy.Limits)
		}
		p.building.Add(doc, ops)
	}
	if j.Keep != nil {
		p.kept = append(p.kept, j.Keep(j.file, doc, ops))
	}
}

// done ends a part: what it takes is as much as it needs.
func (j *judging) done(p *piece) {
	if p.packing != nil {
		p.findings, p.packing = j.room.findings.give(p.packing), nil
	}
	if p.building != nil {
		p.part, p.building = p.building.Part(), nil
	}
}

// lintOperations passes over single operations the rules that look at them: what they find, and in a strict
// run what they miss, goes to a piece.
func (j *judging) lintOperations(p *piece, doc *manifest.Document, ops []manifest.Operation) {
	policy, pass, s := j.policy, &p.packing.pass, &p.packing.subject
	if pass.report == nil {
		*pass = Pass{Table: policy.Table, Limits: policy.Limits, Today: j.Today, text: j.text, subject: s}
		pass.report = func(f diag.Finding) { p.packing.add(&f) }
		if j.Strict {
			pass.missing = &p.missing
		}
	}
	pass.file = doc.File
	for i := range ops {
		if !ops[i].Name.Set() {
			continue // the reader has said so; a finding could not say what it is about
		}
		*s = Subject{Operation: &ops[i], Document: doc, Answers: ops[i].Answers.Under(policy.Limits)}
		s.Decision = policy.Table.Judge(s.Answers, ops[i].JudgeFacts())
		given := s.Given()
		for _, r := range policy.operation[s.Mode.Value] {
			if r.Given&^given != 0 || r.Rule.Strict && !j.Strict {
				continue
			}
			pass.Rule, pass.values = r.Rule, r.values
			r.Operation(pass, s)
		}
	}
}

// A Room is what judging needs while it works, kept for the next file. It can be shared by
// goroutines. The zero Room is empty.
type Room struct {
	reading   manifest.Room
	collector graph.Collector
	findings  packers
}
