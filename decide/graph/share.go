package graph

import "waitornot/decide/manifest"

// A need is what the availability of a journey loses by a step in one of its
// roles: one factor, or a fact that is missing, or nothing.
type need struct {
	dependency dependency
	share      float64
	unknown    bool
	fact       MissingFact // when unknown is set
}

// A dependency is what a factor stands for; the others are None. Each dependency
// counts once, however many steps need it.
type dependency struct {
	service   ServiceID
	broker    BrokerID
	operation OperationID
}

var (
	noDependency = dependency{None, None, None}
	free         = need{dependency: noDependency}
)

// share multiplies the availability of what the journey needs when the changed
// steps are detached. changed may be nil.
func (m *model) share(changed []bool) Share {
	c := shareCounter{at: emptied(&m.scratch.terms)}
	m.start(&c)
	_, all := m.roles(changed)
	for i := range m.steps {
		s := &m.steps[i]
		switch {
		case s.soft:
		case all[i] == unclear && (s.parent == None || all[s.parent] != unclear):
			c.sum.Missing = append(c.sum.Missing, missingFact(s.id, FactMode))
		case all[i] == waited:
			c.count(m.calleeOf(i), int32(i))
		case all[i] == handed:
			c.count(m.brokerOf(i, changed != nil && changed[i]), int32(i))
		}
	}
	c.sum.Value, c.sum.Unresolved = 1, len(m.journey.Unresolved)
	for _, t := range c.sum.Terms {
		c.sum.Value *= t.Availability
	}
	m.doubt(&c, all)
	c.sum.Missing = unique(c.sum.Missing)
	return c.sum
}

// doubt works out what the availability would be with the steps that are joined by
// service alone. Where what one of them needs isn't known, it has to be said whether it
// belongs to the journey.
func (m *model) doubt(c *shareCounter, all []stepRole) {
	c.sum.Least = c.sum.Value
	least := emptied(&m.scratch.least)
	for i := range m.steps {
		if all[i] != doubtful || m.steps[i].soft {
			continue
		}
		need := m.calleeOf(i)
		counted := 1.0
		if at, ok := c.at[need.dependency]; ok {
			counted = c.sum.Terms[at].Availability
		}
		if share, ok := least[need.dependency]; ok {
			counted = share
		}
		switch {
		case need.unknown:
			c.sum.Missing = append(c.sum.Missing, missingFact(m.steps[i].id, FactAfter))
		case need.dependency == noDependency || need.share >= counted:
			continue
		default:
			c.sum.Least *= need.share / counted
			least[need.dependency] = need.share
		}
		c.sum.Doubtful = append(c.sum.Doubtful, int32(i))
	}
}

// A shareCounter counts each dependency once.
type shareCounter struct {
	sum Share
	at  map[dependency]int // position in sum.Terms
}

// count adds a factor. Of several for the same dependency the lowest counts.
func (c *shareCounter) count(n need, step int32) {
	if n.unknown {
		c.sum.Missing = append(c.sum.Missing, n.fact)
	}
	if n.dependency == noDependency {
		return
	}
	if at, ok := c.at[n.dependency]; ok {
		c.sum.Terms[at].Availability = min(c.sum.Terms[at].Availability, n.share)
		return
	}
	c.at[n.dependency] = len(c.sum.Terms)
	c.sum.Terms = append(c.sum.Terms, Term{n.dependency.service, n.dependency.broker, n.dependency.operation, n.share, step})
}

// start counts the services in which the journey starts, as far as documents
// declare them: a browser or another outside caller is not one of ours.
func (m *model) start(c *shareCounter) {
	for i := range m.steps {
		if m.steps[i].slot != m.steps[0].slot {
			break
		}
		caller := m.steps[i].Caller
		s := &m.graph.services[caller]
		if len(s.Documents) == 0 || s.Name == "" {
			continue
		}
		what := dependency{caller, None, None}
		if a, _, _, ok := s.Availability(); ok {
			c.count(need{dependency: what, share: a}, None)
		} else {
			c.count(need{dependency: noDependency, unknown: true, fact: MissingFact{None, caller, None, FactAvailability}}, None)
		}
	}
}

// calleeOf returns what a step needs that is waited for.
func (m *model) calleeOf(i int) need {
	s := &m.steps[i]
	own, known := s.Availability()
	switch {
	case s.Callee == None && known:
		return need{dependency: dependency{None, None, s.id}, share: own}
	case s.Callee == None:
		return free // the work is the caller's own
	case known:
		return need{dependency: dependency{s.Callee, None, None}, share: own}
	case s.Callee == s.Caller || s.Traits.Boundary == manifest.InProcess:
		return free // inside one process nothing else can be down
	}
	if a, _, _, ok := m.graph.services[s.Callee].Availability(); ok {
		return need{dependency: dependency{s.Callee, None, None}, share: a}
	}
	return need{dependency: noDependency, unknown: true, fact: missingFact(s.id, FactAvailability)}
}

// brokerOf returns what a step needs whose message is handed over. An outbox
// takes the message in the caller's own database, and inside a process there is
// no broker. A step that is only thought of as detached travels as its caller's
// other messages do; when there are none it counts on an outbox.
func (m *model) brokerOf(i int, changed bool) need {
	s := &m.steps[i]
	d := s.Delivery
	if changed && (d == nil || d.Broker == None && !d.Outbox) {
		if d = m.graph.usual[s.Caller]; d == nil {
			return free
		}
	}
	switch {
	case d == nil || d.Broker == None && !d.Outbox && d.Type != "process":
		return need{dependency: noDependency, unknown: true, fact: missingFact(s.id, FactBroker)}
	case d.Outbox || d.Type == "process":
		return free
	}
	if a, ok := m.graph.brokers[d.Broker].Availability(); ok {
		return need{dependency: dependency{None, d.Broker, None}, share: a}
	}
	return need{dependency: noDependency, unknown: true, fact: MissingFact{None, None, d.Broker, FactAvailability}}
}

// findUsual finds how the first message of each caller travels that names a broker.
func (g *Graph) findUsual() {
	g.usual = make([]*Delivery, len(g.services))
	for _, o := range g.Operations() {
		if g.usual[o.Caller] == nil && o.Detached() && o.Delivery != nil && o.Delivery.Broker != None {
			g.usual[o.Caller] = o.Delivery
		}
	}
}
