package change

import (
	"hash/maphash"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// A Digest is what is kept of an operation to see that another version has it alike, when
// there's no room to keep the operation.
type Digest struct {
	key
	sum uint64
}

// A Digester makes digests, which can be compared with each other and with no others.
type Digester struct{ seed maphash.Seed }

// NewDigester returns a digester.
func NewDigester() Digester { return Digester{maphash.MakeSeed()} }

// Of returns the digest of an operation as a policy judges it. One without a name has the zero
// Digest.
func (d Digester) Of(op *manifest.Operation, policy *lint.Policy) Digest {
	if !op.Name.Set() {
		return Digest{}
	}
	answers := op.Answers.Under(policy.Limits)
	var h maphash.Hash
	h.SetSeed(d.seed)
	add(&h, op, answers)
	maphash.WriteComparable(&h, policy.Table.Judge(answers, op.JudgeFacts()).Verdict)
	return Digest{key{op.Service, op.Name.Value}, h.Sum64()}
}

// add takes into a sum what an operation says and answers, its name aside.
func add(h *maphash.Hash, op *manifest.Operation, answers decide.Answers) {
	manifest.Sum(op, h)
	maphash.WriteComparable(h, answers)
	maphash.WriteComparable(h, op.Answers.Latency.Value)
}

// Digests are those of a version.
type Digests map[key]uint64

// DigestsOf returns the digests of the operations of a version. Of two with one name the first
// counts.
func DigestsOf(list []Digest) Digests {
	all := make(Digests, len(list))
	for _, d := range list {
		if _, known := all[d.key]; !known && d.key != (key{}) {
			all[d.key] = d.sum
		}
	}
	return all
}

// DigestsIn is DigestsOf of entries.
func DigestsIn(entries []Entry) Digests {
	list := make([]Digest, len(entries))
	for i := range entries {
		list[i] = entries[i].Digest
	}
	return DigestsOf(list)
}

// An Entry is an operation of a version, which is nil if another version has it alike.
type Entry struct {
	Digest
	*Operation
}

// Entry returns the entry of an operation beside the version of the digests; operation is called
// if they aren't alike.
func (other Digests) Entry(d Digest, operation func() *Operation) Entry {
	if sum, known := other[d.key]; known && sum == d.sum {
		return Entry{Digest: d}
	}
	return Entry{d, operation()}
}

// VersionOf returns a version of which only the operations are held that another one hasn't
// alike. Of two with one name the first counts.
func VersionOf(entries []Entry, documents []*manifest.Document) *Version {
	v := &Version{Documents: documents}
	seen := make(map[key]bool, len(entries))
	for i := range entries {
		e := &entries[i]
		if e.key == (key{}) || seen[e.key] {
			continue
		}
		if seen[e.key] = true; e.Operation == nil {
			v.Alike++
		} else {
			v.Operations = append(v.Operations, e.Operation)
		}
	}
	return v
}
