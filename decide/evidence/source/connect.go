package source

import (
	"strings"

	"waitornot/decide/evidence"
)

// isConnector reports whether a document is a connector as Kafka Connect is given it, alone
// or with its name around it.
func isConnector(_ string, doc value) bool {
	return doc.get("connector.class").text() != "" || doc.get("config", "connector.class").text() != ""
}

// readConnector notes the hosts that a connector works with.
func readConnector(r *reader, _ *File, doc value) {
	if doc.get("config").isMapping() {
		doc = doc.get("config")
	}
	for _, p := range doc.pairs() { // keys have dots of their own
		s := setting{key: p.key, value: p.text(), file: r.name, line: p.line, inFile: true}
		if len(s.hosts()) > 0 {
			r.connectors = append(r.connectors, s)
		}
	}
}

// joinConnectors adds what connectors make Kafka Connect call, where one service runs it.
func (r *reader) joinConnectors(dir *directory) {
	var runner *unit
	for _, u := range r.units {
		if !r.runsConnectors(u) {
			continue
		}
		if runner != nil {
			return
		}
		runner = u
	}
	if runner == nil {
		return
	}
	for _, s := range r.connectors {
		for _, ref := range s.hosts() {
			if callee := dir.at(&ref); callee != nil && callee != runner && calls(callee.Role) {
				r.keep(evidence.Sighting{
					Caller: runner.Name, Callee: callee.Name, Source: s.file, Line: s.line, Shows: short(s.key), Broker: brokerOf(callee),
				})
			}
		}
	}
}

// runsConnectors reports whether a service is a Kafka Connect: it is told where to keep the
// connectors.
func (r *reader) runsConnectors(u *unit) bool {
	for _, s := range r.settings(u) {
		if key := strings.ToLower(strings.ReplaceAll(s.key, "_", ".")); strings.HasSuffix(key, "config.storage.topic") {
			return true
		}
		for _, part := range s.parts() {
			if part.key == "config.storage.topic" {
				return true
			}
		}
	}
	return false
}
