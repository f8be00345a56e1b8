package advice

import (
	"testing"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Each answer stands beside what was measured of it, over how much and when; what wasn't
// measured is not spoken of.
func TestMeasured(t *testing.T) {
	const text = `operations:
  - name: pay
    answers: {}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 740ms, waited: 100%, retried: 2%, troubled: 37, spread: 92%}
  - name: send
    answers: {}
    evidence: {calls: 1, from: 2026-11-20, to: 2026-11-20, queued: 2s, processing: 300ms, polled: yes}
  - name: none
    answers: {}
    evidence: {p99: 1s}
`
	var ops []manifest.Operation
	manifest.Map(manifest.Source{Name: "x", Data: []byte(text)}, manifest.Options{}, func(_ *manifest.Document, list []manifest.Operation) int {
		ops = append(ops, list...)
		return 0
	})
	want := map[string][decide.QuestionCount]string{
		"pay": {
			decide.Immediacy:    "the caller waited in 100% of calls, over 12,345 calls, 2026-11-20 to 2026-11-26",
			decide.Retryability: "2% of attempts were retries, over 12,345 calls, 2026-11-20 to 2026-11-26",
			decide.Latency:      "p99 740ms over 12,345 calls, 2026-11-20 to 2026-11-26",
			decide.Coupling:     "of 37 requests in which the callee failed or was slow, 92% also failed or were slow for the caller, 2026-11-20 to 2026-11-26",
		},
		"send": {
			decide.Immediacy: "acknowledged right away and polled for its state later, over 1 call, 2026-11-20",
			decide.Latency:   "p99 2s in the queue plus 300ms processing over 1 call, 2026-11-20",
		},
		"none": {},
	}
	for i := range ops {
		for _, q := range decide.Questions() {
			if got := Measured(ops[i].Evidence, q); got != want[ops[i].Name.Value][q] {
				t.Errorf("%s, %s: %q, want %q", ops[i].Name.Value, q, got, want[ops[i].Name.Value][q])
			}
		}
	}
	if len(ops) != 3 || manifest.FormatCount(1234567, "call") != "1,234,567 calls" {
		t.Errorf("%d operations", len(ops))
	}
}
