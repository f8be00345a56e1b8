package prompt

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/manifest"
)

// A Detail is a fact about an operation that is asked beside the four
// questions.
type Detail uint8

// The details, in the order in which they are asked.
const (
	Name Detail = iota
	Caller
	Callee
	Description

	detailCount = 4
)

// String returns the name of the detail, as manifests and flags write it.
func (d Detail) String() string { return [...]string{"name", "caller", "callee", "description"}[d] }

func details() [detailCount]Detail { return [...]Detail{Name, Caller, Callee, Description} }

// means says what a detail is.
func (d Detail) means() string {
	return [...]string{"what the operation is called, for example authorize-payment",
		"the service that starts it", "the service that does it",
		"one sentence on what it does, for whoever reads the manifest"}[d]
}

// Replies are what is known of an operation. The zero value knows nothing.
type Replies struct {
	Details  [detailCount]string // indexed by Detail; empty when it has none
	Answers  decide.Answers
	Latency  time.Duration                   // the p99 that stands for the answer to the latency question, or 0
	Mode     decide.Verdict                  // how the operation works today; Undecided when that's not known, or it isn't built yet
	Moded    bool                            // the mode need not be asked
	Detailed [detailCount]bool               // the details that need not be asked
	Answered [decide.QuestionCount]bool      // indexed by decide.Question: the questions that need not be asked; not sure is an answer too
	Facts    [advice.FactCount]decide.Answer // indexed by advice.Fact: yes, no, or unknown
	Told     [advice.FactCount]bool          // indexed by advice.Fact: the facts that need not be asked for
}

// Missing returns the questions that are still to be asked, in order.
func (r *Replies) Missing() []decide.Question {
	var list []decide.Question
	for _, q := range decide.Questions() {
		if !r.Answered[q] {
			list = append(list, q)
		}
	}
	return list
}

// answer records an answer; a latency forgets the duration given before.
func (r *Replies) answer(q decide.Question, a decide.Answer) {
	r.Answers[q], r.Answered[q] = a, true
	if q == decide.Latency {
		r.Latency = 0
	}
}

// Measure records a duration as the answer to the latency question.
func (r *Replies) Measure(d time.Duration, limits decide.LatencyLimits) {
	r.answer(decide.Latency, limits.Latency(d))
	r.Latency = d
}

// Answer records what was typed for a question: a word, or a duration for the
// latency. Otherwise it says what is accepted.
func (r *Replies) Answer(q decide.Question, typed string, limits decide.LatencyLimits) error {
	word := strings.ToLower(term.Clean(typed))
	if a, ok := parseAnswer(q, word); ok {
		r.answer(q, a)
		return nil
	}
	if q != decide.Latency {
		return fmt.Errorf("%q isn't an answer: %s accepts %s", term.Safe(typed), q, accepted(q))
	}
	d, err := ParseDuration(word)
	if err != nil {
		return fmt.Errorf("%w; %s accepts %s", err, q, accepted(q))
	}
	r.Measure(d, limits)
	return nil
}

// words are what people type for answers, beside the names themselves.
var words = map[string]decide.Answer{
	"y": decide.Yes, "true": decide.Yes, "n": decide.No, "false": decide.No,
	"?": decide.Unknown, "not sure": decide.Unknown, "not-sure": decide.Unknown, "unsure": decide.Unknown,
}

func parseAnswer(q decide.Question, word string) (decide.Answer, bool) {
	a, ok := words[word]
	if !ok {
		a, ok = decide.ParseAnswer(word)
	}
	return a, ok && q.Allows(a)
}

// tell records the answer to the question for a fact.
func (r *Replies) tell(f advice.Fact, a decide.Answer) { r.Facts[f], r.Told[f] = a, true }

// Tell records what was typed for a fact: yes, no or unknown.
func (r *Replies) Tell(f advice.Fact, typed string) error {
	word := strings.ToLower(term.Clean(typed))
	a, ok := words[word]
	if !ok {
		a, ok = decide.ParseAnswer(word)
	}
	if !ok || !slices.Contains(factAnswers(), a) {
		return fmt.Errorf("%q isn't an answer: %s accepts yes, no, or unknown", term.Safe(typed), f.Flag())
	}
	r.tell(f, a)
	return nil
}

// sentence writes an error as a sentence.
func sentence(err error) string { return text.Sentence(err.Error()) }

// accepted lists the answers to a question.
func accepted(q decide.Question) string {
	var names []string
	for _, a := range q.Choices() {
		names = append(names, a.String())
	}
	if q == decide.Latency {
		return strings.Join(names, ", ") + ", unknown, or a duration such as 900ms"
	}
	return strings.Join(names, ", ") + ", or unknown"
}

// ParseDuration reads a duration as people type it: 900ms, 1.5s, 2m, 1m30s. The
// error says how to write what was probably meant.
func ParseDuration(text string) (time.Duration, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	d, err := time.ParseDuration(text)
	number := strings.TrimLeft(text, "0123456789.")
	switch {
	case text == "":
		return 0, fmt.Errorf("type a duration such as 900ms, 1.5s, or 2m")
	case err == nil && d > 0:
		return d, nil
	case err == nil || strings.HasPrefix(text, "-"):
		return 0, fmt.Errorf("%s must be above zero", term.Safe(text))
	case number == "":
		return 0, fmt.Errorf("%s has no unit: write %sms or %ss", text, text, text)
	case strings.Contains(text, ","):
		return 0, fmt.Errorf("\"%s\" isn't a duration: write %s", term.Safe(text), term.Safe(strings.ReplaceAll(text, ",", ".")))
	}
	return 0, fmt.Errorf("\"%s\" isn't a duration: use a number and a unit (ms, s, m, h), such as 900ms, 1.5s, or 2m", term.Safe(text))
}

// reply writes the answer to q as people read it: "yes", "not sure",
// "900ms (yes)".
func (r *Replies) reply(q decide.Question) string {
	switch a := r.Answers[q]; {
	case !r.Answered[q]:
		return ""
	case q == decide.Latency && r.Latency > 0:
		return fmt.Sprintf("%s (%s)", manifest.FormatDuration(r.Latency), a)
	default:
		return label(a)
	}
}

// label is an answer as it is offered.
func label(a decide.Answer) string {
	if a == decide.Unknown {
		return "not sure"
	}
	return a.String()
}

// A Topic is what a question is about: one of the four, or a fact. The zero value is
// nothing.
type Topic struct {
	question decide.Question
	fact     advice.Fact
	is       uint8 // 1: the question; 2: the fact
}

// AboutQuestion is the topic of one of the four questions.
func AboutQuestion(q decide.Question) Topic { return Topic{question: q, is: 1} }

// AboutFact is the topic of the question for a fact.
func AboutFact(f advice.Fact) Topic { return Topic{fact: f, is: 2} }

// Question returns the one of the four questions that the topic is, if it is one.
func (t Topic) Question() (decide.Question, bool) { return t.question, t.is == 1 }

// Fact returns the fact that the topic is, if it is one.
func (t Topic) Fact() (advice.Fact, bool) { return t.fact, t.is == 2 }

// String returns the topic as command lines and people write it.
func (t Topic) String() string {
	if f, ok := t.Fact(); ok {
		return f.Flag()
	}
	return t.question.String()
}

// Forget takes back the answer about a topic.
func (r *Replies) Forget(t Topic) {
	if f, ok := t.Fact(); ok {
		r.Told[f] = false
		return
	}
	r.Answered[t.question] = false
}
