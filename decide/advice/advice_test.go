package advice

import (
	"errors"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// tableOf makes a table: whoever needs the result now waits, all else gets a verdict.
func tableOf(t *testing.T, otherwise decide.Verdict) *decide.Table {
	t.Helper()
	when := func(a ...decide.Answer) (w [decide.QuestionCount]decide.AnswerSet) {
		w[decide.Immediacy] = decide.AnswersOf(a...)
		return w
	}
	table, err := decide.NewTable([]decide.Row{
		{Name: "now", When: when(decide.Yes), Verdict: decide.Sync}, {Name: "else", When: when(decide.Later, decide.No), Verdict: otherwise},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// An operation carries what its manifest says of it, judged by its own limits, and what was
// measured.
func TestOf(t *testing.T) {
	t.Parallel()
	const text = `service: shop
stack: java
operations:
  - {name: pay, callee: bank, mode: sync, description: Pays., answers: {immediacy: yes, latency: 2s}, evidence: {calls: 1, p99: 1s, from: 2026-11-20}}
  - {caller: web, answers: {}}
`
	var ops []Operation
	limits := &decide.LatencyLimits{Threshold: time.Second, Wait: 30 * time.Second}
	table := tableOf(t, decide.Async)
	manifest.Map(manifest.Source{Name: "x.yaml", Data: []byte(text)}, manifest.Options{}, func(doc *manifest.Document, list []manifest.Operation) int {
		for i := range list {
			ops = append(ops, Of(doc, &list[i], table, limits))
		}
		return 0
	})
	pay, other := &ops[0], &ops[1]
	if pay.ID() != "shop/pay" || pay.File != "x.yaml" || pay.Caller != "shop" || pay.Callee != "bank" || pay.Declared != decide.Sync || pay.Stack != "java" ||
		pay.Description != "Pays." || pay.Answers[decide.Latency] != decide.Yes || pay.Latency != 2*time.Second || pay.Table != table || pay.Limits != limits {
		t.Errorf("%+v", pay)
	}
	if got := pay.Evidence(decide.Latency); !strings.Contains(got, "1s") || pay.Evidence(decide.Coupling) != "" || other.Evidence(decide.Latency) != "" {
		t.Errorf("measured: %q, %q", got, other.Evidence(decide.Latency))
	}
	if other.ID() != "shop/(line 5)" || other.Caller != "web" {
		t.Errorf("without a name: %s of %s", other.ID(), other.Caller)
	}
}

// An operation is judged by its own table and limits, else by the adviser's, and built with
// the stack for all, else with its document's; a stack that can't be read is none.
func TestAdvise(t *testing.T) {
	t.Parallel()
	read := map[string]int{}
	a := &Adviser{
		Knowledge: &decide.Knowledge{Table: tableOf(t, decide.Async), Patterns: []decide.Pattern{{ID: "queue", Verdict: decide.Async}, {ID: "status", Verdict: decide.Hybrid}}},
		Limits:    decide.LatencyLimits{Wait: time.Minute},
		Stacks: func(id string) (*Stack, error) {
			if read[id]++; id == "cobol" {
				return nil, errors.New("nobody builds it")
			}
			return &Stack{ID: id, Components: map[string]Component{"queue": {Use: id + " queue"}}}, nil
		},
	}
	no := decide.Answers{decide.Immediacy: decide.No}
	for range 2 {
		got := a.Advise(&Operation{Answers: no, Stack: "java"})
		if got.Verdict != decide.Async || got.Pattern.ID != "queue" || got.Build == nil || got.Build.Use != "java queue" || got.Limits.Wait != time.Minute || got.Table != a.Knowledge.Table {
			t.Errorf("by the adviser's table: %+v, built with %+v", got, got.Build)
		}
	}
	own := tableOf(t, decide.Hybrid)
	got := a.Advise(&Operation{Answers: no, Table: own, Limits: &decide.LatencyLimits{Wait: time.Hour}})
	if got.Verdict != decide.Hybrid || got.Pattern.ID != "status" || got.Build != nil || got.Limits.Wait != time.Hour || got.Table != own {
		t.Errorf("by its own table: %+v", got)
	}
	if got := a.Advise(&Operation{Answers: no, Stack: "cobol"}); got.Build != nil {
		t.Errorf("built with %+v", got.Build)
	}
	if got := a.Advise(&Operation{Stack: "java"}); got.Decided() || got.Build != nil {
		t.Errorf("undecided, and built with %+v", got.Build)
	}
	a.Stack = "go"
	if got := a.StackOf(&Operation{Stack: "java"}); got.ID != "go" {
		t.Errorf("the stack for all is %s", got.ID)
	}
	if read["java"] != 1 {
		t.Errorf("the same stack is read %d times", read["java"])
	}
}

// An answer decides, agrees, dissents, yields or abstains; one that is open comes first, or
// waits, or changes nothing.
func TestRole(t *testing.T) {
	t.Parallel()
	a := &Advice{Operation: &Operation{Answers: decide.Answers{decide.Immediacy: decide.Yes, decide.Retryability: decide.Yes, decide.Latency: decide.No}}}
	a.Verdict, a.Deciding = decide.Sync, []decide.Question{decide.Immediacy}
	a.Dissents = []decide.Dissent{{Question: decide.Retryability}}
	roles := func() string {
		var list []string
		for _, q := range decide.Questions() {
			list = append(list, a.Role(q).String())
		}
		return strings.Join(list, " ")
	}
	if got := roles(); got != "decides dissents agrees indifferent" {
		t.Error(got)
	}
	a.Dissents[0].Weak = true
	a.Answers[decide.Coupling] = decide.No
	if got := roles(); got != "decides yields agrees abstains" {
		t.Error(got)
	}
	a.Verdict, a.Next = decide.Undecided, decide.Latency
	a.Answers[decide.Latency], a.Answers[decide.Coupling] = decide.Unknown, decide.Unknown
	if got := roles(); got != "waits waits first open" {
		t.Error(got)
	}
}
