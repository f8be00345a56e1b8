package graph

import (
	"maps"
	"slices"
	"sync"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Join makes a graph of the parts and files of a run, both given in run order.
// The graph is the same however the operations were cut into parts. The parts stay
// as they are and can be joined again.
func Join(files []*manifest.File, parts []Part) *Graph {
	g := &Graph{parts: slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return p.collected == nil })}
	ids := g.nameServices(files)
	g.takeOperations(ids)
	g.index = newIndex(&g.ops)
	n := len(g.services)
	g.calls = g.adjacencyBy(n, func(o *Operation) ServiceID { return o.Caller })
	g.declares = g.adjacencyBy(n, func(o *Operation) ServiceID { return o.Service })
	g.calledBy = newAdjacency(n, func(add func(ServiceID, OperationID)) {
		for id, o := range g.Operations() {
			add(o.Callee, id)
			for _, s := range g.handlers[id] {
				add(s, id)
			}
		}
	})
	g.resolveAfter()
	g.gatherJourneys(files, ids)
	starts := g.journeyStarts()
	entries := g.findEntries(starts)
	g.markAsked(entries)
	g.judgeBehind()
	g.gatherBrokers(files)
	g.waiting = g.componentsOver((*Operation).waits)
	g.detached = g.componentsOver((*Operation).Detached)
	g.measureReach()
	g.listEntries(entries, starts)
	g.followJourneys()
	g.findUsual()
	g.numbers = sync.OnceValue(g.workOutNumbers)
	return g
}

// adjacencyBy lists the operations by the service that key gives them.
func (g *Graph) adjacencyBy(services int, key func(*Operation) ServiceID) adjacency {
	return newAdjacency(services, func(add func(ServiceID, OperationID)) {
		for id, o := range g.Operations() {
			add(key(o), id)
		}
	})
}

// resolveAfter finds the operations that lead to others.
func (g *Graph) resolveAfter() {
	g.after, g.unknownAfter = map[OperationID][]OperationID{}, map[OperationID][]string{}
	for i := range g.parts {
		p := &g.parts[i]
		for _, a := range p.after {
			out := p.first + a.op
			unknown := slices.Clone(a.names)
			for _, in := range g.calledBy.of(g.Operation(out).Caller) {
				is := func(name string) bool { return name == g.Operation(in).Name || name == g.ID(in) }
				if slices.ContainsFunc(a.names, is) {
					g.after[out] = append(g.after[out], in)
					unknown = slices.DeleteFunc(unknown, is)
				}
			}
			if len(unknown) > 0 {
				g.unknownAfter[out] = unknown
			}
		}
	}
}

// nameServices gathers the services, by name, and returns their ids.
func (g *Graph) nameServices(files []*manifest.File) map[string]ServiceID {
	documents := 0
	for _, f := range files {
		documents += len(f.Documents)
	}
	ids := make(map[string]ServiceID, documents)
	for i := range g.parts {
		for _, name := range g.parts[i].names {
			ids[name] = None
		}
	}
	for _, f := range files {
		for _, d := range f.Documents {
			if d.Service.Value != "" || len(d.Journeys) > 0 {
				ids[d.Service.Value] = None
			}
		}
	}
	names := make([]string, 0, len(ids))
	for name := range ids {
		names = append(names, name)
	}
	slices.Sort(names)
	g.services = make([]Service, len(names))
	for i, name := range names {
		ids[name] = ServiceID(i)
		g.services[i].Name = name
	}
	for _, f := range files {
		for _, d := range f.Documents {
			if id, ok := ids[d.Service.Value]; ok {
				g.services[id].Documents = append(g.services[id].Documents, d)
			}
		}
	}
	return ids
}

// takeOperations puts the operations of all parts in one list.
func (g *Graph) takeOperations(ids map[string]ServiceID) {
	for i := range g.parts {
		g.ops.total += len(g.parts[i].ops)
	}
	g.handlers = map[OperationID][]ServiceID{}
	for i := range g.parts {
		p := &g.parts[i]
		p.first = g.ops.count
		global := make([]ServiceID, len(p.names))
		for j, name := range p.names {
			global[j] = ids[name]
		}
		at := func(local ServiceID) ServiceID {
			if local == None {
				return None
			}
			return global[local]
		}
		deliveries := p.ownDeliveries()
		for _, o := range p.ops {
			o.Service, o.Caller, o.Callee = at(o.Service), at(o.Caller), at(o.Callee)
			if o.Delivery != nil {
				o.Delivery = deliveries[o.Delivery]
			}
			g.ops.add(o)
		}
		for _, c := range p.consumers {
			id := p.first + c.op
			g.handlers[id] = append(g.handlers[id], at(c.service))
		}
		p.taken = nil
	}
}

// ownDeliveries gives the part copies of its deliveries, whose brokers the graph
// will number, and returns them by what they are copies of.
func (p *Part) ownDeliveries() map[*Delivery]*Delivery {
	if len(p.deliveries) == 0 {
		return nil
	}
	copies := make(map[*Delivery]*Delivery, len(p.deliveries))
	own := make([]*Delivery, len(p.deliveries))
	for i, d := range p.deliveries {
		c := *d
		own[i], copies[d] = &c, &c
	}
	p.own = own
	return copies
}

// judgeBehind judges the operations again whose callers only messages reach: nobody
// waits for them, though no fact of their own says so.
func (g *Graph) judgeBehind() {
	for i := range g.parts {
		p := &g.parts[i]
		end := g.ops.count
		if i+1 < len(g.parts) {
			end = g.parts[i+1].first
		}
		for id := p.first; id < end; id++ {
			o := g.Operation(id)
			if g.asked[o.Caller] || o.gives(FactTrigger) {
				continue
			}
			o.Facts |= decide.Behind
			d := p.table.Judge(o.Answers, o.Facts)
			o.Verdict, o.Possible = d.Verdict, d.Possible
		}
	}
}

// gatherBrokers joins what documents declare and operations name.
func (g *Graph) gatherBrokers(files []*manifest.File) {
	declared := map[string][]BrokerDeclaration{}
	for _, f := range files {
		for _, d := range f.Documents {
			for i := range d.Brokers {
				if b := &d.Brokers[i]; b.Name.Value != "" {
					declared[b.Name.Value] = append(declared[b.Name.Value], BrokerDeclaration{b, f.Name})
				}
			}
		}
	}
	for i := range g.parts {
		for _, name := range g.parts[i].brokers {
			declared[name] = slices.Clip(declared[name]) // known, perhaps without a declaration
		}
	}
	names := slices.Sorted(maps.Keys(declared))
	ids := make(map[string]BrokerID, len(names))
	g.brokers = make([]Broker, len(names))
	for i, name := range names {
		ids[name] = BrokerID(i)
		g.brokers[i] = Broker{Name: name, Declared: declared[name]}
	}
	for i := range g.parts {
		p := &g.parts[i]
		for _, d := range p.own {
			if d.Broker != None {
				d.Broker = ids[p.brokers[d.Broker]]
			}
		}
	}
	for id, o := range g.Operations() {
		if d := o.Delivery; d != nil && d.Broker != None && o.Detached() {
			b := &g.brokers[d.Broker]
			b.Operations = append(b.Operations, id)
		}
	}
}
