package practice

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waitornot/decide"
)

// drawHistory makes the log of a person who answers cards of a deck, a line
// each.
func drawHistory(t *rapid.T, d Deck, k *decide.Knowledge) [][]byte {
	at := noon
	cards := d.Cards()
	var lines [][]byte
	for i := range rapid.IntRange(1, 40).Draw(t, "events") {
		at = at.Add(time.Duration(rapid.IntRange(0, 72*3600).Draw(t, "gap")) * time.Second)
		c := rapid.SampledFrom(cards).Draw(t, "card")
		said := drawAnswers(t, "said")
		r := Response{Answers: &said, Verdict: drawSaid.Draw(t, "verdict")}
		e := AnsweredEvent(c, r, Grade(k.Table, c, r))
		if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
			e = Event{Kind: Reset, Card: c.ID}
		}
		e.ID, e.At = fmt.Sprintf("s-%05d", i), at
		line, err := e.Line()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func schedule(t *rapid.T, log []byte, d Deck) map[string]*State {
	p, err := Schedule(ReadHistory(log), d)
	if err != nil {
		t.Fatal(err)
	}
	return p.states
}

var compareStates = cmp.AllowUnexported(State{})

// A log says the same in whatever order its lines stand and however often: logs
// of two machines can be merged.
func TestReplayMerges(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 4)
	rapid.Check(t, func(t *rapid.T) {
		lines := drawHistory(t, d, k)
		want := schedule(t, bytes.Join(lines, nil), d)
		twice := rapid.Permutation(append(slices.Clone(lines), lines[:len(lines)/2]...)).Draw(t, "merged")
		if diff := cmp.Diff(want, schedule(t, bytes.Join(twice, nil), d), compareStates); diff != "" {
			t.Fatalf("merged logs schedule otherwise (-one +merged):\n%s", diff)
		}
	})
}

// A log cut anywhere says what its whole lines say, and that it was cut.
func TestReplayTorn(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 4)
	rapid.Check(t, func(t *rapid.T) {
		log := bytes.Join(drawHistory(t, d, k), nil)
		cut := rapid.IntRange(0, len(log)).Draw(t, "cut")
		whole := bytes.LastIndexByte(log[:cut], '\n') + 1
		h := ReadHistory(log[:cut])
		complete := cut < len(log) && log[cut] == '\n' // only its line break is missing
		if h.Torn != (cut > whole && !complete) || len(h.Bad) > 0 {
			t.Fatalf("cut at %d, last whole line ends at %d: torn %v, bad %v", cut, whole, h.Torn, h.Bad)
		}
		if complete {
			return
		}
		if diff := cmp.Diff(schedule(t, log[:whole], d), schedule(t, log[:cut], d), compareStates); diff != "" {
			t.Fatalf("the torn line counted (-whole lines +cut):\n%s", diff)
		}
	})
}

// A line comes back as the event that it was.
func TestEventRoundTrip(t *testing.T) {
	t.Parallel()
	follows := true
	e := Event{ID: "s-1", At: noon, Kind: Answered, Session: "s", Mode: Mock, Used: time.Minute, Deck: []string{"a/b"}, Fingerprints: []string{"x"},
		From: "f", Seed: 1<<63 + 1, Limit: time.Hour, Card: "a/b", Fingerprint: "x", Part: PartReason, Mark: &Mark{"a", "b"},
		Answers: map[string]Mark{"latency": {"yes", "no"}}, Verdict: &Mark{"sync", "async"}, Change: &Mark{"none", "none"},
		Tempting: "sync", Follows: &follows, Confidence: Sure, Hints: 2, Rating: "again", Took: time.Second, Reached: 3, Possible: 4}
	line, err := e.Line()
	if err != nil {
		t.Fatal(err)
	}
	h := ReadHistory(line)
	if len(h.Events) != 1 {
		t.Fatalf("%d events of one line %s", len(h.Events), line)
	}
	if diff := cmp.Diff(e, h.Events[0]); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

// What is no event is told by its line, and hides nothing else.
func TestReadHistoryBad(t *testing.T) {
	t.Parallel()
	const good = `{"v":1,"id":"a","at":"2026-11-23T12:00:00Z","kind":"reset","card":"a/b"}`
	log := "\n" + good + "\nrubbish\n{}\n" + `{"v":9,"id":"b","at":"2026-11-23T12:00:00Z","kind":"dance"}` + "\n" + `{"v":1,"id"`
	h := ReadHistory([]byte(log))
	if len(h.Events) != 1 || !slices.Equal(h.Bad, []int{3, 4}) || h.Newer != 1 || !h.Torn {
		t.Errorf("%d events, bad lines %v, %d newer, torn %v; want 1, [3 4], 1, true", len(h.Events), h.Bad, h.Newer, h.Torn)
	}
}

func FuzzReadHistory(f *testing.F) {
	f.Add([]byte(`{"v":1,"id":"a","at":"2026-11-23T12:00:00Z","kind":"answer","card":"shop/op-a","rating":"good"}`))
	f.Add([]byte(`{"v":1,"id":"a","at":"2026-11-23T12:00:00Z","kind":"begin","session":"s","deck":["shop/op-a"]}`))
	f.Add([]byte(`{"v":1,"id":"a","at":"9999-11-23T12:00:00Z","kind":"follow-up"}`))
	k := knowledge(f)
	d := deckOf(k, 4)
	f.Fuzz(func(t *testing.T, log []byte) {
		h := ReadHistory(log)
		p, err := Schedule(h, d)
		if err != nil {
			return
		}
		StatsOf(h, d, p, noon)
		if o := LastOpen(h, noon); o != nil {
			_, _, _ = Resume(o, d, k, nil, noon)
		}
	})
}

// The mark that editors put before a log costs no event, and a log in UTF-16 is named.
func TestHistoryEncoding(t *testing.T) {
	e := Event{ID: "a", Kind: Answered, Card: "x"}
	line, err := e.Line()
	if err != nil {
		t.Fatal(err)
	}
	if h, want := ReadHistory(append([]byte("\xef\xbb\xbf"), line...)), ReadHistory(line); len(h.Events) != len(want.Events) || len(h.Bad) != len(want.Bad) {
		t.Errorf("with a byte order mark: %+v, want %+v", h, want)
	}
	wide := []byte("\xff\xfe")
	for _, c := range line {
		wide = append(wide, c, 0)
	}
	if h := ReadHistory(wide); !h.UTF16 || len(h.Bad)+len(h.Events) > 0 {
		t.Errorf("UTF-16: %+v", h)
	}
}
