package simview

import (
	"fmt"
	"io"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/graph"
	"waitornot/decide/simulate"
)

// Gains are what the changes of a journey's plan do in outages.
type Gains struct {
	Graph   *graph.Graph
	Journey *graph.Journey
	List    []simulate.Gain // the greatest first
}

// WriteGains writes for people which changes help most in an outage. The error is the
// first that w returned.
func WriteGains(w io.Writer, journeys []Gains, l term.Layout) error {
	b := markup.NewWriter(w)
	t := &texter{Writer: b, Page: &Page{}, Layout: l}
	for _, j := range journeys {
		t.head(term.Safe(j.Graph.JourneyID(j.Journey)) + " in outages, the biggest gain first")
		if len(j.List) == 0 {
			t.line(term.Plain, "  ", "no change to this journey can be simulated in an outage")
		}
		for i := range j.List {
			g := &j.List[i]
			t.line(term.Plain, "  ", fmt.Sprintf("%d. %s: %s", i+1, j.Graph.ID(g.Operation), g.To))
			t.line(term.Faint, "     ", gainText(g))
		}
	}
	return b.Flush()
}

// gainText says what a change does in its outage.
func gainText(g *simulate.Gain) string {
	faster := ""
	if g.Before.Success.Mean > .5 && g.Before.FeltMedian.Known && g.After.FeltMedian.Known { // how soon most fail is no time to compare with
		faster = fmt.Sprintf("the median response takes %s instead of %s", duration(g.After.FeltMedian.Mean), duration(g.Before.FeltMedian.Mean))
	}
	words := Event(&g.Scenario) + ": "
	switch {
	case !g.Saves() && faster != "":
		return words + "as many requests succeed (" + share(g.After.Success) + "), but " + faster
	case faster != "":
		faster = ", " + faster
	}
	return words + share(g.After.Success) + " of the requests succeed instead of " + share(g.Before.Success) + faster
}

// A jsonGain is a change in its outage. plan.schema.json describes it.
type jsonGain struct {
	Operation     string        `json:"operation"`
	To            []string      `json:"to"`
	Callee        string        `json:"callee_down"`
	Length        float64       `json:"length_s"`
	SuccessBefore *jsonEstimate `json:"success_before"`
	SuccessAfter  *jsonEstimate `json:"success_after"`
	MedianBefore  *jsonEstimate `json:"answer_p50_before_s"`
	MedianAfter   *jsonEstimate `json:"answer_p50_after_s"`
}

// JSON returns the gains as the JSON of plans holds them.
func (j *Gains) JSON() any {
	list := make([]jsonGain, 0, len(j.List))
	for i := range j.List {
		g := &j.List[i]
		list = append(list, jsonGain{
			Operation: j.Graph.ID(g.Operation), To: verdicts(g.To), Callee: g.Scenario.Callee, Length: g.Scenario.Length.Seconds(),
			SuccessBefore: estimate(g.Before.Success), SuccessAfter: estimate(g.After.Success),
			MedianBefore: estimate(g.Before.FeltMedian), MedianAfter: estimate(g.After.FeltMedian),
		})
	}
	return list
}

func verdicts(set decide.VerdictSet) []string {
	var names []string
	for _, v := range set.List() {
		names = append(names, v.String())
	}
	return names
}
