package collect

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const oneSpan = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":"1","spanId":"2","name":"GET","kind":3,"startTimeUnixNano":"1","endTimeUnixNano":"9","attributes":[{"key":"peer.service","value":{"stringValue":"cart"}}]}]}]}]}`

func zipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.Bytes()
}

// Traces are told from other files by what is in them, packed or not.
func TestSort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string][]byte{
		"a.json": []byte(oneSpan), "in/b.json.gz": zipped(oneSpan), "in/openapi.json": []byte(`{"openapi":"3.1.0"}`), "in/node_modules/c.json": []byte(oneSpan),
		"in/notes.txt": []byte(oneSpan), "compose.yaml": []byte("services: {}\n"),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	traces := Traces{Dir: dir, Stdin: strings.NewReader(oneSpan)}
	rest, err := traces.Sort(t.Context(), []string{"compose.yaml", "a.json", "in", "-", "a.json"})
	if err != nil || !slices.Equal(rest, []string{"compose.yaml", "in"}) || !slices.Equal(traces.Names(), []string{"a.json", "in/b.json.gz", StdinName}) {
		t.Fatalf("rest %q, traces %q, %v", rest, traces.Names(), err)
	}
	if !traces.Took(filepath.Join(dir, "a.json")) || traces.Took(filepath.Join(dir, "compose.yaml")) {
		t.Error("it does not know what it reads")
	}
	traces.Prepare()
	defer traces.Close()
	if err := traces.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	result, err := traces.Result(t.Context())
	if err != nil || result.Report.Spans != 3 || len(result.Sightings) != 1 {
		t.Errorf("%+v, %v", result, err)
	}
	if read, total, spans := traces.Progress(); read == 0 || total == 0 || spans != 3 {
		t.Errorf("%d of %d bytes, %d spans", read, total, spans)
	}
}

// The file for spans beyond memory does not stay behind.
func TestSpill(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	traces := Traces{}
	f, err := traces.spill()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("abc")); err != nil {
		t.Fatal(err)
	}
	traces.Close()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestCutShort(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cut.gz")
	if err := os.WriteFile(path, zipped(oneSpan)[:60], 0o666); err != nil {
		t.Fatal(err)
	}
	traces := Traces{Kind: KindTraces}
	if _, err := traces.Sort(t.Context(), []string{path}); err != nil {
		t.Fatal(err)
	}
	traces.Prepare()
	defer traces.Close()
	if err := traces.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "ends too early") {
		t.Error(err)
	}
}
