package knowledge

import (
	"testing"
	"time"

	"waitornot/decide/advice"
)

// Values come out in their units, and what is unset or unlimited says so.
func TestLimitValues(t *testing.T) {
	l, err := LoadLimits()
	if err != nil {
		t.Fatal(err)
	}
	if p := l.Platform("aws-api-gateway"); p == nil || p.Timeout.Duration != 29*time.Second || p.Default.IsSet() {
		t.Errorf("aws-api-gateway is %+v, want 29s and no other default", p)
	}
	if b := l.Broker("servicebus-standard"); b == nil || b.MaxMessage != 256<<10 || b.Deliveries != (advice.Count{N: 10}) {
		t.Errorf("servicebus-standard is %+v, want 256KB and 10 deliveries", b)
	}
	if b := l.Broker("nats"); b == nil || b.MaxMessageCeiling != 64<<20 || !b.Deliveries.Unlimited {
		t.Errorf("nats is %+v, want a ceiling of 64MB and unlimited deliveries", b)
	}
	if b := l.Broker("kafka"); b == nil || !b.Deliveries.Unlimited || !b.DeadLetterLimits {
		t.Errorf("kafka is %+v, want unlimited deliveries until a dead-letter queue is named", b)
	}
	for _, id := range []string{"sqs", "pubsub"} { // redelivered until the retention ends
		if b := l.Broker(id); b == nil || !b.Deliveries.Unlimited || !b.Retention.IsSet() {
			t.Errorf("%s is %+v, want unlimited deliveries within a retention", id, b)
		}
	}
	if b := l.Broker("sns"); b == nil || b.MaxMessageCeiling != 1<<20 {
		t.Errorf("sns is %+v, want a ceiling of 1MB", b)
	}
	if l.Broker("mqseries") != nil || l.Platform("mainframe") != nil {
		t.Error("an unknown id is found")
	}
	for _, c := range l.Clients {
		if want := c.ID != "python-httpx" && c.ID != "dotnet-httpclient"; c.Timeout.Unlimited != want {
			t.Errorf("%s waits forever: %t, want %t", c.ID, c.Timeout.Unlimited, want)
		}
	}
	for _, h := range l.Thresholds {
		if (h.Value.Duration == 0) == (h.Value.Number == 0) {
			t.Errorf("%s is %+v, want a duration or a number", h.ID, h.Value)
		}
	}
	if got := advice.Size(100<<20).String() + " " + advice.Size(256<<10).String(); got != "100MB 256KB" {
		t.Errorf("sizes are written %q", got)
	}
}

// A limits file with a fault is refused, and the error names it.
func TestLimitsRefused(t *testing.T) {
	refused(t, limitsYAML, func(src []byte) error { _, err := parseLimits(src); return err }, []mutation{
		{"unknown key", "timeout: 29s", "time_out: 29s", "time_out"},
		{"no unit", "timeout: 29s", "timeout: 29", "missing unit"},
		{"negative duration", "timeout: 29s", "timeout: -29s", "-29s isn't a positive duration"},
		{"no timeout", "timeout: 29s, ", "", "aws-api-gateway: the timeout is missing"},
		{"no client timeout", "timeout: 100s, ", "", "dotnet-httpclient: the timeout is missing"},
		{"size without unit", "max_message: 100MB", "max_message: 100", `"100" isn't a size`},
		{"size of nothing", "max_message: 100MB", "max_message: 0MB", `"0MB" isn't a size`},
		{"ceiling below limit", "max_message_ceiling: 512MB", "max_message_ceiling: 512KB", "rabbitmq: max_message_ceiling is below max_message"},
		{"broker without numbers", "max_message: 256KB, max_message_ceiling: 1MB, note:", "note:", "sns: max_message or deliveries is missing"},
		{"no deliveries", "deliveries: 20", "deliveries: 0", `"0" isn't a positive number`},
		{"no key age", "kept: 24h, ", "", "stripe-key: kept is missing"},
		{"no threshold", "value: 100ms, ", "", "instant: the value is missing"},
		{"no threshold text", "value: 100ms, what: \"Users feel that the system reacts immediately.\"", "value: 100ms", "instant: what is not a sentence"},
		{"threshold of nothing", "value: 100ms", "value: 0", `"0" isn't a positive number or duration`},
		{"no origin", "value: 4, what: \"This many synchronous hops in a row deserve a warning.\", judgment: true", "value: 4, what: \"So many.\"", "chain-warn: give either sources or judgment"},
		{"one name for two", "also: [rabbit,", "also: [kafka,", "kafka is defined twice"},
		{"id twice across lists", "{id: sqs,", "{id: aws-lambda,", "aws-lambda is defined twice"},
	})
}
