package advice

import "waitornot/decide"

// An Overview is what a designer wants to see of many operations at once. Each
// list keeps the order in which the operations were added.
type Overview struct {
	MustWait   []Line // synchronous: the caller needs the result now
	MayWait    []Line // synchronous, although the result is not needed now
	Async      []Line
	Hybrid     []Line
	Undecided  []Line
	Differing  []Line // declared otherwise than the verdict; each is in another list too
	CloseCalls int    // how many have a verdict that one step of an answer other than immediacy would change
}

// A Line is one operation of a picture.
type Line struct {
	ID, Callee        string
	Declared, Verdict decide.Verdict
	Possible          decide.VerdictSet
	Next              decide.Question // when undecided: the question to answer first
}

// Add adds a recommendation to the picture.
func (p *Overview) Add(a *Advice) {
	line := Line{a.ID(), a.Callee, a.Declared, a.Verdict, a.Possible, a.Next}
	list := &p.Undecided
	switch {
	case a.Verdict == decide.Sync && a.Answers[decide.Immediacy] == decide.Yes:
		list = &p.MustWait
	case a.Verdict == decide.Sync:
		list = &p.MayWait
	case a.Verdict == decide.Async:
		list = &p.Async
	case a.Verdict == decide.Hybrid:
		list = &p.Hybrid
	}
	*list = append(*list, line)
	if a.Differs() {
		p.Differing = append(p.Differing, line)
	}
	if a.Agreement() == decide.CloseCall {
		p.CloseCalls++
	}
}

// Total returns how many operations the picture shows.
func (p *Overview) Total() int {
	return len(p.MustWait) + len(p.MayWait) + len(p.Async) + len(p.Hybrid) + len(p.Undecided)
}
