package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
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
// operation go to nowhere.
var growingCommands = [][]string{
	{"check"}, {"check", "-o", "json"}, {"advise"}, {"graph"}, {"plan"}, {"report"}, {"report", "--format", "markdown"}, {"waivers"},
}

// growth prints an exponent for each command and family: the CPU time of n operations
// goes with n to the power of it.
func (b *bench) growth(out io.Writer) error {
	fmt.Fprintf(out, "| growing | command | a tenth | whole | peak memory | exponent |\n|---|---|---|---|---|---|\n")
	for _, f := range families {
		n := max(b.size/f.least, 100)
		for _, size := range []int{n / 10, n} {
			dir := fmt.Sprintf("grow-%d", size)
			if err := os.MkdirAll(b.path(dir), 0o755); err != nil {
				return err
			}
			if err := f.write(b, dir, size); err != nil {
				return err
			}
		}
		for _, c := range growingCommands {
			args := func(size int) []string {
				return append(append([]string{b.program("waitornot")}, c...), b.path(fmt.Sprintf("grow-%d", size)))
			}
			samples, err := b.inTurn(min(b.runs, 3), command{"2", args(n / 10)}, command{"2", args(n)})
			if err != nil {
				return err
			}
			small, large := median(samples[0]), median(samples[1])
			fmt.Fprintf(out, "| %s, %s | `%s` | %s | %s | %d MiB | %.2f |\n", thousands(n), f.name, strings.Join(c, " "),
				seconds(small.cpu), seconds(large.cpu), large.memory>>20, math.Log10(float64(large.cpu)/float64(small.cpu)))
		}
		for _, size := range []int{n / 10, n} {
			if err := os.RemoveAll(b.path(fmt.Sprintf("grow-%d", size))); err != nil {
				return err
			}
		}
	}
	return nil
}
