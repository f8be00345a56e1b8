package rules

import (
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// evidenceOf returns what was measured of an operation that gives evidence, and whether it
// was enough to contradict what people declare.
func evidenceOf(s *lint.Subject) (*manifest.Evidence, bool) {
	e := s.Evidence
	return e, e.Calls.Value >= manifest.EnoughCalls
}

// measuredHere points at the evidence.
func measuredHere(e *manifest.Evidence) diag.Related {
	return diag.Related{Range: e.Range, Message: "it was measured here"}
}

// callsOf counts the calls that were measured.
func callsOf(e *manifest.Evidence) string { return manifest.FormatCount(int64(e.Calls.Value), "call") }

// latencyWord is the answer to latency as it is declared.
func latencyWord(s *lint.Subject, answer decide.Answer) string {
	if d := s.Operation.Answers.Latency; d.Set() {
		return manifest.FormatDuration(d.Value)
	}
	return answer.String()
}
