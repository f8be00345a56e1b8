package adr

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/disk"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/rules/embedded"
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

// A folder takes first records up to its limits. What has no record then is one finding,
// while those that are there are kept up to date, and replaced when their verdict flips.
func TestMaxRecords(t *testing.T) {
	t.Parallel()
	adviser, err := embedded.Load()
	if err != nil {
		t.Fatal(err)
	}
	subject := func(kind Kind, i int, immediacy decide.Answer) *Subject {
		a := adviser.Advise(&advice.Operation{Service: "shop", Name: fmt.Sprint("op-", i), File: "shop.yaml",
			Answers: decide.Answers{immediacy, decide.Yes, decide.Yes, decide.Yes}})
		return &Subject{Kind: kind, ID: a.ID(), File: a.File, Advice: []*advice.Advice{&a}}
	}
	planOf := func(there int, bytes int, subjects ...*Subject) *planner {
		p := &planner{w: &Writer{Adviser: adviser, Status: "proposed", Path: func(string) string { return "" }},
			of: map[subjectID][]*Record{}, named: map[string]*Record{}, names: namingOf(nil, madr), bytes: bytes}
		for range there {
			p.records = append(p.records, &Record{})
		}
		for _, s := range subjects {
			p.subject(s)
		}
		p.full()
		return p
	}
	a, b, c := subject(Operation, 1, decide.Yes), subject(Operation, 2, decide.Yes), subject(Operation, 3, decide.Yes)
	one := len(planOf(0, 0, a).records[0].raw)
	tests := []struct {
		name         string
		there, bytes int
		created      int
		says         string
	}{
		{"records, below", MaxRecords - 3, 0, 3, ""},
		{"records, above", MaxRecords - 2, 0, 2, "shop/op-3 has no record: the folder is full, at 10000 records or 56 MiB"},
		{"records, long since", MaxRecords + 1, 0, 0, "shop/op-1 and 2 more have no record: the folder is full, at 10000 records or 56 MiB"},
		{"bytes, at the limit", 0, maxFirst - one, 1, "shop/op-2 and 1 more have no record: the folder is full, at 10000 records or 56 MiB"},
		{"bytes, above", 0, maxFirst - one + 1, 0, "shop/op-1 and 2 more have no record: the folder is full, at 10000 records or 56 MiB"},
	}
	for _, tc := range tests {
		p := planOf(tc.there, tc.bytes, a, b, c)
		if len(p.Changes) != tc.created || len(p.Ahead) != tc.created || p.Records != tc.created {
			t.Errorf("%s: %d changes, %d findings ahead, %d records, want %d", tc.name, len(p.Changes), len(p.Ahead), p.Records, tc.created)
		}
		switch {
		case tc.says == "" && len(p.Remain) > 0:
			t.Errorf("%s: %v", tc.name, p.Remain)
		case tc.says != "" && (len(p.Remain) != 1 || p.Remain[0].Message != tc.says || p.Remain[0].Kind != Full || p.Remain[0].File != "shop.yaml"):
			t.Errorf("%s: %+v, want %s", tc.name, p.Remain, tc.says)
		}
	}
	if p := planOf(0, maxFirst-one, subject(Operation, 100, decide.Yes), a); len(p.Changes) != 0 {
		t.Errorf("after a record without room a shorter one is created: another run would give it the number of the longer")
	}
	if maxFirst >= disk.MaxTotal {
		t.Errorf("what is written up to %d bytes can't be read again", maxFirst)
	}
	if p := planOf(MaxRecords, 0, a); !strings.Contains(p.Remain[0].Fix, "--per service") {
		t.Errorf("operations: %s", p.Remain[0].Fix)
	}
	if p := planOf(MaxRecords, 0, subject(Service, 1, decide.Yes)); strings.Contains(p.Remain[0].Fix, "--per service") {
		t.Errorf("services: %s", p.Remain[0].Fix)
	}

	p := planOf(0, 0, a)
	p.bytes, p.Changes = maxFirst, nil
	flipped := subject(Operation, 1, decide.No)
	p.subject(flipped)
	if p.full(); len(p.Changes) != 2 || len(p.Remain) > 0 {
		t.Errorf("a flipped verdict in a full folder: %d changes, %v", len(p.Changes), p.Remain)
	}
}
