package evidence

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// A System is what all sources together show.
type System struct {
	Services   []Service   // by name
	Operations []Operation // by caller, callee and name
	Cut        bool        // an interface isn't offered to all of its callers: that would be too much
}

// mostOffered is how many operations of interfaces are offered to their callers in all.
const mostOffered = 200_000

// An Operation is one interaction as all sources show it. The sighting holds, of each
// fact, what the first source says that knows it.
type Operation struct {
	Sighting
	Seen []Sighting // where it was seen, by source and line
}

// Edge reports whether the operation is nothing but an edge: who calls whom is known,
// but not what for.
func (o *Operation) Edge() bool { return o.Name == "" }

// Join makes operations of sightings: names of one service in several sources become
// one, facts of one operation come together, and an edge gives way to the operations
// that are known of it. Where an interface is known and its callers are, too, each
// caller is offered all of it. The result does not depend on the order of what is given.
func Join(services []Service, sightings []Sighting) *System {
	names := namesOf(services, sightings)
	sys := &System{Services: joinServices(services, names)}
	seen := make([]Sighting, 0, len(sightings))
	for _, s := range sightings {
		s.Caller, s.Callee = names.of(s.Caller), names.of(s.Callee)
		if s.Caller != s.Callee && readable(s.Callee) && (s.Caller == "" || readable(s.Caller)) {
			seen = append(seen, s)
		}
	}
	seen, sys.Cut = offer(seen)
	slices.SortStableFunc(seen, compareSightings)
	for _, s := range seen {
		last := len(sys.Operations) - 1
		if last >= 0 && sameOperation(&sys.Operations[last].Sighting, &s) {
			sys.Operations[last].take(&s)
			continue
		}
		sys.Operations = append(sys.Operations, Operation{Sighting: s, Seen: []Sighting{s}})
	}
	sys.dropEdges()
	return sys
}

// readable reports whether a name has anything to call a service by: a letter or a digit.
func readable(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func sameOperation(a, b *Sighting) bool {
	return a.Caller == b.Caller && a.Callee == b.Callee && a.Name == b.Name
}

// compareSightings orders sightings by what they are of and where they are from, and then by
// what they say: the order in which sources are given must not show.
func compareSightings(a, b Sighting) int {
	return cmp.Or(cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Callee, b.Callee), cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Shows, b.Shows), cmp.Compare(a.Text, b.Text),
		last(a.Offered, b.Offered), last(a.Weak, b.Weak), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Mode, b.Mode),
		cmp.Compare(a.Boundary, b.Boundary), cmp.Compare(a.Broker, b.Broker), cmp.Compare(a.Channel, b.Channel),
		cmp.Compare(a.Timeout, b.Timeout), cmp.Compare(a.Within, b.Within), cmp.Compare(a.Attempts, b.Attempts),
		cmp.Compare(a.Backoff, b.Backoff), last(a.Jitter, b.Jitter), slices.Compare(a.Guards, b.Guards),
		cmp.Compare(a.Notify, b.Notify), cmp.Compare(a.DeadLetter, b.DeadLetter), last(a.Idempotent, b.Idempotent))
}

// last orders what holds behind what doesn't.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// take adds what another sighting of the operation knows.
func (o *Operation) take(s *Sighting) {
	switch last := &o.Seen[len(o.Seen)-1]; {
	case last.Source != s.Source || last.Line != s.Line || s.Line == 0 && last.Shows != s.Shows:
		o.Seen = append(o.Seen, *s)
	case len(s.Shows) < len(last.Shows): // one place, told by two readers
		last.Shows = s.Shows
	}
	o.Kind, o.Mode, o.Boundary = cmp.Or(o.Kind, s.Kind), cmp.Or(o.Mode, s.Mode), cmp.Or(o.Boundary, s.Boundary)
	o.Broker, o.Channel, o.Text = cmp.Or(o.Broker, s.Broker), cmp.Or(o.Channel, s.Channel), cmp.Or(o.Text, s.Text)
	o.takePolicy(s)
	for _, g := range s.Guards {
		if !slices.Contains(o.Guards, g) {
			o.Guards = append(o.Guards, g)
		}
	}
	if o.Measured == nil || s.Measured != nil && s.Measured.Calls > o.Measured.Calls {
		o.Measured = s.Measured
	}
	o.Notify, o.DeadLetter = cmp.Or(o.Notify, s.Notify), cmp.Or(o.DeadLetter, s.DeadLetter)
	o.Idempotent, o.Offered = o.Idempotent || s.Idempotent, o.Offered && s.Offered
	o.Weak = o.Weak && s.Weak
}

// takePolicy adds what a sighting knows of timeouts and repeats. What belongs together
// comes from one source.
func (o *Operation) takePolicy(s *Sighting) {
	if o.Timeout == 0 && (o.Within == 0 || s.Timeout <= o.Within) {
		o.Timeout = s.Timeout
	}
	if o.Attempts == 0 {
		o.Attempts, o.Backoff, o.Jitter = s.Attempts, s.Backoff, s.Jitter
	}
	if o.Within == 0 && s.Within >= o.Timeout {
		o.Within = s.Within
	}
}

// offer gives each caller of a callee what the callee's interface has, and leaves the
// interface to itself where no caller is known, or where there is no room for more. Cut says that
// there was none.
func offer(seen []Sighting) (out []Sighting, cut bool) {
	callers := map[string][]string{} // by callee
	for _, s := range seen {
		if s.Caller != "" && s.Name == "" {
			callers[s.Callee] = append(callers[s.Callee], s.Caller)
		}
	}
	for callee, list := range callers {
		slices.Sort(list)
		callers[callee] = slices.Compact(list)
	}
	offered := 0
	for _, s := range seen {
		list := callers[s.Callee]
		full := s.Caller == "" && offered+len(list) > mostOffered
		cut = cut || full
		if s.Caller != "" || len(list) == 0 || full {
			out = append(out, s)
			continue
		}
		offered += len(list)
		for _, caller := range list {
			s.Caller, s.Offered = caller, true
			out = append(out, s)
		}
	}
	return out, cut
}

// dropEdges leaves out edges of which operations are known, and gives those what the
// edge knows: a timeout for all calls of a client holds for each of them.
func (sys *System) dropEdges() {
	kept := sys.Operations[:0]
	for i := 0; i < len(sys.Operations); {
		edge := sys.Operations[i]
		j := i + 1
		for j < len(sys.Operations) && sys.Operations[j].Caller == edge.Caller && sys.Operations[j].Callee == edge.Callee {
			j++
		}
		group := sys.Operations[i:j]
		i = j
		if !edge.Edge() || len(group) == 1 {
			kept = append(kept, group...)
			continue
		}
		for _, o := range slices.Clone(group[1:]) {
			for k := range edge.Seen {
				o.takeEdge(&edge.Seen[k])
			}
			o.Weak = o.Offered && edge.Weak
			kept = append(kept, o)
		}
	}
	sys.Operations = kept
}

// takeEdge adds what an edge knows of all its operations.
func (o *Operation) takeEdge(s *Sighting) {
	o.Seen = append(o.Seen, *s)
	slices.SortStableFunc(o.Seen, compareSightings)
	o.Boundary = cmp.Or(o.Boundary, s.Boundary)
	o.takePolicy(s)
	if o.Mode == 0 {
		o.Mode = s.Mode
	}
	for _, g := range s.Guards {
		if !slices.Contains(o.Guards, g) {
			o.Guards = append(o.Guards, g)
		}
	}
}

// A naming says which name of several a service goes by.
type naming struct {
	declared map[string]bool
	alike    map[string]string // the one declared name; "" where several are alike
}

// namesOf takes the names that sources declare for the right ones. Others that are
// spelled like one, and like one only, are names of it.
func namesOf(services []Service, sightings []Sighting) *naming {
	n := &naming{map[string]bool{}, map[string]string{}}
	declare := func(name string) {
		if name == "" || n.declared[name] {
			return
		}
		n.declared[name] = true
		key := Alike(name)
		if _, taken := n.alike[key]; taken {
			n.alike[key] = ""
		} else {
			n.alike[key] = name
		}
	}
	var declared, described []string
	for i := range services {
		if services[i].Described {
			described = append(described, services[i].Name)
		} else {
			declared = append(declared, services[i].Name)
		}
	}
	slices.Sort(declared)
	for _, name := range declared {
		declare(name)
	}
	slices.Sort(described)
	for _, name := range described {
		if n.alike[Alike(name)] == "" {
			declare(name)
		}
	}
	if len(declared)+len(described) > 0 {
		return n
	}
	// Nobody declares anything: all names count, the longest of those that are alike first.
	var used []string
	for _, s := range sightings {
		used = append(used, s.Caller, s.Callee)
	}
	slices.SortFunc(used, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for _, name := range slices.Compact(used) {
		if _, taken := n.alike[Alike(name)]; !taken {
			declare(name)
		}
	}
	return n
}

// of returns the name that a service goes by.
func (n *naming) of(name string) string {
	if name == "" || n.declared[name] {
		return name
	}
	return cmp.Or(n.alike[Alike(name)], name)
}

func joinServices(services []Service, names *naming) []Service {
	list := slices.Clone(services)
	for i := range list {
		list[i].Name = names.of(list[i].Name)
	}
	slices.SortStableFunc(list, func(a, b Service) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line))
	})
	var out []Service
	for _, s := range list {
		last := len(out) - 1
		if last < 0 || out[last].Name != s.Name {
			out = append(out, s)
			continue
		}
		o := &out[last]
		o.Owner, o.Role, o.Product = cmp.Or(o.Owner, s.Owner), cmp.Or(o.Role, s.Role), cmp.Or(o.Product, s.Product)
		for _, d := range s.Doors {
			if !slices.Contains(o.Doors, d) {
				o.Doors = append(o.Doors, d)
			}
		}
	}
	return out
}

// Find returns the service of a name, or nil.
func (sys *System) Find(name string) *Service {
	i, ok := slices.BinarySearchFunc(sys.Services, name, func(s Service, name string) int { return cmp.Compare(s.Name, name) })
	if !ok {
		return nil
	}
	return &sys.Services[i]
}
