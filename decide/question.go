// Package decide is the engine of waitornot: four questions, a table that turns
// their answers into a verdict, and the recommendation that explains it.
//
// The package is pure. It reads no clock, no file and no environment, and it
// knows no prose: the words people read come with the knowledge that callers
// pass in.
package decide

// A Question is one of the four that are asked of every operation. The zero
// value is Immediacy. Questions are ordered as the framework asks them.
type Question uint8

// The four questions, in the order in which they are asked.
const (
	Immediacy    Question = iota // does the user need the result now?
	Retryability                 // can it fail and be retried later, unattended?
	Latency                      // will it take longer than the threshold?
	Coupling                     // does it couple services in a way that is a concern?

	// QuestionCount is how many there are. The four questions are the product: the name is
	// for reading, not for adding a fifth.
	QuestionCount = 4
)

var questionNames = [QuestionCount]string{"immediacy", "retryability", "latency", "coupling"}

// Questions returns the four questions in the order in which they are asked.
func Questions() [QuestionCount]Question {
	return [...]Question{Immediacy, Retryability, Latency, Coupling}
}

// String returns the stable name of the question, as manifests write it.
func (q Question) String() string {
	if int(q) < len(questionNames) {
		return questionNames[q]
	}
	return "unknown question"
}

// ParseQuestion returns the question with the given name.
func ParseQuestion(name string) (Question, bool) {
	for i, n := range questionNames {
		if n == name {
			return Question(i), true
		}
	}
	return 0, false
}

// Answers returns the definite answers that a table tells apart, in the order
// in which a prompt offers them. Unknown is allowed everywhere and not listed.
// Choices lists the reasons of No as well.
func (q Question) Answers() []Answer {
	switch q {
	case Immediacy:
		return []Answer{Yes, Later, No}
	case Latency:
		return []Answer{No, Yes, Beyond}
	default:
		return []Answer{Yes, No}
	}
}

// Choices returns all definite answers that a manifest may give to the question,
// in the order in which a prompt offers them: Answers, and for Retryability the
// reasons of No.
func (q Question) Choices() []Answer {
	if q == Retryability {
		return []Answer{Yes, TooLate, Unsafe, No}
	}
	return q.Answers()
}

// Allows reports whether a is Unknown or one of the question's own answers.
func (q Question) Allows(a Answer) bool {
	switch a {
	case Unknown, No, Yes:
		return true
	case Later:
		return q == Immediacy
	case Beyond:
		return q == Latency
	case TooLate, Unsafe:
		return q == Retryability
	}
	return false
}

// Argues returns the verdicts that the question's own rule supports when it is
// answered with a. The empty set means that the rule has no opinion.
//
// The rules are the framework's: immediacy wants sync when the result is needed
// now and async when it is not; a retryable operation may be detached, one that
// is not stays with its caller; slow work is detached (return at once, notify
// later) while fast work may stay; a coupling concern asks for a queue, and its
// absence says nothing. "Later" asks for what hybrid is: an acknowledgment now
// and the outcome afterwards.
func (q Question) Argues(a Answer) VerdictSet {
	a = a.Plain()
	detached := SetOf(Async, Hybrid)
	switch {
	case q == Immediacy && a == Yes:
		return SetOf(Sync)
	case q == Immediacy && a == Later:
		return SetOf(Hybrid)
	case q == Immediacy && a == No:
		return SetOf(Async)
	case q == Retryability && a == No, q == Latency && a == No:
		return SetOf(Sync)
	case q == Latency && a == Beyond, q != Immediacy && a == Yes:
		return detached
	}
	return 0
}
