package adviceview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// adjectives name the verdicts as one would say them.
var adjectives = map[decide.Verdict]string{decide.Sync: "synchronous", decide.Async: "asynchronous", decide.Hybrid: "hybrid"}

// said is how many safeguards a person can take in by ear.
const said = 5

// Interview says a recommendation as one would in an interview or a design review: the
// choice and its reason, its price, what to add, and what would change it. It is made from
// the recommendation alone, and not safe to print: see term.Safe.
func Interview(a *advice.Advice, by *advice.Adviser) string {
	name := a.Name
	if name == "" {
		name = "this"
	}
	if !a.Decided() {
		return fmt.Sprintf("I can't decide about %s yet: %s are still possible. First I'd ask: %s",
			name, text.List(wordsOf(a.Possible.List()), "and"), text.Uncapitalize(by.Framework.Questions[a.Next].Ask))
	}
	sentences := []string{fmt.Sprintf("I'd make %s %s", name, adjectives[a.Verdict]) + because(a)}
	if costs := spoken(a.Tradeoff.Costs, costWords); len(costs) > 0 {
		sentences = append(sentences, "The price: "+text.List(costs, "and")+".")
	}
	if guards := guards(a); len(guards) > 0 {
		sentences = append(sentences, "So I'd add "+text.List(guards, "and")+".")
	}
	if flips := conditions(a); len(flips) > 0 {
		sentences = append(sentences, "If "+strings.Join(flips, "; if ")+".")
	}
	return strings.Join(sentences, " ")
}

// because gives the reason as it is said, from the row that was hit. Facts that change what
// the table says are the reason where they do.
func because(a *advice.Advice) string {
	if a.Exception != decide.NoException {
		return exceptional(a)
	}
	if len(a.Rows) == 1 {
		switch a.Rows[0].Name {
		case "needed-now":
			return ": the next step can't begin without the result" + held(a) + "."
		case "too-long-to-hold":
			return ": the result is needed, but no gateway keeps a connection open that long, so I'd accept it with a 202 and push the outcome."
		case "outcome-later":
			return ": an acknowledgment is enough now, but someone wants the outcome, so I'd return 202 with a status URL."
		case "slow-and-detached":
			return ": nobody waits for it" + long(a) + ", so I'd hand it off."
		case "safe-to-retry":
			return ": the outcome isn't needed now and a late repeat is harmless, so I'd hand it off and let a machine retry."
		case "keep-apart":
			return ": nobody needs the result now, and the callee's bad day mustn't become ours. It can't be repeated, so I'd deliver it at most once."
		case "nothing-to-gain":
			return ": it's fast, close by, and not worth retrying later, so a queue would add risk and gain nothing."
		}
	}
	return ", because " + reasons(a) + "."
}

// exceptional gives the reason where facts change what the table says.
func exceptional(a *advice.Advice) string {
	waits := a.Verdict == decide.Sync
	switch a.Exception {
	case decide.NeverQueued:
		if !waits {
			return ": it only reads, and a read doesn't belong on a queue, but nobody can hold a connection that long. I'd acknowledge it and let whoever asked fetch the result, or keep a local copy."
		}
		return ": it only reads, and a read doesn't belong on a queue. I'd call it, keep a local copy, or leave it to whoever needs the answer."
	case decide.HoldsStep:
		if waits {
			return ": my own step must be undone if it fails, and nothing undoes it yet, so I'd wait. With a compensation, I could hand it off."
		}
		return ": my own step must be undone if it fails, so I'd keep that step pending until the outcome is known."
	case decide.ReadsBack:
		if waits {
			return ": the next step reads what it writes, so the write has to be there first."
		}
		return ": the next step reads what it writes, so I'd return the new state and show it as pending."
	case decide.BehindAlready:
		if waits {
			return ": its caller already runs behind a queue, a timer, or a workflow, where nobody waits. I'd do the work there and acknowledge it afterward."
		}
		return ": its caller already runs behind a queue, a timer, or a workflow, where nobody waits, so async and hybrid amount to the same thing."
	case decide.NothingBetween:
		return ": nothing between the two can fail on its own, so a job table would only add a worker and a delay."
	}
	return ": the outcome isn't needed now and a late repeat is harmless. Hybrid is just as good if whoever asked stays and watches."
}

// held says that the wait can be held, when its length is known.
func held(a *advice.Advice) string {
	if a.Latency <= 0 {
		return ""
	}
	return fmt.Sprintf(", and at a p99 of %s I can afford to wait", text.Duration(a.Latency))
}

func long(a *advice.Advice) string {
	if a.Latency <= 0 {
		return " and it's slow"
	}
	return fmt.Sprintf(" and it takes %s", text.Duration(a.Latency))
}

// reasons joins the reasons of the rows that were hit, as parts of a sentence.
func reasons(a *advice.Advice) string {
	var list []string
	for _, row := range a.Rows {
		why, _, _ := strings.Cut(strings.TrimSuffix(row.Why, "."), "; ")
		list = append(list, text.Uncapitalize(why))
	}
	return strings.Join(list, ", or ")
}

// costWords are the costs of the framework as one would say them.
var costWords = map[string]string{
	"the caller is blocked while it waits":           "the caller is blocked in the meantime",
	"tight coupling to the callee":                   "the callee's uptime becomes ours",
	"cascading failure when the callee is slow":      "a slowdown there can spread",
	"complex error handling":                         "errors show up later, away from whoever asked",
	"eventual consistency":                           "readers may see old data for a while",
	"harder debugging":                               "it's harder to follow",
	"broker infrastructure to run":                   "there's a broker to run",
	"a worker to run":                                "there's a worker to run",
	"a status to keep and a notification to deliver": "there's a status to keep and a notification to deliver",
	"the user sees a pending state":                  "the user sees 'pending'",
	"broker or job infrastructure to run":            "there are workers to run",
}

// guardWords are the safeguards as one would list them.
var guardWords = map[string]string{
	"error-handling": "an honest error", "deadline": "a deadline", "bounded-retry": "one retry with jitter within the deadline",
	"idempotency-key": "an idempotency key", "circuit-breaker": "a circuit breaker", "bulkhead": "a separate pool", "fallback": "a fallback",
	"local-copy": "a local copy", "progress": "a sign of progress", "persist-intent": "the intent recorded before the call",
	"reconcile": "a way to find out what happened to a call that timed out", "after-commit": "a send only after the commit",
	"dead-letter-queue":   "a dead-letter queue with an alert",
	"idempotent-consumer": "an idempotent consumer, since delivery is at least once", "single-delivery": "delivery at most once",
	"park-and-alert": "a place to park unclear cases", "deduplication": "deduplication", "inbox": "an inbox", "checkpoint": "checkpoints",
	"outbox": "a transactional outbox", "correlation-id": "a correlation id", "bounded-queue": "a limit on the queue",
	"compensation": "a compensation that undoes our step", "read-your-writes": "an answer from what was just sent, so nobody sees the old state",
	"durable-acceptance": "a durable write before the 202", "status-endpoint": "a status to check", "push-notification": "a push when it's done",
	"pending-state": "a pending state", "outcome-notice": "a notification of the outcome",
}

// spoken puts words in the place of those that have others for speech.
func spoken(list []string, words map[string]string) []string {
	var out []string
	for _, x := range list {
		if word, ok := words[x]; ok {
			x = word
		}
		out = append(out, x)
	}
	return out
}

func guards(a *advice.Advice) []string {
	var list []string
	for _, s := range a.Safeguards {
		word, ok := guardWords[s.ID]
		if !ok {
			word = text.Uncapitalize(s.Name)
		}
		list = append(list, word)
	}
	return list[:min(len(list), said)]
}

// conditions say what would change the verdict, one for each other verdict: the first
// change of a single answer that leads there.
func conditions(a *advice.Advice) []string {
	var list []string
	told := decide.VerdictSet(0)
	for _, f := range a.Flips {
		if len(f.Changes) != 1 || told.Has(f.Verdict) {
			continue
		}
		told |= decide.SetOf(f.Verdict)
		list = append(list, fmt.Sprintf("%s, I'd make it %s", condition(f.Changes[0], a.Limits), adjectives[f.Verdict]))
	}
	return list
}

func condition(c decide.Change, limits decide.LatencyLimits) string {
	yes := c.To != decide.No && c.To.Plain() != decide.No
	switch c.Question {
	case decide.Immediacy:
		switch c.To {
		case decide.Yes:
			return "the next step needed the result"
		case decide.Later:
			return "an acknowledgment were enough"
		}
		return "nobody looked for the outcome"
	case decide.Retryability:
		if yes {
			return "a late repeat were harmless"
		}
		return "it couldn't be repeated later"
	case decide.Latency:
		switch c.To {
		case decide.Beyond:
			return "it took longer than " + text.Duration(limits.Wait)
		case decide.Yes:
			return "it took more than " + text.Duration(limits.Threshold)
		}
		return "it took no more than " + text.Duration(limits.Threshold)
	}
	if yes {
		return "the callee's outage became ours"
	}
	return "the callee's problems stayed with it"
}
