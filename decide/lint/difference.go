package lint

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A Difference is what two versions of some manifests say differently about
// their operations.
type Difference struct {
	Changes   []OperationChange // by the operation's name
	Unchanged int               // operations that both versions have alike
}

// An OperationChange is what became of one operation. Before is nil for one
// that was added, After for one that was removed.
type OperationChange struct {
	Before, After *Side
	Answers       []AnswerChange // in the order of the questions
	Facts         []string       // the other keys whose values changed, in the order of a manifest
}

// A Side is an operation as one version has it.
type Side struct {
	*manifest.Operation
	File        string
	Explanation decide.Explanation
	latency     string
}

// An AnswerChange is a question that is answered otherwise than before. From
// and To are as people write them: an answer, or a duration and what it is
// judged as. JudgedAlone says that the duration is the same, and the limits
// are not.
type AnswerChange struct {
	Question    decide.Question
	From, To    string
	JudgedAlone bool
}

// Rewritten reports whether another answer is written to any question.
func (c *OperationChange) Rewritten() bool {
	return slices.ContainsFunc(c.Answers, func(a AnswerChange) bool { return !a.JudgedAlone })
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

// ModeChanged reports whether the operation is declared to work otherwise than
// before.
func (c *OperationChange) ModeChanged() bool {
	return c.Before != nil && c.After != nil && c.Before.Mode.Value != c.After.Mode.Value
}

// Compare returns what the operations of the manifests say differently in two
// versions. Where they stand, how they are written and in which file does not
// count.
func Compare(before, after []Version) *Difference {
	old, oldIDs := sides(before)
	new, newIDs := sides(after)
	d := &Difference{}
	var removed, added []*Side
	for _, id := range oldIDs {
		if new[id] == nil {
			removed = append(removed, old[id])
		}
	}
	for _, id := range newIDs {
		if was := old[id]; was == nil {
			added = append(added, new[id])
		} else if c := change(was, new[id]); c != nil {
			d.Changes = append(d.Changes, *c)
		} else {
			d.Unchanged++
		}
	}
	for _, a := range added {
		c := OperationChange{After: a}
		if i := slices.IndexFunc(removed, a.isRenamed); i >= 0 {
			c.Before = removed[i]
			removed = slices.Delete(removed, i, i+1)
		}
		d.Changes = append(d.Changes, c)
	}
	for _, r := range removed {
		d.Changes = append(d.Changes, OperationChange{Before: r})
	}
	slices.SortStableFunc(d.Changes, func(a, b OperationChange) int { return cmp.Compare(a.ID(), b.ID()) })
	return d
}

// sides returns the operations by their names, and the names in order. Of two
// operations with one name the first counts.
func sides(versions []Version) (map[string]*Side, []string) {
	byID := map[string]*Side{}
	var ids []string
	for _, v := range versions {
		_, ops := manifest.Read(v.Source, manifest.Options{})
		for i := range ops {
			op := &ops[i]
			if id := op.ID(); op.Name.Set() && byID[id] == nil {
				byID[id] = &Side{op, v.Source.Name, v.Policy.Table.Explain(op.Answers.Under(v.Policy.Limits)), latencyOf(op)}
				ids = append(ids, id)
			}
		}
	}
	return byID, ids
}

func latencyOf(op *manifest.Operation) string {
	if op.Answers.Latency.Set() {
		return manifest.FormatDuration(op.Answers.Latency.Value)
	}
	return ""
}

// change returns what is different, or nil when nothing is.
func change(before, after *Side) *OperationChange {
	c := &OperationChange{Before: before, After: after, Facts: facts(before.Operation, after.Operation)}
	for _, q := range decide.Questions() {
		from, to := before.answer(q), after.answer(q)
		if from != to {
			c.Answers = append(c.Answers, AnswerChange{q, from, to, q == decide.Latency && before.latency != "" && before.latency == after.latency})
		}
	}
	if len(c.Answers)+len(c.Facts) == 0 && !c.ModeChanged() && !c.Flipped() {
		return nil
	}
	return c
}

// answer returns an answer as people write it; a latency carries what it is
// judged as.
func (s *Side) answer(q decide.Question) string {
	text := s.Explanation.Answers[q].String()
	if q == decide.Latency && s.latency != "" {
		text = s.latency + " (" + text + ")"
	}
	return text
}

// isRenamed reports whether an operation that is gone is this one under another
// name.
func (s *Side) isRenamed(gone *Side) bool {
	if s.Service != gone.Service || s.Callee.Value != gone.Callee.Value || s.Mode.Value != gone.Mode.Value {
		return false
	}
	for _, q := range decide.Questions() {
		if s.answer(q) != gone.answer(q) {
			return false
		}
	}
	return len(facts(gone.Operation, s.Operation)) == 0
}

// facts returns the keys, but for the name, the mode and the answers, whose
// values are different.
func facts(a, b *manifest.Operation) []string {
	var keys []string
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		switch name := x.Type().Field(i).Name; name {
		case "Range", "Service", "Name", "Mode", "Answers":
		default:
			if !same(x.Field(i), y.Field(i)) {
				keys = append(keys, keyOf(name))
			}
		}
	}
	return keys
}

var rangeType = reflect.TypeFor[diag.Range]()

// same compares values of a manifest without their places.
func same(a, b reflect.Value) bool {
	switch {
	case a.Type() == rangeType:
		return true
	case a.Kind() == reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case a.Kind() == reflect.Struct && a.NumField() > 0 && a.Type().PkgPath() == reflect.TypeFor[manifest.Operation]().PkgPath():
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// keyOf returns the key of a manifest that a field is read from: loss_ok for
// LossOK.
func keyOf(field string) string {
	var key strings.Builder
	for i, r := range field {
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(field[i-1])) {
			key.WriteByte('_')
		}
		key.WriteRune(unicode.ToLower(r))
	}
	return key.String()
}
