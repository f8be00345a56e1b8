package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/practice"
)

// Each system has its folder, and the user has the last word.
func TestDir(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, system string
		env          map[string]string
		want         string // "" is an error
	}{
		{"linux", "linux", map[string]string{"HOME": "/home/ada"}, "/home/ada/.local/state/waitornot"},
		{"linux with XDG", "linux", map[string]string{"HOME": "/home/ada", "XDG_STATE_HOME": "/s"}, "/s/waitornot"},
		{"mac", "darwin", map[string]string{"HOME": "/Users/ada"}, "/Users/ada/Library/Application Support/waitornot"},
		{"mac with XDG", "darwin", map[string]string{"HOME": "/Users/ada", "XDG_STATE_HOME": "/s"}, "/s/waitornot"},
		{"windows", "windows", map[string]string{"LocalAppData": `C:\Ada`, "HOME": "/h"}, `C:\Ada/waitornot`},
		{"own choice", "linux", map[string]string{"HOME": "/home/ada", "XDG_STATE_HOME": "/s", "WAITORNOT_STATE": "here"}, "here"},
		{"nothing known", "linux", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := dirOn(tt.system, func(name string) string { return tt.env[name] })
			if filepath.ToSlash(got) != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("dirOn(%s) = %q, %v; want %q", tt.system, got, err, tt.want)
			}
		})
	}
}

// The cache has a folder on each system, too.
func TestCacheDir(t *testing.T) {
	t.Parallel()
	tests := []struct {
		system string
		env    map[string]string
		want   string // "" is an error
	}{
		{"linux", map[string]string{"HOME": "/home/ada"}, "/home/ada/.cache/waitornot"},
		{"linux", map[string]string{"HOME": "/home/ada", "XDG_CACHE_HOME": "/c"}, "/c/waitornot"},
		{"darwin", map[string]string{"HOME": "/Users/ada"}, "/Users/ada/Library/Caches/waitornot"},
		{"windows", map[string]string{"LocalAppData": `C:\Ada`}, `C:\Ada/waitornot/cache`},
		{"linux", map[string]string{"HOME": "/home/ada", "WAITORNOT_CACHE": "/here"}, "/here"},
		{"linux", nil, ""},
	}
	for _, tt := range tests {
		got, err := cacheOn(tt.system, func(name string) string { return tt.env[name] })
		if filepath.ToSlash(got) != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("cacheOn(%s) = %q, %v; want %q", tt.system, got, err, tt.want)
		}
	}
}

// What is appended is read again; what is put aside stays in its file.
func TestLog(t *testing.T) {
	t.Parallel()
	l := Open(filepath.Join(t.TempDir(), "new", "folder"), disk.Disk{})
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	read := func() int {
		t.Helper()
		h, err := l.Read()
		if err != nil {
			t.Fatal(err)
		}
		return len(h.Events)
	}
	if n := read(); n != 0 {
		t.Fatalf("%d events of no log", n)
	}
	for _, id := range []string{"1", "2"} {
		if err := l.Append(practice.Event{ID: id, At: now, Kind: practice.Reset}); err != nil {
			t.Fatal(err)
		}
	}
	if n := read(); n != 2 {
		t.Fatalf("%d events, want 2", n)
	}
	for _, want := range []string{"practice-until-2026-11-23-120000.jsonl", "practice-until-2026-11-23-120000-2.jsonl"} {
		name, err := l.PutAside(now)
		if err != nil || filepath.Base(name) != want || read() != 0 {
			t.Fatalf("PutAside = %q, %v; want %q, and %d events are left", name, err, want, read())
		}
		if data, err := os.ReadFile(name); err != nil || strings.Count(string(data), "\n") == 0 {
			t.Errorf("%s holds %q, %v", want, data, err)
		}
		if err := l.Append(practice.Event{ID: "3", At: now, Kind: practice.Reset}); err != nil {
			t.Fatal(err)
		}
	}
	if name, err := Open(t.TempDir(), disk.Disk{}).PutAside(now); name != "" || err != nil {
		t.Errorf("PutAside of no log = %q, %v", name, err)
	}
}
