package lint

import (
	"slices"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/parallel"
)

// A pack holds what a part of a file found until the run is joined. There may be very many
// findings, so it keeps what they share once, and of each what is its own.
type pack struct {
	heads []head
	list  []packed
}

// A head is what findings share.
type head struct {
	File, Code, Rule, Fix, Shared string
	Severity                      diag.Severity
	Safe                          bool
	continued                     bool // the message goes on after what is shared
}

// A packed finding is what isn't in its head, which is a position in the pack.
type packed struct {
	message, operation string // the message without what is shared
	at                 diag.Range
	rare               *rare // nil when there is none
	head               uint32
}

// rare is what few findings have.
type rare struct {
	related     []diag.Related
	edits       []diag.Edit
	key         string
	fingerprint diag.Fingerprint
}

// unpack appends the findings to a list, but for those whose positions are void.
func (p *pack) unpack(list []diag.Finding, void []bool) []diag.Finding {
	for i := range p.list {
		if void != nil && void[i] {
			continue
		}
		x := &p.list[i]
		h := &p.heads[x.head]
		f := diag.Finding{
			File: h.File, Range: x.at, Code: h.Code, Rule: h.Rule, Severity: h.Severity, Message: x.message, Fix: h.Fix,
			Operation: x.operation, Safe: h.Safe, Shared: h.Shared,
		}
		if h.continued {
			f.Message = h.Shared + between + x.message
		}
		if r := x.rare; r != nil {
			f.Related, f.Edits, f.Key, f.Fingerprint = r.related, r.edits, r.key, r.fingerprint
		}
		list = append(list, f)
	}
	return list
}

// between stands after what findings share.
const between = ": "

// A packer makes packs.
type packer struct {
	pack
	known   map[head]uint32 // positions of the heads
	pass    Pass            // what the rules are passed with
	subject Subject         // the operation at hand
}

// add takes in a finding.
func (p *packer) add(f *diag.Finding) {
	h := head{File: f.File, Code: f.Code, Rule: f.Rule, Fix: f.Fix, Shared: f.Shared, Severity: f.Severity, Safe: f.Safe}
	x := packed{message: f.Message, operation: f.Operation, at: f.Range}
	if rest, ok := strings.CutPrefix(f.Message, f.Shared+between); ok && f.Shared != "" {
		h.continued, x.message = true, strings.Clone(rest)
	}
	if r := (rare{f.Related, f.Edits, f.Key, f.Fingerprint}); r.related != nil || r.edits != nil || r.key != "" || r.fingerprint != (diag.Fingerprint{}) {
		x.rare = &r
	}
	at, known := p.known[h]
	if !known {
		at = uint32(len(p.heads))
		p.heads = append(p.heads, h)
		p.known[h] = at
	}
	x.head = at
	p.list = append(p.list, x)
}

// packers are room for findings while they are made.
type packers struct {
	free parallel.Spare[*packer]
}

func (s *packers) take() *packer {
	if p, ok := s.free.Take(); ok {
		return p
	}
	return &packer{known: map[head]uint32{}}
}

// give returns the pack, which takes no more than it needs, and keeps the room for the next.
func (s *packers) give(p *packer) pack {
	made := pack{slices.Clone(p.heads), slices.Clone(p.list)}
	clear(p.heads)
	clear(p.list)
	clear(p.known)
	p.pass, p.subject = Pass{}, Subject{}
	p.heads, p.list = p.heads[:0], p.list[:0]
	s.free.Give(p)
	return made
}
