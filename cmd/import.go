package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/collect"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/term"
	"waitornot/decide/evidence"
	kinds "waitornot/decide/evidence/source"
)

// importOptions are what a run of import needs.
type importOptions struct {
	*globals
	kind      string
	format    string
	write     string
	dryRun    bool
	check     bool
	manifests string
	live      liveOptions
}

// Formats of import.
const (
	importManifest = "manifest"
	importEdges    = "edges"
	importJSON     = "json"
)

func newImport(g *globals) *cobra.Command {
	o := importOptions{globals: g}
	c := &cobra.Command{
		Use:   "import [SOURCE...]",
		Short: "Draft manifests from what runs and describes the system",
		Long: "Reads files and folders that show who calls whom, joins them, and prints a manifest for each\n" +
			"service that calls another. Facts that a source states are filled in; answers that no file can\n" +
			"give stay unknown, with a comment that says what to decide. Stores and brokers are named, but\n" +
			"are no operations.\n\n" +
			kindHelp() + "\n" + liveHelp + "\n" +
			"With --write DIR, each service gets NAME.waitornot.yaml there. A manifest below DIR that declares\n" +
			"the service already gets the operations that it lacks; everything else in it stays as it is.\n" +
			"Running import twice changes nothing. What can't be read is named and left out.",
		Example: "  waitornot import docker-compose.yml\n" +
			"  waitornot import deploy/ api/ --write services/ --dry-run\n" +
			"  helm template shop charts/shop | waitornot import -\n" +
			"  waitornot import deploy/ --check --manifests services/\n" +
			"  waitornot import traces.jsonl.gz --write services/\n" +
			"  waitornot import --listen 127.0.0.1:4318 --for 5m\n" +
			"  waitornot import --prometheus http://localhost:9090 --since 168h",
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
	}
	f := c.Flags()
	names := kindNames()
	enumVar(c, f, &o.kind, "kind", append([]string{"auto"}, names...), "what the sources are, when their content doesn't tell")
	enumVar(c, f, &o.format, "format", []string{importManifest, importEdges, importJSON}, "the output `format`")
	filledVar(f, &o.write, "write", "write the manifests into `DIR`")
	f.BoolVar(&o.dryRun, "dry-run", false, "show as a diff what --write would change, and write nothing")
	f.BoolVar(&o.check, "check", false, "compare with the manifests: end with 1 when operations are seen that none declares")
	filledVar(f, &o.manifests, "manifests", "the manifests that --check compares with, a file or `DIR` (default: the current folder)")
	_ = c.MarkFlagDirname("write")
	o.live.flags(c)
	return c
}

// kindHelp lists the kinds of sources for the help.
func kindHelp() string {
	var b strings.Builder
	for _, k := range sourceKinds() {
		fmt.Fprintf(&b, "  %s %s\n", term.Pad(k.name, 11), k.doc)
	}
	return b.String()
}

func (o *importOptions) run(ctx context.Context, args []string) error {
	switch {
	case o.dryRun && o.write == "":
		return usagef("--dry-run shows what --write would change: say where, with --write DIR")
	case o.check && o.write != "":
		return usagef("--check compares and --write writes: give one of them")
	case o.manifests != "" && !o.check:
		return usagef("--manifests says what --check compares with: give --check too")
	}
	if err := o.live.check(args); err != nil {
		return err
	}
	if o.live.printQuery {
		return o.queries()
	}
	sys, used, err := o.system(ctx, args)
	if err != nil {
		return err
	}
	if o.live.listened { // an interrupt ended that alone
		ctx = context.WithoutCancel(ctx)
	}
	switch {
	case o.check:
		return o.compare(ctx, sys)
	case o.write != "":
		return o.writeAll(ctx, sys, used)
	}
	return o.print(ctx, sys, used)
}

// system reads the sources and joins what they show.
func (o *importOptions) system(ctx context.Context, args []string) (*evidence.System, []string, error) {
	dir, err := o.folder()
	if err != nil {
		return nil, nil, err
	}
	kind := o.kind
	if kind == "auto" {
		kind = ""
	}
	measured, traces, args, err := o.traces(ctx, dir, kind, args)
	if err != nil {
		return nil, nil, err
	}
	if o.live.listened {
		ctx = context.WithoutCancel(ctx)
	}
	c := collect.Collector{Dir: dir, Kind: kind, Skip: traces.Took, Stdin: func() ([]byte, error) {
		return disk.Interruptible(ctx, func() ([]byte, error) { return disk.ReadAtMost(traces.Stdin) })
	}}
	found, err := c.Collect(ctx, args)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range found.Unread {
		o.note(u.Name, u.Err.Error())
	}
	reading := kinds.Read(found.Files)
	for _, f := range reading.Faults {
		place := f.File
		if f.Line > 0 {
			place = fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		o.note(place, f.Why)
	}
	for i := range found.Files {
		if name := found.Files[i].Name; found.Named[name] && !slices.Contains(reading.Used, name) {
			return nil, nil, fmt.Errorf("%s is no source that import knows; --kind says what it is: %s", name, strings.Join(kindNames(), ", "))
		}
	}
	used := slices.Concat(reading.Used, measured.names)
	if len(used) == 0 {
		return nil, nil, fmt.Errorf("%s: found no source; import knows %s", strings.Join(args, ", "), strings.Join(kindNames(), ", "))
	}
	return evidence.Join(slices.Concat(reading.Services, measured.services), slices.Concat(reading.Sightings, measured.sightings)), used, nil
}

func kindNames() []string {
	var names []string
	for _, k := range sourceKinds() {
		names = append(names, k.name)
	}
	return names
}

// note names what could not be read.
func (o *importOptions) note(place, why string) {
	fmt.Fprintf(o.streams.Err, "%s: left out: %s\n", term.Safe(place), term.Safe(why))
}
