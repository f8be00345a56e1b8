package source

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

// fromSettings adds the calls that a service is configured with, and returns the callees.
func (r *reader) fromSettings(dir *directory, u *unit, shared *sharing) map[*unit]bool {
	told := map[*unit]bool{}
	for _, s := range shared.settings[u] {
		for _, ref := range append(s.hosts(), dir.productAt(&s)...) {
			callee := dir.at(&ref)
			if callee == nil {
				callee = cmp.Or(dir.public(&s, &ref), dir.shown(u, &s, &ref))
				if callee == nil && u.onMachine {
					callee = dir.onMachine(&s, &ref, shared.settings[u])
				}
			}
			switch {
			case callee == nil:
				if shared.first(u, &s) {
					r.outside(u, &s, &ref, dir)
				}
			case callee != u && calls(callee.Role) && !isOneShot(callee.Name) && shared.takes(u, &s, callee):
				told[callee] = true
				r.keep(evidence.Sighting{
					Caller: u.Name, Callee: callee.Name, Source: s.file, Line: s.line, Shows: short(s.key), Broker: brokerOf(callee), Weak: len(shared.with(&s)) > 1,
				})
			}
		}
	}
	return told
}

// hosts returns what a setting may make a service call.
func (s *setting) hosts() []reference {
	var list []reference
	for _, part := range s.parts() {
		if callsNobody(part.key) && !part.isOriginal() || part.inFile && ofLogs(part.key) {
			continue
		}
		list = append(list, slices.DeleteFunc(references(part.value), func(ref reference) bool { return ref.bare && !part.namesHost() || ref.looksAfter() })...)
	}
	return list
}

// productAt returns the host that a setting names alone, where its key ends in the product
// that answers there: SESSION_REDIS=sessions.
func (d *directory) productAt(s *setting) []reference {
	refs, w := references(s.value), words(s.key)
	if len(refs) != 1 || !refs[0].bare || len(w) == 0 || callsNobody(s.key) || s.namesHost() {
		return nil
	}
	if u := d.find(refs[0].host); u != nil && u.Product != "" && u.Product == w[len(w)-1] && (u.Role == evidence.Store || u.Role == evidence.Broker) {
		return refs
	}
	return nil
}

// parts returns the settings that stand in one of several lines, as FLINK_PROPERTIES does;
// any other is the only part of itself.
func (s *setting) parts() []setting {
	if !strings.Contains(strings.TrimRight(s.value, "\n"), "\n") || len(s.value) > maxConfigBytes {
		return []setting{*s}
	}
	list := []setting{*s}
	assignments([]byte(s.value), func(key, value string, _ int) {
		if len(list) < mostSettings {
			list = append(list, setting{key: key, value: value, inFile: true})
		}
	})
	return list
}

// isOriginal reports whether a key calls an address the origin of what it leads to, as in
// SEARCH_ORIGIN=http://search:80; any other origin is one that is let in.
func (s *setting) isOriginal() bool {
	w := words(s.key)
	at := slices.Index(w, "origin")
	if at < 0 || anyOf(slices.Delete(slices.Clone(w), at, at+1), notCalls) {
		return false
	}
	refs := references(s.value)
	return len(refs) == 1 && refs[0].scheme != "" && anyOf(words(refs[0].host), w)
}

// public returns the service that a host leads to which others know it by, outside; nil for
// any other host, and where the setting tells what to show to people.
func (d *directory) public(s *setting, ref *reference) *unit {
	host := strings.ToLower(ref.host)
	if door, is := d.doors[host]; is && callsOutside(s.key, ref, host) {
		return d.units[door.service]
	}
	return nil
}

// namesHost reports whether the value is likely to be a host when it is a single word. In
// a file, only the last words of the path to it count.
func (s *setting) namesHost() bool {
	key := s.key
	if s.inFile {
		if parts := strings.Split(key, "."); len(parts) > 2 {
			key = strings.Join(parts[len(parts)-2:], ".")
		}
	}
	return namesHost(key)
}

// calls reports whether using a service of a role is worth showing.
func calls(r evidence.Role) bool { return r != evidence.Telemetry && r != evidence.Platform }

func brokerOf(u *unit) string {
	if u.Role == evidence.Broker {
		return u.Name
	}
	return ""
}

// outside adds a call that leaves the system.
func (r *reader) outside(u *unit, s *setting, ref *reference, dir *directory) {
	host := strings.ToLower(cmp.Or(dir.externals[ref.host], ref.host))
	if _, door := dir.doors[host]; door || !callsOutside(s.key, ref, host) {
		return
	}
	r.keep(evidence.Sighting{
		Caller: u.Name, Callee: host, Source: s.file, Line: s.line, Shows: short(s.key), Boundary: "third-party",
	})
	r.out.Services = append(r.out.Services, evidence.Service{Name: host, Source: s.file, Line: s.line, Role: evidence.External})
}

// callsOutside reports whether a setting makes a service call a host of the internet:
// an address of an interface, not a page to show, nor a place that others are sent to.
func callsOutside(key string, ref *reference, host string) bool {
	if ref.scheme != "https" && ref.scheme != "grpcs" && ref.scheme != "amqps" || !strings.Contains(host, ".") {
		return false
	}
	w := words(key)
	if anyOf(w, []string{"doc", "home", "homepage", "logo", "cdn", "icon", "site", "website", "link", "public", "external", "download", "git", "github", "repo", "links", "proxy", "base", "front", "frontend",
		"funding", "dashboard", "panels", "otel", "trace", "sentry", "telemetry", "schema", "java", "opts", "example", "authority", "cmd", "args", "argument", "support", "terms", "help", "image", "images", "static", "assets", "web", "ui", "sdk"}) {
		return false
	}
	end := host[strings.LastIndexByte(host, '.')+1:]
	if slices.Contains([]string{"local", "localhost", "internal", "test", "example", "invalid", "lan", "svc"}, end) || strings.Trim(end, "0123456789") == "" {
		return false
	}
	if isSample(host) {
		return false
	}
	return anyOf(w, []string{"url", "uri", "endpoint", "host", "api", "addr", "address", "server", "service", "webhook"})
}

// isSample reports whether a host is one of documentation.
func isSample(host string) bool {
	return slices.ContainsFunc([]string{"example.com", "example.org", "example.net", "localhost", "yourdomain", "mydomain", "domain.com"}, func(sample string) bool {
		return strings.Contains(host, sample)
	})
}

// fromDependencies adds what a service waits for at its start. A proxy waits for what it
// hands requests to, which is no call of its own; and a service that is told the addresses
// of some waits for other programs only so that all start in order. A store or a broker that
// it waits for is one that it uses, unless it is told the address of another of its kind, or
// waits for some of which others are told and it isn't: it then waits so that all start in
// order. known are the callees that anybody is told of.
func (r *reader) fromDependencies(dir *directory, u *unit, told, known map[*unit]bool) {
	if u.Role == evidence.Proxy && len(told) > 0 {
		return
	}
	inOrder := len(told) > 0 && slices.ContainsFunc(u.after, func(d dependency) bool {
		callee := dir.find(d.on)
		return callee != nil && callee.Role != evidence.Program && calls(callee.Role) && known[callee] && !told[callee]
	})
	for _, d := range r.waits(dir, u) {
		callee := dir.find(d.on)
		if d.past && len(told) > 0 { // it says itself whom it works with
			continue
		}
		if callee == nil || callee == u || !calls(callee.Role) || callee.Role == evidence.Proxy || isOneShot(callee.Name) {
			continue
		}
		if anyOf(words(callee.Name), []string{"worker", "workers", "beat", "cron", "consumer", "celery"}) { // its work comes from elsewhere
			continue
		}
		if callee.Role != evidence.Program && (u.Role == evidence.Proxy || !told[callee] && !u.worksWith(callee, d.said, dir.crew)) {
			continue
		}
		if !d.link && !told[callee] && (u.coveredBy(callee, told) || inOrder || u.passedOn(dir, callee)) || u.sameProgram(callee) && !u.asks(callee, told) || showsPages(callee.Name) && u.Role != evidence.Proxy && !actsAsUser(u.Name) {
			continue
		}
		shows := cmp.Or(d.said, "depends_on")
		if d.link && d.said == "" {
			shows = "links"
		}
		r.keep(evidence.Sighting{
			Caller: u.Name, Callee: callee.Name, Source: d.file, Line: d.line, Shows: shows, Broker: brokerOf(callee), Weak: true,
		})
	}
}

// passedOn reports whether a service waits for a store only because others do that it waits
// for, two programs at least, or one where it only shows pages: it lists all that has to be
// there.
func (u *unit) passedOn(dir *directory, callee *unit) bool {
	if callee.Role == evidence.Program {
		return false
	}
	others := 0
	for _, d := range u.after {
		next := dir.find(d.on)
		if next != nil && next.Role == evidence.Program && !next.sameProgram(u) && slices.ContainsFunc(next.after, func(d dependency) bool { return dir.find(d.on) == callee }) {
			others++
		}
	}
	w := words(u.Name)
	return others >= 2 || others == 1 && len(w) > 0 && slices.Contains([]string{"ui", "frontend", "front", "spa", "website"}, w[len(w)-1])
}

// mostRoles is how many roles of a program are followed from one to what they wait for: more
// than anybody starts, so that a file of many takes no time by their square.
const mostRoles = 64

// waits returns what a service waits for. A role of a program waits for the stores, too, of
// the roles that it waits for, and uses those of one that prepares its work and ends.
func (r *reader) waits(dir *directory, u *unit) []dependency {
	var list []dependency
	seen := map[*unit]bool{u: true}
	var add func(of *unit)
	add = func(of *unit) {
		for _, d := range of.after {
			next := dir.find(d.on)
			if next == nil || !d.ends && (of == u || next.Role == evidence.Store || next.Role == evidence.Broker) {
				d.past = of != u
				list = append(list, d)
			}
			if next == nil || seen[next] || len(seen) > mostRoles || !next.sameProgram(u) {
				continue
			}
			seen[next] = true
			add(next)
			if d.ends {
				list = append(list, r.prepared(dir, next)...)
			}
		}
	}
	add(u)
	return list
}

// prepared returns the stores and brokers that a service is told of which prepares the work
// of others and ends, as what these wait for.
func (r *reader) prepared(dir *directory, u *unit) []dependency {
	var list []dependency
	for _, s := range r.settings(u) {
		for _, ref := range s.hosts() {
			if callee := dir.at(&ref); callee != nil && (callee.Role == evidence.Store || callee.Role == evidence.Broker) {
				list = append(list, dependency{on: callee.Name, file: s.file, line: s.line, link: true, said: short(s.key)})
			}
		}
	}
	return list
}

// asks reports whether a role of a program calls another that it waits for: a proxy does,
// and so does one that is told of nobody, where neither works off tasks and the other can't
// be reached from outside.
func (u *unit) asks(other *unit, told map[*unit]bool) bool {
	return u.Role == evidence.Proxy || len(told) == 0 && !other.published && !u.onTasks() && !other.onTasks()
}

// onTasks reports whether a service plans tasks or works them off.
func (u *unit) onTasks() bool { return anyOf(u.task(), taskMakers) || anyOf(u.task(), taskTakers) }

// coveredBy reports whether the callees whose addresses a service is told leave no reason to
// call one more that it only waits for. One in front of others that is only told of stores
// calls the programs that it waits for.
func (u *unit) coveredBy(callee *unit, told map[*unit]bool) bool {
	if callee.Role == evidence.Program && u.inFront() {
		return slices.ContainsFunc(slices.Collect(maps.Keys(told)), func(t *unit) bool { return t.Role == evidence.Program })
	}
	if callee.Role == evidence.Program || callee.Product == "" {
		return len(told) > 0
	}
	for other := range told {
		if other.Role == callee.Role && other.Product == callee.Product {
			return true
		}
	}
	return false
}

// inFront reports whether a service stands before others, by its name: it hands on the
// requests of people, or gathers answers for their pages.
func (u *unit) inFront() bool {
	w := words(u.Name)
	return !slices.Contains(w, "status") && anyOf(w, []string{"gateway", "apigateway", "apigw", "bff", "aggregator", "web", "webapp", "frontend", "front", "portal", "storefront"})
}

// isOneShot reports whether a service does its work once and ends, by its name. A worker
// goes on, whatever its work is.
func isOneShot(name string) bool {
	w := words(name)
	return !anyOf(w, []string{"worker", "workers"}) && anyOf(w, []string{"init", "migrate", "migration", "migrations", "migrator", "seed", "seeder", "setup", "bootstrap", "bootstrapper", "createbuckets", "createbucket", "populate", "installer", "configurator"})
}

// showsPages reports whether a service is what people see, by its name: other services only
// wait for it so that there is something to see.
func showsPages(name string) bool {
	w := words(name)
	return len(w) > 0 && slices.Contains([]string{"web", "webapp", "front", "frontend", "ui", "spa", "website"}, w[len(w)-1])
}

// actsAsUser reports whether a service stands for people, by its name: it makes load, or
// tests.
func actsAsUser(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"load", "test", "e2e", "locust", "k6", "traffic", "customer", "robot", "bot", "simulat", "client", "gateway", "proxy", "edge", "router", "ingress"}, func(part string) bool {
		return strings.Contains(name, part)
	})
}
