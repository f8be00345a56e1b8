package graph

// A product multiplies availabilities again and again without new memory.
type product struct {
	callee  []factor // by step, and after them the services in which the journey starts
	broker  []factor // as the step is
	turned  []factor // as it would be when turned
	lowest  []float64
	touched []int32
}

// A factor is a thing by its number, and its availability. No thing is -1.
type factor struct {
	thing int32
	share float64
}

func (m *model) product() product {
	p := product{}
	numbers := map[thing]int32{}
	add := func(list []factor, n need) []factor {
		f := factor{-1, n.share}
		if n.what != nothing {
			at, ok := numbers[n.what]
			if !ok {
				at = int32(len(numbers))
				numbers[n.what] = at
			}
			f.thing = at
		}
		return append(list, f)
	}
	start := shareCounter{at: map[thing]int{}}
	m.start(&start)
	var begin []factor
	for _, t := range start.sum.Terms {
		begin = add(begin, need{what: thing{t.Service, t.Broker, t.Operation}, share: t.Availability})
	}
	for i := range m.steps {
		p.callee = add(p.callee, m.calleeOf(i))
		p.broker = add(p.broker, m.brokerOf(i, false))
		p.turned = add(p.turned, m.brokerOf(i, true))
	}
	p.lowest = make([]float64, len(numbers))
	for i := range p.lowest {
		p.lowest[i] = 2
	}
	p.callee = append(p.callee, begin...)
	return p
}

// of multiplies what is needed in the given standings. Generous counts no broker
// for what is turned.
func (p *product) of(m *model, all []stepRole, turned []bool, generous bool) float64 {
	count := func(f factor) {
		if f.thing < 0 {
			return
		}
		if p.lowest[f.thing] == 2 {
			p.touched = append(p.touched, f.thing)
		}
		p.lowest[f.thing] = min(p.lowest[f.thing], f.share)
	}
	for _, f := range p.callee[len(all):] {
		count(f)
	}
	for i := range all {
		switch {
		case m.steps[i].soft:
		case all[i] == waited:
			count(p.callee[i])
		case all[i] == handed && !turned[i]:
			count(p.broker[i])
		case all[i] == handed && !generous:
			count(p.turned[i])
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
