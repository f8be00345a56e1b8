package cmd

import (
	"slices"
	"strings"

	"waitornot/cmd/internal/prompt"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
)

// An openOperation is one of a manifest with questions that are asked.
type openOperation struct {
	manifest.Operation
	file    string // as findings name it
	policy  *lint.Policy
	replies prompt.Replies
	asked   map[prompt.Topic]bool // in this run: not again unless somebody goes back
	edited  bool                  // everything is asked, whatever is answered
}

// opened returns an operation with what it answers.
func opened(op project.Operation) *openOperation {
	x := &openOperation{Operation: *op.Operation, file: op.Document.File, policy: op.Policy, asked: map[prompt.Topic]bool{}}
	x.replies = prompt.Replies{Answers: op.Answers.Under(op.Policy.Limits), Latency: op.Answers.Latency.Value, Mode: op.Mode.Value}
	for q, a := range x.replies.Answers {
		x.replies.Answered[q] = a != decide.Unknown
	}
	x.replies.Facts, x.replies.Told = factsSaid(op.Operation)
	return x
}

// factsSaid returns what a manifest says of the facts that are asked for.
func factsSaid(op *manifest.Operation) (facts [advice.FactCount]decide.Answer, given [advice.FactCount]bool) {
	for f, says := range [advice.FactCount]manifest.Field[bool]{advice.Gate: op.Gate, advice.ReadBack: op.ReadBack} {
		if given[f] = says.Set(); given[f] {
			facts[f] = decide.No
			if says.Value {
				facts[f] = decide.Yes
			}
		}
	}
	return facts, given
}

// besides returns the facts of an operation but for those that are asked for.
func (op *openOperation) besides() decide.Facts {
	facts := op.Facts()
	for _, f := range advice.AskedFacts() {
		facts &^= f.Bit()
	}
	return facts
}

// facts returns the facts of an operation with what was answered.
func (op *openOperation) facts() decide.Facts {
	facts := op.besides()
	for _, f := range advice.AskedFacts() {
		if op.replies.Facts[f] == decide.Yes {
			facts |= f.Bit()
		}
	}
	return facts
}

// left returns the verdicts that the answers leave when there are several.
func (op *openOperation) left() []decide.Verdict {
	d := op.policy.Table.Judge(op.replies.Answers, op.facts())
	if d.Decided() {
		return nil
	}
	return d.Possible.List()
}

// topics returns what can be asked of an operation: the four questions and, once the answer
// to immediacy isn't yes, the facts that change what follows from it.
func (op *openOperation) topics() []prompt.Topic {
	var list []prompt.Topic
	for _, q := range decide.Questions() {
		list = append(list, prompt.AboutQuestion(q))
	}
	for _, f := range advice.AskedFacts() {
		if op.replies.Answered[decide.Immediacy] && f.Applies(op.replies.Answers, op.besides()) {
			list = append(list, prompt.AboutFact(f))
		}
	}
	return list
}

// answered reports whether a manifest says something about a topic.
func (op *openOperation) answered(t prompt.Topic) bool {
	if f, ok := t.Fact(); ok {
		return op.replies.Told[f]
	}
	q, _ := t.Question()
	return op.replies.Answered[q]
}

// unanswered returns the questions of an operation that are open.
func (op *openOperation) unanswered() []prompt.Topic {
	return slices.DeleteFunc(op.topics(), op.answered)
}

// open returns the questions of an operation that are still to be put.
func (op *openOperation) open() []prompt.Topic {
	return slices.DeleteFunc(op.topics(), func(t prompt.Topic) bool { return op.asked[t] || !op.edited && op.answered(t) })
}

// most returns how many questions can still be put, whatever is answered.
func (op *openOperation) most() int {
	n := len(op.open())
	for _, f := range advice.AskedFacts() {
		if t := prompt.AboutFact(f); !op.asked[t] && (op.edited || !op.answered(t)) && !slices.Contains(op.topics(), t) {
			n++
		}
	}
	return n
}

// undecided reports whether questions are still to be put that can settle the verdict.
func (op *openOperation) undecided() bool {
	return (op.edited || len(op.left()) > 0) && len(op.open()) > 0
}

// turning returns the first fact that is still to be asked for and would change a verdict
// that stands.
func (op *openOperation) turning() (prompt.Topic, bool) {
	judge := func(facts decide.Facts) decide.VerdictSet {
		return op.policy.Table.Judge(op.replies.Answers, facts).Possible
	}
	for _, t := range op.open() {
		if f, ok := t.Fact(); ok && judge(op.facts()) != judge(op.facts()|f.Bit()) {
			return t, true
		}
	}
	return prompt.Topic{}, false
}

// next returns the question of an operation that settles most.
func (op *openOperation) next() askedQuestion {
	open := op.open()
	d := op.policy.Table.Judge(op.replies.Answers, op.facts())
	if next := prompt.AboutQuestion(d.Next); !op.edited && !d.Decided() && slices.Contains(open, next) {
		return askedQuestion{op, next}
	}
	return askedQuestion{op, open[0]}
}

// known says what the manifest says of an operation, but for the answer about a topic.
func (op *openOperation) known(topic prompt.Topic) string {
	var parts []string
	if op.Mode.Set() {
		parts = append(parts, "works "+op.Mode.Value.String()+" today")
	}
	for _, other := range op.topics() {
		if other != topic && op.answered(other) {
			parts = append(parts, other.String()+" "+answerText(&op.replies, other))
		}
	}
	return strings.Join(parts, " · ")
}

// answerText writes an answer as a manifest does.
func answerText(r *prompt.Replies, t prompt.Topic) string {
	if f, ok := t.Fact(); ok {
		return r.Facts[f].String()
	}
	q, _ := t.Question()
	if q == decide.Latency && r.Latency > 0 {
		return manifest.FormatDuration(r.Latency)
	}
	return r.Answers[q].String()
}
