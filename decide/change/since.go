package change

import (
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// Keep leaves out the findings of a run that are not new, and counts them. New is what
// the run before did not find, and what points at something that d says has changed:
// an operation, a journey, or another part of a manifest.
func Keep(r *lint.Result, before []diag.Finding, d *Difference) {
	k := keeper{known: map[diag.Fingerprint]bool{}, subjects: map[string]bool{}, files: map[string]bool{}, ranges: map[string][]diag.Range{}}
	for i := range before {
		k.known[before[i].Fingerprint] = true
	}
	for i := range d.Changes {
		if after := d.Changes[i].After; after != nil {
			k.subjects[after.ID()] = true
			k.ranges[after.File] = append(k.ranges[after.File], after.Range)
		}
	}
	for _, ranges := range k.ranges {
		slices.SortFunc(ranges, func(a, b diag.Range) int { return a.Start.Compare(b.Start) })
	}
	for _, p := range d.Parts {
		if p.After == nil {
			continue
		}
		k.files[p.After.File] = true
		if p.Kind == Journey {
			k.subjects[p.ID] = true
		}
	}
	kept := r.Findings[:0]
	for i := range r.Findings {
		if k.isNew(&r.Findings[i]) {
			kept = append(kept, r.Findings[i])
		} else {
			r.Unrelated++
		}
	}
	r.Findings = kept
}

// A keeper knows what was found before, and what changed.
type keeper struct {
	known    map[diag.Fingerprint]bool
	subjects map[string]bool         // IDs of operations and journeys
	files    map[string]bool         // that say something else beside operations
	ranges   map[string][]diag.Range // of operations that changed, by file, in order; none reaches into another
}

func (k *keeper) isNew(f *diag.Finding) bool {
	if !k.known[f.Fingerprint] || k.subjects[f.Operation] || f.Operation == "" && k.files[f.File] {
		return true
	}
	for _, also := range f.Related {
		if k.within(also.File, also.Range) {
			return true
		}
	}
	return k.within(f.File, f.Range)
}

// within reports whether a range starts in an operation that changed.
func (k *keeper) within(file string, at diag.Range) bool {
	if !at.IsValid() {
		return false
	}
	ranges := k.ranges[file]
	after, _ := slices.BinarySearchFunc(ranges, at.Start, func(r diag.Range, p diag.Pos) int {
		if r.Start.Compare(p) <= 0 {
			return -1
		}
		return 1
	})
	return after > 0 && at.Start.Compare(ranges[after-1].End) < 0
}
