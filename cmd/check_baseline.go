package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/lint"
)

func (x *checkContext) readBaseline(ctx context.Context) error {
	if x.baseline == "" {
		x.places = placesOf(x.dir, x.refs, "")
		return nil
	}
	path := absolute(x.dir, x.baseline)
	x.places = placesOf(x.dir, x.refs, withoutLinks(filepath.Dir(path)))
	x.known = baselineAt(path, x.places)
	var err error
	x.stored, err = parseBaseline(ctx, path, x.known)
	switch {
	case errors.Is(err, fs.ErrNotExist) && x.write:
		x.isNew = true
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w; --write-baseline makes one", x.baseline, plainError(err))
	case err != nil:
		return fmt.Errorf("%s: %w", x.baseline, plainError(err))
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
func (x *checkContext) writeBaseline(ctx context.Context, r *lint.Result) error {
	if !x.write && !x.shrink {
		return nil
	}
	if len(r.Broken)+len(r.Unreadable) > 0 {
		x.say("%s is not written, because not all manifests could be read", x.baseline)
		return nil
	}
	if list := r.Acceptable(); x.write && len(list) > 0 {
		if !x.isNew {
			x.say("%s is not written: it would grow by %d, and a baseline only shrinks; delete it to start over", x.baseline, len(list))
			x.refused = true
			return nil
		}
		x.known.Accept(r, list)
	}
	x.known.Shrink(r.Baseline.Fixed)
	err := x.globals.disk(ctx).Update(absolute(x.dir, x.baseline), func(old []byte) ([]byte, error) {
		if string(old) != string(x.stored) {
			return nil, fmt.Errorf("%s was changed while the manifests were checked; nothing was written, run the command again", x.baseline)
		}
		return x.known.Format(), nil
	})
	if err != nil {
		return err
	}
	if n := len(r.Baseline.Fixed); n > 0 {
		x.say("%s: removed %d that %s fixed", x.baseline, n, are(n))
	}
	r.Baseline.Fixed = nil
	return nil
}

// verdict adds what the baseline says to the end of a run.
func (x *checkContext) verdict(r *lint.Result) error {
	if x.strictBaseline && len(r.Baseline.Fixed) > 0 {
		n := len(r.Baseline.Fixed)
		x.say("%s lists %d that %s fixed; --shrink removes fixed ones", x.baseline, n, are(n))
		return errFindings
	}
	if x.refused {
		return errFindings
	}
	return nil
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
