package prometheus

import (
	"strings"
	"testing"
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
	})
}
