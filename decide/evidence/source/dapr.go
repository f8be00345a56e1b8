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
	case "bindings": // to whatever the hosts are
	default:
		return
	}
	if name == "" {
		return
	}
	if s.Role != evidence.Platform {
		for _, app := range doc.get("scopes").items() {
			r.scopes = append(r.scopes, scope{app.text(), name, hostsOfComponent(doc), s, r.name, app.line()})
		}
	}
	if s.Role != evidence.Program {
		r.declare(s)
	}
}

// hostsOfComponent returns the hosts that a component works with.
func hostsOfComponent(doc value) []string {
	var hosts []string
	for _, m := range doc.get("spec", "metadata").items() {
		s := setting{key: m.get("name").text(), value: m.get("value").text()}
		for _, ref := range s.hosts() {
			hosts = append(hosts, ref.host)
		}
	}
	return hosts
}

// A scope says that an application may use a component.
type scope struct {
	app, component string
	hosts          []string // that the component works with
	service        evidence.Service
	file           string
	line           int
}

// joinScopes adds the uses of components that name the applications they are for. What is
// used is the service that the component works with, where that is one of the sources. A
// component that names no applications is there for all, and says nothing of who uses it.
func (r *reader) joinScopes(dir *directory) {
	for _, s := range r.scopes {
		caller := s.app
		if u := dir.find(s.app); u != nil {
			caller = u.Name
		}
		x := evidence.Sighting{Caller: caller, Callee: s.component, Source: s.file, Line: s.line, Shows: "scopes", Weak: true}
		if s.service.Role == evidence.Broker {
			x.Broker = s.component
		}
		found := s.service.Role != evidence.Program
		for _, host := range s.hosts {
			if u := dir.find(host); u != nil && calls(u.Role) {
				x.Callee, x.Broker, found = u.Name, brokerOf(u), true
			}
		}
		if caller != "" && found {
			r.keep(x)
		}
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
			s.Guards = []string{decide.GuardBreaker}
		}
		if s.Timeout > 0 || s.Attempts > 0 || len(s.Guards) > 0 {
			r.policies = append(r.policies, policy{app.key, s})
		}
	}
}
