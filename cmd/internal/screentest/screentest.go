//go:build unix

// Package screentest runs the program on a terminal of its own and looks at the
// screen. It is for tests alone: the program under test is the binary that users
// run, the terminal is the controlling terminal of its session, and what is
// compared is what a person would see.
package screentest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// The environment variables through which tests find the binary that Main built
// and the folder of the module that it was built from.
const (
	binaryVar = "WAITORNOT_TEST_BINARY"
	moduleVar = "WAITORNOT_TEST_MODULE"
)

// Main builds the program once, runs the tests and returns the exit code. It is
// what the TestMain of a package with screen tests calls.
func Main(m *testing.M) int { return MainOf(m, "waitornot") }

// MainOf does what Main does for a program of a test's own: the package that
// wraps the program, say to give it another clock.
func MainOf(m *testing.M, program string) int {
	dir, err := os.MkdirTemp("", "waitornot-screen-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "waitornot")
	build := exec.Command("go", "build", "-o", binary, program)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program under test:", err)
		return 1
	}
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err = errors.Join(err, os.Setenv(binaryVar, binary), os.Setenv(moduleVar, strings.TrimSpace(string(module)))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// Binary returns the program under test.
func Binary(t testing.TB) string {
	t.Helper()
	path := os.Getenv(binaryVar)
	if path == "" {
		t.Fatal("the program is not built: TestMain must call screentest.Main")
	}
	dependOnSource(t)
	return path
}

// dependOnSource looks at every folder of the module, because go test only runs
// a test again when something changed that the test itself has looked at.
func dependOnSource(t testing.TB) {
	t.Helper()
	err := filepath.WalkDir(os.Getenv(moduleVar), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Patience is how long a screen is waited for. It is long, because it is only
// spent when a test fails.
const patience = 3 * time.Minute

// Options say what is run and on which terminal. The zero value runs the
// program without arguments on 80 columns and 24 lines.
type Options struct {
	Args    []string
	Env     []string // added to an environment that holds TERM, HOME and PATH only
	Dir     string   // a new folder of the test's when empty
	Columns uint16
	Rows    uint16
	Mute    bool   // the terminal answers no queries
	Shell   string // a command line for a shell with job control, in which "$0" is the program; Args are its arguments
	Stdout  string // a file that standard output goes to instead
}

// A Screen is a terminal on which a program runs.
type Screen struct {
	t    testing.TB
	pty  *os.File
	cmd  *exec.Cmd
	dir  string
	done chan struct{} // closed when the program has ended and all it wrote is shown

	mu  sync.Mutex
	vt  *vt.Emulator
	raw bytes.Buffer
}

// Start runs the program. It is ended when the test is.
func Start(t testing.TB, o Options) *Screen {
	t.Helper()
	if o.Columns == 0 {
		o.Columns, o.Rows = 80, 24
	}
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s := &Screen{t: t, dir: o.Dir, done: make(chan struct{}), vt: vt.NewEmulator(int(o.Columns), int(o.Rows))}
	s.cmd = exec.Command(Binary(t), o.Args...)
	if o.Shell != "" {
		s.cmd = exec.Command("bash", append([]string{"-mc", o.Shell, Binary(t)}, o.Args...)...)
	}
	s.cmd.Dir = o.Dir
	s.cmd.Env = append([]string{"TERM=xterm-256color", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, o.Env...)
	s.open(o)
	t.Cleanup(s.close)
	go s.show()
	go s.answer(o.Mute)
	return s
}

// open starts the program with the terminal as its controlling terminal.
func (s *Screen) open(o Options) {
	s.t.Helper()
	terminal, program, err := pty.Open()
	if err != nil {
		s.t.Skipf("no pseudo terminal here: %v", err)
	}
	s.pty = terminal
	defer program.Close()
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: o.Rows, Cols: o.Columns}); err != nil {
		s.t.Fatal(err)
	}
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = program, program, program
	if o.Stdout != "" {
		f, err := os.Create(o.Stdout)
		if err != nil {
			s.t.Fatal(err)
		}
		defer f.Close()
		s.cmd.Stdout = f
	}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Screen) close() {
	_ = s.cmd.Process.Kill()
	_ = s.pty.Close()
	<-s.done
	if replies, ok := s.vt.InputPipe().(io.Closer); ok {
		_ = replies.Close() // ends answer; closing the emulator itself would race with its reader
	}
}

// show puts what the program writes on the screen until it ends.
func (s *Screen) show() {
	defer close(s.done)
	buf := make([]byte, 4096)
	for {
		n, err := s.pty.Read(buf)
		if n > 0 {
			s.mu.Lock()
			s.raw.Write(buf[:n])
			_, _ = s.vt.Write(buf[:n])
			s.mu.Unlock()
		}
		if err != nil {
			_ = s.cmd.Wait()
			return
		}
	}
}

// answer hands what the terminal replies to queries back to the program.
func (s *Screen) answer(mute bool) {
	var to io.Writer = s.pty
	if mute {
		to = io.Discard
	}
	_, _ = io.Copy(to, s.vt)
}

// Dir returns the folder in which the program runs.
func (s *Screen) Dir() string { return s.dir }

// Text returns what is on the screen, without colors, blanks at line ends and
// empty lines at the bottom.
func (s *Screen) Text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return tidy(ansi.Strip(s.vt.Render()))
}

func tidy(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \u00a0")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

// Cursor returns where the terminal's cursor stands, from 0.
func (s *Screen) Cursor() (column, row int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.vt.CursorPosition()
	return p.X, p.Y
}

// Raw returns every byte the program has written to the terminal.
func (s *Screen) Raw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// Await waits until ok says that the screen is as it should be.
func (s *Screen) Await(what string, ok func(text string) bool) {
	s.t.Helper()
	deadline := time.Now().Add(patience)
	for !ok(s.Text()) {
		ended := s.ended()
		if ended && !ok(s.Text()) || time.Now().After(deadline) {
			s.t.Fatalf("the screen never showed %s (ended: %v); it shows:\n%s", what, ended, s.Text())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *Screen) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// WaitFor waits until all the texts are on the screen.
func (s *Screen) WaitFor(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.Await(fmt.Sprintf("%q", text), func(screen string) bool { return strings.Contains(screen, text) })
	}
}

// keys are the bytes that a terminal sends for keys that are no characters.
var keys = map[string]string{
	"enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "up": "\x1b[A", "down": "\x1b[B", "esc": "\x1b",
	"backspace": "\x7f", "ctrl+c": "\x03", "ctrl+d": "\x04", "ctrl+u": "\x15", "ctrl+z": "\x1a",
	"left": "\x1b[D", "pgdown": "\x1b[6~", "end": "\x1b[F",
}

// Press presses keys by name: enter, tab, shift+tab, up, down, left, esc, backspace,
// pgdown, end, ctrl+c, ctrl+d, ctrl+u, ctrl+z.
func (s *Screen) Press(names ...string) {
	s.t.Helper()
	for _, name := range names {
		key, ok := keys[name]
		if !ok {
			s.t.Fatalf("unknown key %q", name)
		}
		s.Type(key)
	}
}

// Type types text as it is.
func (s *Screen) Type(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.pty, text); err != nil {
		s.t.Fatalf("type %q: %v; the screen shows:\n%s", text, err, s.Text())
	}
}

// Paste pastes text as a terminal does that was asked to mark what is pasted.
func (s *Screen) Paste(text string) {
	s.t.Helper()
	s.Type("\x1b[200~" + text + "\x1b[201~")
}

// Resize gives the terminal another size and tells the program.
func (s *Screen) Resize(columns, rows uint16) {
	s.t.Helper()
	s.mu.Lock()
	s.vt.Resize(int(columns), int(rows))
	s.mu.Unlock()
	if err := pty.Setsize(s.pty, &pty.Winsize{Rows: rows, Cols: columns}); err != nil {
		s.t.Fatal(err)
	}
}

// Signal sends the program a signal.
func (s *Screen) Signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatal(err)
	}
}

// Exit waits for the end of the program and returns its exit code.
func (s *Screen) Exit() int {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		shown := s.Text()
		_ = s.cmd.Process.Signal(syscall.SIGABRT) // it says where it stands
		time.Sleep(time.Second)
		s.t.Fatalf("the program does not end; the screen shows:\n%s\nand then:\n%s", shown, s.Raw())
	}
	return s.cmd.ProcessState.ExitCode()
}

// WantExit waits for the end of the program and fails when it ends with another
// code.
func (s *Screen) WantExit(code int) {
	s.t.Helper()
	if got := s.Exit(); got != code {
		s.t.Fatalf("exit code = %d, want %d; the screen shows:\n%s", got, code, s.Text())
	}
}

// Golden waits until the screen is the text of the file. With update it waits
// until the screen rests and writes the file instead.
func (s *Screen) Golden(path string, update bool) {
	s.t.Helper()
	if update {
		if err := os.WriteFile(path, []byte(s.rest()), 0o644); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	want := string(data)
	s.Await(path+":\n"+want, func(text string) bool { return text == want })
}

// rest returns the screen once it has not changed for a while.
func (s *Screen) rest() string {
	const still = 400 * time.Millisecond
	text, since := s.Text(), time.Now()
	for time.Since(since) < still {
		time.Sleep(10 * time.Millisecond)
		if now := s.Text(); now != text {
			text, since = now, time.Now()
		}
	}
	return text
}

// Run runs the program without a terminal, with the given standard input, and
// returns what it wrote and its exit code.
func Run(t testing.TB, dir, stdin string, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := exec.Command(Binary(t), args...)
	c.Dir = dir
	c.Env = append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, env...)
	c.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no controlling terminal to open behind the test's back
	err := c.Run()
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}
