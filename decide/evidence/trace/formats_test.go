package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// binaryBody writes spans as one OTLP export in protobuf.
func binaryBody(spans []sp) []byte {
	var out []byte
	for _, s := range spans {
		resource := message(1, attribute1("service.name", s.service))
		scope := message(2, message(2, s.binary()))
		out = append(out, message(1, append(scope, message(1, resource)...))...) // the resource behind its spans
	}
	return out
}

func message(field int, text []byte) []byte {
	b := binary.AppendUvarint(nil, uint64(field<<3|2))
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func attribute1(key, value string) []byte {
	v := message(1, []byte(value))
	if n, err := strconv.Atoi(value); err == nil && !strings.HasPrefix(key, "messaging") {
		v = binary.AppendUvarint([]byte{3 << 3}, uint64(n))
	}
	return append(message(1, []byte(key)), message(2, v)...)
}

func ids(trace, span int) []byte {
	t, s := make([]byte, 16), make([]byte, 8)
	binary.BigEndian.PutUint64(t[8:], uint64(trace))
	binary.BigEndian.PutUint64(s, uint64(span))
	return append(message(1, t), message(2, s)...)
}

func (s *sp) binary() []byte {
	b := ids(s.trace, s.id)
	if s.parent != 0 {
		b = append(b, message(4, binary.BigEndian.AppendUint64(nil, uint64(s.parent)))...)
	}
	b = append(append(b, message(5, []byte(s.name))...), 6<<3, byte(s.kind))
	for i, ms := range []float64{s.start, s.end} {
		n, _ := strconv.ParseUint(nano(ms), 10, 64)
		b = binary.LittleEndian.AppendUint64(append(b, byte(7+i)<<3|1), n)
	}
	for _, a := range s.attrs {
		k, v, _ := strings.Cut(a, "=")
		b = append(b, message(9, attribute1(k, v))...)
	}
	b = append(b, message(11, message(2, []byte("an event")))...)
	for _, l := range s.links {
		var t, id int
		fmt.Sscanf(l, "%d/%d", &t, &id)
		b = append(b, message(13, ids(t, id))...)
	}
	if s.failed {
		b = append(b, message(15, []byte{3 << 3, 2})...)
	}
	return b
}

// jaegerBody writes spans as Jaeger's query service does.
func jaegerBody(spans []sp) []byte {
	var data []any
	for _, s := range spans {
		var references, tags []any
		refer := func(kind string, trace, id int) {
			references = append(references, map[string]any{"refType": kind, "traceID": hexID(trace, 32), "spanID": hexID(id, 16)})
		}
		for _, l := range s.links {
			var t, id int
			fmt.Sscanf(l, "%d/%d", &t, &id)
			refer("FOLLOWS_FROM", t, id)
		}
		if s.parent != 0 {
			refer("CHILD_OF", s.trace, s.parent)
		}
		for _, a := range append(s.attrs, "span.kind="+[]string{"", "internal", "server", "client", "producer", "consumer"}[s.kind]) {
			k, v, _ := strings.Cut(a, "=")
			tags = append(tags, map[string]any{"key": k, "type": "string", "value": v})
		}
		if s.failed {
			tags = append(tags, map[string]any{"key": "error", "type": "bool", "value": true})
		}
		data = append(data, map[string]any{
			"traceID": hexID(s.trace, 32),
			"spans": []any{map[string]any{
				"traceID": hexID(s.trace, 32), "spanID": hexID(s.id, 16), "references": references, "operationName": s.name, "processID": "p1",
				"startTime": micro(s.start), "duration": micro(s.end) - micro(s.start), "tags": tags,
				"logs": []any{map[string]any{"fields": []any{}}},
			}},
			"processes": map[string]any{"p1": map[string]any{"serviceName": s.service}},
		})
	}
	return asJSON(map[string]any{"data": data})
}

func micro(ms float64) int64 { return testEpoch*1000 + int64(ms*1000) }

func asJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// zipkinBody writes spans as Zipkin's second version does.
func zipkinBody(spans []sp) []byte {
	var list []any
	for _, s := range spans {
		tags := map[string]any{}
		for _, a := range s.attrs {
			k, v, _ := strings.Cut(a, "=")
			tags[k] = v
		}
		if s.failed {
			tags["error"] = ""
		}
		m := map[string]any{
			"traceId": hexID(s.trace, 16), "id": hexID(s.id, 16), "name": s.name, "timestamp": micro(s.start), "duration": micro(s.end) - micro(s.start),
			"localEndpoint": map[string]any{"serviceName": s.service, "ipv4": "127.0.0.1"}, "tags": tags,
		}
		if s.parent != 0 {
			m["parentId"] = hexID(s.parent, 16)
		}
		if s.kind != internal {
			m["kind"] = []string{2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}[s.kind]
		}
		list = append(list, m)
	}
	return asJSON(list)
}

// All formats say the same.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, test := range known {
		linked := false
		for _, s := range test.spans {
			linked = linked || len(s.links) > 0
		}
		bodies := map[string][]byte{"protobuf": binaryBody(test.spans), "jaeger": jaegerBody(test.spans)}
		framed := binaryBody(test.spans[:1])
		framed = append(binary.BigEndian.AppendUint32(nil, uint32(len(framed))), framed...)
		rest := binaryBody(test.spans[1:])
		bodies["framed protobuf"] = append(binary.BigEndian.AppendUint32(framed, uint32(len(rest))), rest...)
		if !linked {
			bodies["zipkin"] = zipkinBody(test.spans)
			bodies["zipkin's traces"] = []byte("[" + string(zipkinBody(test.spans)) + "]")
		}
		want := lines(t, Options{}, body(test.spans))
		for name, text := range bodies {
			if got := lines(t, Options{Workers: 2}, text); got != want {
				t.Errorf("%s: %s: %s", test.name, name, cmp.Diff(want, got))
			}
		}
	}
}

// In Zipkin, client and server may share an id.
func TestZipkinShared(t *testing.T) {
	t.Parallel()
	text := `[{"traceId":"1","id":"1","kind":"SERVER","name":"get /","timestamp":1000,"duration":90000,"localEndpoint":{"serviceName":"shop"}},
	{"traceId":"1","id":"2","parentId":"1","kind":"SERVER","shared":true,"name":"get /a","timestamp":12000,"duration":30000,"localEndpoint":{"serviceName":"a"},"tags":{"http.method":"GET","http.path":"/a"}},
	{"traceId":"1","id":"2","parentId":"1","kind":"CLIENT","name":"get","timestamp":10000,"duration":40000,"localEndpoint":{"serviceName":"shop"},"tags":{"http.method":"GET","http.path":"/a"}},
	{"traceId":"1","id":"3","parentId":"2","kind":"CLIENT","name":"get","timestamp":15000,"duration":9000,"localEndpoint":{"serviceName":"a"},"remoteEndpoint":{"serviceName":"b"},"tags":{"http.method":"GET","http.path":"/b","error":""}},
	{"traceId":"1","id":"4","parentId":"2","kind":"PRODUCER","name":"send","timestamp":15000,"duration":9000,"localEndpoint":{"serviceName":"a"},"remoteEndpoint":{"serviceName":"kafka"},"tags":{"kafka.topic":"t"}}]`
	found, report := measure(t, Options{}, []byte(text))
	var got []string
	for _, x := range found {
		got = append(got, show(x))
	}
	want := []string{
		`a > b "GET /b" sync query calls=1 p50=9ms p99=9ms errors=1 troubled=1`,
		`a > kafka "t" async event calls=1 p50=9ms p99=9ms waited=0 broker=kafka channel=t queued=0s processing=0s consumers=1`,
		`shop > a "GET /a" sync query calls=1 p50=40ms p99=40ms`,
	}
	if d := cmp.Diff(want, got); d != "" || report.Broken > 0 {
		t.Error(d, report)
	}
}

func TestBinaryFaults(t *testing.T) {
	t.Parallel()
	one := binaryBody(simple(1))
	bad := message(1, message(2, message(2, message(1, []byte("short")))))
	for name, test := range map[string]struct {
		text []byte
		want string
	}{
		"cut":         {one[:len(one)-3], "t0: the protobuf ends inside a field"},
		"a short id":  {slices.Concat(bad, one), "t0: resource 1: a trace id doesn't have 16 bytes"},
		"no protobuf": {slices.Concat(one, []byte{0x08, 0x01}), "t0: this isn't OTLP in protobuf"},
		"a huge length": {slices.Concat(one, []byte{1<<3 | 2, 0xff, 0xff, 0xff, 0xff, 0x7f}),
			"t0: the spans of one resource are longer than 64 MiB, or this isn't OTLP in protobuf"},
	} {
		_, report := measure(t, Options{}, test.text)
		if report.Broken != 1 || report.Faults[0].String() != test.want {
			t.Errorf("%s: %v", name, report.Faults)
		}
	}
}

func TestDecompress(t *testing.T) {
	t.Parallel()
	text := body(simple(1))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(text)
	z.Close()
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]byte{"plain": text, "gzip": packed.Bytes(), "zstd": e.EncodeAll(text, nil)} {
		r, done, err := Decompress(bytes.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %v", name, err)
		}
		done()
	}
	r, done, err := Decompress(bytes.NewReader(packed.Bytes()[:50]))
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if err := NewStore(Options{}).Read(context.Background(), "x", r); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut gzip: %v", err)
	}
}

// However an attribute is written, it says the same.
func TestAttributeForms(t *testing.T) {
	t.Parallel()
	const plain = `{"key":"http.route","value":{"stringValue":"/carts/:id"}}`
	export := func(attribute string) []byte {
		return []byte(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeSpans":[{"spans":[` +
			`{"traceId":"01","spanId":"02","parentSpanId":"03","kind":2,"name":"x","startTimeUnixNano":"1795161601175767000","endTimeUnixNano":"1795161601324548000","attributes":[` +
			attribute + `,{"key":"http.request.method","value":{"stringValue":"GET"}}]}]}]},{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[` +
			`{"traceId":"01","spanId":"03","kind":3,"name":"x","startTimeUnixNano":"1795161601175767000","endTimeUnixNano":"1795161601324548000"}]}]}]}`)
	}
	want := lines(t, Options{}, export(plain))
	if !strings.Contains(want, "GET /carts/{id}") {
		t.Fatal(want)
	}
	for _, form := range []string{
		`{ "key": "http.route", "value": { "stringValue": "/carts/:id" } }`,
		`{"value":{"stringValue":"/carts/:id"},"key":"http.route"}`,
		`{"key":"http.route","value":{"stringValue":"\/carts\/:id"}}`,
		`{"key":"http\u002eroute","value":{"stringValue":"/carts/:id"}}`,
		`{"key":"http.route","value":{"string_value":"/carts/:id"}}`,
		`{"key":"http.route","value":{"stringValue":"/carts/:id","other":{"a":[1]}}}`,
		`{"key":"http.route","value":{"stringValue":"/carts/:id"},"other":null}`,
		`{"key":"a\\","value":{"stringValue":"b\\"}},` + plain,
		`{"key":"a","value":{"intValue":"7"}},{"key":"b","value":{"intValue":7}},{"key":"c","value":{"boolValue":true}},` + plain,
		`{"key":"a","value":{"arrayValue":{"values":[{"stringValue":"}}"}]}}},` + plain,
		`{"key":"` + strings.Repeat("k", 100) + `","value":{"stringValue":"` + strings.Repeat("v", 100) + `"}},` + plain,
		`{"key":"a","value":{}},` + plain,
		`{"key":"a","value":null},` + plain,
	} {
		if got := lines(t, Options{}, export(form)); got != want {
			t.Errorf("%s\n%s\nwant\n%s", form, got, want)
		}
	}
}
