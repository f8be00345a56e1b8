package source

import (
	"cmp"
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

// A unit is a service as a configuration of what runs declares it.
type unit struct {
	evidence.Service
	namespace string
	aliases   []string // other names that reach it
	labels    map[string]string
	settings  []setting
	refs      []configRef
	after     []dependency
	files     []configFile
	folders   []string // that it is built in, as sources are named
	image     string   // what it runs: an image, or what one is built from
}

// A setting is a variable of the environment, or an argument.
type setting struct {
	key, value string
	file       string
	line       int
	shared     bool // with other services
	inFile     bool // key is the path to it in a configuration file
}

// A configRef takes settings from a config map.
type configRef struct {
	namespace, name string
	key             string // of the map; "" takes all
	as              string // the variable; "" is the key with prefix
	prefix          string
	mounted         bool     // as files
	keys            []string // those that are mounted; all when there is none
	line            int
	file            string
}

// A dependency is a service that another wants to be there first.
type dependency struct {
	on   string
	file string
	line int
}

// A front is a Kubernetes service: a name that leads to workloads.
type front struct {
	namespace, name string
	selector        map[string]string
	external        string // the host that it stands for, when it is nothing else
	file            string
	line            int
}

// A door is a way into the system.
type door struct {
	namespace, service string
	text               string
}

// A policy is what a mesh does to all calls of a host.
type policy struct {
	host     string
	sighting evidence.Sighting
}

// unit returns the service of a name, made when it is new.
func (r *reader) unit(name string, line int) *unit {
	u := r.byName[name]
	if u == nil {
		u = &unit{Service: evidence.Service{Name: name, Source: r.name, Line: line}, labels: map[string]string{}}
		r.byName[name] = u
		r.units = append(r.units, u)
	}
	return u
}

func (u *unit) alias(names ...string) {
	for _, n := range names {
		if n != "" && n != u.Name && !isLocal(n) && !slices.Contains(u.aliases, n) {
			u.aliases = append(u.aliases, n)
		}
	}
}

func (u *unit) set(r *reader, key, value string, line int) {
	u.settings = append(u.settings, setting{key: key, value: value, file: r.name, line: line})
}

// ownerOf finds the team among labels or annotations.
func ownerOf(v value) string {
	for _, p := range v.pairs() {
		name := p.key[strings.LastIndexAny(p.key, "/.")+1:]
		switch strings.ToLower(name) {
		case "team", "owner", "squad", "owned-by", "owner-team", "team-name":
			if t := p.text(); t != "" {
				return t
			}
		}
	}
	return ""
}

// A directory finds services by the names that reach them.
type directory struct {
	units      map[string]*unit
	namespaces map[string]bool
	externals  map[string]string // names that stand for hosts outside
}

// directory joins the fronts to their workloads and indexes all names.
func (r *reader) directory() *directory {
	d := &directory{map[string]*unit{}, map[string]bool{}, map[string]string{}}
	for _, f := range r.fronts {
		d.namespaces[f.namespace] = true
		switch u := r.behind(&f); {
		case u != nil:
			u.alias(f.name)
		case f.external != "":
			d.externals[f.name] = f.external
		default: // its workload isn't in the sources
			r.name = f.file
			u = r.unit(f.name, f.line)
			if u.Role == evidence.Program {
				p := roleOf("", f.name)
				u.Role, u.Product = p.role, p.name
			}
		}
	}
	for _, u := range r.units {
		d.namespaces[u.namespace] = true
		d.units[u.Name] = u
	}
	for _, u := range r.units {
		for _, a := range u.aliases {
			if _, taken := d.units[a]; !taken {
				d.units[a] = u
			}
		}
	}
	delete(d.namespaces, "")
	return d
}

// behind returns the workload of a front, or nil.
func (r *reader) behind(f *front) *unit {
	if len(f.selector) == 0 {
		return nil
	}
	for _, u := range r.units {
		if u.namespace != f.namespace || len(u.labels) == 0 {
			continue
		}
		matches := true
		for k, v := range f.selector {
			matches = matches && u.labels[k] == v
		}
		if matches {
			return u
		}
	}
	return nil
}

// find returns the service that a host name leads to, or nil.
func (d *directory) find(host string) *unit {
	if u := d.units[host]; u != nil {
		return u
	}
	name, rest, dotted := strings.Cut(host, ".")
	if !dotted {
		if u := d.units[strings.ToLower(host)]; u != nil {
			return u
		}
		return nil
	}
	first, more, _ := strings.Cut(rest, ".")
	if d.namespaces[rest] || first == "svc" || more == "svc" || strings.HasPrefix(more, "svc.") || rest == "local" {
		return d.units[name]
	}
	// a member of a stateful set: kafka-0.kafka.ns.svc
	if service, _, ok := strings.Cut(rest, ".svc"); ok {
		service, _, _ = strings.Cut(service, ".")
		return d.units[service]
	}
	return d.units[rest]
}

// resolve makes sightings of what services are configured with.
func (r *reader) resolve() {
	dir := r.directory()
	for _, d := range r.doors {
		if u := dir.units[d.service]; u != nil && !slices.Contains(u.Doors, d.text) {
			u.Doors = append(u.Doors, d.text)
		}
	}
	r.countTakers()
	r.markShared()
	for _, u := range r.units {
		r.readOwned(u)
		r.out.Services = append(r.out.Services, u.Service)
		if silent(u.Role) || isOneShot(u.Name) {
			continue
		}
		r.fromDependencies(dir, u, r.fromSettings(dir, u))
	}
	r.joinMessages()
	r.joinInterfaces()
	r.joinApplications(dir)
	r.joinRoutes(dir)
	r.settleInterfaces()
	r.applyPolicies(dir)
}

// markShared marks the settings of compose files that several services take from one place,
// through an anchor: not all of them need all of it.
func (r *reader) markShared() {
	type place struct {
		file, key string
		line      int
	}
	times := map[place]int{}
	for _, u := range r.units {
		for _, s := range u.settings {
			if s.line > 0 {
				times[place{s.file, s.key, s.line}]++
			}
		}
	}
	for _, u := range r.units {
		for i := range u.settings {
			s := &u.settings[i]
			s.shared = s.shared || times[place{s.file, s.key, s.line}] > 1
		}
	}
}

// countTakers counts the services that take each config map as a whole, and those that
// have each file: what several take has addresses that not all of them need.
func (r *reader) countTakers() {
	for _, u := range r.units {
		for _, f := range u.files {
			r.holders[f.name]++
		}
		seen := map[string]bool{}
		for _, ref := range u.refs {
			if key := ref.namespace + "/" + ref.name; ref.key == "" && !seen[key] {
				seen[key] = true
				r.takers[key]++
			}
		}
	}
}

// settings returns all of a service's settings, config maps included.
func (r *reader) settings(u *unit) []setting {
	list := slices.Clone(u.settings)
	for _, ref := range u.refs {
		for _, s := range r.configs[ref.namespace+"/"+ref.name] {
			switch {
			case ref.mounted:
			case ref.key == "":
				list = append(list, setting{ref.prefix + s.key, s.value, s.file, s.line, r.takers[ref.namespace+"/"+ref.name] > 1, false})
			case ref.key == s.key:
				list = append(list, setting{cmp.Or(ref.as, s.key), s.value, s.file, s.line, false, false})
			}
		}
	}
	vars := map[string]string{}
	for _, s := range list {
		vars[s.key] = s.value
	}
	for _, f := range r.configFiles(u) {
		list = append(list, settingsOf(&f, vars)...)
	}
	return list
}

// fromSettings adds the calls that a service is configured with, and returns the callees.
func (r *reader) fromSettings(dir *directory, u *unit) map[*unit]bool {
	told := map[*unit]bool{}
	for _, s := range r.settings(u) {
		if callsNobody(s.key) {
			continue
		}
		for _, ref := range references(s.value) {
			if ref.bare && !s.namesHost() {
				continue
			}
			callee := dir.find(ref.host)
			if callee == nil {
				r.outside(u, &s, &ref, dir)
				continue
			}
			if callee != u && calls(callee.Role) {
				told[callee] = true
				r.out.Sightings = append(r.out.Sightings, evidence.Sighting{
					Caller: u.Name, Callee: callee.Name, Source: s.file, Line: s.line, Shows: short(s.key), Broker: brokerOf(callee), Weak: s.shared,
				})
			}
		}
	}
	return told
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
	if !callsOutside(s.key, ref, host) || r.isDoor(host) {
		return
	}
	r.out.Sightings = append(r.out.Sightings, evidence.Sighting{
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
	if anyOf(w, []string{"doc", "home", "homepage", "logo", "cdn", "icon", "site", "website", "link", "public", "external", "download", "git", "github", "repo", "proxy", "base", "frontend",
		"otel", "trace", "sentry", "telemetry", "schema", "java", "opts", "example", "authority", "cmd", "args", "argument", "support", "terms", "help", "image", "images", "static", "assets", "web", "ui", "sdk"}) {
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

func (r *reader) isDoor(host string) bool {
	return slices.ContainsFunc(r.doors, func(d door) bool { return strings.HasPrefix(d.text, host) })
}

// fromDependencies adds what a service waits for at its start. A proxy waits for what it
// hands requests to, which is no call of its own; and a service that is told the addresses
// of some waits for others only so that all start in order.
func (r *reader) fromDependencies(dir *directory, u *unit, told map[*unit]bool) {
	if u.Role == evidence.Proxy {
		return
	}
	for _, d := range u.after {
		callee := dir.units[d.on]
		if callee == nil || callee == u || !calls(callee.Role) || callee.Role == evidence.Proxy || isOneShot(callee.Name) {
			continue
		}
		if anyOf(words(callee.Name), []string{"worker", "workers", "beat", "cron", "consumer", "celery"}) { // its work comes from elsewhere
			continue
		}
		if len(told) > 0 && !told[callee] || u.image != "" && u.image == callee.image { // the same program in another role
			continue
		}
		r.out.Sightings = append(r.out.Sightings, evidence.Sighting{
			Caller: u.Name, Callee: callee.Name, Source: d.file, Line: d.line, Shows: "depends_on", Broker: brokerOf(callee), Weak: true,
		})
	}
}

// isOneShot reports whether a service does its work once and ends, by its name.
func isOneShot(name string) bool {
	return anyOf(words(name), []string{"init", "migrate", "migration", "migrations", "migrator", "seed", "seeder", "setup", "bootstrap", "createbuckets"})
}

// applyPolicies gives each caller of a host what the mesh does to its calls.
func (r *reader) applyPolicies(dir *directory) {
	callers := map[string][]string{}
	for _, s := range r.out.Sightings {
		if s.Caller != "" {
			callers[s.Callee] = append(callers[s.Callee], s.Caller)
		}
	}
	for _, p := range r.policies {
		callee := p.host
		if u := dir.find(p.host); u != nil {
			callee = u.Name
		}
		list := slices.Clone(callers[callee])
		slices.Sort(list)
		for _, caller := range slices.Compact(list) {
			s := p.sighting
			s.Caller, s.Callee = caller, callee
			r.out.Sightings = append(r.out.Sightings, s)
		}
	}
}
