package practice

import (
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide"
)

var (
	drawAnswer = rapid.SampledFrom([]decide.Answer{decide.Unknown, decide.Yes, decide.No, decide.Later, decide.Beyond})
	drawSaid   = rapid.SampledFrom([]decide.Verdict{decide.Undecided, decide.Sync, decide.Async, decide.Hybrid})
)

func drawAnswers(t *rapid.T, label string) decide.Answers {
	var a decide.Answers
	for _, q := range decide.Questions() {
		a[q] = drawAnswer.Filter(q.Allows).Draw(t, label+" "+q.String())
	}
	return a
}

func TestGrade(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	yes, no, unknown := decide.Yes, decide.No, decide.Unknown
	c := &Card{ID: "shop/pay", Answers: decide.Answers{yes, no, yes, yes}, Verdict: decide.Sync, Tempting: Tempting{Verdict: decide.Async}}
	right := decide.Answers{yes, no, yes, yes}
	tests := []struct {
		name    string
		said    Response
		right   int // of the four answers
		verdict bool
		follows bool
		tempted bool
		rating  Rating
	}{
		{"all right", Response{Answers: &right, Verdict: decide.Sync}, 4, true, true, false, Good},
		{"with a hint", Response{Answers: &right, Verdict: decide.Sync, Hints: 1}, 4, true, true, false, Hard},
		{"an answer wrong", Response{Answers: &decide.Answers{yes, yes, yes, yes}, Verdict: decide.Sync}, 3, true, true, false, Hard},
		{"an answer not known", Response{Answers: &decide.Answers{yes, unknown, yes, yes}, Verdict: decide.Sync}, 3, true, true, false, Hard},
		{"tempted against own answers", Response{Answers: &right, Verdict: decide.Async}, 4, false, false, true, Again},
		{"wrong, but it follows", Response{Answers: &decide.Answers{no, yes, yes, yes}, Verdict: decide.Async}, 2, false, true, true, Again},
		{"right, but it does not follow", Response{Answers: &decide.Answers{no, no, yes, yes}, Verdict: decide.Sync}, 3, true, false, false, Hard},
		{"wrong, not tempting", Response{Answers: &right, Verdict: decide.Hybrid}, 4, false, false, false, Again},
		{"nothing known", Response{Answers: &decide.Answers{}, Verdict: decide.Undecided}, 0, false, true, false, Again},
		{"verdict not known, yet the answers leave no doubt", Response{Answers: &right, Verdict: decide.Undecided}, 4, false, false, false, Again},
		{"verdict alone", Response{Verdict: decide.Sync}, 0, true, true, false, Good},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := Grade(k.Table, c, tt.said)
			n := 0
			for _, m := range g.Answers {
				if m.Right() {
					n++
				}
			}
			if n != tt.right || g.Verdict.Right() != tt.verdict || g.Follows != tt.follows || g.Tempted != tt.tempted || g.Rating != tt.rating {
				t.Errorf("Grade: %d answers right, verdict %v, follows %v, tempted %v, rated %s; want %d, %v, %v, %v, %s",
					n, g.Verdict.Right(), g.Follows, g.Tempted, g.Rating, tt.right, tt.verdict, tt.follows, tt.tempted, tt.rating)
			}
		})
	}
}

// Whatever is said: an answer is right exactly when it is the card's, a verdict
// follows exactly when some completion of the person's answers reaches it, and
// a wrong or missing verdict is always seen again.
func TestGradeProperties(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	rapid.Check(t, func(t *rapid.T) {
		c := cardOf(k, "shop/op", rapid.SampledFrom(allAnswers()).Draw(t, "right"))
		said, v := drawAnswers(t, "said"), drawSaid.Draw(t, "verdict")
		g := Grade(k.Table, c, Response{Answers: &said, Verdict: v})
		same := 0
		for _, q := range decide.Questions() {
			right := said[q] == c.Answers[q] || said[q].Plain() == c.Answers[q].Plain() && (said[q] == decide.No || c.Answers[q] == decide.No)
			if g.Answers[q].Right() != right {
				t.Fatalf("%s: %+v", q, g.Answers[q])
			}
			if right {
				same++
			}
		}
		reached := false
		said.Complete(func(a decide.Answers) bool {
			reached = reached || k.Table.Decide(a).Verdict == v
			return true
		})
		if own := k.Table.Judge(said, 0); own.Decided() {
			reached = reached || own.Possible.Has(v) // hybrid where async is as right
		}
		if v != decide.Undecided && g.Follows != reached {
			t.Fatalf("%s after %s: follows %v, some completion reaches it: %v", v, said, g.Follows, reached)
		}
		accepted := v == c.Verdict || v == decide.Hybrid && c.Verdict == decide.Async && c.Answers[decide.Immediacy] == decide.Later
		if (g.Rating == Again) != !accepted {
			t.Fatalf("said %s, right is %s, rated %s", v, c.Verdict, g.Rating)
		}
		if same == 4 && accepted && (g.Rating != Good || !g.Follows) {
			t.Fatalf("all right, yet rated %s, follows %v", g.Rating, g.Follows)
		}
	})
}

// What a card does not know itself is not graded.
func TestGradeUngradable(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	yes, no := decide.Yes, decide.No
	c := &Card{Answers: decide.Answers{yes, decide.Unknown, no, no}, Verdict: decide.Sync}
	g := Grade(k.Table, c, Response{Answers: &decide.Answers{yes, yes, no, no}, Verdict: decide.Sync})
	if m := g.Answers[decide.Retryability]; m.Graded() || m.Right() || !m.Asked() {
		t.Errorf("the mark for an answer that the card does not know: %+v", m)
	}
	if g.Rating != Good {
		t.Errorf("rated %s, want good", g.Rating)
	}
}

func TestGradeFollowUp(t *testing.T) {
	t.Parallel()
	yes, no, beyond := decide.Yes, decide.No, decide.Beyond
	now := decide.Answers{yes, no, yes, yes}
	tests := []struct {
		name    string
		after   decide.Answers
		change  string
		right   bool
		verdict decide.Verdict
	}{
		{"the one", now.With(decide.Latency, beyond), "latency", true, decide.Hybrid},
		{"another", now.With(decide.Latency, beyond), "coupling", false, decide.Hybrid},
		{"one of two", decide.Answers{no, no, beyond, yes}, "latency", true, decide.Async},
		{"none", now, NoChange, true, decide.Sync},
		{"none, though one changes", now.With(decide.Coupling, no), NoChange, false, decide.Sync},
		{"not known", now.With(decide.Coupling, no), NoAnswer, false, decide.Sync},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &Card{Answers: now, FollowUp: &FollowUp{Answers: tt.after, Verdict: tt.verdict}}
			g := GradeFollowUp(c, tt.change, tt.verdict)
			if g.Change.Right() != tt.right || !g.Verdict.Right() {
				t.Errorf("change %+v right: %v, want %v; verdict %+v", g.Change, g.Change.Right(), tt.right, g.Verdict)
			}
			if GradeFollowUp(c, tt.change, decide.Undecided).Verdict.Right() {
				t.Error("a verdict that was not known is right")
			}
		})
	}
}

// Rewording a card keeps its print; another answer or verdict changes it.
func TestPrint(t *testing.T) {
	t.Parallel()
	c := cardOf(knowledge(t), "shop/op", decide.Answers{decide.Yes, decide.No, decide.Yes, decide.Yes})
	was := c.Fingerprint()
	c.Title, c.Prompt, c.Why[0], c.Latency, c.Hints, c.Spoken, c.FollowUp = "T", "P", "W", 7, nil, "S", nil
	if c.Fingerprint() != was {
		t.Error("other words changed the print")
	}
	for _, q := range decide.Questions() {
		for _, a := range q.Answers() {
			changed := *c
			changed.Answers[q] = a
			if (changed.Fingerprint() == was) != (a == c.Answers[q]) {
				t.Errorf("%s answered with %s: print %s, was %s", q, a, changed.Fingerprint(), was)
			}
		}
	}
	c.Verdict = decide.Hybrid
	if c.Fingerprint() == was {
		t.Error("another verdict kept the print")
	}
}
