package advice

import (
	_ "embed"

	"waitornot/decide"
)

// A Framework is the questions, the table and the trade-offs.
type Framework struct {
	Questions  [decide.QuestionCount]QuestionText // indexed by decide.Question
	Facts      [FactCount]FactText                // indexed by Fact
	Table      *decide.Table
	Tradeoffs  [4]decide.Tradeoff     // indexed by decide.Verdict
	Picks      [4]Pick                // indexed by decide.Verdict
	Conditions []decide.CostCondition // when a cost is not paid
}

// A Pick says in short when to pick a verdict.
type Pick struct {
	When     []string // clauses
	Examples []string // sentences; known systems that do so
}

// QuestionText is how a question is put to people.
type QuestionText struct {
	Ask      string // the question in the framework's words
	Rule     string // what its answers mean in the framework's words
	Test     string // the sharper test
	Strength string // how much the question weighs
	Answers  []AnswerText
	Examples []string // two everyday examples
	Sources  []string // ids of sources
}

// AnswerText says what an answer means and what it argues for.
type AnswerText struct {
	Is     decide.Answer
	Means  string
	Argues string // what its own rule does, as the rest of a sentence: "argues for sync"
}

// Of returns the text of answer a, or nil for one that the question does not
// have.
func (q *QuestionText) Of(a decide.Answer) *AnswerText {
	for i := range q.Answers {
		if q.Answers[i].Is == a {
			return &q.Answers[i]
		}
	}
	return nil
}

// A Fact is one that changes the verdict of work whose result isn't needed now, so that
// people are asked for it beside the four questions.
type Fact uint8

// The facts that are asked for, in the order in which they are.
const (
	Gate     Fact = iota // the caller's own step must be undone when it fails
	ReadBack             // the caller's next step reads what it writes

	FactCount = 2
)

var (
	factKeys  = [FactCount]string{"gate", "read_back"}
	factFlags = [FactCount]string{"gate", "read-back"}
	factBits  = [FactCount]decide.Facts{decide.Gate, decide.ReadBack}
)

// AskedFacts returns the facts that are asked for, in order.
func AskedFacts() [FactCount]Fact { return [...]Fact{Gate, ReadBack} }

// Key returns the key of a manifest that gives the fact.
func (f Fact) Key() string { return factKeys[f] }

// Flag returns the fact as command lines and people write it.
func (f Fact) Flag() string { return factFlags[f] }

// Bit returns the fact as the engine takes it.
func (f Fact) Bit() decide.Facts { return factBits[f] }

// Applies reports whether the fact may change what follows from answers: when the result
// is needed now the caller waits anyway, and a read changes nothing.
func (f Fact) Applies(a decide.Answers, known decide.Facts) bool {
	return a[decide.Immediacy] != decide.Yes && known&decide.Query == 0
}

// FactText is how the question for a fact is put to people.
type FactText struct {
	Ask      string
	Why      string // a sentence: why it is asked
	Yes, No  string // what the answers mean
	Examples []string
}

// A Source is where some of the knowledge comes from.
type Source struct {
	ID    string // stable; everything else refers to it
	Title string
	URL   string // empty when there is no single public page
}
