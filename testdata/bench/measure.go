package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/rules/embedded"
	"waitornot/testdata/bench/input"
)

// A bench is one series of measurements.
type bench struct {
	dir      string // for programs and manifests
	runs     int
	size     int
	progress io.Writer
}

// A sample is what one run of a program cost.
type sample struct {
	wall, cpu time.Duration
	memory    int64 // the peak, in bytes; 0 where the system does not tell
}

// Figures are the medians of all that was measured.
type figures struct {
	size, runs int
	bytes      int64 // of the large manifest
	cores      int

	floor, check       sample // on two cores
	floorOne, checkOne sample // on one
	small              sample // check of a tenth of the operations, on two
	ratio, ratioOne    float64
	growth             float64

	hello     sample
	starts    []start
	startRuns int

	binary      int64
	decideNS    float64
	decideAlloc int64
	probe       [2]time.Duration // pure computing on one goroutine, and twice as much on two
}

// A start is what a program costs that does next to nothing.
type start struct {
	name string
	bar  float64 // of its computing, as a multiple of a hello-world's; 0 without one
	args []string
	sample
	cpu, wall float64 // as multiples of a hello-world's
}

// measure builds the programs and measures all but the shapes; with built alone, nothing.
func (b *bench) measure(builtAlone bool) (*figures, error) {
	f := &figures{size: b.size, runs: b.runs, cores: runtime.NumCPU()}
	if err := b.build(f); err != nil {
		return nil, err
	}
	if builtAlone {
		return f, nil
	}
	for name, n := range map[string]int{"large.yaml": b.size, "small.yaml": b.size / 10, "one.yaml": 1} {
		if err := b.generate(name, n); err != nil {
			return nil, err
		}
	}
	info, err := os.Stat(b.path("large.yaml"))
	if err != nil {
		return nil, err
	}
	f.bytes = info.Size()
	if err := b.engine(f); err != nil {
		return nil, err
	}
	if err := b.reading(f); err != nil {
		return nil, err
	}
	return f, b.starting(f)
}

// generate writes a manifest as it makes it: the peak memory that the system
// reports of a program includes that of the program which started it.
func (b *bench) generate(name string, operations int) error {
	return b.write(name, func(w *writer) { input.Write(w, operations, 1) })
}

type writer = bufio.Writer

// write writes a file.
func (b *bench) write(name string, text func(*writer)) error {
	file, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	text(w)
	return errors.Join(w.Flush(), file.Close())
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) program(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return b.path(name)
}

// build builds the programs as a release would.
func (b *bench) build(f *figures) error {
	for name, from := range map[string]string{"waitornot": ".", "floor": "./testdata/bench/floor", "hello": "./testdata/bench/hello", "libraries": "./testdata/bench/libraries"} {
		fmt.Fprintf(b.progress, "building %s\n", name)
		c := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.program(name), from)
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", name, err, out)
		}
	}
	info, err := os.Stat(b.program("waitornot"))
	if err != nil {
		return err
	}
	f.binary = info.Size()
	return nil
}

// reading measures the floor and check in turn, so that both see the same
// machine.
func (b *bench) reading(f *figures) error {
	large, small := b.path("large.yaml"), b.path("small.yaml")
	samples, err := b.inTurn(b.runs,
		command{"2", []string{b.program("floor"), large}},
		command{"2", []string{b.program("waitornot"), "check", large}},
		command{"1", []string{b.program("floor"), large}},
		command{"1", []string{b.program("waitornot"), "check", large}},
		command{"2", []string{b.program("waitornot"), "check", small}},
	)
	if err != nil {
		return err
	}
	f.floor, f.check = median(samples[0]), median(samples[1])
	f.floorOne, f.checkOne = median(samples[2]), median(samples[3])
	f.small = median(samples[4])
	f.ratio, f.ratioOne = ratio(samples[1], samples[0]), ratio(samples[3], samples[2])
	f.growth = ratio(samples[1], samples[4])
	return nil
}

// starting measures programs that do next to nothing.
func (b *bench) starting(f *figures) error {
	program, one := b.program("waitornot"), b.path("one.yaml")
	f.starts = []start{
		{name: "`--version`", bar: 1.7, args: []string{program, "--version"}},
		{name: "`check` of one operation", bar: 2.2, args: []string{program, "check", one}},
		{name: "`advise` of one operation", bar: 2.5, args: []string{program, "advise", one}},
		{name: "`explain WN101`", bar: 3, args: []string{program, "explain", "WN101"}},
		{name: "`practice list`", bar: 3, args: []string{program, "practice", "list"}},
		{name: "a program that only imports cobra, the YAML library, huh, and the MCP SDK", args: []string{b.program("libraries")}},
	}
	commands := []command{{"", []string{b.program("hello")}}}
	for _, s := range f.starts {
		commands = append(commands, command{"", s.args})
	}
	f.startRuns = max(5*b.runs, 50)
	samples, err := b.inTurn(f.startRuns, commands...)
	if err != nil {
		return err
	}
	f.hello = median(samples[0])
	for i := range f.starts {
		s, its := &f.starts[i], samples[i+1]
		s.sample, s.cpu, s.wall = median(its), ratioOf(its, samples[0], cpuOf), ratio(its, samples[0])
	}
	return nil
}

// engine measures deciding one operation, and what the machine computes on one
// and on two goroutines.
func (b *bench) engine(f *figures) error {
	fmt.Fprintln(b.progress, "deciding")
	table, err := embedded.Table()
	if err != nil {
		return err
	}
	answers := decide.Answers{decide.Yes, decide.No, decide.Unknown, decide.Yes}
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			table.Judge(answers, decide.Behind|decide.Event)
		}
	})
	f.decideNS, f.decideAlloc = float64(r.T.Nanoseconds())/float64(r.N), r.AllocsPerOp()
	f.probe[0], f.probe[1] = compute(1), compute(2)
	return nil
}

// compute returns how long it takes each of n goroutines to do the same work.
func compute(n int) time.Duration {
	sums := make([]uint64, 64*n) // far apart, so that they share no cache line
	start := time.Now()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			x := uint64(i + 1)
			for range 200_000_000 {
				x ^= x << 13
				x ^= x >> 7
				x ^= x << 17
			}
			sums[64*i] = x
		})
	}
	wg.Wait()
	return time.Since(start)
}

// A command is a program with its arguments.
type command struct {
	cores string // GOMAXPROCS; as the environment says when empty
	args  []string
}

// inTurn runs each of the commands in turn, again and again.
func (b *bench) inTurn(runs int, commands ...command) ([][]sample, error) {
	samples := make([][]sample, len(commands))
	for i := range runs {
		fmt.Fprintf(b.progress, "\rrunning %d programs, %d of %d ", len(commands), i+1, runs)
		for j, c := range commands {
			s, err := c.run()
			if err != nil {
				return nil, err
			}
			samples[j] = append(samples[j], s)
		}
	}
	fmt.Fprintln(b.progress)
	return samples, nil
}

// run runs a command once. Findings are no failure.
func (c command) run() (sample, error) {
	p := exec.Command(c.args[0], c.args[1:]...)
	if c.cores != "" {
		p.Env = append(os.Environ(), "GOMAXPROCS="+c.cores)
	}
	start := time.Now()
	err := p.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		return sample{}, fmt.Errorf("%s: %w", filepath.Base(c.args[0]), err)
	}
	return sample{wall, p.ProcessState.UserTime() + p.ProcessState.SystemTime(), peakMemory(p.ProcessState)}, nil
}

// median returns the medians of each figure.
func median(samples []sample) sample {
	return sample{
		wall:   middle(samples, func(s sample) time.Duration { return s.wall }),
		cpu:    middle(samples, func(s sample) time.Duration { return s.cpu }),
		memory: middle(samples, func(s sample) int64 { return s.memory }),
	}
}

// ratio returns the median of how much longer a ran than b in the same turn.
func ratio(a, b []sample) float64 { return ratioOf(a, b, wallOf) }

func wallOf(s sample) time.Duration { return s.wall }
func cpuOf(s sample) time.Duration  { return s.cpu }

// ratioOf is ratio for one of the figures.
func ratioOf(a, b []sample, of func(sample) time.Duration) float64 {
	turns := make([]int, len(a))
	for i := range turns {
		turns[i] = i
	}
	return middle(turns, func(i int) float64 { return float64(of(a[i])) / float64(of(b[i])) })
}

func middle[S any, V int64 | float64 | time.Duration](list []S, of func(S) V) V {
	values := make([]V, len(list))
	for i, x := range list {
		values[i] = of(x)
	}
	slices.Sort(values)
	n := len(values)
	return (values[n/2] + values[(n-1)/2]) / 2
}
