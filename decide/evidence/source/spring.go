package source

import (
	"strconv"
	"strings"
	"time"

	"waitornot/decide/evidence"
)

func isSpring(_ string, doc value) bool {
	if doc.get("apiVersion").is() || doc.get("services").is() {
		return false
	}
	return doc.get("spring", "application", "name").text() != "" || doc.get("spring.application.name").text() != "" ||
		doc.get("spring", "cloud", "gateway").isMapping() || doc.get("resilience4j").isMapping()
}

// An application is what a Spring file says of one service. Its name may stand in
// another document.
type application struct {
	name  string
	edges []evidence.Sighting // without their caller
}

// readSpring reads routes of Spring Cloud Gateway, clients of OpenFeign, and the
// instances of Resilience4j that are named for the service that they call.
func readSpring(r *reader, f *File, doc value) {
	folder, _, _ := cutLast(f.Name, "/")
	app := r.springs[folder]
	if app == nil {
		app = &application{}
		r.springs[folder] = app
		r.folders = append(r.folders, folder)
	}
	for _, name := range []value{doc.get("spring", "application", "name"), doc.get("spring.application.name")} {
		if text := name.text(); text != "" && !strings.Contains(text, "$") && app.name == "" {
			app.name = text
		}
	}
	gateway := doc.get("spring", "cloud", "gateway")
	for _, routes := range []value{gateway.get("routes"), gateway.get("server", "webflux", "routes"), gateway.get("server", "webmvc", "routes"), gateway.get("mvc", "routes")} {
		for _, route := range routes.items() {
			for _, ref := range references(route.get("uri").text()) {
				if ref.scheme == "no" || ref.scheme == "forward" { // routes that lead nowhere else
					continue
				}
				app.edges = append(app.edges, evidence.Sighting{Callee: ref.host, Source: r.name, Line: route.get("uri").line(), Shows: "gateway route"})
			}
		}
	}
	for _, clients := range []value{doc.get("spring", "cloud", "openfeign", "client", "config"), doc.get("feign", "client", "config")} {
		for _, c := range clients.pairs() {
			s := evidence.Sighting{Callee: c.key, Source: r.name, Line: c.line, Shows: "feign client", Offered: true}
			for _, key := range []string{"readTimeout", "read-timeout"} {
				if ms, err := strconv.Atoi(c.get(key).text()); err == nil && ms > 0 && ms < 1<<31 {
					s.Timeout = time.Duration(ms) * time.Millisecond
				}
			}
			app.edges = append(app.edges, s)
		}
	}
	readResilience(r, app, doc.get("resilience4j"))
}

func readResilience(r *reader, app *application, doc value) {
	for _, module := range []struct{ key, guard string }{{"circuitbreaker", "circuit-breaker"}, {"bulkhead", "bulkhead"}, {"thread-pool-bulkhead", "bulkhead"}, {"ratelimiter", "rate-limit"}, {"retry", ""}, {"timelimiter", ""}} {
		for _, instance := range doc.get(module.key, "instances").pairs() {
			s := evidence.Sighting{Callee: instance.key, Source: r.name, Line: instance.line, Shows: "resilience4j " + module.key, Offered: true}
			if module.guard != "" {
				s.Guards = []string{module.guard}
			}
			for _, key := range []string{"max-attempts", "maxAttempts"} {
				if n := retries(instance.get(key)); module.key == "retry" && n > 1 {
					s.Attempts = n - 1 // it counts the first attempt, too
				}
			}
			for _, key := range []string{"timeout-duration", "timeoutDuration"} {
				if module.key == "timelimiter" {
					s.Timeout = max(s.Timeout, duration(instance.get(key)))
				}
			}
			app.edges = append(app.edges, s)
		}
	}
}

// joinApplications makes sightings of what Spring files say. A client or an instance
// whose name is no service's is one of something else.
func (r *reader) joinApplications(dir *directory) {
	for _, folder := range r.folders {
		app := r.springs[folder]
		if app.name == "" {
			continue
		}
		known := map[string]bool{}
		for _, s := range app.edges {
			known[s.Callee] = known[s.Callee] || !s.Offered
		}
		for _, s := range app.edges {
			if s.Offered && !known[s.Callee] && dir.find(s.Callee) == nil && !r.isApplication(s.Callee) {
				continue
			}
			s.Caller, s.Offered = app.name, false
			r.out.Sightings = append(r.out.Sightings, s)
		}
		if len(app.edges) > 0 {
			r.out.Services = append(r.out.Services, evidence.Service{Name: app.name, Source: app.edges[0].Source, Described: true})
		}
	}
}

func (r *reader) isApplication(name string) bool {
	for _, folder := range r.folders {
		if r.springs[folder].name == name {
			return true
		}
	}
	return false
}
