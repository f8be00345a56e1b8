// Package change says what two versions of a project say differently: operations and
// their verdicts, as values for others to put in words.
package change

import (
	"cmp"
	"hash/maphash"
	"slices"
	"time"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// A Version is some manifests at some time.
type Version struct {
	Operations []*Operation // those that may differ from another version
	Alike      int          // the others
	Documents  []*manifest.Document
}

// A Difference is what two versions of some manifests say differently.
type Difference struct {
	Changes   []OperationChange // by the operation's name
	Unchanged int               // operations that both versions have alike
	Parts     []PartChange      // by kind and name
}

// Any reports whether the versions differ in anything.
func (d *Difference) Any() bool { return len(d.Changes)+len(d.Parts) > 0 }

// An OperationChange is what became of one operation. Before is nil for one
// that was added, After for one that was removed.
type OperationChange struct {
	Before, After *Operation
	Answers       []AnswerChange         // in the order of the questions
	Facts         []string               // the other keys whose values changed, in the order of a manifest
	Values        []manifest.ValueChange // the values of these keys
}

// An Operation is an operation as one version has it.
type Operation struct {
	*manifest.Operation
	File        string
	Explanation decide.Explanation
}

// Of returns an operation of a file as a policy judges it.
func Of(file string, op *manifest.Operation, policy *lint.Policy) *Operation {
	return &Operation{op, file, policy.Table.Explain(op.Answers.Under(policy.Limits), op.JudgeFacts())}
}

// An Answer is what a version answers to a question. Duration stands for a latency
// that is given as one, else it is zero.
type Answer struct {
	decide.Answer
	Duration time.Duration
}

// Answer returns the operation's answer to a question.
func (o *Operation) Answer(q decide.Question) Answer {
	a := Answer{Answer: o.Explanation.Answers[q]}
	if q == decide.Latency && o.Answers.Latency.Set() {
		a.Duration = o.Answers.Latency.Value
	}
	return a
}

// An AnswerChange is a question that is answered differently than before.
type AnswerChange struct {
	Question decide.Question
	From, To Answer
}

// JudgedAlone reports that the same duration is written, and other limits judge it.
func (c *AnswerChange) JudgedAlone() bool {
	return c.From.Duration != 0 && c.From.Duration == c.To.Duration
}

// Rewritten reports whether another answer is written to any question.
func (c *OperationChange) Rewritten() bool {
	return slices.ContainsFunc(c.Answers, func(a AnswerChange) bool { return !a.JudgedAlone() })
}

// ID returns the name of the operation, the new one when there are two.
func (c *OperationChange) ID() string {
	if c.After != nil {
		return c.After.ID()
	}
	return c.Before.ID()
}

// Renamed reports whether the operation has another name than before, and is
// otherwise as it was.
func (c *OperationChange) Renamed() bool {
	return c.Before != nil && c.After != nil && c.Before.ID() != c.After.ID()
}

// Flipped reports whether another verdict stands than before.
func (c *OperationChange) Flipped() bool {
	return c.Before != nil && c.After != nil && c.Before.Explanation.Verdict != c.After.Explanation.Verdict
}

// ModeChanged reports whether another mode is declared than before.
func (c *OperationChange) ModeChanged() bool {
	return c.Before != nil && c.After != nil && c.Before.Mode.Value != c.After.Mode.Value
}

// A key tells operations apart. A name may hold a slash, so service and name stand
// for themselves.
type key struct{ service, name string }

func keyOf(o *Operation) key { return key{o.Service, o.Name.Value} }

// Compare returns what two versions say differently. Where something stands, how it
// is written and in which file doesn't count: an operation has the values that it
// inherits. Of two operations with one name the first counts; one without a name
// doesn't.
func Compare(before, after *Version) *Difference {
	old, oldKeys := byKey(before.Operations)
	new, newKeys := byKey(after.Operations)
	d := &Difference{Parts: compareParts(before.Documents, after.Documents)}
	var removed, added []*Operation
	for _, k := range oldKeys {
		if new[k] == nil {
			removed = append(removed, old[k])
		}
	}
	for _, k := range newKeys {
		if was := old[k]; was == nil {
			added = append(added, new[k])
		} else if c := changeOf(was, new[k]); c != nil {
			d.Changes = append(d.Changes, *c)
		} else {
			d.Unchanged++
		}
	}
	d.Unchanged += after.Alike
	was := renames(removed, added)
	for _, a := range added {
		d.Changes = append(d.Changes, OperationChange{Before: was[a], After: a})
	}
	renamed := map[*Operation]bool{}
	for _, r := range was {
		renamed[r] = true
	}
	for _, r := range removed {
		if !renamed[r] {
			d.Changes = append(d.Changes, OperationChange{Before: r})
		}
	}
	slices.SortStableFunc(d.Changes, func(a, b OperationChange) int { return cmp.Compare(a.ID(), b.ID()) })
	return d
}

// byKey returns the operations by their keys, and the keys in order.
func byKey(operations []*Operation) (map[key]*Operation, []key) {
	known := map[key]*Operation{}
	var keys []key
	for _, o := range operations {
		if k := keyOf(o); o.Name.Set() && known[k] == nil {
			known[k] = o
			keys = append(keys, k)
		}
	}
	return known, keys
}

// changeOf returns what is different, or nil when nothing is.
func changeOf(before, after *Operation) *OperationChange {
	c := &OperationChange{Before: before, After: after, Facts: manifest.Differing(before.Operation, after.Operation)}
	for _, q := range decide.Questions() {
		if from, to := before.Answer(q), after.Answer(q); from != to {
			c.Answers = append(c.Answers, AnswerChange{q, from, to})
		}
	}
	c.Values = manifest.Changes(before.Operation, after.Operation)
	if len(c.Answers)+len(c.Facts) == 0 && !c.ModeChanged() && !c.Flipped() {
		return nil
	}
	return c
}

// renames returns of operations that were added those that were only renamed, with what they
// were: the first of those removed that is the same but for its name.
func renames(removed, added []*Operation) map[*Operation]*Operation {
	if len(removed) == 0 || len(added) == 0 {
		return nil
	}
	type alike struct {
		service string
		sum     uint64
	}
	seed := maphash.MakeSeed()
	of := func(o *Operation) alike {
		var h maphash.Hash
		h.SetSeed(seed)
		add(&h, o.Operation, o.Explanation.Answers)
		return alike{o.Service, h.Sum64()}
	}
	left := map[alike][]*Operation{}
	for _, r := range removed {
		k := of(r)
		left[k] = append(left[k], r)
	}
	was := map[*Operation]*Operation{}
	for _, a := range added {
		if k := of(a); len(left[k]) > 0 {
			was[a], left[k] = left[k][0], left[k][1:]
		}
	}
	return was
}
