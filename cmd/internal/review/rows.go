package review

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// A tile is a number of the summary.
type tile struct {
	Number, Label string
	Filter        string // what it shows in the table; empty when it is no link there
	Key           string // what it counts, for the what-if
	Href          string
	Bad           bool
}

func tiles(p *advice.Overview, trips []JourneyView, r *Review) []tile {
	list := []tile{
		{fmt.Sprint(len(p.MustWait) + len(p.MayWait)), "wait: sync", "sync", "sync", "#operations", false},
		{fmt.Sprint(len(p.Async)), "don't wait: async", "async", "async", "#operations", false},
		{fmt.Sprint(len(p.Hybrid)), "acknowledge first: hybrid", "hybrid", "hybrid", "#operations", false},
	}
	if n := len(p.Undecided); n > 0 {
		list = append(list, tile{fmt.Sprint(n), "undecided", "undecided", "undecided", "#operations", true})
	}
	list = append(list,
		tile{fmt.Sprint(p.CloseCalls), "close calls", "close", "close", "#operations", false},
		tile{fmt.Sprint(len(p.Differing)), "declared mode differs", "differs", "differs", "#operations", len(p.Differing) > 0})
	if len(trips) > 0 {
		missed, open := 0, 0
		for i := range trips {
			if trips[i].Missed {
				missed++
			}
			if trips[i].Open {
				open++
			}
		}
		list = append(list, tile{fmt.Sprintf("%d of %d", missed, len(trips)), "journeys off target", "", "journeys", "#journeys", missed > 0})
		if open > 0 {
			list = append(list, tile{fmt.Sprint(open), text.Noun(open, "journey") + " not known: facts are missing", "", "", "#journeys", false})
		}
	}
	return append(list, tile{fmt.Sprint(len(r.Findings)), text.Noun(len(r.Findings), "finding"), "", "findings", "#findings", len(r.Findings) > 0})
}

// A segment is a part of the bar of verdicts, in thousandths.
type segment struct {
	Verdict  string
	At, Wide string
}

func bar(p *advice.Overview) []segment {
	if p.Total() == 0 {
		return nil
	}
	var list []segment
	at := 0.0
	for _, s := range []struct {
		name string
		n    int
	}{{"sync", len(p.MustWait) + len(p.MayWait)}, {"hybrid", len(p.Hybrid)}, {"async", len(p.Async)}, {"undecided", len(p.Undecided)}} {
		wide := 1000 * float64(s.n) / float64(p.Total())
		if s.n > 0 {
			list = append(list, segment{s.name, fmt.Sprintf("%.1f", at), fmt.Sprintf("%.1f", wide)})
		}
		at += wide
	}
	return list
}

// A row is an operation of the table.
type row struct {
	N                   int
	Name, Prefix        string // shop/ and pay
	Callee, Description string
	Service             string
	Place               string
	Verdict             string
	Declared            string
	Because             string
	Latency             string
	Nanoseconds         int64
	Dissents            int
	Differs, Close      bool
	Remarks             []remark
	Rationale           rationale
}

// rows returns the operations that are listed.
func rows(r *Review, list []*advice.Advice, w *whatIf, found []remark, listed listing) []row {
	of := map[int][]remark{}
	for _, f := range found {
		if f.Linked {
			of[f.Operation] = append(of[f.Operation], f)
		}
	}
	out := make([]row, 0, min(len(list), mostOperations))
	for i, a := range list {
		if !listed[i] {
			continue
		}
		id := a.ID()
		prefix := ""
		if a.Service != "" {
			prefix = a.Service + "/"
		}
		x := row{
			N: i, Prefix: prefix, Name: strings.TrimPrefix(id, prefix), Callee: a.Callee, Description: strings.Join(strings.Fields(a.Description), " "),
			Service: a.Service, Place: fmt.Sprintf("%s:%d", r.Path(a.File), a.Place.Start.Line),
			Verdict: a.Verdict.String(), Latency: ShownLatency(a), Nanoseconds: int64(a.Latency),
			Dissents: len(a.Dissents), Differs: a.Differs(), Close: a.Agreement() == decide.CloseCall,
			Because: "answer " + a.Next.String() + " first", Remarks: of[i], Rationale: w.rationale(a),
		}
		if a.Declared != decide.Undecided {
			x.Declared = a.Declared.String()
		}
		if a.Decided() {
			var names []string
			for _, x := range a.Rows {
				names = append(names, x.Name)
			}
			x.Because = strings.Join(names, ", ")
		}
		out = append(out, x)
	}
	return out
}

// services lists the services that declare operations, by name.
func services(list []*advice.Advice) []string {
	names := map[string]bool{}
	for _, a := range list {
		names[a.Service] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// A remark is a finding.
type remark struct {
	Severity, Code, Rule, Label, Message, Fix, Waived string
	Place                                             string
	Operation                                         int  // or -1
	Linked                                            bool // the operation is listed
	Journey                                           int  // the journey it stands in, or -1
	ID, Service                                       string
}

func remarks(r *Review, list []*advice.Advice) []remark {
	at := map[string]int{}
	for i, a := range list {
		if _, twice := at[a.ID()]; !twice {
			at[a.ID()] = i
		}
		at[a.File+"\x00"+a.ID()] = i
	}
	var out []remark
	for _, f := range r.Remarks() {
		m := remark{
			Severity: f.Severity.String(), Code: f.Code, Rule: f.Rule, Label: strings.TrimSpace(f.Code + " " + f.Rule),
			Message: f.Message, Fix: f.Fix, Waived: f.Waived,
			Place: r.Path(f.File), Operation: -1, Journey: r.journeyOf(&f), ID: f.Finding.Operation,
		}
		if f.Range.IsValid() {
			m.Place += fmt.Sprintf(":%d", f.Range.Start.Line)
		}
		if f.Finding.Operation != "" {
			i, ok := at[f.File+"\x00"+f.Finding.Operation]
			if !ok {
				i, ok = at[f.Finding.Operation]
			}
			if ok {
				m.Operation, m.Service = i, list[i].Service
			}
		}
		out = append(out, m)
	}
	return out
}

// A journeyPanel is a journey, ready to be shown.
type journeyPanel struct {
	JourneyView
	N      int    // its position among all journeys
	Try    string // the changes of its plan, for the what-if
	Bars   []gauge
	Steps  []panelStep   // those that are listed
	All    int           // steps
	More   string        // how many steps aren't listed; "" when all are
	Outage template.HTML // a picture; empty when nothing was simulated
}

// A gauge is a group of bars on one scale.
type gauge struct {
	Label, Explain string
	Bars           []meter
	Asked          string // where the mark is, in thousandths; empty without one
	AskedText      string
	Unit           string // what a thousandth stands for
}

// A meter is one bar.
type meter struct {
	Label, Text, Wide string
	Missed, Unknown   bool
}

// A panelStep is a step of a journey, ready to be shown.
type panelStep struct {
	StepView
	ID     string
	N      int
	Listed bool // the operation is
}

// journeyPanels returns the journeys that are listed, with links to the operations that are.
func journeyPanels(r *Review, trips []JourneyView, shown, listed listing) []journeyPanel {
	var list []journeyPanel
	for i, t := range trips {
		if !shown[i] {
			continue
		}
		t.Plan, t.Helps, t.Lacks, t.Unresolved = cut(t.Plan), cut(t.Helps), cut(t.Lacks), cut(t.Unresolved)
		x := journeyPanel{JourneyView: t, N: i, All: len(t.Steps), More: left(len(t.Steps), mostSteps, "step"), Try: r.planData(i), Outage: r.Outages.of(i)}
		x.Bars = []gauge{
			gaugeOf("Waits", "the sum of the p99s", "budget", t.Wait, t.After),
			gaugeOf("Is available", "the bar is the time in which it fails", "objective", t.Share, t.After),
		}
		for _, s := range t.Steps[:min(len(t.Steps), mostSteps)] {
			x.Steps = append(x.Steps, panelStep{s, r.Graph.ID(s.Operation), int(s.Operation), listed[s.Operation]})
		}
		list = append(list, x)
	}
	return list
}

func gaugeOf(label, explain, asked string, m Measure, after string) gauge {
	g := gauge{Label: label, Explain: explain, Unit: fmt.Sprintf("%g", m.Scale/1000)}
	thousandth := func(x float64) string { return fmt.Sprintf("%.1f", 1000*min(max(x, 0), 1)) }
	g.Bars = append(g.Bars, meter{"today", m.NowText, thousandth(m.Now), m.NowMissed, m.Now < 0})
	if m.After >= 0 {
		g.Bars = append(g.Bars, meter{after, m.AfterText, thousandth(m.After), m.AfterMissed, m.AfterUnknown})
	}
	if m.Asked >= 0 {
		g.Asked, g.AskedText = thousandth(m.Asked), asked+" "+m.AskedText
	}
	return g
}

// A note explains a safeguard.
type note struct {
	ID, Name, What, Why, How string
}

func (w *whatIf) notes() []note {
	var list []note
	for _, s := range w.review.Adviser.Knowledge.Safeguards {
		list = append(list, note{s.ID, s.Name, s.What, s.Why, s.How})
	}
	slices.SortFunc(list, func(a, b note) int { return cmp.Compare(a.Name, b.Name) })
	return list
}
