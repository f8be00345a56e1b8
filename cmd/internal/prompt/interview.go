package prompt

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/manifest"
)

// An Interview is what has to be known to ask about an operation.
type Interview struct {
	Questions [decide.QuestionCount]advice.QuestionText // indexed by decide.Question
	Facts     *[advice.FactCount]advice.FactText        // indexed by advice.Fact; nil when no facts are asked for
	Known     decide.Facts                              // what is known of the operation besides
	Table     *decide.Table
	Limits    decide.LatencyLimits
	NeedsName bool // the operation must have a name
}

// Under returns the questions with the two durations in their texts replaced by
// those of the limits.
func Under(questions [decide.QuestionCount]advice.QuestionText, limits decide.LatencyLimits) [decide.QuestionCount]advice.QuestionText {
	usual := decide.DefaultLimits()
	spaced := func(d time.Duration) string { // 500 ms, as the texts write it
		text := manifest.FormatDuration(d)
		unit := strings.TrimLeft(text, "0123456789.")
		if strings.ContainsAny(unit, "0123456789") { // 1m30s
			return text
		}
		return text[:len(text)-len(unit)] + " " + unit
	}
	replace := strings.NewReplacer(spaced(usual.Threshold), spaced(limits.Threshold), spaced(usual.Wait), spaced(limits.Wait)).Replace
	q := &questions[decide.Latency]
	q.Ask, q.Rule, q.Test = replace(q.Ask), replace(q.Rule), replace(q.Test)
	q.Answers = slices.Clone(q.Answers)
	for i := range q.Answers {
		q.Answers[i].Means = replace(q.Answers[i].Means)
	}
	return questions
}

// modeQuestion asks how the operation works today. It comes after the four questions, so
// that what exists does not lead the answers.
const modeQuestion = "How does it work today?"

// modes are the answers to the question of the mode, in the order in which they're offered.
func modes() []decide.Verdict {
	return []decide.Verdict{decide.Sync, decide.Async, decide.Hybrid, decide.Undecided}
}

const explainMode = "The mode doesn't change the verdict. Where the two differ, check reports it, and one of them has to change."

func modeOptions() []dialog.Option {
	return []dialog.Option{
		{Label: "sync", Means: "the caller waits for the outcome"},
		{Label: "async", Means: "the caller hands the work over and goes on"},
		{Label: "hybrid", Means: "the caller gets an acknowledgment, the outcome comes later"},
		{Label: "not built", Means: "or not sure: no mode is declared"},
	}
}

// ParseMode reads a mode: sync, async, hybrid, or unknown.
func ParseMode(word string) (decide.Verdict, error) {
	word = strings.ToLower(term.Clean(word))
	mode, ok := decide.ParseVerdict(word)
	switch {
	case ok && mode != decide.Undecided:
		return mode, nil
	case word == noMode, word == "none", word == "not built":
		return decide.Undecided, nil
	}
	return decide.Undecided, fmt.Errorf("%q isn't a mode: use %s", term.Safe(word), text.List(ModeWords(), "or"))
}

// noMode is the word for a mode that nobody knows, or that isn't there yet.
const noMode = "unknown"

// ModeWords are the words that ParseMode names when it refuses one.
func ModeWords() []string { return append(verdictNames(), noMode) }

func verdictNames() []string {
	var names []string
	for _, v := range decide.Verdicts() {
		names = append(names, v.String())
	}
	return names
}

// explanation says what a question is for and what its answers argue for, line by line.
func explanation(words *advice.QuestionText, q decide.Question) []string {
	lines := []string{words.Strength}
	for _, a := range q.Choices() {
		if t := words.Of(a); t != nil {
			lines = append(lines, fmt.Sprintf("%s: %s. It %s.", text.Capitalize(label(a)), t.Means, t.Argues))
		}
	}
	return append(lines, "Not sure: leaves every answer possible; the recommendation says what to find out first.")
}

// factAnswers are the answers to the question for a fact, in the order in which they're
// offered.
func factAnswers() []decide.Answer { return []decide.Answer{decide.Yes, decide.No, decide.Unknown} }

// factOptions are the answers with what they mean.
func factOptions(words *advice.FactText) []dialog.Option {
	return []dialog.Option{
		{Label: "yes", Means: words.Yes}, {Label: "no", Means: words.No}, {Label: "not sure", Means: "counts as no, and no manifest says it"},
	}
}

// factExplanation says what the question for a fact is for, line by line.
func factExplanation(words *advice.FactText, f advice.Fact) []string {
	return []string{words.Why, fmt.Sprintf("A manifest says it with %s.", f.Key())}
}

// asks reports whether the interview has a question for a fact: answered or not.
func (i *Interview) asks(r *Replies, f advice.Fact) bool {
	return i.Facts != nil && f.Applies(r.Answers, i.Known)
}

// possible says which verdicts are left: those to which the open questions may still lead.
func (i *Interview) possible(r *Replies) decide.VerdictSet {
	known := i.Known
	for _, f := range advice.AskedFacts() {
		if r.Facts[f] == decide.Yes {
			known |= f.Bit()
		}
	}
	var set decide.VerdictSet
	i.each(r, known, 0, func(facts decide.Facts) {
		r.Answers.Complete(func(a decide.Answers) bool {
			set |= decide.SetOf(i.Table.Judge(a, facts).Verdict)
			return true
		})
	})
	return set
}

// each calls do for every way to answer the questions for facts that are still to be put,
// from f on.
func (i *Interview) each(r *Replies, known decide.Facts, f advice.Fact, do func(decide.Facts)) {
	if f == advice.FactCount {
		do(known)
		return
	}
	i.each(r, known, f+1, do)
	if i.asks(r, f) && !r.Told[f] {
		i.each(r, known|f.Bit(), f+1, do)
	}
}

// open reports whether a question is still to be put.
func (i *Interview) open(r *Replies) bool {
	for _, f := range advice.AskedFacts() {
		if i.asks(r, f) && !r.Told[f] {
			return true
		}
	}
	return len(r.Missing()) > 0
}

// narrowed says what an answer did to the verdicts that were possible before it:
// "immediacy yes ruled out async". Without are the replies before it.
func (i *Interview) narrowed(r, without *Replies, what, reply string) string {
	gone := i.possible(without) &^ i.possible(r)
	if gone == 0 {
		return fmt.Sprintf("%s %s ruled nothing out", what, reply)
	}
	return fmt.Sprintf("%s %s ruled out %s", what, reply, text.List(names(gone), "and"))
}

// did says what the answer given last did, "" when there is none.
func (i *Interview) did(r *Replies, last Topic) string {
	without := *r
	switch {
	case last.is == 1 && r.Answered[last.question]:
		without.Answers[last.question] = decide.Unknown
		return i.narrowed(r, &without, last.question.String(), r.reply(last.question))
	case last.is == 2 && r.Told[last.fact]:
		without.Facts[last.fact], without.Told[last.fact] = decide.Unknown, false
		return i.narrowed(r, &without, last.fact.Flag(), label(r.Facts[last.fact]))
	}
	return ""
}

func names(set decide.VerdictSet) []string {
	var list []string
	for _, v := range set.List() {
		list = append(list, v.String())
	}
	return list
}

// standing is the line that shows where the interview stands: the verdicts that
// are possible, and what the answer given last did.
func (i *Interview) standing(r *Replies, last Topic) string {
	set := i.possible(r)
	line := "Still possible: " + choice(set) + "."
	if what := i.did(r, last); what != "" {
		line += " " + text.Sentence(what)
	}
	if set.Only() != decide.Undecided && i.open(r) {
		line += " The remaining answers only affect safeguards."
	}
	return line
}

// choice joins verdicts: "sync", "sync or async", "sync, async, or hybrid".
func choice(set decide.VerdictSet) string { return text.List(names(set), "or") }
