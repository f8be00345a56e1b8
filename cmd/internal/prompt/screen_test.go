//go:build unix

package prompt_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/screentest"
)

// update asks to rewrite the screens under testdata/screens, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

func golden(name string) string { return filepath.Join("testdata", "screens", name+".txt") }

func ask(t *testing.T, o screentest.Options, args ...string) *screentest.Screen {
	t.Helper()
	o.Args = append([]string{"ask"}, args...)
	return screentest.Start(t, o)
}

// The texts by which the tests know the screens.
const (
	details      = "Which operation is it?"
	immediacy    = "Does the user need the result now?"
	retryability = "Can this operation fail and be retried?"
	latency      = "Will it take more than 500 ms?"
	coupling     = "Does this create coupling"
	gate         = "Must the caller's own step be undone if this fails?"
	readBack     = "Does the caller's next step read what this writes?"
	mode         = "How does it work today?"
	verdict      = "d details"
	file         = "Which manifest?"
)

// fill answers the details.
func fill(s *screentest.Screen, name, caller, callee string) {
	s.WaitFor(details)
	for _, text := range []string{name, caller, callee} {
		s.Type(text)
		s.Press("enter")
	}
	s.Press("enter") // no description
}

// The whole way: details, four questions with a typed duration, the mode, the verdict,
// and the operation added to a manifest. Every screen is kept.
func TestWholeWay(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Rows: 60, Columns: 80, Env: []string{"NO_COLOR=1"}})
	fill(s, "charge-card", "checkout", "payment-gateway")
	s.Press("shift+tab")
	s.WaitFor(details)
	s.Type("Charge the card before the order is confirmed.")
	s.WaitFor("order is confirmed.")
	s.Golden(golden("1-operation"), *update)
	s.Press("enter")
	s.WaitFor(immediacy)
	s.Golden(golden("2-immediacy"), *update)
	s.Type("yes\r")
	s.WaitFor(retryability)
	s.Press("down", "down", "down", "down")
	s.WaitFor("> 4  no")
	s.Golden(golden("3-retryability"), *update)
	s.Press("enter")
	s.WaitFor(latency)
	s.Golden(golden("4-latency"), *update)
	s.Type("900ms")
	s.WaitFor("With 900ms (yes) here")
	s.Golden(golden("5-duration"), *update)
	s.Press("enter")
	s.WaitFor(coupling)
	s.Type("?")
	s.WaitFor("A cost. Without a concern it says nothing.")
	s.Golden(golden("6-coupling"), *update)
	s.Type("1\r")
	s.WaitFor(mode)
	s.Golden(golden("7-mode"), *update)
	s.Type("async\r")
	s.WaitFor(verdict)
	s.Golden(golden("8-verdict"), *update)
	s.Type("d")
	s.WaitFor("would become")
	s.Type("ds")
	s.WaitFor(file)
	s.Golden(golden("9-manifest"), *update)
	s.Press("enter")
	s.WantExit(0)
	s.Golden(golden("after"), *update)
	t.Run("documents", documentShowsTheScreens)
	want := "version: 1\nservice: checkout\noperations:\n  - name: charge-card\n    description: Charge the card before the order is confirmed.\n    callee: payment-gateway\n" +
		"    mode: async\n    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}\n"
	if got := read(t, s, "waitornot.yaml"); got != want {
		t.Errorf("the manifest is\n%s\nwant\n%s", got, want)
	}
}

// The last page says the verdict and its reason within twelve lines, on every size of
// terminal, and d shows everything, which scrolls.
func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, size := range []struct {
		name          string
		columns, rows uint16
	}{{"80x24", 80, 24}, {"140x40", 140, 40}, {"40x10", 40, 10}} {
		t.Run(size.name, func(t *testing.T) {
			t.Parallel()
			s := ask(t, screentest.Options{Columns: size.columns, Rows: size.rows, Env: []string{"NO_COLOR=1"}}, "--name", "charge-card", "--caller", "checkout",
				"--callee", "payment-gateway", "--description", "", "--mode", "async", "--retryability", "too-late", "--latency", "900ms", "--coupling", "yes")
			s.WaitFor("user need")
			s.Golden(golden("question-"+size.name), *update)
			s.Type("yes\r")
			s.WaitFor("SYNC: checkout/charge-card", "d details")
			s.Golden(golden("verdict-"+size.name), *update)
			s.Type("d")
			s.WaitFor("d verdict")
			s.Press("end")
			s.WaitFor("asynchronous.")
			s.Resize(80, 24)
			s.WaitFor("d verdict")
			s.Press("end")
			s.WaitFor("asynchronous.")
			s.Type("d?")
			s.WaitFor("s adds the operation to a manifest.")
			s.Press("ctrl+d", "enter")
			s.WantExit(0)
			if lines := strings.Split(strings.TrimSpace(s.Text()), "\n"); len(lines) > 12 || !strings.Contains(strings.Join(lines[len(lines)-4:], "\n"), "SYNC") {
				t.Errorf("%d lines stay, want 12 at most with the verdict last:\n%s", len(lines), s.Text())
			}
		})
	}
}

// README opens with a picture of the questions and the verdict.
func TestPicture(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Rows: 22, Columns: 78}, "--name", "charge-card", "--caller", "checkout", "--callee", "payment-gateway", "--description", "", "--mode", "unknown", "--retryability", "too-late", "--coupling", "yes")
	var frames []screentest.Frame
	s.WaitFor(immediacy)
	frames = append(frames, s.Frame())
	s.Type("yes")
	s.WaitFor("With yes here")
	frames = append(frames, s.Frame())
	s.Press("enter")
	s.WaitFor(latency)
	s.Type("900ms")
	s.WaitFor("With 900ms (yes) here")
	frames = append(frames, s.Frame())
	s.Press("enter")
	s.WaitFor(verdict)
	frames = append(frames, s.Frame())
	screentest.Picture(t, filepath.Join("..", "..", "docs", "ask.svg"), "waitornot ask", frames, *update)
}

func read(t *testing.T, s *screentest.Screen, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.Dir(), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// docs/ask.md shows the screens as they are: each stands in a block below a
// comment that names it. With UPDATE=1 the blocks are written anew.
func documentShowsTheScreens(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "ask.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	screens, err := filepath.Glob(golden("[0-9]-*"))
	if err != nil || len(screens) < 8 {
		t.Fatalf("%d screens are there: %v", len(screens), err)
	}
	page := string(data)
	for _, screen := range screens {
		name := strings.TrimSuffix(filepath.Base(screen), ".txt")
		mark := "<!-- screen " + name + " -->\n"
		before, after, found := strings.Cut(page, mark)
		if !found {
			t.Errorf("docs/ask.md does not show the screen %s", name)
			continue
		}
		want := "```text\n" + shownScreen(t, screen) + "```\n"
		if *update {
			if strings.HasPrefix(after, "```text\n") {
				_, after, _ = strings.Cut(after, "\n```\n")
			}
			page = before + mark + want + after
		} else if !strings.HasPrefix(after, want) {
			t.Errorf("docs/ask.md does not show the screen %s as it is:\n%s", name, want)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shownScreen returns a screen without the recommendation that may still stand
// above a question.
func shownScreen(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	screen := string(data)
	return screen[max(strings.Index(screen, file), 0):]
}

// Going back leads through every field, empty ones too, to the first, and
// answers can be changed on the way; the verdicts follow.
func TestBackAndChange(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Rows: 60, Columns: 80})
	fill(s, "", "", "")
	s.WaitFor(immediacy, "Still possible: sync, async or hybrid.")
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
	s.WaitFor("> 3  no", "With no here: sync, async or hybrid.")
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
