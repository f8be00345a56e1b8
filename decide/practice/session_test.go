package practice

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waitornot/decide"
)

// tester is what both kinds of tests have.
type tester interface {
	Helper()
	Fatal(...any)
}

// A run moves a session and keeps what it hands out, as a log would.
type run struct {
	*Session
	log []byte
	now time.Time
}

func begin(t tester, mode Mode, d Deck, k *decide.Knowledge, limit time.Duration) *run {
	r := &run{Session: NewSession("s1", mode, d.Cards(), k, 7, limit), now: noon}
	r.keep(t, r.Begin(noon))
	return r
}

func (r *run) keep(t tester, events ...Event) {
	for _, e := range events {
		line, err := e.Line()
		if err != nil {
			t.Fatal(err)
		}
		r.log = append(r.log, line...)
	}
}

// say waits ten seconds and says a word.
func (r *run) say(t tester, word string) Outcome {
	t.Helper()
	r.now = r.now.Add(10 * time.Second)
	events, out, err := r.Say(word, r.now)
	if err != nil {
		t.Fatal(err)
	}
	r.keep(t, events...)
	return out
}

// right says what is right.
func (r *run) right(t tester) Outcome {
	t.Helper()
	step, ok := r.Step()
	if !ok {
		t.Fatal("the session is over")
	}
	if step.Part == PartConfidence {
		return r.say(t, string(Sure))
	}
	return r.say(t, r.want(step.Card, step.Part))
}

func kinds(log []byte) []Kind {
	var list []Kind
	for _, e := range ReadHistory(log).Events {
		list = append(list, e.Kind)
	}
	return list
}

// A drill asks the four questions, the verdict and how sure one is, grades, and
// then asks the follow-up.
func TestDrill(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	r := begin(t, Drill, deckOf(k, 2), k, 0)
	var parts []Part
	for {
		step, ok := r.Step()
		if !ok {
			break
		}
		parts = append(parts, step.Part)
		out := r.right(t)
		if (out.Graded != nil) != (step.Part == PartConfidence) || (out.FollowUp != nil) != (step.Part == PartThen) {
			t.Errorf("after %s: graded %v, follow-up %v", step.Part, out.Graded, out.FollowUp)
		}
		if out.Graded != nil && out.Graded.Rating != Good {
			t.Errorf("all right is rated %s", out.Graded.Rating)
		}
	}
	want := []Part{"immediacy", "retryability", "latency", "coupling", "verdict", "confidence", "change", "then"}
	if !slices.Equal(parts, slices.Concat(want, want)) {
		t.Errorf("asked %v, want %v twice", parts, want)
	}
	if got := kinds(r.log); got[0] != Began || got[len(got)-1] != Ended || LastOpen(ReadHistory(r.log), r.now) != nil {
		t.Errorf("events %v, and the session is over", got)
	}
	for _, e := range ReadHistory(r.log).Events {
		if e.Kind == Answered && (e.Took != 60*time.Second || e.Confidence != Sure) {
			t.Errorf("answered in %s, %q", e.Took, e.Confidence)
		}
	}
}

// A mock asks all verdicts before any reason, tells nothing before its end, and
// scores.
func TestMock(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	r := begin(t, Mock, deckOf(k, 3), k, time.Hour)
	for i := range 3 {
		if step, _ := r.Step(); step.Part != PartVerdict || step.Index != i || r.Second() {
			t.Fatalf("step %d asks %s of card %d", i, step.Part, step.Index)
		}
		if out := r.right(t); out.Graded != nil {
			t.Error("a mock graded before its end")
		}
	}
	for range 9 {
		if !r.Second() {
			t.Fatal("the reasons do not follow")
		}
		r.right(t)
	}
	if got, of := r.Score().Total(); !r.Done() || got != 30 || of != 30 {
		t.Errorf("done %v, %d points of %d", r.Done(), got, of)
	}
	got := kinds(r.log)
	if want := []Kind{Answered, Answered, Answered, Ended}; !slices.Equal(got[len(got)-4:], want) {
		t.Errorf("the last events are %v, want %v", got[len(got)-4:], want)
	}
}

// When the time of a mock is over, what was said counts and what was not
// reached is neither right nor wrong, but worth nothing.
func TestMockTimeout(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	r := begin(t, Mock, deckOf(k, 3), k, time.Minute)
	r.right(t)
	r.say(t, NoAnswer)
	if events, over := r.Tick(noon.Add(59 * time.Second)); over || events != nil {
		t.Fatal("over before its time")
	}
	events, over := r.Tick(noon.Add(time.Minute))
	r.keep(t, events...)
	if _, asked := r.Step(); !over || asked {
		t.Fatal("not over when its time is")
	}
	answers := map[string]string{}
	for _, e := range ReadHistory(r.log).Events {
		if e.Kind == Answered {
			answers[e.Card] = e.Rating
		}
	}
	want := map[string]string{"shop/op-a": "hard", "shop/op-b": "again"}
	if diff := cmp.Diff(want, answers); diff != "" {
		t.Errorf("answered (-want +got):\n%s", diff)
	}
	if got, of := r.Score().Total(); got != 4 || of != 30 {
		t.Errorf("%d points of %d, want 4 of 30", got, of)
	}
}

// A daily session lets its last card be finished, and asks no more.
func TestDailyLimit(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	r := begin(t, Daily, deckOf(k, 3), k, 30*time.Second)
	for range 8 {
		if _, over := r.Tick(r.now); over {
			t.Fatal("cut off within a card")
		}
		r.right(t)
	}
	if !r.Done() {
		t.Error("goes on after its time")
	}
}

func TestHintSkipBack(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	r := begin(t, Drill, deckOf(k, 2), k, 0)
	for _, want := range []string{"one", "two", "three"} {
		if got, _, ok := r.Hint(r.now); !ok || got != want {
			t.Errorf("hint %q, want %q", got, want)
		}
	}
	if _, _, ok := r.Hint(r.now); ok {
		t.Error("a fourth hint")
	}
	if _, _, ok := r.Back(r.now); ok {
		t.Error("went back from the first question")
	}
	r.say(t, "later")
	if _, part, ok := r.Back(r.now); !ok || part != "immediacy" {
		t.Error("could not take an answer back")
	}
	if step, _ := r.Step(); step.Part != "immediacy" {
		t.Errorf("back at %s", step.Part)
	}
	for range 6 {
		r.right(t)
	}
	if _, _, ok := r.Hint(r.now); ok {
		t.Error("a hint for what was graded")
	}
	r.Skip(r.now) // the follow-up
	if step, _ := r.Step(); step.Index != 1 {
		t.Errorf("after skipping the follow-up: card %d", step.Index)
	}
	r.right(t)
	events := r.Skip(r.now)
	if !r.Done() || events[len(events)-1].Kind != Ended {
		t.Error("skipping the last card does not end the session")
	}
	for _, e := range events {
		if e.Kind == Answered {
			t.Error("a card that was passed over was graded")
		}
	}
}

// What was taken back does not count: the grade goes, the schedule and the statistics
// forget it, and an end that followed is none. The answer that is given instead counts.
func TestUndo(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 2)
	r := begin(t, Drill, d, k, 0)
	seen := func() (stats *Stats, p *Plan) {
		h := ReadHistory(r.log)
		p, err := Schedule(h, d)
		if err != nil {
			t.Fatal(err)
		}
		return StatsOf(h, d, p, r.now), p
	}
	back := func(want Part) {
		t.Helper()
		events, part, ok := r.Back(r.now)
		if !ok || part != want {
			t.Fatalf("took back %q, %v; want %q", part, ok, want)
		}
		r.keep(t, events...)
	}
	for range 4 {
		r.right(t)
	}
	r.say(t, "unknown") // the verdict
	r.right(t)
	if s, p := seen(); s.Answers != 1 || p.State(d[0].Cards[0].ID) == nil {
		t.Fatalf("graded %d", s.Answers)
	}
	back(PartConfidence)
	if s, p := seen(); s.Answers != 0 || p.State(d[0].Cards[0].ID) != nil {
		t.Errorf("after it was taken back %d answers count", s.Answers)
	}
	back(PartVerdict)
	r.right(t) // the verdict
	r.right(t)
	if s, p := seen(); s.Answers != 1 || !p.State(d[0].Cards[0].ID).LastGood {
		t.Errorf("the better answer does not count: %d", s.Answers)
	}
	r.right(t)
	r.right(t) // the follow-up: the next card is in hand
	r.keep(t, r.Skip(r.now)...)
	if !r.Done() || LastOpen(ReadHistory(r.log), r.now) != nil {
		t.Fatal("not over")
	}
	back("") // the card that was passed over
	if step, ok := r.Step(); !ok || step.Index != 1 || LastOpen(ReadHistory(r.log), r.now) == nil {
		t.Errorf("it is still over: %+v", step)
	}
	back(PartThen) // of the first card
	if s, _ := seen(); s.FollowUps.Graded != 0 {
		t.Errorf("%d follow-ups count", s.FollowUps.Graded)
	}
}

// What is not an option is refused, and changes nothing.
func TestSayRefuses(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	r := begin(t, Drill, deckOf(k, 1), k, 0)
	for _, word := range []string{"", "beyond", "sync", "YES"} {
		if events, _, err := r.Say(word, noon); err == nil || events != nil {
			t.Errorf("Say(%q) at the first question: %v, %v", word, events, err)
		}
	}
	if step, _ := r.Step(); step.Part != "immediacy" {
		t.Errorf("moved to %s", step.Part)
	}
}
