package trace

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

// A Result is what traces show.
type Result struct {
	Sightings []evidence.Sighting // by caller, callee and name
	Services  []evidence.Service  // brokers and stores, by name
	Report    Report
}

// Result joins all spans that were read. It is called once.
func (s *Store) Result(ctx context.Context) (*Result, error) {
	total, err := s.join(ctx)
	if err != nil {
		return nil, err
	}
	s.report.Orphans = total.orphans
	slices.Sort(s.sources)
	source := strings.Join(slices.Compact(s.sources), ", ")
	r := resolver{statistics: total, words: s.words, source: source, services: make(map[string]evidence.Service)}
	out := &Result{Sightings: r.sightings(), Report: s.report}
	for _, name := range slices.Sorted(maps.Keys(r.services)) {
		out.Services = append(out.Services, r.services[name])
	}
	return out, nil
}

// join works through the partitions, in as many goroutines as there may be.
func (s *Store) join(ctx context.Context) (*statistics, error) {
	joiners := make([]joiner, s.options.Workers)
	errs := make([]error, s.options.Workers)
	var next atomic.Int32
	var group sync.WaitGroup
	for i := range joiners {
		j := &joiners[i]
		j.init()
		group.Go(func() {
			var records []record
			for part := int(next.Add(1)) - 1; part < partitions; part = int(next.Add(1)) - 1 {
				if errs[i] = ctx.Err(); errs[i] != nil {
					return
				}
				if records, errs[i] = s.load(part, records[:0]); errs[i] != nil {
					return
				}
				j.all(records)
			}
		})
	}
	group.Wait()
	total := &joiners[0].statistics
	for i := range joiners[1:] {
		total.merge(&joiners[i+1].statistics)
	}
	return total, cmp.Or(errs...)
}

// A resolver turns words into texts, and addresses into callees.
type resolver struct {
	*statistics
	words    *words
	source   string
	services map[string]evidence.Service
}

// A named operation is what the sighting will be called.
type named struct {
	caller, callee, text, channel, broker string
	message                               bool
}

func compareNamed(a, b named) int {
	return cmp.Or(cmp.Compare(a.caller, b.caller), cmp.Compare(a.callee, b.callee), cmp.Compare(a.text, b.text),
		cmp.Compare(a.channel, b.channel), cmp.Compare(a.broker, b.broker), compareBools(a.message, b.message))
}

// noService stands for services that don't say their name.
const noService = "unknown_service"

func (r *resolver) sightings() []evidence.Sighting {
	groups := make(map[named]*operation)
	callees := r.callees()
	consumed := r.consumed()
	for k, o := range r.operations {
		if k.open && k.message && consumed[channelOf(k)] > 0 {
			continue // not handled yet; those that were say who does
		}
		n := r.named(r.resolve(k, callees))
		if groups[n] == nil {
			groups[n] = o
		} else {
			groups[n].merge(o)
		}
	}
	fold(groups)
	names := make([]named, 0, len(groups))
	for n, o := range groups {
		if o.calls > 0 {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, compareNamed)
	kinds := make(map[[3]string]int) // of consumers of a channel
	for _, n := range names {
		if n.message {
			kinds[[3]string{n.caller, n.channel, n.text}]++
		}
	}
	list := make([]evidence.Sighting, 0, len(names))
	for _, n := range names {
		x := r.sighting(n, groups[n])
		if n.message {
			x.Measured.Consumers = kinds[[3]string{n.caller, n.channel, n.text}]
		}
		x.Measured.Polled = x.Measured.Polled || groups[n].accepted*2 > groups[n].calls && asksBelow(n, names)
		x.Mode = mode(&x, groups[n])
		list = append(list, x)
	}
	return list
}

// channelOf is what messages of one kind have in common.
func channelOf(k key) key {
	k.callee, k.open = 0, false
	return k
}

// consumed counts the services that handle messages, by channel.
func (r *resolver) consumed() map[key]int {
	found := make(map[key]int)
	for k := range r.operations {
		if k.message && !k.open {
			found[channelOf(k)]++
		}
	}
	return found
}

// callees returns for each address without what was asked who answers there, or
// no word when several do.
func (r *resolver) callees() map[address]word {
	found := make(map[address]word)
	for a, targets := range r.learned {
		a.asked = 0
		for k := range targets {
			if known, taken := found[a]; taken && known != k.callee {
				found[a] = 0
				continue
			}
			found[a] = k.callee
		}
	}
	return found
}

// resolve finds the callee of calls that nobody's span answers, from those that
// went to the same address: most of them failed before they arrived.
func (r *resolver) resolve(k key, callees map[address]word) key {
	if !k.open || k.message {
		return k
	}
	var best key
	var most int64
	for target, n := range r.learned[address{k.caller, k.callee, k.name}] {
		if n > most || n == most && compareNamed(r.named(target), r.named(best)) < 0 {
			best, most = target, n
		}
	}
	if most > 0 {
		return best
	}
	if callee := callees[address{k.caller, k.callee, 0}]; callee != 0 {
		k.callee, k.open = callee, false
	}
	return k
}

func (r *resolver) named(k key) named {
	n := named{
		caller: cmp.Or(r.words.text(k.caller), noService), callee: r.words.text(k.callee), text: r.words.text(k.name),
		channel: r.words.text(k.channel), broker: r.words.text(k.broker), message: k.message,
	}
	switch {
	case k.open && !k.message:
		n.callee = hostName(n.callee)
	case !k.open:
		n.callee = cmp.Or(n.callee, noService)
	}
	switch {
	case k.open && k.message:
		r.declare(n.callee, evidence.Broker, n.broker)
	case !k.message && n.broker != "": // all that is asked of a store is one edge
		r.declare(n.callee, evidence.Store, n.broker)
		n.text, n.broker = "", ""
	}
	return n
}

func (r *resolver) declare(name string, role evidence.Role, product string) {
	r.services[name] = evidence.Service{Name: name, Source: r.source, Role: role, Product: product}
}

// sighting writes down what was counted of an operation.
func (r *resolver) sighting(n named, o *operation) evidence.Sighting {
	calls := float64(o.calls)
	m := evidence.Measured{
		Source: "traces", From: time.Unix(0, r.from).UTC(), To: time.Unix(0, r.to).UTC(), Calls: o.calls,
		P50: o.took.quantile(.5), P95: o.took.quantile(.95), P99: o.took.quantile(.99),
		Errors: float64(o.failed) / calls, Waited: float64(o.waited) / calls, Attempts: float64(o.attempts) / calls,
		PerRequest: calls / float64(max(o.requests, 1)), Parallel: float64(o.parallel) / calls,
		Queued: o.queued.quantile(.99), Processing: o.handled.quantile(.99), Redelivered: float64(o.redelivered) / calls,
		Polled: o.polled > 0, TimedOut: float64(o.gaveUp.count) / float64(max(o.attempts, 1)), GaveUp: o.gaveUp.quantile(.5),
	}
	m.Mean, m.Peak = r.rates(o)
	m.Troubled, m.Spread = r.spread(o)
	return evidence.Sighting{
		Caller: n.caller, Callee: n.callee, Name: evidence.OperationName(n.text), Text: n.text, Source: r.source,
		Kind: kindOf(n), Broker: n.broker, Channel: n.channel, Measured: &m,
		Shows: fmt.Sprintf("%s, p99 %s", countCalls(o.calls), round(m.P99)),
	}
}

func countCalls(n int64) string {
	if n == 1 {
		return "1 call"
	}
	return fmt.Sprintf("%d calls", n)
}

// round leaves three digits of a duration.
func round(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// rates returns calls a second over the whole window, and over the busiest
// minute, which is no less.
func (r *resolver) rates(o *operation) (mean, peak float64) {
	window := max(time.Duration(r.to-r.from), time.Second)
	mean = float64(o.calls) / window.Seconds()
	var most int64
	for _, n := range o.minutes {
		most = max(most, n)
	}
	return mean, max(mean, float64(most)/60)
}

// A callee is slow when it takes slowFactor times its median and at least
// slowLeast longer. The caller is slow with it when at least half of what the
// callee took longer shows in what the caller took longer than its own median.
const (
	slowFactor = 3
	slowLeast  = 10 * time.Millisecond
)

// spread returns in how many requests of the caller the callee failed or was
// slow, and in which share of them the caller failed or was slow, too.
func (r *resolver) spread(o *operation) (troubled int64, share float64) {
	usual := o.took.quantile(.5)
	medians := make(map[entryKey]time.Duration)
	var both int64
	for t, n := range o.troubles {
		longer := fine(t.callee) - usual
		slow := fine(t.callee) >= slowFactor*usual && longer >= slowLeast
		if !slow && !t.calleeFailed {
			continue
		}
		troubled += n
		median, known := medians[t.entry]
		if !known {
			if e := r.entriesOf[t.entry]; e != nil {
				median = e.quantile(.5)
			}
			medians[t.entry] = median
		}
		if t.callerFailed || slow && fine(t.caller)-median >= longer/2 {
			both += n
		}
	}
	if troubled == 0 {
		return 0, 0
	}
	return troubled, float64(both) / float64(troubled)
}

func kindOf(n named) string {
	verb, _, spaced := strings.Cut(n.text, " ")
	switch {
	case n.message:
		return "event"
	case queryName(n.text):
		return "query"
	case spaced && slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE", "INSERT", "UPDATE"}, strings.ToUpper(verb)):
		return "command"
	}
	return ""
}

// asksBelow reports whether the same caller asks the same callee for something
// below the path of a command, as for the state of what it started.
func asksBelow(n named, names []named) bool {
	_, path, _ := strings.Cut(n.text, " ")
	return path != "" && slices.ContainsFunc(names, func(o named) bool {
		return o.caller == n.caller && o.callee == n.callee && strings.HasPrefix(o.text, "GET "+strings.TrimSuffix(path, "/")+"/")
	})
}

// Shares of calls from which the mode is taken as seen: nearly all waited, or
// nearly nobody.
const (
	nearlyAll  = .95
	nearlyNone = .05
)

// mode returns how the operation works, as far as it shows.
func mode(x *evidence.Sighting, o *operation) decide.Verdict {
	acknowledged := o.accepted*2 > o.calls
	switch m := x.Measured; {
	case x.Kind == "event":
		return decide.Async
	case acknowledged && m.Polled:
		return decide.Hybrid
	case acknowledged:
		return decide.Undecided // who wants the outcome doesn't show
	case m.Waited >= nearlyAll:
		return decide.Sync
	case m.Waited <= nearlyNone:
		return decide.Async
	}
	return decide.Undecided
}
