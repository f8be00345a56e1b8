package review

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/graph"
)

// The data with which the page's script works out journeys for other modes, as
// graph.Detached does. Durations are in nanoseconds, negative when they aren't known.
type (
	journeyData struct {
		Steps      []stepData   `json:"steps"`
		Start      []factorData `json:"start"`
		Unresolved int          `json:"lost,omitempty"`
		Budget     int64        `json:"budget"`
		SLO        float64      `json:"slo"`
	}
	stepData struct {
		Operation int        `json:"o"`
		Slot      int        `json:"s"`
		Parent    int        `json:"p"`
		Soft      bool       `json:"f,omitempty"`
		Repeated  bool       `json:"r,omitempty"`
		Joined    int        `json:"j,omitempty"`
		Mode      int        `json:"m"`
		Latency   int64      `json:"l"`
		Accept    int64      `json:"a"`
		Times     int        `json:"n,omitempty"` // when it's more than one
		Waited    factorData `json:"w"`
		Handed    factorData `json:"h"`
		Changed   factorData `json:"t"`
	}
	// factorData is a dependency by its number, its availability, and 1 when that isn't known.
	factorData [3]float64
)

func factorOf(f graph.Factor) factorData {
	d := factorData{float64(f.Dependency), f.Share, 0}
	if f.Unknown {
		d[2] = 1
	}
	return d
}

func (r *Review) journeyData() []journeyData {
	list := []journeyData{}
	for i := range r.Graph.Journeys() {
		j := &r.Graph.Journeys()[i]
		s := r.Graph.Sketch(j)
		d := journeyData{Steps: []stepData{}, Start: []factorData{}, Unresolved: s.Unresolved, Budget: -1, SLO: -1}
		if j.Journey.Budget.Set() {
			d.Budget = int64(j.Journey.Budget.Value)
		}
		if j.SLO.Set() {
			d.SLO = j.SLO.Value
		}
		for _, f := range s.Start {
			d.Start = append(d.Start, factorOf(f))
		}
		for _, x := range s.Steps {
			if x.Times == 1 {
				x.Times = 0 // as most are
			}
			d.Steps = append(d.Steps, stepData{
				int(x.Operation), int(x.Slot), int(x.Parent), x.Soft, x.Repeated, int(x.Joined), int(x.Mode), int64(x.Latency), int64(x.Accept), x.Times,
				factorOf(x.Waited), factorOf(x.Handed), factorOf(x.Changed),
			})
		}
		list = append(list, d)
	}
	return list
}

// planData writes the changes of a journey's plan as the page tries them: 12.3 makes the
// operation 12 hybrid. It is empty when there is no plan.
func (r *Review) planData(journey int) string {
	var parts []string
	for _, c := range r.Plans[journey].Changes {
		if to := c.To.List(); len(to) > 0 {
			parts = append(parts, fmt.Sprintf("%d.%d", c.Operation, to[0]))
		}
	}
	return strings.Join(parts, " ")
}

// journeyOf returns the journey that a finding stands in, or -1.
func (r *Review) journeyOf(f *Remark) int {
	return slices.IndexFunc(r.Graph.Journeys(), func(j graph.Journey) bool { return j.Holds(f.File, f.Range) })
}
