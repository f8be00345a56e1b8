package cmd

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// twelve is the sample of twelve services whose records and report are kept
// with it.
const twelve = "../testdata/manifests/twelve"

// The records and reports of the sample are those that are kept with it, and a
// second run leaves every byte of the records as it is.
func TestKeptWithSample(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range files(t, twelve) {
		if strings.HasSuffix(name, ".yaml") {
			writeFile(t, filepath.Join(dir, name), text)
		}
	}
	runIn(t, dir, "adr")
	runIn(t, dir, "report", "--simulate", "-o", "docs/report.html")
	runIn(t, dir, "report", "--format", "markdown", "-o", "docs/report.md")
	got := files(t, filepath.Join(dir, "docs"))
	kept := filepath.Join(twelve, "docs")
	if *update {
		if err := os.RemoveAll(kept); err != nil {
			t.Fatal(err)
		}
		for name, text := range got {
			writeFile(t, filepath.Join(kept, name), text)
		}
	}
	if diff := cmp.Diff(files(t, kept), got); diff != "" {
		t.Errorf("what is written differs from %s (-kept +written), run UPDATE=1 go test -p 1 ./...:\n%s", kept, diff)
	}
	if out := runIn(t, dir, "adr"); out != "31 records in docs/decisions, all up to date\n" {
		t.Errorf("the second run says %q", out)
	}
	if diff := cmp.Diff(got, files(t, filepath.Join(dir, "docs"))); diff != "" {
		t.Errorf("the second run changed records:\n%s", diff)
	}
}

// runIn runs the program in a folder on a day that is always the same, and
// returns what it writes to standard output.
func runIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := Main(context.Background(), args, Streams{
		In: strings.NewReader(""), Out: &out, Err: &errs, Dir: dir,
		Env: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	})
	if code != 0 || errs.Len() > 0 && !strings.HasPrefix(errs.String(), "wrote ") {
		t.Fatalf("waitornot %s ended with %d: %s", strings.Join(args, " "), code, &errs)
	}
	return out.String()
}

// files returns the texts of all files below a folder by their paths in it.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
