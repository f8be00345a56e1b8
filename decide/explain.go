package decide

// An Explanation is a decision with its reasons.
type Explanation struct {
	Answers Answers
	Decision
	Rows     []*Row     // the rows hit: one, or several when unknown answers leave several
	Deciding []Question // the questions that carry the verdict, in order; none when undecided
	Dissents []Dissent  // the answers that point away from the verdict, in order; none when undecided
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

// Agreement says how far the four answers agree with the verdict.
type Agreement uint8

// The agreements. The zero value says that there is no verdict yet.
const (
	NoVerdict Agreement = iota // unknown answers leave more than one verdict
	Contested                  // at least one answer's own rule points away from the verdict
	Unanimous                  // no answer's own rule points away from the verdict
)

// String returns the agreement as reports print it.
func (g Agreement) String() string {
	return [...]string{"undecided", "contested", "unanimous"}[g]
}

// Agreement returns how far the answers agree with the verdict.
func (e *Explanation) Agreement() Agreement {
	switch {
	case !e.Decided():
		return NoVerdict
	case len(e.Dissents) > 0:
		return Contested
	}
	return Unanimous
}

// Explain decides a as Decide does, and says why.
func (t *Table) Explain(a Answers) Explanation {
	a = decode(code(a))
	e := Explanation{Answers: a, Decision: t.Decide(a)}
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
	e.Flips = t.flips(a, e.Verdict)
	return e
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
func (t *Table) flips(a Answers, v Verdict) []Flip {
	return t.smallest(a, func(w Verdict) bool { return w != v })
}

// WaysTo returns all changes of the smallest size after which verdict v is
// certain, in the order of the questions and their answers. There are none when
// v stands already, or when no row gives it.
func (t *Table) WaysTo(a Answers, v Verdict) []Flip {
	a = decode(code(a))
	if t.Decide(a).Verdict == v {
		return nil
	}
	return t.smallest(a, func(w Verdict) bool { return w == v })
}

// smallest returns all changes of the smallest size after which a verdict that
// want accepts is certain.
func (t *Table) smallest(a Answers, want func(Verdict) bool) []Flip {
	var found []Flip
	for size := 1; size <= QuestionCount && found == nil; size++ {
		t.change(a, nil, 0, size, func(changes []Change, b Answers) {
			if d := t.Decide(b); d.Decided() && want(d.Verdict) {
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
			if x != a[q] {
				t.change(a.With(q, x), append(changes, Change{q, a[q], x}), q+1, left-1, try)
			}
		}
	}
}
