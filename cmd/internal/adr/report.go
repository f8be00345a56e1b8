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
			what = "the list of the records"
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

// CheckText writes what is wrong with records, and how many there are of how many
// decisions.
func CheckText(w io.Writer, p term.Painter, plan *Plan, shown func(file string) string) error {
	list := plan.Findings()
	if err := FindingsText(w, p, list, shown); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s for %s in %s\n", text.Count(len(list), "finding"), text.Count(plan.Decided, "decision"), term.Safe(shown("")))
	return err
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

// CheckJSON writes what is wrong with records as a JSON document.
func CheckJSON(w io.Writer, plan *Plan, shown func(file string) string) error {
	out := jsonRecords{1, shown(""), plan.Decided, append([]string{}, plan.Open...), []jsonRecordFinding{}}
	for _, f := range plan.Findings() {
		j := jsonRecordFinding{Kind: f.Kind, Place: f.place(shown), Message: f.Message, Fix: f.Fix}
		if f.Record != "" {
			record := shown(f.Record)
			j.Record = &record
		}
		if f.ID != "" {
			j.Subject = &f.ID
		}
		out.Findings = append(out.Findings, j)
	}
	return markup.WriteJSON(w, out)
}
