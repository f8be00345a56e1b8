package draft

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"waitornot/decide"
	"waitornot/decide/evidence"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

const (
	// enoughTrouble is how many requests with a callee in trouble settle the coupling, and
	// spreads and stays which shares of them do.
	enoughTrouble = 30
	someTrouble   = 5 // from which on it is worth a word
	spreads       = .5
	stays         = .05
)

// Facts returns what was measured as the block of a manifest has it. What a source does
// not measure is left out.
func Facts(m *evidence.Measured) []edit.Fact {
	var list []edit.Fact
	add := func(given bool, key, word string) {
		if given {
			list = append(list, edit.Fact{Path: manifest.EvidenceKey + "." + key, Words: []string{word}})
		}
	}
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	span := func(key string, d time.Duration) { add(d > 0, key, manifest.FormatDuration(rounded(d))) }
	rate := func(key string, r float64) {
		add(r >= 1e-9 && r <= 1e12, key, manifest.FormatRate(r))
	}
	share := func(key string, x float64) { add(x > 0, key, sharely(x)) }
	count := func(key string, n int64) { add(n > 0, key, strconv.FormatInt(n, 10)) }

	add(m.Source != "", "source", m.Source)
	add(!m.From.IsZero(), "from", day(m.From))
	add(!m.To.IsZero(), "to", day(m.To))
	count("calls", m.Calls)
	rate("mean", m.Mean)
	rate("peak", m.Peak)
	span("p50", m.P50)
	span("p95", m.P95)
	span("p99", m.P99)
	add(m.Calls > 0, "errors", sharely(m.Errors))
	add(m.Calls > 0 && m.Waited != evidence.NotMeasured, "waited", sharely(m.Waited))
	if m.Attempts > 1 {
		share("retried", 1-1/m.Attempts)
	}
	add(m.PerRequest >= 1.5, "per_request", strconv.Itoa(int(math.Round(min(m.PerRequest, 1e9)))))
	share("parallel", m.Parallel)
	share("timed_out", m.TimedOut)
	span("gave_up", m.GaveUp)
	span("queued", m.Queued)
	span("processing", m.Processing)
	count("consumers", int64(m.Consumers))
	share("redelivered", m.Redelivered)
	add(m.Polled, "polled", "yes")
	count("troubled", m.Troubled)
	add(m.Troubled > 0, "spread", sharely(m.Spread))
	return list
}

// rounded keeps three digits of a duration: more of them only make differences.
func rounded(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// sharely writes a share with as many digits as mean something.
func sharely(x float64) string {
	x = max(0, min(1, x))
	if x > 0 && x < .001 {
		return manifest.FormatShare(math.Ceil(x*1e6) / 1e6)
	}
	return manifest.FormatShare(math.Round(x*1000) / 1000)
}

// settle fills in the answers that measurements settle, and proposes the others with the
// reason.
func settle(e *edit.Entry, m *evidence.Measured) {
	if m == nil || m.Calls == 0 {
		return
	}
	e.Facts = append(e.Facts, Facts(m)...)
	calls := fmt.Sprintf("%s, %s", manifest.FormatCount(m.Calls, "call"), manifest.FormatDays(m.From, m.To))
	remark := func(q decide.Question, text string) { e.Remarks["answers."+q.String()] = text }
	switch {
	case m.P99 <= 0:
	case m.Calls >= manifest.EnoughCalls:
		e.Latency = rounded(m.P99)
		remark(decide.Latency, "the p99 over "+calls)
	default:
		remark(decide.Latency, fmt.Sprintf("only %s, too few for a p99: the slowest took about %s", calls, manifest.FormatDuration(rounded(m.P99))))
	}
	trouble := fmt.Sprintf("of %s in which it failed or was slow, %s also failed or were slow for the caller", manifest.FormatCount(m.Troubled, "request"), sharely(m.Spread))
	switch {
	case m.Troubled >= enoughTrouble && m.Spread >= spreads:
		e.Answers[decide.Coupling] = decide.Yes
		remark(decide.Coupling, trouble)
	case m.Troubled >= enoughTrouble && m.Spread <= stays:
		e.Answers[decide.Coupling] = decide.No
		remark(decide.Coupling, trouble)
	case m.Troubled >= someTrouble:
		remark(decide.Coupling, "yes or no: "+trouble)
	}
	switch {
	case m.Polled:
		remark(decide.Immediacy, "later, based on measurements: it's acknowledged, and then polled for its state")
	case m.Waited == evidence.NotMeasured:
	case m.Waited >= .95:
		remark(decide.Immediacy, "the caller waited in "+sharely(m.Waited)+" of calls: yes if its next step needs the outcome, and later or no if it doesn't")
	case m.Waited <= .05:
		remark(decide.Immediacy, "later or no, based on measurements: the caller waited in "+sharely(m.Waited)+" of calls")
	}
	if m.Attempts > 1.001 {
		remark(decide.Retryability, fmt.Sprintf("yes, too-late, or unsafe: it's retried today, with %.3g attempts per call", m.Attempts))
	}
}
