package source

import (
	"cmp"
	"slices"
	"strings"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

func isAsyncAPI(_ string, doc value) bool { return doc.get("asyncapi").text() != "" }

// A message is one that an application sends or receives.
type message struct {
	app, channel string
	sends        bool
	sighting     evidence.Sighting
}

func readAsyncAPI(r *reader, f *File, doc value) {
	app := titled(r, f, doc)
	broker := protocolOf(doc)
	if strings.HasPrefix(doc.get("asyncapi").text(), "2") {
		for _, c := range doc.get("channels").pairs() {
			// In version 2 others publish what the application receives.
			r.message(app, broker, c.key, "", false, c.get("publish"), c.line)
			r.message(app, broker, c.key, "", true, c.get("subscribe"), c.line)
		}
		return
	}
	for _, op := range doc.get("operations").pairs() {
		ref := op.get("channel", "$ref").text()
		channel := pointer(doc, ref)
		_, last, _ := cutLast(ref, "/")
		address := cmp.Or(channel.get("address").text(), last)
		r.message(app, broker, address, op.key, op.get("action").text() == "send", op.value, op.line)
	}
}

// protocolOf returns the product that carries the messages, where one is named.
func protocolOf(doc value) string {
	for _, s := range doc.get("servers").pairs() {
		switch p := strings.ToLower(s.get("protocol").text()); p {
		case "amqp", "amqps":
			return "rabbitmq"
		case "kafka", "kafka-secure":
			return "kafka"
		case "", "http", "https", "ws", "wss":
		default:
			return p
		}
	}
	return ""
}

func (r *reader) message(app, broker, channel, id string, sends bool, op value, line int) {
	if !op.isMapping() {
		return
	}
	id = cmp.Or(op.get("operationId").text(), id)
	s := evidence.Sighting{
		Name: evidence.OperationName(cmp.Or(id, channel)), Source: r.name, Line: line, Kind: "event", Mode: decide.Async,
		Broker: broker, Channel: short(channel), Shows: "message",
	}
	if op.get("reply").isMapping() { // the sender waits, or learns the outcome from a message
		s.Kind, s.Mode = "command", decide.Undecided
	}
	for _, b := range op.get("bindings").pairs() {
		s.DeadLetter = cmp.Or(s.DeadLetter, b.get("queue", "redrivePolicy", "deadLetterQueue", "name").text(), b.get("deadLetterQueue", "name").text())
	}
	r.messages = append(r.messages, message{app, channel, sends, s})
}

// joinMessages makes operations of messages: from who sends on a channel to who receives
// from it. A sender whose receivers no source knows keeps its message; so does a receiver.
func (r *reader) joinMessages() {
	receivers := map[string][]string{}
	senders := map[string]bool{}
	for _, m := range r.messages {
		if m.sends {
			senders[m.channel] = true
		} else if !slices.Contains(receivers[m.channel], m.app) {
			receivers[m.channel] = append(receivers[m.channel], m.app)
		}
	}
	for _, m := range r.messages {
		s := m.sighting
		switch {
		case !m.sends && senders[m.channel]:
			continue // what the sender says is enough
		case !m.sends:
			s.Callee = m.app
		default:
			s.Caller, s.Callee = m.app, "subscriber"
			if list := receivers[m.channel]; len(list) == 1 {
				s.Callee = list[0]
			}
		}
		r.keep(s)
	}
}
