package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/text"
	"waitornot/decide/lint"
)

func (x *checkScope) readBaseline(ctx context.Context) error {
	if x.baseline == "" {
		x.places = placesOf(x.dir, x.refs, "")
		return nil
	}
	path := absolute(x.dir, x.baseline)
	if x.write || x.shrink {
		if err := disk.Replaceable(path); err != nil {
			return fmt.Errorf("%s: %w", x.baseline, err)
		}
	}
	x.places = placesOf(x.dir, x.refs, withoutLinks(filepath.Dir(path)))
	x.known = baselineAt(path, x.places)
	var err error
	x.stored, err = parseBaseline(ctx, path, x.known)
	switch {
	case errors.Is(err, fs.ErrNotExist) && x.write:
		x.isNew = true
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w; --write-baseline creates it", x.baseline, disk.Plain(err))
	case err != nil:
		return fmt.Errorf("%s: %w", x.baseline, disk.Plain(err))
	}
	return nil
}

// baselineAt returns the empty baseline of a file, for a run whose manifests lie in places.
func baselineAt(path string, places *places) *lint.BaselineFile {
	home := withoutLinks(filepath.Dir(path))
	return &lint.BaselineFile{
		Baseline: &lint.Baseline{},
		Name:     func(file string) string { return relative(home, places.path(file)) },
		Exists: func(name string) bool {
			_, err := os.Stat(absolute(home, filepath.FromSlash(name)))
			return !errors.Is(err, fs.ErrNotExist)
		},
	}
}

// parseBaseline fills a baseline from its file, and returns what that holds.
func parseBaseline(ctx context.Context, path string, into *lint.BaselineFile) ([]byte, error) {
	data, err := disk.ReadNamed(ctx, path)
	if err != nil {
		return data, err
	}
	parsed, err := lint.ParseBaseline(data)
	if err != nil {
		return data, err
	}
	into.Baseline = parsed
	return data, nil
}

// writeBaseline writes the baseline when that is wanted.
func (x *checkScope) writeBaseline(ctx context.Context, r *lint.Result) error {
	if !x.write && !x.shrink {
		return nil
	}
	if len(r.Broken)+len(r.Unreadable) > 0 {
		x.say("%s wasn't written, because some manifests couldn't be read", x.baseline)
		return nil
	}
	if list := r.Acceptable(); x.write && len(list) > 0 {
		if !x.isNew {
			x.say("%s wasn't written: it would grow by %d, and a baseline only shrinks; delete it to start over", x.baseline, len(list))
			x.refused = true
			return nil
		}
		x.known.Accept(r, list)
	}
	x.known.Shrink(r.Baseline.Fixed)
	err := x.globals.disk(ctx).Update(absolute(x.dir, x.baseline), func(old []byte) ([]byte, error) {
		if string(old) != string(x.stored) {
			return nil, fmt.Errorf("%s changed during the check; nothing was written, so run the command again", x.baseline)
		}
		return x.known.Format(), nil
	})
	if err != nil {
		return err
	}
	if n := len(r.Baseline.Known); x.isNew {
		x.say("wrote %s: it accepts %s, and from now on only new ones count", x.baseline, text.Count(n, "finding"))
	}
	if n := len(r.Baseline.Fixed); n > 0 {
		x.say("%s: removed %d that %s fixed", x.baseline, n, isOrAre(n))
	}
	r.Baseline.Fixed = nil
	return nil
}

// outgrown reports whether the baseline fails the run, and says so: it lists what is fixed,
// or would have grown.
func (x *checkScope) outgrown(r *lint.Result) bool {
	if x.strictBaseline && len(r.Baseline.Fixed) > 0 {
		n := len(r.Baseline.Fixed)
		x.say("%s lists %d that %s fixed; --shrink removes what is fixed", x.baseline, n, isOrAre(n))
		return true
	}
	return x.refused
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
