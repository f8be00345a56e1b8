package trace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func simple(trace int) []sp {
	return []sp{
		{trace, 10*trace + 1, 0, "shop", server, "GET /", 0, 100, nil, false, nil},
		{trace, 10*trace + 2, 10*trace + 1, "shop", client, "GET", 10, 60, []string{"http.request.method=GET", "url.path=/a"}, false, nil},
		{trace, 10*trace + 3, 10*trace + 2, "a", server, "GET /a", 15, 55, []string{"http.request.method=GET", "http.route=/a"}, false, nil},
	}
}

// Broken pieces are counted and named by their line; what stands beside them is read.
func TestFaults(t *testing.T) {
	t.Parallel()
	one, two := string(body(simple(1))), string(body(simple(2)))
	tests := []struct {
		name, text string
		calls      int64
		faults     []string
	}{
		{"empty", "\n \n", 0, nil},
		{"lines with a broken one between", one + "\n" + one[:100] + "\n\n" + two + "\n", 2, []string{"t0:2: the text ends where a comma or } should follow"}},
		{"a first line that is none", "starting\n" + one, 1, []string{"t0:1: "}},
		{"a first line that ends early", one[:100] + "\n" + one + "\n" + two, 2, []string{"t0:2: "}},
		{"a text over lines", strings.ReplaceAll(one, ",", ",\n"), 1, nil},
		{"texts over lines, the last one cut", strings.ReplaceAll(one, ",", ",\n") + "\n" + strings.ReplaceAll(two, ",", ",\n")[:300], 1, []string{"t0:"}},
		{"something behind a text", one + "\n" + two + "}\n", 2, []string{"t0:2: found '}' where the end of the line should follow"}},
		{"other signals", `{"resourceLogs":[{"resource":{}}]}` + "\n" + one, 1, nil},
		{"an id that is none", one + "\n" + strings.Replace(two, `"spanId":"0`, `"spanId":"g`, 1), 1, []string{`t0:2: an id isn't hexadecimal: "g`}},
		{"nesting without end", one + "\n" + strings.Repeat("[", 1000) + "\n", 1, []string{"t0:2: "}},
		{"deep values", one + "\n" + `{"x":` + strings.Repeat("[", 1000) + "\n", 1, []string{"t0:2: the text nests deeper than 200"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found, report := measure(t, Options{}, []byte(test.text))
			var calls int64
			for _, x := range found {
				calls += x.Measured.Calls
			}
			if calls != test.calls || report.Broken != int64(len(test.faults)) {
				t.Errorf("%d calls, %d broken; want %d and %d; %v", calls, report.Broken, test.calls, len(test.faults), report.Faults)
			}
			for i, f := range report.Faults {
				if !strings.HasPrefix(f.String(), test.faults[i]) {
					t.Errorf("fault %q, want %q", f, test.faults[i])
				}
			}
		})
	}
}

// A stream may come in pieces of any size, and a text needs no lines.
func TestPieces(t *testing.T) {
	t.Parallel()
	var spans []sp
	for i := range 50 {
		spans = append(spans, simple(i+1)...)
	}
	text := bytes.ReplaceAll(body(spans), []byte(","), []byte(",\n\t")) // no line is a whole text
	for name, r := range map[string]io.Reader{
		"bytes": iotest.OneByteReader(bytes.NewReader(text)), "halves": iotest.HalfReader(bytes.NewReader(text)),
		"late error": iotest.DataErrReader(bytes.NewReader(text)),
	} {
		s := NewStore(Options{})
		if err := s.Read(context.Background(), name, r); err != nil {
			t.Fatal(err)
		}
		r, err := s.Result(context.Background())
		if err != nil || len(r.Sightings) != 1 || r.Sightings[0].Measured.Calls != 50 || r.Report.Broken != 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// One a string of any length passes through a buffer of bounded size.
func TestLongText(t *testing.T) {
	t.Parallel()
	one := body(simple(1))
	element := one[len(`{"resourceSpans":[`) : len(one)-2]
	var pieces []io.Reader
	pieces = append(pieces, strings.NewReader(`{"resourceSpans":[`))
	for range 20000 {
		pieces = append(pieces, bytes.NewReader(element), strings.NewReader(","))
	}
	pieces = append(pieces, bytes.NewReader(element), strings.NewReader("]}"))
	s := NewStore(Options{})
	if err := s.Read(context.Background(), "long", io.MultiReader(pieces...)); err != nil {
		t.Fatal(err)
	}
	if s.report.Broken > 0 || s.report.Spans < 60000 {
		t.Errorf("%+v", s.report)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	text := body(simple(1))
	s := NewStore(Options{})
	if err := s.Read(context.Background(), "x", io.MultiReader(bytes.NewReader(text), iotest.ErrReader(boom))); !errors.Is(err, boom) {
		t.Errorf("reading: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Read(ctx, "x", bytes.NewReader(text)); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	full := NewStore(Options{Memory: 1, Spill: func() (SpillFile, error) { return fullFile{}, nil }})
	if err := full.Read(context.Background(), "x", bytes.NewReader(text)); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
	denied := NewStore(Options{Memory: 1, Spill: func() (SpillFile, error) { return nil, boom }})
	if err := denied.Read(context.Background(), "x", bytes.NewReader(text)); !errors.Is(err, boom) {
		t.Errorf("no file: %v", err)
	}
}

var errFull = errors.New("no space left")

type fullFile struct{}

func (fullFile) Write([]byte) (int, error)         { return 0, errFull }
func (fullFile) ReadAt([]byte, int64) (int, error) { return 0, errFull }

func TestNormalizer(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/":             "/",
		"/orders/42":    "/orders/{id}",
		"/v1/orders/":   "/v1/orders",
		"/oauth2/s3/v2": "/oauth2/s3/v2",
		"/orders/7b0c7c1e-8d5a-4d0f-9a53-0e9dfd3a1b11/items": "/orders/{id}/items",
		"/u/deadbeef1/x":        "/u/{id}/x",
		"/u/deadbeef/x":         "/u/deadbeef/x",
		"/days/2026-11-20":      "/days/{id}",
		"/u/a@b.example":        "/u/{id}",
		"/q/caf%C3%A9":          "/q/{id}",
		"/products/OLJCESPC7Z":  "/products/OLJCESPC7Z",
		"/sku/ord-12345/refund": "/sku/{id}/refund",
	} {
		if got := string(appendPath(nil, []byte(path))); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	for route, want := range map[string]string{
		"/a/:id": "/a/{id}", "/a/{orderId}/b": "/a/{orderId}/b", "/a/<int:x>": "/a/{x}", "a/$id/": "/a/{id}", "/": "/",
		"/a/:id(\\d+)": "/a/{id}", "/a/{id:[0-9]+}": "/a/{id}", "/a/:": "/a/:", "/a/<x>": "/a/{x}", "/f/{path...}": "/f/{path}",
	} {
		if got := string(appendTemplate(nil, []byte(route))); got != want {
			t.Errorf("%s: %s, want %s", route, got, want)
		}
	}
	for host, want := range map[string]string{
		"pay:80": "pay", "cart.prod.svc.cluster.local:8080": "cart", "10.0.0.1:81": "10.0.0.1", "127.0.0.1:81": "127.0.0.1:81", "a.example": "a.example",
	} {
		if got := hostName(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(body(simple(1)))
	f.Add(append(append(body(simple(1)), '\n'), body(simple(2))...))
	f.Add([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"AAAAAAAAAAAAAAAAAAAAAQ==","spanId":"1","kind":"SPAN_KIND_CLIENT"}]}]}]}`))
	f.Add([]byte(`{"a":"\ud83d\ude00\u0"}`))
	for _, k := range known {
		f.Add(body(k.spans))
		f.Add(binaryBody(k.spans))
		f.Add(jaegerBody(k.spans))
		f.Add(zipkinBody(k.spans))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		one, two := NewStore(Options{}), NewStore(Options{Workers: 2})
		if err := one.Read(context.Background(), "x", bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		if err := two.Read(context.Background(), "x", iotest.OneByteReader(bytes.NewReader(text))); err != nil {
			t.Fatal(err)
		}
		first, err := one.Result(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		second, err := two.Result(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		a, ra, b, rb := first.Sightings, first.Report, second.Sightings, second.Report
		if fmt.Sprint(ra) != fmt.Sprint(rb) || len(a) != len(b) {
			t.Fatalf("%v\n%v", ra, rb)
		}
		for i := range a {
			if show(a[i]) != show(b[i]) {
				t.Fatalf("%s\n%s", show(a[i]), show(b[i]))
			}
			m := a[i].Measured
			if m.P50 < 0 || m.P99 < m.P50 || m.Queued < 0 || m.Waited < 0 || m.Waited > 1 || m.Attempts < 1 || m.Spread > 1 {
				t.Fatalf("impossible: %s", show(a[i]))
			}
		}
	})
}

// Whatever a client sends is taken, or is no export; what was taken stays usable.
func FuzzIntake(f *testing.F) {
	for _, k := range known {
		f.Add(body(k.spans), false)
		f.Add(binaryBody(k.spans), true)
	}
	f.Add([]byte("{} {}"), false)
	f.Fuzz(func(t *testing.T, export []byte, protobuf bool) {
		s := NewStore(Options{})
		in := s.Intake("here")
		if err := in.Take(export, protobuf); err != nil && !errors.Is(err, ErrExport) {
			t.Fatal(err)
		}
		if err := in.Take(body(simple(1)), false); err != nil {
			t.Fatalf("behind %q: %v", export, err)
		}
		in.Close()
		r, err := s.Result(context.Background())
		if err != nil || r.Report.Spans < 3 {
			t.Fatalf("behind %q: %+v, %v", export, r, err)
		}
	})
}

func TestIntake(t *testing.T) {
	t.Parallel()
	s := NewStore(Options{})
	in := s.Intake("here")
	for i, protobuf := range []bool{false, true} {
		export := body(simple(i + 1))
		if protobuf {
			export = binaryBody(simple(i + 1))
		}
		if err := in.Take(export, protobuf); err != nil {
			t.Fatal(err)
		}
		if err := in.Take(export[:len(export)-9], protobuf); !errors.Is(err, ErrExport) {
			t.Errorf("cut: %v", err)
		}
	}
	if err := in.Take([]byte("{} {}"), false); !errors.Is(err, ErrExport) {
		t.Errorf("two texts: %v", err)
	}
	in.Close()
	r, err := s.Result(context.Background())
	if err != nil || len(r.Sightings) != 1 || r.Sightings[0].Measured.Calls != 2 || r.Sightings[0].Source != "here" {
		t.Errorf("%+v, %v", r, err)
	}
}
