package source

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

func isSpring(_ string, doc value) bool {
	if doc.get("apiVersion").is() || doc.get("services").is() {
		return false
	}
	if slices.ContainsFunc(doc.pairs(), func(p pair) bool { return strings.HasPrefix(p.key, "spring.") }) {
		return true
	}
	return doc.get("spring").isMapping() || doc.get("resilience4j").isMapping() ||
		doc.get("zuul", "routes").isMapping() || doc.get("eureka", "client").isMapping() || doc.get("feign", "client").isMapping()
}

// An application is what Spring files say of one service. Its name may stand in
// another document.
type application struct {
	name     string
	file     string              // the first that is read of it
	called   string              // what its file is called like, as a configuration server serves it
	edges    []evidence.Sighting // without their caller
	settings []setting
}

// application returns the one that a file belongs to: the one of its folder, or where the
// file itself is named for a service, that.
func (r *reader) application(file string) *application {
	key, called := path.Dir(file), ""
	stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if first, _, _ := strings.Cut(stem, "-"); first != "application" && first != "bootstrap" {
		key, called = key+"/"+stem, stem
	}
	app := r.springs[key]
	if app == nil {
		app = &application{file: file, called: called}
		r.springs[key] = app
		r.folders = append(r.folders, key)
	}
	return app
}

// readSpring reads routes of Spring's gateways, clients of OpenFeign, the instances of
// Resilience4j that are named for the service that they call, and the addresses of others.
func readSpring(r *reader, f *File, doc value) {
	app := r.application(f.Name)
	doc = nested(doc)
	if text := filled(doc.get("spring", "application", "name").text(), nil); text != "" && app.name == "" {
		app.name = text
	}
	readGateway(r, app, doc)
	for _, clients := range []value{doc.get("spring", "cloud", "openfeign", "client", "config"), doc.get("feign", "client", "config")} {
		for _, c := range clients.pairs() {
			s := evidence.Sighting{Callee: c.key, Source: r.name, Line: c.line, Shows: "feign client", Offered: true}
			s.Timeout = milliseconds(c.value, "readTimeout", "read-timeout")
			app.edges = append(app.edges, s)
		}
	}
	readResilience(r, app, doc.get("resilience4j"))
	flatten(doc, "", 0, func(key, text string, line int) {
		if len(app.settings) < mostSettings {
			app.settings = append(app.settings, setting{key: key, value: filled(text, nil), file: r.name, line: line, inFile: true})
		}
	})
}

// readGateway reads the routes of Spring Cloud Gateway, and of Zuul before it.
func readGateway(r *reader, app *application, doc value) {
	route := func(to value, text string) {
		for _, ref := range references(text) {
			if ref.scheme != "no" && ref.scheme != "forward" { // routes that lead nowhere else
				app.edges = append(app.edges, evidence.Sighting{Callee: ref.host, Source: r.name, Line: to.line(), Shows: "gateway route"})
			}
		}
	}
	gateway := doc.get("spring", "cloud", "gateway")
	for _, routes := range []value{gateway.get("routes"), gateway.get("server", "webflux", "routes"), gateway.get("server", "webmvc", "routes"), gateway.get("mvc", "routes")} {
		for _, item := range routes.items() {
			route(item.get("uri"), item.get("uri").text())
		}
	}
	for _, p := range doc.get("zuul", "routes").pairs() {
		id, url := p.get("serviceId"), p.get("url")
		switch {
		case url.text() != "":
			route(url, url.text())
		case id.text() != "":
			route(id, id.text())
		default:
			route(p.value, p.key)
		}
	}
}

func milliseconds(v value, keys ...string) time.Duration {
	for _, key := range keys {
		if ms, err := strconv.Atoi(v.get(key).text()); err == nil && ms > 0 && ms < 1<<31 {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return 0
}

func readResilience(r *reader, app *application, doc value) {
	for _, module := range []struct{ key, guard string }{{"circuitbreaker", decide.GuardBreaker}, {"bulkhead", decide.GuardBulkhead}, {"thread-pool-bulkhead", decide.GuardBulkhead}, {"ratelimiter", decide.GuardRateLimit}, {"retry", ""}, {"timelimiter", ""}} {
		for _, instance := range doc.get(module.key, "instances").pairs() {
			s := evidence.Sighting{Callee: instance.key, Source: r.name, Line: instance.line, Shows: "resilience4j " + module.key, Offered: true}
			if module.guard != "" {
				s.Guards = []string{module.guard}
			}
			get := func(keys ...string) value { return resilienceValue(doc.get(module.key), instance.value, keys) }
			if module.key == "retry" {
				if n := retries(get("max-attempts", "maxAttempts")); n > 1 {
					s.Attempts = n - 1 // it counts the first attempt, too
				}
				s.Backoff = springDuration(get("wait-duration", "waitDuration"))
				s.Jitter = get("enable-randomized-wait", "enableRandomizedWait").text() == "true"
			}
			if module.key == "timelimiter" {
				s.Timeout = springDuration(get("timeout-duration", "timeoutDuration"))
			}
			app.edges = append(app.edges, s)
		}
	}
}

// resilienceValue returns what an instance says, or the configuration that it is based on.
func resilienceValue(module, instance value, keys []string) value {
	base := instance.get("base-config").text()
	if base == "" {
		base = instance.get("baseConfig").text()
	}
	if base == "" {
		base = "default"
	}
	for _, from := range []value{instance, module.get("configs", base)} {
		for _, key := range keys {
			if v := from.get(key); v.is() {
				return v
			}
		}
	}
	return value{left: instance.left}
}

// springDuration reads 2s, 500ms, PT2S or a bare number, which is milliseconds.
func springDuration(v value) time.Duration {
	text := strings.ToLower(v.text())
	if ms, err := strconv.Atoi(text); err == nil && ms > 0 && ms < 1<<31 {
		return time.Duration(ms) * time.Millisecond
	}
	d, err := time.ParseDuration(strings.TrimPrefix(text, "pt"))
	if err != nil || d < 0 {
		return 0
	}
	return d
}

// joinApplications makes sightings of what Spring files say. A client or an instance
// whose name is no service's is one of something else.
func (r *reader) joinApplications(dir *directory) {
	for _, folder := range r.folders {
		r.applications[r.springs[folder].name] = true
	}
	for _, folder := range r.folders { // an application may have another name than the service that runs it
		app := r.springs[folder]
		if u := r.homes.holderOf(app.file); app.name != "" && dir.find(app.name) == nil && u != nil && !silent(u.Role) {
			dir.units[app.name] = u
		}
	}
	for _, folder := range r.folders {
		app := r.springs[folder]
		caller := r.callerOf(dir, app)
		if caller == "" {
			continue
		}
		known := map[string]bool{}
		for _, s := range app.edges {
			known[s.Callee] = known[s.Callee] || !s.Offered
		}
		shown := false
		for _, s := range slices.Concat(app.edges, r.addressed(dir, app)) {
			callee := dir.find(s.Callee)
			if callee == nil && isLocal(s.Callee) {
				continue
			}
			if s.Offered && !known[s.Callee] && callee == nil && !r.isApplication(s.Callee) || callee != nil && !calls(callee.Role) {
				continue
			}
			s.Caller, s.Offered, shown = caller, false, true
			r.keep(s)
		}
		if shown && dir.find(caller) == nil {
			r.out.Services = append(r.out.Services, evidence.Service{Name: caller, Source: app.file, Described: true})
		}
	}
}

// callerOf returns the service that an application is, or "" when that can't be told, or
// when it is one that nobody decides about.
func (r *reader) callerOf(dir *directory, app *application) string {
	named := app.name
	if named == "" && (dir.find(app.called) != nil || r.isApplication(app.called)) {
		named = app.called
	}
	u := dir.find(named)
	if u == nil && named == "" {
		u = r.homes.holderOf(app.file)
	}
	switch {
	case u != nil && silent(u.Role):
		return ""
	case u != nil:
		return u.Name
	}
	return named
}

// addressed returns the calls that the settings of an application name an address for.
func (r *reader) addressed(dir *directory, app *application) []evidence.Sighting {
	var list []evidence.Sighting
	for _, s := range app.settings {
		if callsNobody(s.key) || strings.HasPrefix(s.key, "spring.application.") {
			continue
		}
		for _, ref := range references(s.value) {
			u := dir.find(ref.host)
			if ref.bare && !s.namesHost() || u == nil && (ref.bare || !r.isApplication(ref.host)) || ref.host == app.name {
				continue
			}
			x := evidence.Sighting{Callee: ref.host, Source: s.file, Line: s.line, Shows: short(s.key)}
			if u != nil {
				x.Callee, x.Broker = u.Name, brokerOf(u)
			}
			list = append(list, x)
		}
	}
	return list
}

func (r *reader) isApplication(name string) bool { return name != "" && r.applications[name] }

// nested returns a document whose keys with dots, which mean the same to Spring, are
// mappings in each other.
func nested(doc value) value {
	if !slices.ContainsFunc(doc.pairs(), func(p pair) bool { return strings.Contains(p.key, ".") }) {
		return doc
	}
	root := &yaml.Node{Kind: yaml.MappingNode, Line: doc.line() - doc.above}
	children := children{}
	for _, p := range doc.pairs() {
		children.nest(root, strings.Split(p.key, "."), p, 0)
	}
	return value{root, doc.above, doc.left}
}

// nest puts a value where keys lead to. Where one is there already, mappings are joined
// and the first of anything else stays.
func (c children) nest(root *yaml.Node, keys []string, v pair, depth int) {
	if depth > 20 || len(keys) > 20 || !v.left.spend() {
		return
	}
	at := root
	for _, key := range keys[:len(keys)-1] {
		if at = c.of(at, key, v.line-v.above); at.Kind != 0 && at.Kind != yaml.MappingNode {
			return
		}
		at.Kind = yaml.MappingNode
	}
	node := c.of(at, keys[len(keys)-1], v.line-v.above)
	switch {
	case v.isMapping() && (node.Kind == 0 || node.Kind == yaml.MappingNode):
		node.Kind = yaml.MappingNode
		for _, p := range v.pairs() {
			c.nest(node, strings.Split(p.key, "."), p, depth+1)
		}
	case node.Kind == 0 && v.real() != nil:
		*node = *v.real()
	}
}
