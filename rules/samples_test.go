package rules

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

const samples = "../testdata/manifests"

// check passes the catalogue over manifests together, and lists what it finds
// as "file:line code".
func check(t *testing.T, paths ...string) []string {
	t.Helper()
	table, err := embedded.Table()
	if err != nil {
		t.Fatal(err)
	}
	var open []lint.Opener
	for _, path := range paths {
		open = append(open, func() (manifest.Source, error) {
			data, err := os.ReadFile(path)
			return manifest.Source{Name: path, Data: data}, err
		})
	}
	result, err := lint.Run(t.Context(), open, lint.Options{Rules: All(), Table: table, Limits: decide.DefaultLimits(), Strict: true})
	if err != nil || len(result.Unreadable) > 0 {
		t.Fatal(err, result.Unreadable)
	}
	var found []string
	for _, f := range slices.DeleteFunc(result.Findings, isMissing) {
		found = append(found, fmt.Sprintf("%s:%d %s", f.File, f.Range.Start.Line, f.Code))
	}
	slices.Sort(found)
	return found
}

// wanted lists the rules that the comments of manifests want, as check does: a
// line that ends in "# want WN401 WN404" wants these two.
func wanted(t *testing.T, paths ...string) []string {
	t.Helper()
	form := regexp.MustCompile(`# want((?: WN\d{3})+)$`)
	var want []string
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(data), "\n") {
			if m := form.FindStringSubmatch(line); m != nil {
				for _, code := range strings.Fields(m[1]) {
					want = append(want, fmt.Sprintf("%s:%d %s", path, i+1, code))
				}
			}
		}
	}
	slices.Sort(want)
	return want
}

// systems returns the manifests below a folder of samples by system: a file is
// one, and so is a folder.
func systems(t *testing.T, dir string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".yaml") {
			rel, _ := filepath.Rel(dir, path)
			system, _, _ := strings.Cut(strings.TrimSuffix(filepath.ToSlash(rel), ".yaml"), "/")
			found[system] = append(found[system], path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// In a sample system with seeded faults each fault is found once, at its place,
// and nothing else is.
func TestSeededFaults(t *testing.T) {
	seen := map[string]bool{}
	for system, paths := range systems(t, filepath.Join(samples, "bad")) {
		t.Run(system, func(t *testing.T) {
			want, got := wanted(t, paths...), check(t, paths...)
			for _, w := range want {
				seen[w[len(w)-5:]] = true
				if !slices.Contains(got, w) {
					t.Errorf("not found: %s", w)
				}
			}
			for i, g := range got {
				if !slices.Contains(want, g) {
					t.Errorf("found besides: %s", g)
				}
				if i > 0 && got[i-1] == g {
					t.Errorf("found twice: %s", g)
				}
			}
			if len(want) < 5 {
				t.Errorf("only %d faults are seeded", len(want))
			}
		})
	}
	for _, r := range All() {
		if !seen[r.Code] {
			t.Errorf("no sample has a fault for %s (%s)", r.Code, r.Name)
		}
	}
}

// On the good sample systems nothing is found.
func TestGoodSamples(t *testing.T) {
	good := systems(t, samples)
	for _, not := range []string{"bad", "broken"} {
		delete(good, not)
	}
	if len(good) < 4 {
		t.Fatalf("only %d good systems", len(good))
	}
	for system, paths := range good {
		for _, f := range check(t, paths...) {
			t.Errorf("%s: %s", system, f)
		}
	}
}
