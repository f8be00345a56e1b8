package disk

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// appendVar makes the test binary a process that appends: its value is the path
// of the log and the name of the process.
const appendVar = "DISK_TEST_APPEND"

const appends = 60

// TestAppendProcess is no test: it is what the processes of TestAppendTogether
// run.
func TestAppendProcess(t *testing.T) {
	path, name, ok := strings.Cut(os.Getenv(appendVar), "|")
	if !ok {
		return // nobody asked for it
	}
	for i := range appends {
		if err := (Disk{}).Append(path, []byte(fmt.Sprintf("%s %d %s\n", name, i, strings.Repeat("x", 200*(i%5))))); err != nil {
			t.Fatal(err)
		}
	}
}

// Two processes append to one log at the same time: every line is there, whole,
// and those of one process in its order.
func TestAppendTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	var running []*exec.Cmd
	for _, name := range []string{"a", "b"} {
		c := exec.Command(os.Args[0], "-test.run=^TestAppendProcess$")
		c.Env = append(os.Environ(), appendVar+"="+path+"|"+name)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, c)
	}
	for _, c := range running {
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	next := map[string]int{}
	for line := range strings.Lines(string(log)) {
		var name string
		var i int
		if n, err := fmt.Sscanf(line, "%s %d", &name, &i); n != 2 || err != nil || i != next[name] || !strings.HasSuffix(line, "\n") {
			t.Fatalf("line %q, want %s %d", line, name, next[name])
		}
		next[name]++
	}
	if next["a"] != appends || next["b"] != appends {
		t.Errorf("%d lines of a and %d of b, want %d of each", next["a"], next["b"], appends)
	}
}

// A line that was cut short stays alone.
func TestAppendAfterTorn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte("whole\nto"), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := (Disk{}).Append(path, []byte("next\n")); err != nil {
			t.Fatal(err)
		}
	}
	if log, _ := os.ReadFile(path); !bytes.Equal(log, []byte("whole\nto\nnext\nnext\n")) {
		t.Errorf("the log is %q", log)
	}
}

// A log that cannot be written is named in the error.
func TestAppendFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "no", "log")
	if err := (Disk{}).Append(path, []byte("x\n")); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names %s", err, path)
	}
}
