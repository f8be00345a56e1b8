package advice

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Measured says what was measured that bears on a question: "p99 740ms over 12,345 calls,
// 2026-11-20 to 2026-11-26". It is empty when nothing was.
func Measured(e *manifest.Evidence, q decide.Question) string {
	if e == nil || e.Calls.Value <= 0 {
		return ""
	}
	over := fmt.Sprintf(" over %s%s", manifest.FormatCount(int64(e.Calls.Value), "call"), window(e))
	share := manifest.FormatShare
	switch q {
	case decide.Immediacy:
		if e.Polled.Value {
			return "acknowledged right away and polled for its state later," + over
		}
		if e.Waited.Set() {
			return "the caller waited in " + share(e.Waited.Value) + " of calls," + over
		}
	case decide.Retryability:
		if e.Retried.Set() {
			return share(e.Retried.Value) + " of attempts were retries," + over
		}
	case decide.Latency:
		return latencyMeasured(e, over)
	case decide.Coupling:
		if e.Troubled.Value > 0 && e.Spread.Set() {
			return fmt.Sprintf("of %s in which the callee failed or was slow, %s also failed or were slow for the caller%s",
				manifest.FormatCount(int64(e.Troubled.Value), "request"), share(e.Spread.Value), window(e))
		}
	}
	return ""
}

func latencyMeasured(e *manifest.Evidence, over string) string {
	switch {
	case e.P99.Set():
		return "p99 " + manifest.FormatDuration(e.P99.Value) + over
	case e.Queued.Set() && e.Processing.Set():
		return fmt.Sprintf("p99 %s in the queue plus %s processing%s",
			manifest.FormatDuration(e.Queued.Value), manifest.FormatDuration(e.Processing.Value), over)
	case e.Processing.Set():
		return "p99 " + manifest.FormatDuration(e.Processing.Value) + " processing" + over
	}
	return ""
}

// window names the days that were measured, behind a comma.
func window(e *manifest.Evidence) string {
	if !e.From.Set() || !e.To.Set() {
		return ""
	}
	return ", " + manifest.FormatDays(e.From.Value, e.To.Value)
}
