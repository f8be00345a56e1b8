package rules

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// mixedUrgencyChannel finds urgent messages that stand in line behind patient ones.
func mixedUrgencyChannel() *lint.Rule {
	return &lint.Rule{
		Code: "WN423", Name: "mixed-urgency-channel", Severity: diag.Warning, Since: "0.1.0",
		Summary: "urgent messages share a channel with messages that can wait for hours",
		Doc: lint.Doc{
			Why: "A channel is first in, first out. When the nightly mailing enqueues a million messages, the login " +
				"code behind them arrives tomorrow. Adding workers doesn't change the order.",
			Fix: "Give each urgency level its own channel and workers.",
			Bad: `service: shop
operations:
  - name: send-code
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, channel: mails, complete_within: 10s}
  - name: send-news
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, channel: mails, complete_within: 12h}
`,
			Good: `service: shop
operations:
  - name: send-code
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, channel: codes, complete_within: 10s}
  - name: send-news
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, channel: mails, complete_within: 12h}
`,
			Sources: []string{"yanacek"},
		},
		Reads:    []string{"mode", "delivery.broker", "delivery.channel", "delivery.complete_within", "freshness"},
		Optional: []string{"mode"},
		Params: []lint.Param{
			{Name: "times", Doc: "how many times longer the patient messages must be able to wait", Unit: lint.Count, Default: 30},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			type channel struct {
				broker graph.BrokerID
				name   string
			}
			channels := map[channel][]graph.OperationID{}
			var order []channel
			for id, o := range g.Operations() {
				if !o.Detached() || o.Delivery == nil || o.Delivery.Channel == "" || wantedWithin(o) == 0 {
					continue
				}
				c := channel{o.Delivery.Broker, o.Delivery.Channel}
				if channels[c] == nil {
					order = append(order, c)
				}
				channels[c] = append(channels[c], id)
			}
			for _, c := range order {
				byUrgency := func(a, b graph.OperationID) int {
					return cmp.Compare(wantedWithin(g.Operation(a)), wantedWithin(g.Operation(b)))
				}
				urgent, patient := slices.MinFunc(channels[c], byUrgency), slices.MaxFunc(channels[c], byUrgency)
				soon, late := wantedWithin(g.Operation(urgent)), wantedWithin(g.Operation(patient))
				if float64(late) < p.Param("times")*float64(soon) {
					continue
				}
				reportOperation(p, g, urgent, graph.FactChannel,
					fmt.Sprintf("%q is needed within %s, but waits in %s behind %q, which has %s", g.Operation(urgent).Name, manifest.FormatDuration(soon), c.name,
						g.Operation(patient).Name, manifest.FormatDuration(late)),
					"give each urgency level its own channel and workers", related(g, patient, graph.FactChannel, "the patient one"))
			}
		},
	}
}

// wantedWithin returns how soon the work of a message is wanted; 0 when that is not known.
func wantedWithin(o *graph.Operation) time.Duration {
	within := o.Delivery.CompleteWithin
	if o.Rates != nil && o.Rates.Freshness > 0 && (within == 0 || o.Rates.Freshness < within) {
		within = o.Rates.Freshness
	}
	return within
}
