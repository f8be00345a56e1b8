package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"waitornot/testdata/bench/input"
)

// A family is manifests that grow in one way.
type family struct {
	name  string
	least int // the part of -size that it grows to: all of it when 1, a tenth when 10
	write func(b *bench, dir string, n int) error
}

// families are what may grow.
var families = []family{
	{"operations", 1, func(b *bench, dir string, n int) error {
		return b.write(filepath.Join(dir, "waitornot.yaml"), func(w *writer) { input.Write(w, n, 1) })
	}},
	{"journeys of five steps", 10, func(b *bench, dir string, n int) error {
		return b.write(filepath.Join(dir, "waitornot.yaml"), func(w *writer) { input.Journeys(w, n) })
	}},
	{"steps of a journey", 3, func(b *bench, dir string, n int) error {
		return b.write(filepath.Join(dir, "waitornot.yaml"), func(w *writer) { input.LongJourney(w, n) })
	}},
	{"services in a chain", 10, func(b *bench, dir string, n int) error {
		return b.write(filepath.Join(dir, "waitornot.yaml"), func(w *writer) { input.Chain(w, n) })
	}},
	{"files of ten operations", 10, func(b *bench, dir string, n int) error {
		for i := range n {
			at := filepath.Join(dir, fmt.Sprintf("%03d", i/1000))
			if err := os.MkdirAll(b.path(at), 0o755); err != nil {
				return err
			}
			if err := b.write(filepath.Join(at, fmt.Sprintf("%d.waitornot.yaml", i)), func(w *writer) { input.Service(w, fmt.Sprintf("service-%d", i), 10) }); err != nil {
				return err
			}
		}
		return nil
	}},
}

// growingCommands are measured on each family; those that write a text for every
// operation go to nowhere. An adr writes a file for each operation, up to its limit. OLD is a folder of
// manifests, NEW the same with half of the operations changed, REPO a work tree in which
// they did, ADR an empty folder.
var growingCommands = [][]string{
	{"check", "OLD"}, {"check", "--format", "json", "OLD"}, {"check", "--since", "HEAD", "REPO"},
	{"advise", "OLD"}, {"graph", "OLD"}, {"plan", "OLD"},
	{"report", "OLD"}, {"report", "--format", "markdown", "OLD"},
	{"diff", "OLD", "NEW"}, {"waivers", "OLD"}, {"adr", "--dir", "ADR", "OLD"},
}

// growth prints an exponent for each command and family: the CPU time of n operations
// goes with n to the power of it. What explain says depends on no manifest.
func (b *bench) growth(out io.Writer) error {
	fmt.Fprintf(out, "| growing | command | a tenth | whole | peak memory | exponent |\n|---|---|---|---|---|---|\n")
	for _, f := range families {
		for _, args := range growingCommands {
			n := max(b.size/f.least, 100)
			if err := b.grow(out, f, args, n); err != nil {
				return err
			}
		}
	}
	return b.growImport(out, max(b.size/10, 100))
}

// grow measures a command on a family of n, and of a tenth.
func (b *bench) grow(out io.Writer, f family, args []string, n int) error {
	for _, size := range []int{n / 10, n} {
		if err := b.plant(f, size, slices.Contains(args, "NEW"), slices.Contains(args, "REPO")); err != nil {
			return err
		}
	}
	err := b.exponent(out, fmt.Sprintf("%s, %s", thousands(n), f.name), args, n)
	for _, size := range []int{n / 10, n} {
		err = errors.Join(err, os.RemoveAll(b.path(plot(size))))
	}
	return err
}

// plot is the folder of what has a size.
func plot(size int) string { return fmt.Sprintf("grow-%d", size) }

// plant writes a family of a size, and what a command needs besides.
func (b *bench) plant(f family, size int, changed, committed bool) error {
	for _, where := range []string{"OLD", "NEW", "REPO", "ADR"} {
		dir := filepath.Join(plot(size), where)
		if err := os.MkdirAll(b.path(dir), 0o755); err != nil {
			return err
		}
		if where == "ADR" || where == "NEW" && !changed || where == "REPO" && !committed {
			continue
		}
		if err := f.write(b, dir, size); err != nil {
			return err
		}
		if where == "REPO" {
			if err := commit(b.path(dir)); err != nil {
				return err
			}
		}
		if where != "OLD" {
			if err := alter(b.path(dir)); err != nil {
				return err
			}
		}
	}
	return nil
}

// commit makes a work tree of a folder, and commits what is there.
func commit(dir string) error {
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", "as it was"}} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
		}
	}
	return nil
}

// alter answers a question otherwise in the manifests of a folder.
func alter(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, bytes.ReplaceAll(text, []byte("immediacy: yes"), []byte("immediacy: later")), 0o644)
	})
}

// growImport measures drafting manifests from a Compose file, and comparing them with it.
func (b *bench) growImport(out io.Writer, services int) error {
	for _, size := range []int{services / 10, services} {
		for _, where := range []string{"OLD", "SOURCE"} {
			if err := os.MkdirAll(b.path(filepath.Join(plot(size), where)), 0o755); err != nil {
				return err
			}
		}
		source := filepath.Join(plot(size), "SOURCE", "compose.yaml")
		if err := b.write(source, func(w *writer) { input.Compose(w, size) }); err != nil {
			return err
		}
		if _, err := (command{"2", []string{b.program("waitornot"), "import", "--write", b.path(filepath.Join(plot(size), "OLD")), b.path(source)}}).run(); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"import", "SOURCE"}, {"import", "--check", "--manifests", "OLD", "SOURCE"}} {
		if err := b.exponent(out, thousands(services)+", services of a Compose file", args, services); err != nil {
			return err
		}
	}
	return nil
}

// exponent measures a command over what was planted, and prints how it grows.
func (b *bench) exponent(out io.Writer, what string, args []string, n int) error {
	place := func(arg string) bool { return arg == strings.ToUpper(arg) && arg != "HEAD" }
	at := func(size int) command {
		all := []string{b.program("waitornot")}
		for _, a := range args {
			if place(a) {
				a = b.path(filepath.Join(plot(size), a))
			}
			all = append(all, a)
		}
		return command{"2", all}
	}
	runs := min(b.runs, 3)
	if args[0] == "adr" {
		runs = 1 // the second finds the files of the first
	}
	samples, err := b.inTurn(runs, at(n/10), at(n))
	if err != nil {
		return err
	}
	shown := slices.Clone(args)
	for i, a := range shown {
		if place(a) {
			shown[i] = strings.ToLower(a)
		}
	}
	small, large := median(samples[0]), median(samples[1])
	fmt.Fprintf(out, "| %s | `%s` | %s | %s | %d MiB | %.2f |\n", what, strings.Join(shown, " "),
		seconds(small.cpu), seconds(large.cpu), large.memory>>20, math.Log10(float64(large.cpu)/float64(small.cpu)))
	return nil
}
