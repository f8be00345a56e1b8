package cmd

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/findings"
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
		Short: "List the waived findings, and until when each is waived",
		Long: "Lists the waivers in all manifests, those that expire first at the top: how long each is valid, which\n" +
			"rule it waives for which operation, who decided it, and why. check warns about waivers that expire\n" +
			"within two weeks, and reports expired ones as errors.",
		Example: "  waitornot waivers\n" +
			"  waitornot waivers --within 30 services/\n" +
			"  waitornot waivers --format json",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.run(c.Context())
		},
	}
	formatVar(c, &o.format, findings.WaiverFormats())
	c.Flags().IntVar(&o.within, "within", -1, "list only waivers that have expired or expire within this many `DAYS`")
	o.policyFlags.add(c)
	return c
}

func (o *waiversOptions) run(ctx context.Context) error {
	now := today(o.streams)
	p, kept, err := readProject(ctx, o.globals, &o.policyFlags, o.paths, lint.Options{}, func(op project.Operation) []findings.Waiver { return waiversOf(op, now) })
	if err != nil {
		return err
	}
	o.complainOf(p)
	rows := slices.Concat(kept...)
	rows = slices.DeleteFunc(rows, func(r findings.Waiver) bool { return o.within >= 0 && r.Days > o.within })
	slices.SortStableFunc(rows, func(a, b findings.Waiver) int { return cmp.Compare(a.Until, b.Until) })
	if err := writePage(ctx, formatNamed(findings.WaiverFormats(), o.format), o.streams.Out, rows, o.layout()); err != nil {
		return err
	}
	return readError(p.Result)
}

// waiversOf returns the waivers of an operation that are whole.
func waiversOf(op project.Operation, now time.Time) []findings.Waiver {
	var rows []findings.Waiver
	for i := range op.Waivers {
		w := &op.Waivers[i]
		if !w.Until.Set() {
			continue // check reports it
		}
		name := op.Name.Value
		if service := op.Document.Service.Value; service != "" {
			name = service + "/" + name
		}
		rows = append(rows, findings.Waiver{
			Until: text.Day(w.Until.Value), Days: daysUntil(w.Until.Value, now), Rule: w.Rule.Value, Operation: name,
			Owner: w.Owner.Value, Reason: w.Reason.Value, File: op.Document.File, Line: w.Range.Start.Line,
		})
	}
	return rows
}

// daysUntil returns how many days a day is away.
func daysUntil(day, now time.Time) int { return int((day.Unix() - now.Unix()) / (24 * 60 * 60)) }

// announcedDays is how many days ahead check announces that a waiver expires.
const announcedDays = 14

// announce says which waivers that are in use expire soon.
func announce(w io.Writer, waived []lint.Waived, now time.Time) {
	var first time.Time
	seen := map[string]bool{}
	for i := range waived {
		until := waived[i].Waiver.Until.Value
		if days := daysUntil(until, now); days < 0 || days > announcedDays {
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
		fmt.Fprintf(w, "waitornot: %s %s on %s; 'waitornot waivers --within %d' lists them\n", text.Count(len(seen), "waiver"), verb, first.Format(time.DateOnly), announcedDays)
	}
}
