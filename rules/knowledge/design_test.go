package knowledge

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"waitornot/decide/practice"
)

// People name operations in their own words; lists such as candidates write are matched
// with the right ones, and what the model doesn't have stays beside.
func TestDesignWording(t *testing.T) {
	t.Parallel()
	deck, _ := loadScenarios(t)
	lists := map[string]map[string]string{
		"url-shortener": {
			"generate a shortlink": "create-link", "resolve the url for visitors": "follow-link", "click analytics": "count-click",
			"claim a custom name": "reserve-alias", "malware screening": "scan-target", "statistics export for campaigns": "build-report",
			"takedown of abusive links": "take-down-link", "cleanup of expired urls": "expire-links", "paint the wall": "",
		},
		"web-shop": {
			"submit the order": "place-order", "hold stock during checkout": "reserve-last-item", "confirmation email receipt": "send-receipt",
			"refresh the search index": "index-product", "download order history": "export-order-history", "recently viewed": "remember-viewed-product",
			"loyalty points with the airline": "award-partner-points", "sign in": "log-in",
		},
		"key-value-store": {
			"acknowledge a write": "confirm-write", "cross-region replication": "copy-to-region", "read on a cache miss": "read-through-cache",
			"write-back of counters": "flush-counter", "invalidate stale keys": "drop-stale-copies", "acquire a lock": "take-lease",
			"rebalance a partition": "move-partition", "failover to the other region": "promote-region",
		},
		"payment-provider": {
			"authorise the card": "authorize-card", "webhook to the merchant": "deliver-merchant-event", "refunds": "refund-payment",
			"direct debit": "collect-bank-debit", "bookkeeping / accounting": "post-to-accounting", "card token": "tokenize-card",
		},
	}
	right, all := 0, 0
	var wrong []string
	for _, id := range slices.Sorted(maps.Keys(lists)) {
		list := lists[id]
		system := deck.System(id)
		var lines []practice.DesignLine
		for _, text := range slices.Sorted(maps.Keys(list)) {
			lines = append(lines, practice.ParseDesignLine(text+": sync"))
		}
		d := practice.CompareDesign(system, lines)
		for i := range d.Lines {
			got, l := "", &d.Lines[i]
			if l.Card != nil {
				got = strings.TrimPrefix(l.Card.ID, id+"/")
				if len(l.By) == 0 {
					t.Errorf("%s: it isn't said by which words %q was matched", id, l.Text)
				}
			}
			if all++; got == list[l.Text] {
				right++
			} else {
				wrong = append(wrong, fmt.Sprintf("%s: %q is %q, want %q (%v)", id, l.Text, got, list[l.Text], l.By))
			}
		}
	}
	t.Logf("%d of %d lines matched with what they mean\n%s", right, all, strings.Join(wrong, "\n"))
	if right*10 < all*9 {
		t.Errorf("only %d of %d lines are matched with what they mean", right, all)
	}
}
