package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/collect"
	"waitornot/cmd/internal/collect/clickhouse"
	"waitornot/cmd/internal/collect/endpoint"
	"waitornot/cmd/internal/collect/jaeger"
	"waitornot/cmd/internal/collect/listen"
	"waitornot/cmd/internal/collect/prometheus"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/text"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/trace"
)

// liveOptions are the engines that import asks, and the address at which it is told.
type liveOptions struct {
	listen                         string
	listenFor                      time.Duration
	prometheus, clickhouse, jaeger string
	since                          time.Duration
	printQuery                     bool

	listened bool // an interrupt ended listening, not the run
}

// defaultSince is how far back engines are asked.
const defaultSince = 24 * time.Hour

func (l *liveOptions) flags(c *cobra.Command) {
	f := c.Flags()
	nonEmptyVar(f, &l.listen, "listen", "receive traces over OTLP/HTTP at `ADDR`, such as 127.0.0.1:4318, until ctrl+c")
	f.DurationVar(&l.listenFor, "for", 0, "how long --listen receives traces, such as 5m (default: until ctrl+c)")
	nonEmptyVar(f, &l.prometheus, "prometheus", "query Prometheus at `URL` for calls between services")
	nonEmptyVar(f, &l.clickhouse, "clickhouse", "query ClickHouse at `URL` for the calls in otel_traces")
	nonEmptyVar(f, &l.jaeger, "jaeger", "fetch traces from the Jaeger query service at `URL`")
	f.DurationVar(&l.since, "since", defaultSince, "how far back to query")
	f.Lookup("since").DefValue = "24h"
	f.BoolVar(&l.printQuery, "print-query", false, "print the queries without running them")
}

// liveHelp says what the help tells of engines.
const liveHelp = "Live sources are queried only when you name them. Their credentials come from the environment:\n" +
	"WAITORNOT_PROMETHEUS_TOKEN, or _USER and _PASSWORD; append _FILE to read one from a file. Likewise\n" +
	"for CLICKHOUSE and JAEGER. --listen serves the loopback interface unless ADDR names another.\n"

// named reports whether an engine or an address is given.
func (l *liveOptions) named() bool {
	return l.listen != "" || l.prometheus != "" || l.clickhouse != "" || l.jaeger != ""
}

// check says which flags make no sense together.
func (l *liveOptions) check(args []string) error {
	switch {
	case l.listenFor != 0 && l.listen == "":
		return usagef("--for needs --listen")
	case l.listenFor < 0:
		return usagef("--for %s: expected a duration such as 5m", l.listenFor)
	case l.since < time.Second:
		return usagef("--since %s: expected a duration such as 24h", l.since)
	case len(args) == 0 && !l.named() && !l.printQuery:
		return usagef("name a source: a file, a folder, - for standard input, --listen, --prometheus, --clickhouse, or --jaeger")
	}
	if l.listen != "" {
		if _, err := listen.Address(l.listen); err != nil {
			return usagef("--listen %w", err)
		}
	}
	return nil
}

// queries writes what the engines that are named would be asked, or all of them.
func (o *importOptions) queries() error {
	l := &o.live
	all := l.prometheus == "" && l.clickhouse == "" && l.jaeger == ""
	var parts []string
	if all || l.prometheus != "" {
		text, err := prometheus.Queries(l.since)
		if err != nil {
			return err
		}
		parts = append(parts, text)
	}
	if all || l.clickhouse != "" {
		parts = append(parts, clickhouse.Query)
	}
	if all || l.jaeger != "" {
		now := o.streams.Now()
		parts = append(parts, "GET /api/services\nGET /api/traces?"+jaeger.Query("SERVICE", now.Add(-l.since), now).Encode()+"\n")
	}
	_, err := io.WriteString(o.streams.Out, strings.Join(parts, "\n"))
	return err
}

func (o *importOptions) endpoint(ctx context.Context, engine, url string) (*endpoint.Endpoint, error) {
	e, err := endpoint.New(engine, url, o.streams.Env, func(path string) ([]byte, error) { return disk.ReadNamed(ctx, path) })
	if err != nil {
		return nil, usagef("--%s: %w", engine, err)
	}
	return e, nil
}

// engines asks the engines that are named for what they measured.
func (o *importOptions) engines(ctx context.Context, found *otherSources) error {
	type measure func(context.Context, *endpoint.Endpoint, time.Duration, time.Time) ([]evidence.Sighting, error)
	for _, engine := range []struct {
		name, url string
		measure   measure
	}{{"prometheus", o.live.prometheus, prometheus.Measure}, {"clickhouse", o.live.clickhouse, clickhouse.Measure}} {
		if engine.url == "" {
			continue
		}
		e, err := o.endpoint(ctx, engine.name, engine.url)
		if err != nil {
			return err
		}
		list, err := engine.measure(ctx, e, o.live.since, o.streams.Now())
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
		found.sightings = append(found.sightings, list...)
		found.names = append(found.names, e.Name())
	}
	return nil
}

// fetch adds the traces of a Jaeger.
func (o *importOptions) fetch(ctx context.Context, t *collect.Traces) error {
	e, err := o.endpoint(ctx, "jaeger", o.live.jaeger)
	if err != nil {
		return err
	}
	now := o.streams.Now()
	err = jaeger.Fetch(ctx, e, now.Add(-o.live.since), now, func(answer io.Reader) error { return t.Add(ctx, e.Name(), answer) })
	if err != nil {
		return fmt.Errorf("%s: %w", e.Name(), err)
	}
	t.Also(e.Name())
	return nil
}

// receive takes traces over HTTP until its time is over or somebody interrupts it.
func (o *importOptions) receive(ctx context.Context, t *collect.Traces) error {
	address, err := listen.Address(o.live.listen)
	if err != nil {
		return err
	}
	server, err := listen.Open(address)
	if err != nil {
		return err
	}
	name := server.URL()
	intake := t.Intake(name)
	until := "until ctrl+c"
	if o.live.listenFor > 0 {
		until = "for " + o.live.listenFor.String() + " or " + until
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.live.listenFor)
		defer cancel()
	}
	fmt.Fprintf(o.streams.Err, "listening at %s/v1/traces %s\n", name, until)
	progress := o.streams.ProgressText(func() string {
		_, _, spans := t.Progress()
		return "received " + text.Count(int(spans), "span")
	})
	err = server.Serve(ctx, intake, trace.ErrExport)
	progress.Stop()
	intake.Close()
	o.live.listened = true
	t.Also(name)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
