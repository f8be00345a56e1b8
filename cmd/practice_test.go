package cmd

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A learner runs practice with a history and a clock of their own.
type learner struct {
	t   *testing.T
	dir string
	now time.Time
}

func newLearner(t *testing.T) *learner {
	return &learner{t, t.TempDir(), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

// run runs practice and wants it to end with a code.
func (l *learner) run(code int, args ...string) (out, errs string) {
	l.t.Helper()
	var o, e strings.Builder
	got := Main(context.Background(), append([]string{"practice"}, args...), Streams{
		In: strings.NewReader(""), Out: &o, Err: &e, Now: func() time.Time { return l.now },
		Env: func(name string) string {
			return map[string]string{"WAITORNOT_STATE": l.dir, "LC_ALL": "C"}[name]
		},
	})
	if got != code {
		l.t.Fatalf("practice %v ends with %d, want %d:\n%s%s", args, got, code, o.String(), e.String())
	}
	return o.String(), e.String()
}

// grade answers the log-in of the web shop, rightly or not, and keeps it.
func (l *learner) grade(right bool) {
	l.t.Helper()
	verdict, code := "sync", exitOK
	if !right {
		verdict, code = "hybrid", exitFindings
	}
	l.run(code, "grade", "web-shop/log-in", "--immediacy", "yes", "--retryability", "no", "--latency", "yes", "--coupling", "no", "--verdict", verdict, "--record")
}

// Days of practice show in the statistics, as text that a plain locale can show
// and as JSON.
func TestPracticeDays(t *testing.T) {
	l := newLearner(t)
	for day := range 5 {
		if day == 2 {
			continue
		}
		l.now = time.Date(2026, 11, 19+day, 23, 30, 0, 0, time.FixedZone("here", 2*3600))
		l.grade(day > 1)
	}
	out, errs := l.run(exitOK, "stats")
	for _, want := range []string{"4 cards answered", "streak: 2 days, longest 2 days", "  sync            50%  2 of 4\n",
		"chosen 50% of the time (2 of 4)", "2026-11-19 to 2026-11-23"} {
		if !strings.Contains(out, want) {
			t.Errorf("stats lack %q:\n%s", want, out)
		}
	}
	if strings.ContainsFunc(out, func(r rune) bool { return r > 126 }) || errs != "" {
		t.Errorf("stats are not plain, or complain: %s%s", out, errs)
	}
	out, _ = l.run(exitOK, "stats", "--format", "json")
	var stats struct {
		Version  int `json:"version"`
		Streak   int `json:"streak_days"`
		Days     []struct{ Date string }
		Verdicts map[string]struct{ Graded, Right int }
		Forecast []int `json:"due_forecast"`
	}
	if err := json.Unmarshal([]byte(out), &stats); err != nil {
		t.Fatal(err)
	}
	if stats.Version != 1 || stats.Streak != 2 || len(stats.Days) != 4 || stats.Days[0].Date != "2026-11-19" ||
		stats.Verdicts["sync"].Right != 2 || len(stats.Forecast) != 14 {
		t.Errorf("stats as JSON: %+v", stats)
	}
}

// A last line that was cut short is told once, and costs nothing else.
func TestPracticeTorn(t *testing.T) {
	l := newLearner(t)
	l.grade(true)
	path := filepath.Join(l.dir, "practice.jsonl")
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(log, log[:40]...), 0o666); err != nil {
		t.Fatal(err)
	}
	_, errs := l.run(exitOK, "list")
	if !strings.Contains(errs, "the last line of "+path+" was cut off and is skipped") {
		t.Errorf("it is not told: %q", errs)
	}
	l.now = l.now.Add(time.Hour)
	l.grade(true)
	if _, errs := l.run(exitOK, "list"); errs != "" {
		t.Errorf("it is told again: %q", errs)
	}
	if out, _ := l.run(exitOK, "stats"); !strings.Contains(out, "2 cards answered") {
		t.Errorf("something was lost:\n%s", out)
	}
}

// What is wrong comes back the same day, what is right days later.
func TestPracticeDue(t *testing.T) {
	for _, right := range []bool{true, false} {
		l := newLearner(t)
		l.grade(right)
		l.now = l.now.Add(20 * time.Minute)
		out, _ := l.run(exitOK, "list", "web-shop")
		if due := strings.Contains(out, "due now"); due == right {
			t.Errorf("right %v, due twenty minutes later %v:\n%s", right, due, out)
		}
		l.now = l.now.AddDate(0, 0, 10)
		if out, _ := l.run(exitOK, "list", "web-shop"); !strings.Contains(out, "due now") {
			t.Errorf("right %v, and not due ten days later:\n%s", right, out)
		}
	}
}

// A history goes from one machine to another and back, and both know all.
func TestPracticeExchange(t *testing.T) {
	a, b := newLearner(t), newLearner(t)
	a.grade(true)
	b.now = b.now.Add(time.Hour)
	b.grade(false)
	for _, pair := range [][2]*learner{{a, b}, {b, a}, {a, b}} {
		file := filepath.Join(pair[0].dir, "export")
		pair[0].run(exitOK, "export", "--output", file)
		pair[1].run(exitOK, "import", file)
	}
	for i, l := range []*learner{a, b} {
		l.now = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
		if out, _ := l.run(exitOK, "stats"); !strings.Contains(out, "2 cards answered") {
			t.Errorf("machine %d:\n%s", i, out)
		}
	}
	one, _ := a.run(exitOK, "export")
	two, _ := b.run(exitOK, "export")
	if one != two || strings.Count(one, "\n") != 2 {
		t.Errorf("the histories differ:\n%s\n%s", one, two)
	}
	if _, errs := a.run(exitFailed, "import", filepath.Join(a.dir, "no")); !strings.Contains(errs, "no such file") && !strings.Contains(errs, "cannot find") {
		t.Error(errs)
	}
}

// What is due soon is said by how long that takes, what is due later by its day.
func TestDueWords(t *testing.T) {
	now := time.Date(2026, 3, 1, 23, 50, 20, 0, time.UTC)
	for after, want := range map[time.Duration]string{
		10 * time.Second:             "in 1m, at 23:50",
		12*time.Minute + time.Second: "in 12m, at 00:02",
		23 * time.Hour:               "in 23h, at 22:50",
		24 * time.Hour:               "on 2026-03-02 23:50",
	} {
		if got := dueWords(now, now.Add(after)); got != want {
			t.Errorf("after %s: %q, want %q", after, got, want)
		}
	}
}
