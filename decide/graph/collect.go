package graph

import (
	"math"
	"slices"
	"strings"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
	"waitornot/decide/parallel"
)

// A Part is what the graph keeps of some operations, so that their manifest
// need not stay in memory. The zero Part has none.
type Part struct {
	*collected             // nil when it has none; it doesn't change once made
	*taken                 // nil after Join, which makes its own of it
	first      OperationID // in the graph, after Join
	own        []*Delivery // copies of its deliveries, after Join
}

// collected is what the graph looks up in a part.
type collected struct {
	file    string
	docs    []declared
	table   *decide.Table // that decides on its operations
	brokers []string      // their names
	places  []place
	wide    []diag.Range
	after   []after
}

// A declared is a document, and the first of the operations of a part that it declares.
type declared struct {
	first OperationID
	doc   *manifest.Document
}

// taken is what Join takes out of a part.
type taken struct {
	ops        []Operation // their services are positions in names
	names      []string    // of services
	deliveries []*Delivery // each once
	consumers  []consumer
}

// A consumer is a service that handles the messages of an operation besides its
// callee. Both are positions in the part until Join.
type consumer struct {
	op      OperationID
	service ServiceID
}

// An after is what a manifest says leads to an operation, by name.
type after struct {
	op    OperationID // a position in the part
	names []string
}

// Collect returns the part of the graph that ops declare, decided by table
// under limits. It is safe to call from several goroutines at a time, on the
// operations of a document or on a run of them; it keeps neither ops nor any
// long text of theirs.
func Collect(doc *manifest.Document, ops []manifest.Operation, table *decide.Table, limits decide.LatencyLimits) Part {
	b := new(Collector).Begin(doc.File, table, limits)
	b.Add(doc, ops)
	return b.Part()
}

// A Collector makes parts as Collect does, one after another or several at a time: it
// keeps what making one needs, and the words that come again. The zero Collector is ready.
type Collector struct {
	free parallel.Spare[*collector]
}

// A Building is a part in the making. It is not safe for concurrent use.
type Building struct {
	*collector
	from   *Collector
	table  *decide.Table
	limits decide.LatencyLimits
}

// Begin begins a part of operations that documents of one file declare, decided by table
// under limits.
func (x *Collector) Begin(file string, table *decide.Table, limits decide.LatencyLimits) *Building {
	c, _ := x.free.Take()
	if c == nil {
		c = &collector{
			services:   map[string]ServiceID{},
			brokers:    map[string]BrokerID{},
			traits:     map[Traits]*Traits{},
			deliveries: map[Delivery]*Delivery{},
			words:      map[string]string{},
		}
	}
	c.start()
	c.part = &collected{file: file, table: table, places: c.places[:0]}
	c.taken = &taken{ops: c.ops[:0]}
	return &Building{c, x, table, limits}
}

// Add adds operations that a document declares: all of them, or some that follow those
// added before.
func (b *Building) Add(doc *manifest.Document, ops []manifest.Operation) {
	if len(ops) == 0 {
		return
	}
	c, first := b.collector, len(b.taken.ops)
	if n := len(c.part.docs); n == 0 || c.part.docs[n-1].doc != doc {
		c.part.docs = append(c.part.docs, declared{OperationID(first), doc})
	}
	c.reserve(ops)
	c.taken.ops = slices.Grow(c.taken.ops, len(ops))[:first+len(ops)]
	for i := range ops {
		c.add(&c.taken.ops[first+i], &ops[i], b.table, b.limits)
		c.addJoins(OperationID(first+i), &ops[i])
	}
}

// Part ends the part and returns it.
func (b *Building) Part() Part {
	c := b.collector
	defer b.from.free.Give(c)
	part := Part{collected: c.part, taken: c.taken}
	c.places, c.ops, c.part, c.taken, b.collector = part.places, part.ops, nil, nil, nil
	if len(part.ops) == 0 {
		return Part{}
	}
	part.places, part.ops, part.docs = slices.Clone(part.places), slices.Clone(part.ops), slices.Clip(part.docs)
	clear(c.ops) // holds on to nothing
	return part
}

// maxWords is how many words, and how many sets of traits, a collector keeps.
const maxWords = 4096

// start forgets what belongs to the part before. Words and traits are the same in all.
func (c *collector) start() {
	clear(c.services)
	clear(c.brokers)
	clear(c.deliveries)
	if len(c.words) > maxWords {
		clear(c.words)
	}
	if len(c.traits) > maxWords {
		clear(c.traits)
	}
}

// A collector fills a part.
type collector struct {
	part       *collected
	taken      *taken
	services   map[string]ServiceID
	brokers    map[string]BrokerID
	traits     map[Traits]*Traits
	deliveries map[Delivery]*Delivery
	words      map[string]string
	rates      []Rates // room for those of the operations that are being added
	data       []Data
	places     []place // room for those of the next part
	ops        []Operation
}

// reserve makes room for the rare facts of operations, so that pointers to them stay good.
func (c *collector) reserve(ops []manifest.Operation) {
	var rates, data int
	for i := range ops {
		rates += one(ratesOf(&ops[i]) != (Rates{}))
		data += one(dataOf(&ops[i]) != (Data{}))
	}
	c.rates, c.data = make([]Rates, 0, rates), make([]Data, 0, data)
	c.part.places = slices.Grow(c.part.places, 6*len(ops))
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *collector) add(o *Operation, op *manifest.Operation, table *decide.Table, limits decide.LatencyLimits) {
	answers := op.Answers.Under(limits)
	facts := op.JudgeFacts()
	d := table.Judge(answers, facts)
	*o = Operation{
		Name:    op.Name.Value, // the reader's file keeps it too, so a copy would cost more
		Service: c.service(op.Service), Caller: c.service(op.From()), Callee: None,
		Declared: op.Mode.Value, own: d.Verdict, Verdict: d.Verdict, Possible: d.Possible, Answers: answers, Facts: facts,
		Traits:  c.shareTraits(traitsOf(op)),
		latency: op.Answers.Latency.Value, timeout: op.Timeout.Value, availability: op.Availability.Value,
		attempts: uint32(min(max(op.Retry.Attempts.Value, 0), math.MaxUint32)),
		measured: op.Answers.Latency.Set(), critical: op.Critical.Value,
	}
	if op.Callee.Value != "" {
		o.Callee = c.service(op.Callee.Value)
	}
	c.addDelivery(o, op)
	c.addRates(o, op)
	c.addData(o, op)
	c.addFacts(o, op)
}

// addJoins keeps the consumers that are named besides the callee, and what leads to the
// operation.
func (c *collector) addJoins(id OperationID, op *manifest.Operation) {
	for _, h := range op.Delivery.Handlers {
		if h.Value != op.Callee.Value {
			c.taken.consumers = append(c.taken.consumers, consumer{id, c.service(h.Value)})
		}
	}
	if len(op.After) == 0 {
		return
	}
	a := after{op: id}
	for _, f := range op.After {
		a.names = append(a.names, c.word(f.Value))
	}
	c.part.after = append(c.part.after, a)
}

// service returns the position of a service in the part's names.
func (c *collector) service(name string) ServiceID {
	id, ok := c.services[name]
	if !ok {
		name = c.word(name)
		id = ServiceID(len(c.taken.names))
		c.taken.names = append(c.taken.names, name)
		c.services[name] = id
	}
	return id
}

// word returns s as a string that is shared with its equals.
func (c *collector) word(s string) string {
	if s == "" {
		return ""
	}
	w, ok := c.words[s]
	if !ok {
		w = strings.Clone(s)
		c.words[w] = w
	}
	return w
}

// share puts shared words in the place of words that a long text may hold.
func (c *collector) share(words ...*string) {
	for _, w := range words {
		*w = c.word(*w)
	}
}

// shareTraits returns the one copy of some traits.
func (c *collector) shareTraits(t Traits) *Traits {
	shared, ok := c.traits[t]
	if !ok {
		c.share(&t.Kind, &t.Audience, &t.Boundary, &t.Consistency, &t.Platform, &t.Notify)
		shared = new(Traits)
		*shared = t
		c.traits[t] = shared
	}
	return shared
}

func (c *collector) addDelivery(o *Operation, op *manifest.Operation) {
	if !op.Delivery.Range.IsValid() {
		return
	}
	t := deliveryOf(op)
	t.Broker = c.broker(op.Delivery.Broker.Value)
	shared, ok := c.deliveries[t]
	if !ok {
		c.share(&t.Type, &t.Ordering, &t.Idempotency, &t.Channel)
		shared = new(Delivery)
		*shared = t
		c.deliveries[t] = shared
		c.taken.deliveries = append(c.taken.deliveries, shared)
	}
	o.Delivery = shared
}

// broker returns the position of a broker in the part's list.
func (c *collector) broker(name string) BrokerID {
	if name == "" {
		return None
	}
	id, ok := c.brokers[name]
	if !ok {
		name = strings.Clone(name)
		id = BrokerID(len(c.part.brokers))
		c.part.brokers = append(c.part.brokers, name)
		c.brokers[name] = id
	}
	return id
}

func (c *collector) addRates(o *Operation, op *manifest.Operation) {
	if r := ratesOf(op); r != (Rates{}) {
		c.rates = append(c.rates, r)
		o.Rates = &c.rates[len(c.rates)-1]
	}
}

func (c *collector) addData(o *Operation, op *manifest.Operation) {
	if d := dataOf(op); d != (Data{}) {
		c.share(&d.Writes, &d.Reads, &d.Publishes, &d.Compensation, &d.Pool)
		c.data = append(c.data, d)
		o.Data = &c.data[len(c.data)-1]
	}
}
