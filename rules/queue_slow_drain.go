package rules

import (
	"fmt"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// queueSlowDrain finds queues that lag behind.
func queueSlowDrain() *lint.Rule {
	return &lint.Rule{
		Code: "WN407", Name: "queue-slow-drain", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a queue runs close to its limit, or takes too long to drain after a peak",
		Doc: lint.Doc{
			Why: "Waiting grows with utilization and shrinks with the number of workers (Erlang's delay formula). With " +
				"one worker that's busy 80% of the time, a message waits four times its processing time; at 95%, " +
				"nineteen times. With ten workers, it waits 0.2 and 1.65 times its processing time. After a peak, only " +
				"the spare capacity drains the backlog.",
			Fix: "Add capacity, or accept the delay and raise complete_within.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    traffic: {mean: 100/s, peak: 500/s, capacity: 300/s, burst: 10m}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, complete_within: 5m}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    traffic: {mean: 100/s, peak: 500/s, capacity: 300/s, burst: 10m}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, complete_within: 30m}
`,
			Sources: []string{"mm1", "az-qbll", "yanacek"},
		},
		Reads: []string{"mode", "traffic.mean", "traffic.peak", "traffic.burst", "traffic.capacity", "delivery.workers", "delivery.complete_within", "freshness"},
		Modes: detachedModes(),
		Given: manifest.GivenTraffic,
		Params: []lint.Param{
			{Name: "utilization", Doc: "share of time above which a busy consumer is reported; with several workers, the share that makes a message wait just as long", Unit: lint.Share, Default: 0.8},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			capacity, exact := capacityOf(s)
			mean := s.Traffic.Mean
			if !exact || !mean.Set() || mean.Value >= capacity {
				return
			}
			busy, most := graph.Utilization(mean.Value, capacity), p.Param("utilization")
			if wait := waitsFor(s, busy); wait > waitOfOne(most) {
				report, known := p, ""
				if !s.Delivery.Workers.Set() {
					report, known = p.LowerSeverity(), " if there's one worker"
				}
				report.Report(mean.Range, fmt.Sprintf("the consumers of %q are busy %s of the time, so a message waits %s its processing time%s",
					s.Name.Value, percent(busy), amountOf(wait, "time"), known), "add capacity")
				return
			}
			within, by := s.Delivery.CompleteWithin, ""
			if !within.Set() && s.Freshness.Set() {
				within, by = s.Freshness, ", after which it's useless"
			}
			missing := lacking(fact{"traffic.peak", s.Traffic.Peak.Set()}, fact{"traffic.burst", s.Traffic.Burst.Set()},
				fact{"delivery.complete_within", within.Set()})
			if len(missing) > 0 {
				p.Missing(missing...)
				return
			}
			backlog := graph.Backlog(s.Traffic.Peak.Value, capacity, s.Traffic.Burst.Value)
			if drain, _ := graph.DrainTime(backlog, mean.Value, capacity); drain > within.Value {
				p.Report(within.Range, fmt.Sprintf("after a peak, %q needs %s to drain its queue, longer than %s%s", s.Name.Value,
					span(drain.Round(time.Second)), manifest.FormatDuration(within.Value), by),
					"add capacity, or accept a longer delay", diag.Related{Range: s.Traffic.Range, Message: "the traffic is declared here"})
			}
		},
	}
}

// waitsFor returns how many times as long as it is worked on a message waits on average, when
// the consumers are busy for a share of the time. One worker is assumed when none are given.
func waitsFor(s *lint.Subject, busy float64) float64 {
	return graph.QueueWait(max(s.Delivery.Workers.Value, 1), busy, time.Second).Seconds()
}

// waitOfOne is waitsFor with one worker.
func waitOfOne(busy float64) float64 { return graph.QueueWait(1, busy, time.Second).Seconds() }
