package adr

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"waitornot/cmd/internal/disk"
	"waitornot/decide"
)

// A plan holds as long as nothing in the folder changes: no record, and not the page that
// lists them.
func TestPlanHoldsUntilTheFolderChanges(t *testing.T) {
	t.Parallel()
	w, subjects := writer(t)
	f := Folder{Dir: t.TempDir()}
	planned := func(made *Plan) *Plan {
		t.Helper()
		p, err := f.planAfter(context.Background(), made, w, subjects(decide.Yes), true)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	made := planned(nil)
	if planned(made) != made {
		t.Error("a plan of an empty folder does not hold")
	}
	for _, file := range []string{"0001-x.md", "README.md", "0002-y.md", "README.md", "0001-x.md"} {
		path := filepath.Join(f.Dir, file)
		text, _ := os.ReadFile(path)
		write(t, path, string(text)+"# x\n")
		next := planned(made)
		if next == made {
			t.Errorf("a plan holds although %s has changed", file)
		}
		if planned(next) != next {
			t.Errorf("the plan after a change of %s does not hold", file)
		}
		made = next
	}
	if err := os.Remove(filepath.Join(f.Dir, "0002-y.md")); err != nil {
		t.Fatal(err)
	}
	if planned(made) == made {
		t.Error("a plan holds although a record is gone")
	}
}

// Many changes are all written; of several that can't be, the error names the first.
func TestWriteAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var changes []*Change
	for i := range 40 {
		changes = append(changes, &Change{File: fmt.Sprintf("%04d-x.md", i), Action: Created, after: fmt.Sprint(i)})
	}
	if err := writeAll(context.Background(), disk.Disk{}, dir, changes, sideBySide); err != nil {
		t.Fatal(err)
	}
	for i, c := range changes {
		if got := read(t, filepath.Join(dir, c.File)); got != fmt.Sprint(i) {
			t.Errorf("%s has %q", c.File, got)
		}
	}
	if err := os.Remove(filepath.Join(dir, "0000-x.md")); err != nil {
		t.Fatal(err)
	}
	err := writeAll(context.Background(), disk.Disk{}, dir, changes, 1)
	if !errors.Is(err, errMoved) || err.Error() != "0001-x.md: "+errMoved.Error() {
		t.Errorf("the error is %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := writeAll(ctx, disk.Disk{}, t.TempDir(), changes, sideBySide); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interrupt the error is %v", err)
	}
}
