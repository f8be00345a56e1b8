package trace

import (
	"bytes"
	"encoding/base64"
	"strconv"
)

// body reads one JSON text of any of the formats.
func (w *writer) body() {
	s := &w.scan
	if s.peek() == '[' {
		w.zipkin()
		return
	}
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "resourceSpans", "resource_spans":
			w.each((*writer).resourceSpans)
		case "data":
			w.each((*writer).jaegerTrace)
		default:
			s.skip()
		}
	}
}

// each reads an array of objects.
func (w *writer) each(read func(*writer)) {
	if !w.scan.list() {
		return
	}
	for n := 0; w.scan.more(']', &n); {
		read(w)
	}
}

// resourceSpans reads the spans of one resource. The resource may stand behind
// its spans.
func (w *writer) resourceSpans() {
	s := &w.scan
	w.service, w.early = 0, true
	if !s.object() {
		w.early = false
		return
	}
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "resource":
			w.resource()
			w.release()
		case "scopeSpans", "scope_spans", "instrumentationLibrarySpans":
			w.each((*writer).scopeSpans)
		default:
			s.skip()
		}
	}
	w.release()
}

func (w *writer) resource() {
	s := &w.scan
	w.draft.reset()
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		if string(s.name()) == "attributes" {
			w.each((*writer).keyValue)
		} else {
			s.skip()
		}
	}
	w.service = w.word(w.draft.get(serviceName))
}

func (w *writer) scopeSpans() {
	s := &w.scan
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		if string(s.name()) == "spans" {
			w.each((*writer).span)
		} else {
			s.skip()
		}
	}
}

func (w *writer) span() {
	s, d := &w.scan, &w.draft
	d.reset()
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "traceId", "trace_id":
			d.trace = w.traceID()
		case "spanId", "span_id":
			d.id = w.spanID()
		case "parentSpanId", "parent_span_id":
			d.parent = w.spanID()
		case "name":
			d.setName(s.scalar())
		case "kind":
			d.kind = kindNamed(s.scalar())
		case "startTimeUnixNano", "start_time_unix_nano":
			d.start = w.nanoseconds()
		case "endTimeUnixNano", "end_time_unix_nano":
			d.end = w.nanoseconds()
		case "attributes":
			w.each((*writer).keyValue)
		case "links":
			w.each((*writer).link)
		case "status":
			w.status()
		default:
			s.skip()
		}
	}
	if s.err == nil {
		w.emit()
	}
}

func (d *draft) setName(text []byte) {
	d.name = append(d.name[:0], text[:min(len(text), longestValue)]...)
}

func (w *writer) status() {
	s := &w.scan
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "code":
			code := s.scalar()
			w.draft.failed = string(code) == "2" || string(code) == "STATUS_CODE_ERROR"
		case "message":
			w.draft.timedOut = timeoutWord(s.scalar())
		default:
			s.skip()
		}
	}
}

// mostLinks is how many links of one span are followed.
const mostLinks = 1000

func (w *writer) link() {
	s := &w.scan
	if !s.object() {
		return
	}
	var l link
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "traceId", "trace_id":
			l.trace = w.traceID()
		case "spanId", "span_id":
			l.id = w.spanID()
		default:
			s.skip()
		}
	}
	if len(w.draft.links) < mostLinks {
		w.draft.links = append(w.draft.links, l)
	}
}

// keyValue reads one attribute into the draft, whichever of its parts stands
// first.
func (w *writer) keyValue() {
	s := &w.scan
	if w.plainKeyValue() || !s.object() {
		return
	}
	key, seen := ignored, false
	w.value = w.value[:0]
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "key":
			key, seen = meaning(s.scalar()), true
		case "value":
			if seen && key == ignored {
				s.skip()
			} else {
				w.anyValue()
			}
		default:
			s.skip()
		}
	}
	w.draft.set(key, w.value)
}

// How recorders write nearly all attributes.
var (
	plainKey    = []byte(`{"key":"`)
	plainValue  = []byte(`","value":{"`)
	plainString = []byte(`stringValue":"`)
	plainInt    = []byte(`intValue":"`)
	plainEnd    = []byte(`"}}`)
)

// plainKeyValue reads an attribute that is written as nearly all are, letter for letter:
// it takes a third of the time. It takes nothing of any other.
func (w *writer) plainKeyValue() bool {
	s := &w.scan
	text := s.buf[s.pos:]
	if !bytes.HasPrefix(text, plainKey) {
		return false
	}
	key, text := plainText(text[len(plainKey):])
	if !bytes.HasPrefix(text, plainValue) {
		return false
	}
	switch text = text[len(plainValue):]; {
	case bytes.HasPrefix(text, plainString):
		text = text[len(plainString):]
	case bytes.HasPrefix(text, plainInt):
		text = text[len(plainInt):]
	default:
		return false
	}
	value, text := plainText(text)
	if !bytes.HasPrefix(text, plainEnd) {
		return false
	}
	if a := meaning(key); a != ignored {
		w.draft.set(a, value)
	}
	s.pos = len(s.buf) - len(text) + len(plainEnd)
	return true
}

// plainText splits off what stands in front of a quote, unless there is an escape or no
// quote: then nothing is left.
func plainText(text []byte) (plain, rest []byte) {
	for i, c := range text[:min(len(text), shortString)] {
		if c == '"' {
			return text[:i], text[i:]
		}
		if c == '\\' {
			return nil, nil
		}
	}
	end := bytes.IndexByte(text, '"')
	if end < 0 || bytes.IndexByte(text[:end], '\\') >= 0 {
		return nil, nil
	}
	return text[:end], text[end:]
}

// anyValue reads the text of a scalar.
func (w *writer) anyValue() {
	s := &w.scan
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "stringValue", "intValue", "boolValue", "doubleValue", "string_value", "int_value", "bool_value", "double_value":
			w.value = append(w.value[:0], s.scalar()...)
		default:
			s.skip()
		}
	}
}

// nanoseconds reads a time as a number or a string of digits.
func (w *writer) nanoseconds() int64 {
	return w.integer(w.scan.scalar())
}

func (w *writer) integer(text []byte) int64 {
	if len(text) == 0 {
		return 0
	}
	var n int64
	for _, c := range text {
		if c < '0' || c > '9' || n > (1<<63-10)/10 {
			return w.float(text)
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// float reads the rare number with a sign, a point or an exponent.
func (w *writer) float(text []byte) int64 {
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f < 0 || f >= 1<<63 {
		w.scan.fail("a time isn't a number of nanoseconds: %.40q", text)
		return 0
	}
	return int64(f)
}

// traceID reads 16 bytes in hexadecimal, or in base64 as protobuf's own JSON
// mapping writes them; Jaeger and Zipkin also write 8 bytes and leave zeros out.
func (w *writer) traceID() traceID {
	text := w.scan.scalar()
	if len(text) == 24 && text[23] == '=' {
		var raw [18]byte
		if n, err := base64.StdEncoding.Decode(raw[:], text); err == nil && n == 16 {
			return traceID{bigEndian(raw[:8]), bigEndian(raw[8:16])}
		}
	}
	if len(text) > 32 {
		w.scan.fail("a trace id has more than 32 digits: %.50q", text)
		return traceID{}
	}
	if len(text) <= 16 {
		return traceID{0, w.hex(text)}
	}
	return traceID{w.hex(text[:len(text)-16]), w.hex(text[len(text)-16:])}
}

func (w *writer) spanID() uint64 {
	text := w.scan.scalar()
	if len(text) == 12 && text[11] == '=' {
		var raw [9]byte
		if n, err := base64.StdEncoding.Decode(raw[:], text); err == nil && n == 8 {
			return bigEndian(raw[:8])
		}
	}
	if len(text) > 16 {
		w.scan.fail("a span id has more than 16 digits: %.50q", text)
		return 0
	}
	return w.hex(text)
}

func bigEndian(b []byte) uint64 {
	var n uint64
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}

func (w *writer) hex(text []byte) uint64 {
	var n uint64
	for _, c := range text {
		d, ok := hexDigit(c)
		if !ok {
			w.scan.fail("an id isn't hexadecimal: %.50q", text)
			return 0
		}
		n = n<<4 | uint64(d)
	}
	return n
}
