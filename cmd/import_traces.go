package cmd

import (
	"context"
	"fmt"
	"strings"

	"waitornot/cmd/internal/collect"
	"waitornot/cmd/internal/text"
	"waitornot/decide/evidence"
	kinds "waitornot/decide/evidence/source"
	"waitornot/decide/evidence/trace"
)

// A sourceKind is a kind of source as help, completion and errors list it.
type sourceKind struct{ name, doc string }

// sourceKinds are all kinds: those of files that are read as a whole, and traces, which
// are read as streams.
func sourceKinds() []sourceKind {
	var list []sourceKind
	for _, k := range kinds.Kinds() {
		list = append(list, sourceKind{k.Name, k.Doc})
	}
	return append(list, sourceKind{collect.KindTraces, "OTLP (JSON, protobuf), Jaeger, Zipkin JSON; plain, gzip, or zstd"})
}

// otherSources are what sources show that are no files to be read as a whole.
type otherSources struct {
	services  []evidence.Service
	sightings []evidence.Sighting
	names     []string
}

// traces reads the sources that are traces, and asks engines. It returns the other
// arguments, with the standard input that they shall read.
func (o *importOptions) traces(ctx context.Context, dir, kind string, args []string) (found otherSources, t *collect.Traces, rest []string, err error) {
	t = &collect.Traces{Dir: dir, Kind: kind, Stdin: o.streams.In}
	if rest, err = t.Sort(ctx, args); err != nil {
		return otherSources{}, t, rest, err
	}
	if err := o.engines(ctx, &found); err != nil {
		return otherSources{}, t, nil, err
	}
	if t.Empty() && o.live.jaeger == "" && o.live.listen == "" {
		return found, t, rest, nil
	}
	t.Prepare()
	defer t.Close()
	memory := earlyCollection{kept: o.streams.Env("GOGC") != ""}
	memory.see(frugalFrom)
	defer memory.restore()
	result, err := o.spans(ctx, t)
	switch {
	case err != nil:
		return otherSources{}, t, nil, err
	case result.Report.Spans == 0 && (len(rest) == 0 || o.live.jaeger != "" || o.live.listen != ""):
		return otherSources{}, t, nil, fmt.Errorf("%s: no spans found", strings.Join(t.Names(), ", "))
	case result.Report.Spans == 0: // what else there is may be enough
		o.note(strings.Join(t.Names(), ", "), "no spans found")
		return found, t, rest, nil
	}
	found.services = append(found.services, result.Services...)
	found.sightings = append(found.sightings, result.Sightings...)
	found.names = append(found.names, t.Names()...)
	return found, t, rest, nil
}

// spans takes spans from everywhere and joins them.
func (o *importOptions) spans(ctx context.Context, t *collect.Traces) (*trace.Result, error) {
	progress := o.streams.ProgressText(func() string { return readingLine(t.Progress()) })
	err := t.Read(ctx)
	if err == nil && o.live.jaeger != "" {
		err = o.fetch(ctx, t)
	}
	progress.Stop()
	if err == nil && o.live.listen != "" {
		err = o.receive(ctx, t)
		ctx = context.WithoutCancel(ctx)
	}
	if err != nil {
		return nil, err
	}
	result, err := t.Result(ctx)
	if err != nil {
		return nil, err
	}
	o.report(&result.Report)
	return result, nil
}

// readingLine says how far reading is.
func readingLine(read, total, spans int64) string {
	line := "reading " + sizeText(read)
	if total > 0 {
		line += fmt.Sprintf(" of %s (%d %%)", sizeText(total), min(read*100/total, 100))
	}
	return line + ", " + text.Count(int(spans), "span")
}

// sizeText writes a number of bytes with three digits.
func sizeText(n int64) string {
	unit, size := "B", float64(n)
	for _, next := range []string{"kB", "MB", "GB", "TB"} {
		if size < 1000 {
			break
		}
		unit, size = next, size/1000
	}
	return fmt.Sprintf("%.3g %s", size, unit)
}

// report says what of the traces could not be used.
func (o *importOptions) report(r *trace.Report) {
	for _, f := range r.Faults {
		place := f.Source
		if f.Line > 0 {
			place = fmt.Sprintf("%s:%d", f.Source, f.Line)
		}
		o.note(place, f.Reason)
	}
	if more := int(r.Broken) - len(r.Faults); more > 0 {
		fmt.Fprintf(o.streams.Err, "and %s more that can't be read\n", text.Count(more, "piece"))
	}
	line := text.Count(int(r.Spans), "span")
	if r.Orphans > 0 {
		line += fmt.Sprintf("; %s came from callers whose spans are missing, and aren't counted", text.Count(int(r.Orphans), "call"))
	}
	fmt.Fprintln(o.streams.Err, line)
}
