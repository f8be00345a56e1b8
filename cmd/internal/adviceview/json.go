package adviceview

import (
	"fmt"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// adviceVersion is the version of the JSON of advice. It changes when a reader
// of the old one would be misled.
const adviceVersion = 1

// The shapes of the JSON of advice. advice.schema.json describes them.
type (
	jsonAdviceUnreadable struct {
		File  string `json:"file"`
		Error string `json:"error"`
	}
	jsonAdvice struct {
		ID          string              `json:"id"`
		File        string              `json:"file"`
		Range       *markup.JSONRange   `json:"range"` // of the name
		Service     string              `json:"service"`
		Name        string              `json:"name"`
		Description string              `json:"description"`
		Caller      string              `json:"caller"`
		Callee      string              `json:"callee"`
		Declared    *string             `json:"declared"` // null when the manifest does not say
		Differs     bool                `json:"differs"`
		Verdict     string              `json:"verdict"`
		Possible    []string            `json:"possible"`
		Agreement   string              `json:"agreement"`
		Exception   *jsonException      `json:"exception"` // null when the rows alone decide
		Rows        []jsonAdviceRow     `json:"rows"`
		Answers     []jsonAdviceAnswer  `json:"answers"`
		Inherited   []jsonInherited     `json:"inherited"` // the values that its document gives it
		Dissents    []jsonAdviceDissent `json:"dissents"`
		Safeguards  []jsonAdviceSafe    `json:"safeguards"`
		Gains       []string            `json:"gains"`
		Costs       []string            `json:"costs"`
		Pattern     *jsonAdvicePattern  `json:"pattern"` // null when undecided
		Flips       []jsonAdviceFlip    `json:"flips"`
		Next        *jsonAdviceNext     `json:"next"` // null when decided
	}
	jsonException struct {
		Name string `json:"name"`
		Why  string `json:"why"`
	}
	jsonAdviceRow struct {
		Name    string `json:"name"`
		Verdict string `json:"verdict"`
		Why     string `json:"why"`
	}
	jsonAdviceAnswer struct {
		Question string   `json:"question"`
		Answer   string   `json:"answer"`
		Duration *string  `json:"duration"` // null when no duration stood for the answer
		Argues   []string `json:"argues"`
		Role     string   `json:"role"`
		Evidence *string  `json:"evidence"` // what was measured, in words; null when nothing was
	}
	jsonInherited struct {
		Key   string            `json:"key"`
		Value string            `json:"value"`
		From  string            `json:"from"` // defaults, or callees.NAME
		Range *markup.JSONRange `json:"range"`
	}
	jsonAdviceDissent struct {
		Question   string   `json:"question"`
		Answer     string   `json:"answer"`
		Argues     []string `json:"argues"`
		Weak       bool     `json:"weak"`
		Safeguards []string `json:"safeguards"`
	}
	jsonAdviceSafe struct {
		ID   string   `json:"id"`
		Name string   `json:"name"`
		What string   `json:"what"`
		By   []string `json:"by"`
	}
	jsonAdvicePattern struct {
		ID    string           `json:"id"`
		Name  string           `json:"name"`
		What  string           `json:"what"`
		Stack *jsonAdviceStack `json:"stack"` // null when no stack is chosen
	}
	jsonAdviceStack struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Use  string `json:"use"` // empty when the stack has nothing for the pattern
		Note string `json:"note"`
	}
	jsonAdviceFlip struct {
		Verdict string             `json:"verdict"`
		Changes []jsonAdviceChange `json:"changes"`
	}
	jsonAdviceChange struct {
		Question string `json:"question"`
		From     string `json:"from"`
		To       string `json:"to"`
	}
	jsonAdviceNext struct {
		Question string `json:"question"`
		Ask      string `json:"ask"`
		Test     string `json:"test"`
	}
	jsonPicture struct {
		MustWait  []string `json:"must_wait"`
		MayWait   []string `json:"may_wait"`
		Async     []string `json:"async"`
		Hybrid    []string `json:"hybrid"`
		Undecided []string `json:"undecided"`
		Differing []string `json:"differing"`
	}
	jsonAdviceCounts struct {
		Operations int `json:"operations"`
		Sync       int `json:"sync"`
		Async      int `json:"async"`
		Hybrid     int `json:"hybrid"`
		Undecided  int `json:"undecided"`
		CloseCalls int `json:"close_calls"`
		Differing  int `json:"differing"`
	}
	jsonAdviceFinding struct {
		File     string            `json:"file"`
		Range    *markup.JSONRange `json:"range"` // null when the finding is about the file as a whole
		Severity string            `json:"severity"`
		Code     string            `json:"code"`
		Rule     string            `json:"rule"`
		Message  string            `json:"message"`
	}
)

// adviceJSON writes one document, an operation a line.
func adviceJSON(w *markup.Writer, a *Advice, _ term.Layout) {
	e := markup.NewJSONEncoder(w)
	fmt.Fprintf(w, "{\n\"version\": %d,\n\"operations\": ", adviceVersion)
	operations := e.Array()
	picture := a.each(func(x *advice.Advice) { operations.Add(adviceAsJSON(x, a.Adviser)) })
	operations.End()
	w.WriteString(",\n\"picture\": ")
	e.Value(pictureAsJSON(picture))
	w.WriteString(",\n\"counts\": ")
	e.Value(countsAsJSON(picture))
	w.WriteString(",\n\"findings\": ")
	markup.JSONList(e, a.Findings, findingAsJSON)
	w.WriteString(",\n\"broken\": ")
	markup.JSONList(e, a.Broken, func(file *string) string { return *file })
	w.WriteString(",\n\"unreadable\": ")
	markup.JSONList(e, a.Unreadable, func(u *lint.Unreadable) jsonAdviceUnreadable {
		return jsonAdviceUnreadable{u.File, u.Err.Error()}
	})
	w.WriteString("\n}\n")
}

func adviceAsJSON(a *advice.Advice, by *advice.Adviser) jsonAdvice {
	j := jsonAdvice{
		ID: a.ID(), File: a.File, Range: markup.JSONRangeOf(a.Place),
		Service: a.Service, Name: a.Name, Description: a.Description, Caller: a.Caller, Callee: a.Callee,
		Differs: a.Differs(), Verdict: a.Verdict.String(), Possible: wordsOf(a.Possible.List()), Agreement: a.Agreement().String(),
		Rows: []jsonAdviceRow{}, Answers: []jsonAdviceAnswer{}, Inherited: []jsonInherited{}, Dissents: []jsonAdviceDissent{},
		Safeguards: []jsonAdviceSafe{}, Flips: []jsonAdviceFlip{},
		Gains: append([]string{}, a.Tradeoff.Gains...), Costs: append([]string{}, a.Tradeoff.Costs...),
	}
	if a.Declared != decide.Undecided {
		j.Declared = new(a.Declared.String())
	}
	if a.Exception != decide.NoException {
		j.Exception = &jsonException{a.Exception.String(), advice.ExceptionText(a)}
	}
	for _, r := range a.Rows {
		j.Rows = append(j.Rows, jsonAdviceRow{r.Name, r.Verdict.String(), r.Why})
	}
	for _, q := range decide.Questions() {
		j.Answers = append(j.Answers, answerAsJSON(a, q))
	}
	for _, o := range a.Inherited {
		j.Inherited = append(j.Inherited, jsonInherited{o.Key, o.Text, o.From, markup.JSONRangeOf(o.Range)})
	}
	for _, d := range a.Dissents {
		ids := []string{}
		for _, s := range a.SafeguardsBy(d.Question) {
			ids = append(ids, s.ID)
		}
		j.Dissents = append(j.Dissents, jsonAdviceDissent{d.Question.String(), d.Answer.String(), wordsOf(d.Argues.List()), d.Weak, ids})
	}
	for _, s := range a.Safeguards {
		j.Safeguards = append(j.Safeguards, jsonAdviceSafe{s.ID, s.Name, s.What, wordsOf(s.By)})
	}
	for _, f := range a.Flips {
		flip := jsonAdviceFlip{Verdict: f.Verdict.String()}
		for _, c := range f.Changes {
			flip.Changes = append(flip.Changes, jsonAdviceChange{c.Question.String(), c.From.String(), c.To.String()})
		}
		j.Flips = append(j.Flips, flip)
	}
	j.Pattern = patternAsJSON(a)
	if !a.Decided() {
		ask := by.Framework.Questions[a.Next]
		j.Next = &jsonAdviceNext{a.Next.String(), ask.Ask, ask.Test}
	}
	return j
}

func answerAsJSON(a *advice.Advice, q decide.Question) jsonAdviceAnswer {
	j := jsonAdviceAnswer{
		Question: q.String(), Answer: a.Answers[q].String(),
		Argues: wordsOf(q.Argues(a.Answers[q]).List()), Role: a.Role(q).String(),
	}
	if q == decide.Latency && a.Latency > 0 {
		j.Duration = new(manifest.FormatDuration(a.Latency))
	}
	if words := a.Evidence(q); words != "" {
		j.Evidence = &words
	}
	return j
}

func patternAsJSON(a *advice.Advice) *jsonAdvicePattern {
	if a.Pattern == nil {
		return nil
	}
	j := &jsonAdvicePattern{ID: a.Pattern.ID, Name: a.Pattern.Name, What: a.Pattern.What}
	if b := a.Build; b != nil {
		j.Stack = &jsonAdviceStack{b.Stack.ID, b.Stack.Name, b.Use, b.Note}
	}
	return j
}

func pictureAsJSON(p *advice.Overview) jsonPicture {
	ids := func(lines []advice.Line) []string {
		list := []string{}
		for _, l := range lines {
			list = append(list, l.ID)
		}
		return list
	}
	return jsonPicture{ids(p.MustWait), ids(p.MayWait), ids(p.Async), ids(p.Hybrid), ids(p.Undecided), ids(p.Differing)}
}

func countsAsJSON(p *advice.Overview) jsonAdviceCounts {
	return jsonAdviceCounts{
		Operations: p.Total(), Sync: len(p.MustWait) + len(p.MayWait), Async: len(p.Async), Hybrid: len(p.Hybrid),
		Undecided: len(p.Undecided), CloseCalls: p.CloseCalls, Differing: len(p.Differing),
	}
}

func findingAsJSON(f *diag.Finding) jsonAdviceFinding {
	return jsonAdviceFinding{f.File, markup.JSONRangeOf(f.Range), f.Severity.String(), f.Code, f.Rule, f.Message}
}

// wordsOf returns the names of words, never nil.
func wordsOf[T fmt.Stringer](words []T) []string {
	list := []string{}
	for _, w := range words {
		list = append(list, w.String())
	}
	return list
}
