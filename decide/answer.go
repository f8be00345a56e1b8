package decide

import (
	"strings"
	"time"
)

// An Answer is what somebody said to a question. The zero value is Unknown.
type Answer uint8

// The answers. Later belongs to Immediacy alone: an acknowledgment is enough
// now, but whoever asked wants to learn the outcome. Beyond belongs to Latency
// alone: the work takes longer than the shortest common front doors hold a
// connection open. TooLate and Unsafe belong to Retryability alone: they are No with
// its reason, and tables take them for No.
const (
	Unknown Answer = iota
	No
	Yes
	Later
	Beyond
	TooLate // a repeat is harmless, but nobody wants it later
	Unsafe  // a repeat can do harm that an idempotency key can't prevent

	answerCount  = 7
	tableAnswers = int(Beyond) + 1 // those that a table tells apart
)

var answerNames = [answerCount]string{"unknown", "no", "yes", "later", "beyond", "too-late", "unsafe"}

// String returns the stable name of the answer, as manifests write it.
func (a Answer) String() string {
	if int(a) < len(answerNames) {
		return answerNames[a]
	}
	return "invalid answer"
}

// ParseAnswer returns the answer with the given name. It does not know which
// question is asked: use Question.Allows for that.
func ParseAnswer(name string) (Answer, bool) {
	for i, n := range answerNames {
		if n == name {
			return Answer(i), true
		}
	}
	return Unknown, false
}

// Answers holds one answer for each question, indexed by Question. The zero
// value is four unknowns. An answer that its question does not allow counts as
// unknown.
type Answers [QuestionCount]Answer

// Known returns how many of the answers are not unknown.
func (a Answers) Known() int {
	n := 0
	for _, x := range a {
		if x != Unknown {
			n++
		}
	}
	return n
}

// Plain returns the answer that a table takes a for: No for a reason of No.
func (a Answer) Plain() Answer {
	if a == TooLate || a == Unsafe {
		return No
	}
	return a
}

// allowed returns a with unknown in place of the answers that their questions
// do not allow.
func (a Answers) allowed() Answers {
	for q, x := range a {
		if !Question(q).Allows(x) {
			a[q] = Unknown
		}
	}
	return a
}

// With returns a copy in which q is answered with x.
func (a Answers) With(q Question, x Answer) Answers {
	a[q] = x
	return a
}

// Complete calls yield for every completion of the unknown answers, in a fixed
// order, until yield returns false. Without unknowns it yields a itself.
func (a Answers) Complete(yield func(Answers) bool) {
	a.completeFrom(0, yield)
}

func (a Answers) completeFrom(q Question, yield func(Answers) bool) bool {
	for ; q < QuestionCount; q++ {
		if a[q] != Unknown && q.Allows(a[q]) {
			continue
		}
		for _, x := range q.Answers() {
			if !a.With(q, x).completeFrom(q+1, yield) {
				return false
			}
		}
		return true
	}
	return yield(a)
}

// String lists the answers by question: "immediacy yes, retryability no, ...".
func (a Answers) String() string {
	var b strings.Builder
	for i, x := range a {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(Question(i).String())
		b.WriteByte(' ')
		b.WriteString(x.String())
	}
	return b.String()
}

// An AnswerSet is a set of answers to one question, as a table cell holds it.
// The zero value is the dash: it contains every answer.
type AnswerSet uint8

// AnswersOf returns the set of the given answers.
func AnswersOf(answers ...Answer) AnswerSet {
	var s AnswerSet
	for _, a := range answers {
		s |= 1 << a
	}
	return s
}

// Has reports whether a belongs to the set. A reason of No belongs to every set that No
// belongs to.
func (s AnswerSet) Has(a Answer) bool { return s == 0 || s&(1<<a|1<<a.Plain()) != 0 }

// Any reports whether the set is the dash.
func (s AnswerSet) Any() bool { return s == 0 }

// String lists the answers of the set as a table cell shows them: "no, yes",
// or "-" for the dash.
func (s AnswerSet) String() string {
	if s == 0 {
		return "-"
	}
	var names []string
	for _, a := range []Answer{Unknown, Later, No, TooLate, Unsafe, Yes, Beyond} {
		if s&(1<<a) != 0 {
			names = append(names, a.String())
		}
	}
	return strings.Join(names, ", ")
}

// LatencyLimits are the two durations that turn a measured latency into an answer.
// The zero value answers every positive latency with Beyond: use DefaultLimits.
type LatencyLimits struct {
	Threshold time.Duration // up to and including it, work is fast enough to wait for
	Wait      time.Duration // above it, no caller can hold the connection open
}

// DefaultLimits returns the framework's own threshold of 500 ms, and 30 s for
// the wait limit: where the shortest common front doors cut the connection (Amazon
// API Gateway after 29 s and Azure Front Door after 30 s, unless they are raised).
func DefaultLimits() LatencyLimits {
	return LatencyLimits{Threshold: 500 * time.Millisecond, Wait: 30 * time.Second}
}

// Latency returns the answer that a p99 of d gives to the latency question.
func (l LatencyLimits) Latency(d time.Duration) Answer {
	switch {
	case d > l.Wait:
		return Beyond
	case d > l.Threshold:
		return Yes
	}
	return No
}
