package adr

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/disk"
)

// An interrupt ends the planning of records and the writing, which leaves nothing behind.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	f := Folder{Dir: filepath.Join(t.TempDir(), "records")}
	s := []*Subject{{Kind: Operation, ID: "shop/pay"}}
	if _, err := f.Plan(ctx, &Writer{}, s, true); !errors.Is(err, context.Canceled) {
		t.Errorf("planning ends with %v", err)
	}
	if _, err := Write(disk.Disk{Context: ctx}, f, &Writer{}, s, true); !errors.Is(err, context.Canceled) {
		t.Errorf("writing ends with %v", err)
	}
	if _, err := os.Stat(f.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is there: %v", err)
	}
}

// All records of a folder together have a limit.
func TestMaxTotal(t *testing.T) {
	t.Parallel()
	f := Folder{Dir: t.TempDir()}
	for _, name := range []string{"0001-a.md", "0002-b.md"} {
		if err := os.WriteFile(filepath.Join(f.Dir, name), []byte("# 12345678\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := f.readAtMost(22); err != nil || len(list) != 2 {
		t.Errorf("at the limit: %d records, %v", len(list), err)
	}
	if _, err := f.readAtMost(21); err == nil || !strings.Contains(err.Error(), "0002-b.md: the records have more than") {
		t.Errorf("above the limit: %v", err)
	}
}
