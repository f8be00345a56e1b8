// Package prometheus takes evidence from Prometheus: grouping and quantiles run there,
// and one row for each edge comes back. The queries stand in files of their own.
package prometheus

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waitornot/cmd/internal/collect/endpoint"
	"waitornot/decide"
	"waitornot/decide/evidence"
)

//go:embed queries/*.promql
var files embed.FS

// families are the files, in the order in which they are asked.
var families = []string{"service_graph", "istio", "http_client", "span_metrics"}

// A family is a set of metrics that some instrumentation writes.
type family struct {
	name           string
	caller, callee string // labels
	operation      string // the label of the operation's name, if there is one
	kind           string // the label that tells messages from calls, if there is one
	unit           time.Duration
	queries        map[string]string
}

// parse reads a file of queries: lines that begin with # and a word of familyKey say
// which labels mean what, and ## begins a query.
func parse(name string) (*family, error) {
	text, err := files.ReadFile("queries/" + name + ".promql")
	if err != nil {
		return nil, err
	}
	f := &family{name: name, unit: time.Second, queries: map[string]string{}}
	head, rest, _ := strings.Cut(string(text), "\n## ")
	for line := range strings.Lines(head) {
		switch key, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), " "); key {
		case "caller":
			f.caller = value
		case "callee":
			f.callee = value
		case "name":
			f.operation = value
		case "kind":
			f.kind = value
		case "unit":
			f.unit = time.Millisecond
		}
	}
	for part := range strings.SplitSeq(rest, "\n## ") {
		figure, query, _ := strings.Cut(part, "\n")
		f.queries[figure] = strings.TrimSpace(query)
	}
	return f, nil
}

// window writes a duration as PromQL does.
func window(since time.Duration) string { return strconv.Itoa(int(since.Seconds())) + "s" }

func fill(query string, since time.Duration) string {
	return strings.ReplaceAll(query, "$window", window(since))
}

// Queries returns all queries as they would be sent.
func Queries(since time.Duration) (string, error) {
	var b strings.Builder
	for _, name := range families {
		text, err := files.ReadFile("queries/" + name + ".promql")
		if err != nil {
			return "", err
		}
		b.WriteString(fill(string(text), since))
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String()) + "\n", nil
}

// Measure asks for all that is known of calls since the given time before now.
func Measure(ctx context.Context, e *endpoint.Endpoint, since time.Duration, now time.Time) ([]evidence.Sighting, error) {
	var list []evidence.Sighting
	for _, name := range families {
		f, err := parse(name)
		if err != nil {
			return nil, err
		}
		found, err := f.measure(ctx, e, since, now)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	if len(list) == 0 {
		return nil, errors.New("it has no metrics from the service graph or span metrics connectors, from Istio, or from HTTP clients; --print-query shows the queries, and --since sets how far back to look")
	}
	return list, nil
}

// A row is one edge while its figures come in.
type row struct {
	labels  map[string]string
	figures map[string]float64
}

func (f *family) measure(ctx context.Context, e *endpoint.Endpoint, since time.Duration, now time.Time) ([]evidence.Sighting, error) {
	rows := map[string]*row{}
	for _, figure := range slices.Sorted(maps.Keys(f.queries)) { // calls come first
		samples, err := f.ask(ctx, e, fill(f.queries[figure], since), now)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", figure, f.name, err)
		}
		for _, s := range samples {
			key := fmt.Sprintf("%q", []string{s.labels[f.caller], s.labels[f.callee], s.labels[f.operation], s.labels[f.kind]})
			if rows[key] == nil {
				rows[key] = &row{s.labels, map[string]float64{}}
			}
			rows[key].figures[figure] = s.value
		}
		if figure == "calls" && len(samples) == 0 {
			return nil, nil
		}
	}
	var list []evidence.Sighting
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		if s, ok := f.sighting(rows[key], e.Name(), since, now); ok {
			list = append(list, s)
		}
	}
	return list, nil
}

// sighting makes evidence of a row, if it has calls and says whose.
func (f *family) sighting(r *row, source string, since time.Duration, now time.Time) (evidence.Sighting, bool) {
	calls := r.figures["calls"]
	callee, caller, text := service(r.labels[f.callee]), service(r.labels[f.caller]), r.labels[f.operation]
	if !(calls >= 1) || callee == "" || f.caller != "" && caller == "" {
		return evidence.Sighting{}, false
	}
	m := &evidence.Measured{
		Source: "prometheus", From: now.Add(-since).UTC(), To: now.UTC(), Calls: int64(math.Round(min(calls, math.MaxInt64/2))),
		Mean: calls / since.Seconds(), Errors: share(r.figures["failed"] / calls), Waited: evidence.NotMeasured,
		P50: f.duration(r, "p50"), P95: f.duration(r, "p95"), P99: f.duration(r, "p99"),
	}
	if m.Peak = m.Mean; r.figures["peak"] > m.Mean {
		m.Peak = r.figures["peak"]
	}
	s := evidence.Sighting{
		Caller: caller, Callee: callee, Name: evidence.OperationName(text), Text: text, Source: source, Measured: m,
		Shows: f.name, Offered: caller == "",
	}
	if r.labels[f.kind] == "messaging_system" {
		s.Kind, s.Mode, m.Waited = "event", decide.Async, 0
	}
	return s, true
}

// share keeps a part of a whole between 0 and 1; what is no number is none.
func share(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}

// service cuts the namespace off a job's name, and what Istio writes for nobody.
func service(label string) string {
	if label == "unknown" || label == "user" {
		return ""
	}
	return label[strings.LastIndexByte(label, '/')+1:]
}

// duration returns a quantile; nothing when there are no buckets, or when it lies in
// the last one, which has no end.
func (f *family) duration(r *row, figure string) time.Duration {
	v, ok := r.figures[figure]
	if !ok || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 || v*float64(f.unit) > math.MaxInt64/2 {
		return 0
	}
	return time.Duration(v * float64(f.unit))
}

// A sample is one value of an answer.
type sample struct {
	labels map[string]string
	value  float64
}

// ask runs a query at a time.
func (f *family) ask(ctx context.Context, e *endpoint.Endpoint, query string, now time.Time) ([]sample, error) {
	form := url.Values{"query": {query}, "time": {strconv.FormatInt(now.Unix(), 10)}}
	answer, err := e.Ask(ctx, "/api/v1/query", nil, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	return samplesOf(answer, f.caller, f.callee, f.operation, f.kind)
}

// samplesOf reads an answer, and keeps the labels that are named.
func samplesOf(answer io.Reader, labels ...string) ([]sample, error) {
	var status, failed string
	var list []sample
	rows := endpoint.ReadRows(answer)
	err := rows.Object(func(key string) error {
		switch key {
		case "status":
			return rows.Decode(&status)
		case "error":
			return rows.Decode(&failed)
		case "data":
			return rows.Object(func(key string) error {
				if key != "result" {
					return rows.Decode(new(json.RawMessage))
				}
				return rows.List(func() error {
					s, err := sampleOf(rows, labels)
					if !math.IsNaN(s.value) && !math.IsInf(s.value, 0) { // a rate of nothing, or a bucket without an end
						list = append(list, s)
					}
					return err
				})
			})
		}
		return rows.Decode(new(json.RawMessage))
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("can't read its response: %w", err)
	case status != "success":
		return nil, errors.New(cmp.Or(failed, "it returned an unsuccessful response"))
	}
	return list, nil
}

// sampleOf reads a sample with the labels that are named.
func sampleOf(rows *endpoint.Rows, labels []string) (sample, error) {
	var r struct {
		Metric map[string]string
		Value  [2]json.RawMessage
	}
	if err := rows.Next(&r); err != nil {
		return sample{}, err
	}
	text, err := strconv.Unquote(string(r.Value[1]))
	if err != nil {
		return sample{}, fmt.Errorf("a value isn't a string: %.40s", r.Value[1])
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return sample{}, fmt.Errorf("a value isn't a number: %.40q", text)
	}
	s := sample{make(map[string]string, len(labels)), v}
	for _, label := range labels {
		if value := r.Metric[label]; value != "" {
			s.labels[label] = value
		}
	}
	return s, nil
}
