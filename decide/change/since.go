package change

import (
	"bytes"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

// A Version is a manifest at some time, and how it was judged then.
type Version struct {
	Source manifest.Source
	Policy *lint.Policy
}

// Changes say which parts of a manifest are not what they were before.
type Changes struct {
	whole      bool // there is nothing to compare with
	envelope   bool // something outside the operations is different
	operations map[string]bool
	ranges     []diag.Range // of the operations that changed
}

// NewFile returns the changes of a manifest that was not there before.
func NewFile() *Changes { return &Changes{whole: true} }

// Between compares two versions of a manifest. An operation changed when
// its text did or, since another table or other limits hold, its verdict.
func Between(before, after Version) *Changes {
	c := &Changes{operations: map[string]bool{}}
	if bytes.Equal(before.Source.Data, after.Source.Data) && sameDecisions(before.Policy, after.Policy) {
		return c
	}
	old, new := shotOf(before), shotOf(after)
	if old.broken || new.broken {
		return NewFile()
	}
	c.envelope = !bytes.Equal(old.envelope, new.envelope)
	for id := range old.operations {
		if new.operations[id] == nil {
			c.envelope = true // a journey may have lost a step
		}
	}
	for id, op := range new.operations {
		was, there := old.operations[id]
		changed := !there || !bytes.Equal(was.text, op.text) || was.verdicts != op.verdicts
		c.operations[id] = changed
		if changed {
			c.ranges = append(c.ranges, op.ranges...)
		}
	}
	return c
}

func sameDecisions(a, b *lint.Policy) bool { return a.Limits == b.Limits && a.Table.Same(b.Table) }

// A shot is what a version says, by operation.
type shot struct {
	broken     bool
	envelope   []byte // all text outside the operations
	operations map[string]*shotOperation
}

// A shotOperation is an operation of a shot; two of one name count as one.
type shotOperation struct {
	text     []byte
	verdicts string
	ranges   []diag.Range
}

func shotOf(v Version) *shot {
	// git may hold a file with other line breaks than the work tree does.
	v.Source.Data = bytes.ReplaceAll(v.Source.Data, []byte("\r\n"), []byte("\n"))
	file, ops := manifest.Read(v.Source, manifest.Options{})
	s := &shot{broken: file.Broken, operations: make(map[string]*shotOperation, len(ops))}
	index, at := edit.NewIndex(v.Source.Data), 0
	for i := range ops {
		op := &ops[i]
		from, to, ok := index.Span(op.Range)
		if !ok || from < at {
			continue // an alias: its text stands elsewhere
		}
		s.outside(v.Source.Data[at:from])
		at = to
		seen := s.operations[op.ID()]
		if seen == nil {
			seen = &shotOperation{}
			s.operations[op.ID()] = seen
		}
		seen.text = append(seen.text, v.Source.Data[from:to]...)
		seen.ranges = append(seen.ranges, op.Range)
		seen.verdicts += verdictOf(op, v.Policy).String() + "\n"
	}
	s.outside(v.Source.Data[at:])
	return s
}

// outside adds what stands between operations. What only separates them says
// nothing.
func (s *shot) outside(text []byte) {
	s.envelope = append(append(s.envelope, bytes.Trim(text, " \t\r\n-,")...), '\n')
	s.envelope = append(bytes.TrimRight(s.envelope, "\n"), '\n')
}

func verdictOf(op *manifest.Operation, p *lint.Policy) decide.Verdict {
	return p.Table.Decide(op.Answers.Under(p.Limits)).Verdict
}

// Keep leaves out the findings of a run that point at what did not change, and
// counts them. Of a file without an entry everything is kept.
func Keep(r *lint.Result, changes map[string]*Changes) {
	kept := r.Findings[:0]
	for _, f := range r.Findings {
		if touched(&f, changes) {
			kept = append(kept, f)
		} else {
			r.Unrelated++
		}
	}
	r.Findings = kept
}

// touched reports whether a finding, or what it is related to, lies in
// something that changed.
func touched(f *diag.Finding, changes map[string]*Changes) bool {
	c := changes[f.File]
	if c == nil || c.whole || c.within(f.Range) {
		return true
	}
	if changed, is := c.operations[f.Operation]; is && changed || !is && c.envelope {
		return true
	}
	for _, also := range f.Related {
		if c := changes[also.File]; c != nil && (c.whole || c.within(also.Range)) {
			return true
		}
	}
	return false
}

// within reports whether a range starts in an operation that changed.
func (c *Changes) within(at diag.Range) bool {
	for _, r := range c.ranges {
		if at.IsValid() && r.Start.Compare(at.Start) <= 0 && at.Start.Compare(r.End) < 0 {
			return true
		}
	}
	return false
}
