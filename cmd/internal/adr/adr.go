// Package adr keeps architecture decision records: one file for each decision,
// in a folder that people and other tools write to as well. It owns the part of
// a record between its markers; all else belongs to whoever wrote it.
package adr

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"waitornot/cmd/internal/disk"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/parallel"
)

// A Kind says what a record is about.
type Kind string

// The kinds.
const (
	Operation Kind = "operation"
	Service   Kind = "service"
)

// Kinds lists the kinds, the default first.
func Kinds() []string { return []string{string(Operation), string(Service)} }

// A Subject is what a record decides on: an operation, or the operations of a
// service.
type Subject struct {
	Kind   Kind
	ID     string     // of the operation, or the service's name
	File   string     // the manifest that declares it
	Place  diag.Range // in that file
	Advice []*advice.Advice
}

// Subjects groups advice into the subjects of records, in order. What has no
// name, and what repeats a name, is left out: no record could be found again
// for it.
func Subjects(kind Kind, all []*advice.Advice) []*Subject {
	var list []*Subject
	of := map[string]*Subject{}
	seen := map[string]bool{}
	for _, a := range all {
		if a.Name == "" || seen[a.ID()] {
			continue
		}
		seen[a.ID()] = true
		id := a.ID()
		if kind == Service {
			if id = a.Service; id == "" {
				continue
			}
		}
		s := of[id]
		if s == nil {
			s = &Subject{Kind: kind, ID: id, File: a.File, Place: a.Place}
			of[id] = s
			list = append(list, s)
		}
		s.Advice = append(s.Advice, a)
	}
	return list
}

// choices returns what is decided of the subject.
func (s *Subject) choices() []choice {
	var list []choice
	for _, a := range s.Advice {
		if a.Decided() {
			list = append(list, choice{a.ID(), a.Verdict})
		}
	}
	return list
}

// A Writer is what records are written from.
type Writer struct {
	Adviser *advice.Adviser
	Rule    string                   // code and name of the rule that guards a decision
	Today   time.Time                // the date of what is written
	Status  string                   // of new records: proposed or accepted
	Path    func(file string) string // of a manifest, absolute; "" when it is no file
	dir     string                   // of the records, absolute
	below   string                   // the folder below dir that the record at hand is in
}

// link returns a manifest as Markdown shows it: as a link from the folder of
// the records, which is the same wherever the program is started.
func (w *Writer) link(file string) string {
	path := w.Path(file)
	if path == "" {
		return ""
	}
	rel, err := filepath.Rel(filepath.Join(w.dir, filepath.FromSlash(w.below)), path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("[%s](<%s>)", escape(filepath.Base(path)), target(filepath.ToSlash(rel)))
}

// target makes a path fit for a link between angle brackets.
func target(path string) string { return percentEncoded(path, "<>\\%") }

// linkTarget makes a file name fit for a link.
func linkTarget(file string) string { return percentEncoded(file, "% ()<>\\") }

// percentEncoded writes the bytes of a path that are among those given, and those that can't
// be seen or aren't UTF-8, as URLs do.
func percentEncoded(path, special string) string {
	var b strings.Builder
	for len(path) > 0 {
		r, size := utf8.DecodeRuneInString(path)
		if r == utf8.RuneError && size == 1 || !unicode.IsPrint(r) || strings.ContainsRune(special, r) {
			for i := range size {
				fmt.Fprintf(&b, "%%%02X", path[i])
			}
		} else {
			b.WriteString(path[:size])
		}
		path = path[size:]
	}
	return b.String()
}

// A choice is a verdict that a record states.
type choice struct {
	id      string
	verdict decide.Verdict
}

// flipped returns the first choice of now that the record decided otherwise.
func flipped(before, now []choice) (was, is choice, ok bool) {
	for _, n := range now {
		i := slices.IndexFunc(before, func(c choice) bool { return c.id == n.id })
		if i >= 0 && before[i].verdict != n.verdict {
			return before[i], n, true
		}
	}
	return choice{}, choice{}, false
}

// errMoved says that somebody wrote to a file while it was being worked on.
var errMoved = errors.New("changed by someone else in the meantime; run the command again")

// Write brings the records of the folder up to date, and returns what it did.
// Of several at a time, one works. What cannot be settled without a person
// remains in the plan's findings.
func Write(d disk.Disk, f Folder, w *Writer, subjects []*Subject, gone bool) (*Plan, error) {
	ctx := d.Context
	if ctx == nil {
		ctx = context.Background()
	}
	plan, err := f.Plan(ctx, w, subjects, gone)
	if err != nil || len(plan.Changes) == 0 {
		return plan, err
	}
	if err := os.MkdirAll(f.Dir, 0o777); err != nil {
		return nil, err
	}
	index := indexName(f.Dir)
	err = d.Update(filepath.Join(f.Dir, index), func(old []byte) ([]byte, error) {
		var err error
		if plan, err = f.planAfter(ctx, plan, w, subjects, gone); err != nil {
			return nil, err
		}
		var created, others []*Change
		after := old
		for i := range plan.Changes {
			switch c := &plan.Changes[i]; {
			case c.File == index:
				after = []byte(c.after)
			case c.Action == Created:
				created = append(created, c)
			default:
				others = append(others, c)
			}
		}
		// A record that supersedes another is there before the other says so.
		if err := writeAll(ctx, d, f.Dir, created, sideBySide); err != nil {
			return nil, err
		}
		return after, writeAll(ctx, d, f.Dir, others, 1)
	})
	return plan, err
}

// sideBySide is how many records are written at a time: each waits for the disk.
const sideBySide = 8

// writeAll makes changes, and starts them in order. The error is that of the first that
// failed.
func writeAll(ctx context.Context, d disk.Disk, dir string, changes []*Change, atATime int) error {
	if told := d.Waiting; told != nil {
		var one sync.Mutex
		d.Waiting = func(path string) {
			one.Lock()
			defer one.Unlock()
			told(path)
		}
	}
	errs := make([]error, len(changes))
	parallel.Each(atATime, len(changes), func(i int) bool {
		if errs[i] = ctx.Err(); errs[i] != nil {
			return false
		}
		if err := changes[i].write(d, dir); err != nil {
			errs[i] = fmt.Errorf("%s: %w", changes[i].File, err)
		}
		return errs[i] == nil
	})
	return cmp.Or(errs...)
}

func (c *Change) write(d disk.Disk, dir string) error {
	return d.Update(filepath.Join(dir, filepath.FromSlash(c.File)), func(old []byte) ([]byte, error) {
		if string(old) != c.before || (old == nil) != (c.Action == Created) {
			return nil, errMoved
		}
		return []byte(c.after), nil
	})
}
