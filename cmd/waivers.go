package cmd

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/lint"
	"waitornot/decide/project"
)

// waiversOptions are what a run of waivers needs.
type waiversOptions struct {
	*globals
	policyFlags
	paths  []string
	format string
	within int // days; negative for all
}

func newWaivers(g *globals) *cobra.Command {
	o := waiversOptions{globals: g}
	c := &cobra.Command{
		Use:   "waivers [PATH...]",
		Short: "List the findings that are accepted on purpose, and until when",
		Long: "Lists the waivers of all manifests, the ones that expire first at the top: until when each holds,\n" +
			"which rule it waives for which operation, who decided it and why. check announces those that\n" +
			"expire within two weeks, and reports an expired one as an error.",
		Example: "  waitornot waivers\n" +
			"  waitornot waivers --within 30 services/\n" +
			"  waitornot waivers --format json",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.run(c.Context())
		},
	}
	enumVar(c, c.Flags(), &o.format, "format", []string{"text", "json"}, "how to write it")
	c.Flags().IntVar(&o.within, "within", -1, "list only waivers that expire within so many `DAYS`, or have expired")
	o.policyFlags.add(c)
	return c
}

// A waiverRow is a waiver as it's listed.
type waiverRow struct {
	Until     string `json:"until"` // the last day on which it holds
	Days      int    `json:"days"`  // from today; negative when it has expired
	Rule      string `json:"rule"`
	Operation string `json:"operation"`
	Owner     string `json:"owner"`
	Reason    string `json:"reason"`
	File      string `json:"file"`
	Line      uint32 `json:"line"`
}

func (o *waiversOptions) run(ctx context.Context) error {
	now := today(o.streams)
	p, kept, err := readProject(ctx, o.globals, &o.policyFlags, o.paths, lint.Options{}, func(op project.Operation) []waiverRow { return waiversOf(op, now) })
	if err != nil {
		return err
	}
	o.complainOf(p)
	rows := slices.Concat(kept...)
	rows = slices.DeleteFunc(rows, func(r waiverRow) bool { return o.within >= 0 && r.Days > o.within })
	slices.SortStableFunc(rows, func(a, b waiverRow) int { return cmp.Compare(a.Until, b.Until) })
	if o.format == "json" {
		err = waiversJSON(o.streams.Out, rows)
	} else {
		err = o.table(rows)
	}
	if err != nil {
		return err
	}
	return readError(p.Result)
}

// waiversOf returns the waivers of an operation that are whole.
func waiversOf(op project.Operation, now time.Time) []waiverRow {
	var rows []waiverRow
	for i := range op.Waivers {
		w := &op.Waivers[i]
		if !w.Until.Set() {
			continue // check reports it
		}
		name := op.Name.Value
		if service := op.Document.Service.Value; service != "" {
			name = service + "/" + name
		}
		rows = append(rows, waiverRow{
			w.Until.Value.Format(time.DateOnly), daysUntil(w.Until.Value, now), w.Rule.Value, name, w.Owner.Value, w.Reason.Value, op.Document.File, w.Range.Start.Line,
		})
	}
	return rows
}

// daysUntil returns how many days a day is away.
func daysUntil(day, now time.Time) int { return int((day.Unix() - now.Unix()) / (24 * 60 * 60)) }

func waiversJSON(w io.Writer, rows []waiverRow) error {
	if rows == nil {
		rows = []waiverRow{}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Version int         `json:"version"`
		Waivers []waiverRow `json:"waivers"`
	}{1, rows})
}

// table writes the rows in columns, and how many there are.
func (o *waiversOptions) table(rows []waiverRow) error {
	lines := [][]string{{"UNTIL", "", "RULE", "OPERATION", "OWNER"}}
	for _, r := range rows {
		lines = append(lines, []string{r.Until, away(r.Days), term.Safe(r.Rule), term.Safe(r.Operation), term.Safe(r.Owner)})
	}
	var b strings.Builder
	if len(rows) > 0 {
		wide := make([]int, len(lines[0]))
		for _, l := range lines {
			for k, cell := range l {
				wide[k] = max(wide[k], term.Cells(cell))
			}
		}
		for i, l := range lines {
			row := ""
			for k, cell := range l {
				row += term.Pad(cell, wide[k]+2)
			}
			b.WriteString(strings.TrimRight(row, " ") + "\n")
			if i > 0 {
				for _, part := range term.Wrap(term.Safe(rows[i-1].Reason), o.streams.Width(o.streams.Out)-12) {
					b.WriteString("            " + part + "\n")
				}
			}
		}
		b.WriteString("\n")
	}
	b.WriteString(text.Count(len(rows), "waiver") + "\n")
	_, err := io.WriteString(o.streams.Out, b.String())
	return err
}

// away says how far away a day is.
func away(days int) string {
	switch {
	case days < 0:
		return "expired"
	case days == 0:
		return "today"
	}
	return "in " + text.Count(days, "day")
}

// soon is how many days ahead check announces that a waiver expires.
const soon = 14

// announce says which waivers that are in use expire soon.
func announce(w io.Writer, waived []lint.Waived, now time.Time) {
	var first time.Time
	seen := map[string]bool{}
	for i := range waived {
		until := waived[i].Waiver.Until.Value
		if days := daysUntil(until, now); days < 0 || days > soon {
			continue
		}
		seen[fmt.Sprint(waived[i].Finding.File, waived[i].Waiver.Range)] = true
		if first.IsZero() || until.Before(first) {
			first = until
		}
	}
	if len(seen) > 0 {
		verb := "expires"
		if len(seen) > 1 {
			verb = "expire, the first"
		}
		fmt.Fprintf(w, "waitornot: %s %s on %s; 'waitornot waivers --within %d' lists them\n", text.Count(len(seen), "waiver"), verb, first.Format(time.DateOnly), soon)
	}
}
