//go:build unix

package quiz

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"waitornot/cmd/internal/screentest"
)

func TestMain(m *testing.M) { os.Exit(screentest.MainOf(m, "./testdata/clock")) }

// A person practices: several runs of the program with one history and one
// clock, which only they set.
type person struct {
	t   *testing.T
	dir string
}

func newPerson(t *testing.T) *person { return &person{t, t.TempDir()} }

// env is the environment of their runs.
func (p *person) env() []string {
	return []string{"WAITORNOT_STATE=" + p.dir, "TEST_CLOCK=" + filepath.Join(p.dir, "clock"), "NO_COLOR=1", "LANG=C.UTF-8"}
}

// clock sets the clock to so long after the start.
func (p *person) clock(after string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, "clock"), []byte(after), 0o666); err != nil {
		p.t.Fatal(err)
	}
}

// run starts practice on a terminal of the size.
func (p *person) run(columns, rows uint16, args ...string) *screentest.Screen {
	p.t.Helper()
	return screentest.Start(p.t, screentest.Options{Args: append([]string{"practice"}, args...), Env: p.env(), Columns: columns, Rows: rows})
}

// history counts the kinds of events that were kept.
func (p *person) history() map[string]int {
	p.t.Helper()
	log, err := os.ReadFile(filepath.Join(p.dir, "practice.jsonl"))
	if err != nil {
		p.t.Fatal(err)
	}
	counts := map[string]int{}
	for _, kind := range []string{"begin", "said", "hint", "skip", "back", "answer", "follow-up", "end"} {
		counts[kind] = strings.Count(string(log), `"kind":"`+kind+`"`)
	}
	return counts
}

func golden(name string) string { return filepath.Join("testdata", "screens", name+".txt") }

const (
	stepImmediacy    = "Does the user need the result now?"
	stepRetryability = "Can this operation fail and be retried?"
	stepLatency      = "Will it take more than 500 ms?"
	stepCoupling     = "Does this create coupling"
	stepVerdict      = "Should the caller wait?"
	stepSure         = "How sure are you?"
	stepChange       = "Which answer does that change?"
	stepThen         = "Should the caller wait then?"
	stepReason       = "Which reason justifies the verdict?"
	readOn           = "any key: continue"
	readMore         = "any key: more"
)

// A drill on a terminal of 80 by 24, from the card to the summary, with the card in view
// at every step: a hint, an answer taken back, one that is wrong, the explanation in
// pages, a grade taken back and given again, the follow-up.
func TestDrillScreen(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 24, "drill", "web-shop/place-order", "--no-say", "--seed", "1")
	wait := func(texts ...string) {
		t.Helper()
		s.WaitFor(append(texts, "Place an order", "late is still wanted.")...)
	}
	wait(stepImmediacy)
	s.Golden(golden("drill-1-card"), *update)
	s.Type("?")
	wait("What's on the page after the button?")
	s.Type("n")
	wait(stepRetryability)
	s.Type("u")
	wait(stepImmediacy, "Undone: immediacy")
	s.Type("y")
	wait(stepRetryability)
	s.Type("n") // a plain no, where the options are its reasons
	wait(stepLatency)
	s.Type("n")
	wait(stepCoupling)
	s.Type("y")
	wait(stepVerdict)
	p.clock("65s")
	s.Type("a")
	wait(stepSure)
	s.Golden(golden("drill-2-answered"), *update)
	s.Type("s")
	wait(readMore)
	s.Golden(golden("drill-3-graded"), *update)
	s.Type("u")
	wait(stepSure, "Undone: confidence")
	s.Type("<")
	wait(stepVerdict, "Undone: verdict")
	s.Golden(golden("drill-3-undone"), *update)
	s.Type("a")
	wait(stepSure)
	s.Type("s")
	wait(readMore)
	pages(s, stepChange)
	s.Golden(golden("drill-4-follow-up"), *update)
	s.Type("i")
	wait(stepThen)
	s.Type("a")
	wait(readOn)
	s.Type(" ")
	s.WantExit(0)
	s.Golden(golden("drill-5-end"), *update)
	want := map[string]int{"begin": 1, "said": 11, "hint": 1, "skip": 0, "back": 3, "answer": 2, "follow-up": 1, "end": 1}
	for kind, n := range want {
		if got := p.history()[kind]; got != n {
			t.Errorf("%d events of the kind %s, want %d", got, kind, n)
		}
	}
	s = p.run(80, 50, "stats")
	s.WantExit(0)
	s.WaitFor("1 card answered") // what was taken back does not count
}

// A key that chooses nothing says which do; the number of an option chooses it as its
// letter does.
func TestKeysThatMeanNothing(t *testing.T) {
	t.Parallel()
	s := newPerson(t).run(80, 24, "drill", "web-shop/place-order", "--no-say", "--seed", "1")
	s.WaitFor(stepImmediacy)
	s.Type("h")
	s.WaitFor("Press y, l, n, or d.", stepImmediacy)
	s.Type("n")
	s.WaitFor(stepRetryability)
	s.Press("enter")
	s.WaitFor("Press y, t, x, or d.", stepRetryability)
	s.Type("2")
	s.WaitFor(stepLatency, "retryability too-late")
	s.Type("q")
	s.WantExit(0)
}

// The time of a mock runs out while a question stands there: nothing more is
// asked, what was marked is scored, and what was not reached is not graded.
func TestMockScreenTimeout(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 24, "mock", "web-shop", "--no-say", "--minutes", "5", "--seed", "1")
	s.WaitFor("Mark every operation first")
	s.Golden(golden("mock-0-brief"), *update)
	s.Type(" ")
	s.WaitFor(stepVerdict, "1 of 8", "5:00 left")
	s.Type("s")
	s.WaitFor("2 of 8")
	p.clock("4m30s")
	s.WaitFor("0:30 left")
	s.Golden(golden("mock-1-marked"), *update)
	s.Type("a")
	s.WaitFor("3 of 8")
	p.clock("5m")
	s.WantExit(0)
	s.WaitFor("Score: 4 of 80 points")
	s.Golden(golden("mock-4-time-over"), *update)
	if !strings.Contains(s.Raw(), "Time's up.") {
		t.Error("it was not said that time is up")
	}
	if got := p.history(); got["answer"] != 2 || got["end"] != 1 {
		t.Errorf("%d cards graded, %d ends; want the 2 that were marked, and 1", got["answer"], got["end"])
	}
}

// So it does where plain lines are asked: while one is awaited, the clock goes on.
func TestMockLinesTimeout(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 40, "mock", "web-shop", "--no-say", "--minutes", "5", "--plain")
	s.WaitFor(stepVerdict, "(5:00 left)")
	s.Type("1\r")
	s.WaitFor("2 of 8")
	p.clock("5m")
	s.WantExit(0)
	s.WaitFor("of 80 points")
	if !strings.Contains(s.Raw(), "Time's up.") {
		t.Error("it was not said that time is up")
	}
	if got := p.history(); got["answer"] != 1 || got["end"] != 1 {
		t.Errorf("%d cards graded, %d ends; want the one that was marked, and 1", got["answer"], got["end"])
	}
}

// A mock played to its end.
func TestMockScreen(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 30, "mock", "web-shop", "--no-say", "--seed", "1")
	s.WaitFor("Mark every operation first")
	s.Type(" ")
	for i, key := range []string{"s", "s", "a", "a", "h", "s", "a", "s"} {
		s.WaitFor(string(rune('1'+i))+" of 8", stepVerdict)
		s.Type(key)
	}
	s.WaitFor("Now the reasons")
	s.Type(" ")
	s.WaitFor(stepReason)
	s.Golden(golden("mock-2-reasons"), *update)
	for i := range 8 {
		s.WaitFor(string(rune('1'+i))+" of 8", stepReason)
		s.Type("1")
		s.WaitFor("Which safeguard")
		s.Type("2")
		s.WaitFor("What does the right verdict cost")
		s.Type("3")
	}
	s.WantExit(0)
	s.WaitFor("Score: 54 of 80 points", "Place an order")
	s.Golden(golden("mock-3-score"), *update)
}

// Ctrl+c in the middle keeps everything, and the session goes on where it was,
// days later and with its card shown again.
func TestInterruptAndResume(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 40, "drill", "web-shop/place-order", "web-shop/log-in", "--no-say", "--seed", "1")
	s.WaitFor(stepImmediacy)
	s.Type("y")
	s.WaitFor(stepRetryability)
	s.Type("d")
	s.WaitFor(stepLatency)
	s.Press("ctrl+c")
	s.WantExit(130)
	s.WaitFor("Everything is saved", "practice resume")
	p.clock("48h")
	s = p.run(80, 40, "resume")
	s.WaitFor("1 of 2", "immediacy yes, retryability unknown", stepLatency)
	s.Type("q")
	s.WantExit(0)
	s = p.run(80, 40, "resume")
	s.WaitFor("1 of 2", stepLatency)
	s.Type(">")
	s.WaitFor("Skipped.", "2 of 2", stepImmediacy)
	s.Signal(syscall.SIGKILL)
	s.Exit()
	s = p.run(80, 40, "resume")
	s.WaitFor("2 of 2", stepImmediacy)
	s.Type(">")
	s.WantExit(0)
	s = p.run(80, 40, "resume")
	s.WantExit(0)
	s.WaitFor("No session was stopped in the last week.")
}

// The menu offers what there is reason for, an open session first.
func TestMenuScreen(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 24)
	s.WaitFor("What do you want to practice?", "daily", "mock")
	s.Press("down", "down", "enter")
	s.WaitFor("1 of 10", stepImmediacy)
	s.Type("q")
	s.WantExit(0)
	s = p.run(80, 24)
	s.WaitFor("resume", "0 of 10 done")
	s.Press("ctrl+c")
	s.WantExit(130)
}

// A wide terminal is not filled from edge to edge: long lines are hard to read.
func TestWideScreen(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(140, 40, "drill", "web-shop/place-order", "--no-say", "--seed", "1")
	s.WaitFor(stepImmediacy)
	s.Golden(golden("wide-card"), *update)
}

// However small the terminal, the whole question is on it, and all of the card and of the
// explanation can be read.
func TestSmallScreens(t *testing.T) {
	t.Parallel()
	for name, size := range map[string][2]uint16{"narrow": {40, 24}, "low": {80, 12}, "small": {60, 15}, "tiny": {40, 10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			s := p.run(size[0], size[1], "drill", "web-shop/place-order", "--no-say", "--seed", "1")
			read := pages(s, stepImmediacy)
			if name == "tiny" {
				s.Golden(golden("tiny-question"), *update)
			}
			steps := []string{stepRetryability, stepLatency, "Does this create coupling", stepVerdict, stepSure, stepChange, "Should the caller wait then?", readOn}
			for _, step := range steps {
				s.WaitFor("  d  I")
				s.Type("d")
				read += pages(s, step)
			}
			read += pages(s, "to share")
			s.WantExit(0)
			for _, want := range []string{"Place an order", "little late is still wanted", "safeguards", "verdict then"} {
				if !strings.Contains(strings.Join(strings.Fields(read), " "), want) {
					t.Errorf("nothing shows %q:\n%s", want, read)
				}
			}
		})
	}
}

// pages reads on until the screen shows text, and returns what was read.
func pages(s *screentest.Screen, text string) string {
	read := ""
	for {
		more := false
		s.Await(text+" or more to read", func(screen string) bool {
			more = strings.Contains(screen, readOn) || strings.Contains(screen, readMore)
			return more || strings.Contains(strings.Join(strings.Fields(screen), " "), text)
		})
		before := s.Text()
		read += before
		if !more || text == readOn {
			return read
		}
		s.Type(" ")
		s.Await("another page", func(screen string) bool { return screen != before })
	}
}

// A terminal that changes its size in the middle is drawn anew: nothing of the old screen
// stays, the card comes back into view, and what was said and typed is kept.
func TestResize(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 24, "drill", "web-shop/place-order", "--seed", "1")
	s.WaitFor(stepImmediacy, "late is still wanted.")
	s.Type("y")
	s.WaitFor(stepRetryability, "so far        immediacy yes")
	s.Resize(40, 10)
	s.WaitFor(stepRetryability, "space: card", "x  unsafe")
	s.Golden(golden("resized-small"), *update)
	s.Type(" ")
	s.WaitFor(readMore, "Place an order")
	s.Resize(140, 40)
	s.WaitFor(readOn, "late is still wanted.")
	s.Type(" ")
	s.WaitFor(stepRetryability, "so far        immediacy yes", "late is still wanted.")
	s.Golden(golden("resized-wide"), *update)
	s.Type("ynyss")
	s.WaitFor(readOn)
	s.Resize(80, 24)
	s.WaitFor(readMore, "late is still wanted.", "immediacy     right: yes")
	s.Golden(golden("resized-graded"), *update)
	s.Type("q")
	s.WantExit(0)
}

// Keys that are typed ahead are not lost, and what is pasted is no answer.
func TestTypeAhead(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 60, "drill", "web-shop/place-order", "--no-say", "--seed", "1")
	s.WaitFor(stepImmediacy)
	s.Paste("nnn")
	s.Type("yynys")
	s.WaitFor("immediacy yes, retryability yes, latency no, coupling yes", "verdict sync", stepSure)
	s.Type("q")
	s.WantExit(0)
}

// Where the terminal is dumb or the person wants plain lines, nothing is drawn.
func TestPlainScreen(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]string{"dumb": "TERM=dumb", "accessible": "ACCESSIBLE=1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			s := screentest.Start(t, screentest.Options{Args: []string{"practice", "drill", "web-shop/log-in", "--no-say"}, Env: append(p.env(), env), Columns: 80, Rows: 30})
			s.WaitFor(stepImmediacy, "4. I don't know", "> ")
			s.Type("1\r")
			s.WaitFor(stepRetryability)
			s.Press("ctrl+d")
			s.WantExit(0)
			s.WaitFor("Everything is saved")
			if raw := s.Raw(); strings.Contains(raw, "\x1b") {
				t.Errorf("escape sequences in %q", raw)
			}
		})
	}
}

// docs/practice.md shows screens as they are: each stands in a block below a comment that
// names it. With UPDATE=1 the blocks are written anew.
func TestDocumentScreens(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "practice.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	shown := []struct{ name, from string }{ // what stands above from is left out
		{"drill-1-card", "1 of 1"}, {"drill-3-graded", "  immediacy"}, {"drill-4-follow-up", "  what if"},
		{"ask-1-card", "1 of 1"}, {"ask-4-model", "  model"}, {"drill-5-end", "1 card"},
		{"mock-1-marked", "2 of 8"}, {"mock-2-reasons", "1 of 8"}, {"mock-3-score", strings.Repeat(" ", 2*label)},
	}
	for _, x := range shown {
		name := x.name
		data, err := os.ReadFile(golden(name))
		if err != nil {
			t.Fatal(err)
		}
		mark := "<!-- practice " + name + " -->\n"
		before, after, found := strings.Cut(page, mark)
		if !found {
			t.Errorf("docs/practice.md does not show the screen %s", name)
			continue
		}
		_, screen, _ := strings.Cut("\n"+string(data), "\n"+x.from)
		want := "```text\n" + x.from + screen + "```\n"
		if *update {
			if strings.HasPrefix(after, "```text\n") {
				_, after, _ = strings.Cut(after, "\n```\n")
			}
			page = before + mark + want + after
		} else if !strings.HasPrefix(after, want) {
			t.Errorf("docs/practice.md does not show the screen %s as it is:\n%s", name, want)
		}
	}
	if *update && page != string(data) {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// What is pasted, or typed in one go, while the last answer is still read is the answer to
// the question in words that follows: no word of it is lost, and none of its letters is
// taken for a key. Where the card has no room, the first line says how to see it.
func TestBurstOfText(t *testing.T) {
	t.Parallel()
	for name, enter := range map[string]func(s *screentest.Screen, text string){
		"typed":  func(s *screentest.Screen, text string) { s.Type(text) },
		"pasted": func(s *screentest.Screen, text string) { s.Paste(text) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newPerson(t).run(80, 24, "drill", "web-shop/place-order", "--level", "ask", "--seed", "1")
			s.WaitFor("What would you ask first?")
			s.Type("i")
			s.WaitFor(stepVerdict)
			s.Type("ss")
			pages(s, stepChange)
			s.Type("ih")
			s.WaitFor(readOn)
			enter(s, "quickly said, under load I wait")
			s.WaitFor("Say it the way you would in an interview.", "> quickly said, under load I wait_")
			s.Resize(40, 10)
			s.WaitFor("space: card", "wait_")
			s.Resize(80, 24)
			s.Press("enter")
			s.WaitFor(readOn)
			s.Type(" ")
			s.WaitFor("How well did you say it?")
			s.Type("gI'd ask")
			s.WaitFor("The interviewer continues", "> I'd ask_")
		})
	}
}

// On the level ask facts are withheld; a right question brings them, and then the answer
// is said, checked by its words, and followed by an interviewer's next question.
func TestAskScreen(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	s := p.run(80, 24, "drill", "web-shop/place-order", "--level", "ask", "--seed", "1")
	s.WaitFor("What would you ask first?")
	s.Golden(golden("ask-1-card"), *update)
	s.Type("i")
	s.WaitFor(stepVerdict, "late is still wanted.")
	s.Golden(golden("ask-2-asked"), *update)
	s.Type("s")
	s.WaitFor(stepSure)
	s.Type("s")
	pages(s, stepChange)
	s.Type("i")
	s.WaitFor(stepThen)
	s.Type("h")
	s.WaitFor(readOn)
	s.Type(" ")
	s.WaitFor("Say it the way you would in an interview.")
	s.Type("I wait, the page needs the number. qq")
	s.Press("backspace", "backspace")
	s.WaitFor("> I wait, the page needs the number. _")
	s.Golden(golden("ask-3-typed"), *update)
	s.Press("enter")
	s.WaitFor(readOn)
	s.Golden(golden("ask-4-model"), *update)
	s.Type(" ")
	s.WaitFor("How well did you say it?")
	s.Type("g")
	s.WaitFor("The interviewer continues")
	s.Golden(golden("ask-5-probe"), *update)
	s.Press("enter")
	s.WaitFor(readOn)
	s.Type(" ")
	s.WantExit(0)
	s.Golden(golden("ask-6-end"), *update)
}
