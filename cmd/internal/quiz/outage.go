package quiz

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/manifest"
	"waitornot/decide/practice"
	"waitornot/decide/simulate"
)

// Outages says how cards show an outage of their callee. The zero value shows none.
type Outages struct {
	Chance func(step int) simulate.Chance // the same for every card
	ASCII  bool                           // the terminal shows no other characters
}

// outage shows what users go through while the callee of a card is down, with the caller
// waiting and with the work handed over. A card that doesn't say enough shows nothing.
func (b *Wording) outage(p Writer, c *practice.Card) string {
	if b.Outages.Chance == nil {
		return ""
	}
	o, ok := c.Outage(context.Background(), b.Outages.Chance)
	if !ok {
		return ""
	}
	detached := decide.Async
	if c.Verdict == decide.Hybrid {
		detached = decide.Hybrid
	}
	return p.item("outage", fmt.Sprintf("What happens to users if the callee is down for %s? Simulated, assuming %s requests a second and a timeout of %s:",
		manifest.FormatDuration(practice.OutageLength), text.Number(practice.OutageRate), manifest.FormatDuration(o.Timeout))) +
		p.spark("  sync", o.Waiting.Curve[:], 1, "succeed", b.Outages.ASCII) +
		p.item("", waitingText(&o.Waiting)) +
		p.spark("  "+detached.String(), o.Detached.Curve[:], float64(o.Detached.Most), "wait", b.Outages.ASCII) +
		p.item("", detachedText(c, &o.Detached))
}

// waitingText says what users go through whose caller waits.
func waitingText(l *practice.OutageRun) string {
	return fmt.Sprintf("%s succeed; the others wait %s for an error, up to %d at a time.", text.Percent(rounded(l.Success)), about(l.Answer), roundly(l.Most))
}

// detachedText says what users go through whose caller hands the work over.
func detachedText(c *practice.Card, l *practice.OutageRun) string {
	words := fmt.Sprintf("%s are accepted right away. About %d messages wait", text.Percent(rounded(l.Success)), roundly(l.Most))
	if l.Recovered >= 0 {
		words += fmt.Sprintf("; they're done %s after the outage", about(l.Recovered))
	}
	words += "."
	if c.Verdict == decide.Sync && l.Result > 0 {
		words += fmt.Sprintf(" But half of the results take %s or longer, and the caller can't continue without them.", about(l.Result))
	}
	return words
}

// rounded leaves whole percents of a share.
func rounded(share float64) float64 { return math.Round(100*share) / 100 }

// roundly leaves two digits of a count.
func roundly(n int) int {
	unit := 1
	for n/unit >= 100 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}

// about leaves about two digits of a time.
func about(d time.Duration) string {
	for _, unit := range []time.Duration{10 * time.Second, time.Second, 100 * time.Millisecond, 10 * time.Millisecond} {
		if d >= 10*unit {
			d = d.Round(unit)
			break
		}
	}
	return manifest.FormatDuration(d.Round(time.Millisecond))
}

// sparkWidth is how many columns a curve takes.
const sparkWidth = 40

// spark draws a curve between 0 and most in one line, and says what rises in it.
func (p Writer) spark(name string, curve []float64, most float64, rises string, ascii bool) string {
	levels := []rune("▁▂▃▄▅▆▇█")
	if ascii {
		levels = []rune("_.-~=+*#")
	}
	columns := min(sparkWidth, max(8, p.Width-2-label-len(rises)-1))
	var line strings.Builder
	for i := range columns {
		from, to := i*len(curve)/columns, (i+1)*len(curve)/columns
		sum := 0.0
		for _, y := range curve[from:to] {
			sum += y
		}
		at := sum / float64(max(1, to-from)) / math.Max(most, 1e-9)
		line.WriteRune(levels[min(max(int(math.Round(at*float64(len(levels)-1))), 0), len(levels)-1)])
	}
	return "  " + p.Paint(term.Bold, term.Pad(name, label)) + line.String() + " " + p.Paint(term.Faint, rises) + "\n"
}
