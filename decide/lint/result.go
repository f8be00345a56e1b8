package lint

import (
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// A Result is what a run found.
type Result struct {
	Findings   []diag.Finding // sorted, each with its fingerprint
	Waived     []Waived       // the findings that a waiver accepts, sorted
	Files      int            // those that could be opened
	Operations int
	Unmoded    int          // operations that don't declare how they work: that was not judged
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
