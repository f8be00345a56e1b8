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
	first := map[key]int{}    // in Findings
	others := map[int][]int{} // those that say the same as the first
	alone := make([]int, 0, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Shared != "" {
			k := key{f.File, f.Code, f.Shared, f.Severity}
			if at, known := first[k]; known {
				others[at] = append(others[at], i)
				continue
			}
			first[k] = i
		}
		alone = append(alone, i)
	}
	for n, i := range alone { // none of those that follow stands before its turn
		if more := others[i]; more != nil {
			r.Findings[n] = r.one(i, more)
		} else if n < i {
			r.Findings[n] = r.Findings[i]
		}
	}
	clear(r.Findings[len(alone):])
	r.Findings = r.Findings[:len(alone)]
	gravestFirst(r.Findings)
}

// gravestFirst puts the gravest findings of each file first, and leaves the order else as it is.
// It sorts positions, and then moves each finding once: findings are large.
func gravestFirst(list []diag.Finding) {
	from := make([]int32, len(list)) // which finding comes to each place
	for i := range from {
		from[i] = int32(i)
	}
	slices.SortStableFunc(from, func(a, b int32) int {
		x, y := &list[a], &list[b]
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(y.Severity, x.Severity))
	})
	for i := range list {
		if int(from[i]) == i {
			continue
		}
		first := list[i]
		for at := i; ; {
			next := int(from[at])
			from[at] = int32(at)
			if next == i {
				list[at] = first
				break
			}
			list[at] = list[next]
			at = next
		}
	}
}

// one returns the first of some findings that are in the order of their places, with
// what the others add to it.
func (r *Result) one(first int, others []int) diag.Finding {
	f := r.Findings[first]
	if len(others) == 0 {
		return f
	}
	group := make([]*diag.Finding, 1, len(others)+1)
	group[0] = &r.Findings[first]
	for _, i := range others {
		group = append(group, &r.Findings[i])
	}
	f.Related, f.Edits = make([]diag.Related, 0, len(others)), nil
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
	if more := len(names) - mostNamed; more > 1 { // a single name is no longer than the count
		return fmt.Sprintf("%s, and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	if len(names) < 3 {
		return strings.Join(names, " and ")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + ", and " + names[last]
}
