// Package yamlfile reads YAML files of data: tables of typed keys in, values
// with the places where they were written out. What is wrong with a file is a
// finding; the rest of it is still read.
package yamlfile

import "waitornot/decide/diag"

// A Source is a file before it is read.
type Source struct {
	Name string // the name that findings show
	Data []byte // it must not change while it is read

	// Part reads again what Data holds from an offset, as much as there is room for in a
	// buffer. With it, reading lets go of Data once it knows where to cut it, and reads each
	// piece when its turn comes; nil where Data stays in memory anyway.
	Part func(into []byte, from int) error
}

// A Field is a value and the place where it was written. The zero Field is a
// value that was not given.
type Field[T any] struct {
	Value T
	Range diag.Range
}

// Set reports whether the value was given.
func (f Field[T]) Set() bool { return f.Range.IsValid() }

// Same reports whether two give the same value, or neither gives any, wherever
// they stand.
func (f Field[T]) Same(g Field[T]) bool { return f.Set() == g.Set() && any(f.Value) == any(g.Value) }

// Or returns the value, or other when it was not given.
func (f Field[T]) Or(other T) T {
	if f.Set() {
		return f.Value
	}
	return other
}

// A report collects what is found out about a file.
type report struct {
	file     string
	findings []diag.Finding
	broken   bool // some of the text could not be read at all
}

func (r *report) add(rule *Rule, at diag.Range, message, fix string, related ...diag.Related) {
	r.findings = append(r.findings, rule.At(r.file, at, message, fix, related...))
}

// refuse gives a file up as a whole.
func (r *report) refuse(rule *Rule, message, fix string) {
	r.add(rule, diag.Range{}, message, fix)
	r.broken = true
}

// At returns a finding of the rule in a file.
func (r *Rule) At(file string, at diag.Range, message, fix string, related ...diag.Related) diag.Finding {
	return diag.Finding{
		File: file, Range: at, Code: r.Code, Rule: r.Name, Severity: r.Severity,
		Message: message, Fix: fix, Related: related,
	}
}
