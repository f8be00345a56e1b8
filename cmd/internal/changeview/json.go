package changeview

import (
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/change"
	"waitornot/decide/manifest"
)

// The shape of a difference in JSON.
type (
	differenceDocument struct {
		Version    int                `json:"version"`
		Operations []differenceChange `json:"operations"`
		Parts      []differencePart   `json:"parts"`
		Summary    map[string]int     `json:"summary"` // operations by kind, and unchanged
	}
	differenceChange struct {
		Operation string             `json:"operation"`
		Kind      string             `json:"kind"`
		Before    *differenceSide    `json:"before"` // null when it was added
		After     *differenceSide    `json:"after"`  // null when it was removed
		Answers   []differenceAnswer `json:"answers"`
		Facts     []string           `json:"facts"`
		Values    []differenceValue  `json:"values"`
	}
	differencePart struct {
		Part   string            `json:"part"` // service, journey or broker
		Name   string            `json:"name"`
		Kind   string            `json:"kind"`
		Before *differencePlace  `json:"before"` // null when it was added
		After  *differencePlace  `json:"after"`  // null when it was removed
		Facts  []string          `json:"facts"`
		Values []differenceValue `json:"values"`
	}
	differencePlace struct {
		File string `json:"file"`
		Line uint32 `json:"line"`
	}
	differenceSide struct {
		Operation string   `json:"operation"`
		File      string   `json:"file"`
		Line      uint32   `json:"line"`
		Verdict   string   `json:"verdict"`
		Rows      []string `json:"rows"`
		Why       string   `json:"why"`
		Mode      *string  `json:"mode"` // null when it is not declared
	}
	differenceValue struct {
		Key  string  `json:"key"`  // as a path: retry.attempts
		From *string `json:"from"` // null when it wasn't set, or is a list of mappings
		To   *string `json:"to"`
	}
	differenceAnswer struct {
		Question string `json:"question"`
		From     string `json:"from"`
		To       string `json:"to"`
	}
)

func differenceJSON(w *markup.Writer, d *change.Difference, _ term.Layout) {
	doc := differenceDocument{Version: markup.JSONVersion, Operations: []differenceChange{}, Parts: []differencePart{}, Summary: map[string]int{
		kindAdded: 0, kindRemoved: 0, kindRenamed: 0, kindFlipped: 0, kindChanged: 0, "unchanged": d.Unchanged,
	}}
	for i := range d.Changes {
		c := &d.Changes[i]
		kind := kindOf(c)
		doc.Summary[kind]++
		item := differenceChange{
			Operation: c.ID(), Kind: kind, Before: sideJSON(c.Before), After: sideJSON(c.After),
			Answers: []differenceAnswer{}, Facts: append([]string{}, c.Facts...), Values: valuesJSON(c.Values),
		}
		for _, a := range c.Answers {
			item.Answers = append(item.Answers, differenceAnswer{a.Question.String(), answerText(a.From), answerText(a.To)})
		}
		doc.Operations = append(doc.Operations, item)
	}
	for i := range d.Parts {
		doc.Parts = append(doc.Parts, partJSON(&d.Parts[i]))
	}
	w.JSON(doc)
}

func partJSON(c *change.PartChange) differencePart {
	kind := kindChanged
	switch {
	case c.Before == nil:
		kind = kindAdded
	case c.After == nil:
		kind = kindRemoved
	}
	place := func(p *change.Part) *differencePlace {
		if p == nil {
			return nil
		}
		return &differencePlace{p.File, p.Range.Start.Line}
	}
	return differencePart{c.Kind.String(), c.ID, kind, place(c.Before), place(c.After), append([]string{}, c.Facts...), valuesJSON(c.Values)}
}

func valuesJSON(changes []manifest.ValueChange) []differenceValue {
	given := func(value string) *string {
		if value == "" {
			return nil
		}
		return &value
	}
	values := []differenceValue{}
	for _, c := range changes {
		values = append(values, differenceValue{c.Path, given(c.From), given(c.To)})
	}
	return values
}

func sideJSON(s *change.Operation) *differenceSide {
	if s == nil {
		return nil
	}
	side := &differenceSide{
		Operation: s.ID(), File: s.File, Line: s.Place().Start.Line,
		Verdict: s.Explanation.Verdict.String(), Rows: []string{},
	}
	for _, r := range s.Explanation.Rows {
		side.Rows = append(side.Rows, r.Name)
	}
	if s.Explanation.Verdict != decide.Undecided {
		side.Why = s.Explanation.Rows[0].Why
	}
	if s.Mode.Set() {
		mode := s.Mode.Value.String()
		side.Mode = &mode
	}
	return side
}
