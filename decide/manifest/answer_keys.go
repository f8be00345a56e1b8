package manifest

import (
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/yamlfile"
)

// An answered is what was written for a question: an answer, or a latency.
type answered struct {
	answer  decide.Answer
	latency time.Duration // above zero when it was given
}

// answerKey is the key of a question.
func answerKey(q decide.Question, doc string) yamlfile.Row[Answers] {
	lang := answers(q)
	row := yamlfile.Put(q.String(), doc, lang, func(to *Answers, f Field[answered]) {
		switch {
		case !f.Set():
			to.Unread = true
		case f.Value.latency > 0:
			to.Latency = Field[time.Duration]{Value: f.Value.latency, Range: f.Range}
		default:
			to.Set(q, Field[decide.Answer]{Value: f.Value.answer, Range: f.Range})
		}
	})
	row.Same = func(a, b *Answers) bool {
		return a.given[q].Same(b.given[q]) && (q != decide.Latency || a.Latency.Same(b.Latency))
	}
	return row
}

// answers is the type of the answers to q.
func answers(q decide.Question) yamlfile.Scalar[answered] {
	var list []string
	for _, a := range q.Choices() {
		list = append(list, a.String())
	}
	list = append(list, decide.Unknown.String())
	lang := yamlfile.Scalar[answered]{Kind: yamlfile.WordKind, Words: list, Want: "one of " + strings.Join(list, ", ")}
	if q == decide.Latency {
		lang.Kind, lang.Least = yamlfile.DurationKind, 1
		lang.Want = strings.Join(list, ", ") + ", or " + yamlfile.WantDuration
	}
	durations := yamlfile.Duration()
	lang.Parse = func(s string) (answered, yamlfile.Fault) {
		if is, ok := yamlfile.ParseYesNo(s); ok {
			if is {
				return answered{answer: decide.Yes}, yamlfile.Fault{}
			}
			return answered{answer: decide.No}, yamlfile.Fault{}
		}
		if a, ok := decide.ParseAnswer(strings.ToLower(s)); ok && q.Allows(a) {
			return answered{answer: a}, yamlfile.Fault{}
		}
		if q == decide.Immediacy && strings.EqualFold(s, "now") { // the nearest word would be its opposite
			return answered{}, yamlfile.Fault{Why: "expected " + lang.Want, Fix: "write yes"}
		}
		if q != decide.Latency {
			return answered{}, yamlfile.NotAWord(s, list)
		}
		d, f := durations.Parse(s)
		if f.None() {
			return answered{latency: d}, yamlfile.Fault{}
		}
		if strings.HasPrefix(f.Why, "expected ") {
			f = yamlfile.Fault{Why: "expected " + lang.Want, Fix: yamlfile.NotAWord(s, list).Fix}
		}
		return answered{}, f
	}
	return lang
}
