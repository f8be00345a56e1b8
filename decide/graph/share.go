package graph

import "slices"

// share multiplies the availability of what the journey needs when the turned
// steps are detached. turned may be nil.
func (m *model) share(turned []bool) Share {
	c := shareCounter{model: m, terms: map[Term]int{}}
	c.start()
	all := m.standings(turned)
	soft := make([]bool, len(m.steps))
	for i := range m.steps {
		s := &m.steps[i]
		soft[i] = s.soft || s.parent != None && soft[s.parent]
		if soft[i] {
			continue
		}
		switch all[i] {
		case waited:
			c.callee(int32(i))
		case handed:
			c.broker(int32(i), turned != nil && turned[i])
		case unclear:
			if s.parent == None || all[s.parent] != unclear {
				c.lack(lackOf(s.id, FactMode))
			}
		}
	}
	c.sum.Value = 1
	for _, t := range c.sum.Terms {
		c.sum.Value *= t.Availability
	}
	c.sum.Lacks = unique(c.sum.Lacks)
	return c.sum
}

// A shareCounter counts each dependency once.
type shareCounter struct {
	*model
	sum   Share
	terms map[Term]int // by what it stands for, to its position in sum.Terms
}

// start counts the services in which the journey starts, as far as documents
// declare them: a browser or another outside caller is not one of ours.
func (c *shareCounter) start() {
	for i := range c.steps {
		if c.steps[i].slot != c.steps[0].slot {
			break
		}
		caller := c.steps[i].Caller
		s := &c.graph.services[caller]
		if len(s.Documents) == 0 || s.Name == "" {
			continue
		}
		if a, _, _, ok := s.Availability(); ok {
			c.count(Term{Service: caller, Broker: None, Operation: None, Availability: a, Step: None})
		} else {
			c.lack(Lack{None, caller, None, FactAvailability})
		}
	}
}

// callee counts what a step waits for.
func (c *shareCounter) callee(i int32) {
	s := &c.steps[i]
	own, known := s.Availability()
	t := Term{Service: s.Callee, Broker: None, Operation: None, Availability: own, Step: i}
	switch {
	case s.Callee == None && known:
		t.Operation = s.id
		c.count(t)
	case s.Callee == None:
		// No callee: the work is the caller's own.
	case known:
		c.count(t)
	case s.Callee == s.Caller || s.Traits.Boundary == "process":
		// Inside one process nothing else can be down.
	default:
		if a, _, _, ok := c.graph.services[s.Callee].Availability(); ok {
			t.Availability = a
			c.count(t)
		} else {
			c.lack(lackOf(s.id, FactAvailability))
		}
	}
}

// broker counts what takes the message of a step. An outbox takes it in the
// caller's own database, and inside a process there is no broker. A step that
// is only thought of as detached counts on an outbox where its broker is not
// known.
func (c *shareCounter) broker(i int32, turned bool) {
	s := &c.steps[i]
	if d := s.Delivery; d != nil && (d.Outbox || d.Type == "process") {
		return
	}
	b := c.graph.brokerOf(s.id)
	if b == None && !turned {
		c.lack(lackOf(s.id, FactBroker))
	}
	if b == None {
		return
	}
	if a, ok := c.graph.brokers[b].Availability(); ok {
		c.count(Term{Service: None, Broker: b, Operation: None, Availability: a, Step: i})
	} else if !turned {
		c.lack(Lack{None, None, b, FactAvailability})
	}
}

func (g *Graph) brokerOf(id OperationID) BrokerID {
	if d := g.ops[id].Delivery; d != nil {
		return d.Broker
	}
	return None
}

// count adds a term. Of several that stand for the same thing the lowest
// availability counts.
func (c *shareCounter) count(t Term) {
	key := Term{Service: t.Service, Broker: t.Broker, Operation: t.Operation}
	if at, ok := c.terms[key]; ok {
		c.sum.Terms[at].Availability = min(c.sum.Terms[at].Availability, t.Availability)
		return
	}
	c.terms[key] = len(c.sum.Terms)
	c.sum.Terms = append(c.sum.Terms, t)
}

func (c *shareCounter) lack(l Lack) { c.sum.Lacks = append(c.sum.Lacks, l) }

// chains finds the deepest chain of nested synchronous steps and the one with
// the most attempts.
func (m *model) chains(n *Numbers) {
	all := m.standings(nil)
	depth := make([]int, len(m.steps))
	attempts := make([]float64, len(m.steps))
	fiercest := int32(None)
	n.Attempts = 1
	for i := range m.steps {
		s := &m.steps[i]
		if all[i] != waited {
			continue
		}
		depth[i], attempts[i] = 1, float64(s.Operation.Attempts())
		if s.parent != None {
			depth[i] += depth[s.parent]
			attempts[i] = Amplification(s.Operation.Attempts()) * attempts[s.parent]
		}
		n.Depth = max(n.Depth, depth[i])
		if attempts[i] > n.Attempts {
			n.Attempts, fiercest = attempts[i], int32(i)
		}
	}
	for i := fiercest; i != None; i = m.steps[i].parent {
		if m.steps[i].Operation.Attempts() > 1 {
			n.Retried = append(n.Retried, i)
		}
	}
	slices.Reverse(n.Retried)
}
