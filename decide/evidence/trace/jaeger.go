package trace

// jaegerTrace reads one trace as Jaeger's query service and its pages write it.
// The processes, which say the services, stand behind the spans.
func (w *writer) jaegerTrace() {
	s := &w.scan
	if !s.object() {
		return
	}
	w.early = true
	clear(w.processes)
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "spans":
			w.each((*writer).jaegerSpan)
		case "processes":
			w.jaegerProcesses()
		default:
			s.skip()
		}
	}
	w.early = false
	for _, r := range w.waiting {
		r.service = w.processes[r.service]
		w.put(r)
	}
	w.waiting = w.waiting[:0]
}

func (w *writer) jaegerSpan() {
	s, d := &w.scan, &w.draft
	d.reset()
	w.service = 0
	if !s.object() {
		return
	}
	var took int64
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "traceID":
			d.trace = w.traceID()
		case "spanID":
			d.id = w.spanID()
		case "parentSpanID":
			if id := w.spanID(); d.parent == 0 {
				d.parent = id
			}
		case "operationName":
			d.setName(s.scalar())
		case "references":
			w.each((*writer).jaegerReference)
		case "startTime":
			d.start = w.microseconds()
		case "duration":
			took = w.microseconds()
		case "tags":
			w.each((*writer).jaegerTag)
		case "processID":
			w.service = w.word(s.scalar())
		case "process":
			name := w.jaegerProcess()
			w.service = name
			w.rename(name, name)
		default:
			s.skip()
		}
	}
	d.end = d.start + took
	if s.err == nil {
		w.emit()
	}
}

// jaegerReference reads a reference: the first CHILD_OF is the parent, one that
// follows from a span is a link, and the parent where no other is.
func (w *writer) jaegerReference() {
	s, d := &w.scan, &w.draft
	if !s.object() {
		return
	}
	var l link
	follows := false
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "refType":
			follows = string(s.scalar()) == "FOLLOWS_FROM"
		case "traceID":
			l.trace = w.traceID()
		case "spanID":
			l.id = w.spanID()
		default:
			s.skip()
		}
	}
	switch {
	case !follows:
		d.parent = l.id
	case len(d.links) < mostLinks:
		d.links = append(d.links, l)
	}
}

func (w *writer) jaegerTag() {
	s := &w.scan
	if !s.object() {
		return
	}
	key := ignored
	w.value = w.value[:0]
	for n := 0; s.more('}', &n); {
		switch string(s.name()) {
		case "key":
			key = meaning(s.scalar())
		case "value":
			w.value = append(w.value[:0], s.scalar()...)
		default:
			s.skip()
		}
	}
	w.draft.set(key, w.value)
}

func (w *writer) jaegerProcesses() {
	s := &w.scan
	if !s.object() {
		return
	}
	for n := 0; s.more('}', &n); {
		id := w.word(s.name())
		w.rename(id, w.jaegerProcess())
	}
}

// rename says which service a process is.
func (w *writer) rename(process, service word) {
	if w.processes == nil {
		w.processes = make(map[word]word)
	}
	w.processes[process] = service
}

func (w *writer) jaegerProcess() (service word) {
	s := &w.scan
	if !s.object() {
		return 0
	}
	for n := 0; s.more('}', &n); {
		if string(s.name()) == "serviceName" {
			service = w.word(s.scalar())
		} else {
			s.skip()
		}
	}
	return service
}

// mostMicroseconds keeps microseconds countable as nanoseconds.
const mostMicroseconds = 1<<63/1000 - 1

func (w *writer) microseconds() int64 {
	n := w.integer(w.scan.scalar())
	if n > mostMicroseconds {
		w.scan.fail("a time isn't a number of microseconds: %d", n)
		return 0
	}
	return n * 1000
}
