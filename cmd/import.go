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
	formatted bool // --format was given
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
		Short: "Draft manifests from files and data that describe the running system",
		Long: "Reads files and folders that show who calls whom, merges them, and prints a manifest for each\n" +
			"service that calls another. Facts that a source states are filled in. Answers that no file can give\n" +
			"stay unknown, with a comment that says what to decide. Data stores and brokers are listed, but\n" +
			"aren't operations.\n\n" +
			kindHelp() + "\n" + liveHelp + "\n" +
			"With --write DIR, each service gets DIR/NAME.waitornot.yaml. If a manifest below DIR already declares\n" +
			"the service, it gets the operations that it lacks, and everything else in it stays as it is.\n" +
			"Running import again changes nothing. What can't be read is reported and skipped.",
		Example: "  waitornot import docker-compose.yml\n" +
			"  waitornot import deploy/ api/ --write services/ --dry-run\n" +
			"  helm template shop charts/shop | waitornot import -\n" +
			"  waitornot import deploy/ --check --manifests services/\n" +
			"  waitornot import traces.jsonl.gz --write services/\n" +
			"  waitornot import --listen 127.0.0.1:4318 --for 5m\n" +
			"  waitornot import --prometheus http://localhost:9090 --since 168h",
		RunE: func(c *cobra.Command, args []string) error {
			o.formatted = c.Flags().Changed("format")
			return o.run(c.Context(), args)
		},
	}
	f := c.Flags()
	names := kindNames()
	enumVar(c, f, &o.kind, "kind", append([]string{"auto"}, names...), "the kind of the sources, if it can't be told from their content")
	enumVar(c, f, &o.format, "format", []string{importManifest, importEdges, importJSON}, "the output `format`")
	nonEmptyVar(f, &o.write, "write", "write the manifests into `DIR`")
	f.BoolVar(&o.dryRun, "dry-run", false, "show the changes that --write would make as a diff, without making them")
	f.BoolVar(&o.check, "check", false, "compare with the manifests: exit with 1 if an operation shows up that none of them declares")
	nonEmptyVar(f, &o.manifests, "manifests", "the manifests for --check to compare with, a file or `DIR` (default: the current folder)")
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
		return usagef("--dry-run shows what --write would change, so it needs --write DIR")
	case o.check && o.write != "":
		return usagef("--check compares and --write writes: use only one of them")
	case o.formatted && o.check:
		return usagef("--check has one format: leave out --format")
	case o.formatted && o.write != "":
		return usagef("--write writes manifests: leave out --format")
	case o.manifests != "" && !o.check:
		return usagef("--manifests needs --check")
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
	reading, err := interruptible(ctx, func() (*kinds.Reading, error) { return kinds.Read(found.Files), nil })
	if err != nil {
		return nil, nil, err
	}
	for _, f := range reading.Faults {
		place := f.File
		if f.Line > 0 {
			place = fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		o.note(place, f.Why)
	}
	for i := range found.Files {
		if name := found.Files[i].Name; found.Named[name] && !slices.Contains(reading.Used, name) {
			if slices.ContainsFunc(reading.Faults, func(f kinds.Fault) bool { return f.File == name }) {
				return nil, nil, fmt.Errorf("nothing in %s could be read", name)
			}
			return nil, nil, fmt.Errorf("%s: unknown kind of source; set --kind to one of %s", name, strings.Join(kindNames(), ", "))
		}
	}
	used := slices.Concat(reading.Used, measured.names)
	if len(used) == 0 {
		return nil, nil, fmt.Errorf("%s: no source found; import knows %s", strings.Join(args, ", "), strings.Join(kindNames(), ", "))
	}
	sys, err := interruptible(ctx, func() (*evidence.System, error) {
		return evidence.Join(slices.Concat(reading.Services, measured.services), slices.Concat(reading.Sightings, measured.sightings)), nil
	})
	if err == nil && sys.Cut {
		o.note(used[0], "the interfaces have too many operations for all of their callers; some are left to themselves")
	}
	return sys, used, err
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
	fmt.Fprintf(o.streams.Err, "%s: skipped: %s\n", term.Safe(place), term.Safe(why))
}
