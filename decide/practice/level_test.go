package practice

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
)

func coach() *Coach {
	return &Coach{
		Points: []Point{
			{ID: "verdict", Label: "the verdict", Terms: [4][]string{decide.Sync: {"wait"}, decide.Async: {"queue"}, decide.Hybrid: {"202"}}},
			{ID: "price", Label: "the price", Terms: [4][]string{decide.Sync: {"trade off"}, decide.Async: {"trade off"}, decide.Hybrid: {"trade off"}}},
		},
		Probes: []Probe{
			{ID: "down", Ask: "It is down.", Answer: "Then.", Verdicts: decide.SetOf(decide.Async, decide.Hybrid)},
			{ID: "slow", Ask: "It is slow.", Answer: "Then.", Verdicts: decide.SetOf(decide.Sync)},
		},
	}
}

// told is a card whose facts can be given one by one.
func told(k *decide.Knowledge, id string, a decide.Answers) *Card {
	c := cardOf(k, id, a)
	c.Why, c.Spoken = [decide.QuestionCount]string{"a", "b", "c", "d"}, "Say it."
	return c
}

// Whatever a card's answers are: the verdict waits for what is withheld, and each question
// that counts as right is one of these.
func TestAsking(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	rapid.Check(t, func(t *rapid.T) {
		c := told(k, "a/b", rapid.SampledFrom(allAnswers()).Draw(t, "answers"))
		a := c.Asking(k.Table, rapid.Uint64().Draw(t, "seed"))
		if a == nil {
			t.Fatal("nothing is withheld")
		}
		open := c.Answers
		for _, q := range a.Withheld {
			open = open.With(q, decide.Unknown)
		}
		if len(a.Known)+len(a.Withheld) != decide.QuestionCount || k.Table.Decide(open).Decided() || a.Right[0] != k.Table.Decide(open).Next {
			t.Fatalf("%+v of %s", a, c.Answers)
		}
		for _, q := range a.Right {
			if !slices.Contains(a.Withheld, q) {
				t.Fatalf("%s is right to ask, but known: %+v", q, a)
			}
		}
	})
	if c := cardOf(k, "own:a/b", decide.Answers{decide.Yes, decide.No, decide.No, decide.No}); c.Asking(k.Table, 1) != nil {
		t.Error("a card without facts withholds some")
	}
}

// A good answer leads a card to the next level, a wrong verdict back; what a person could
// not say comes back the next day.
func TestRise(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	c := told(k, "a/b", decide.Answers{decide.Yes, decide.No, decide.No, decide.No})
	d := Deck{{ID: "a", Cards: []*Card{c}}}
	h, at := &History{}, noon
	add := func(e Event) *Plan {
		at = at.Add(72 * time.Hour)
		e.ID, e.At, e.Version, e.Card, e.Fingerprint = at.String(), at, 1, c.ID, c.Fingerprint()
		h.Events = append(h.Events, e)
		p, err := Schedule(h, d)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for i, step := range []struct {
		rating Rating
		want   Level
	}{{Hard, Given}, {Good, Ask}, {Good, Ask}, {Hard, Ask}, {Again, Given}, {Again, Given}, {Good, Ask}} {
		if got := add(Event{Kind: Answered, Rating: step.rating.String()}).Level(c.ID); got != step.want {
			t.Errorf("step %d, %s: level %s, want %s", i, step.rating, got, step.want)
		}
	}
	p := add(Event{Kind: Answered, Rating: Good.String()})
	if due := p.State(c.ID).Due; due.Sub(at) < 48*time.Hour {
		t.Fatalf("a card that is known is due after %s", due.Sub(at))
	}
	if due := add(Event{Kind: Spoke, Rating: "again"}).State(c.ID).Due; due.After(at.Add(24 * time.Hour)) {
		t.Errorf("what could not be said is due after %s", due.Sub(at))
	}
}

// A drill on the level ask: the question, the verdict, the answer said and rated, the
// interviewer's question. Resuming after each event leads to the same place.
func TestAskSession(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	c := told(k, "a/b", decide.Answers{decide.Yes, decide.No, decide.No, decide.No})
	c.FollowUp = nil
	d := Deck{{ID: "a", Cards: []*Card{c}}}
	r := &run{Session: NewSession("s1", Drill, d.Cards(), k, 7, 0), now: noon}
	r.Levels, r.Coach = []Level{Ask}, coach()
	r.keep(t, r.Begin(noon))
	asking := c.Asking(k.Table, 7)
	var parts []Part
	for _, word := range []string{asking.Right[0].String(), "sync", "sure", "  I wait,\nof course; trade-offs. ", "good", ""} {
		step, ok := r.Step()
		if !ok {
			t.Fatal("the session is over")
		}
		parts = append(parts, step.Part)
		if step.Asking == nil || step.Text() != (step.Part == PartSay || step.Part == PartProbe) {
			t.Errorf("%s: %+v", step.Part, step)
		}
		out := r.say(t, word)
		switch step.Part {
		case PartAsk:
			if out.Asked == nil || !out.Asked.Right() {
				t.Errorf("asked: %+v", out)
			}
		case PartSay:
			if len(out.Spoken) != 2 || out.Spoken[0].Term != "wait" || out.Spoken[1].Term != "trade off" || out.Said != "I wait, of course; trade-offs." {
				t.Errorf("said: %+v", out)
			}
		case PartProbe:
			if out.Probed == nil || out.Probed.ID != "slow" || out.Said != Aloud {
				t.Errorf("probed: %+v", out)
			}
		}
		if open := LastOpen(ReadHistory(r.log), r.now); open != nil {
			back, missing, err := Resume(open, d, k, coach(), r.now)
			if err != nil || len(missing) > 0 {
				t.Fatalf("resume: %v, %v", missing, err)
			}
			now, _ := r.Step()
			then, _ := back.Step()
			if now.Part != then.Part || (now.Asking == nil) != (then.Asking == nil) {
				t.Errorf("resumed at %s instead of %s", then.Part, now.Part)
			}
		}
	}
	if want := []Part{PartAsk, PartVerdict, PartConfidence, PartSay, PartRate, PartProbe}; !slices.Equal(parts, want) || !r.Done() {
		t.Errorf("parts %v, want %v; done %t", parts, want, r.Done())
	}
	h := ReadHistory(r.log)
	p, err := Schedule(h, d)
	if err != nil {
		t.Fatal(err)
	}
	s := StatsOf(h, d, p, r.now)
	if s.Asked.Right != 1 || s.Spoken["good"] != 1 || s.Heard["verdict"] != 1 || s.Heard["price"] != 1 || s.AskLevel != 1 {
		t.Errorf("stats %+v", s)
	}
}

// The wrong question makes a right verdict hard, and never good.
func TestAskedWrongly(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	c := told(k, "a/b", decide.Answers{decide.Yes, decide.No, decide.No, decide.No})
	for asked, want := range map[string]Rating{"immediacy": Good, "coupling": Hard, NoAnswer: Hard} {
		g := Grade(k.Table, c, Response{Asked: &Mark{asked, "immediacy,latency"}, Verdict: c.Verdict})
		if g.Rating != want {
			t.Errorf("asked %s: rated %s, want %s", asked, g.Rating, want)
		}
	}
}

// A typed answer is kept in one line and no longer than it may be, and words are looked
// for from their beginning.
func TestListen(t *testing.T) {
	t.Parallel()
	c := coach()
	if got := spokenWord(strings.Repeat("é", maxSpoken)); len(got) > maxSpoken || strings.ContainsRune(got, '\uFFFD') {
		t.Errorf("%d bytes are kept", len(got))
	}
	for text, want := range map[string]string{"": "", "We queue it.": "queue", "QUEUES": "queue", "dequeue": "", "I wait": ""} {
		if got := c.Listen(decide.Async, text)[0].Term; got != want {
			t.Errorf("heard %q in %q, want %q", got, text, want)
		}
	}
	if p := (&Coach{}).Probe(&Card{Verdict: decide.Sync}, 1); p != nil {
		t.Errorf("a probe out of nothing: %v", p)
	}
}

// The price of a card stands among those of its neighbors, and safeguards that these name
// come first among the wrong ones.
func TestNeighbors(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	var cards []*Card
	for i, a := range []decide.Answers{{decide.Yes, decide.No, decide.No, decide.No}, {decide.No, decide.Yes, decide.Yes, decide.Yes}, {decide.Later, decide.Yes, decide.Yes, decide.No}, {decide.No, decide.Yes, decide.No, decide.Yes}, {decide.Yes, decide.No, decide.Yes, decide.Yes}} {
		c := told(k, "a/"+string(rune('a'+i)), a)
		c.Tradeoff = "Price " + c.ID + "."
		cards = append(cards, c)
	}
	for seed := range uint64(20) {
		x := TradeoffChoice(k, cards[0], cards, seed)
		if x.Right != "a/a" || len(x.Options) != choices || !slices.Contains(x.Options, x.Right) || slices.Contains(x.Options, "a/e") {
			t.Errorf("seed %d: %+v", seed, x)
		}
	}
	if x := TradeoffChoice(k, cards[0], cards[:2], 1); slices.Contains(x.Options, "a/a") {
		t.Errorf("too few neighbors: %+v", x)
	}
}
