package graph

// A product multiplies availabilities again and again without new memory.
type product struct {
	callee  []factor // by step, and after them the services in which the journey starts
	broker  []factor // as the step is
	changed []factor // as it would be when changed
	lowest  []float64
	touched []int32
}

// A factor is a dependency by its number, and its availability. No dependency is -1.
type factor struct {
	dependency int32
	share      float64
}

func (m *model) product() product {
	p := product{}
	numbers := map[dependency]int32{}
	add := func(list []factor, n need) []factor {
		f := factor{-1, n.share}
		if n.dependency != noDependency {
			at, ok := numbers[n.dependency]
			if !ok {
				at = int32(len(numbers))
				numbers[n.dependency] = at
			}
			f.dependency = at
		}
		return append(list, f)
	}
	start := shareCounter{at: map[dependency]int{}}
	m.start(&start)
	var begin []factor
	for _, t := range start.sum.Terms {
		begin = add(begin, need{dependency: dependency{t.Service, t.Broker, t.Operation}, share: t.Availability})
	}
	for i := range m.steps {
		p.callee = add(p.callee, m.calleeOf(i))
		p.broker = add(p.broker, m.brokerOf(i, false))
		p.changed = add(p.changed, m.brokerOf(i, true))
	}
	p.lowest = make([]float64, len(numbers))
	for i := range p.lowest {
		p.lowest[i] = 2
	}
	p.callee = append(p.callee, begin...)
	return p
}

// of multiplies what is needed in the given roles. Generous counts no broker
// for what is changed.
func (p *product) of(m *model, all []stepRole, changed []bool, generous bool) float64 {
	count := func(f factor) {
		if f.dependency < 0 {
			return
		}
		if p.lowest[f.dependency] == 2 {
			p.touched = append(p.touched, f.dependency)
		}
		p.lowest[f.dependency] = min(p.lowest[f.dependency], f.share)
	}
	for _, f := range p.callee[len(all):] {
		count(f)
	}
	for i := range all {
		switch {
		case m.steps[i].soft:
		case all[i] == waited:
			count(p.callee[i])
		case all[i] == handed && !changed[i]:
			count(p.broker[i])
		case all[i] == handed && !generous:
			count(p.changed[i])
		}
	}
	value := 1.0
	for _, t := range p.touched {
		value *= p.lowest[t]
		p.lowest[t] = 2
	}
	p.touched = p.touched[:0]
	return value
}
