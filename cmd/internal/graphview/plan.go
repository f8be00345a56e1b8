package graphview

import (
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// A PlanPage is the plans of the journeys that were picked.
type PlanPage struct {
	*Page
	Plans []JourneyPlan // of those that miss something, in the order of the graph
	Open  int           // how many can be neither met nor missed for want of facts
}

// A JourneyPlan is a plan with its journey.
type JourneyPlan struct {
	*graph.Journey
	graph.Plan
	// Outages is what the changes do in outages, as JSON holds it; nil leaves it out.
	Outages any
}

// WritePlan writes plans for people. The error is the first that w returned.
func WritePlan(w io.Writer, p *PlanPage, l Layout) error {
	b := markup.NewWriter(w)
	t := &graphTexter{Writer: b, Page: p.Page, Layout: l, signs: unicodeSigns}
	if l.ASCII {
		t.signs = asciiSigns
	}
	t.line(term.Plain, p.summary())
	for i := range p.Plans {
		t.plan(&p.Plans[i])
	}
	return b.Flush()
}

func (p *PlanPage) summary() string {
	text := fmt.Sprintf("%s: ", text.Count(len(p.Picked.Journeys), "journey"))
	var parts []string
	if n := len(p.Picked.Journeys) - len(p.Plans) - p.Open; n > 0 {
		parts = append(parts, fmt.Sprintf("%d with nothing to do", n))
	}
	if len(p.Plans) > 0 {
		parts = append(parts, fmt.Sprintf("%d over budget or under an objective", len(p.Plans)))
	}
	if p.Open > 0 {
		parts = append(parts, fmt.Sprintf("%d not known because facts are missing ('waitornot graph' lists them)", p.Open))
	}
	if len(parts) == 0 {
		return "no journeys"
	}
	return text + strings.Join(parts, ", ")
}

func (t *graphTexter) plan(p *JourneyPlan) {
	remark, s := t.standing(&p.Before, p.Journey)
	t.head(t.JourneyID(p.Journey), remark, s)
	t.item("now", term.Plain, t.outcome(&p.Before, p.Journey))
	if !p.Found {
		t.noPlan(p)
		return
	}
	for i, turn := range p.Changes {
		label := ""
		if i == 0 {
			label = "change"
		}
		style := term.Green
		if turn.Ground != graph.ByVerdict {
			style = term.Yellow
		}
		t.item(label, style, term.Safe(fmt.Sprintf("%s: sync %s %s%s%s", t.ID(turn.Operation), t.arrow, turn.To, t.separator, PlanReason(turn))))
	}
	t.item("then", term.Plain, t.outcome(&p.After, p.Journey))
	for _, e := range p.Estimates {
		t.item("", term.Plain, term.Safe(fmt.Sprintf("assuming that %s then takes %s instead of %s: measure it again",
			t.ID(e.Operation), text.Duration(e.To), text.Duration(e.From))))
	}
	switch {
	case !p.Complete(p.Journey):
		t.item("", term.Faint, "a smaller set may do: facts are missing")
	case p.Exact:
		t.item("", term.Faint, "this is the smallest change that meets the targets")
	default:
		t.item("", term.Faint, "found by a greedy search: too many operations to prove that no smaller set does")
	}
	t.missing(p.After.Share.Lacks)
	t.missing(p.After.Tail.Lacks)
}

func (t *graphTexter) noPlan(p *JourneyPlan) {
	if len(p.Allowed) == 0 {
		t.item("change", term.Red, "nothing: every step that the user waits for has answers that say sync")
	} else {
		text := fmt.Sprintf("even all %d that could be changed are not enough", len(p.Allowed))
		if len(p.Allowed) == 1 {
			text = "even the one that could be changed is not enough"
		}
		if !p.Exact {
			text = "no set was found, but not all were tried"
		}
		t.item("change", term.Red, text)
		t.item("then", term.Plain, t.outcome(&p.After, p.Journey))
	}
	labels := map[bool]string{true: "for time", false: "for uptime"} // each said once
	for _, r := range p.Remedies {
		forTime := r.Kind <= graph.AskTime
		label := labels[forTime]
		delete(labels, forTime)
		style := term.Plain
		if !r.Enough {
			style = term.Faint
		}
		t.item(label, style, term.Safe(t.remedy(r)))
	}
}

// outcome says in one line how a journey does.
func (t *graphTexter) outcome(n *graph.Numbers, j *graph.Journey) string {
	var parts []string
	wait := "waits: " + WaitText(&n.Tail)
	if j.Budget.Set() {
		wait += fmt.Sprintf(" (budget %s)", text.Duration(j.Budget.Value))
	}
	parts = append(parts, wait)
	if n.Share.Nothing() {
		return wait + t.separator + "availability not known"
	}
	share := "available " + ShareText(&n.Share)
	if j.SLO.Set() {
		share += fmt.Sprintf(" (objective %s)", text.Percent(j.SLO.Value))
	}
	return strings.Join(append(parts, share), t.separator)
}

// PlanReason says why an operation may be turned.
func PlanReason(turn graph.Change) string {
	switch turn.Ground {
	case graph.ByAnswer:
		return fmt.Sprintf("if the answers allow it: answer %s first", turn.Question)
	case graph.ByConsent:
		return "only if the product agrees that an acknowledgement is enough (immediacy later)"
	}
	return "its answers already say so"
}

func (t *graphTexter) remedy(r graph.Remedy) string {
	text := t.whatHelps(r)
	if !r.Enough {
		text += "; not enough alone"
	}
	return text
}

func (t *graphTexter) whatHelps(r graph.Remedy) string {
	switch r.Kind {
	case graph.Faster:
		if !r.Enough {
			return fmt.Sprintf("make %s faster, the slowest step left", t.ID(r.Operation))
		}
		return fmt.Sprintf("bring %s, the slowest step left, down to %s", t.ID(r.Operation), text.Duration(r.Time))
	case graph.SideBySide:
		return fmt.Sprintf("run steps that don't need each other's outcome in parallel (%s): down to %s", strings.Join(t.ids(r.Together), ", "), text.Duration(r.Time))
	case graph.Cached:
		return fmt.Sprintf("keep a copy of what %s answers: %s when the copy is at hand", t.ID(r.Operation), text.Duration(r.Time))
	case graph.AskTime:
		return fmt.Sprintf("set a budget of %s", text.Duration(r.Time))
	case graph.MoreAvailable:
		return fmt.Sprintf("have %s available for %s instead of %s", t.termName(&r.Term), text.Percent(r.Share), text.Percent(r.Term.Availability))
	case graph.TwoCopies:
		return fmt.Sprintf("run %s twice, with nothing shared that can fail: %s", t.termName(&r.Term), text.Percent(r.Share))
	case graph.SecondAttempt:
		return fmt.Sprintf("try %s a second time, which its idempotency permits: %s if failures are short", t.ID(r.Operation), text.Percent(r.Share))
	case graph.DoWithout:
		return fmt.Sprintf("let the journey succeed without %s (a fallback, critical: no): %s", t.ID(r.Operation), text.Percent(r.Share))
	}
	return fmt.Sprintf("set an objective of %s", text.Percent(r.Share))
}

func (t *graphTexter) termName(term *graph.Term) string {
	_, name := t.term(term)
	return serviceName(name)
}

// The shapes of the JSON format of plans. plan.schema.json describes them.
type (
	jsonPlans struct {
		Version  int             `json:"version"`
		Tool     markup.JSONTool `json:"tool"`
		Journeys int             `json:"journeys"`
		Open     int             `json:"open"` // neither met nor missed for want of facts
		Plans    []jsonPlan      `json:"plans"`
	}
	jsonPlan struct {
		Journey   string            `json:"journey"`
		File      string            `json:"file"`
		Range     *markup.JSONRange `json:"range"`
		Budget    *float64          `json:"budget_ms"`
		SLO       *float64          `json:"objective"`
		Found     bool              `json:"found"`
		Exact     bool              `json:"exact"`
		Before    jsonOutcome       `json:"before"`
		After     jsonOutcome       `json:"after"`
		Turns     []jsonTurn        `json:"turns"`
		Allowed   []jsonTurn        `json:"allowed"`
		Remedies  []jsonRemedy      `json:"remedies"`
		Estimates []jsonEstimate    `json:"estimates"`
		Outages   any               `json:"outages,omitempty"` // with --simulate
	}
	jsonOutcome struct {
		P99          *float64 `json:"p99_sum_ms"`   // null when nothing is known of it
		Availability *float64 `json:"availability"` // null when nothing is known of it
		BudgetIs     string   `json:"budget_is"`
		ObjectiveIs  string   `json:"objective_is"`
	}
	jsonTurn struct {
		Operation string   `json:"operation"`
		From      string   `json:"from"`
		To        []string `json:"to"`
		Ground    string   `json:"ground"` // verdict, answer or consent
		Question  string   `json:"question,omitempty"`
	}
	jsonEstimate struct {
		Operation string   `json:"operation"`
		From      *float64 `json:"from_ms"`
		To        *float64 `json:"to_ms"`
	}
	jsonRemedy struct {
		What   string `json:"what"`
		Enough bool   `json:"enough"`
	}
)

// WritePlanJSON writes plans as one document. The error is the first that w
// returned.
func WritePlanJSON(w io.Writer, p *PlanPage) error {
	t := &graphTexter{Page: p.Page, signs: asciiSigns}
	d := jsonPlans{Version: graphJSONVersion, Tool: markup.JSONTool{Name: markup.ToolName, Version: p.Version}, Journeys: len(p.Picked.Journeys), Open: p.Open, Plans: []jsonPlan{}}
	for i := range p.Plans {
		x := &p.Plans[i]
		out := jsonPlan{
			Journey: p.JourneyID(x.Journey), File: p.relative(x.File), Range: markup.JSONRangeOf(x.Name.Range),
			Budget: milliseconds(x.Budget.Value, x.Budget.Set()), SLO: known(x.SLO.Value, x.SLO.Set()),
			Found: x.Found, Exact: x.Exact, Before: jsonOutcomeOf(&x.Before, x.Journey), After: jsonOutcomeOf(&x.After, x.Journey),
			Turns: t.jsonTurns(x.Changes), Allowed: t.jsonTurns(x.Allowed), Remedies: []jsonRemedy{}, Estimates: []jsonEstimate{}, Outages: x.Outages,
		}
		for _, r := range x.Remedies {
			out.Remedies = append(out.Remedies, jsonRemedy{t.whatHelps(r), r.Enough})
		}
		for _, e := range x.Estimates {
			out.Estimates = append(out.Estimates, jsonEstimate{t.ID(e.Operation), milliseconds(e.From, true), milliseconds(e.To, true)})
		}
		d.Plans = append(d.Plans, out)
	}
	return markup.WriteJSON(w, d)
}

func jsonOutcomeOf(n *graph.Numbers, j *graph.Journey) jsonOutcome {
	return jsonOutcome{milliseconds(n.Tail.Time, !n.Tail.Nothing()), known(n.Share.Value, !n.Share.Nothing()), n.Budget(j).String(), n.Objective(j).String()}
}

func (t *graphTexter) jsonTurns(turns []graph.Change) []jsonTurn {
	list := make([]jsonTurn, 0, len(turns))
	for _, turn := range turns {
		out := jsonTurn{Operation: t.ID(turn.Operation), From: decide.Sync.String(), Ground: turn.Ground.String()}
		for _, v := range turn.To.List() {
			out.To = append(out.To, v.String())
		}
		if turn.Ground == graph.ByAnswer {
			out.Question = turn.Question.String()
		}
		list = append(list, out)
	}
	return list
}

// Remedy says what a remedy does.
func (p *Page) Remedy(r graph.Remedy) string {
	words := graphTexter{Page: p, signs: unicodeSigns}
	return words.remedy(r)
}
