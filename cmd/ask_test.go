package cmd_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"waitornot/cmd"
	"waitornot/decide"
)

// run runs a command line in a folder and returns what it wrote and its exit
// code.
func run(t *testing.T, dir, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	s := cmd.System()
	s.In, s.Out, s.Err, s.Dir = strings.NewReader(stdin), &out, &errs, dir
	s.Env = func(string) string { return "" }
	code = cmd.Main(context.Background(), args, s)
	return out.String(), errs.String(), code
}

// Whatever is answered: ask --save recommends what advise then recommends for
// the manifest, word for word, says it in the same sentences, and so do the same answers given as plain
// lines.
func TestAskAndAdviseAgree(t *testing.T) {
	t.Parallel()
	for _, i := range with(decide.Immediacy) {
		t.Run(i, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte("# kept\nservice: shop\nstack: dotnet\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, r := range with(decide.Retryability) {
				for _, l := range []string{"unknown", "no", "900ms", "2m"} {
					for _, c := range with(decide.Coupling) {
						n++
						agree(t, dir, n, []string{i, r, l, c})
					}
				}
			}
		})
	}
}

// agree holds ask and advise to the same words for one way to answer. It saves
// to a manifest that names a stack and to one that is new in turns, and now and
// then gives the answers as plain lines too.
func agree(t *testing.T, dir string, n int, answers []string) {
	t.Helper()
	manifest, stack := "shop.yaml", "dotnet"
	if n%2 == 0 {
		manifest, stack = "new.yaml", []string{"", "go"}[n/2%2]
		_ = os.Remove(filepath.Join(dir, manifest))
	}
	operation := []string{"ask", "--name", "op", "--caller", "shop", "--callee", "bank"}
	if stack != "" {
		operation = append(operation, "--stack", stack)
	}
	asked, stderr, code := run(t, dir, "", append(operation, "--replace", "--save", manifest, "--immediacy", answers[0],
		"--retryability", answers[1], "--latency", answers[2], "--coupling", answers[3])...)
	if code != 0 {
		t.Fatalf("%q: ask ended with %d: %s", answers, code, stderr)
	}
	advised, stderr, code := run(t, dir, "", "advise", manifest)
	if code != 0 {
		t.Fatalf("%q: advise ended with %d: %s", answers, code, stderr)
	}
	recommendation, sentence, _ := strings.Cut(asked, "\nIn an interview:\n")
	advised, _, _ = strings.Cut(advised, "\n1 operation: ") // of one, ask counts nothing
	advised, said, _ := strings.Cut(advised, "\n  say ")
	spoken, _, _ := strings.Cut(sentence, "\n\n") // the verdict follows
	if recommendation != advised || sentence == "" || strings.Join(strings.Fields(said), " ") != strings.Join(strings.Fields(spoken), " ") {
		t.Fatalf("%q: ask says\n%s\nadvise says\n%s", answers, asked, advised)
	}
	if n%5 != 0 {
		return
	}
	plain, stderr, code := run(t, dir, strings.Join(answers, "\n")+"\nnot sure\nnot sure\n", append(operation, "--plain")...)
	if code != 0 || plain != asked {
		t.Fatalf("%q: plain lines end with %d and say\n%s\nflags say\n%s\n%s", answers, code, plain, asked, stderr)
	}
}

// with returns the answers to a question by name, not sure included.
func with(q decide.Question) []string {
	names := []string{"unknown"}
	for _, a := range q.Answers() {
		names = append(names, a.String())
	}
	return names
}

// The command line that ask prints gives the same answers without questions,
// whatever is in the names.
func TestAskPrintsACommandThatRepeatsIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	names := []string{"charge", "it's $HOME", "支払い 💳", `a "b" \c`, "-x", "--name"}
	for _, name := range names {
		stdout, stderr, code := run(t, dir, name+"\nshop\n\nlater\nno\n1.5s\nnot sure\nnot sure\nnot sure\n", "ask", "--plain", "--stack", "go")
		if code != 0 {
			t.Fatalf("%q ended with %d: %s", name, code, stderr)
		}
		_, line, found := strings.Cut(stderr, "Non-interactive equivalent:\n")
		line, _, _ = strings.Cut(line, "\n\n")
		words := shellWords(line)
		if !found || len(words) < 2 || words[0] != "waitornot" {
			t.Fatalf("no command line in %q", stderr)
		}
		again, stderr, code := run(t, dir, "", words[1:]...)
		if code != 0 || again != stdout {
			t.Errorf("%q: the command line %q ends with %d and gives\n%s\nwant\n%s\n%s", name, words, code, again, stdout, stderr)
		}
	}
}

// shellWords splits a command line as a shell does that knows single quotes and
// backslashes.
func shellWords(line string) []string {
	var words []string
	var word strings.Builder
	started, quoted := false, false
	end := func() {
		if started {
			words = append(words, word.String())
		}
		word.Reset()
		started = false
	}
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '\'':
			quoted, started = !quoted, true
		case quoted:
			word.WriteRune(r)
		case r == '\\' && i+1 < len(runes):
			if i++; runes[i] != '\n' {
				word.WriteRune(runes[i])
				started = true
			}
		case r == ' ' || r == '\n':
			end()
		default:
			word.WriteRune(r)
			started = true
		}
	}
	end()
	return words
}

// Of many operations saved to one manifest at the same time none is lost.
func TestAskSavesInTurns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const writers = 8
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			_, stderr, code := run(t, dir, "", "ask", "--name", fmt.Sprintf("op%d", n), "--caller", "shop", "--save", "shop.yaml",
				"--immediacy", "yes", "--retryability", "no", "--latency", "no", "--coupling", "no")
			if code != 0 {
				t.Errorf("op%d: exit code %d: %s", n, code, stderr)
			}
		})
	}
	all.Wait()
	data, err := os.ReadFile(filepath.Join(dir, "shop.yaml"))
	if got := strings.Count(string(data), "- name: op"); err != nil || got != writers {
		t.Errorf("%d of %d operations are there, %v:\n%s", got, writers, err, data)
	}
}
