// Package advice carries operations from manifests to recommendations: what
// reports print of an operation, and the picture that all of them make.
package advice

import (
	"fmt"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// An Operation is what advice needs to know of an operation. It is small, so
// that a run can keep all of its operations.
type Operation struct {
	File        string
	Place       diag.Range // its name, or the whole item when it has none
	Service     string
	Name        string
	Description string
	Caller      string // the service unless the manifest names another
	Callee      string // empty when it is not given
	Declared    decide.Verdict
	Answers     decide.Answers
	Latency     time.Duration // the p99 that stood for the answer, or 0
	Facts       decide.Facts
	Measured    *[decide.QuestionCount]string // what bears on each answer, in words; nil when nothing was measured
	Inherited   []*manifest.Origin            // the values that it has from its document
	Stack       string                        // of its document; empty when that names none
	Table       *decide.Table                 // that decides on it; nil for the adviser's
	Limits      *decide.LatencyLimits         // that judged its latency; nil for the adviser's
}

// Of returns what advice needs to know of an operation that table decides on
// and limits judge.
func Of(doc *manifest.Document, op *manifest.Operation, table *decide.Table, limits *decide.LatencyLimits) Operation {
	return Operation{
		Table: table, Limits: limits,
		File: doc.File, Place: op.Place(), Service: op.Service, Name: op.Name.Value,
		Description: op.Description.Value, Caller: op.From(), Callee: op.Callee.Value,
		Declared: op.Mode.Value, Answers: op.Answers.Under(*limits), Latency: op.Answers.Latency.Value,
		Facts: op.Facts(), Stack: doc.Stack.Value, Measured: measured(op.Evidence), Inherited: doc.Inherited(op),
	}
}

// measured says what was measured that bears on each question.
func measured(e *manifest.Evidence) *[decide.QuestionCount]string {
	if e == nil {
		return nil
	}
	var words [decide.QuestionCount]string
	for _, q := range decide.Questions() {
		words[q] = Measured(e, q)
	}
	return &words
}

// Evidence says what was measured that bears on the answer to a question, and is empty
// when nothing was.
func (o *Operation) Evidence(q decide.Question) string {
	if o.Measured == nil {
		return ""
	}
	return o.Measured[q]
}

// ID returns service/operation, or the operation alone when there is no
// service. An operation without a name is known by its line.
func (o *Operation) ID() string {
	name := o.Name
	if name == "" {
		name = fmt.Sprintf("(line %d)", o.Place.Start.Line)
	}
	if o.Service == "" {
		return name
	}
	return o.Service + "/" + name
}

// An Adviser makes recommendations from the knowledge. Stacks are read when an
// operation first asks for them, and operations that are alike share one
// recommendation.
type Adviser struct {
	Framework *Framework
	Knowledge *decide.Knowledge
	Limits    decide.LatencyLimits
	Stack     string // the stack for all operations; "" takes each document's own
	Stacks    func(id string) (*Stack, error)
	stacks    map[string]*Stack
	made      map[adviceKey]decide.Recommendation
}

// An adviceKey is all that a recommendation depends on.
type adviceKey struct {
	table   *decide.Table
	answers decide.Answers
	facts   decide.Facts
}

// An Advice is a recommendation for an operation.
type Advice struct {
	*Operation
	decide.Recommendation
	Build  *Build // nil when undecided, or when no stack is chosen
	Table  *decide.Table
	Limits decide.LatencyLimits
}

// A Build says how a stack builds the recommended pattern.
type Build struct {
	Stack *Stack
	Component
}

// Advise recommends for one operation. A stack that does not exist is taken as
// none. It is not safe for concurrent use.
func (a *Adviser) Advise(op *Operation) Advice {
	table, limits := a.Knowledge.Table, a.Limits
	if op.Table != nil {
		table = op.Table
	}
	if op.Limits != nil {
		limits = *op.Limits
	}
	out := Advice{Operation: op, Recommendation: a.recommend(adviceKey{table, op.Answers, op.Facts}), Table: table, Limits: limits}
	if stack := a.StackOf(op); stack != nil && out.Pattern != nil {
		out.Build = &Build{stack, stack.Components[out.Pattern.ID]}
	}
	return out
}

func (a *Adviser) recommend(l adviceKey) decide.Recommendation {
	r, known := a.made[l]
	if !known {
		knowledge := *a.Knowledge
		knowledge.Table = l.table
		r = knowledge.Recommend(l.answers, l.facts)
		if a.made == nil {
			a.made = map[adviceKey]decide.Recommendation{}
		}
		a.made[l] = r
	}
	return r
}

// StackOf returns the stack that an operation is built with, or nil.
func (a *Adviser) StackOf(op *Operation) *Stack {
	if a.Stack != "" {
		return a.load(a.Stack)
	}
	return a.load(op.Stack)
}

// load returns the stack, or nil when there is none of that name.
func (a *Adviser) load(id string) *Stack {
	if id == "" {
		return nil
	}
	stack, seen := a.stacks[id]
	if !seen {
		stack, _ = a.Stacks(id) // nil when it can't be read
		if a.stacks == nil {
			a.stacks = map[string]*Stack{}
		}
		a.stacks[id] = stack
	}
	return stack
}

// Differs reports whether the declared mode is none of the verdicts that the
// answers leave possible.
func (a *Advice) Differs() bool {
	return a.Declared != decide.Undecided && !a.Possible.Has(a.Declared)
}

// A Role says what an answer does to the verdict.
type Role uint8

// The roles. The zero value is an answer without an opinion.
const (
	Abstains    Role = iota // its own rule has no opinion, and the row does not ask for it
	Decides                 // it points to the verdict, and the row asks for it
	Agrees                  // it points to the verdict, but the row does not ask for it
	Yields                  // it points away from the verdict, but only permits another
	Dissents                // its own rule points away from the verdict
	Indifferent             // it is unknown, and no answer to it would change the verdict
	Open                    // it is unknown, and the verdict waits for it
	First                   // it is the open question to answer first
	Waits                   // it is known, but the verdict waits for another answer
)

var roleNames = [...]string{"abstains", "decides", "agrees", "yields", "dissents", "indifferent", "open", "first", "waits"}

// String returns the stable name of the role.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "invalid role"
}

// Role returns what the answer to q does to the verdict.
func (a *Advice) Role(q decide.Question) Role {
	unknown := a.Answers[q] == decide.Unknown
	if !a.Decided() {
		switch {
		case unknown && q == a.Next:
			return First
		case unknown:
			return Open
		}
		return Waits
	}
	for _, d := range a.Dissents {
		if d.Question == q && d.Weak {
			return Yields
		} else if d.Question == q {
			return Dissents
		}
	}
	for _, d := range a.Deciding {
		if d == q {
			return Decides
		}
	}
	switch {
	case unknown:
		return Indifferent
	case q.Argues(a.Answers[q]) == 0:
		return Abstains
	}
	return Agrees
}
