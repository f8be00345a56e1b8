package custom

import (
	"time"

	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// A measured is the evidence of an operation.
type measured struct {
	Source      string        `expr:"source"`
	From        string        `expr:"from"` // days, as 2026-11-20
	To          string        `expr:"to"`
	Calls       int           `expr:"calls"`
	Mean        float64       `expr:"mean"` // rates are per second
	Peak        float64       `expr:"peak"`
	P50         time.Duration `expr:"p50"`
	P95         time.Duration `expr:"p95"`
	P99         time.Duration `expr:"p99"`
	Errors      float64       `expr:"errors"` // shares are from 0 to 1
	Waited      float64       `expr:"waited"`
	Retried     float64       `expr:"retried"`
	PerRequest  int           `expr:"per_request"`
	Parallel    float64       `expr:"parallel"`
	TimedOut    float64       `expr:"timed_out"`
	GaveUp      time.Duration `expr:"gave_up"`
	Queued      time.Duration `expr:"queued"`
	Processing  time.Duration `expr:"processing"`
	Consumers   int           `expr:"consumers"`
	Redelivered float64       `expr:"redelivered"`
	Polled      bool          `expr:"polled"`
	Troubled    int           `expr:"troubled"`
	Spread      float64       `expr:"spread"`
}

func measuredOf(e *manifest.Evidence) measured {
	if e == nil {
		return measured{}
	}
	return measured{
		e.Source.Value, day(e.From), day(e.To), e.Calls.Value, e.Mean.Value, e.Peak.Value, e.P50.Value, e.P95.Value, e.P99.Value,
		e.Errors.Value, e.Waited.Value, e.Retried.Value, e.PerRequest.Value, e.Parallel.Value, e.TimedOut.Value, e.GaveUp.Value,
		e.Queued.Value, e.Processing.Value, e.Consumers.Value, e.Redelivered.Value, e.Polled.Value, e.Troubled.Value, e.Spread.Value,
	}
}

func day(f manifest.Field[time.Time]) string {
	if !f.Set() {
		return ""
	}
	return f.Value.Format(time.DateOnly)
}

// evidenceFacts are the facts of the evidence for given.
func evidenceFacts(known map[string]func(s *lint.Subject) bool) {
	known["evidence"] = func(s *lint.Subject) bool { return s.Evidence != nil }
	for name, set := range map[string]func(e *manifest.Evidence) bool{
		"source": func(e *manifest.Evidence) bool { return e.Source.Set() }, "from": func(e *manifest.Evidence) bool { return e.From.Set() },
		"to": func(e *manifest.Evidence) bool { return e.To.Set() }, "calls": func(e *manifest.Evidence) bool { return e.Calls.Set() },
		"mean": func(e *manifest.Evidence) bool { return e.Mean.Set() }, "peak": func(e *manifest.Evidence) bool { return e.Peak.Set() },
		"p50": func(e *manifest.Evidence) bool { return e.P50.Set() }, "p95": func(e *manifest.Evidence) bool { return e.P95.Set() },
		"p99": func(e *manifest.Evidence) bool { return e.P99.Set() }, "errors": func(e *manifest.Evidence) bool { return e.Errors.Set() },
		"waited": func(e *manifest.Evidence) bool { return e.Waited.Set() }, "retried": func(e *manifest.Evidence) bool { return e.Retried.Set() },
		"per_request": func(e *manifest.Evidence) bool { return e.PerRequest.Set() }, "parallel": func(e *manifest.Evidence) bool { return e.Parallel.Set() },
		"timed_out": func(e *manifest.Evidence) bool { return e.TimedOut.Set() }, "gave_up": func(e *manifest.Evidence) bool { return e.GaveUp.Set() },
		"queued": func(e *manifest.Evidence) bool { return e.Queued.Set() }, "processing": func(e *manifest.Evidence) bool { return e.Processing.Set() },
		"consumers": func(e *manifest.Evidence) bool { return e.Consumers.Set() }, "redelivered": func(e *manifest.Evidence) bool { return e.Redelivered.Set() },
		"polled": func(e *manifest.Evidence) bool { return e.Polled.Set() }, "troubled": func(e *manifest.Evidence) bool { return e.Troubled.Set() },
		"spread": func(e *manifest.Evidence) bool { return e.Spread.Set() },
	} {
		known["evidence."+name] = func(s *lint.Subject) bool { return s.Evidence != nil && set(s.Evidence) }
	}
}
