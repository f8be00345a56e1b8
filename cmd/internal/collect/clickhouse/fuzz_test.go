package clickhouse

import (
	"strings"
	"testing"
	"time"
)

// Whatever an engine answers, reading it ends: in sightings, or in an error.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"caller":"shop","callee":"mailer","calls":3,"first":1,"last":2,"took_ns":[1,2,3],"failed_share":0}`, "{}\n{}", "[[[", `{"took_ns":[1e999]}`, `{"first":9223372036854775807,"last":-1,"took_ns":[],"calls":-3}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		list, err := read(strings.NewReader(answer), "here", time.Hour)
		if err != nil && (list != nil || err.Error() == "") {
			t.Fatalf("%q: %v beside %q", answer, list, err)
		}
		for _, s := range list { // what a manifest can hold
			m := s.Measured
			if m.Calls < 1 || !(m.Errors >= 0 && m.Errors <= 1) || !(m.Waited >= 0 && m.Waited <= 1) || min(m.P50, m.P95, m.P99, m.Queued, m.Processing) < 0 {
				t.Fatalf("%q: %+v", answer, m)
			}
		}
	})
}
