package manifest

import (
	"fmt"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
)

// An answered is what was written for a question: an answer, or a latency.
type answered struct {
	answer  decide.Answer
	latency time.Duration // above zero when it was given
}

// answerKey is the key of a question.
func answerKey(q decide.Question, doc string) key[Answers] {
	lang := answers(q)
	return key[Answers]{
		Key: Key{Name: q.String(), Doc: doc, Kind: lang.kind, Words: lang.words, Least: lang.least},
		read: func(w *walker, v value, to *Answers) {
			var f Field[answered]
			readScalar(w, v, lang, &f)
			switch {
			case !f.Set():
				to.Unread = true
			case f.Value.latency > 0:
				to.Latency = Field[time.Duration]{Value: f.Value.latency, Range: f.Range}
			default:
				to.Set(q, Field[decide.Answer]{Value: f.Value.answer, Range: f.Range})
			}
		},
	}
}

// answers is the language of the answers to q.
func answers(q decide.Question) scalarType[answered] {
	var list []string
	for _, a := range q.Answers() {
		list = append(list, a.String())
	}
	list = append(list, decide.Unknown.String())
	lang := scalarType[answered]{kind: Word, words: list, want: "one of " + strings.Join(list, ", ")}
	if q == decide.Latency {
		lang.kind, lang.least = Duration, 1
		lang.want = strings.Join(list, ", ") + ", or " + wantDuration
	}
	durations := duration()
	lang.parse = func(s string) (answered, fault) {
		if is, ok := parseYesNo(s); ok {
			if is {
				return answered{answer: decide.Yes}, fault{}
			}
			return answered{answer: decide.No}, fault{}
		}
		if a, ok := decide.ParseAnswer(strings.ToLower(s)); ok && q.Allows(a) {
			return answered{answer: a}, fault{}
		}
		if q == decide.Immediacy && strings.EqualFold(s, "now") { // the nearest word would be its opposite
			return answered{}, fault{why: "want " + lang.want, fix: "write yes"}
		}
		if q != decide.Latency {
			return answered{}, notAWord(s, list)
		}
		d, f := durations.parse(s)
		if f.none() {
			return answered{latency: d}, fault{}
		}
		if strings.HasPrefix(f.why, "want ") {
			f = fault{why: "want " + lang.want, fix: notAWord(s, list).fix}
		}
		return answered{}, f
	}
	return lang
}

// count reads a number, or the names in a list.
func (w *walker) count(v value, to *Field[int]) {
	if v.node.Kind != yaml.SequenceNode {
		lang := number(1)
		lang.want = "a number, or a list of names"
		readScalar(w, v, lang, to)
		return
	}
	n, names := 0, name()
	w.list(v, func(item value) {
		var f Field[string]
		if readScalar(w, item, names, &f); f.Set() {
			n++
		}
	})
	switch {
	case n > 0:
		*to = Field[int]{Value: n, Range: w.place(v)}
	case len(v.node.Content) == 0:
		w.report(impossibleValue, w.place(v), w.at()+" is empty: a message has at least one consumer", "name the consumers, or leave it out")
	}
}

// maxGroups is how deep groups of steps may be nested.
const maxGroups = 8

// steps reads the steps of a journey, or of a group at the given depth.
func (w *walker) steps(v value, depth int) []Step {
	if depth > maxGroups {
		w.report(tooDeep, w.place(v), fmt.Sprintf("%s holds groups in groups, more than %d deep", w.at(), maxGroups),
			"flatten the groups: all steps of a group run in parallel")
		return nil
	}
	var steps []Step
	names := name()
	names.want = "the name of an operation, or a list of them"
	w.list(v, func(item value) {
		if item.node.Kind == yaml.SequenceNode {
			if group := w.steps(item, depth+1); len(group) > 0 {
				steps = append(steps, Step{Parallel: group})
			}
			return
		}
		var s Step
		if readScalar(w, item, names, &s.Operation); s.Operation.Set() {
			steps = append(steps, s)
		}
	})
	if v.node.Kind == yaml.SequenceNode && len(v.node.Content) == 0 {
		w.report(impossibleValue, w.place(v), w.at()+" is empty: want at least one operation", "")
	}
	return steps
}
