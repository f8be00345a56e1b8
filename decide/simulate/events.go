package simulate

// A kind says what happens at an event.
type kind uint8

const (
	arrival   kind = iota // a request comes in, or a call that others make: index is the position of its source
	worked                // a frame has done its own work
	accepted              // a message was handed over: index is its frame
	timedOut              // a call was given up
	retried               // a call is tried again
	redeliver             // a message comes back to its queue
	freed                 // a server of a step, or a worker, is free again
	turned                // the scenario enters its next stage
	tick                  // the series are sampled
)

// An event happens at a time to what index names, unless that has changed since: then
// its generation is another. Kind and generation share a word.
type event struct {
	at    int64
	index int32
	mark  uint32 // the kind above 24 bits of the generation
}

const genBits = 24
const genMask = 1<<genBits - 1

func (e event) kind() kind  { return kind(e.mark >> genBits) }
func (e event) gen() uint32 { return e.mark & genMask }

// A calendar holds the events to come: a heap in which each has four below it.
type calendar struct{ list []event }

func (c *calendar) push(at int64, k kind, index int32, gen uint32) {
	e := event{at, index, uint32(k)<<genBits | gen&genMask}
	c.list = append(c.list, e)
	h := c.list
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) >> 2
		if h[up].at <= e.at {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
}

// pop takes the earliest event; there must be one.
func (c *calendar) pop() event {
	h := c.list
	top := h[0]
	n := len(h) - 1
	last := h[n]
	h = h[:n]
	c.list = h
	i := 0
	for {
		first := i<<2 + 1
		if first >= n {
			break
		}
		least, at := first, h[first].at
		for k := first + 1; k < min(first+4, n); k++ {
			if h[k].at < at {
				least, at = k, h[k].at
			}
		}
		if at >= last.at {
			break
		}
		h[i] = h[least]
		i = least
	}
	if n > 0 {
		h[i] = last
	}
	return top
}
