package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// mostNamed is how many operations the message of a merged finding names; all of them
// are among its related places.
const mostNamed = 3

// Merge turns the findings of a file that say the same of several operations
// (see Pass.Once) into one, which points at the others, and puts the gravest findings of a
// file first. Call it last: waivers, baselines and corrections go by single
// operations.
func (r *Result) Merge() {
	type key struct {
		file, code, shared string
		severity           diag.Severity
	}
	at := map[key]int{} // in groups
	groups := make([][]*diag.Finding, 0, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		k := key{f.File, f.Code, f.Shared, f.Severity}
		if first, ok := at[k]; ok && f.Shared != "" {
			groups[first] = append(groups[first], f)
			continue
		}
		if f.Shared != "" {
			at[k] = len(groups)
		}
		groups = append(groups, []*diag.Finding{f})
	}
	merged := make([]diag.Finding, 0, len(groups))
	for _, g := range groups {
		merged = append(merged, one(g))
	}
	slices.SortStableFunc(merged, func(a, b diag.Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(b.Severity, a.Severity))
	})
	r.Findings = merged
}

// one returns the first of some findings that are in the order of their places, with
// what the others add to it.
func one(group []*diag.Finding) diag.Finding {
	f := *group[0]
	if len(group) == 1 {
		return f
	}
	f.Related, f.Edits = nil, nil
	names := make([]string, 0, len(group))
	for i, x := range group {
		name := strings.TrimPrefix(x.Message, x.Shared+": ")
		if x.Message == x.Shared {
			name = "here, too"
		}
		names = append(names, name)
		if i > 0 {
			f.Related = append(f.Related, diag.Related{File: x.File, Range: x.Range, Message: name})
		}
		f.Edits = append(f.Edits, x.Edits...)
	}
	seen := map[diag.Related]bool{}
	for _, x := range group {
		for _, also := range x.Related {
			if !seen[also] {
				seen[also] = true
				f.Related = append(f.Related, also)
			}
		}
	}
	if f.Message == f.Shared {
		f.Message = fmt.Sprintf("%s (%d times)", f.Shared, len(group))
	} else {
		f.Message = f.Shared + ": " + nameSome(names)
	}
	return f
}

// nameSome lists the first names and counts the rest.
func nameSome(names []string) string {
	more := len(names) - mostNamed
	if more == 1 {
		more = 0 // its name is no longer than the count
	}
	if more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
