package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/testdata/yamlgen"
)

// structured runs the program in a folder, without a panic.
func structured(t *rapid.T, dir string, args ...string) (code int, out, errs string) {
	code, out, errs = attacked(context.Background(), dir, strings.NewReader(""), args...)
	if strings.Contains(errs, "goroutine") || code == exitUsage && !strings.Contains(errs, "nothing to check") {
		t.Fatalf("%q ends with %d: %s", args, code, errs)
	}
	return code, out, errs
}

// An operation that the YAML library sees is judged, or an error says why it isn't; what
// the library can't read is an error; and a correction keeps everything else, byte for byte.
func TestStructures(t *testing.T) {
	t.Parallel()
	root, n, read := t.TempDir(), 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := filepath.Join(root, fmt.Sprint(n))
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "") }
		text := yamlgen.Manifest(draw)
		path := filepath.Join(dir, "m.waitornot.yaml")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		code, out, errs := structured(t, dir, "check", "--no-config", "--output", "json", "--fail-on", "error")
		advised, judged, _ := structured(t, dir, "advise", "--no-config", "--format", "json")
		var list struct {
			Operations []struct{ Operation, Name string }
		}
		if judged != "" {
			if err := json.Unmarshal([]byte(judged), &list); err != nil {
				t.Fatalf("advise: %v\n%s", err, judged)
			}
		}
		var names []string
		for _, op := range list.Operations {
			names = append(names, op.Name)
		}
		seen, wrong := yamlgen.Seen(text)
		if wrong == nil {
			read++
		}
		var found struct{ Findings []struct{ Severity string } }
		if err := json.Unmarshal([]byte(out), &found); err != nil && out != "" {
			t.Fatalf("check: %v\n%s", err, out)
		}
		if !slices.ContainsFunc(found.Findings, func(f struct{ Severity string }) bool { return f.Severity == "error" }) {
			for _, name := range seen {
				if !slices.Contains(names, name) {
					t.Fatalf("%s is not judged, and no error says so: advise ends with %d and check with %d\n%s\n%s\n%s", name, advised, code, text, judged, errs)
				}
			}
		} else if code == exitOK {
			t.Fatalf("an error ends with 0\n%s", out)
		}
		for _, args := range [][]string{{"graph", "--format", "json"}, {"diff", "m.waitornot.yaml", "m.waitornot.yaml"}, {"adr", "--dir", "d"}} {
			code, out, errs := structured(t, dir, append(args, "--no-config")...)
			if args[0] == "diff" && code == exitOK && !strings.Contains(out, "unchanged") && !strings.Contains(out, "no operation") && !strings.Contains(out, "no difference") && len(names) > 0 {
				t.Fatalf("a manifest differs from itself: %s%s", out, errs)
			}
		}
		structured(t, dir, "check", "--no-config", "--fix", "--fail-on", "never")
		fixed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !yamlgen.Alike(string(fixed), text) {
			t.Fatalf("a correction changes more than it corrects:\n%q\n%q", text, fixed)
		}
		if again, err := yamlgen.Seen(string(fixed)); (err == nil) != (wrong == nil) || !slices.Equal(again, seen) {
			t.Fatalf("a correction loses operations: %q, and before %q: %v\n%s", again, seen, err, fixed)
		}
	})
	if read == 0 {
		t.Error("the YAML library reads nothing of what is drawn")
	}
	t.Logf("the YAML library reads %d of %d manifests", read, n)
}

// A configuration says the same in every structure, or is refused.
func TestStructuresOfConfigurations(t *testing.T) {
	t.Parallel()
	root, n, held := t.TempDir(), 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := filepath.Join(root, fmt.Sprint(n))
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		text := yamlgen.Configuration(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "") }, "321ms")
		for name, text := range map[string]string{".waitornot.yaml": text, "m.waitornot.yaml": "operations: [{name: a, answers: {immediacy: no}}]\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		code, out, errs := structured(t, dir, "config", "show", "m.waitornot.yaml")
		switch {
		case code != exitOK:
			if !strings.Contains(errs, ".waitornot.yaml:") {
				t.Fatalf("it ends with %d and names no place:\n%s\n%q", code, errs, text)
			}
		case !strings.Contains(out, "321ms"):
			t.Fatalf("shown is %q\n%q", strings.SplitN(out, "\n", 4)[2], text)
		default:
			held++
		}
		structured(t, dir, "check")
		structured(t, dir, "rules", "list")
	})
	if held == 0 { // a run draws as few as twenty
		t.Errorf("none of %d configurations is valid", n)
	}
}
