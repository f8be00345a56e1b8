package knowledge

import (
	_ "embed"
	"fmt"

	"waitornot/decide"
	"waitornot/decide/practice"
)

//go:embed interview.yaml
var interviewFile []byte

// LoadCoach reads what a spoken answer should hold, and what interviewers ask next.
func LoadCoach() (*practice.Coach, error) {
	var file struct {
		Points []struct {
			ID, Label string
			Terms     map[string][]string
		}
		Probes []struct {
			ID, Ask, Answer string
			Verdicts        []string
		}
	}
	if err := decodeStrict(interviewFile, &file); err != nil {
		return nil, fmt.Errorf("interview.yaml: %w", err)
	}
	c, seen := &practice.Coach{}, ids{}
	for _, p := range file.Points {
		point := practice.Point{ID: p.ID, Label: p.Label}
		for name, terms := range p.Terms {
			for _, v := range decide.Verdicts() {
				if name == "any" || name == v.String() {
					point.Terms[v] = append(point.Terms[v], terms...)
				}
			}
		}
		if err := first(identified(p.ID, p.Label), seen.add(p.ID)); err != nil {
			return nil, fmt.Errorf("interview.yaml: %w", err)
		}
		c.Points = append(c.Points, point)
	}
	for _, p := range file.Probes {
		probe := practice.Probe{ID: p.ID, Ask: p.Ask, Answer: p.Answer}
		for _, name := range p.Verdicts {
			v, err := verdictOf(name)
			if err != nil {
				return nil, fmt.Errorf("interview.yaml: %s: %w", p.ID, err)
			}
			probe.Verdicts |= decide.SetOf(v)
		}
		if err := first(identified(p.ID, p.Ask), seen.add(p.ID)); err != nil {
			return nil, fmt.Errorf("interview.yaml: %w", err)
		}
		c.Probes = append(c.Probes, probe)
	}
	return c, nil
}
