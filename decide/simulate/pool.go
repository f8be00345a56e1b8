package simulate

// A pool keeps records and gives the room of those that are done with to new ones.
type pool[T any] struct {
	items []T
	free  []int32
}

// take returns room for a record, which holds what was there before.
func (p *pool[T]) take() (int32, *T) {
	if n := len(p.free); n > 0 {
		i := p.free[n-1]
		p.free = p.free[:n-1]
		return i, &p.items[i]
	}
	var zero T
	p.items = append(p.items, zero)
	return int32(len(p.items) - 1), &p.items[len(p.items)-1]
}

func (p *pool[T]) at(i int32) *T { return &p.items[i] }

func (p *pool[T]) give(i int32) { p.free = append(p.free, i) }

func (p *pool[T]) reset() {
	clear(p.items)
	p.items, p.free = p.items[:0], p.free[:0]
}

// A list is a line of records, linked by their next.
type list struct {
	first, last int32
	count       int32
}

var emptyList = list{None, None, 0}

// A frameKind says what a frame works on.
type frameKind uint8

const (
	rootFrame    frameKind = iota // a request of the journey
	callFrame                     // an attempt at the callee
	messageFrame                  // a message, handed over or in work
)

// A frame is a piece of work that makes steps: a request, an attempt at the callee, or
// a message.
type frame struct {
	since      int64 // a message: when it was handed over
	began      int64 // when a server or a worker took it up
	step       int32 // None for a request
	gen        uint32
	parent     int32 // a message that is handed over: the frame that does it, or None
	parentGen  uint32
	call       int32 // an attempt: what it answers
	attempt    int32
	request    int32 // None for calls that others make
	child      int32 // how many of the steps nested in it were begun
	pending    int32 // of those of the slot at hand, how many have no answer
	next       int32
	deliveries int32
	rest       int32 // a message: how many more are sent after it
	kind       frameKind
	live       bool
	working    bool // a server or a worker is at it
	delayed    bool // a message: it waits to be delivered again
	poison     bool
}

// frame makes f a new piece of work in the room of an old one.
func (f *frame) frame(k frameKind, step, request int32) {
	gen := f.gen + 1
	*f = frame{kind: k, step: step, request: request, gen: gen, call: None, parent: None, next: None, live: true}
}

// A callState says how far a call is.
type callState uint8

const (
	lining   callState = iota // it waits for a place in the pool
	underway                  // an attempt is held open
	pausing                   // before the next attempt
	resolved
)

// A call is a step that is waited for, with all its attempts.
type call struct {
	deadline  int64 // of the attempt
	began     int64
	rest      int32 // how often the step is made again after it
	step      int32
	gen       uint32 // changes with each attempt and at the end
	parent    int32  // the frame that waits, or None
	parentGen uint32
	request   int32
	attempt   int32
	away      int32 // frames at the callee, given up or not
	done      int32 // how many of them did the work
	next      int32
	state     callState
	listed    bool // it stands in the pool's line
	timed     bool // its timeout is in the calendar
	poison    bool
	ok        bool
}

// A request is one of the journey.
type request struct {
	arrived int64
	bucket  int32 // by arrival; None when it doesn't count
	left    int32 // messages that are not done
	refs    int32 // frames and calls of it
	told    bool  // it was counted as concluded
	ended   bool  // it has its answer
	ok      bool
	lost    bool // a message of it was given up
}
