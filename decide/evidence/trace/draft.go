package trace

import (
	"bytes"
	"strconv"
)

// kind is the kind of a span, numbered as OTLP does.
type kind uint8

const (
	internal kind = 1 + iota
	server
	client
	producer
	consumer
)

// attribute is what an attribute of a span means, whatever a convention calls it.
type attribute uint8

const (
	ignored attribute = iota
	httpMethod
	httpRoute
	urlTemplate
	urlPath
	urlFull
	httpStatus
	resendCount
	peerService
	serverAddress
	serverPort
	rpcService
	rpcMethod
	grpcStatus
	dbSystem
	dbOperation
	dbCollection
	messagingSystem
	messagingDestination
	messagingTemplate
	messagingKey
	messagingOperation
	errorType
	spanKind // where formats say the kind in an attribute
	errorMark
	serviceName
	attributeCount
)

// meaning returns what an attribute means: names of the stable semantic
// conventions of OpenTelemetry, of the versions before, and of OpenTracing.
func meaning(key []byte) attribute {
	switch string(key) {
	case "http.request.method", "http.method":
		return httpMethod
	case "http.route":
		return httpRoute
	case "url.template":
		return urlTemplate
	case "url.path", "http.target", "http.path":
		return urlPath
	case "url.full", "http.url":
		return urlFull
	case "http.response.status_code", "http.status_code":
		return httpStatus
	case "http.request.resend_count", "http.resend_count":
		return resendCount
	case "peer.service", "service.peer.name":
		return peerService
	case "server.address", "net.peer.name", "net.peer.hostname", "peer.hostname":
		return serverAddress
	case "server.port", "net.peer.port", "peer.port":
		return serverPort
	case "rpc.service":
		return rpcService
	case "rpc.method":
		return rpcMethod
	case "rpc.grpc.status_code", "grpc.status_code", "rpc.response.status_code":
		return grpcStatus
	case "db.system.name", "db.system", "db.type":
		return dbSystem
	case "db.operation.name", "db.operation":
		return dbOperation
	case "db.collection.name", "db.sql.table", "db.mongodb.collection", "db.cassandra.table":
		return dbCollection
	case "messaging.system":
		return messagingSystem
	case "messaging.destination.name", "messaging.destination", "message_bus.destination",
		"kafka.topic", "rabbit.queue", "jms.queue", "jms.topic":
		return messagingDestination
	case "messaging.destination.template":
		return messagingTemplate
	case "messaging.rabbitmq.destination.routing_key", "messaging.rabbitmq.routing_key", "rabbit.routing_key":
		return messagingKey
	case "messaging.operation.type", "messaging.operation":
		return messagingOperation
	case "error.type", "http.error_name", "exception.type":
		return errorType
	case "span.kind":
		return spanKind
	case "error", "otel.status_code":
		return errorMark
	case "service.name":
		return serviceName
	}
	return ignored
}

// A draft is one span while its parts are read. It is used again for the next,
// so that reading makes no garbage.
type draft struct {
	trace      traceID
	id, parent uint64
	start, end int64 // nanoseconds since 1970
	kind       kind
	failed     bool
	timedOut   bool
	shared     bool // it has the id of its client's span, as Zipkin allows
	name       []byte
	links      []link
	values     [attributeCount][]byte
	given      uint32 // a bit for each of values
}

type traceID [2]uint64

// A link points from a span to another, often in another trace.
type link struct {
	trace traceID
	id    uint64
}

func (d *draft) reset() {
	d.trace, d.id, d.parent, d.start, d.end = traceID{}, 0, 0, 0, 0
	d.kind, d.failed, d.timedOut, d.shared, d.given = 0, false, false, false, 0
	d.name, d.links = d.name[:0], d.links[:0]
}

// set copies the value of an attribute. The first that is not empty counts.
func (d *draft) set(a attribute, value []byte) {
	if a == ignored || len(value) == 0 || d.given&(1<<a) != 0 {
		return
	}
	d.values[a] = append(d.values[a][:0], value[:min(len(value), longestValue)]...)
	d.given |= 1 << a
}

// longestValue is how much of an attribute is looked at.
const longestValue = 2048

func (d *draft) get(a attribute) []byte {
	if d.given&(1<<a) == 0 {
		return nil
	}
	return d.values[a]
}

func (d *draft) has(a attribute) bool { return d.given&(1<<a) != 0 }

func (d *draft) number(a attribute) int {
	if !d.has(a) {
		return 0
	}
	n, err := strconv.Atoi(string(d.get(a)))
	if err != nil {
		return 0
	}
	return n
}

// settle derives the role of a span in messaging from its operation, and
// whether it failed from its status, once all attributes are read.
func (d *draft) settle() {
	if v := d.get(spanKind); v != nil && d.kind == 0 {
		d.kind = kindNamed(v)
	}
	if v := d.get(errorMark); v != nil {
		d.failed = d.failed || string(v) != "false" && string(v) != "OK" && string(v) != "UNSET"
	}
	if d.kind == 0 && d.has(dbSystem) {
		d.kind = client
	}
	if d.kind == client && !d.has(httpMethod) && !d.has(rpcMethod) && isConnecting(d.name) {
		d.kind = internal
	}
	if d.end < d.start {
		d.end = d.start
	}
	if d.has(messagingSystem) {
		d.settleMessaging()
	}
	d.failed = d.failed && !d.refused() || d.number(httpStatus) >= 500
	d.timedOut = d.failed && (d.timedOut || timeoutWord(d.get(errorType)) || d.number(httpStatus) == 504 || isDeadline(d.get(grpcStatus)))
}

// isConnecting reports whether a span stands for setting up a connection, which
// some instrumentations record inside the call that needs it.
func isConnecting(name []byte) bool {
	return bytes.HasSuffix(name, []byte(".connect")) || bytes.HasSuffix(name, []byte("-connect")) || string(name) == "dns.lookup"
}

// settleMessaging tells senders and handlers apart by their operation: by the
// conventions of today, both may be client spans.
func (d *draft) settleMessaging() {
	if !d.has(messagingOperation) && d.kind == client {
		if d.has(rpcMethod) {
			d.set(messagingOperation, messagingVerb(d.get(rpcMethod)))
		} else {
			d.set(messagingOperation, messagingVerb(d.name))
		}
	}
	switch string(d.get(messagingOperation)) {
	case "publish", "send", "create":
		d.kind = producer
	case "receive", "process", "deliver":
		d.kind = consumer
	case "settle", "ack", "nack", "modack", "commit":
		d.kind = internal
	}
}

// messagingVerb tells what a client of a broker does by the name of its span or of the call,
// as SQS.SendMessage: keeping the books of a queue is no operation.
func messagingVerb(name []byte) []byte {
	for _, verb := range [...]struct{ word, means string }{
		{"send", "send"}, {"Send", "send"}, {"ublish", "publish"}, {"roduce", "send"}, {"eceive", "receive"}, {"poll", "receive"}, {"Poll", "receive"}, {"onsume", "receive"}, {"rocess", "process"},
	} {
		if bytes.Contains(name, []byte(verb.word)) {
			return []byte(verb.means)
		}
	}
	return []byte("settle")
}

// receives reports whether a consumer's span stands for fetching messages, not
// for handling them.
func (d *draft) receives() bool { return string(d.get(messagingOperation)) == "receive" }

// refused reports whether an error is the caller's own: a 4xx that isn't about
// time or load, or its counterpart in gRPC. The callee did its work.
func (d *draft) refused() bool {
	if status := d.number(httpStatus); status >= 400 && status < 500 {
		return status != 408 && status != 429
	}
	switch string(d.get(grpcStatus)) {
	case "3", "5", "6", "7", "9", "11", "16", "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "FAILED_PRECONDITION", "OUT_OF_RANGE", "UNAUTHENTICATED":
		return true
	}
	return false
}

func isDeadline(status []byte) bool {
	return string(status) == "4" || string(status) == "DEADLINE_EXCEEDED"
}

// timeoutWord reports whether the text of an error says that time ran out.
func timeoutWord(text []byte) bool {
	for _, word := range [...]string{"imeout", "TIMEOUT", "imedout", "TIMEDOUT", "imed out", "eadline", "DEADLINE", "AbortError"} {
		if bytes.Contains(text, []byte(word)) {
			return true
		}
	}
	return false
}

// kindNamed reads the kind of a span as a word or OTLP's number.
func kindNamed(v []byte) kind {
	switch string(bytes.TrimPrefix(v, []byte("SPAN_KIND_"))) {
	case "1", "INTERNAL", "internal":
		return internal
	case "2", "SERVER", "server":
		return server
	case "3", "CLIENT", "client":
		return client
	case "4", "PRODUCER", "producer":
		return producer
	case "5", "CONSUMER", "consumer":
		return consumer
	}
	return 0
}
