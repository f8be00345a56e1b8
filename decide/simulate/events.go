package simulate

import "math/bits"

// A kind says what happens at an event.
type kind uint8

const (
	arrival   kind = iota // a request comes in, or a call that others make: index is the position of its source
	worked                // a frame has done its own work
	accepted              // a message was handed over: index is its frame
	timedOut              // a call was given up
	refused               // the callee says that it doesn't take a call
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

// slots is how many slots a calendar has: a power of two, and of 64.
const slots = 4096

// A calendar holds the events to come. Those of the moment are a heap, those after it lie
// in slots of equal width, in no order, until their time comes; those beyond the last slot
// are another heap. So an event costs the same however many there are, as long as a slot
// holds few.
type calendar struct {
	shift uint  // a slot is 1<<shift nanoseconds wide
	slot  int64 // the first that is not in near, counted from time 0
	near  heap  // what happens before it
	far   heap  // what happens slots later, or after that
	first [slots]int32
	full  [slots / 64]uint64 // bits of the slots that hold something
	kept  []filed
	free  int32
	count int // in the slots
}

// A filed event lies in a slot, before another one.
type filed struct {
	event
	next int32
}

// perSlot is how many events a slot should hold.
const perSlot = 8

// reset empties the calendar, for so many events a second.
func (c *calendar) reset(rate float64) {
	c.shift = 0
	for width := 1e9 / max(rate, 1) * perSlot; float64(int64(1)<<(c.shift+1)) <= width; c.shift++ {
	}
	c.near, c.far, c.kept = c.near[:0], c.far[:0], c.kept[:0]
	c.slot, c.count, c.free = 0, 0, None
	for i := range c.first {
		c.first[i] = None
	}
	clear(c.full[:])
}

func (c *calendar) push(at int64, k kind, index int32, gen uint32) {
	e := event{at, index, uint32(k)<<genBits | gen&genMask}
	switch ahead := at>>c.shift - c.slot; {
	case ahead < 0:
		c.near.push(e)
	case ahead < slots:
		c.file(e)
	default:
		c.far.push(e)
	}
}

// file puts an event into its slot.
func (c *calendar) file(e event) {
	i := c.free
	if i == None {
		i = int32(len(c.kept))
		c.kept = append(c.kept, filed{})
	} else {
		c.free = c.kept[i].next
	}
	at := e.at >> c.shift & (slots - 1)
	c.kept[i] = filed{e, c.first[at]}
	c.first[at] = i
	c.full[at>>6] |= 1 << (at & 63)
	c.count++
}

func (c *calendar) empty() bool { return len(c.near) == 0 && c.count == 0 && len(c.far) == 0 }

// pop takes the earliest event; there must be one.
func (c *calendar) pop() event {
	if len(c.near) == 0 {
		c.turn()
	}
	return c.near.pop()
}

// turn moves the events of the first slot that has some to the moment.
func (c *calendar) turn() {
	if c.count == 0 {
		c.slot = c.far[0].at >> c.shift
	} else {
		c.slot += c.ahead()
	}
	for len(c.far) > 0 && c.far[0].at>>c.shift-c.slot < slots {
		c.file(c.far.pop())
	}
	at := c.slot & (slots - 1)
	for i := c.first[at]; i != None; {
		k := &c.kept[i]
		c.near.push(k.event)
		c.count--
		i, k.next, c.free = k.next, c.free, i
	}
	c.first[at] = None
	c.full[at>>6] &^= 1 << (at & 63)
	c.slot++
}

// ahead is how many slots are empty before one that holds something.
func (c *calendar) ahead() int64 {
	at := c.slot & (slots - 1)
	word := at >> 6
	if rest := c.full[word] >> (at & 63); rest != 0 {
		return int64(bits.TrailingZeros64(rest))
	}
	for n := int64(1); ; n++ {
		if w := c.full[(word+n)&(slots/64-1)]; w != 0 {
			return n<<6 - at&63 + int64(bits.TrailingZeros64(w))
		}
	}
}

// A heap holds events in such an order that the first is the earliest: each has four below
// it.
type heap []event

func (h *heap) push(e event) {
	*h = append(*h, e)
	l := *h
	i := len(l) - 1
	for i > 0 {
		up := (i - 1) >> 2
		if l[up].at <= e.at {
			break
		}
		l[i] = l[up]
		i = up
	}
	l[i] = e
}

// pop takes the earliest event; there must be one.
func (h *heap) pop() event {
	l := *h
	top := l[0]
	n := len(l) - 1
	last := l[n]
	l = l[:n]
	*h = l
	i := 0
	for {
		first := i<<2 + 1
		if first >= n {
			break
		}
		least, at := first, l[first].at
		for k := first + 1; k < min(first+4, n); k++ {
			if l[k].at < at {
				least, at = k, l[k].at
			}
		}
		if at >= last.at {
			break
		}
		l[i] = l[least]
		i = least
	}
	if n > 0 {
		l[i] = last
	}
	return top
}
