package trace

// zipkin reads a list of spans in Zipkin's second version, or a list of traces,
// which are such lists.
func (w *writer) zipkin() {
	w.each(func(w *writer) {
		if w.scan.peek() == '[' {
			w.each((*writer).zipkinSpan)
			return
		}
		w.zipkinSpan()
	})
}

func (w *writer) zipkinSpan() {
	s, d := &w.scan, &w.draft
	d.reset()
	w.service = 0
	if !s.object() {
		return
	}
	var took int64
	var remote []byte
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "traceId":
			d.trace = w.traceID()
		case "id":
			d.id = w.spanID()
		case "parentId":
			d.parent = w.spanID()
		case "kind":
			d.kind = kindNamed(s.scalar())
		case "name":
			d.setName(s.scalar())
		case "timestamp":
			d.start = w.microseconds()
		case "duration":
			took = w.microseconds()
		case "localEndpoint":
			w.service = w.word(w.zipkinEndpoint())
		case "remoteEndpoint":
			remote = append(w.text[:0], w.zipkinEndpoint()...)
			w.text = remote
		case "tags":
			w.zipkinTags()
		case "shared":
			d.shared = string(s.scalar()) == "true"
		default:
			s.skip()
		}
	}
	d.end = d.start + took
	switch d.kind {
	case client:
		d.set(peerService, remote)
	case producer, consumer: // the other end is the broker
		d.set(messagingSystem, remote)
	}
	if s.err == nil {
		w.emit()
	}
}

// zipkinEndpoint returns the name of a service. It is valid until the next one.
func (w *writer) zipkinEndpoint() []byte {
	s := &w.scan
	w.value = w.value[:0]
	if !s.object() {
		return nil
	}
	for n := 0; s.more('}', &n); {
		if string(s.name()) == "serviceName" {
			w.value = append(w.value[:0], s.scalar()...)
		} else {
			s.skip()
		}
	}
	return w.value
}

// zipkinTags reads tags. A tag named error marks a failure even when empty.
func (w *writer) zipkinTags() {
	s := &w.scan
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		key := meaning(s.name())
		value := s.scalar()
		if key == errorMark && len(value) == 0 {
			value = []byte("true")
		}
		w.draft.set(key, value)
	}
}
