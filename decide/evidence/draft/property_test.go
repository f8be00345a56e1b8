package draft

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide/evidence"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

// measuredAny draws what may be measured.
func measuredAny() *rapid.Generator[*evidence.Measured] {
	return rapid.Custom(func(t *rapid.T) *evidence.Measured {
		share := func(name string) float64 { return float64(rapid.IntRange(0, 1000).Draw(t, name)) / 1000 }
		span := func(name string) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, name))
		}
		day := time.Date(2026, 11, rapid.IntRange(1, 30).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		m := &evidence.Measured{
			Source: rapid.SampledFrom([]string{"traces", "prometheus", "clickhouse", "jaeger"}).Draw(t, "source"), From: day, To: day.AddDate(0, 0, 7),
			Calls: rapid.Int64Range(1, 1e9).Draw(t, "calls"), Mean: share("mean") * 100, Peak: share("peak") * 1000, P50: span("p50"), P95: span("p95"), P99: span("p99"),
			Errors: share("errors"), Waited: share("waited"), Attempts: 1 + share("attempts"), PerRequest: 1 + 9*share("each"), Parallel: share("parallel"),
			Queued: span("queued"), Processing: span("processing"), Consumers: rapid.IntRange(0, 3).Draw(t, "consumers"), Redelivered: share("redelivered"),
			Polled: rapid.Bool().Draw(t, "polled"), TimedOut: share("timed out"), GaveUp: span("gave up"), Troubled: rapid.Int64Range(0, 1000).Draw(t, "troubled"), Spread: share("spread"),
		}
		if rapid.Bool().Draw(t, "can't tell who waits") {
			m.Waited = evidence.NotMeasured
		}
		return m
	})
}

// Of every sample, import refreshes the evidence alone: what the manifest says is the
// same, the same evidence again changes nothing, and without what was added the text is
// what it was, byte for byte.
func TestEvidenceAlone(t *testing.T) {
	t.Parallel()
	var samples []string
	err := filepath.WalkDir("../../../testdata/manifests", func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".yaml") && !strings.Contains(path, "broken") {
			samples = append(samples, path)
		}
		return err
	})
	if err != nil || len(samples) < 20 {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	touched := 0
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.SampledFrom(samples).Draw(t, "sample")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := edit.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		services := m.Services()
		_, before := manifest.Read(manifest.Source{Name: path, Data: text}, manifest.Options{})
		now, fresh := m, []*manifest.Operation{} // those that had no evidence
		for i := range before {
			op := &before[i]
			doc := slices.Index(services, op.Service)
			if doc < 0 || !op.Name.Set() || !m.Has(doc, op.Name.Value) || rapid.IntRange(0, 3).Draw(t, "measured") > 0 {
				continue
			}
			facts := Facts(measuredAny().Draw(t, "evidence"))
			next, err := now.SetMapping(doc, op.Name.Value, manifest.EvidenceKey, facts)
			if err != nil {
				t.Fatalf("%s: %v", op.ID(), err)
			}
			if again, err := next.SetMapping(doc, op.Name.Value, manifest.EvidenceKey, facts); err != nil || again != next {
				t.Fatalf("%s: the same evidence again changes something: %v", op.ID(), err)
			}
			if now = next; op.Evidence == nil {
				fresh = append(fresh, op)
			}
			touched++
		}
		file, after := manifest.Read(manifest.Source{Name: path, Data: now.Bytes()}, manifest.Options{})
		if len(after) != len(before) || file.Broken {
			t.Fatalf("%d operations of %d are left", len(after), len(before))
		}
		for i := range after {
			if !manifest.Same(&before[i], &after[i]) || before[i].ID() != after[i].ID() {
				t.Fatalf("%s says something else now", before[i].ID())
			}
		}
		for _, op := range fresh {
			if now, err = now.Remove(slices.Index(services, op.Service), op.Name.Value, manifest.EvidenceKey); err != nil {
				t.Fatalf("%s: %v", op.ID(), err)
			}
		}
		if !bytes.Equal(withoutEvidence(now.Bytes()), withoutEvidence(text)) {
			t.Fatalf("%s is not what it was:\n%s", path, now.Bytes())
		}
	})
	if touched == 0 {
		t.Fatal("no operation was touched")
	}
}

// withoutEvidence drops the evidence that a sample had before: one line each, in the samples.
func withoutEvidence(text []byte) []byte {
	var out []byte
	for line := range bytes.Lines(text) {
		if i := bytes.Index(line, []byte("evidence: {")); i >= 0 {
			end := bytes.IndexByte(line[i:], '}')
			line = append(append([]byte{}, line[:i]...), line[i+end+1:]...)
		}
		out = append(out, line...)
	}
	return out
}
