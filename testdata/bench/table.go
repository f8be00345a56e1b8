package main

import (
	"fmt"
	"strings"
	"time"
)

// markdown shows the figures: first against their bars, then as they are.
func (f *figures) markdown() string {
	var b strings.Builder
	size := thousands(f.size)
	fmt.Fprintf(&b, "| what | measured | bar | holds |\n|---|---|---|---|\n")
	row := func(what, measured string, is, bar float64, shown string) {
		holds := "yes"
		if is > bar {
			holds = "**no**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", what, measured, shown, holds)
	}
	row(fmt.Sprintf("`check` of %s operations (%.0f MB), two cores, against the floor", size, float64(f.bytes)/1e6),
		fmt.Sprintf("%.2f of its time", f.ratio), f.ratio, 0.25, "0.25")
	memory := share(f.check.memory, f.floor.memory)
	row("the same, peak memory", fmt.Sprintf("%.2f of its memory", memory), memory, 0.20, "0.20")
	row("the same on one core", fmt.Sprintf("%.2f of its time", f.ratioOne), f.ratioOne, 0.40, "0.40")
	row(fmt.Sprintf("from %s operations to %s", thousands(f.size/10), size),
		fmt.Sprintf("%.1f times the time", f.growth), f.growth, 11, "11")
	for _, s := range f.starts {
		if s.bar > 0 {
			row(s.name+", against a hello-world", fmt.Sprintf("%.1f times its computing, %.1f its time", s.cpu, s.wall), s.cpu, s.bar, fmt.Sprint(s.bar))
		}
	}
	row("deciding one operation", fmt.Sprintf("%.0f ns, %d allocations", f.decideNS, f.decideAlloc), f.decideNS+1e9*float64(f.decideAlloc), 200, "200 ns, 0")
	row("the program, stripped", fmt.Sprintf("%.1f MB", float64(f.binary)/1e6), float64(f.binary), 15e6, "15 MB")

	fmt.Fprintf(&b, "\n| program | time | CPU | peak memory |\n|---|---|---|---|\n")
	type line struct {
		name string
		sample
	}
	lines := []line{
		{"floor, two cores", f.floor}, {"`check`, two cores", f.check},
		{"floor, one core", f.floorOne}, {"`check`, one core", f.checkOne},
		{"`check` of a tenth, two cores", f.small},
		{"hello-world", f.hello},
	}
	for _, s := range f.starts {
		lines = append(lines, line{s.name, s.sample})
	}
	for _, s := range lines {
		fmt.Fprintf(&b, "| %s | %s | %s | %d MiB |\n", s.name, seconds(s.wall), seconds(s.cpu), s.memory>>20)
	}
	fmt.Fprintf(&b, "\nMedians of %d runs, and of %d where a program does next to nothing, in turn, on a machine with %d cores. The floor is gopkg.in/yaml.v3 decoding the same bytes to nodes.\n"+
		"Pure computing took %s on one goroutine and %s for twice the work on two: were the second core free, both would be the same.\n",
		f.runs, f.startRuns, f.cores, seconds(f.probe[0]), seconds(f.probe[1]))
	return b.String()
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func seconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// thousands writes a number with commas: 100,000.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
