package source

import (
	"cmp"
	"net/netip"
	"path"
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

// A route is a call that the configuration of a proxy or of a client shows. Its caller is
// whoever has the file, or whom the file names.
type route struct {
	owner    *unit  // who has the file; nil when that isn't known yet
	named    string // whom the file names; may be empty
	sighting evidence.Sighting
}

// readOwned reads what proxies and clients are configured with from the files that a
// service has.
func (r *reader) readOwned(u *unit) {
	for _, f := range r.configFiles(u) {
		end := strings.ToLower(path.Ext(f.base))
		if end != ".yml" && end != ".yaml" && end != ".json" || len(f.data) > maxConfigBytes {
			continue
		}
		for _, doc := range documentsOf(f.base, f.data) {
			if doc.err != nil || describes(doc.root) {
				continue
			}
			from := len(r.routes)
			r.name = f.name
			readEnvoy(r, nil, doc.root)
			readDotnet(r, nil, doc.root)
			for i := range r.routes[from:] {
				route := &r.routes[from+i]
				route.owner, route.sighting.Line = u, route.sighting.Line+f.above
			}
		}
	}
}

// settleInterfaces gives interfaces whose names are no service's to the service that is
// built around their description: DiscountProtoService is discount.grpc's.
func (r *reader) settleInterfaces() {
	alike := map[string]bool{}
	for _, u := range r.units {
		alike[evidence.Alike(u.Name)] = true
	}
	homes := map[string]*unit{} // nil where two services have descriptions of one name
	settle := func(name, file string) {
		if alike[evidence.Alike(name)] {
			return
		}
		u := r.homes.builtAround(file)
		if known, seen := homes[name]; seen && known != u {
			u = ownerOfInterface(name, known, u)
		}
		homes[name] = u
	}
	for _, s := range r.out.Services {
		if s.Described {
			settle(s.Name, s.Source)
		}
	}
	for _, s := range r.out.Sightings {
		if s.Caller == "" {
			settle(s.Callee, s.Source)
		}
	}
	named := func(name string) string {
		if u := homes[name]; u != nil {
			return u.Name
		}
		return name
	}
	for i := range r.out.Services {
		if s := &r.out.Services[i]; s.Described {
			s.Name = named(s.Name)
		}
	}
	for i := range r.out.Sightings {
		s := &r.out.Sightings[i]
		s.Caller, s.Callee = named(s.Caller), named(s.Callee)
	}
}

// ownerOfInterface returns the one of two services with a description of an interface after
// which it is named: FlightGrpcService is flight's, and others have a copy to call it with.
func ownerOfInterface(name string, a, b *unit) *unit {
	named := func(u *unit) bool { return u != nil && strings.HasPrefix(evidence.Alike(name), evidence.Alike(u.Name)) }
	switch {
	case named(a) && !named(b):
		return a
	case named(b) && !named(a):
		return b
	}
	return nil
}

// joinRoutes makes sightings of routes. Where nothing declares the services, the names
// that the files give them count.
func (r *reader) joinRoutes(dir *directory) {
	for _, route := range r.routes {
		s := route.sighting
		switch owner := cmp.Or(route.owner, dir.units[route.named], r.holders[s.Source], r.homes.holderOf(s.Source)); {
		case owner != nil && silent(owner.Role):
			continue
		case owner != nil:
			s.Caller = owner.Name
		case r.declares:
			continue
		default:
			s.Caller = cmp.Or(route.named, evidence.OperationName(path.Base(path.Dir(s.Source))), evidence.OperationName(strings.TrimSuffix(path.Base(s.Source), path.Ext(s.Source))))
			r.out.Services = append(r.out.Services, evidence.Service{Name: s.Caller, Source: s.Source, Described: true})
		}
		switch callee := dir.find(s.Callee); {
		case callee != nil && (!calls(callee.Role) || callee.Name == s.Caller):
			continue
		case callee != nil:
			s.Callee, s.Broker = callee.Name, brokerOf(callee)
		case isLocal(s.Callee):
			continue
		case strings.Contains(s.Callee, ".") && !inCluster(s.Callee):
			s.Boundary = "third-party"
			r.out.Services = append(r.out.Services, evidence.Service{Name: s.Callee, Source: s.Source, Line: s.Line, Role: evidence.External})
		case r.declares:
			continue
		default:
			s.Callee, _, _ = strings.Cut(s.Callee, ".")
		}
		r.keep(s)
	}
}

// isLocal reports whether a host is none that another service answers at: an address in
// digits, the machine itself, or a name of a sample.
func isLocal(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil || host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.ContainsAny(host, "${}*%") {
		return true
	}
	return isSample(host)
}

// inCluster reports whether a name with dots is one inside a cluster or a private network.
func inCluster(host string) bool {
	return strings.Contains(host+".", ".svc.") || slices.Contains([]string{"local", "internal", "lan", "consul"}, host[strings.LastIndexByte(host, '.')+1:])
}
