package source

import (
	"strings"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

func isDapr(_ string, doc value) bool {
	return strings.HasPrefix(doc.get("apiVersion").text(), "dapr.io/")
}

func readDapr(r *reader, _ *File, doc value) {
	name, spec := doc.get("metadata", "name").text(), doc.get("spec")
	switch doc.get("kind").text() {
	case "Component":
		readDaprComponent(r, name, doc)
	case "Subscription":
		readDaprSubscription(r, doc)
	case "Resiliency":
		readDaprResiliency(r, spec)
	}
}

func readDaprComponent(r *reader, name string, doc value) {
	family, product, _ := strings.Cut(doc.get("spec", "type").text(), ".")
	s := evidence.Service{Name: name, Line: doc.get("metadata", "name").line(), Product: short(product), Described: true}
	switch family {
	case "pubsub":
		s.Role = evidence.Broker
	case "state", "lock", "cryptography":
		s.Role = evidence.Store
	case "secretstores", "configuration", "nameresolution", "middleware":
		s.Role = evidence.Platform
	default:
		return
	}
	if name != "" {
		r.declare(s)
	}
}

// readDaprSubscription reads who gets the messages of a topic. Who sends them is code.
func readDaprSubscription(r *reader, doc value) {
	spec := doc.get("spec")
	topic := spec.get("topic").text()
	for _, app := range doc.get("scopes").items() {
		r.see(evidence.Sighting{
			Callee: app.text(), Name: evidence.OperationName(topic), Line: app.line(), Kind: "event", Mode: decide.Async, Shows: "Subscription",
			Broker: spec.get("pubsubname").text(), Channel: short(topic), DeadLetter: spec.get("deadLetterTopic").text(),
		})
	}
}

func readDaprResiliency(r *reader, spec value) {
	policies := spec.get("policies")
	for _, app := range spec.get("targets", "apps").pairs() {
		s := evidence.Sighting{
			Source: r.name, Line: app.line, Shows: "Resiliency",
			Timeout:  duration(policies.get("timeouts", app.get("timeout").text())),
			Attempts: retries(policies.get("retries", app.get("retry").text(), "maxRetries")),
		}
		if app.get("circuitBreaker").text() != "" {
			s.Guards = []string{"circuit-breaker"}
		}
		if s.Timeout > 0 || s.Attempts > 0 || len(s.Guards) > 0 {
			r.policies = append(r.policies, policy{app.key, s})
		}
	}
}
