package agenda

import (
	"testing"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
)

// Actions come by what they settle: journeys on target before errors, errors before
// warnings; plans that are alike are one action; infos are none.
func TestActions(t *testing.T) {
	t.Parallel()
	find := func(code string, s diag.Severity, n int) (list []diag.Finding) {
		for range n {
			list = append(list, diag.Finding{Code: code, Rule: code + "-rule", Severity: s})
		}
		return list
	}
	var findings []diag.Finding
	findings = append(findings, find("WN3", diag.Warning, 9)...)
	findings = append(findings, find("WN1", diag.Error, 2)...)
	findings = append(findings, find("WN1", diag.Warning, 1)...)
	findings = append(findings, find("WN2", diag.Error, 3)...)
	findings = append(findings, find("WN4", diag.Info, 50)...)
	alike := graph.Plan{Found: true, Changes: []graph.Change{{Operation: 4}}}
	p := Project{
		Graph: graph.Join(nil, nil), Findings: findings,
		Plans: []Planned{{Plan: alike, Missed: true}, {Plan: graph.Plan{}, Missed: true}, {Plan: alike, Missed: true}, {Plan: alike}},
	}
	list := p.Actions(10)
	want := []struct {
		kind             Kind
		code             string
		errors, warnings int
		journeys         int
	}{
		{ChangeModes, "", 0, 0, 2}, {Rework, "", 0, 0, 1}, {FixRule, "WN2", 3, 0, 0}, {FixRule, "WN1", 2, 1, 0}, {FixRule, "WN3", 0, 9, 0},
	}
	if len(list) != len(want) {
		t.Fatalf("%d actions, want %d: %+v", len(list), len(want), list)
	}
	for i, w := range want {
		a := list[i]
		if a.Kind != w.kind || a.Code != w.code || a.Errors != w.errors || a.Warnings != w.warnings || len(a.Journeys) != w.journeys {
			t.Errorf("action %d is %+v, want %+v", i, a, w)
		}
	}
	if list[0].Open {
		t.Error("a plan with all its facts is open")
	}
	p.Plans[2].Open = true // of two journeys that the same changes help, one lacks facts
	if got := p.Actions(1); len(got) != 1 || !got[0].Open || len(got[0].Journeys) != 2 {
		t.Errorf("with facts missing, the first is %+v", got)
	}
	if got := p.Actions(2); len(got) != 2 || got[0].Kind != ChangeModes {
		t.Errorf("the first two are %+v", got)
	}
}
