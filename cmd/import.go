package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/collect"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
	kinds "waitornot/decide/evidence/source"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
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

// print writes what was found to standard output.
func (o *importOptions) print(ctx context.Context, sys *evidence.System, used []string) error {
	out := untilDone{ctx, o.streams.Out}
	switch o.format {
	case importEdges:
		for i := range sys.Operations {
			if _, err := fmt.Fprintln(out, edgeLine(&sys.Operations[i])); err != nil {
				return err
			}
		}
		return nil
	case importJSON:
		return markup.WriteJSON(out, jsonSystemOf(sys))
	}
	services := draft.Services(sys)
	for i := range services {
		if i > 0 {
			if _, err := fmt.Fprintln(out, "---"); err != nil {
				return err
			}
		}
		if _, err := out.Write(services[i].Manifest(used)); err != nil {
			return err
		}
	}
	o.sum(sys, services)
	return nil
}

func edgeLine(op *evidence.Operation) string {
	caller := op.Caller
	if caller == "" {
		caller = draft.Client
	}
	line := term.Safe(caller) + " -> " + term.Safe(op.Callee)
	if op.Name != "" {
		line += " " + term.Safe(op.Name)
	}
	for _, s := range op.Seen {
		line += fmt.Sprintf("  %s %s", term.Safe(place(&s)), term.Safe(s.Shows))
	}
	return strings.TrimRight(line, " ")
}

// place says where something was seen.
func place(s *evidence.Sighting) string {
	if s.Line == 0 {
		return s.Source
	}
	return fmt.Sprintf("%s:%d", s.Source, s.Line)
}

// sum says what came of the sources.
func (o *importOptions) sum(sys *evidence.System, services []draft.Service) {
	operations := 0
	for i := range services {
		operations += len(services[i].Operations)
	}
	fmt.Fprintf(o.streams.Err, "%s among %s, in %s\n", text.Count(operations, "operation"), text.Count(participants(sys), "service"), text.Count(len(services), "manifest"))
}

// participants counts the services that are declared, call or are called.
func participants(sys *evidence.System) int {
	names := map[string]bool{}
	for i := range sys.Services {
		names[sys.Services[i].Name] = true
	}
	for i := range sys.Operations {
		names[sys.Operations[i].Caller], names[sys.Operations[i].Callee] = true, true
	}
	delete(names, "")
	return len(names)
}

// A present is a manifest that is there.
type present struct {
	ref      source.Ref
	data     []byte
	services []string // of its documents
}

// declared reads the manifests at a path.
func (o *importOptions) declared(ctx context.Context, path string) ([]present, []draft.Declared, error) {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, []string{path})
	if err != nil {
		return nil, nil, err
	}
	var files []present
	var list []draft.Declared
	for _, ref := range refs {
		src, err := ref.Open()
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", ref.Name, err)
		}
		file, operations := manifest.Read(src, manifest.Options{})
		if file.Broken {
			return nil, nil, fmt.Errorf("%s can't be read to its end: waitornot check says why", ref.Name)
		}
		p := present{ref: ref, data: src.Data}
		for _, d := range file.Documents {
			p.services = append(p.services, d.Service.Value)
		}
		files = append(files, p)
		for i := range operations {
			op := &operations[i]
			list = append(list, draft.Declared{
				Service: op.Service, Name: op.Name.Value, Caller: op.From(), Callee: op.Callee.Value,
				File: ref.Name, Line: int(op.Place().Start.Line),
			})
		}
	}
	return files, list, nil
}

// compare says what the manifests lack and what the sources don't show.
func (o *importOptions) compare(ctx context.Context, sys *evidence.System) error {
	path := o.manifests
	if path == "" {
		path = "."
	}
	_, declared, err := o.declared(ctx, path)
	if err != nil {
		return err
	}
	c := draft.Compare(sys, declared)
	p := o.painter()
	missing := 0
	for _, s := range c.Missing {
		for i := range s.Operations {
			op := &s.Operations[i]
			missing++
			first := op.Seen[0]
			fmt.Fprintf(o.streams.Out, "%s: %s: %s calls %s, and no manifest declares it; add %s, or run import --write\n",
				p.Paint(term.Bold, term.Safe(place(&first))), p.Paint(term.Red, "not declared"),
				term.Safe(s.Name), term.Safe(op.Callee), term.Safe(s.Name+"/"+draft.NameOf(op)))
		}
	}
	for _, d := range c.Unseen {
		fmt.Fprintf(o.streams.Out, "%s: %s: no source shows that %s calls %s for %s; delete it if it is gone\n",
			p.Paint(term.Bold, fmt.Sprintf("%s:%d", term.Safe(d.File), d.Line)), p.Paint(term.Yellow, "not seen"),
			term.Safe(d.Caller), term.Safe(d.Callee), term.Safe(d.Name))
	}
	fmt.Fprintf(o.streams.Err, "%s not declared, %d not seen\n", text.Count(missing, "operation"), len(c.Unseen))
	if c.Beyond > 0 {
		fmt.Fprintf(o.streams.Err, "not compared, because the sources say nothing of their callers: %s\n", text.Count(c.Beyond, "declared operation"))
	}
	if missing > 0 {
		return errFindings
	}
	return nil
}

// A change is a manifest as it is and as it will be.
type manifestChange struct {
	path, name    string
	before, after []byte
	added         int // operations
	refreshed     int // operations whose evidence changed
}

// does says what the change is.
func (c *manifestChange) does() string {
	var parts []string
	if c.added > 0 {
		parts = append(parts, text.Count(c.added, "operation"))
	}
	if c.refreshed > 0 {
		parts = append(parts, "new evidence of "+text.Count(c.refreshed, "operation"))
	}
	return strings.Join(parts, ", ")
}

// writeAll brings the manifests below a folder up to date.
func (o *importOptions) writeAll(ctx context.Context, sys *evidence.System, used []string) error {
	base, err := o.folder()
	if err != nil {
		return err
	}
	dir := absolute(base, o.write)
	var there []present
	var declared []draft.Declared
	switch info, err := os.Stat(dir); {
	case err == nil && !info.IsDir():
		return usagef("--write %s: it is a file; name a folder", o.write)
	case err == nil:
		if there, declared, err = o.declared(ctx, o.write); err != nil {
			return err
		}
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s: %w", o.write, plainError(err))
	}
	c := draft.Compare(sys, declared)
	changes, err := refreshed(c.Measured, there)
	if err != nil {
		return err
	}
	if changes, err = o.changes(changes, dir, c.Missing, there, used); err != nil {
		return err
	}
	for i := range changes {
		c := &changes[i]
		if o.dryRun {
			if err := showDiff(untilDone{ctx, o.streams.Out}, o.painter(), c.name, c.before, c.after); err != nil {
				return err
			}
			continue
		}
		if err := o.put(ctx, c); err != nil {
			return err
		}
		fmt.Fprintf(o.streams.Out, "wrote %s: %s\n", term.Safe(c.name), c.does())
	}
	if len(changes) == 0 {
		fmt.Fprintln(o.streams.Err, "every operation that the sources show is declared, with what was measured of it: nothing to write")
	}
	return nil
}

// refreshed returns the manifests with what was measured now of their operations, those
// in which that changes anything.
func refreshed(measured []draft.Measured, there []present) ([]manifestChange, error) {
	var list []manifestChange
	for _, p := range there {
		var m *edit.Manifest
		c := manifestChange{path: p.ref.Path(), name: p.ref.Name, before: p.data}
		for _, d := range measured {
			if d.File != p.ref.Name || c.path == "" {
				continue
			}
			var err error
			if m == nil {
				if m, err = edit.Parse(p.data); err != nil {
					return nil, fmt.Errorf("%s: %w", p.ref.Name, err)
				}
			}
			doc := slices.Index(m.Services(), d.Service)
			if doc < 0 || !m.Has(doc, d.Name) {
				continue
			}
			next, err := m.SetMapping(doc, d.Name, manifest.EvidenceKey, draft.Facts(d.Evidence))
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", p.ref.Name, d.Name, err)
			}
			if next != m {
				c.refreshed++
				m = next
			}
		}
		if c.refreshed > 0 {
			c.after = m.Bytes()
			list = append(list, c)
		}
	}
	return list, nil
}

// changes returns what to write: an addition where a manifest declares the service, a
// new file elsewhere.
func (o *importOptions) changes(list []manifestChange, dir string, missing []draft.Service, there []present, used []string) ([]manifestChange, error) {
	taken := map[string]bool{}
	for i := range missing {
		s := &missing[i]
		if c, ok, err := addTo(list, there, s); err != nil {
			return nil, err
		} else if ok {
			list = c
			continue
		}
		path := filepath.Join(dir, draft.FileName(s.Name))
		for n := 2; taken[path] || exists(path); n++ {
			path = filepath.Join(dir, draft.FileName(fmt.Sprintf("%s-%d", s.Name, n)))
		}
		taken[path] = true
		base, err := o.folder()
		if err != nil {
			return nil, err
		}
		list = append(list, manifestChange{path: path, name: relative(base, path), after: s.Manifest(used), added: len(s.Operations)})
	}
	return list, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// addTo adds the operations of a service to the manifest that declares it. It reports
// false when none does.
func addTo(list []manifestChange, there []present, s *draft.Service) ([]manifestChange, bool, error) {
	for _, p := range there {
		if p.ref.Path() == "" || serviceIn(p.services, s.Name) < 0 {
			continue
		}
		at := slices.IndexFunc(list, func(c manifestChange) bool { return c.path == p.ref.Path() })
		if at < 0 {
			list = append(list, manifestChange{path: p.ref.Path(), name: p.ref.Name, before: p.data, after: p.data})
			at = len(list) - 1
		}
		m, err := edit.Parse(list[at].after)
		if err != nil {
			return nil, false, fmt.Errorf("%s: %w", p.ref.Name, err)
		}
		doc := serviceIn(m.Services(), s.Name)
		if doc < 0 {
			return nil, false, fmt.Errorf("%s: the document of %s can't be found", p.ref.Name, s.Name)
		}
		for _, e := range s.Entries() {
			if e.Caller == s.Name {
				e.Caller = "" // the document's own service, as it spells it
			}
			e.Name = unused(m, doc, e.Name)
			if m, err = m.Add(doc, e); err != nil {
				return nil, false, fmt.Errorf("%s: %w", p.ref.Name, err)
			}
			list[at].added++
		}
		list[at].after = m.Bytes()
		return list, true, nil
	}
	return list, false, nil
}

// serviceIn returns which of the services of documents a name means, or -1: the one
// that is called so, or else the one that differs in spelling only.
func serviceIn(services []string, name string) int {
	if i := slices.Index(services, name); i >= 0 {
		return i
	}
	return slices.IndexFunc(services, func(s string) bool { return s != "" && evidence.Alike(s) == evidence.Alike(name) })
}

// unused returns the name, with a number behind it when an operation has it already.
func unused(m *edit.Manifest, doc int, name string) string {
	free := name
	for n := 2; m.Has(doc, free); n++ {
		free = fmt.Sprintf("%s-%d", name, n)
	}
	return free
}

// put writes one manifest, unless somebody changed it meanwhile.
func (o *importOptions) put(ctx context.Context, c *manifestChange) error {
	if err := os.MkdirAll(filepath.Dir(c.path), 0o777); err != nil {
		return fmt.Errorf("%s: %w", c.name, plainError(err))
	}
	return o.disk(ctx).Update(c.path, func(old []byte) ([]byte, error) {
		if !bytes.Equal(old, c.before) {
			return nil, fmt.Errorf("%s was changed meanwhile; nothing is written", c.name)
		}
		return c.after, nil
	})
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
