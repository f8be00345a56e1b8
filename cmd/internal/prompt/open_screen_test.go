//go:build unix

package prompt_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/screentest"
)

// With a path, ask goes through the open questions of a manifest: each has a screen of
// its own that names the operation, shift+tab leads back to the one before, and what was
// answered is saved when the user stops.
func TestOpenQuestions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const manifest = "service: checkout\noperations:\n  - name: pay\n    description: Charge the card.\n    callee: bank\n    answers: {immediacy: yes, coupling: no}\n"
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	s := ask(t, screentest.Options{Rows: 24, Columns: 80, Dir: dir}, "shop.yaml")
	s.WaitFor("checkout/pay → bank", "Charge the card.", "immediacy yes · coupling no", "Question 1 of 2: latency")
	s.Press("shift+tab") // nothing comes before it
	s.WaitFor("Question 1 of 2: latency")
	s.Type("2s\r")
	s.WaitFor("Question 2 of 2: retryability")
	s.Press("shift+tab")
	s.WaitFor("Question 1 of 2: latency", "Answer  2s")
	s.Press("ctrl+u")
	s.Type("900ms\r")
	s.WaitFor("Question 2 of 2: retryability", "latency 900ms")
	s.Press("ctrl+c")
	s.WantExit(130)
	if got, want := read(t, s, "shop.yaml"), strings.Replace(manifest, "no}", "no, latency: 900ms}", 1); got != want {
		t.Errorf("the manifest is\n%s\nwant\n%s", got, want)
	}

	// Keys typed ahead reach the questions they are meant for.
	s = ask(t, screentest.Options{Rows: 24, Columns: 80, Dir: dir}, "--edit", "pay", "shop.yaml")
	s.WaitFor("Question 1 of 4: immediacy", "Answer  yes")
	s.Type("\r" + "too-late\r" + "\x15" + "2m\r" + "\x15" + "yes\r")
	s.WantExit(0)
	want := strings.Replace(manifest, "immediacy: yes, coupling: no}", "immediacy: yes, coupling: yes, latency: 2m, retryability: too-late}", 1)
	if got := read(t, s, "shop.yaml"); got != want {
		t.Errorf("the manifest is\n%s\nwant\n%s", got, want)
	}
}

// Another answer to immediacy asks for the two facts, each on a screen of its own, or takes
// them back; what is answered stands beside the answers.
func TestOpenFacts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const manifest = "service: checkout\noperations:\n  - name: mail\n    callee: mailer\n    answers: {retryability: yes, latency: 2s, coupling: yes}\n"
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	s := ask(t, screentest.Options{Rows: 24, Columns: 80, Dir: dir}, "shop.yaml")
	s.WaitFor("Question 1 of 1: immediacy")
	s.Type("no\r")
	s.WaitFor("Question 2 of 3: gate", gate, "immediacy no")
	s.Type("yes\r")
	s.WaitFor("Question 3 of 3: read-back", readBack, "gate yes", "Still possible: sync.")
	s.Press("shift+tab")
	s.WaitFor("Question 2 of 3: gate", "Answer  yes")
	s.Press("shift+tab")
	s.WaitFor("Question 1 of 3: immediacy", "Answer  no")
	s.Press("ctrl+u")
	s.Type("later\r")
	s.WaitFor("Question 2 of 3: gate", "Answer  yes")
	s.Press("ctrl+u")
	s.Type("no\r")
	s.WaitFor("Question 3 of 3: read-back")
	s.Type("yes\r")
	s.WantExit(0)
	want := strings.Replace(manifest, "coupling: yes}", "coupling: yes, immediacy: later}\n    gate: no\n    read_back: yes", 1)
	if got := read(t, s, "shop.yaml"); got != want {
		t.Errorf("the manifest is\n%s\nwant\n%s", got, want)
	}
}
