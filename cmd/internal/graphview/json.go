package graphview

import (
	"math"
	"time"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// graphJSONVersion is the version of the JSON format of graphs. It changes when
// a reader of the old one would be misled.
const graphJSONVersion = 1

// The shapes of the JSON format. graph.schema.json describes them. What is not
// known is null; times are in milliseconds, shares from 0 to 1.
type (
	jsonGraph struct {
		Version    int             `json:"version"`
		Tool       markup.JSONTool `json:"tool"`
		Summary    jsonGraphCounts `json:"summary"`
		Services   []jsonService   `json:"services"`
		Brokers    []jsonBroker    `json:"brokers"`
		Operations []jsonOperation `json:"operations"`
		Journeys   []jsonJourney   `json:"journeys"`
		Entries    []jsonEntry     `json:"entries"`
		Cycles     []jsonCycle     `json:"cycles"`
	}
	jsonGraphCounts struct {
		Services   int `json:"services"`
		Operations int `json:"operations"`
		Journeys   int `json:"journeys"`
		LeftOut    int `json:"operations_left_out"`
	}
	jsonService struct {
		Name         string   `json:"name"`
		Declared     bool     `json:"declared"` // a document of the run describes it
		Availability *float64 `json:"availability"`
	}
	jsonBroker struct {
		Name         string   `json:"name"`
		Availability *float64 `json:"availability"`
		Operations   int      `json:"operations"`
	}
	jsonOperation struct {
		ID           string            `json:"id"`
		Caller       string            `json:"caller"`
		Callee       *string           `json:"callee"`
		Mode         string            `json:"mode"`
		Declared     *string           `json:"declared"`
		Verdict      string            `json:"verdict"`
		Differs      bool              `json:"differs"` // declared otherwise than the verdict
		P99          *float64          `json:"p99_ms"`
		P50          *float64          `json:"p50_ms"`
		Timeout      *float64          `json:"timeout_ms"`
		Attempts     int               `json:"attempts"`
		Availability *float64          `json:"availability"`
		Critical     bool              `json:"critical"`
		Waited       bool              `json:"caller_is_waited_for"`
		InFlight     *float64          `json:"in_flight"`
		Usually      *float64          `json:"in_flight_usually"`
		Consumers    []string          `json:"consumers"` // named besides the callee
		Queue        *jsonQueue        `json:"queue"`
		File         string            `json:"file"`
		Range        *markup.JSONRange `json:"range"`
	}
	jsonQueue struct {
		Broker      *string  `json:"broker"`
		Capacity    *float64 `json:"capacity_per_s"`
		Utilization *float64 `json:"utilization"`
		Drains      *bool    `json:"drains"`
		Backlog     *float64 `json:"backlog"`
		Drain       *float64 `json:"drain_ms"`
		Workers     *int     `json:"workers"`
		Wait        *float64 `json:"wait_ms"`
		Cautious    bool     `json:"at_most"` // utilization and wait may be smaller
		Missing     []string `json:"missing"`
	}
	jsonJourney struct {
		ID           string            `json:"id"`
		File         string            `json:"file"`
		Range        *markup.JSONRange `json:"range"`
		Budget       *float64          `json:"budget_ms"`
		Objective    *float64          `json:"objective"`
		Tail         jsonWait          `json:"p99_sum"`
		Estimate     *float64          `json:"p99_estimate_ms"`
		Typical      jsonWait          `json:"p50_sum"`
		Availability jsonShare         `json:"availability"`
		BudgetIs     string            `json:"budget_is"`
		ObjectiveIs  string            `json:"objective_is"`
		Depth        int               `json:"depth"`
		Attempts     float64           `json:"attempts"`
		Steps        []jsonStep        `json:"steps"`
		Unresolved   []string          `json:"steps_not_found"`
	}
	jsonWait struct {
		Time    *float64 `json:"ms"`       // null when nothing is known of it
		Exact   bool     `json:"complete"` // false: the true time is at least this
		Within  *float64 `json:"within"`   // of the p99s: the least share of requests that stay within ms; null when it isn't known
		Missing []string `json:"missing"`
	}
	jsonShare struct {
		Value   *float64   `json:"value"`    // null when nothing is known of it
		Exact   bool       `json:"complete"` // false: the true availability is at most this
		Least   *float64   `json:"least"`    // with the calls that are joined by service alone
		Perhaps []string   `json:"perhaps"`  // those calls
		Terms   []jsonTerm `json:"dependencies"`
		Missing []string   `json:"missing"`
	}
	jsonTerm struct {
		Kind         string  `json:"kind"` // service, broker or operation
		Name         string  `json:"name"`
		Availability float64 `json:"availability"`
	}
	jsonStep struct {
		Operation string `json:"operation"`
		Slot      int32  `json:"slot"`   // steps with the same slot run in parallel
		Parent    *int32 `json:"parent"` // position of the step it is nested in
		Critical  bool   `json:"on_critical_path"`
		Joined    string `json:"joined_by"` // journey, operation or service
	}
	jsonEntry struct {
		Service  string   `json:"service"`
		Journey  bool     `json:"starts_journey"`
		Depth    int      `json:"depth"`
		Attempts float64  `json:"attempts"`
		Chain    []string `json:"chain"`
	}
	jsonCycle struct {
		Kind     string   `json:"kind"` // waiting or messages
		Services []string `json:"services"`
		Ring     []string `json:"ring"`
	}
)

// graphJSON writes everything that was picked as one document.
func graphJSON(w *markup.Writer, p *Page, _ term.Layout) {
	w.JSON(p.document())
}

func (p *Page) document() *jsonGraph {
	d := &jsonGraph{
		Version: graphJSONVersion, Tool: markup.JSONTool{Name: markup.ToolName, Version: p.Version},
		Services: []jsonService{}, Brokers: []jsonBroker{}, Operations: []jsonOperation{},
		Journeys: []jsonJourney{}, Entries: []jsonEntry{}, Cycles: []jsonCycle{},
	}
	p.addServices(d)
	for _, id := range p.Picked.Operations {
		d.Operations = append(d.Operations, p.jsonOperation(id))
	}
	for _, i := range p.Picked.Journeys {
		d.Journeys = append(d.Journeys, p.jsonJourney(&p.Journeys()[i]))
	}
	for _, i := range p.Picked.Entries {
		e := p.Entries()[i]
		chain := p.Chain(e.Service)
		const most = 100 // of a chain that would fill the document
		chain = chain[:min(len(chain), most)]
		d.Entries = append(d.Entries, jsonEntry{p.ServiceName(e.Service), e.Journey, e.Depth, round(e.Attempts), p.ids(chain)})
	}
	d.Summary = jsonGraphCounts{
		len(d.Services), len(d.Operations), len(d.Journeys), p.Len() - len(d.Operations),
	}
	return d
}

// addServices adds the services, brokers and rings that the operations touch.
func (p *Page) addServices(d *jsonGraph) {
	services := make([]bool, len(p.Services()))
	brokers := make([]bool, len(p.Brokers()))
	picked := make([]bool, p.Len())
	for _, id := range p.Picked.Operations {
		o := p.Operation(id)
		picked[id], services[o.Caller] = true, true
		if o.Callee != graph.None {
			services[o.Callee] = true
		}
		for _, s := range p.Handlers(id) {
			services[s] = true
		}
		if o.Delivery != nil && o.Delivery.Broker != graph.None {
			brokers[o.Delivery.Broker] = true
		}
	}
	for i, touched := range services {
		if s := &p.Services()[i]; touched || p.Whole {
			a, _, _, ok := s.Availability()
			d.Services = append(d.Services, jsonService{s.Name, len(s.Documents) > 0, known(a, ok)})
		}
	}
	for i, touched := range brokers {
		if b := &p.Brokers()[i]; touched || p.Whole {
			a, ok := b.Availability()
			d.Brokers = append(d.Brokers, jsonBroker{b.Name, known(a, ok), len(b.Operations)})
		}
	}
	for _, c := range []struct {
		kind   string
		cycles []graph.Cycle
	}{{"waiting", p.WaitingCycles()}, {"messages", p.MessageCycles()}} {
		for _, cycle := range c.cycles {
			touched := false
			for _, id := range cycle.Ring {
				touched = touched || picked[id]
			}
			if touched {
				d.Cycles = append(d.Cycles, jsonCycle{c.kind, p.names(cycle.Services), p.ids(cycle.Ring)})
			}
		}
	}
}

func (p *Page) jsonOperation(id graph.OperationID) jsonOperation {
	o := p.Operation(id)
	j := jsonOperation{
		ID: p.ID(id), Caller: p.ServiceName(o.Caller), Mode: o.Mode().String(), Verdict: o.Verdict.String(),
		Differs: o.Disagrees(), Attempts: o.Attempts(), Critical: o.Critical(), Waited: p.Waited(id),
		P99: milliseconds(o.Latency()), P50: milliseconds(o.Typical()), Timeout: milliseconds(o.Timeout()),
		Availability: known(o.Availability()), Consumers: p.names(p.Handlers(id)),
		File: p.relative(p.File(id)), Range: markup.JSONRangeOf(p.Place(id, graph.FactName)),
	}
	if held, ok := p.CallsInFlight(id); ok {
		j.InFlight, j.Usually = known(held.Slow, true), known(held.Usual, held.UsualKnown)
	}
	if o.Callee != graph.None {
		name := p.ServiceName(o.Callee)
		j.Callee = &name
	}
	if o.Declared != decide.Undecided {
		name := o.Declared.String()
		j.Declared = &name
	}
	if q, ok := p.Queue(id); ok {
		j.Queue = p.jsonQueue(o, &q)
	}
	return j
}

func (p *Page) jsonQueue(o *graph.Operation, q *graph.Queue) *jsonQueue {
	j := &jsonQueue{
		Capacity: known(q.Capacity, q.Capacity > 0), Utilization: known(q.Utilization, q.Utilization > 0),
		Backlog: known(q.Backlog, q.Drains), Drain: milliseconds(q.Drain, q.Drains),
		Wait: milliseconds(q.Wait, q.Waits), Cautious: q.Cautious, Missing: p.missing(q.Missing),
	}
	if q.Workers > 0 {
		j.Workers = &q.Workers
	}
	if drains := !q.Never; q.Utilization > 0 {
		j.Drains = &drains
	}
	if o.Delivery != nil && o.Delivery.Broker != graph.None {
		j.Broker = &p.Brokers()[o.Delivery.Broker].Name
	}
	return j
}

func (p *Page) jsonJourney(j *graph.Journey) jsonJourney {
	n := p.Numbers(j)
	tail := n.Tail
	tail.Missing = p.Lacks(j, &n)
	out := jsonJourney{
		ID: p.JourneyID(j), File: p.relative(j.File), Range: markup.JSONRangeOf(j.Name.Range),
		Budget: milliseconds(j.Journey.Budget.Value, j.Journey.Budget.Set()), Objective: known(j.SLO.Value, j.SLO.Set()),
		Tail: p.jsonTail(&tail), Estimate: milliseconds(p.TailEstimate(j)), Typical: p.jsonWait(&n.Typical),
		Availability: jsonShare{Value: known(n.Share.Value, !n.Share.Nothing()), Least: known(n.Share.Least, n.Share.Known()), Perhaps: []string{}, Exact: n.Share.Known(), Terms: []jsonTerm{}, Missing: p.missing(n.Share.Missing)},
		BudgetIs:     n.Budget(j).String(), ObjectiveIs: n.Objective(j).String(),
		Depth: n.Depth, Attempts: round(n.Attempts), Steps: []jsonStep{}, Unresolved: []string{},
	}
	for _, at := range n.Share.Doubtful {
		out.Availability.Perhaps = append(out.Availability.Perhaps, p.ID(j.Step(at).Operation))
	}
	for _, t := range n.Share.Terms {
		kind, name := p.term(&t)
		out.Availability.Terms = append(out.Availability.Terms, jsonTerm{kind, name, round(t.Availability)})
	}
	for i := range int32(j.Len()) {
		s := j.Step(i)
		step := jsonStep{Operation: p.ID(s.Operation), Slot: s.Slot, Joined: s.Joined.String()}
		if s.Parent != graph.None {
			step.Parent = &s.Parent
		}
		out.Steps = append(out.Steps, step)
	}
	for _, i := range n.Tail.Path {
		out.Steps[i].Critical = true
	}
	for _, l := range j.Unresolved {
		out.Unresolved = append(out.Unresolved, l.Value)
	}
	return out
}

// term returns what a factor of an availability stands for.
func (p *Page) term(t *graph.Term) (kind, name string) {
	switch {
	case t.Broker != graph.None:
		return "broker", p.Brokers()[t.Broker].Name
	case t.Service != graph.None:
		return "service", p.ServiceName(t.Service)
	}
	return "operation", p.ID(t.Operation)
}

func (p *Page) jsonWait(w *graph.Wait) jsonWait {
	return jsonWait{Time: milliseconds(w.Time, !w.Nothing()), Exact: w.Known(), Missing: p.missing(w.Missing)}
}

// jsonTail is jsonWait for p99s.
func (p *Page) jsonTail(w *graph.Wait) jsonWait {
	out := p.jsonWait(w)
	out.Within = known(w.Within(), w.Known() && !w.Nothing())
	return out
}

func (p *Page) missing(lacks []graph.MissingFact) []string {
	list := make([]string, 0, len(lacks))
	for _, l := range lacks {
		list = append(list, p.MissingText(l))
	}
	return list
}

func (p *Page) ids(ops []graph.OperationID) []string {
	list := make([]string, 0, len(ops))
	for _, id := range ops {
		list = append(list, p.ID(id))
	}
	return list
}

func (p *Page) names(services []graph.ServiceID) []string {
	list := make([]string, 0, len(services))
	for _, s := range services {
		list = append(list, p.ServiceName(s))
	}
	return list
}

// relative writes a file's name as the reports of check do.
func (p *Page) relative(file string) string { return markup.Path(p.Dir, file) }

func milliseconds(d time.Duration, ok bool) *float64 {
	return known(float64(d)/float64(time.Millisecond), ok && d != math.MaxInt64) // the longest stands for all that are longer
}

// known returns a number for JSON: null when it is unknown or JSON has none for it.
func known(x float64, ok bool) *float64 {
	if !ok || math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	x = round(x)
	return &x
}

// round keeps nine digits after the point: processors differ in the last ones.
func round(x float64) float64 {
	if math.Abs(x) > 1e6 {
		return math.Round(x)
	}
	return math.Round(x*1e9) / 1e9
}
