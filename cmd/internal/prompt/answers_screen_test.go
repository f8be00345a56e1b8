//go:build unix

package prompt_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/screentest"
)

// Going back leads through every field, empty ones too, to the first, and
// answers can be changed on the way; the verdicts follow.
func TestBackAndChange(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Rows: 60, Columns: 80})
	fill(s, "", "", "")
	s.WaitFor(immediacy, "Still possible: sync, async, or hybrid.")
	s.Type("y\r")
	s.WaitFor(retryability, "Immediacy yes ruled out async.")
	s.Press("shift+tab")
	s.WaitFor(immediacy)
	s.Press("shift+tab", "shift+tab", "shift+tab", "shift+tab", "shift+tab") // more often than there are fields
	s.WaitFor(details)
	s.Type("back")
	s.WaitFor("Name         back")
	s.Press("enter", "enter", "enter", "enter")
	s.WaitFor(immediacy, "> 1  yes")
	s.Press("down", "down")
	s.WaitFor("> 3  no", "With no here: sync, async, or hybrid.")
	s.Press("enter")
	s.WaitFor(retryability, "Question 2 of 7", "Immediacy no ruled nothing out.")
	s.Type("y\rno\r1\rno\r2\rsync\r") // typed ahead: each key reaches the question it is meant for
	s.WaitFor(verdict, "ASYNC", "back", "It works sync today: change that, or an answer.")
	s.Press("ctrl+d")
	s.Press("enter")
	s.WantExit(0)
	if _, err := os.Stat(filepath.Join(s.Dir(), "waitornot.yaml")); err == nil {
		t.Error("a manifest was written though nobody wanted one")
	}
}

// When the result isn't needed now, two facts are asked for before the mode: yes to one
// changes the verdict. Going back to need it now takes the questions away, and the
// manifest says what was answered.
func TestFacts(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Rows: 60, Columns: 80, Env: []string{"NO_COLOR=1"}}, "--name", "reserve", "--caller", "shop", "--callee", "stock", "--description", "",
		"--retryability", "yes", "--latency", "300ms", "--coupling", "yes", "--save", "new.yaml", "--yes")
	s.WaitFor(immediacy, "Question 1 of 2")
	s.Type("no\r")
	s.WaitFor(gate, "Question 2 of 4: gate", "Still possible: sync or async.")
	s.Type("?")
	s.WaitFor("A manifest says it with gate.")
	s.Type("y")
	s.WaitFor("With yes here: sync.")
	s.Golden(golden("gate"), *update)
	s.Press("enter")
	s.WaitFor(readBack, "Question 3 of 4: read-back", "Gate yes ruled out async.")
	s.Press("shift+tab", "shift+tab")
	s.WaitFor(immediacy, "Question 1 of 4")
	s.Press("up", "up", "enter")
	s.WaitFor(mode, "Question 2 of 2: mode")
	s.Press("shift+tab")
	s.WaitFor(immediacy)
	s.Press("down", "down", "enter")
	s.WaitFor(gate, "> 1  yes")
	s.Type("\r3\rsync\r")
	s.WantExit(0)
	want := "version: 1\nservice: shop\noperations:\n  - name: reserve\n    callee: stock\n    mode: sync\n    gate: yes\n" +
		"    answers: {immediacy: no, retryability: yes, latency: 300ms, coupling: yes}\n"
	if got := read(t, s, "new.yaml"); got != want {
		t.Errorf("the manifest is\n%s\nwant\n%s", got, want)
	}
}

// Nothing is chosen at first, and what is typed counts however it arrives: a number, a
// letter, a word in one piece or pasted, with its enter or without. What is no answer is
// refused, and so are enter and ctrl+d alone.
func TestTypedAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, typed, shows string }{
		{"a word with its enter", "no\r", "immediacy no"}, {"a letter", "l\r", "immediacy later"},
		{"a number", "3\r", "immediacy no"}, {"not sure", "not s\r", "immediacy unknown"},
		{"another word for it", "unknown\r", "immediacy unknown"}, {"capitals", "NO\r", "immediacy no"},
		{"pasted", "\x1b[200~no\x1b[201~\r", "immediacy no"},
		{"enter alone", "\r", "Choose an answer first"}, {"ctrl+d", "\x04\r", "Choose an answer first"},
		{"no such word", "nn\r", `"nn" isn't an answer`}, {"no such number", "5\r", `"5" isn't an answer`},
		{"an answer and more", "yess\r", `"yess" isn't an answer`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := ask(t, screentest.Options{Stdout: os.DevNull}, "--yes", "--name", "a", "--caller", "", "--callee", "", "--description", "", "--mode", "unknown",
				"--retryability", "no", "--latency", "no", "--coupling", "no", "--gate", "no", "--read-back", "unknown")
			s.WaitFor(immediacy, "Answer")
			if strings.Contains(s.Text(), "> ") {
				t.Errorf("something is chosen at first:\n%s", s.Text())
			}
			s.Type(test.typed)
			s.WaitFor(test.shows)
		})
	}
}

// The form takes every answer that flags and plain lines take.
func TestFormOffersEveryAnswer(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Stdout: os.DevNull}, "--yes", "--name", "a", "--caller", "", "--callee", "", "--description", "", "--mode", "unknown",
		"--immediacy", "yes", "--retryability", "no", "--coupling", "no")
	s.WaitFor(latency, "3  beyond")
	s.Type("beyond")
	s.WaitFor("> 3  beyond", "With beyond here: hybrid.")
	s.Press("enter")
	s.WantExit(0)
	s.WaitFor("latency beyond")
}

// A field that must be filled lets nobody out forwards while it is empty, and
// everybody out backwards.
func TestRequiredFieldsTrapNobody(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Rows: 60, Columns: 80}, "--save", "new.yaml", "--immediacy", "yes", "--retryability", "no", "--coupling", "no")
	s.WaitFor(details)
	s.Press("enter")
	s.WaitFor("A name is needed")
	s.Press("shift+tab")
	s.Type("charge")
	s.WaitFor("Name         charge")
	s.Press("enter", "enter", "enter", "enter")
	s.WaitFor(latency, "Question 1 of 2")
	for typed, complaint := range map[string]string{
		"900": "has no unit: write 900ms or 900s", "1,5s": "write 1.5s", "soon": "a number and a unit", "-3s": "above zero", "0s": "above zero",
	} {
		s.Press("ctrl+u")
		s.Type(typed)
		s.Press("enter")
		s.WaitFor(complaint)
	}
	s.Press("ctrl+u")
	s.Type("45 s")
	s.Press("enter")
	s.WaitFor(mode)
	s.Type("4\r")
	s.WantExit(0)
	s.WaitFor("HYBRID", "charge added to new.yaml")
}

// Names in wide characters and emoji are shown, stored and read back; what is
// pasted with control characters is shown harmless and stored clean.
func TestHardNames(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Rows: 60, Columns: 100}, "--immediacy", "yes", "--retryability", "no", "--latency", "no", "--save", "shop.yaml", "--yes")
	s.WaitFor(details)
	s.Type("支払い💳")
	s.WaitFor("支払い💳")
	s.Press("enter")
	s.Paste("sh\x1b[31mop\x1b]0;title\x07 \u202eeno\x00\nline")
	s.WaitFor("shop eno line")
	s.Press("enter")
	s.Paste("yes")
	s.Press("enter", "enter")
	s.WaitFor(coupling)
	s.Type("yes\r")
	s.WaitFor(mode)
	s.Type("4\r")
	s.WantExit(0)
	want := "version: 1\nservice: shop eno line\noperations:\n  - name: 支払い💳\n    callee: \"yes\"\n" +
		"    answers: {immediacy: yes, retryability: no, latency: no, coupling: yes}\n"
	if got := read(t, s, "shop.yaml"); got != want {
		t.Errorf("the manifest is\n%s\nwant\n%s", got, want)
	}
	stdout, stderr, code := screentest.Run(t, s.Dir(), "", nil, "advise", "shop.yaml")
	if code != 0 || !strings.Contains(stdout, "支払い💳") {
		t.Errorf("advise ended with %d\n%s%s", code, stdout, stderr)
	}
}

// An operation of the same name: rename, update or leave it.
func TestSameName(t *testing.T) {
	t.Parallel()
	const there = "service: shop\noperations:\n  - name: charge\n    timeout: 2s\n"
	const added = "    answers: {immediacy: yes, retryability: no, latency: no, coupling: yes}\n"
	for name, test := range map[string]struct {
		keys func(s *screentest.Screen)
		want string
	}{
		"rename": {func(s *screentest.Screen) {
			s.Type("rename\r")
			s.WaitFor("> charge")
			s.Press("enter")
			s.WaitFor("The operation charge already exists.")
			s.Type("-2")
			s.WaitFor("> charge-2")
			s.Press("enter")
		}, there + "  - name: charge-2\n" + added},
		"update": {func(s *screentest.Screen) {
			s.WaitFor("keeps its timeout")
			s.Type("2\r")
		}, there + added},
		"cancel": {func(s *screentest.Screen) {
			s.Press("up")
			s.WaitFor("> 3  cancel")
			s.Press("enter")
		}, there},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(there), 0o644); err != nil {
				t.Fatal(err)
			}
			s := ask(t, screentest.Options{Rows: 60, Columns: 80, Dir: dir}, "--save", "shop.yaml",
				"--name", "charge", "--caller", "", "--callee", "", "--description", "", "--mode", "unknown", "--immediacy", "yes", "--retryability", "no", "--latency", "no")
			s.WaitFor(coupling)
			s.Type("yes\r")
			s.WaitFor("The operation charge already exists.", "1  rename")
			test.keys(s)
			s.WantExit(0)
			if got := read(t, s, "shop.yaml"); got != test.want {
				t.Errorf("the manifest is\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// Ctrl+c and ctrl+d end plain lines too.
func TestPlainStops(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{}, "--plain")
	s.WaitFor("Name, or an empty line for none:")
	s.Press("ctrl+c")
	s.WantExit(130)
	s = ask(t, screentest.Options{}, "--plain", "--name", "a", "--caller", "", "--callee", "")
	s.WaitFor("Answer, 1 to 4:")
	s.Press("ctrl+d")
	s.WantExit(3)
	s.WaitFor("the input ended before the question immediacy was answered")
}
