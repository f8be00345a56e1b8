package source

import (
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

// A front is a Kubernetes service: a name that leads to workloads.
type front struct {
	namespace, name string
	selector        map[string]string
	external        string // the host that it stands for, when it is nothing else
	file            string
	line            int
}

// A directory finds services by the names that reach them.
type directory struct {
	units      map[string]*unit
	namespaces map[string]bool
	externals  map[string]string // names that stand for hosts outside
	crew       crew
	doors      map[string]door  // the ways in, by host; see openDoors
	ports      map[string]*unit // by the port of the machine that leads to them; nil where several claim it
}

// directory joins the fronts to their workloads and indexes all names.
func (r *reader) directory() *directory {
	d := &directory{units: map[string]*unit{}, namespaces: map[string]bool{}, externals: map[string]string{}, ports: map[string]*unit{}}
	var open []front // whose workload isn't in the sources
	known := map[string]bool{}
	for _, f := range r.fronts {
		d.namespaces[f.namespace] = true
		switch u := r.behind(&f); {
		case u != nil:
			u.alias(f.name)
			known[f.name] = true
		case f.external != "":
			d.externals[f.name] = f.external
		default:
			open = append(open, f)
		}
	}
	for _, f := range open {
		if len(f.selector) == 0 && known[f.name] { // a patch of one that is told in full
			continue
		}
		r.name = f.file
		r.unit(f.name, f.line).plays(roleOf("", f.name))
	}
	for _, u := range r.units {
		d.namespaces[u.namespace] = true
		d.units[u.Name] = u
		for _, port := range u.ports {
			if other, taken := d.ports[port]; taken && other != u {
				d.ports[port] = nil
			} else {
				d.ports[port] = u
			}
		}
	}
	for _, u := range r.units {
		for _, a := range u.aliases {
			if _, taken := d.units[a]; !taken {
				d.units[a] = u
			}
		}
	}
	delete(d.namespaces, "")
	d.crew = crewOf(r.units)
	return d
}

// behind returns the workload of a front, or nil.
func (r *reader) behind(f *front) *unit {
	for _, u := range r.candidates(f.namespace, f.selector) {
		if u.has(f.namespace, f.selector) {
			return u
		}
	}
	return nil
}

// A label is one of workloads of a namespace.
type label struct{ namespace, key, value string }

// candidates returns the workloads, in their order, among which those with some labels are: those
// with the rarest of them.
func (r *reader) candidates(namespace string, labels map[string]string) []*unit {
	if r.labels == nil {
		r.labels = map[label][]*unit{}
		for _, u := range r.units {
			for k, v := range u.labels {
				r.labels[label{u.namespace, k, v}] = append(r.labels[label{u.namespace, k, v}], u)
			}
		}
	}
	rarest := r.units
	for k, v := range labels {
		if list := r.labels[label{namespace, k, v}]; v != "" && len(list) <= len(rarest) { // none has an empty one, or all
			rarest = list
		}
	}
	return rarest
}

// machines are names under which a container finds the machine that it runs on.
var machines = []string{"host.docker.internal", "gateway.docker.internal", "docker.for.mac.localhost", "docker.for.win.localhost", "docker.for.mac.host.internal", "host.containers.internal"}

// at returns the service that a reference leads to, or nil. One to the machine leads to the
// store or the broker that a port of it leads to; such addresses of programs are mostly told
// to people's browsers.
func (d *directory) at(ref *reference) *unit {
	if !slices.Contains(machines, strings.ToLower(ref.host)) {
		return d.find(ref.host)
	}
	if u := d.ports[ref.port]; u != nil && (u.Role == evidence.Store || u.Role == evidence.Broker) {
		return u
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
	if u := d.units[rest]; u != nil || more != "" || strings.Contains(rest, ".") || slices.Contains(topDomains, rest) {
		return u
	}
	if len(d.namespaces) == 1 && d.namespaces[kubeNamespace] { // the sources don't say in which one they run
		return d.units[name]
	}
	return nil
}

// topDomains are ends of names that are no namespaces.
var topDomains = []string{"com", "org", "net", "io", "dev", "app", "ai", "co", "cloud", "info", "me", "sh", "tech", "xyz", "us", "uk", "de", "eu", "cn", "in", "test", "example"}

// browserWords are words of variables that programs in browsers are built with.
var browserWords = []string{"vite", "react", "next", "vue", "nuxt", "gatsby", "expo", "angular", "ng"}

// shown returns the service that a browser finds at a port of the machine, where a setting
// tells a program that runs in browsers to call it; nil for any other.
func (d *directory) shown(u *unit, s *setting, ref *reference) *unit {
	host := strings.ToLower(ref.host)
	if host != "localhost" && host != "127.0.0.1" && !slices.Contains(machines, host) || ref.port == "" || ref.bare {
		return nil
	}
	pages := showsPages(u.Name) || anyOf(words(u.Name), []string{"client", "blazor", "react", "angular", "vue", "spa", "dashboard", "portal", "storefront"})
	if !pages && !anyOf(words(s.key), browserWords) || anyOf(words(u.Name), []string{"api", "server", "backend", "worker", "workers", "scheduler"}) {
		return nil
	}
	if other := d.ports[ref.port]; other != nil && other.Role != evidence.Proxy { // a proxy is the door to the pages themselves
		return other
	}
	return nil
}
