package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"

	"waitornot/testdata/bench/input"
)

// A shaped is what checking a shape cost, beside the floor of the same bytes.
type shaped struct {
	input.Shape
	cpu, wall, memory float64 // of check, as multiples of the floor's
	oneCore           float64 // CPU on one core
	findings          int
}

// shapes measures every shape, or those whose names are given.
func (b *bench) shapes(operations int, names []string) ([]shaped, error) {
	var all []shaped
	for _, s := range input.Shapes() {
		if len(names) > 0 && !contains(names, s.Name) {
			continue
		}
		one, err := b.shape(s, operations)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, agree(all, operations)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (b *bench) shape(s input.Shape, operations int) (shaped, error) {
	name := "shape-" + s.Name + ".yaml"
	if err := b.write(name, func(w *writer) { s.Write(w, operations, 1) }); err != nil {
		return shaped{}, err
	}
	path := b.path(name)
	fmt.Fprintf(b.progress, "%s: ", s.Name)
	out := shaped{Shape: s}
	var err error
	if out.findings, err = b.count(path); err != nil {
		return out, err
	}
	samples, err := b.inTurn(b.runs,
		command{"2", []string{b.program("floor"), path}},
		command{"2", []string{b.program("waitornot"), "check", path}},
		command{"1", []string{b.program("floor"), path}},
		command{"1", []string{b.program("waitornot"), "check", path}},
	)
	if err != nil {
		return out, err
	}
	out.cpu, out.wall = ratioOf(samples[1], samples[0], cpuOf), ratioOf(samples[1], samples[0], wallOf)
	out.oneCore = ratioOf(samples[3], samples[2], cpuOf)
	out.memory = share(median(samples[1]).memory, median(samples[0]).memory)
	return out, nil
}

// count returns how many findings a file has.
func (b *bench) count(path string) (int, error) {
	p := exec.Command(b.program("waitornot"), "check", "--fail-on", "never", "-o", "text", "--brief", "-q", path)
	out, err := p.Output()
	if err != nil {
		return 0, fmt.Errorf("check %s: %w", path, err)
	}
	return bytes.Count(out, []byte{'\n'}), nil
}

// agree refuses figures of runs that did not find the same: all shapes hold the same
// operations.
func agree(all []shaped, operations int) error {
	for i := range all {
		s := &all[i]
		switch {
		case s.Careless() && s.findings < operations/2:
			return fmt.Errorf("shape %s has %d findings: most of its %d operations should have one", s.Name, s.findings, operations)
		case !s.Careless() && s.findings != all[0].findings:
			return fmt.Errorf("shape %s has %d findings, %s has %d: one of them was not read wholly", s.Name, s.findings, all[0].Name, all[0].findings)
		}
	}
	return nil
}

// shapeTable shows what each shape costs, against its bars.
func shapeTable(all []shaped, operations, runs int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| shape | CPU (bar) | time | peak memory (bar) | CPU on one core (bar .40) |\n|---|---|---|---|---|\n")
	for i := range all {
		s := &all[i]
		fmt.Fprintf(&b, "| %s: %s | %s | %.2f | %s | %s |\n", s.Name, strings.ReplaceAll(s.Doc, "|", `\|`),
			against(s.cpu, s.Bar.CPU), s.wall, against(s.memory, s.Bar.Memory), against(s.oneCore, .40))
	}
	fmt.Fprintf(&b, "\n`check` of %s operations in each shape, as multiples of the floor's: medians of %d pairs of runs, on two cores unless said. "+
		"CPU is user and system time, so that a busy machine matters little. Figures beyond their bar are bold. All shapes but the last hold the same operations, and every run "+
		"found the same number of findings in them; the last has %s.\n", thousands(operations), runs, thousands(all[len(all)-1].findings))
	return b.String()
}

func against(is, bar float64) string {
	if is > bar+.005 {
		return fmt.Sprintf("**%.2f** (%.2f)", is, bar)
	}
	return fmt.Sprintf("%.2f (%.2f)", is, bar)
}
