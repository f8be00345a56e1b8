package quiz

import (
	"waitornot/decide"
	"waitornot/decide/practice"
)

// jsonVersion is the version of every JSON document here.
const jsonVersion = 1

// showing is a card as JSON; what gives the answer away is left out unless it
// was asked for.
type showing struct {
	Version int       `json:"version"`
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Prompt  string    `json:"prompt"`
	Hints   []string  `json:"hints"`
	Solved  *solution `json:"solution,omitempty"`
}

// solution is all that a card knows about its right answer.
type solution struct {
	Answers    map[string]solvedAnswer `json:"answers"`
	Verdict    string                  `json:"verdict"`
	Row        string                  `json:"row"`
	Tempting   string                  `json:"tempting,omitempty"`
	WhyTempts  string                  `json:"why_tempting,omitempty"`
	Safeguards []string                `json:"safeguards"`
	Tradeoff   string                  `json:"tradeoff,omitempty"`
	Spoken     string                  `json:"spoken,omitempty"`
	FollowUp   *solvedFollowUp         `json:"follow_up,omitempty"`
}

type solvedAnswer struct {
	Is      string `json:"is"`
	Latency string `json:"latency,omitempty"` // the duration that stands for the answer
	Why     string `json:"why,omitempty"`
}

type solvedFollowUp struct {
	Fact    string   `json:"fact"`
	Changes []string `json:"changes"`
	Verdict string   `json:"verdict"`
	Why     string   `json:"why"`
}

// CardJSON returns a card as it is written in JSON; what gives the answer away is left
// out unless it was asked for.
func (b *Wording) CardJSON(c *practice.Card, answers bool) any {
	s := showing{Version: jsonVersion, ID: c.ID, Title: c.Title, Prompt: c.Prompt, Hints: append([]string{}, c.Hints...)}
	if answers {
		s.Solved = b.solution(c)
	}
	return s
}

func (b *Wording) solution(c *practice.Card) *solution {
	s := &solution{Answers: map[string]solvedAnswer{}, Verdict: c.Verdict.String(), WhyTempts: c.Tempting.Why,
		Safeguards: append([]string{}, c.Safeguards...), Tradeoff: c.Tradeoff, Spoken: c.Spoken}
	if c.Decided() {
		s.Row = b.Knowledge.Table.RowsOf(b.Knowledge.Table.Decide(c.Answers))[0].Name
	}
	if c.Tempting.Verdict != decide.Undecided {
		s.Tempting = c.Tempting.Verdict.String()
	}
	for _, q := range decide.Questions() {
		a := solvedAnswer{Is: c.Answers[q].String(), Why: c.Why[q]}
		if q == decide.Latency && c.Latency > 0 {
			a.Latency = c.Latency.String()
		}
		s.Answers[q.String()] = a
	}
	if f := c.FollowUp; f != nil {
		s.FollowUp = &solvedFollowUp{Fact: f.Fact, Changes: []string{}, Verdict: f.Verdict.String(), Why: f.Why}
		for _, q := range c.Changed() {
			s.FollowUp.Changes = append(s.FollowUp.Changes, q.String())
		}
	}
	return s
}

// graded is a grading as JSON.
type graded struct {
	Version    int                   `json:"version"`
	ID         string                `json:"id"`
	Right      bool                  `json:"right"` // all of it
	Answers    map[string]gradedMark `json:"answers"`
	Verdict    gradedMark            `json:"verdict"`
	Consistent bool                  `json:"consistent"` // the verdict follows from the answers given
	Tempted    bool                  `json:"tempted"`    // the verdict given is the tempting error
	Rating     string                `json:"rating"`
	FollowUp   *gradedFollowUp       `json:"follow_up,omitempty"`
	Solution   *solution             `json:"solution"`
}

// A gradedMark is a mark with its grading; right is null when it is not graded.
type gradedMark struct {
	practice.Mark
	Right *bool `json:"right"`
}

type gradedFollowUp struct {
	Change  gradedMark `json:"change"`
	Verdict gradedMark `json:"verdict"`
}

func markOf(m practice.Mark) gradedMark {
	if !m.Graded() {
		return gradedMark{m, nil}
	}
	right := m.Right()
	return gradedMark{m, &right}
}

// GradingJSON returns a grading as it is written in JSON; f is nil when there was no
// follow-up.
func (b *Wording) GradingJSON(c *practice.Card, g practice.Grading, f *practice.FollowUpGrading) any {
	out := graded{Version: jsonVersion, ID: c.ID, Right: g.AllRight(f), Answers: map[string]gradedMark{}, Verdict: markOf(g.Verdict),
		Consistent: g.Follows, Tempted: g.Tempted, Rating: g.Rating.String(), Solution: b.solution(c)}
	for _, q := range decide.Questions() {
		out.Answers[q.String()] = markOf(g.Answers[q])
	}
	if f != nil {
		out.FollowUp = &gradedFollowUp{markOf(f.Change), markOf(f.Verdict)}
	}
	return out
}
