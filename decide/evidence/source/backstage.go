package source

import (
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

func isBackstage(_ string, doc value) bool {
	return strings.HasPrefix(doc.get("apiVersion").text(), "backstage.io/") && doc.get("kind").text() != ""
}

// A consumer is a component that uses an interface.
type consumer struct {
	component, api string
	file           string
	line           int
}

func readBackstage(r *reader, _ *File, doc value) {
	name, spec := doc.get("metadata", "name").text(), doc.get("spec")
	line := doc.get("metadata", "name").line()
	kind := doc.get("kind").text()
	if name == "" || kind != "Component" && kind != "Resource" {
		return
	}
	s := evidence.Service{Name: name, Line: line, Owner: entity(spec.get("owner").text()), Described: true}
	if kind == "Resource" {
		p := roleOf(spec.get("type").text(), name)
		s.Role, s.Product = p.role, p.name
		switch strings.ToLower(spec.get("type").text()) {
		case "database", "cache", "s3-bucket", "bucket", "storage":
			s.Role = evidence.Store
		case "queue", "topic", "broker", "message-broker", "event-bus":
			s.Role = evidence.Broker
		}
	}
	r.declare(s)
	for _, dep := range spec.get("dependsOn").items() {
		if calls := strings.ToLower(dep.text()); !strings.HasPrefix(calls, "api:") {
			r.see(evidence.Sighting{Caller: name, Callee: entity(dep.text()), Line: dep.line(), Shows: "dependsOn"})
		}
	}
	for _, api := range spec.get("providesApis").items() {
		r.providers[entity(api.text())] = append(r.providers[entity(api.text())], name)
	}
	for _, api := range spec.get("consumesApis").items() {
		r.consumers = append(r.consumers, consumer{name, entity(api.text()), r.name, api.line()})
	}
}

// entity returns the name of an entity reference: kind:namespace/name.
func entity(ref string) string { return ref[strings.LastIndexAny(ref, ":/")+1:] }

// joinInterfaces makes edges of consumers and the components that provide to them.
func (r *reader) joinInterfaces() {
	for _, c := range r.consumers {
		list := slices.Clone(r.providers[c.api])
		slices.Sort(list)
		if len(list) == 0 {
			list = []string{c.api} // its provider isn't in the sources
		}
		for _, provider := range slices.Compact(list) {
			r.keep(evidence.Sighting{
				Caller: c.component, Callee: provider, Source: c.file, Line: c.line, Shows: "consumesApis " + short(c.api),
			})
		}
	}
}
