package decide

import (
	"slices"
	"strings"
	"testing"
)

// The plain and the explained answer are the same.
func TestExplainAgreesWithDecide(t *testing.T) {
	table := theTable(t)
	every(func(a Answers) {
		if e := table.Explain(a, 0); e.Decision != table.Judge(a, 0) || e.Answers != a {
			t.Errorf("Explain(%s) = %+v", a, e)
		}
	})
}

// What each answer's own rule supports, in the words of the framework.
var ownRules = map[Question]map[Answer][]Verdict{
	Immediacy:    {Yes: {Sync}, Later: {Hybrid}, No: {Async}},
	Retryability: {Yes: {Async, Hybrid}, No: {Sync}},
	Latency:      {No: {Sync}, Yes: {Async, Hybrid}, Beyond: {Async, Hybrid}},
	Coupling:     {Yes: {Async, Hybrid}}, // no: no opinion
}

// A dissent is exactly an answer whose own rule has an opinion and does not
// support the verdict; the rest of the answers that the rows ask for decide.
func TestDissentsAndDecidingQuestions(t *testing.T) {
	table := theTable(t)
	every(func(a Answers) {
		e := table.Explain(a, 0)
		if !e.Decided() {
			if len(e.Dissents)+len(e.Deciding)+len(e.Flips) > 0 || e.Agreement() != NoVerdict {
				t.Errorf("Explain(%s) is undecided and gives reasons: %+v", a, e)
			}
			return
		}
		var dissents, deciding []Question
		for _, q := range Questions() {
			supports := ownRules[q][a[q]]
			asked := slices.ContainsFunc(e.Rows, func(r *Row) bool { return r.When[q] != 0 })
			switch {
			case a[q] == Unknown:
			case supports != nil && !slices.Contains(supports, e.Verdict):
				dissents = append(dissents, q)
			case asked:
				deciding = append(deciding, q)
			}
		}
		var got []Question
		for _, d := range e.Dissents {
			got = append(got, d.Question)
			if d.Answer != a[d.Question] || !slices.Equal(d.Argues.List(), SetOf(ownRules[d.Question][d.Answer]...).List()) {
				t.Errorf("Explain(%s): dissent %+v", a, d)
			}
			if d.Weak != (d.Question == Latency && d.Answer == No) {
				t.Errorf("Explain(%s): dissent of %s is weak: %v", a, d.Question, d.Weak)
			}
		}
		if !slices.Equal(got, dissents) {
			t.Errorf("Explain(%s): dissents %v, want %v", a, got, dissents)
		}
		if !slices.Equal(e.Deciding, deciding) {
			t.Errorf("Explain(%s): deciding %v, want %v", a, e.Deciding, deciding)
		}
		if len(deciding) == 0 {
			t.Errorf("Explain(%s): nothing decides %s", a, e.Verdict)
		}
		if want := map[bool]Agreement{true: CloseCall, false: Clear}[closeByHand(table, a)]; e.Agreement() != want {
			t.Errorf("Explain(%s): agreement %v, want %v", a, e.Agreement(), want)
		}
	})
}

// closeByHand reports whether one step of one answer other than immediacy gives another
// verdict, by the pairs of neighbors themselves.
func closeByHand(table *Table, a Answers) bool {
	steps := map[Question][][2]Answer{
		Retryability: {{Yes, No}, {No, Yes}, {TooLate, Yes}, {Unsafe, Yes}},
		Latency:      {{No, Yes}, {Yes, No}, {Yes, Beyond}, {Beyond, Yes}},
		Coupling:     {{Yes, No}, {No, Yes}},
	}
	v := table.Decide(a).Verdict
	for q, pairs := range steps {
		for _, p := range pairs {
			if w := table.Decide(a.With(q, p[1])).Verdict; a[q] == p[0] && w != v && w != Undecided {
				return true
			}
		}
	}
	return false
}

// A close call is about answers beside immediacy and about neighbors only.
func TestCloseCall(t *testing.T) {
	table := theTable(t)
	for _, tt := range []struct {
		a    Answers
		want string
	}{
		{Answers{Yes, No, Yes, Yes}, "close call"},            // a step past the wait limit
		{Answers{Yes, No, No, Yes}, "clear"},                  // two steps to beyond
		{Answers{Yes, Yes, Beyond, No}, "close call"},         // just too long to hold
		{Answers{No, Yes, Yes, Yes}, "clear"},                 // async whatever the others say
		{Answers{No, TooLate, No, No}, "close call"},          // a repeat would be enough
		{Answers{No, Unknown, Beyond, Unknown}, "clear"},      // decided without them
		{Answers{Unknown, Unknown, No, Unknown}, "undecided"}, // nothing stands
		{Answers{Later, Yes, No, Yes}, "close call"},          // slower, and it is hybrid
	} {
		e := table.Explain(tt.a, 0)
		if got := e.Agreement().String(); got != tt.want {
			t.Errorf("%s: %s, want %s (%v)", tt.a, got, tt.want, e.Close)
		}
	}
	if got := Agreement(agreementCount).String(); got != "invalid agreement" {
		t.Errorf("out of range: %q", got)
	}
}

// A reason for no is no to the table, and is kept for the rest.
func TestReasonsOfNo(t *testing.T) {
	table := theTable(t)
	every(func(a Answers) {
		if a[Retryability] != No {
			return
		}
		want := table.Explain(a, 0)
		for _, reason := range []Answer{TooLate, Unsafe} {
			b := a.With(Retryability, reason)
			if got := table.Explain(b, 0); got.Decision != want.Decision || got.Answers[Retryability] != reason || len(got.Flips) != len(want.Flips) {
				t.Errorf("%s: %v, want %v", b, got, want)
			}
		}
	})
	if Immediacy.Allows(TooLate) || Coupling.Allows(Unsafe) || !Retryability.Allows(Unsafe) {
		t.Error("the reasons of no belong to retryability alone")
	}
	rows := table.Rows()
	rows = append([]Row(nil), rows...)
	rows[0].When[Retryability] = AnswersOf(Unsafe)
	if _, err := NewTable(rows); err == nil || !strings.Contains(err.Error(), "unsafe counts as no, so write no") {
		t.Errorf("a row that asks for a reason of no: %v", err)
	}
}

// The flips are all of the smallest changes after which another verdict is
// certain. The search here is over all combinations, by their distance.
func TestFlipsByBruteForce(t *testing.T) {
	table := theTable(t)
	every(func(a Answers) {
		e := table.Explain(a, 0)
		if !e.Decided() {
			return
		}
		byDistance := map[int]map[Answers]Verdict{}
		least := 5
		every(func(b Answers) {
			distance := 0
			for q := range a {
				if a[q] != b[q] {
					if b[q] == Unknown {
						return // a flip gives answers, it does not take them back
					}
					distance++
				}
			}
			if d := table.Decide(b); d.Decided() && d.Verdict != e.Verdict {
				if byDistance[distance] == nil {
					byDistance[distance] = map[Answers]Verdict{}
				}
				byDistance[distance][b] = d.Verdict
				least = min(least, distance)
			}
		})
		want := byDistance[least]
		if len(e.Flips) != len(want) {
			t.Errorf("Explain(%s): %d flips, want %d of size %d", a, len(e.Flips), len(want), least)
		}
		for _, f := range e.Flips {
			b := a
			for i, c := range f.Changes {
				if c.From != a[c.Question] || c.To == c.From || i > 0 && f.Changes[i-1].Question >= c.Question {
					t.Errorf("Explain(%s): change %+v", a, c)
				}
				b[c.Question] = c.To
			}
			if len(f.Changes) != least || want[b] != f.Verdict || f.Verdict == Undecided {
				t.Errorf("Explain(%s): flip %+v", a, f)
			}
			delete(want, b)
		}
	})
}

// WaysTo finds the smallest changes that lead to one verdict: it agrees with the
// flips where they lead there, and no smaller change does.
func TestWaysTo(t *testing.T) {
	table := theTable(t)
	every(func(a Answers) {
		for _, v := range Verdicts() {
			ways := table.WaysTo(a, 0, v)
			if (table.Decide(a).Verdict == v) != (ways == nil) {
				t.Fatalf("WaysTo(%s, %s): %d ways", a, v, len(ways))
			}
			for _, w := range ways {
				b := a
				for _, c := range w.Changes {
					b[c.Question] = c.To
				}
				if w.Verdict != v || table.Decide(b).Verdict != v {
					t.Errorf("WaysTo(%s, %s): %+v", a, v, w)
				}
				every(func(c Answers) {
					distance := 0
					for q := range c {
						if c[q] != a[q] {
							distance++
						}
						if c[q] == Unknown && a[q] != Unknown {
							return
						}
					}
					if distance < len(w.Changes) && table.Decide(c).Verdict == v {
						t.Errorf("WaysTo(%s, %s) has %d changes, %s needs %d", a, v, len(w.Changes), c, distance)
					}
				})
			}
		}
	})
}

// Safeguards are due exactly when an obligation holds, with each question that
// obliges; patterns are taken in order; an undecided recommendation has none.
func TestRecommend(t *testing.T) {
	k := &Knowledge{
		Table: theTable(t),
		Safeguards: []Safeguard{
			{ID: "deadline", Obliged: []Obligation{
				{By: Latency, Verdicts: SetOf(Sync), When: [4]AnswerSet{Latency: AnswersOf(Yes)}},
				{By: Coupling, Verdicts: SetOf(Sync), When: [4]AnswerSet{Coupling: AnswersOf(Yes)}},
			}},
			{ID: "dead-letter-queue", Obliged: []Obligation{
				{By: Retryability, Verdicts: SetOf(Async, Hybrid), When: [4]AnswerSet{Retryability: AnswersOf(Yes)}},
			}},
			{ID: "optional"},
		},
		Patterns: []Pattern{
			{ID: "topic", Verdict: Async, All: FanOut, Any: Coupled | Brokered, None: LossOK},
			{ID: "queue", Verdict: Async},
			{ID: "request-reply", Verdict: Sync},
		},
	}
	k.Tradeoffs[Sync] = Tradeoff{Gains: []string{"simple"}, Costs: []string{"blocked"}}

	r := k.Recommend(Answers{Yes, No, Yes, Yes}, 0)
	if len(r.Safeguards) != 1 || r.Safeguards[0].ID != "deadline" || !slices.Equal(r.Safeguards[0].By, []Question{Latency, Coupling}) {
		t.Errorf("safeguards %+v", r.Safeguards)
	}
	if got := r.SafeguardsBy(Coupling); len(got) != 1 || got[0].ID != "deadline" {
		t.Errorf("safeguards by coupling %v", got)
	}
	if got := r.SafeguardsBy(Retryability); got != nil {
		t.Errorf("safeguards by retryability %v", got)
	}
	if r.Pattern.ID != "request-reply" || r.Tradeoff.Costs[0] != "blocked" {
		t.Errorf("pattern %v, trade-off %v", r.Pattern, r.Tradeoff)
	}
	for _, tt := range []struct {
		answers Answers
		facts   Facts
		want    string
	}{
		{Answers{No, Yes, No, Yes}, FanOut, "topic"},
		{Answers{No, Yes, No, No}, FanOut, "queue"},                      // nothing of Any
		{Answers{No, Yes, No, No}, FanOut | Brokered, "topic"},           // Any by another fact
		{Answers{No, Yes, No, Yes}, FanOut | LossOK, "queue"},            // something of None
		{Answers{No, Yes, No, Yes}, Human, "queue"},                      // not all of All
		{Answers{Yes, Yes, No, Yes}, FanOut | Brokered, "request-reply"}, // another verdict
	} {
		if got := k.Recommend(tt.answers, tt.facts).Pattern; got == nil || got.ID != tt.want {
			t.Errorf("Recommend(%s, %v): pattern %v, want %s", tt.answers, tt.facts.List(), got, tt.want)
		}
	}
	u := k.Recommend(Answers{}, 0)
	if u.Decided() || u.Pattern != nil || u.Safeguards != nil || len(u.Possible.List()) != 3 {
		t.Errorf("undecided recommendation %+v", u)
	}
}

func BenchmarkExplain(b *testing.B) {
	table := theTable(b)
	b.ReportAllocs()
	for b.Loop() {
		table.Explain(Answers{Later, Yes, No, Yes}, 0)
	}
}

func BenchmarkNewTable(b *testing.B) {
	rows := theTable(b).Rows()
	for b.Loop() {
		if _, err := NewTable(rows); err != nil {
			b.Fatal(err)
		}
	}
}
