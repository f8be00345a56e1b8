package review

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/adviceview"
	"waitornot/cmd/internal/findings"
	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/text"
	"waitornot/decide/advice"
	"waitornot/decide/agenda"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
)

// A Review is everything about the operations of a run: for the page and for a
// comment on a pull request.
type Review struct {
	*findings.Report
	Adviser    *advice.Adviser
	Operations []advice.Operation // in run order, as in the graph
	Graph      *graphview.Page
	Plans      []agenda.Planned // of the journeys, in their order
	Outages    Outages

	Title    string    // what the review is about
	Revision string    // of the repository; empty when there is none
	Date     time.Time // of the review
}

// Outages are pictures of what an outage does to each journey. The zero value has none.
type Outages struct {
	Style    string          // the CSS of the pictures
	Pictures []template.HTML // of the journeys, in their order; their texts are escaped
}

// of returns the picture of a journey; empty when there is none.
func (o *Outages) of(journey int) template.HTML {
	if journey < len(o.Pictures) {
		return o.Pictures[journey]
	}
	return ""
}

// Advise returns the advice on every operation, in order, and the picture that
// all of them make.
func (r *Review) Advise() ([]*advice.Advice, *advice.Overview) {
	picture := &advice.Overview{}
	list := make([]*advice.Advice, len(r.Operations))
	for i := range r.Operations {
		a := r.Adviser.Advise(&r.Operations[i])
		picture.Add(&a)
		list[i] = &a
	}
	return list, picture
}

// A JourneyView is a journey as a review shows it.
type JourneyView struct {
	ID, Description string
	Standing        string // in words; empty when nothing is asked
	Missed, Open    bool   // of what is asked: something is missed; facts are missing
	Wait, Share     Measure
	Steps           []StepView
	Unresolved      []string // steps that name no operation
	Lacks           []string // the facts that are missing
	After           string   // what the numbers after a change stand for
	Plan            []string // what to do, one sentence for each turn; none when nothing is missed
	Helps           []string // what would help where detaching does not
	Remark          string   // about the plan; empty when there is nothing to say
}

// A Measure is a number of a journey, today and after the plan, against what is
// asked. All of it is a share of the same scale; what is not there is negative.
type Measure struct {
	Now, After, Asked             float64 // from 0 to 1, for bars
	NowText, AfterText, AskedText string
	NowMissed, AfterMissed        bool
	AfterUnknown                  bool    // nothing of what counts after the plan is known
	Scale                         float64 // what 1 stands for: nanoseconds, or a share of time
}

// A StepView is a step of a journey.
type StepView struct {
	Operation graph.OperationID
	Mode      string // how it works
	Depth     int    // how deep it is nested
	Parallel  bool   // with the step before
	Critical  bool   // its time counts
	Note      string // the p99, when it is known
}

// Journeys returns the journeys.
func (r *Review) Journeys() []JourneyView {
	var list []JourneyView
	g := r.Graph
	for i := range g.Journeys() {
		j := &g.Journeys()[i]
		n := g.AllNumbers()[i]
		after, planned := n, r.Plans[i].Missed && len(r.Plans[i].Allowed) > 0
		if planned {
			after = r.Plans[i].After
		}
		t := JourneyView{ID: g.JourneyID(j), Description: j.Description.Value}
		t.stand(&n, j)
		t.Wait = waitMeasure(&n, &after, j, planned)
		t.Share = shareMeasure(&n, &after, j, planned)
		for _, l := range j.Unresolved {
			t.Unresolved = append(t.Unresolved, l.Value)
		}
		seen := map[string]bool{}
		for _, l := range slices.Concat(g.Lacks(j, &n), n.Share.Missing) {
			if text := g.MissingText(l); !seen[text] {
				seen[text] = true
				t.Lacks = append(t.Lacks, text)
			}
		}
		t.walk(g, j, &n)
		t.plan(g, j, &r.Plans[i])
		list = append(list, t)
	}
	return list
}

func (t *JourneyView) stand(n *graph.Numbers, j *graph.Journey) {
	budget, objective := n.Budget(j), n.Objective(j)
	var missed []string
	if budget == graph.Missed {
		missed = append(missed, "over its budget")
	}
	if objective == graph.Missed {
		missed = append(missed, "under its objective")
	}
	t.Missed = len(missed) > 0
	t.Open = !t.Missed && (budget == graph.Open || objective == graph.Open)
	switch {
	case t.Missed:
		t.Standing = strings.Join(missed, ", ")
	case t.Open:
		t.Standing = "facts are missing"
	case budget == graph.Met || objective == graph.Met:
		t.Standing = "on target"
	}
}

// waitMeasure compares the p99 of what a journey waits for with its budget.
func waitMeasure(now, after *graph.Numbers, j *graph.Journey, planned bool) Measure {
	words := func(n *graph.Numbers) string { return graphview.WaitText(&n.Tail) }
	m := Measure{After: -1, Asked: -1, NowText: words(now), NowMissed: now.Budget(j) == graph.Missed}
	scale := now.Tail.Time
	if planned {
		scale = max(scale, after.Tail.Time)
		m.AfterText, m.AfterMissed, m.AfterUnknown = words(after), after.Budget(j) == graph.Missed, after.Tail.Nothing()
	}
	if j.Budget.Set() {
		scale = max(scale, j.Budget.Value)
		m.AskedText = text.Duration(j.Budget.Value)
	}
	m.Scale = float64(max(scale+scale/8, 1))
	of := func(d time.Duration) float64 { return float64(d) / m.Scale }
	m.Now = of(now.Tail.Time)
	if now.Tail.Nothing() {
		m.Now = -1
	}
	if planned {
		m.After = of(after.Tail.Time)
	}
	if j.Budget.Set() {
		m.Asked = of(j.Budget.Value)
	}
	return m
}

// month is what an availability is turned into minutes of.
const month = 30 * 24 * time.Hour

// shareMeasure compares the time in which a journey fails with what its
// objective allows.
func shareMeasure(now, after *graph.Numbers, j *graph.Journey, planned bool) Measure {
	words := func(n *graph.Numbers) string {
		if n.Share.Nothing() {
			return graphview.ShareText(&n.Share)
		}
		least := ""
		if !n.Share.Known() {
			least = "at least "
		}
		return fmt.Sprintf("%s, %s%s a month down", graphview.ShareText(&n.Share), least, downtime(n.Share.Value))
	}
	m := Measure{After: -1, Asked: -1, NowText: words(now), NowMissed: now.Objective(j) == graph.Missed}
	scale := 1 - now.Share.Value
	if planned {
		scale = max(scale, 1-after.Share.Value)
		m.AfterText, m.AfterMissed, m.AfterUnknown = words(after), after.Objective(j) == graph.Missed, after.Share.Nothing()
	}
	if j.SLO.Set() {
		scale = max(scale, 1-j.SLO.Value)
		m.AskedText = fmt.Sprintf("%s, %s a month", text.Percent(j.SLO.Value), downtime(j.SLO.Value))
	}
	m.Scale = max(scale*1.125, 1e-12)
	of := func(share float64) float64 { return (1 - share) / m.Scale }
	m.Now = of(now.Share.Value)
	if now.Share.Nothing() {
		m.Now = -1
	}
	if planned {
		m.After = of(after.Share.Value)
	}
	if j.SLO.Set() {
		m.Asked = of(j.SLO.Value)
	}
	return m
}

func downtime(share float64) string {
	return text.Duration(graph.Downtime(share, month).Round(time.Second))
}

// walk lists the steps.
func (t *JourneyView) walk(g *graphview.Page, j *graph.Journey, n *graph.Numbers) {
	depth, critical := make([]int, j.Len()), make([]bool, j.Len())
	for _, i := range n.Tail.Path {
		critical[i] = true
	}
	for i := range int32(j.Len()) {
		s := j.Step(i)
		if s.Parent != graph.None {
			depth[i] = depth[s.Parent] + 1
		}
		o := g.Operation(s.Operation)
		step := StepView{
			Operation: s.Operation, Mode: g.ModeText(s.Operation), Depth: depth[i],
			Parallel: i > 0 && s.Joined == graph.ByJourney && j.Step(i-1).Slot == s.Slot, Critical: critical[i],
		}
		if d, ok := o.Latency(); ok {
			step.Note = text.Duration(d)
		}
		switch s.Joined {
		case graph.ByOperation:
			step.Note = joinWords(step.Note, "followed")
		case graph.ByService:
			step.Note = joinWords(step.Note, "perhaps: joined by service alone")
		}
		t.Steps = append(t.Steps, step)
	}
}

// joinWords joins the words that are not empty.
func joinWords(words ...string) string { return strings.Join(advice.Filled(words...), ", ") }

// plan says what to detach, and what that rests on.
func (t *JourneyView) plan(g *graphview.Page, j *graph.Journey, p *agenda.Planned) {
	if !p.Missed {
		return
	}
	t.After = "with the plan"
	if !p.Found {
		t.After = "all detached"
	}
	for _, turn := range p.Changes {
		t.Plan = append(t.Plan, fmt.Sprintf("make %s %s: %s", g.ID(turn.Operation), turn.To, graphview.PlanReason(turn)))
	}
	for _, e := range p.Estimates {
		t.Plan = append(t.Plan, fmt.Sprintf("measure %s again: assumed to take %s then, instead of %s", g.ID(e.Operation), text.Duration(e.To), text.Duration(e.From)))
	}
	for _, r := range p.Remedies {
		t.Helps = append(t.Helps, g.Remedy(r))
	}
	switch {
	case !p.Found && len(p.Allowed) == 0:
		t.Remark = "Every step that the user waits for has answers that say sync: nothing can be moved to the background."
	case !p.Found:
		t.Remark = fmt.Sprintf("Moving work to the background isn't enough: with everything moved that can be (%s), it waits %s and is available %s.",
			text.Count(len(p.Allowed), "operation"), t.Wait.AfterText, t.Share.AfterText)
	case !p.Enough(j):
		t.Remark = "This may not be enough: facts are missing."
	case !p.Complete(j):
		t.Remark = "A smaller set may be enough, but facts are missing."
	case !p.Exact:
		t.Remark = "A good plan, found step by step; there may be a smaller one."
	}
}

// A Remark is a finding as a review shows it.
type Remark struct {
	*diag.Finding
	Waived string // by whom and why; empty when it is not
}

// Remarks returns all findings, the gravest first, and those that are waived at
// the end.
func (r *Review) Remarks() []Remark {
	var list []Remark
	for _, s := range diag.Severities() {
		for i := range r.Findings {
			if r.Findings[i].Severity == s {
				list = append(list, Remark{&r.Findings[i], ""})
			}
		}
	}
	for i := range r.Waived {
		list = append(list, Remark{&r.Waived[i].Finding, findings.WaiverText(&r.Waived[i])})
	}
	return list
}

// Headline counts the verdicts in words.
func Headline(p *advice.Overview) string { return adviceview.Totals(p) }

// Counts returns the number of findings in words.
func (r *Review) Counts() string { return r.Tally().Findings() }

// ShownLatency writes the duration that stood for the answer to latency, or "".
func ShownLatency(a *advice.Advice) string {
	if a.Latency <= 0 {
		return ""
	}
	return text.Duration(a.Latency)
}
