// Soak attacks the real program for as long as it is told to: it kills it while it
// writes, lets many write at once, gives it hostile text, hostile repositories and hostile
// messages, fills its disk, and works it hard. It ends with a table of what was lost, what
// crashed and what was wrong, and with 1 when anything was.
//
//	go run ./testdata/soak -for 10m
//	go run ./testdata/soak -for 10m -write cmd/docs/threat-model.md
//	go run ./testdata/soak -self-test
//
// The last breaks the program on purpose, in one way after the other, and wants each to be
// found.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// A tally counts what came of an attack.
type tally struct{ runs, lost, crashed, wrong int }

func (n *tally) faults() int { return n.lost + n.crashed + n.wrong }

// A target is the program under attack.
type target struct {
	ctx      context.Context
	bin      string
	patience time.Duration // how long a command may take: everything here is small
	random   *rand.Rand
	deck     deck
	said     int // faults that were shown

	smallDisks bool      // disks can be made here
	tree       []command // once they were asked for
	out        io.Writer // where they are shown
}

// An attack runs the program a few times and counts into its tally.
type attack struct {
	name string
	run  func(*target, string, *tally) error
}

func attacks() []attack {
	return []attack{
		{"killed while it writes", (*target).kill},
		{"many writers at once", (*target).writers},
		{"hostile text", (*target).text},
		{"every structure of YAML", (*target).structures},
		{"hostile repositories", (*target).repository},
		{"hostile messages and traces", (*target).messages},
		{"a full disk", (*target).fullDisk},
		{"signals while it waits", (*target).signals},
		{"much at once, on one core and on eight", (*target).much},
	}
}

func main() {
	length := flag.Duration("for", time.Minute, "how long to attack")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "what is drawn at random")
	page := flag.String("write", "", "put the table between the marks of this page")
	selfTest := flag.Bool("self-test", false, "break the program on purpose, and want it found")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	t := &target{ctx: ctx, patience: time.Minute, random: rand.New(rand.NewPCG(*seed, 0)), out: os.Stdout}
	fmt.Printf("seed %d\n", *seed)
	if dir, err := os.MkdirTemp("", "soak"); err == nil {
		if leave, err := smallDisk(dir); err == nil {
			leave()
			t.smallDisks = true
		}
		_ = os.RemoveAll(dir)
	}
	run := func(dir string) error { return t.soak(dir, *length, *page) }
	if *selfTest {
		run = t.selfTest
	}
	if err := inFolder(run); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// inFolder runs something in a folder that is gone afterwards.
func inFolder(run func(dir string) error) error {
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return err
	}
	return errors.Join(run(dir), os.RemoveAll(dir))
}

// soak builds the program and attacks it.
func (t *target) soak(dir string, length time.Duration, page string) error {
	t.bin = filepath.Join(dir, "waitornot")
	if out, err := exec.Command("go", "build", "-o", t.bin, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	tallies := make([]tally, len(attacks()))
	for end, n := time.Now().Add(length), 0; time.Now().Before(end) && t.ctx.Err() == nil; n++ {
		if err := t.round(filepath.Join(dir, fmt.Sprint(n)), tallies); err != nil {
			return err
		}
	}
	shown := table(tallies)
	fmt.Print(shown)
	if page != "" {
		if err := put(page, shown); err != nil {
			return err
		}
	}
	return verdict(tallies)
}

// round runs each attack once, in folders of its own.
func (t *target) round(dir string, tallies []tally) error { return t.some(dir, tallies, "") }

// some runs the attack of a name once, or all when the name is empty.
func (t *target) some(dir string, tallies []tally, name string) error {
	for i, a := range attacks() {
		if name != "" && a.name != name {
			continue
		}
		work := filepath.Join(dir, fmt.Sprint(i))
		if err := os.MkdirAll(work, 0o777); err != nil {
			return err
		}
		if err := a.run(t, work, &tallies[i]); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return os.RemoveAll(dir)
}

// table is what came of all attacks.
func table(tallies []tally) string {
	var b strings.Builder
	b.WriteString("| attack | runs | lost | crashed | wrong |\n| --- | --- | --- | --- | --- |\n")
	for i, a := range attacks() {
		t := tallies[i]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", a.name, t.runs, t.lost, t.crashed, t.wrong)
	}
	return b.String()
}

// The marks in a page between which the table stands.
const begin, end = "<!-- soak -->\n", "<!-- /soak -->\n"

// put writes the table into a page.
func put(page, table string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s has no marks for the table", page)
	}
	return os.WriteFile(page, []byte(before+begin+table+end+after), 0o666)
}

// verdict is an error when something was lost, crashed or wrong, or did not run.
func verdict(tallies []tally) error {
	faults := 0
	for i, a := range attacks() {
		faults += tallies[i].faults()
		if tallies[i].runs == 0 {
			return fmt.Errorf("%s did not run: give it more time", a.name)
		}
	}
	if faults > 0 {
		return fmt.Errorf("%d faults", faults)
	}
	return nil
}
