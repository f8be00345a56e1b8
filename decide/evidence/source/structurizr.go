package source

import (
	"strings"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

func isStructurizr(_ string, doc value) bool { return doc.get("model", "softwareSystems").isList() }

// An element is a part of a model.
type element struct {
	name   string
	called bool // operations lead to it: it isn't split further, and it isn't a person
	v      value
}

func readStructurizr(r *reader, _ *File, doc value) {
	elements := map[string]element{}
	var order []string
	add := func(v value, leaf bool, external bool) {
		id, name := v.get("id").text(), evidence.OperationName(v.get("name").text())
		if id == "" || name == "" {
			return
		}
		elements[id] = element{name, leaf, v}
		order = append(order, id)
		if !leaf {
			return
		}
		s := evidence.Service{Name: name, Line: v.line(), Owner: ownerOf(v.get("properties")), Described: true}
		tags := strings.ToLower(v.get("tags").text())
		switch {
		case external:
			s.Role = evidence.External
		case strings.Contains(tags, "database"):
			s.Role = evidence.Store
		case strings.Contains(tags, "queue"), strings.Contains(tags, "topic"), strings.Contains(tags, "message bus"):
			s.Role = evidence.Broker
		default:
			p := roleOf(strings.ToLower(v.get("technology").text()), name)
			s.Role, s.Product = p.role, p.name
		}
		r.declare(s)
	}
	for _, sys := range doc.get("model", "softwareSystems").items() {
		containers := sys.get("containers").items()
		add(sys, len(containers) == 0, true)
		for _, c := range containers {
			add(c, true, false)
		}
	}
	for _, id := range order {
		from := elements[id]
		for _, rel := range from.v.get("relationships").items() {
			to, known := elements[rel.get("destinationId").text()]
			if !known || !from.called || !to.called || rel.get("linkedRelationshipId").text() != "" {
				continue
			}
			s := evidence.Sighting{Caller: from.name, Callee: to.name, Line: rel.line(), Shows: short(rel.get("description").text())}
			switch strings.ToLower(rel.get("interactionStyle").text()) {
			case "synchronous":
				s.Mode = decide.Sync
			case "asynchronous":
				s.Mode = decide.Async
			}
			r.see(s)
		}
	}
}
