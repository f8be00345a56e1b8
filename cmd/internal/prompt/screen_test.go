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
	s.WaitFor("A cost. If it's not a concern, it doesn't matter for the verdict.")
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
