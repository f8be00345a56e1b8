package main

import (
	"strings"
	"testing"
)

const events = `{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Test":"TestGood","Output":"    a_test.go:3: measured 7\n"}
{"Action":"pass","Package":"p","Test":"TestGood"}
{"Action":"output","Package":"p","Test":"TestSkipped","Output":"=== RUN   TestSkipped\n"}
{"Action":"output","Package":"p","Test":"TestSkipped","Output":"    a_test.go:5: SKIPPED: no browser\n"}
{"Action":"output","Package":"p","Test":"TestSkipped","Output":"--- SKIP: TestSkipped (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestSkipped"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`

const failing = `{"Action":"output","Package":"q","Test":"TestBad","Output":"    b_test.go:1: wrong\n"}
{"Action":"fail","Package":"q","Test":"TestBad"}
{"Action":"fail","Package":"q"}
`

// What fails is shown whole, what passes in a line, and what was asked for.
func TestRead(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if _, err := read(strings.NewReader(events), &out, nil); err != nil || out.String() != "ok  \tp\t0.1s\n" {
		t.Errorf("%v %q", err, out.String())
	}
	out.Reset()
	if _, err := read(strings.NewReader(events+failing+"compiler: bad\n"), &out, nil); err == nil || !strings.Contains(out.String(), "b_test.go:1: wrong\n") || !strings.Contains(out.String(), "compiler: bad") {
		t.Errorf("%v %q", err, out.String())
	}
	if _, err := read(strings.NewReader(""), &out, nil); err == nil {
		t.Error("a run without tests is good")
	}
}

// A test that another run has run isn't listed as skipped.
func TestSeveralRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out strings.Builder
	if _, err := remembered(dir); err == nil {
		t.Error("nothing is remembered, and that is fine")
	}
	m, _ := read(strings.NewReader(events), &out, nil)
	if err := m.keep(dir); err != nil {
		t.Fatal(err)
	}
	listed := func() string {
		all, err := remembered(dir)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := all.list(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := listed(); got != "SKIPPED: p.TestSkipped: SKIPPED: no browser\n" {
		t.Errorf("%q", got)
	}
	later := memory{Ran: map[string]bool{"p.TestSkipped": true}}
	if err := later.keep(dir); err != nil {
		t.Fatal(err)
	}
	if got := listed(); got != "" {
		t.Errorf("%q", got)
	}
}

// A race is shown wherever Go puts it: to a test that passes, as often as not.
func TestRaces(t *testing.T) {
	t.Parallel()
	const racing = `{"Action":"output","Package":"p","Test":"TestGood","Output":"==================\n"}
{"Action":"output","Package":"p","Test":"TestGood","Output":"WARNING: DATA RACE\n"}
{"Action":"output","Package":"p","Test":"TestGood","Output":"Read at 0x1 by goroutine 7:\n"}
{"Action":"output","Package":"p","Test":"TestGood","Output":"==================\n"}
{"Action":"output","Package":"p","Test":"TestGood","Output":"    a_test.go:3: measured 7\n"}
{"Action":"pass","Package":"p","Test":"TestGood"}
`
	var out strings.Builder
	_, _ = read(strings.NewReader(racing+failing), &out, nil)
	if got, want := out.String(), "WARNING: DATA RACE\nRead at 0x1 by goroutine 7:\n"; !strings.HasPrefix(got, want) || strings.Contains(got, "measured") {
		t.Errorf("%q", got)
	}
}
