// Bench measures waitornot against a floor: a program that only decodes the
// same bytes with the YAML library. It prints what it measured as Markdown,
// with the bar that each figure should hold.
//
//	go run ./testdata/bench [-size N] [-runs N] [-shapes all|NAME,...] [-update cmd/docs/performance.md]
//
//	go run ./testdata/bench -growth [-size N]   # an exponent for each command and each kind of growth
//	go run ./testdata/bench -editor 2000 [-update cmd/docs/performance.md]   # the language server, in a folder of that many services
//
// Reading alone, by size, is measured with
//
//	go test -bench . ./testdata/bench
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	size := flags.Int("size", 100_000, "how many `operations` the large manifest has")
	runs := flags.Int("runs", 7, "how `often` each program runs; medians are shown")
	only := flags.String("shapes", "", "measure only the shapes of these `names`, with commas between")
	growing := flags.Bool("growth", false, "measure how commands grow from a tenth of -size to it, and nothing else")
	services := flags.Int("editor", 0, "measure the language server in a folder of this many `services`, and nothing else")
	keystrokes := flags.Int("keystrokes", 200, "how many `letters` are typed in the editor")
	shapeSize := flags.Int("shape-size", 20_000, "how many `operations` a manifest of each shape has")
	update := flags.String("update", "", "rewrite the table in this `file`, between its two marks")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *size < 10 || *runs < 1 || *keystrokes < 1 || flags.NArg() > 0 {
		return fmt.Errorf("want a size of 10 or more, one run and one letter or more, and no arguments")
	}
	dir, err := os.MkdirTemp("", "waitornot-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := bench{dir: dir, runs: *runs, size: *size, progress: progress}
	figures, err := b.measure(*only != "" || *growing || *services > 0)
	if err != nil {
		return err
	}
	if *growing {
		return b.growth(out)
	}
	if *services > 0 {
		f, err := b.editing(*services, *keystrokes)
		if err != nil {
			return err
		}
		return show(out, f.markdown(), *update, editorMarks)
	}
	var names []string
	if *only != "" && *only != "all" {
		names = strings.Split(*only, ",")
	}
	shapes, err := b.shapes(*shapeSize, names)
	if err != nil {
		return err
	}
	table := shapeTable(shapes, *shapeSize, *runs)
	if *only == "" {
		table = figures.markdown() + table
	}
	return show(out, table, *update, benchMarks)
}

// show prints a table, and writes it between two marks of a file when that has a name.
func show(out io.Writer, table, update string, marks [2]string) error {
	if _, err := io.WriteString(out, table); err != nil || update == "" {
		return err
	}
	return rewrite(update, table, marks[0], marks[1])
}

// The marks of a page between which tables stand.
var (
	benchMarks = [2]string{
		"<!-- bench: written by go run ./testdata/bench -update cmd/docs/performance.md -->\n", "<!-- bench ends -->\n",
	}
	editorMarks = [2]string{
		"<!-- editor: written by go run ./testdata/bench -editor 2000 -update cmd/docs/performance.md -->\n", "<!-- editor ends -->\n",
	}
)

// rewrite replaces the text between the two marks of a file.
func rewrite(name, table, startMark, endMark string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(data, []byte(startMark))
	if !ok {
		return fmt.Errorf("%s has no line %q", name, startMark)
	}
	_, after, ok := bytes.Cut(rest, []byte(endMark))
	if !ok {
		return fmt.Errorf("%s has no line %q after the first mark", name, endMark)
	}
	text := bytes.Join([][]byte{before, []byte(startMark), []byte(table), []byte(endMark), after}, nil)
	temporary := filepath.Join(filepath.Dir(name), ".bench-"+filepath.Base(name))
	if err := os.WriteFile(temporary, text, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}
