package adr

import (
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
)

// What is written about a plan. Each takes shown, which turns a file of the folder, and ""
// for the folder, into a path as people know it.

// WrittenText says what was done to bring the records up to date; all says that every
// manifest could be read.
func WrittenText(w io.Writer, plan *Plan, all bool, shown func(file string) string) error {
	var out strings.Builder
	for _, c := range plan.Changes {
		what := c.ID
		if what == "" {
			what = "the list of records"
		}
		fmt.Fprintf(&out, "%s %s: %s\n", term.Pad(string(c.Action), len(Superseded)), term.Safe(shown(c.File)), term.Safe(what))
	}
	state := "all up to date"
	if len(plan.Changes) > 0 {
		state = "now up to date"
	}
	switch {
	case !all:
		state = "as far as the manifests could be read"
	case len(plan.Remain) > 0:
		state = "not all up to date"
	}
	fmt.Fprintf(&out, "%s in %s, %s\n", text.Count(plan.Records, "record"), term.Safe(shown("")), state)
	_, err := io.WriteString(w, out.String())
	return err
}

// A Check is a plan of which only what is wrong with the records is written.
type Check struct {
	*Plan
	Shown func(file string) string
}

// CheckFormats returns the formats of a check, the default first.
func CheckFormats() []markup.Format[*Check] {
	return []markup.Format[*Check]{{Name: "text", Page: checkText}, {Name: "json", Page: checkJSON}}
}

// checkText writes the findings, and how many there are of how many decisions.
func checkText(w *markup.Writer, c *Check, l term.Layout) {
	list := c.Findings()
	if err := FindingsText(w, l.Painter, list, c.Shown); err != nil {
		w.Fail(err)
	}
	fmt.Fprintf(w, "%s for %s in %s\n", text.Count(len(list), "finding"), text.Count(c.Decided, "decision"), term.Safe(c.Shown("")))
}

// FindingsText writes findings, one on each line.
func FindingsText(w io.Writer, p term.Painter, list []Finding, shown func(file string) string) error {
	for i := range list {
		f := &list[i]
		if _, err := fmt.Fprintf(w, "%s: %s: %s; %s\n", p.Paint(term.Bold, term.Safe(f.place(shown))), p.Paint(term.Red, f.Kind), term.Safe(f.Message), f.Fix); err != nil {
			return err
		}
	}
	return nil
}

// place returns where a finding points: the record, or the operation that has none.
func (f *Finding) place(shown func(file string) string) string {
	if f.Record != "" {
		return shown(f.Record)
	}
	if f.Place.IsValid() {
		return fmt.Sprintf("%s:%d:%d", f.File, f.Place.Start.Line, f.Place.Start.Column)
	}
	return f.File
}

// The shape of the JSON of adr check.
type (
	jsonRecords struct {
		Version   int                 `json:"version"`
		Folder    string              `json:"folder"`
		Decisions int                 `json:"decisions"`
		Undecided []string            `json:"undecided"`
		Findings  []jsonRecordFinding `json:"findings"`
	}
	jsonRecordFinding struct {
		Kind    string  `json:"kind"`
		Record  *string `json:"record"`  // null when there is none
		Subject *string `json:"subject"` // null for the list of the records
		Place   string  `json:"place"`
		Message string  `json:"message"`
		Fix     string  `json:"fix"`
	}
)

func checkJSON(w *markup.Writer, c *Check, _ term.Layout) {
	out := jsonRecords{1, c.Shown(""), c.Decided, append([]string{}, c.Open...), []jsonRecordFinding{}}
	for _, f := range c.Findings() {
		j := jsonRecordFinding{Kind: f.Kind, Place: f.place(c.Shown), Message: f.Message, Fix: f.Fix}
		if f.Record != "" {
			record := c.Shown(f.Record)
			j.Record = &record
		}
		if f.ID != "" {
			j.Subject = &f.ID
		}
		out.Findings = append(out.Findings, j)
	}
	w.JSON(out)
}
