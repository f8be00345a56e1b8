package trace

import (
	"cmp"
	"slices"
	"time"
)

// slack is how much earlier than it should a span may end and still count as
// ended in time. Some recorders write whole milliseconds for the begin and add a
// duration to it, and a busy process notices the end of a call late.
const slack = 2 * int64(time.Millisecond)

// A joiner makes calls of the spans of one trace after the other, and counts
// them. Its slices run beside spans.
type joiner struct {
	statistics
	spans   []record
	ids     map[uint64]int32
	servers map[uint64]int32 // servers with their client's id
	parent  []int32
	child   []int32 // the first
	sibling []int32 // the next
	entry   []int32 // see entries
	wraps   []bool  // a client's span around others of its service
	calls   []call
	visited []int32
}

// all joins the records of a partition.
func (j *joiner) all(records []record) {
	slices.SortFunc(records, compareRecords)
	for len(records) > 0 {
		n := 1
		for n < len(records) && records[n].trace == records[0].trace {
			n++
		}
		j.trace(records[:n])
		records = records[n:]
	}
}

func compareRecords(a, b record) int {
	switch {
	case a.trace[0] != b.trace[0]:
		return cmp.Compare(a.trace[0], b.trace[0])
	case a.trace[1] != b.trace[1]:
		return cmp.Compare(a.trace[1], b.trace[1])
	case a.start != b.start:
		return cmp.Compare(a.start, b.start)
	}
	return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.id, b.id), cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.parent, b.parent), cmp.Compare(a.service, b.service), cmp.Compare(a.flags, b.flags), cmp.Compare(a.name, b.name))
}

func (j *joiner) trace(records []record) {
	j.index(records)
	j.place()
	j.entries()
	j.calls = j.calls[:0]
	for i := range j.spans {
		switch r := &j.spans[i]; {
		case r.has(linked):
			if j.parent[i] == none {
				j.orphans++
			}
			continue
		case r.kind == client && !j.wraps[i]:
			j.client(int32(i))
		case r.kind == producer:
			j.message(int32(i))
		case r.kind == server || r.kind == consumer:
			j.arrived(int32(i))
		}
		j.seen(&j.spans[i])
	}
	j.retried()
	j.requests()
	for i := range j.calls {
		j.count(&j.calls[i])
	}
}

// index finds spans by id. A span that arrived twice counts once.
func (j *joiner) index(records []record) {
	j.spans = j.spans[:0]
	if j.ids == nil {
		j.ids, j.servers = make(map[uint64]int32), make(map[uint64]int32)
	}
	clear(j.ids)
	clear(j.servers)
	for _, r := range records {
		if r.has(linked) {
			if n := len(j.spans); n == 0 || j.spans[n-1] != r { // equal ones come one after the other
				j.spans = append(j.spans, r)
			}
			continue
		}
		at := int32(len(j.spans))
		if other, taken := j.ids[r.id]; taken {
			o := &j.spans[other]
			switch {
			case o.kind == r.kind:
				continue
			case r.kind == server || r.kind == consumer:
				if _, taken := j.servers[r.id]; taken {
					continue
				}
				j.servers[r.id] = at
			default:
				if _, taken := j.servers[r.id]; taken {
					continue
				}
				j.servers[r.id], j.ids[r.id] = other, at
			}
		} else {
			j.ids[r.id] = at
		}
		j.spans = append(j.spans, r)
	}
}
