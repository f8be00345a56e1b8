package advice

import (
	_ "embed"

	"waitornot/decide"
)

// A Framework is the questions, the table and the trade-offs.
type Framework struct {
	Questions  [decide.QuestionCount]QuestionText // indexed by decide.Question
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
	Argues string
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

// A Source is where some of the knowledge comes from.
type Source struct {
	ID    string // stable; everything else refers to it
	Title string
	URL   string // empty when there is no single public page
}
