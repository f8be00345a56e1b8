package rules

import (
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// orderedPoison finds ordered messages that one bad one stops or overtakes.
func orderedPoison() *lint.Rule {
	return &lint.Rule{
		Code: "WN428", Name: "ordered-poison", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a poison message blocks the messages with its key, or lets them overtake it",
		Doc: lint.Doc{
			Why: "Strict ordering and a dead-letter queue don't go together: a message that's redelivered forever " +
				"blocks everything behind it, and one that's set aside gets overtaken. Amazon advises against a " +
				"dead-letter queue if you need exact order.",
			Fix: "Set the whole key aside until the bad message is dealt with, or make the work independent of order: " +
				"carry versions and ignore older ones.",
			Bad: `service: shop
operations:
  - name: apply-payment
    callee: ledger
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: servicebus-premium, type: session, ordering: key, workers: 4, dead_letter: x.dlq, max_deliveries: unlimited, idempotency: key, queue_limit: 1000, poison: block}
`,
			Good: `service: shop
operations:
  - name: apply-payment
    callee: ledger
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: servicebus-premium, type: session, ordering: key, workers: 4, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, poison: park-key}
`,
			Sources: []string{"aws-dlq"},
		},
		Reads:    []string{"mode", "delivery.ordering", "delivery.max_deliveries", "delivery.poison", "delivery.broker", "delivery.dead_letter"},
		Optional: []string{"delivery.broker", "delivery.dead_letter", "delivery.max_deliveries", "delivery.poison"},
		Modes:    detachedModes(),
		Given:    manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			ordering, poison := s.Delivery.Ordering, s.Delivery.Poison
			if ordering.Or("none") == "none" || poison.Value == "park-key" {
				return
			}
			behind := "everything behind it"
			if ordering.Value == "key" {
				behind = "everything with its key"
			}
			ordered := func(outcome string) *lint.Pass {
				return p.Stating(ordering.Range).Stating(s.Delivery.Broker.Range).Once("messages that " + consumer(s) + " are needed in order, " + outcome + " " + behind)
			}
			switch {
			case blocksOrdered(s):
				ordered("and one that always fails blocks").Report(or(poison.Range, s.Delivery.MaxDeliveries.Range, ordering.Range), quote(s),
					"set the whole key aside after a few deliveries, or make the work independent of order")
			case poison.Value == "skip":
				ordered("but one that's set aside gets overtaken by").LowerSeverity().Report(poison.Range, quote(s),
					"set the whole key aside with it, or make the work independent of order")
			default:
				p.Missing("delivery.poison")
			}
		},
	}
}

// blocksOrdered reports whether ordered-poison finds a message that blocks those behind it.
func blocksOrdered(s *lint.Subject) bool {
	poison := s.Delivery.Poison.Value
	return detached(s) && s.Delivery.Ordering.Or("none") != "none" && poison != "park-key" && (poison == "block" || unlimitedDeliveries(s))
}

// unlimitedDeliveries reports whether a message that fails comes back without end.
func unlimitedDeliveries(s *lint.Subject) bool {
	if n := s.Delivery.MaxDeliveries; n.Set() {
		return n.Value == 0
	}
	return unlimitedByDefault(s)
}
