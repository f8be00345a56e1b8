package quiz

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/decide/practice"
)

// update asks to rewrite testdata, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

// progress is what a fortnight of practice might have led to.
func progress() *practice.Stats {
	s := &practice.Stats{
		Cards: 204, Seen: 61, Known: 12, Answers: 130, Streak: 1, Longest: 9, DueNow: 3,
		Questions:   map[string]practice.Tally{"immediacy": {Graded: 130, Right: 111, NoAnswer: 2}, "retryability": {Graded: 130, Right: 70}, "latency": {Graded: 130, Right: 128}},
		Verdicts:    map[string]practice.Tally{"sync": {Graded: 50, Right: 44}, "async": {Graded: 50, Right: 31}, "hybrid": {Graded: 30, Right: 30}},
		FollowUps:   practice.Tally{Graded: 100, Right: 67},
		Consistent:  practice.Tally{Graded: 130, Right: 120},
		Distractors: practice.Distractor{Met: 130, Taken: 20, Wrong: 25}, RecentDistractors: practice.Distractor{Met: 20, Taken: 1, Wrong: 1},
		Calibrated: []practice.Calibration{{Confidence: practice.Guess}, {Confidence: practice.Likely, Verdicts: practice.Tally{Graded: 60, Right: 40}, Tempted: 1},
			{Confidence: practice.Sure, Verdicts: practice.Tally{Graded: 70, Right: 65}, Tempted: 5}},
		Forecast: []int{3, 0, 200, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
		Mocks:    []practice.MockScore{{At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), System: "web-shop", Reached: 42, Possible: 80}},
	}
	for i := range 14 {
		at := time.Date(2026, 11, 10+i, 9, 0, 0, 0, time.UTC)
		s.Days = append(s.Days, practice.Day{Date: at.Format(time.DateOnly), Answers: practice.Tally{Graded: 20, Right: 6 + i}})
	}
	return s
}

// Progress on a terminal that shows all characters, and on one that shows ASCII
// alone.
func TestStats(t *testing.T) {
	t.Parallel()
	for name, unicode := range map[string]bool{"stats.txt": true, "stats-ascii.txt": false} {
		got := Stats(Writer{Width: 80}, progress(), unicode)
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
		if !unicode && strings.ContainsFunc(got, func(r rune) bool { return r > 126 }) {
			t.Errorf("more than ASCII in\n%s", got)
		}
		for line := range strings.Lines(got) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 || strings.HasSuffix(line, " \n") {
				t.Errorf("a line of %d columns: %q", n, line)
			}
		}
	}
}

// However long the history, the chart fits.
func TestChartWidth(t *testing.T) {
	t.Parallel()
	for _, days := range []int{2, 3, 29, 30, 69, 70, 71, 400} {
		s := &practice.Stats{Answers: 1}
		for i := range days {
			s.Days = append(s.Days, practice.Day{Date: "2026-11-23", Answers: practice.Tally{Graded: 2, Right: i % 3}})
		}
		for line := range strings.Lines(chart(Writer{Width: 80}, s, true)) {
			if n := len([]rune(line)) - 1; n > 80 {
				t.Errorf("%d days: a line of %d columns: %s", days, n, line)
			}
		}
	}
}
