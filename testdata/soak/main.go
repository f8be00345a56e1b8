// Soak attacks the real program for as long as it is told to: it kills it while it
// writes, lets many write at once, gives it hostile text and hostile repositories, and
// fills its disk. It ends with a table of what was lost, what crashed and what was wrong,
// and with 1 when anything was.
//
//	go run ./testdata/soak -for 10m
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

// A tally counts what came of an attack.
type tally struct{ runs, lost, crashed, wrong int }

// A target is the program under attack.
type target struct {
	ctx    context.Context
	bin    string
	random *rand.Rand
	said   int // faults that were shown
}

// attacks are all there are; each runs once and counts into its tally.
func attacks() []struct {
	name string
	run  func(*target, string, *tally) error
} {
	return []struct {
		name string
		run  func(*target, string, *tally) error
	}{
		{"killed while it writes", (*target).kill},
		{"many writers at once", (*target).writers},
		{"hostile text", (*target).text},
		{"hostile repositories", (*target).repository},
		{"a full disk", (*target).fullDisk},
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run() error {
	length := flag.Duration("for", time.Minute, "how long to attack")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "what is drawn at random")
	flag.Parse()
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "waitornot")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	t := &target{ctx: ctx, bin: bin, random: rand.New(rand.NewPCG(*seed, 0))}
	fmt.Printf("seed %d\n", *seed)
	tallies, err := t.attack(dir, time.Now().Add(*length))
	if err != nil {
		return err
	}
	return report(tallies)
}

// attack goes round the attacks until the time is over.
func (t *target) attack(dir string, end time.Time) ([]tally, error) {
	all := attacks()
	tallies := make([]tally, len(all))
	for n := 0; time.Now().Before(end) && t.ctx.Err() == nil; n++ {
		for i, a := range all {
			work := filepath.Join(dir, fmt.Sprintf("%d-%d", n, i))
			if err := os.Mkdir(work, 0o777); err != nil {
				return nil, err
			}
			if err := a.run(t, work, &tallies[i]); err != nil {
				return nil, fmt.Errorf("%s: %w", a.name, err)
			}
			if err := os.RemoveAll(work); err != nil {
				return nil, err
			}
		}
	}
	return tallies, nil
}

// report writes the table. The error says that something was lost, crashed or wrong.
func report(tallies []tally) error {
	faults := 0
	fmt.Println("| attack | runs | lost | crashed | wrong |\n| --- | --- | --- | --- | --- |")
	for i, a := range attacks() {
		t := tallies[i]
		fmt.Printf("| %s | %d | %d | %d | %d |\n", a.name, t.runs, t.lost, t.crashed, t.wrong)
		faults += t.lost + t.crashed + t.wrong
		if t.runs == 0 {
			return fmt.Errorf("%s did not run: give it more time", a.name)
		}
	}
	if faults > 0 {
		return fmt.Errorf("%d faults", faults)
	}
	return nil
}
