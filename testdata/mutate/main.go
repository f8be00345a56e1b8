// Mutate looks for code that no test holds: it changes one small thing of the
// program at a time, runs the tests, and reports the changes that they did not
// notice. Nothing is written into the project: a change is laid over its file
// while go test runs. Where the system has limits, no test may take more memory
// than -memory says: a mutant that fills it is killed, and nothing beside it.
//
//	go run ./testdata/mutate -n 40 ./decide ./decide/graph
//	go run ./testdata/mutate -n 40 -all -files 'wait.go|plan.go' ./decide/graph
//	go run ./testdata/mutate -n 40 -with ./decide/manifest ./decide/yamlfile
//
// Some survivors change nothing that can be seen; all others are missing tests.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"
)

// options are what the command line says.
type options struct {
	seed    uint64
	count   int
	all     bool           // survivors of a package's own tests meet the tests of the whole project
	with    []string       // packages whose tests hold the code as well: its main users
	files   *regexp.Regexp // only files whose path matches; nil means all
	timeout time.Duration  // for one run of the tests; 0 means by how long they take unchanged
	memory  int            // MiB that a test may take; 0 means no limit
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.Uint64Var(&o.seed, "seed", 7, "which mutants are drawn")
	flags.IntVar(&o.count, "n", 40, "how many mutants to try in all")
	flags.BoolVar(&o.all, "all", false, "try survivors against the tests of the whole project, too")
	flags.DurationVar(&o.timeout, "timeout", 0, "time for one run of the tests (ten times as long as without a change, at least 30 s)")
	flags.IntVar(&o.memory, "memory", 3072, "MiB of memory that a test may take; 0 for no limit")
	with := flags.String("with", "", "packages, apart by blanks, whose tests survivors of a package's own tests meet")
	files := flags.String("files", "", "regular expression for the files to change")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o.with = strings.Fields(*with)
	if *files != "" {
		var err error
		if o.files, err = regexp.Compile(*files); err != nil {
			return err
		}
	}
	if flags.NArg() == 0 {
		return fmt.Errorf("name the packages to change, such as ./decide/graph")
	}
	mutants, err := collect(flags.Args(), o.files)
	if err != nil {
		return err
	}
	if err := o.unchanged(ctx, flags.Args()); err != nil {
		return err
	}
	return try(ctx, mutants, o, out)
}

// unchanged runs the tests that mutants will meet without a change: where they
// fail, they would kill every mutant. Unless a time was given, it takes the time
// from how long they took.
func (o *options) unchanged(ctx context.Context, packages []string) error {
	start := time.Now()
	for _, p := range [][]string{packages, o.with} {
		if len(p) == 0 {
			continue
		}
		if out, err := o.tests(ctx, p...).CombinedOutput(); err != nil {
			return fmt.Errorf("the tests fail without a change: %w\n%s", err, out)
		}
	}
	if o.timeout == 0 {
		o.timeout = max(10*time.Since(start), 30*time.Second)
	}
	return nil
}

// try runs the tests against mutants in the order drawn, until enough of them
// compiled, and writes a line for each survivor and one for the whole.
func try(ctx context.Context, mutants []mutant, o options, out io.Writer) error {
	random := rand.New(rand.NewPCG(o.seed, 0))
	random.Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
	var tried, survived int
	for _, m := range mutants {
		if tried == o.count || ctx.Err() != nil {
			break
		}
		verdict, err := m.test(ctx, o)
		if ctx.Err() != nil {
			break // interrupted: what was tried still counts
		}
		if err != nil {
			return err
		}
		switch verdict {
		case broken:
			continue
		case alive:
			survived++
			fmt.Fprintln(out, "survived:", m)
		}
		tried++
	}
	fmt.Fprintf(out, "%d of %d possible mutants tried: %d killed, %d survived\n", tried, len(mutants), tried-survived, survived)
	return ctx.Err()
}
