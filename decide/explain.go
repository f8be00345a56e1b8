package decide

import "slices"

// An Explanation is a decision with its reasons.
type Explanation struct {
	Answers Answers
	Decision
	Rows     []*Row     // the rows hit: one, or several when unknown answers leave several
	Deciding []Question // the questions that carry the verdict, in order; none when undecided
	Dissents []Dissent  // the answers that point away from the verdict, in order; none when undecided
	Close    []Flip     // every single step of an answer other than immediacy that changes the verdict, in order
	Flips    []Flip     // every smallest change that changes the verdict, in order; none when undecided
}

// A Dissent is an answer whose own rule points away from the verdict.
type Dissent struct {
	Question Question
	Answer   Answer
	Argues   VerdictSet // what the answer's own rule supports
	// Weak marks an answer that permits another verdict without asking for it:
	// fast work may stay synchronous, but need not.
	Weak bool
}

// A Flip is a change of answers after which another verdict stands.
type Flip struct {
	Changes []Change // in the order of the questions
	Verdict Verdict  // never Undecided
}

// A Change gives a question another answer. From is Unknown when the question
// had not been answered.
type Change struct {
	Question Question
	From, To Answer
}

// Agreement says how firmly the answers hold the verdict.
type Agreement uint8

// The agreements. The zero value says that there is no verdict yet.
const (
	NoVerdict Agreement = iota // unknown answers leave more than one verdict
	CloseCall                  // one answer other than immediacy, changed by one step, would change the verdict
	Clear                      // no such answer would

	agreementCount = 3
)

var agreementNames = [agreementCount]string{"undecided", "close call", "clear"}

// String returns the agreement as reports print it.
func (g Agreement) String() string {
	if int(g) < len(agreementNames) {
		return agreementNames[g]
	}
	return "invalid agreement"
}

// Agreement returns how firmly the answers hold the verdict.
func (e *Explanation) Agreement() Agreement {
	switch {
	case !e.Decided():
		return NoVerdict
	case e.Close != nil:
		return CloseCall
	}
	return Clear
}

// Explain judges a as Judge does, and says why.
func (t *Table) Explain(a Answers, f Facts) Explanation {
	a = a.allowed()
	e := Explanation{Answers: a, Decision: t.Judge(a, f)}
	e.Rows = t.RowsOf(e.Decision)
	if !e.Decided() {
		return e
	}
	for _, q := range Questions() {
		switch argues := q.Argues(a[q]); {
		case a[q] == Unknown:
		case argues != 0 && !argues.Has(e.Verdict):
			e.Dissents = append(e.Dissents, Dissent{q, a[q], argues, q == Latency && a[q] == No})
		case restricts(e.Rows, q):
			e.Deciding = append(e.Deciding, q)
		}
	}
	e.Flips = t.flips(a, f, e.Verdict)
	e.Close = t.close(a, f, e.Verdict)
	return e
}

// close returns the single steps of answers other than immediacy after which
// another verdict stands. A step goes to the answer beside it: from up to the
// threshold to above it, not past the wait limit at once.
func (t *Table) close(a Answers, f Facts, v Verdict) []Flip {
	var found []Flip
	for _, q := range []Question{Retryability, Latency, Coupling} {
		list := q.Answers()
		at := slices.Index(list, a[q].Plain())
		if at < 0 {
			continue // unknown: the verdict stands whatever the answer
		}
		for i := max(at-1, 0); i <= min(at+1, len(list)-1); i++ {
			if w := t.Judge(a.With(q, list[i]), f).Verdict; w != v && w != Undecided {
				found = append(found, Flip{[]Change{{q, a[q], list[i]}}, w})
			}
		}
	}
	return found
}

func restricts(rows []*Row, q Question) bool {
	for _, r := range rows {
		if !r.When[q].Any() {
			return true
		}
	}
	return false
}

// flips returns all changes of the smallest size after which another verdict is
// certain, in the order of the questions and their answers.
func (t *Table) flips(a Answers, f Facts, v Verdict) []Flip {
	return t.smallest(a, f, func(w Verdict) bool { return w != v })
}

// WaysTo returns all changes of the smallest size after which verdict v is
// certain, in the order of the questions and their answers. There are none when
// v stands already, or when no answers give it with these facts.
func (t *Table) WaysTo(a Answers, f Facts, v Verdict) []Flip {
	a = a.allowed()
	if t.Judge(a, f).Verdict == v {
		return nil
	}
	return t.smallest(a, f, func(w Verdict) bool { return w == v })
}

// smallest returns all changes of the smallest size after which a verdict that
// want accepts is certain.
func (t *Table) smallest(a Answers, f Facts, want func(Verdict) bool) []Flip {
	var found []Flip
	for size := 1; size <= QuestionCount && found == nil; size++ {
		t.change(a, nil, 0, size, func(changes []Change, b Answers) {
			if d := t.Judge(b, f); d.Decided() && want(d.Verdict) {
				found = append(found, Flip{append([]Change(nil), changes...), d.Verdict})
			}
		})
	}
	return found
}

// change calls try for every way to answer exactly left more questions, from
// question q on, differently from a.
func (t *Table) change(a Answers, changes []Change, q Question, left int, try func([]Change, Answers)) {
	if left == 0 {
		try(changes, a)
		return
	}
	for ; q < QuestionCount; q++ {
		for _, x := range q.Answers() {
			if x != a[q].Plain() {
				t.change(a.With(q, x), append(changes, Change{q, a[q], x}), q+1, left-1, try)
			}
		}
	}
}
