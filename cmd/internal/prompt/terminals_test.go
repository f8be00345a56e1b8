//go:build unix

package prompt_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waitornot/cmd/internal/screentest"
)

// What an answer is typed into has the terminal's cursor.
func TestCursor(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{})
	s.WaitFor(details)
	s.Type("支払いab")
	s.WaitFor("支払いab")
	at := func(column, row int) func(string) bool {
		return func(string) bool { x, y := s.Cursor(); return x == column && y == row }
	}
	s.Await("the cursor behind the name", at(13+8, 3))
	s.Press("left", "left")
	s.Await("the cursor on the a", at(13+6, 3))
	s.Press("enter")
	s.Await("the cursor in the next field", at(13, 4))
	s.Press("ctrl+c")
	s.WantExit(130)
	if !strings.HasSuffix(strings.TrimRight(s.Raw(), "\r\n"), "\x1b[?25h") && !strings.Contains(s.Raw(), "\x1b[?1049l") {
		t.Error("the terminal was left on its second screen, or without its cursor")
	}
}

// Stopped with ctrl+z, the shell's own screen is back; fg goes on where it was.
func TestSuspend(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("SKIPPED: no shell with job control")
	}
	s := screentest.Start(t, screentest.Options{Shell: `"$0" "$@"; echo stopped; read line; fg`, Args: []string{"ask"}})
	fill(s, "charge", "", "")
	s.WaitFor(immediacy)
	s.Type("la")
	s.WaitFor("> 2  later")
	s.Press("ctrl+z")
	s.WaitFor("stopped")
	if strings.Contains(s.Text(), immediacy) {
		t.Errorf("the questions stand on the shell's screen:\n%s", s.Text())
	}
	s.Press("enter")
	s.WaitFor(immediacy, "> 2  later")
	s.Type("\r")
	s.WaitFor(retryability)
	s.Press("ctrl+c")
	s.WaitFor("stopped")
}

// However low the terminal, what is typed is in sight.
func TestLowTerminals(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ columns, rows uint16 }{{40, 10}, {80, 6}, {30, 8}, {20, 5}} {
		s := ask(t, screentest.Options{Columns: size.columns, Rows: size.rows, Stdout: os.DevNull}, "--yes", "--name", "a", "--caller", "", "--callee", "", "--description", "", "--mode", "unknown")
		s.WaitFor("Answer", "now?", "sure")
		s.Type("no")
		s.WaitFor("Answer  no", "3")
		s.Type("?") // explains, whatever is typed already; the beginning of it, and the question stays
		if size.columns >= 40 {
			s.WaitFor("A requirement.", "Answer  no", "taller window")
			if !strings.Contains(s.Text(), "now?") {
				t.Errorf("%d by %d: the question went:\n%s", size.columns, size.rows, s.Text())
			}
		}
		s.Type("?")
		s.WaitFor("Answer  no", "now?")
		s.Press("ctrl+c")
		s.WantExit(130)
	}
}

// Ctrl+c at any step ends with 130, and nothing is written or recommended.
func TestInterruptAtEveryStep(t *testing.T) {
	t.Parallel()
	steps := []struct {
		at   string
		keys []string
	}{
		{details, []string{"enter", "enter", "enter", "enter"}}, {immediacy, []string{"down", "enter"}}, {retryability, []string{"down", "enter"}},
		{latency, []string{"down", "down", "enter"}}, {coupling, []string{"down", "enter"}}, {mode, nil},
	}
	for stop := range steps {
		t.Run(steps[stop].at, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			s := ask(t, screentest.Options{Stdout: out})
			for _, step := range steps[:stop] {
				s.WaitFor(step.at)
				s.Press(step.keys...)
			}
			s.WaitFor(steps[stop].at)
			s.Press("ctrl+c")
			s.WantExit(130)
			if data, err := os.ReadFile(out); err != nil || len(data) > 0 {
				t.Errorf("standard output holds %q, %v", data, err)
			}
			if entries, _ := os.ReadDir(s.Dir()); len(entries) > 0 {
				t.Errorf("the folder holds %v", entries)
			}
		})
	}
}

// The steps after the questions can be stopped too, and write nothing.
func TestInterruptTheVerdict(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{"", "s"} {
		s := ask(t, screentest.Options{Rows: 60, Columns: 80})
		fill(s, "charge", "", "")
		s.Type("1\r1\r1\r1\r1\r")
		s.WaitFor(verdict)
		if keys != "" {
			s.Type(keys)
			s.WaitFor(file)
		}
		s.Press("ctrl+c")
		s.WantExit(130)
		if entries, _ := os.ReadDir(s.Dir()); len(entries) > 0 {
			t.Errorf("the folder holds %v", entries)
		}
	}
}

func TestTerminate(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if signal.Ignored(sig) {
			continue // by whoever runs the tests, as nohup does, and so by the program
		}
		s := ask(t, screentest.Options{})
		s.WaitFor(details)
		s.Signal(sig)
		s.WantExit(130)
		if raw := s.Raw(); !strings.Contains(raw, "\x1b[?25h") || strings.Contains(raw, "goroutine") {
			t.Errorf("%v left the cursor hidden, or a trace on the screen", sig)
		}
	}
}

// The recommendation goes to standard output, the form to the terminal.
func TestRedirectedOutput(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "decision.md")
	s := ask(t, screentest.Options{Stdout: out}, "--immediacy", "no", "--retryability", "yes", "--latency", "no", "--format", "markdown", "--yes")
	fill(s, "send-receipt", "", "mailer")
	s.WaitFor(coupling)
	s.Type("yes\rno\rno\r")
	s.WaitFor(mode)
	s.Type("4\r")
	s.WantExit(0)
	data, err := os.ReadFile(out)
	if err != nil || !strings.Contains(string(data), "`send-receipt`") || !strings.Contains(string(data), "> I'd make send-receipt asynchronous") {
		t.Errorf("decision.md holds %q, %v", data, err)
	}
	if strings.Contains(string(data), "\x1b") || strings.Contains(string(data), immediacy) {
		t.Errorf("decision.md holds what belongs to the terminal: %q", data)
	}
	if strings.Contains(s.Text(), "I'd make") || strings.Contains(s.Text(), verdict) {
		t.Errorf("the terminal shows what belongs to the file, or an offer that --yes declined:\n%s", s.Text())
	}
}

// A terminal that is made narrower or lower shows what fits, with the question
// and every option; made large again it shows all.
func TestResize(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Env: []string{"NO_COLOR=1"}})
	fill(s, "", "", "")
	s.WaitFor(immediacy, "For example, yes: a login")
	for _, size := range []struct {
		name    string
		columns uint16
		rows    uint16
	}{{"40x24", 40, 24}, {"40x10", 40, 10}, {"140x40", 140, 40}, {"80x24", 80, 24}} {
		s.Resize(size.columns, size.rows)
		s.Golden(golden("resized-"+size.name), *update)
	}
	if !strings.Contains(s.Raw(), "\x1b[2J") { // terminals break lines that became too long: what they leave must be wiped
		t.Error("the screen was not cleared when the terminal got another size")
	}
	s.Type("y\r")
	s.WaitFor(retryability)
}

// Every screen of the form fits the terminals that people have, from forty
// columns on, and keeps the question, the options and the state in sight.
func TestSizes(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ columns, rows uint16 }{{40, 24}, {60, 15}, {132, 43}, {200, 60}} {
		s := ask(t, screentest.Options{Columns: size.columns, Rows: size.rows, Stdout: os.DevNull}, "--yes")
		fill(s, "a", "b", "c")
		for _, ask := range []string{"Does the user need", "Can this operation fail", "Will it take more", "Does this create coupling"} {
			s.WaitFor(ask, "Answer", "not sure", "Still possible:")
			for _, line := range strings.Split(s.Text(), "\n") {
				if n := len([]rune(line)); n > int(size.columns) {
					t.Errorf("%d columns hold a line of %d: %q", size.columns, n, line)
				}
			}
			s.Type("1\r")
		}
		s.WaitFor(mode, "Answer", "not built")
		s.Type("1\r")
		s.WantExit(0)
	}
}

// Colors come from the sixteen of the terminal's own theme, so no background
// is asked for; NO_COLOR leaves none.
func TestColors(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"A=1", "NO_COLOR=1"} {
		s := ask(t, screentest.Options{Env: []string{env}})
		fill(s, "", "", "")
		s.WaitFor(immediacy)
		s.Press("ctrl+c")
		s.WantExit(130)
		raw := s.Raw()
		if strings.Contains(raw, "\x1b]11;") || strings.Contains(raw, "\x1b[6n") {
			t.Errorf("%s: the terminal was asked something: %q", env, raw)
		}
		if strings.Contains(raw, "38;5;") || strings.Contains(raw, "38;2;") || strings.Contains(raw, "48;") {
			t.Errorf("%s: a color that no theme sets: %q", env, raw)
		}
		if colored := strings.Contains(raw, "\x1b[1m\x1b[32m") || strings.Contains(raw, "[32;1m") || strings.Contains(raw, "[1;32m"); colored != (env == "A=1") {
			t.Errorf("%s: colored is %v: %q", env, colored, raw)
		}
	}
}

// Killed at any moment, ask leaves the manifest as it was or with the operation
// added, never in between, and the next run works.
func TestKilledWhileSaving(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "shop.yaml")
	old := "service: shop\n" + strings.Repeat("# a long manifest\n", 20000) + "operations:\n  - name: a\n"
	const added = "  - name: b\n    answers: {immediacy: yes, retryability: no, latency: no, coupling: no}\n"
	args := []string{"ask", "--name", "b", "--immediacy", "yes", "--retryability", "no", "--latency", "no", "--coupling", "no", "--save", "shop.yaml"}
	for delay := range 12 {
		if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
			t.Fatal(err)
		}
		s := screentest.Start(t, screentest.Options{Args: args, Dir: dir})
		time.Sleep(time.Duration(delay) * 4 * time.Millisecond)
		s.Signal(syscall.SIGKILL)
		s.Exit()
		if got := read(t, s, "shop.yaml"); got != old && got != old+added {
			t.Fatalf("killed after %d ms: the manifest has %d bytes, neither the old %d nor the new %d", delay*4, len(got), len(old), len(old+added))
		}
	}
	if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := screentest.Run(t, dir, "", nil, args...); code != 0 {
		t.Errorf("the next run ended with %d: %s", code, stderr)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the folder holds %v", entries)
	}
}

// A dumb terminal gets plain lines, without an escape sequence.
func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	for _, o := range []screentest.Options{
		{Env: []string{"TERM=dumb"}}, {Env: []string{"ACCESSIBLE=1"}},
	} {
		o.Rows, o.Columns = 60, 100
		s := ask(t, o, "--name", "charge", "--caller", "shop", "--callee", "bank", "--immediacy", "yes", "--retryability", "no")
		s.WaitFor("Question 1 of 2, latency", "Answer, 1 to 4, or a duration such as 900ms:")
		s.Type("900ms\r")
		s.WaitFor("Question 2 of 2, coupling", "Answer, 1 to 3:")
		s.Type("<\r")
		s.WaitFor("Answer, 1 to 3: <")
		s.Type("1\r")
		s.WaitFor("Still possible: sync. Latency no ruled out hybrid.")
		s.Type("2\r")
		s.WaitFor(mode)
		s.Type("sync\r")
		s.WaitFor("Description, or an empty line for none:")
		s.Type("\r")
		s.WaitFor("Add this operation to a manifest?")
		s.Type("no\r")
		s.WantExit(0)
		if raw := s.Raw(); strings.ContainsRune(raw, '\x1b') && o.Env[0] == "TERM=dumb" {
			t.Errorf("escape sequences on a dumb terminal: %q", raw)
		}
	}
}

// What the terminal answers to another program is not typed into a field, no character of
// a long text is lost, and ctrl+c stops a paste whose end never comes.
func TestWhatTerminalsSend(t *testing.T) {
	t.Parallel()
	s := ask(t, screentest.Options{Columns: 120, Rows: 40})
	s.WaitFor(details)
	s.Type("\x1b]11;rgb:0000/0000/0000\x07")
	s.Type(strings.Repeat("支払い", 30)[:86*len("支")])
	s.Press("enter")
	s.Type("\x1b]11;rgb:0000/0000/0000\x1b\\shop")
	s.WaitFor("Caller       shop")
	if n := strings.Count(s.Text(), "rgb"); n > 0 {
		t.Errorf("an answer of the terminal is on the screen:\n%s", s.Text())
	}
	s.Type("\x1b[200~never ended")
	s.Press("ctrl+c")
	s.WantExit(130)
}

// A key deletes what people take for one character: a family with all its members, both
// halves of a flag, a letter with its accent.
func TestWholeCharacters(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := ask(t, screentest.Options{Rows: 40, Columns: 80, Dir: dir}, "--save", "shop.yaml", "--caller", "", "--callee", "", "--description", "",
		"--mode", "sync", "--immediacy", "yes", "--retryability", "no", "--latency", "no", "--coupling", "no")
	s.WaitFor("Name")
	s.Type("a👨‍👩‍👧🇩🇪e\u0301")
	for range 3 {
		s.Press("backspace")
	}
	s.Type("b👨‍👩‍👧")
	s.Press("left")
	s.Type("c")
	s.Type("\x1b[3~\r") // delete
	s.WantExit(0)
	if got := read(t, s, "shop.yaml"); !strings.Contains(got, "name: abc\n") {
		t.Errorf("the manifest is\n%s", got)
	}
}
