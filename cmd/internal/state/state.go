// Package state knows where a person's own state lives, and keeps the log of
// their practice there.
package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/practice"
)

// DirVar names the environment variable that moves the state folder.
const DirVar = "WAITORNOT_STATE"

// Dir returns the folder for what the program keeps about its user on the
// system at hand. The environment comes in as env.
func Dir(env func(string) string) (string, error) { return dirOn(runtime.GOOS, env) }

// dirOn returns the folder on a system: $WAITORNOT_STATE, else waitornot below
// $XDG_STATE_HOME, else below the folder that the system means for it.
func dirOn(system string, env func(string) string) (string, error) {
	if dir := env(DirVar); dir != "" {
		return dir, nil
	}
	home := env("HOME")
	bases := [][]string{{env("XDG_STATE_HOME")}}
	switch system {
	case "windows":
		bases = append(bases, []string{env("LocalAppData")})
	case "darwin", "ios":
		bases = append(bases, []string{home, "Library", "Application Support"})
	default:
		bases = append(bases, []string{home, ".local", "state"})
	}
	if dir, ok := below(system, bases, "waitornot"); ok {
		return dir, nil
	}
	return "", fmt.Errorf("no folder for the history: set %s", DirVar)
}

// CacheVar names the environment variable that moves the cache.
const CacheVar = "WAITORNOT_CACHE"

// CacheDir returns the folder for what the program can fetch again, on the system at
// hand. The environment comes in as env.
func CacheDir(env func(string) string) (string, error) { return cacheOn(runtime.GOOS, env) }

// cacheOn returns the folder on a system: $WAITORNOT_CACHE, else waitornot below
// $XDG_CACHE_HOME, else below the folder that the system means for it.
func cacheOn(system string, env func(string) string) (string, error) {
	if dir := env(CacheVar); dir != "" {
		return filepath.Abs(dir)
	}
	home := env("HOME")
	bases := [][]string{{env("XDG_CACHE_HOME")}}
	last := []string{"waitornot"}
	switch system {
	case "windows":
		bases, last = append(bases, []string{env("LocalAppData")}), []string{"waitornot", "cache"}
	case "darwin", "ios":
		bases = append(bases, []string{home, "Library", "Caches"})
	default:
		bases = append(bases, []string{home, ".cache"})
	}
	if dir, ok := below(system, bases, last...); ok {
		return dir, nil
	}
	return "", fmt.Errorf("no folder for a cache: set %s", CacheVar)
}

// below returns the first of several folders whose base is known, with more below it.
func below(system string, bases [][]string, more ...string) (string, bool) {
	for _, b := range bases {
		if b[0] != "" && (filepath.IsAbs(b[0]) || system != runtime.GOOS) { // a relative one is to be ignored
			return filepath.Join(append(b, more...)...), true
		}
	}
	return "", false
}

// A Log is the history of a person's practice: a file that only grows.
type Log struct {
	Path string
	Disk disk.Disk // writes it
}

// Open returns the log in a folder, which a disk writes. The folder need not exist yet.
func Open(dir string, d disk.Disk) *Log { return &Log{filepath.Join(dir, "practice.jsonl"), d} }

// Bytes returns the log as it is; nothing when there is none.
func (l *Log) Bytes() ([]byte, error) {
	data, err := disk.ReadNamed(context.Background(), l.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// Read returns what the log says.
func (l *Log) Read() (*practice.History, error) {
	data, err := l.Bytes()
	if err != nil {
		return nil, err
	}
	h := practice.ReadHistory(data)
	if h.UTF16 {
		return nil, fmt.Errorf("%s: the history is UTF-16: save it as UTF-8", l.Path)
	}
	return h, nil
}

// Append adds events. They are on the disk when it returns.
func (l *Log) Append(events ...practice.Event) error {
	if len(events) == 0 {
		return nil
	}
	var lines bytes.Buffer
	for i := range events {
		line, err := events[i].Line()
		if err != nil {
			return err
		}
		lines.Write(line)
	}
	if err := os.MkdirAll(filepath.Dir(l.Path), 0o700); err != nil {
		return err
	}
	return l.Disk.Append(l.Path, lines.Bytes())
}

// PutAside renames the log, so that the next one starts empty, and returns its
// new name; "" when there is none. Nothing is ever deleted.
func (l *Log) PutAside(now time.Time) (string, error) {
	if _, err := os.Stat(l.Path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	stem := filepath.Join(filepath.Dir(l.Path), "practice-until-"+now.Format("2006-01-02-150405"))
	name := stem + ".jsonl"
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, os.Rename(l.Path, name)
		}
		name = fmt.Sprintf("%s-%d.jsonl", stem, n)
	}
}
