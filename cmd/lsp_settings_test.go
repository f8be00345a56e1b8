package cmd

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Files that come, change and go on the disk are told of by the client.
func TestLSPWatchesFiles(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	c := startLSP(t, dir, `{"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}}`)
	c.openFile("shop/waitornot.yaml")
	if !slices.Contains(c.asked, "client/registerCapability") {
		t.Error("the client is not asked to tell of files")
	}
	tell := func(name string, kind int) {
		c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": c.uri(name), "type": kind}}})
		c.edit("shop/waitornot.yaml", "version: 1", "version:  1")
		c.edit("shop/waitornot.yaml", "version:  1", "version: 1")
	}
	steps := []struct {
		name, text string
		kind       int
	}{
		{"new/waitornot.yaml", "service: new\noperations:\n- {nmae: x}\n", 1},
		{"new/waitornot.yaml", "service: new\noperations:\n- {naem: x}\n", 2},
		{".waitornot.yaml", "rules: {mode-disagrees: off, timeout-missing: error}\n", 2},
		{"bank/waitornot.yaml", "", 3},
	}
	for _, s := range steps {
		path := filepath.Join(dir, s.name)
		if s.kind == 3 {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		} else {
			writeFile(t, path, s.text)
		}
		tell(s.name, s.kind)
		if diff := cmp.Diff(c.checked(dir), c.shownOf()); diff != "" {
			t.Errorf("after %+v (-check +editor):\n%s", s, diff)
		}
	}
}

// A configuration is helped with like a manifest.
func TestLSPConfiguration(t *testing.T) {
	t.Parallel()
	c := startLSP(t, sampleProject(t), `{}`)
	const name = ".waitornot.yaml"
	c.open(name, "latency_threshold: 300ms\nrules:\n  timeout-missing: off\n  \n")
	if got := c.hover(c.before(name, "latency_threshold")); !strings.Contains(got, "**latency\\_threshold**") {
		t.Errorf("a key: %q", got)
	}
	if got := c.hover(c.before(name, "timeout-missing")); !strings.Contains(got, "WN301") {
		t.Errorf("a rule: %q", got)
	}
	labels := func(text string) string {
		at := strings.IndexByte(text, '|')
		c.set(name, strings.Replace(text, "|", "", 1))
		var list struct{ Items []lspItem }
		if err := c.request("textDocument/completion", c.at(name, at), &list); err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, x := range list.Items {
			words = append(words, x.Label)
		}
		return strings.Join(words, " ")
	}
	if got := labels("rules:\n  ti|\n"); !strings.Contains(got, "timeout-missing") {
		t.Errorf("rules: %s", got)
	}
	if got := labels("wait_limit: 2s\n|\n"); !strings.Contains(got, "latency_threshold") || strings.Contains(got, "wait_limit") {
		t.Errorf("keys: %s", got)
	}
	for _, method := range []string{"codeLens", "documentSymbol", "foldingRange"} {
		if err := c.request("textDocument/"+method, c.document(name), nil); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
	c.stop()
}

// A folder inside a repository is judged with all of the repository, and shows, and
// changes, what lies in it alone.
func TestLSPInPartOfARepository(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Skipf("git: %v %s", err, out)
	}
	writeFile(t, filepath.Join(dir, "bank/waitornot.yaml"), "service: bank\noperations:\n  - {name: settled, answers: {immediacy: yes}, nmae: x}\n")
	c := startLSP(t, filepath.Join(dir, "shop"), `{}`)
	c.openFile("waitornot.yaml")
	got := c.shownOf()
	if !strings.Contains(got, "WN012") || strings.Contains(got, "bank/waitornot.yaml:") || strings.Contains(got, "WN301") {
		t.Errorf("shown are:\n%s", got)
	}
	c.edit("waitornot.yaml", "bank/settle", "bank/settled")
	if got := c.shownOf(); strings.Contains(got, "WN012") {
		t.Errorf("an operation of the repository is not known:\n%s", got)
	}
	p := c.before("waitornot.yaml", "bank/settled")
	p["newName"] = "done"
	if err := c.request("textDocument/rename", p, nil); err == nil || !strings.Contains(err.Error(), "bank/waitornot.yaml names it too, and is outside") {
		t.Errorf("a rename outside of the folder: %v", err)
	}
	c.stop()
}

// With a baseline an editor shows what is new, also after a change of the file, and one
// that can't be read is said before anything is served.
func TestLSPBaseline(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	run := func(args ...string) (code int, said string) {
		var out strings.Builder
		code = Main(context.Background(), args, Streams{
			In: strings.NewReader(""), Out: &out, Err: &out, Dir: dir, Env: func(string) string { return "" },
			Now: func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) },
		})
		return code, out.String()
	}
	for name, want := range map[string]string{"none.json": "none.json: ", ".waitornot.yaml": ".waitornot.yaml: "} {
		if code, said := run("lsp", "--baseline", name); code != 3 || !strings.Contains(said, want) {
			t.Errorf("with the baseline %s lsp ends with %d: %s", name, code, said)
		}
	}
	if code, said := run("check", "--baseline", "old.json", "--write-baseline"); code != 1 {
		t.Fatalf("check ends with %d: %s", code, said) // what can't be read is in no baseline
	}
	c := startLSP(t, dir, `{}`, "--baseline", "old.json")
	const name = "shop/waitornot.yaml"
	c.openFile(name)
	if got := c.shownOf(); strings.Contains(got, "WN1") || !strings.Contains(got, "WN006") {
		t.Errorf("beside the baseline it shows\n%s", got)
	}
	c.set(name, strings.Replace(c.texts[name], "mode: async", "mode: hybrid", 1)+"  - {name: j2, steps: [nothing]}\n")
	if got := c.shownOf(); strings.Contains(got, "send-receipt") || !strings.Contains(got, "j2") && !strings.Contains(got, "nothing") {
		t.Errorf("after a change it shows\n%s", got)
	}
	c.stop()
}
