package knowledge

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waitornot/decide"
	"waitornot/decide/practice"
)

// ValidateScenarios reads the embedded scenarios and returns everything that is
// wrong with them, joined: a verdict that the engine does not reach, a safeguard
// that nobody knows, a prompt that gives its answer away, a lack of balance.
func ValidateScenarios() error {
	deck, err := LoadScenarios()
	if err != nil {
		return err
	}
	a, err := Load()
	if err != nil {
		return err
	}
	return validateScenarios(deck, a.Knowledge)
}

func validateScenarios(deck practice.Deck, k *decide.Knowledge) error {
	var faults []error
	for _, c := range deck.Cards() {
		for _, err := range cardFaults(c, k) {
			faults = append(faults, fmt.Errorf("scenario %s: %w", c.ID, err))
		}
	}
	return errors.Join(append(faults, SumScenarios(deck, k.Table).faults()...)...)
}

func cardFaults(c *practice.Card, k *decide.Knowledge) []error {
	var faults []error
	if got := k.Table.Decide(c.Answers).Verdict; got != c.Verdict {
		faults = append(faults, fmt.Errorf("the verdict is %s, the engine says %s", c.Verdict, got))
	}
	if got := k.Table.Decide(c.FollowUp.Answers).Verdict; got != c.FollowUp.Verdict {
		faults = append(faults, fmt.Errorf("the verdict of the follow-up is %s, the engine says %s", c.FollowUp.Verdict, got))
	}
	if c.FollowUp.Answers == c.Answers && c.FollowUp.Latency == c.Latency {
		faults = append(faults, fmt.Errorf("the follow-up says what the card says already"))
	}
	for i, id := range c.Safeguards {
		known := func(s decide.Safeguard) bool { return s.ID == id }
		if !slices.ContainsFunc(k.Safeguards, known) {
			faults = append(faults, fmt.Errorf("there is no safeguard %q", id))
		}
		if slices.Contains(c.Safeguards[:i], id) {
			faults = append(faults, fmt.Errorf("the safeguard %s is defined twice", id))
		}
	}
	hidden := map[string]string{"title": c.Title, "prompt": c.Prompt, "fact of the follow-up": c.FollowUp.Fact}
	for i, h := range c.Hints {
		hidden[fmt.Sprintf("hint %d", i+1)] = h
	}
	for name, text := range hidden {
		if word := givesAway(text); word != "" {
			faults = append(faults, fmt.Errorf("the %s gives the answer away: %q", name, word))
		}
	}
	return faults
}

// givesAway returns a word of the text that names a verdict or a row, or "".
func givesAway(text string) string {
	return regexp.MustCompile(`(?i)\b((a?sync(hronous(ly)?)?|hybrid)|` +
		`needed-now|too-long-to-hold|outcome-later|slow-and-detached|safe-to-retry|keep-apart|nothing-to-gain|` +
		`fire-and-forget|must wait|need not wait|in the background|dead-letter)\b`).FindString(text)
}

// A ScenarioSummary counts what there is to practice on.
type ScenarioSummary struct {
	Systems, Operations int
	Verdicts            map[decide.Verdict]int
	Tempting            map[decide.Verdict]int // how often a verdict is the tempting one
	FollowUps           map[string]int         // "sync to async", or "sync stays"
	Rows                []RowCount             // in the order of the table
	Answers             [4]map[decide.Answer]int
}

// RowCount says how many operations hit a row.
type RowCount struct {
	Row   *decide.Row
	Count int
}

// SumScenarios counts a deck.
func SumScenarios(deck practice.Deck, t *decide.Table) *ScenarioSummary {
	s := &ScenarioSummary{Systems: len(deck), Operations: len(deck.Cards()),
		Verdicts: map[decide.Verdict]int{}, Tempting: map[decide.Verdict]int{}, FollowUps: map[string]int{}}
	for i := range t.Rows() {
		s.Rows = append(s.Rows, RowCount{Row: &t.Rows()[i]})
	}
	for q := range s.Answers {
		s.Answers[q] = map[decide.Answer]int{}
	}
	for _, c := range deck.Cards() {
		s.Verdicts[c.Verdict]++
		s.Tempting[c.Tempting.Verdict]++
		s.FollowUps[followUpKind(c)]++
		hit := t.RowsOf(t.Decide(c.Answers))
		for i := range s.Rows {
			if s.Rows[i].Row == hit[0] {
				s.Rows[i].Count++
			}
		}
		for q, a := range c.Answers {
			s.Answers[q][a.Plain()]++
		}
	}
	return s
}

func followUpKind(c *practice.Card) string {
	if c.Verdict == c.FollowUp.Verdict {
		return c.Verdict.String() + " stays"
	}
	return c.Verdict.String() + " to " + c.FollowUp.Verdict.String()
}

// The least shares that make a deck balanced: whoever guesses the commonest
// answer every time must not look good.
const (
	leastOfVerdict  = 0.20
	leastOfRow      = 0.02
	leastOfTempting = 0.15
	leastOfAnswer   = 0.10
	leastFollowUps  = 0.15 // that keep the verdict, and that change it
)

// faults returns what is out of balance.
func (s *ScenarioSummary) faults() []error {
	var faults []error
	atLeast := func(what string, n int, share float64) {
		if float64(n) < share*float64(s.Operations) {
			faults = append(faults, fmt.Errorf("scenarios: only %d of %d operations %s, fewer than %.0f%%", n, s.Operations, what, share*100))
		}
	}
	for _, v := range decide.Verdicts() {
		atLeast("are "+v.String(), s.Verdicts[v], leastOfVerdict)
		atLeast("are tempting as "+v.String(), s.Tempting[v], leastOfTempting)
	}
	for _, r := range s.Rows {
		atLeast("hit the row "+r.Row.Name, r.Count, leastOfRow)
	}
	for _, q := range decide.Questions() {
		for _, a := range q.Answers() {
			atLeast("answer "+q.String()+" with "+a.String(), s.Answers[q][a], leastOfAnswer)
		}
	}
	stay := 0
	for kind, n := range s.FollowUps {
		if strings.HasSuffix(kind, "stays") {
			stay += n
		}
	}
	atLeast("keep their verdict in the follow-up", stay, leastFollowUps)
	atLeast("change their verdict in the follow-up", s.Operations-stay, leastFollowUps)
	return faults
}

// String lists the counts, one kind a line.
func (s *ScenarioSummary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "scenarios: %d systems, %d operations\n", s.Systems, s.Operations)
	line := func(name string, parts []string) { fmt.Fprintf(&b, "  %-13s %s\n", name, strings.Join(parts, ", ")) }
	var verdicts, tempting, rows, follow []string
	for _, v := range decide.Verdicts() {
		verdicts = append(verdicts, fmt.Sprintf("%s %d", v, s.Verdicts[v]))
		tempting = append(tempting, fmt.Sprintf("%s %d", v, s.Tempting[v]))
		for _, kind := range []string{v.String() + " stays", v.String() + " to sync", v.String() + " to async", v.String() + " to hybrid"} {
			if n := s.FollowUps[kind]; n > 0 {
				follow = append(follow, fmt.Sprintf("%s %d", kind, n))
			}
		}
	}
	for _, r := range s.Rows {
		rows = append(rows, fmt.Sprintf("%s %d", r.Row.Name, r.Count))
	}
	line("verdicts", verdicts)
	line("tempting", tempting)
	line("rows", rows)
	for _, q := range decide.Questions() {
		var answers []string
		for _, a := range q.Answers() {
			answers = append(answers, fmt.Sprintf("%s %d", a, s.Answers[q][a]))
		}
		line(q.String(), answers)
	}
	line("follow-ups", follow)
	return b.String()
}
