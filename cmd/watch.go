package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/cmd/internal/watch"
	"waitornot/decide/config"
	"waitornot/decide/glob"
	"waitornot/decide/project"
)

// watchFlags run a command again whenever what it reads changes.
type watchFlags struct{ watch bool }

func (w *watchFlags) add(c *cobra.Command) {
	c.Flags().BoolVar(&w.watch, "watch", false, "run again whenever a manifest or configuration changes; ctrl+c stops")
}

// A watchState is kept by a command that runs again and again over manifests that change.
type watchState struct {
	workspace *project.Workspace // nil when all must be judged again
	settings  project.Settings   // by which the workspace judges
	files     map[string]bool    // names of its files
	changed   map[string]bool    // absolute paths of files that changed since the last run
}

// watching runs a command, and when it is to be watched, again whenever what it reads
// changes: manifests that paths name, configurations, and some other files. What a run
// returns doesn't end the watch, but for a command line that is wrong.
func (w *watchFlags) watching(ctx context.Context, g *globals, paths, others []string, run func(context.Context) error) error {
	if !w.watch {
		return run(ctx)
	}
	if slices.Contains(paths, "-") {
		return usagef("--watch can't follow standard input: name files or folders")
	}
	dir, err := g.folder()
	if err != nil {
		return err
	}
	roots, named := watched(dir, paths, others)
	watcher, err := watch.New(roots, isSkippedFolder)
	if err != nil {
		return err
	}
	defer watcher.Close()
	g.live = &watchState{changed: map[string]bool{}}
	defer func() { g.live = nil }()
	for first := true; ; first = false {
		err := run(ctx)
		if err := g.reportWatched(ctx, err, first); err != nil {
			return err
		}
		if first {
			fmt.Fprintf(g.streams.Err, "waitornot: watching %s; ctrl+c stops\n", text.Count(watcher.Folders(), "folder"))
		}
		changes, err := watcher.Next(ctx, func(path string) bool { return named[path] || isWatched(path) })
		if err != nil {
			return err
		}
		g.live.take(changes, named)
		fmt.Fprintf(g.streams.Err, "\nwaitornot: %s\n", term.Safe(changesText(dir, changes)))
	}
}

// reportWatched writes the error of a run of a watched command, and returns it when it ends the
// watch.
func (g *globals) reportWatched(ctx context.Context, err error, first bool) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil, errors.Is(err, errFindings):
		return nil
	case first && errors.As(err, new(usageError)):
		return err
	}
	fmt.Fprintf(g.streams.Err, "waitornot: %s\n", term.Safe(err.Error()))
	return nil
}

// changesText names what changed.
func changesText(dir string, c watch.Changes) string {
	var names []string
	for _, p := range c.Paths {
		names = append(names, relative(dir, p))
	}
	const most = 3
	switch {
	case len(names) == 0:
		return "folders changed"
	case len(names) > most:
		return fmt.Sprintf("%d files changed: %s, ...", len(names), strings.Join(names[:most], ", "))
	}
	return strings.Join(names, ", ") + " changed"
}

// isWatched reports whether a file may be a manifest or a configuration.
func isWatched(path string) bool {
	base := filepath.Base(path)
	return source.IsManifest(base) || isConfiguration(base)
}

func isConfiguration(base string) bool { return base == config.Name || base == config.OtherName }

// isSkippedFolder reports whether no manifest is looked for in a folder of a name.
func isSkippedFolder(name string) bool { return !source.Found(name + "/waitornot.yaml") }

// watched returns the folders to watch for paths and other files, and the files that count
// whatever their names are.
func watched(dir string, paths, others []string) ([]watch.Root, map[string]bool) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	seen := map[string]int{}
	var roots []watch.Root
	add := func(at string, below bool) {
		if i, known := seen[at]; known {
			roots[i].Below = roots[i].Below || below
			return
		}
		seen[at] = len(roots)
		roots = append(roots, watch.Root{Dir: at, Below: below})
	}
	named := map[string]bool{}
	configured := func(at string) { // a configuration may lie in any folder above
		for top := disk.Top(at); at != top && at != filepath.Dir(at) && top != ""; {
			at = filepath.Dir(at)
			add(at, false)
		}
	}
	for _, p := range paths {
		at := absolute(dir, p)
		info, err := os.Stat(at)
		switch {
		case err == nil && info.IsDir():
			add(at, true)
		case err != nil && strings.ContainsAny(p, "*?[{"):
			base, _ := glob.Split(filepath.ToSlash(p))
			at = absolute(dir, filepath.FromSlash(base))
			add(at, true)
		default:
			named[at] = true
			at = filepath.Dir(at)
			add(at, false)
		}
		configured(at)
	}
	for _, p := range others {
		if p != "" {
			at := absolute(dir, p)
			named[at] = true
			add(filepath.Dir(at), false)
		}
	}
	return roots, named
}

// take notes what changed. All is judged again when it may be more than manifests.
func (l *watchState) take(c watch.Changes, named map[string]bool) {
	for _, p := range c.Paths {
		l.changed[p] = true
		if !source.IsManifest(filepath.Base(p)) {
			l.workspace = nil // a configuration, or a file by which findings count
		}
	}
	if c.All {
		l.workspace = nil
	}
}

// readAgain reads files as project.Read does. A command that is watched judges again only
// those that changed since its last run.
func readAgain[T any](ctx context.Context, g *globals, files []project.File, s project.Settings, keep func(project.Operation) T) (*project.Project, []T, error) {
	l := g.live
	if l == nil {
		return readUntilDone(ctx, files, s, keep)
	}
	if l.workspace == nil || !l.settings.Options.Today.Equal(s.Options.Today) {
		l.workspace, l.settings, l.files = project.NewKeeping(s, keep), s, map[string]bool{}
	}
	there := map[string]bool{}
	for _, f := range files {
		if there[f.Name] = true; !l.files[f.Name] || l.changed[f.Path] {
			l.workspace.Add(f)
		}
	}
	for name := range l.files {
		if !there[name] {
			l.workspace.Remove(name)
		}
	}
	l.files = there
	p, err := interruptible(ctx, func() (*project.Project, error) { return l.workspace.Read(ctx) })
	if err != nil {
		return nil, nil, err
	}
	clear(l.changed)
	return p.Own(), project.Kept[T](p), nil
}
