// Package project is the one way from files to findings. It reads the manifests of
// a project with their configurations, and gives documents, operations, graph and
// findings as one value. Whoever asks brings the files: from a disk, a revision or an
// editor. Nothing here opens one, and nothing tells the time.
package project

import (
	"context"
	"hash/maphash"
	"sync"

	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// A File is a manifest of a project.
type File struct {
	Name string // as findings show it
	Path string // absolute: which configuration holds depends on it
	Open func() ([]byte, error)

	// Part reads again what Open has read, from an offset, as much as a buffer has room for; nil
	// for what can't be read in parts. A long text needn't be in memory then while it's judged.
	Part func(into []byte, from int) error
}

// Settings say how a project is read. Configurations must be given.
type Settings struct {
	Configurations *config.Loader // finds what holds for each file
	Options        lint.Options   // Rules nil runs none; Table, Limits and Policies are set by Read

	// Opened is told the size of each file. It is called from several goroutines at a
	// time; nil tells nobody.
	Opened func(bytes int)
}

// A Project is what reading gave.
type Project struct {
	*lint.Result
	Files    []File
	Policies []*lint.Policy // of the files, in their order

	index map[string]int // positions of the files by name
	texts []text         // of the files, in their order
	seed  maphash.Seed   // of the sums of texts
}

// An Operation is one of a project, with the document that declares it and the
// policy that judges it.
type Operation struct {
	*manifest.Operation
	Document *manifest.Document
	Policy   *lint.Policy
}

// Misconfigured says that the configurations can't be followed, so that nothing was
// judged.
type Misconfigured struct {
	Findings []diag.Finding // sorted, each with its fingerprint
	Files    []File
}

// Error says that nothing was checked; the findings say why.
func (m *Misconfigured) Error() string { return "invalid configuration; nothing was checked" }

// Read reads the files in order and returns the project, and what keep made of each
// operation, in the order of the files; a nil keep makes nothing. An operation belongs to
// keep until it returns: the next one takes its place, but what its fields hold can be kept.
// Several goroutines call keep at once. The error is a *Misconfigured or that of the context.
func Read[T any](ctx context.Context, files []File, s Settings, keep func(Operation) T) (*Project, []T, error) {
	p := &Project{Files: files, index: make(map[string]int, len(files)), texts: make([]text, len(files)), seed: maphash.MakeSeed()}
	for i, f := range files {
		p.index[f.Name] = i
		p.Policies = append(p.Policies, s.Configurations.Policy(f.Path))
	}
	if findings := s.Configurations.Findings(); len(findings) > 0 {
		diag.Identify(findings, s.Options.Where)
		return nil, nil, &Misconfigured{findings, files}
	}
	o := s.Options
	o.Table, o.Limits, o.Policies = s.Configurations.Table, s.Configurations.Limits, p.Policies
	o.Opened, o.Judged = p.recognize, p.retain
	if keep != nil {
		o.Keep = func(i int, doc *manifest.Document, ops []manifest.Operation) any {
			made := make([]T, len(ops))
			for k := range ops {
				made[k] = keep(Operation{&ops[k], doc, p.Policies[i]})
			}
			return made
		}
	}
	var err error
	if p.Result, err = lint.Run(ctx, openers(files, s.Opened), o); err != nil {
		return nil, nil, err
	}
	return p, kept[T](p.Kept), nil
}

// openers returns what opens the files for a run.
func openers(files []File, opened func(int)) []lint.Opener {
	list := make([]lint.Opener, len(files))
	for i, f := range files {
		var once sync.Once // a long text may be opened again
		list[i] = func() (manifest.Source, error) {
			data, err := f.Open()
			if opened != nil {
				once.Do(func() { opened(len(data)) })
			}
			src := manifest.Source{Name: f.Name, Data: data}
			if f.Part != nil && len(data) > lint.LongText {
				src.Part = f.Part
			}
			return src, err
		}
	}
	return list
}

// kept joins what was kept of runs of operations.
func kept[T any](runs []any) []T {
	n := 0
	for _, run := range runs {
		n += len(run.([]T))
	}
	all := make([]T, 0, n)
	for _, run := range runs {
		all = append(all, run.([]T)...)
	}
	return all
}

// A text is what is known of a file's text once it was judged.
type text struct {
	data []byte // nil when it wasn't kept
	sum  uint64
}

// recognize keeps the sum of a text that is to be judged.
func (p *Project) recognize(i int, src manifest.Source) {
	p.texts[i].sum = maphash.Bytes(p.seed, src.Data)
}

// retain keeps the text of a file that has findings, to show its lines, unless it is long.
func (p *Project) retain(i int, src manifest.Source, findings int) {
	if findings > 0 && len(src.Data) <= lint.LongText {
		p.texts[i].data = src.Data
	}
}

// Text returns the text of a file as it was judged, and false when it isn't one of
// the project, or when it has changed since.
func (p *Project) Text(name string) ([]byte, bool) {
	i, known := p.index[name]
	if !known {
		return nil, false
	}
	if p.texts[i].data != nil {
		return p.texts[i].data, true
	}
	data, err := p.Files[i].Open()
	return data, err == nil && maphash.Bytes(p.seed, data) == p.texts[i].sum
}

// PolicyOf returns the policy of a file, or nil when it isn't one of the project.
func (p *Project) PolicyOf(name string) *lint.Policy {
	if i, known := p.index[name]; known {
		return p.Policies[i]
	}
	return nil
}
