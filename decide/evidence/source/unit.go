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
	images    []string // what it runs: images, or what they are built from
	published bool     // it is reached from outside
	ports     []string // of the machine that lead to it
	shape     bool     // it is there for others to be made from: an anchor without work of its own
	works     bool     // it is told what to run
	onMachine bool     // it runs on the machine itself, or shares its network
	guessed   bool     // its role is guessed from a part of a name
}

// A setting is a variable of the environment, or an argument.
type setting struct {
	key, value string
	file       string
	line       int
	inline     bool // it stands where the service does
	inFile     bool // key is the path to it in a configuration file
	passed     bool // its value comes from the variables of whoever starts the system
	chosen     bool // the service names this one, and doesn't take it with others
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
	of   string // who wants it, where that isn't the service that has it
	file string
	line int
	link bool   // it is there to be reached, not only to start earlier
	ends bool   // it has done its work before the other starts
	past bool   // a role that the service waits for waits for it, not the service
	said string // where it is said; "" is depends_on
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

// plays gives a service that has no role yet that of what it runs.
func (u *unit) plays(p product) {
	if u.Role == evidence.Program {
		u.Role, u.Product, u.guessed = p.role, p.name, p.guessed
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

// resolve makes sightings of what services are configured with.
func (r *reader) resolve() {
	dir := r.directory()
	r.homes = homesOf(r.units)
	r.settleOwned(dir)
	r.openDoors(dir)
	for _, u := range r.units {
		r.ownWork(dir, u)
		dir.crew.ownDoor(u)
	}
	working := crewOf(slices.DeleteFunc(slices.Clone(r.units), func(u *unit) bool { return !u.works }))
	var callers []*unit
	for _, u := range r.units {
		r.readOwned(u)
		r.out.Services = append(r.out.Services, u.Service)
		if !silent(u.Role) && !isOneShot(u.Name) && !working.isShape(u) {
			callers = append(callers, u)
		}
	}
	taken := r.sharing(dir, callers)
	told, known := map[*unit]map[*unit]bool{}, map[*unit]bool{}
	for _, u := range callers {
		told[u] = r.fromSettings(dir, u, taken)
		for callee := range told[u] {
			known[callee] = true
		}
	}
	for _, u := range callers {
		r.fromDependencies(dir, u, told[u], known)
	}
	r.joinListings()
	r.joinScopes(dir)
	r.joinConnectors(dir)
	r.joinAllowed()
	r.joinIntended(dir)
	r.joinMessages()
	r.joinInterfaces()
	r.joinApplications(dir)
	r.joinRoutes(dir)
	r.settleInterfaces()
	r.applyPolicies(dir)
}

// openDoors gives each service its ways in, and remembers the hosts among them.
func (r *reader) openDoors(dir *directory) {
	dir.doors = map[string]door{}
	for _, d := range r.doors {
		if u := dir.units[d.service]; u != nil && !slices.Contains(u.Doors, d.text) {
			u.Doors = append(u.Doors, d.text)
		}
		host, _, _ := strings.Cut(d.text, "/")
		if _, known := dir.doors[host]; host != "" && !known {
			dir.doors[host] = d
		}
	}
}

// isShape reports whether a service is there only for others to be made from, which run
// something of their own: those of the crew.
func (c crew) isShape(u *unit) bool { return u.shape && c.others(u) }

// ownWork makes a program of what is only called like a store or a broker when it is told
// the address of one: it works with that one, as postgres-admin does. A copy of a store
// follows another, and stays a store.
func (r *reader) ownWork(dir *directory, u *unit) {
	if !u.guessed || u.Role != evidence.Store && u.Role != evidence.Broker || anyOf(words(u.Name), copies) {
		return
	}
	for _, s := range r.settings(u) {
		for _, ref := range s.hosts() {
			if other := dir.at(&ref); other != nil && other != u && (other.Role == evidence.Store || other.Role == evidence.Broker) && !s.inFile && !anyOf(words(s.key), copies) {
				u.Role, u.Product = evidence.Program, ""
				return
			}
		}
	}
}

// ownDoor makes a proxy of the role of a program that is called like one, or runs one:
// shop-nginx runs what the image of the shop has of it.
func (c crew) ownDoor(u *unit) {
	if u.Role != evidence.Program {
		return
	}
	for _, w := range u.task() {
		if slices.Contains([]string{"nginx", "caddy", "haproxy", "traefik", "httpd", "envoy"}, w) && c.others(u) {
			u.Role, u.Product = evidence.Proxy, w
			return
		}
	}
}

// copies are words for stores that follow others of their kind, and for those they follow.
var copies = []string{"replica", "replication", "replset", "slave", "secondary", "standby", "follower", "master", "primary", "leader", "node", "nodes", "cluster", "sentinel", "seeds", "peer", "peers", "join", "discovery"}

// settings returns all of a service's settings, config maps included.
func (r *reader) settings(u *unit) []setting {
	list := slices.Clone(u.settings)
	for _, ref := range u.refs {
		for _, s := range r.configs[ref.namespace+"/"+ref.name] {
			switch {
			case ref.mounted:
			case ref.key == "":
				list = append(list, setting{key: ref.prefix + s.key, value: s.value, file: s.file, line: s.line})
			case ref.key == s.key:
				list = append(list, setting{key: cmp.Or(ref.as, s.key), value: s.value, file: s.file, line: s.line, chosen: true})
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
			r.keep(s)
		}
	}
}
