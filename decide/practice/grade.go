package practice

import (
	"strings"

	"waitornot/decide"
)

// NoAnswer is what stands for an answer or a verdict that a person did not know.
const NoAnswer = "unknown"

// A Mark is what a person said beside what was wanted. The zero value was not
// asked.
type Mark struct {
	Said string `json:"said"`
	Want string `json:"want"`
}

// Asked reports whether there was something to say.
func (m Mark) Asked() bool { return m.Said != "" }

// Graded reports whether what was said is right or wrong: a manifest that does
// not know the answer itself cannot say.
func (m Mark) Graded() bool { return m.Asked() && m.Want != NoAnswer }

// Best returns what was wanted most: the first of several words.
func (m Mark) Best() string {
	best, _, _ := strings.Cut(m.Want, ",")
	return best
}

// Right reports whether the person said one of what was wanted, which may be
// several words joined by commas.
func (m Mark) Right() bool {
	for want := range strings.SplitSeq(m.Want, ",") {
		if m.Said == want && m.Graded() {
			return true
		}
	}
	return false
}

// Confidence is how sure a person was of a verdict. Empty is not said.
type Confidence string

// The confidences, the least first.
const (
	Guess  Confidence = "guess"
	Likely Confidence = "likely"
	Sure   Confidence = "sure"
)

// Confidences lists the confidences, the least first.
func Confidences() []Confidence { return []Confidence{Guess, Likely, Sure} }

// A Response is what a person said about a card.
type Response struct {
	Answers    *decide.Answers // nil when the four questions were not asked; Unknown is said, not assumed
	Asked      *Mark           // what was named as the question to ask first; nil on the level Given
	Verdict    decide.Verdict  // Undecided when the person did not know
	Confidence Confidence
	Hints      int // how many were looked at
}

// A Grading compares a response with its card.
type Grading struct {
	Answers [decide.QuestionCount]Mark // indexed by decide.Question; zero when not asked
	Verdict Mark
	// Own is what the table says of the person's own answers; with the zero
	// value they were not asked.
	Own     decide.Decision
	Follows bool // the person's verdict is one that their own answers allow
	Tempted bool // the verdict said is the card's tempting error
	Rating  Rating
}

// A Rating is what a response tells of the memory. The zero value is none.
type Rating uint8

// The ratings. There is none for "easy": how easy it felt is not something that
// grading can see.
const (
	Unrated Rating = iota
	Again          // the verdict is wrong or was not known
	Hard           // the verdict is right, but some answer is not, or it took hints
	Good           // all is right, without a hint
)

var ratingNames = [...]string{"unrated", "again", "hard", "good"}

// String returns the name of the rating.
func (r Rating) String() string { return ratingNames[min(int(r), len(ratingNames)-1)] }

// Grade compares a response with its card.
func Grade(t *decide.Table, c *Card, r Response) Grading {
	g := Grading{
		Verdict: Mark{verdictWord(r.Verdict), wantedVerdict(c.Verdict, c.Right())},
		Tempted: r.Verdict != decide.Undecided && r.Verdict == c.Tempting.Verdict && !c.Right().Has(r.Verdict),
		Follows: true,
	}
	allRight := true
	if r.Answers != nil {
		for _, q := range decide.Questions() {
			if r.Answers[q] == decide.Unknown && c.Answers[q] == decide.Unknown {
				continue // it was not asked: the manifest does not say
			}
			g.Answers[q] = Mark{r.Answers[q].String(), wantedAnswer(q, c.Answers[q])}
			allRight = allRight && (g.Answers[q].Right() || !g.Answers[q].Graded())
		}
		g.Own = t.Judge(*r.Answers, 0)
		g.Follows = follows(g.Own, r.Verdict)
	}
	if !c.Decided() {
		g.Verdict, g.Rating = Mark{}, Again
		if r.Asked != nil && r.Asked.Right() {
			g.Rating = Good
		}
		return g
	}
	switch {
	case !g.Verdict.Right():
		g.Rating = Again
	case !allRight || r.Hints > 0 || r.Asked != nil && !r.Asked.Right():
		g.Rating = Hard
	default:
		g.Rating = Good
	}
	return g
}

// follows reports whether a person may say v after answers that d decides: the
// verdict that stands, or while several are possible one of them, or that one
// cannot know.
func follows(d decide.Decision, v decide.Verdict) bool {
	if v == decide.Undecided {
		return !d.Decided()
	}
	return d.Possible.Has(v)
}

// wantedVerdict lists what is right, the best first.
func wantedVerdict(best decide.Verdict, right decide.VerdictSet) string {
	words := []string{best.String()}
	for _, v := range right.List() {
		if v != best {
			words = append(words, v.String())
		}
	}
	return strings.Join(words, ",")
}

// wantedAnswer lists what is right. Who says a plain no where the card has its reason is
// right, and so is who gives a reason where the card has none.
func wantedAnswer(q decide.Question, a decide.Answer) string {
	words := []string{a.String()}
	if a.Plain() == decide.No && q == decide.Retryability {
		if a == decide.No {
			words = append(words, decide.TooLate.String(), decide.Unsafe.String())
		} else {
			words = append(words, decide.No.String())
		}
	}
	return strings.Join(words, ",")
}

// verdictWord is how a mark writes a verdict.
func verdictWord(v decide.Verdict) string {
	if v == decide.Undecided {
		return NoAnswer
	}
	return v.String()
}

// ParseSaidVerdict reads a verdict as a mark writes it: Unsaid is Undecided.
func ParseSaidVerdict(word string) (decide.Verdict, bool) {
	if word == NoAnswer {
		return decide.Undecided, true
	}
	v, ok := decide.ParseVerdict(word)
	return v, ok && v != decide.Undecided
}

// NoChange is what a person says who finds that a follow-up changes no answer.
const NoChange = "none"

// A FollowUpGrading compares what a person said to a follow-up with what it
// does.
type FollowUpGrading struct {
	Change  Mark // one of the answers that the new fact changes, or NoChange
	Verdict Mark
}

// GradeFollowUp compares what a person said to the card's follow-up: the
// question whose answer changes (NoChange or Unsaid will do), and the verdict
// that stands now. Of several changed answers any one is right.
func GradeFollowUp(c *Card, change string, v decide.Verdict) FollowUpGrading {
	want := NoChange
	if changed := c.Changed(); len(changed) > 0 {
		var names []string
		for _, q := range changed {
			names = append(names, q.String())
		}
		want = strings.Join(names, ",")
	}
	return FollowUpGrading{Mark{change, want}, Mark{verdictWord(v), wantedVerdict(c.FollowUp.Verdict, c.FollowUp.Right())}}
}

// AllRight reports whether everything that is graded is right, with the follow-up unless f
// is nil.
func (g *Grading) AllRight(f *FollowUpGrading) bool {
	for _, m := range g.Answers {
		if m.Graded() && !m.Right() {
			return false
		}
	}
	return g.Verdict.Right() && (f == nil || f.Change.Right() && f.Verdict.Right())
}
