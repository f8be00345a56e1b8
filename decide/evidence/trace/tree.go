package trace

import "slices"

const none = int32(-1)

// place finds parents and children. Children come in the order of spans.
func (j *joiner) place() {
	n := len(j.spans)
	j.parent, j.child, j.sibling = fit(j.parent, n), fit(j.child, n), fit(j.sibling, n)
	j.wraps = fit(j.wraps, n)
	for i := range j.spans {
		j.parent[i], j.child[i], j.wraps[i] = j.above(int32(i)), none, false
	}
	for i := n - 1; i >= 0; i-- {
		p := j.parent[i]
		if p == none {
			continue
		}
		j.sibling[i], j.child[p] = j.child[p], int32(i)
		if j.spans[i].kind == client && j.spans[p].kind == client && j.spans[i].service == j.spans[p].service {
			j.wraps[p] = true
		}
	}
}

// above returns the parent of a span.
func (j *joiner) above(i int32) int32 {
	r := &j.spans[i]
	if s, taken := j.servers[r.id]; taken && s == i { // its client has its id
		return j.ids[r.id]
	}
	p, known := j.ids[r.parent]
	if !known || p == i || r.parent == 0 {
		return none
	}
	if s, taken := j.servers[r.parent]; taken && s != i && j.spans[s].service == r.service {
		return s
	}
	return p
}

func fit[T any](s []T, n int) []T {
	return slices.Grow(s[:0], n)[:n]
}

// entries finds for each span the one that began its service's work on the
// request: the nearest server's or consumer's span above it in the service, or
// the topmost one of the service.
func (j *joiner) entries() {
	j.entry = fit(j.entry, len(j.spans))
	for i := range j.entry {
		j.entry[i] = none
	}
	for i := range j.spans {
		at := int32(i)
		j.visited = j.visited[:0]
		for len(j.visited) <= len(j.spans) { // parents in a circle end somewhere, too
			if j.entry[at] != none {
				at = j.entry[at]
				break
			}
			j.visited = append(j.visited, at)
			p := j.parent[at]
			if begins(&j.spans[at]) || p == none || j.spans[p].service != j.spans[at].service || j.spans[at].has(linked) {
				break
			}
			at = p
		}
		for _, v := range j.visited {
			j.entry[v] = at
		}
	}
}

func begins(r *record) bool { return r.kind == server || r.kind == consumer }

// whole reports whether a span certainly is the begin of its service's work,
// not a part whose beginning was lost.
func (j *joiner) whole(i int32) bool {
	return begins(&j.spans[i]) || j.spans[i].parent == 0
}
