package source

import (
	"slices"
	"strings"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

func isOpenAPI(_ string, doc value) bool {
	return (doc.get("openapi").text() != "" || doc.get("swagger").text() != "") && (doc.get("paths").isMapping() || doc.get("webhooks").isMapping())
}

func readOpenAPI(r *reader, f *File, doc value) {
	service := titled(r, f, doc)
	for _, path := range doc.get("paths").pairs() {
		shared := path.get("parameters")
		for _, method := range path.pairs() {
			if isMethod(method.key) {
				r.see(httpOperation(doc, service, path.key, &method, shared))
			}
		}
	}
	for _, hook := range doc.get("webhooks").pairs() {
		r.see(evidence.Sighting{
			Caller: service, Name: evidence.OperationName(hook.key), Line: hook.line, Kind: "event", Shows: "webhook", Text: short(hook.key), Callee: "subscriber",
		})
	}
}

// titled names the service that a description is of, and declares it.
func titled(r *reader, f *File, doc value) string {
	info := doc.get("info")
	name := info.get("x-service-name").text()
	if name == "" {
		title := evidence.OperationName(info.get("title").text())
		for _, end := range []string{"-openapi", "-rest-api", "-http-api", "-api", "-specification", "-spec", "-proto"} {
			title = strings.TrimSuffix(title, end)
		}
		name = title
	}
	if slices.Contains([]string{"", "api", "open-api-definition", "openapi-definition", "swagger", "rest", "api-documentation", "api-docs", "documentation", "openapi"}, name) {
		folder, _, _ := cutLast(f.Name, "/")
		_, folder, _ = cutLast("/"+folder, "/")
		name = evidence.OperationName(folder)
	}
	if name == "" {
		name = "api"
	}
	r.declare(evidence.Service{Name: name, Line: info.line(), Owner: ownerOf(info), Described: true})
	return name
}

func isMethod(key string) bool {
	return slices.Contains([]string{"get", "put", "post", "delete", "patch", "head", "options", "query"}, strings.ToLower(key))
}

func httpOperation(doc value, service, path string, method *pair, shared value) evidence.Sighting {
	op := method.value
	text := strings.ToUpper(method.key) + " " + path
	s := evidence.Sighting{Callee: service, Line: method.line, Shows: "operation", Text: short(text)}
	s.Name = evidence.OperationName(op.get("operationId").text())
	if s.Name == "" {
		s.Name = evidence.OperationName(text)
	}
	switch strings.ToLower(method.key) {
	case "get", "head", "options", "query":
		s.Kind = "query"
	case "post":
		if s.Kind = kindOfName(s.Name); s.Kind == "" {
			s.Kind = "command"
		}
	default:
		s.Kind = "command"
	}
	if acknowledges(op.get("responses")) {
		s.Mode = decide.Hybrid
	}
	if op.get("callbacks").isMapping() {
		s.Mode, s.Notify = decide.Hybrid, "webhook"
	}
	s.Idempotent = takesKey(doc, op.get("parameters")) || takesKey(doc, shared)
	return s
}

// acknowledges reports whether a success is nothing but 202.
func acknowledges(responses value) bool {
	accepted, other := false, false
	for _, p := range responses.pairs() {
		accepted = accepted || p.key == "202"
		other = other || p.key != "202" && strings.HasPrefix(p.key, "2")
	}
	return accepted && !other
}

// takesKey reports whether one of the parameters is an idempotency key.
func takesKey(doc, parameters value) bool {
	for _, p := range parameters.items() {
		if ref := p.get("$ref").text(); ref != "" {
			p = pointer(doc, ref)
		}
		if name := strings.ToLower(p.get("name").text()); p.get("in").text() == "header" && strings.Contains(name, "idempoten") {
			return true
		}
	}
	return false
}

// pointer follows a reference inside the document.
func pointer(doc value, ref string) value {
	path, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return value{left: doc.left}
	}
	v := doc
	for _, key := range strings.Split(path, "/") {
		v = v.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(key))
	}
	return v
}
