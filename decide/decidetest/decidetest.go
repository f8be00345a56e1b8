// Package decidetest holds what tests of several rooms decide by.
package decidetest

import (
	"testing"

	"waitornot/decide"
)

// Table returns a table of the shape of the framework's.
func Table(t testing.TB) *decide.Table {
	t.Helper()
	set := decide.AnswersOf
	now, later := set(decide.Yes), set(decide.Later, decide.No)
	slow := set(decide.Yes, decide.Beyond)
	table, err := decide.NewTable([]decide.Row{
		{Name: "now", When: [decide.QuestionCount]decide.AnswerSet{now, 0, set(decide.No, decide.Yes), 0}, Verdict: decide.Sync},
		{Name: "too-long", When: [decide.QuestionCount]decide.AnswerSet{now, 0, set(decide.Beyond), 0}, Verdict: decide.Hybrid},
		{Name: "outcome", When: [decide.QuestionCount]decide.AnswerSet{set(decide.Later), 0, slow, 0}, Verdict: decide.Hybrid},
		{Name: "slow", When: [decide.QuestionCount]decide.AnswerSet{set(decide.No), 0, slow, 0}, Verdict: decide.Async},
		{Name: "retry", When: [decide.QuestionCount]decide.AnswerSet{later, set(decide.Yes), set(decide.No), 0}, Verdict: decide.Async},
		{Name: "apart", When: [decide.QuestionCount]decide.AnswerSet{later, set(decide.No), set(decide.No), set(decide.Yes)}, Verdict: decide.Async},
		{Name: "nothing", When: [decide.QuestionCount]decide.AnswerSet{later, set(decide.No), set(decide.No), set(decide.No)}, Verdict: decide.Sync},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}
