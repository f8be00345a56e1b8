package practice

import (
	"slices"
	"time"

	"waitornot/decide"
)

// A Tally counts what was right of what was graded. NoAnswer is among what was
// not right.
type Tally struct {
	Graded   int
	Right    int
	NoAnswer int
}

// Add counts one mark more; what is not graded does not count.
func (t *Tally) Add(m Mark) {
	if !m.Graded() {
		return
	}
	t.Graded++
	if m.Right() {
		t.Right++
	}
	if m.Said == NoAnswer {
		t.NoAnswer++
	}
}

// Share returns the share that was right, from 0 to 1; 0 of nothing.
func (t Tally) Share() float64 {
	if t.Graded == 0 {
		return 0
	}
	return float64(t.Right) / float64(t.Graded)
}

// Distractor counts how tempting errors were met.
type Distractor struct {
	Met   int // verdicts given where a wrong one tempts
	Taken int // of these, the tempting one was given
	Wrong int // of these, some wrong verdict was given
}

// Calibration sets how sure a person was beside how it came out.
type Calibration struct {
	Confidence Confidence
	Verdicts   Tally
	Tempted    int // wrong because of the tempting error
}

// A Day is what was answered on one day of the calendar.
type Day struct {
	Date     string // 2026-11-23
	Answers  Tally
	Verdicts Tally
	number   int
}

// Stats are what a history shows of a person's progress.
type Stats struct {
	Cards             int // how many there are to learn
	Seen              int // of these, answered at least once
	Known             int // of these, not due for three weeks or more after the last answer
	Answers           int // cards graded
	Questions         map[string]Tally
	Verdicts          map[string]Tally // by the right verdict
	FollowUps         Tally
	Asked             Tally          // on the level ask: named the question that decides
	AskLevel          int            // cards of the deck that are asked on that level next
	Spoken            map[string]int // answers said, by the person's own rating
	Heard             map[string]int // points of the checklist whose words were typed, in answers that were
	Consistent        Tally          // verdicts that follow from the person's own answers
	Distractors       Distractor
	RecentDistractors Distractor // among the last twenty
	Calibrated        []Calibration
	Streak            int   // days in a row up to today, or to yesterday
	Longest           int   // the longest there ever was
	Days              []Day // those with answers, the first first
	DueNow            int
	Forecast          []int // today and the thirteen days after
	Mocks             []MockScore
	Designs           []MockScore
}

// A MockScore is how a mock ended.
type MockScore struct {
	At       time.Time
	System   string
	Reached  int
	Possible int
}

const (
	recentCount  = 20
	forecastDays = 14
	knownFor     = 21 * 24 * time.Hour
)

// StatsOf counts a history. Days are those of now's location.
func StatsOf(h *History, d Deck, p *Plan, now time.Time) *Stats {
	s := &Stats{Questions: map[string]Tally{}, Verdicts: map[string]Tally{}, Spoken: map[string]int{}, Heard: map[string]int{}, Days: []Day{}, Mocks: []MockScore{}, Designs: []MockScore{}}
	for _, q := range decide.Questions() {
		s.Questions[q.String()] = Tally{}
	}
	for _, v := range decide.Verdicts() {
		s.Verdicts[v.String()] = Tally{}
	}
	for _, c := range Confidences() {
		s.Calibrated = append(s.Calibrated, Calibration{Confidence: c})
	}
	var distractors []Distractor
	for _, e := range h.standing() {
		switch e.Kind {
		case Answered:
			s.answered(e, now.Location())
			if e.Tempting != "" {
				distractors = append(distractors, distractorOf(e))
			}
		case Spoke:
			s.Spoken[e.Rating]++
			for _, id := range e.Heard {
				s.Heard[id]++
			}
		case FollowedUp:
			if e.Verdict != nil {
				s.FollowUps.Add(*e.Verdict)
			}
		case Designed:
			s.Designs = append(s.Designs, MockScore{e.At, e.Card, e.Reached, e.Possible})
		case Ended:
			if e.Mode == Mock && e.Possible > 0 {
				s.Mocks = append(s.Mocks, MockScore{e.At, e.Card, e.Reached, e.Possible})
			}
		}
	}
	s.Distractors = sumDistractors(distractors)
	s.RecentDistractors = sumDistractors(distractors[max(0, len(distractors)-recentCount):])
	s.streaks(now)
	s.memory(d, p, now)
	return s
}

func (s *Stats) answered(e *Event, local *time.Location) {
	s.Answers++
	day := s.day(e.At.In(local))
	for name, m := range e.Answers {
		t := s.Questions[name]
		t.Add(m)
		s.Questions[name] = t
		day.Answers.Add(m)
	}
	if e.Ask != nil {
		s.Asked.Add(*e.Ask)
	}
	if e.Verdict == nil {
		return
	}
	t := s.Verdicts[e.Verdict.Best()]
	t.Add(*e.Verdict)
	s.Verdicts[e.Verdict.Best()] = t
	day.Verdicts.Add(*e.Verdict)
	if e.Follows != nil {
		s.Consistent.Graded++
		if *e.Follows {
			s.Consistent.Right++
		}
	}
	for i := range s.Calibrated {
		if c := &s.Calibrated[i]; c.Confidence == e.Confidence {
			c.Verdicts.Add(*e.Verdict)
			c.Tempted += distractorOf(e).Taken
		}
	}
}

// day returns the last day, which events in order of time fill one by one.
func (s *Stats) day(at time.Time) *Day {
	n := dayNumber(at)
	if len(s.Days) == 0 || s.Days[len(s.Days)-1].number != n {
		s.Days = append(s.Days, Day{Date: at.Format(time.DateOnly), number: n})
	}
	return &s.Days[len(s.Days)-1]
}

func distractorOf(e *Event) Distractor {
	if e.Tempting == "" || e.Verdict == nil {
		return Distractor{}
	}
	l := Distractor{Met: 1}
	if e.Verdict.Said == e.Tempting {
		l.Taken = 1
	}
	if !e.Verdict.Right() {
		l.Wrong = 1
	}
	return l
}

func sumDistractors(list []Distractor) Distractor {
	var sum Distractor
	for _, l := range list {
		sum.Met, sum.Taken, sum.Wrong = sum.Met+l.Met, sum.Taken+l.Taken, sum.Wrong+l.Wrong
	}
	return sum
}

// streaks counts days in a row. Today does not break a streak before it ends.
func (s *Stats) streaks(now time.Time) {
	run, last := 0, 0
	for _, d := range s.Days {
		if d.number != last+1 {
			run = 0
		}
		run, last = run+1, d.number
		s.Longest = max(s.Longest, run)
	}
	if today := dayNumber(now); last == today || last == today-1 {
		s.Streak = run
	}
}

func (s *Stats) memory(d Deck, p *Plan, now time.Time) {
	cards := d.Cards()
	s.Cards = len(cards)
	for _, c := range cards {
		if p.Level(c.ID) == Ask {
			s.AskLevel++
		}
		if st := p.State(c.ID); st != nil {
			s.Seen++
			if st.Due.Sub(st.Last) >= knownFor {
				s.Known++
			}
		}
	}
	s.DueNow = len(p.Due(now))
	s.Forecast = p.Forecast(now, forecastDays)
}

// Before returns what was right on the last days with answers before the last one, at most
// n of them, and how many those are.
func (s *Stats) Before(n int) (sum Tally, days int) {
	earlier := s.Days[:max(0, len(s.Days)-1)]
	earlier = earlier[max(0, len(earlier)-n):]
	for _, d := range earlier {
		for _, t := range []Tally{d.Answers, d.Verdicts} {
			sum.Graded, sum.Right = sum.Graded+t.Graded, sum.Right+t.Right
		}
	}
	return sum, len(earlier)
}

// Series returns the share of answers that were right on each of the last days
// with answers, oldest first, at most n of them. Each is the share over that day
// and the two before it, so that a day with two answers does not jump.
func (s *Stats) Series(n int) []float64 {
	const window = 3
	var out []float64
	for i := range s.Days {
		var sum Tally
		for _, d := range s.Days[max(0, i-window+1) : i+1] {
			for _, t := range []Tally{d.Answers, d.Verdicts} {
				sum.Graded, sum.Right = sum.Graded+t.Graded, sum.Right+t.Right
			}
		}
		out = append(out, sum.Share())
	}
	return slices.Clone(out[max(0, len(out)-n):])
}
