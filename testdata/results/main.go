// Results reads what go test -json writes: it shows packages as go test does, and tests
// that fail with all that they said. It remembers which tests ran and which were skipped,
// and why, so that several runs can be told as one: a test that one run skips may run in
// another.
//
//	go test -json ./... | go run ./testdata/results -into DIR
//	go run ./testdata/results -from DIR
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// errFailed says that a test failed; which one has been shown.
var errFailed = errors.New("tests failed")

func main() {
	into := flag.String("into", "", "folder that remembers what ran")
	from := flag.String("from", "", "list what no run has run, of those that the folder remembers")
	show := flag.String("show", "", "regular expression for further lines to show")
	flag.Parse()
	if err := run(*into, *from, *show); err != nil {
		fmt.Fprintln(os.Stderr, "results:", err)
		os.Exit(1)
	}
}

func run(into, from, show string) error {
	if from != "" {
		m, err := remembered(from)
		if err != nil {
			return err
		}
		return m.list(os.Stdout)
	}
	var lines *regexp.Regexp
	if show != "" {
		lines = regexp.MustCompile(show)
	}
	m, failed := read(os.Stdin, os.Stdout, lines)
	if into != "" {
		if err := m.keep(into); err != nil {
			return err
		}
	}
	return failed
}

// An event is a line of go test -json.
type event struct{ Action, Package, Test, Output string }

// A memory is what became of tests: of those that were skipped, why.
type memory struct {
	Ran     map[string]bool
	Skipped map[string]string
}

// read reads the events of a run, and shows what a reader wants to see.
func read(in io.Reader, out io.Writer, show *regexp.Regexp) (memory, error) {
	m := memory{map[string]bool{}, map[string]string{}}
	said := map[string][]string{} // by test, until it has passed
	racing := map[string]bool{}   // by test: a report of the race detector is under way
	var failed error
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text()) // of the compiler, say
			continue
		}
		name := e.Package
		if e.Test != "" {
			name += "." + e.Test
		}
		switch e.Action {
		case "output", "build-output":
			said[name] = append(said[name], e.Output)
			whole := e.Test == "" && (strings.HasPrefix(e.Output, "ok ") || strings.HasPrefix(e.Output, "FAIL\t"))
			// Go puts a race down to whichever test wrote last, which may pass.
			racing[name] = (racing[name] || strings.HasPrefix(e.Output, "WARNING: DATA RACE")) && !strings.HasPrefix(e.Output, "======")
			if whole || racing[name] || e.Action == "build-output" || show != nil && show.MatchString(e.Output) {
				fmt.Fprint(out, e.Output)
			}
		case "pass":
			m.Ran[name] = true
			delete(said, name)
		case "skip":
			if e.Test != "" {
				m.Skipped[name] = reason(said[name])
			}
			delete(said, name)
		case "fail", "build-fail":
			failed = errFailed
			fmt.Fprint(out, strings.Join(said[name], ""))
			m.Ran[name] = true
		}
	}
	if len(m.Ran) == 0 && failed == nil {
		failed = errors.New("no test ran")
	}
	return m, errors.Join(failed, lines.Err())
}

// place is where a test said something.
var place = regexp.MustCompile(`^\s*[\w.]+\.go:\d+: `)

// reason returns the last thing that a skipped test said.
func reason(said []string) string {
	for _, line := range slices.Backward(said) {
		if place.MatchString(line) {
			return strings.TrimSpace(place.ReplaceAllString(line, ""))
		}
	}
	return "no reason given"
}

// keep writes a memory into a new file of a folder.
func (m memory) keep(dir string) error {
	f, err := os.CreateTemp(dir, "*.json")
	if err != nil {
		return err
	}
	return errors.Join(json.NewEncoder(f).Encode(m), f.Close())
}

// remembered returns what all runs of a folder remember.
func remembered(dir string) (memory, error) {
	all := memory{map[string]bool{}, map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return all, fmt.Errorf("%s remembers no run: %w", dir, errors.Join(err, os.ErrNotExist))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return all, err
		}
		var one memory
		if err := json.Unmarshal(text, &one); err != nil {
			return all, fmt.Errorf("%s: %w", file, err)
		}
		maps.Copy(all.Ran, one.Ran)
		maps.Copy(all.Skipped, one.Skipped)
	}
	return all, nil
}

// list writes the tests that were skipped by every run.
func (m memory) list(out io.Writer) error {
	for _, name := range slices.Sorted(maps.Keys(m.Skipped)) {
		if !m.Ran[name] {
			if _, err := fmt.Fprintf(out, "SKIPPED: %s: %s\n", name, m.Skipped[name]); err != nil {
				return err
			}
		}
	}
	return nil
}
