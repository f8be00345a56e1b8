// Package clickhouse takes evidence from the otel_traces table of the OpenTelemetry
// exporter: joining, grouping and quantiles run there, and one row for each operation
// comes back.
package clickhouse

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"waitornot/cmd/internal/collect/endpoint"
	"waitornot/decide"
	"waitornot/decide/evidence"
)

// Query is the query as it is sent; ClickHouse fills in what stands in braces.
//
//go:embed calls.sql
var Query string

// A row is a line of the answer. Times are nanoseconds, shares are from 0 to 1.
type row struct {
	Caller, Callee, Name, Broker, Channel string
	Calls, First, Last                    float64
	Took                                  [3]float64 `json:"took_ns"`
	Queued                                float64    `json:"queued_ns"`
	Handled                               float64    `json:"handled_ns"`
	Failed                                float64    `json:"failed_share"`
	Waited                                float64    `json:"waited_share"`
	Busiest                               float64    `json:"busiest_minute"`
}

// Measure runs the query for the time since before now. The parameters database and
// table of the URL say where the spans are; without them otel_traces.
func Measure(ctx context.Context, e *endpoint.Endpoint, since time.Duration, now time.Time) ([]evidence.Sighting, error) {
	table := e.Parameter("table")
	if table == "" {
		table = "otel_traces"
	}
	values := url.Values{
		"param_table": {table},
		"param_from":  {strconv.FormatInt(now.Add(-since).UnixNano(), 10)},
		"param_to":    {strconv.FormatInt(now.UnixNano(), 10)},
	}
	if d := e.Parameter("database"); d != "" {
		values.Set("database", d)
	}
	header := http.Header{}
	if user, password := e.Credentials(); user != "" {
		header.Set("X-ClickHouse-User", user)
		header.Set("X-ClickHouse-Key", password)
	}
	answer, err := e.Ask(ctx, "/", values, strings.NewReader(Query), header)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	list, err := read(answer, e.Name(), since)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%s has no spans that call one another; --since sets how far back to look", table)
	}
	return list, err
}

// read reads an answer: a row a line.
func read(answer io.Reader, source string, since time.Duration) ([]evidence.Sighting, error) {
	var list []evidence.Sighting
	for rows := endpoint.ReadRows(answer); ; {
		var r row
		if err := rows.Next(&r); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("can't read its response: %w", err)
		}
		if r.Calls >= 1 && r.Callee != "" {
			list = append(list, r.sighting(source, since))
		}
	}
}

// whole turns a number of an answer into one that an integer holds; what is none, is 0.
func whole(x float64) int64 {
	if !(x > 0) {
		return 0
	}
	return int64(min(x, math.MaxInt64/2))
}

func share(x float64) float64 { return max(0, min(1, x)) }

func (r *row) sighting(source string, since time.Duration) evidence.Sighting {
	m := &evidence.Measured{
		Source: "clickhouse", From: time.Unix(0, whole(r.First)).UTC(), To: time.Unix(0, whole(r.Last)).UTC(), Calls: whole(r.Calls),
		Mean: r.Calls / since.Seconds(), Errors: share(r.Failed), Waited: share(r.Waited),
		P50: time.Duration(whole(r.Took[0])), P95: time.Duration(whole(r.Took[1])), P99: time.Duration(whole(r.Took[2])),
	}
	m.Peak = max(m.Mean, r.Busiest/60)
	s := evidence.Sighting{
		Caller: r.Caller, Callee: r.Callee, Name: evidence.OperationName(r.Name), Text: r.Name, Source: source, Measured: m,
		Broker: r.Broker, Channel: r.Channel, Shows: "otel_traces",
	}
	switch {
	case r.Broker != "":
		s.Kind, s.Mode = "event", decide.Async
		m.Queued, m.Processing = time.Duration(whole(r.Queued)), time.Duration(whole(r.Handled))
	case r.Waited >= .95:
		s.Mode = decide.Sync
	case r.Waited <= .05:
		s.Mode = decide.Async
	}
	return s
}
