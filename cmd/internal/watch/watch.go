// Package watch tells of files that change in folders.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quiet is for how long nothing must change before changes are told: an editor writes a
// file in several steps, and git many files at a time.
const quiet = 60 * time.Millisecond

// latest is how long after the first change all are told, even when more come.
const latest = time.Second

// MostFolders is how many folders are watched: systems allow so many, not more.
const MostFolders = 50_000

// A Root is a folder to watch, alone or with all that is below it.
type Root struct {
	Dir   string // absolute
	Below bool
}

// A Watcher watches folders.
type Watcher struct {
	events *fsnotify.Watcher
	skip   func(name string) bool
	deep   map[string]bool // folders below which all is watched
	count  int
}

// Changes are what changed since the last time.
type Changes struct {
	Paths []string // sorted
	All   bool     // more changed than the system could tell
}

// New watches folders. Folders below them are left out when skip says so of their names;
// one that can't be looked into is left out, too.
func New(roots []Root, skip func(name string) bool) (*Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching folders: %w", err)
	}
	w := &Watcher{events: events, skip: skip, deep: map[string]bool{}}
	for _, r := range roots {
		if r.Below {
			err = w.tree(r.Dir)
		} else {
			err = w.add(r.Dir)
		}
		if err != nil {
			events.Close()
			return nil, err
		}
	}
	return w, nil
}

// Close ends the watch.
func (w *Watcher) Close() error { return w.events.Close() }

// Folders returns how many folders are watched.
func (w *Watcher) Folders() int { return len(w.events.WatchList()) }

func (w *Watcher) add(dir string) error {
	if w.count++; w.count > MostFolders {
		return fmt.Errorf("watching folders: there are more than %d; name fewer", MostFolders)
	}
	if err := w.events.Add(dir); err != nil {
		return fmt.Errorf("watching %s: %w", dir, err)
	}
	return nil
}

// tree watches a folder and all below it.
func (w *Watcher) tree(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == root:
			return err
		case err != nil:
			return fs.SkipDir // it went, or can't be looked into
		case !d.IsDir():
			return nil
		case path != root && w.skip(d.Name()):
			return fs.SkipDir
		}
		w.deep[path] = true
		if err := w.add(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// Next waits until files change that are wanted, and a little longer for more. The error
// is that of the context, or says that the watch is over.
func (w *Watcher) Next(ctx context.Context, wanted func(path string) bool) (Changes, error) {
	var c Changes
	var done, end <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return Changes{}, ctx.Err()
		case <-done:
			return c.sorted(), nil
		case <-end:
			return c.sorted(), nil
		case e, ok := <-w.events.Events:
			if !ok {
				return Changes{}, errors.New("watching has stopped")
			}
			if !w.take(e, wanted, &c) {
				continue
			}
		case err, ok := <-w.events.Errors:
			if !ok {
				return Changes{}, errors.New("watching has stopped")
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return Changes{}, fmt.Errorf("watching folders: %w", err)
			}
			c.All = true
		}
		done = time.After(quiet)
		if end == nil {
			end = time.After(latest)
		}
	}
}

// take takes in an event, and reports whether it counts. A new folder is watched, and what
// it holds already counts.
func (w *Watcher) take(e fsnotify.Event, wanted func(string) bool, c *Changes) bool {
	if e.Op == fsnotify.Chmod {
		return false
	}
	before := len(c.Paths)
	if wanted(e.Name) {
		c.Paths = append(c.Paths, e.Name)
	}
	if w.deep[filepath.Dir(e.Name)] && e.Has(fsnotify.Create) && !w.skip(filepath.Base(e.Name)) {
		if info, err := os.Lstat(e.Name); err == nil && info.IsDir() {
			_ = w.tree(e.Name) // what can't be watched is no worse than before
			_ = filepath.WalkDir(e.Name, func(path string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() && wanted(path) {
					c.Paths = append(c.Paths, path)
				}
				return nil
			})
		}
	}
	if w.deep[e.Name] && (e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename)) {
		delete(w.deep, e.Name)
		c.All = true // with all that it held
	}
	return len(c.Paths) > before || c.All
}

func (c Changes) sorted() Changes {
	slices.Sort(c.Paths)
	c.Paths = slices.Compact(c.Paths)
	return c
}
