package importview

import (
	"fmt"
	"io"
	"strings"
	"time"

	"waitornot/cmd/internal/markup"
	"waitornot/decide/evidence"
)

// WriteJSON writes a system as a JSON document.
func WriteJSON(w io.Writer, sys *evidence.System) error {
	return markup.WriteJSON(w, jsonSystemOf(sys))
}

// The shape of the JSON of import.
type (
	jsonSystem struct {
		Version    int               `json:"version"`
		Services   []jsonService     `json:"services"`
		Operations []jsonInteraction `json:"operations"`
	}
	jsonService struct {
		Name    string  `json:"name"`
		Role    string  `json:"role"`
		Product *string `json:"product"` // null when it isn't known
		Owner   *string `json:"owner"`   // null when it isn't known
		Place   string  `json:"place"`
	}
	jsonInteraction struct {
		Caller string   `json:"caller"`
		Callee string   `json:"callee"`
		Name   *string  `json:"name"` // null where only the edge is known
		Seen   []string `json:"seen"`

		Measured *jsonMeasured `json:"measured"` // null when nothing was
	}
)

// jsonSystemOf turns what was found into its shape.
func jsonSystemOf(sys *evidence.System) jsonSystem {
	optional := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	out := jsonSystem{1, []jsonService{}, []jsonInteraction{}}
	for _, s := range sys.Services {
		out.Services = append(out.Services, jsonService{s.Name, s.Role.String(), optional(s.Product), optional(s.Owner), fmt.Sprintf("%s:%d", s.Source, s.Line)})
	}
	for _, op := range sys.Operations {
		j := jsonInteraction{Caller: op.Caller, Callee: op.Callee, Name: optional(op.Name), Seen: []string{}, Measured: jsonMeasuredOf(op.Measured)}
		for _, s := range op.Seen {
			j.Seen = append(j.Seen, strings.TrimSpace(place(&s)+" "+s.Shows))
		}
		out.Operations = append(out.Operations, j)
	}
	return out
}

// The shape of what was measured in the JSON of import. Durations are milliseconds,
// shares are from 0 to 1.
type jsonMeasured struct {
	Source      string   `json:"source"`
	From        string   `json:"from"`
	To          string   `json:"to"`
	Calls       int64    `json:"calls"`
	Mean        float64  `json:"mean_per_second"`
	Peak        float64  `json:"peak_per_second"`
	P50         float64  `json:"p50_ms"`
	P95         float64  `json:"p95_ms"`
	P99         float64  `json:"p99_ms"`
	Errors      float64  `json:"errors"`
	Waited      *float64 `json:"waited"` // null when the source can't tell
	Attempts    float64  `json:"attempts"`
	PerRequest  float64  `json:"per_request"`
	Parallel    float64  `json:"parallel"`
	TimedOut    float64  `json:"timed_out"`
	GaveUp      float64  `json:"gave_up_ms"`
	Queued      float64  `json:"queued_p99_ms"`
	Processing  float64  `json:"processing_p99_ms"`
	Consumers   int      `json:"consumers"`
	Redelivered float64  `json:"redelivered"`
	Polled      bool     `json:"polled"`
	Troubled    int64    `json:"troubled"`
	Spread      *float64 `json:"spread"` // null when no request was troubled
}

func jsonMeasuredOf(m *evidence.Measured) *jsonMeasured {
	if m == nil {
		return nil
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	j := &jsonMeasured{
		m.Source, m.From.Format(time.RFC3339), m.To.Format(time.RFC3339), m.Calls, m.Mean, m.Peak, ms(m.P50), ms(m.P95), ms(m.P99),
		m.Errors, nil, m.Attempts, m.PerRequest, m.Parallel, m.TimedOut, ms(m.GaveUp), ms(m.Queued), ms(m.Processing),
		m.Consumers, m.Redelivered, m.Polled, m.Troubled, nil,
	}
	if m.Waited != evidence.NotMeasured {
		j.Waited = &m.Waited
	}
	if m.Troubled > 0 {
		j.Spread = &m.Spread
	}
	return j
}
