package prometheus

import (
	"strings"
	"testing"
	"time"
)

// Whatever an engine answers, reading it ends: in samples, or in an error.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"status":"success","data":{"resultType":"vector","result":[{"metric":{"client":"a","server":"b"},"value":[1,"2"]}]}}`, `{"status":"error","error":"x"}`, `{"data":{"result":[{"value":[]}]}}`, "[[[[", `{"status":"success","data":{"result":[{"value":[1,"\ud800"]}]}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		list, err := samplesOf(strings.NewReader(answer))
		if err != nil && (list != nil || err.Error() == "") {
			t.Fatalf("%q: %v beside %q", answer, list, err)
		}
		graph, err := parse(families[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list { // evidence of it is what a manifest can hold
			r := row{x.labels, map[string]float64{"calls": x.value, "failed": x.value * 2, "p50": x.value, "p99": -x.value, "peak": x.value}}
			s, ok := graph.sighting(&r, "here", time.Hour, now)
			if m := s.Measured; ok && (m.Calls < 1 || !(m.Errors >= 0 && m.Errors <= 1) || min(m.P50, m.P95, m.P99) < 0 || !(m.Peak >= m.Mean)) {
				t.Fatalf("%q: %+v", answer, m)
			}
		}
	})
}
