package project

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// A Workspace is a project that is read again and again while its files change, as
// an editor does: only what changed is judged anew. Its results are those of Read
// over the same texts. It is not safe for concurrent use.
type Workspace struct {
	settings Settings
	seed     maphash.Seed
	files    map[string]File      // by name
	overlays map[string][]byte    // unsaved texts, by name
	judged   map[string]judgement // by name
}

// A judgement is what a file gave when it had a text and a policy.
type judgement struct {
	sum     uint64
	text    []byte
	policy  *lint.Policy
	outcome *lint.Outcome
}

// NewWorkspace returns a workspace without files. Keep of the options is not called.
func NewWorkspace(s Settings) *Workspace {
	s.Options.Keep = func(_ int, doc *manifest.Document, ops []manifest.Operation) any {
		run := make([]Operation, len(ops))
		for i := range ops {
			run[i] = Operation{Operation: &ops[i], Document: doc}
		}
		return run
	}
	return &Workspace{settings: s, seed: maphash.MakeSeed(), files: map[string]File{}, overlays: map[string][]byte{}, judged: map[string]judgement{}}
}

// Add makes a file part of the project, or replaces the one of that name: its text
// may have changed.
func (w *Workspace) Add(f File) { w.files[f.Name] = f }

// Remove takes a file out of the project.
func (w *Workspace) Remove(name string) {
	delete(w.files, name)
	delete(w.overlays, name)
	delete(w.judged, name)
}

// Overlay puts a text in the place of what a file holds, until Reveal.
func (w *Workspace) Overlay(name string, text []byte) { w.overlays[name] = text }

// Reveal drops what stands in the place of a file.
func (w *Workspace) Reveal(name string) { delete(w.overlays, name) }

// Read judges what changed since it was last called, joins it with what did not,
// and returns the project and all its operations in the order of the files' names.
// The error is a *Misconfigured or that of the context.
func (w *Workspace) Read(ctx context.Context) (*Project, []Operation, error) {
	p := w.project()
	if findings := w.settings.Configurations.Findings(); len(findings) > 0 {
		diag.Identify(findings, w.settings.Options.Where)
		return nil, nil, &Misconfigured{findings, p.Files}
	}
	o := w.settings.Options
	o.Table, o.Limits, o.Policies = w.settings.Configurations.Table, w.settings.Configurations.Limits, p.Policies
	outcomes := make([]*lint.Outcome, len(p.Files))
	for i, f := range p.Files {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		j := w.judge(&o, i, f, p.Policies[i])
		outcomes[i] = j.outcome
		p.texts[i] = text{data: j.text, sum: j.sum}
	}
	p.Result = o.Join(outcomes)
	operations := kept[Operation](p.Kept)
	for i := range operations {
		operations[i].Policy = p.PolicyOf(operations[i].Document.File)
	}
	return p, operations, nil
}

// project returns the files in order, each with its policy, and nothing judged.
func (w *Workspace) project() *Project {
	p := &Project{index: map[string]int{}, seed: w.seed}
	for _, f := range w.files {
		p.Files = append(p.Files, f)
	}
	slices.SortFunc(p.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	p.texts = make([]text, len(p.Files))
	for i, f := range p.Files {
		p.index[f.Name] = i
		p.Policies = append(p.Policies, w.settings.Configurations.Policy(f.Path))
	}
	return p
}

// judge returns what a file gives: what it gave before, when its text and its policy
// are the same.
func (w *Workspace) judge(o *lint.Options, i int, f File, policy *lint.Policy) judgement {
	data, unsaved := w.overlays[f.Name]
	var err error
	if !unsaved {
		data, err = f.Open()
	}
	sum := maphash.Bytes(w.seed, data)
	if j, known := w.judged[f.Name]; known && err == nil && j.sum == sum && j.policy == policy {
		return j
	}
	j := judgement{sum, data, policy, o.Judge(i, manifest.Source{Name: f.Name, Data: data}, err, policy)}
	if err == nil {
		w.judged[f.Name] = j
	}
	return j
}
