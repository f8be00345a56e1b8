package project

import (
	"context"
	"hash/maphash"
	"runtime"
	"slices"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/parallel"
)

// A Workspace is a project that is read again and again while its files change, as an
// editor does. Its results are those of Read over the same texts, in the order of the
// files' names. Only files that may have changed are opened again, and of those only the
// ones whose text or policy is another are judged again; what joins all files is worked
// out again from what each gave. It is not safe for concurrent use.
type Workspace struct {
	settings Settings
	seed     maphash.Seed
	members  map[string]*member // by name
	order    []*member          // by name; nil when it must be made again
	reading  *Project           // the last one; nil when something may have changed
	room     lint.Room

	keep func(*lint.Policy, *manifest.Document, []manifest.Operation) any // nil keeps nothing
}

// A member is a file of a workspace, and what it gave when it was last judged.
type member struct {
	File
	overlay []byte // stands in the place of the file
	unsaved bool   // there is an overlay
	stale   bool   // the text may be another
	policy  *lint.Policy

	sum     uint64
	text    text
	judged  *lint.Policy // by which the outcome came about
	outcome *lint.Outcome
}

// NewWorkspace returns a workspace without files. Keep, Opened and Judged of the options are
// not called.
func NewWorkspace(s Settings) *Workspace {
	s.Options.Keep, s.Options.Opened, s.Options.Judged = nil, nil, nil
	return &Workspace{settings: s, seed: maphash.MakeSeed(), members: map[string]*member{}}
}

// NewKeeping returns a workspace that keeps what keep makes of each operation, for Kept; a
// nil keep makes nothing.
func NewKeeping[T any](s Settings, keep func(Operation) T) *Workspace {
	w := NewWorkspace(s)
	if keep != nil {
		w.keep = func(policy *lint.Policy, doc *manifest.Document, ops []manifest.Operation) any {
			made := make([]T, len(ops))
			for k := range ops {
				made[k] = keep(Operation{&ops[k], doc, policy})
			}
			return made
		}
	}
	return w
}

// Kept returns what the workspace of a project kept of its operations, in the order of the
// files' names.
func Kept[T any](p *Project) []T { return kept[T](p.Result.Kept) }

// Own returns a copy of the project whose findings can be changed.
func (p *Project) Own() *Project {
	own, result := *p, *p.Result
	result.Findings, result.Waived = slices.Clone(result.Findings), slices.Clone(result.Waived)
	own.Result = &result
	return &own
}

// Add makes a file part of the project, or replaces the one of that name: its text may
// have changed.
func (w *Workspace) Add(f File) {
	m := w.members[f.Name]
	if m == nil {
		m = &member{}
		w.members[f.Name], w.order = m, nil
	}
	if m.Path != f.Path {
		m.policy = nil
	}
	m.File, m.stale, w.reading = f, true, nil
}

// Remove takes a file out of the project.
func (w *Workspace) Remove(name string) {
	if w.members[name] != nil {
		delete(w.members, name)
		w.order, w.reading = nil, nil
	}
}

// Overlay puts a text in the place of what a file of the project holds, until Reveal.
// The text must not change afterwards.
func (w *Workspace) Overlay(name string, text []byte) {
	if m := w.members[name]; m != nil {
		m.overlay, m.unsaved, m.stale, w.reading = text, true, true, nil
	}
}

// Reveal drops what stands in the place of a file.
func (w *Workspace) Reveal(name string) {
	if m := w.members[name]; m != nil && m.unsaved {
		m.overlay, m.unsaved, m.stale, w.reading = nil, false, true, nil
	}
}

// Names returns the names of the files in order.
func (w *Workspace) Names() []string {
	names := make([]string, len(w.members))
	for i, m := range w.sorted() {
		names[i] = m.Name
	}
	return names
}

// Read returns the project as it is now. The same value comes back as long as nothing
// changes, and it must not be changed. The error is a *Misconfigured or that of the
// context; after it nothing is lost, and Read can be called again.
func (w *Workspace) Read(ctx context.Context) (*Project, error) {
	if w.reading != nil {
		return w.reading, nil
	}
	members := w.sorted()
	p := &Project{Files: make([]File, len(members)), index: make(map[string]int, len(members)), seed: w.seed}
	for i, m := range members {
		if m.policy == nil {
			m.policy = w.settings.Configurations.Policy(m.Path)
		}
		p.Files[i], p.index[m.Name] = m.File, i
		p.Policies = append(p.Policies, m.policy)
	}
	if findings := w.settings.Configurations.Findings(); len(findings) > 0 {
		diag.Identify(findings, w.settings.Options.Where)
		return nil, &Misconfigured{findings, p.Files}
	}
	o := w.settings.Options
	o.Table, o.Limits, o.Policies = w.settings.Configurations.Table, w.settings.Configurations.Limits, p.Policies
	if err := w.judge(ctx, &o, members); err != nil {
		return nil, err
	}
	outcomes := make([]*lint.Outcome, len(members))
	p.texts = make([]text, len(members))
	for i, m := range members {
		outcomes[i], p.texts[i] = m.outcome, m.text
	}
	p.Result = o.Join(outcomes)
	w.reading = p
	return p, nil
}

// sorted returns the files by name.
func (w *Workspace) sorted() []*member {
	if w.order == nil {
		w.order = make([]*member, 0, len(w.members))
		for _, m := range w.members {
			w.order = append(w.order, m)
		}
		slices.SortFunc(w.order, func(a, b *member) int { return strings.Compare(a.Name, b.Name) })
	}
	return w.order
}

// judge judges the files that have changed.
func (w *Workspace) judge(ctx context.Context, o *lint.Options, members []*member) error {
	var changed []int
	for i, m := range members {
		if m.stale || m.judged != m.policy {
			changed = append(changed, i)
		}
	}
	o.Room = &w.room
	parallel.Each(runtime.GOMAXPROCS(0), len(changed), func(k int) bool {
		if ctx.Err() == nil {
			w.judgeOne(o, changed[k], members[changed[k]])
		}
		return ctx.Err() == nil
	})
	return ctx.Err()
}

// judgeOne judges a file, unless its text and its policy are what they were.
func (w *Workspace) judgeOne(o *lint.Options, i int, m *member) {
	data, err := m.overlay, error(nil)
	if !m.unsaved {
		if data, err = m.Open(); w.settings.Opened != nil {
			w.settings.Opened(len(data))
		}
	}
	sum := maphash.Bytes(w.seed, data)
	if err == nil && m.judged == m.policy && m.sum == sum {
		m.stale = false
		return
	}
	how := *o
	if w.keep != nil {
		how.Keep = func(_ int, doc *manifest.Document, ops []manifest.Operation) any { return w.keep(m.policy, doc, ops) }
	}
	m.outcome = how.Judge(i, manifest.Source{Name: m.Name, Data: data}, err, m.policy)
	m.sum, m.text = sum, text{sum: sum}
	if m.unsaved || m.outcome.Speaks() {
		m.text.data = data
	}
	m.stale, m.judged = false, m.policy
	if err != nil {
		m.stale, m.judged = true, nil // it may open the next time
	}
}

// Operations reads the operations of a file of the project, in their order, with the
// text that the last Read saw; nil when there is no such file or its text is no longer to
// be had.
func (w *Workspace) Operations(name string) []Operation {
	m := w.members[name]
	if m == nil || w.reading == nil {
		return nil
	}
	data, ok := w.reading.Text(name)
	if !ok {
		return nil
	}
	_, ops := Parse(manifest.Source{Name: name, Data: data}, m.policy)
	return ops
}

// Parse reads one text without judging it: the file, and its operations in their order,
// with the policy that is given. It is for whoever shows or compares what a text says.
func Parse(src manifest.Source, policy *lint.Policy) (*manifest.File, []Operation) {
	file, runs := manifest.Map(src, manifest.Options{Workers: runtime.GOMAXPROCS(0)}, func(doc *manifest.Document, ops []manifest.Operation) []Operation {
		run := make([]Operation, len(ops))
		for i := range ops {
			run[i] = Operation{&ops[i], doc, policy}
		}
		return run
	})
	return file, slices.Concat(runs...)
}
