package lint

import (
	"fmt"
	"slices"

	"waitornot/decide/diag"
)

// Stating returns a pass whose messages state values of the operation at hand, given by
// their places: a finding then points at those that the operation inherits. Values that
// nobody gave are passed over, and what a finding points at need not be named.
func (p *Pass) Stating(values ...diag.Range) *Pass {
	stating := *p
	stating.stated = slices.Concat(p.stated, values)
	return &stating
}

// inherited says where the operation at hand inherits what a finding is about: what the
// finding points at, and the values that its message states.
func (p *Pass) inherited(f *diag.Finding) []diag.Related {
	var list []diag.Related
	s, pointed := p.subject, false
	for _, o := range s.Document.Inherited(s.Operation) {
		switch {
		case o.Range.Within(f.Range):
			if !pointed {
				list = append(list, diag.Related{File: p.file, Range: s.Place(), Message: fmt.Sprintf("%q inherits it from %s", s.Name.Value, o.From)})
			}
			pointed = true
		case slices.Contains(p.stated, o.Range) && !pointsAt(f, o.Range):
			list = append(list, diag.Related{File: p.file, Range: o.Range, Message: fmt.Sprintf("%q inherits %s %s from %s", s.Name.Value, o.Key, o.Text, o.From)})
		}
	}
	return list
}

// pointsAt reports whether a finding has a related place.
func pointsAt(f *diag.Finding, at diag.Range) bool {
	return slices.ContainsFunc(f.Related, func(r diag.Related) bool { return r.Range == at })
}
