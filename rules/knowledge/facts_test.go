package knowledge

import (
	"strings"
	"testing"
	"time"

	"waitornot/decide/advice"
)

// Facts that were wrong or out of date once, each with where it is said and what is said of
// it now. The words that must not come back are those of the old claim.
func TestFactsThatWereWrong(t *testing.T) {
	l, err := LoadLimits()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ where, says, not string }{
		// Above 30 s not every connection is cut: common gateways start to do it.
		{"framework", "where common gateways start to cut the connection", "nobody can hold"},
		{"scenarios", "", "safe upper bound"},
		{"python/dead-letter-queue", "task_reject_on_worker_lost requeues; it doesn't dead-letter", ""},
		{"python/queue", "At-least-once delivery takes acks_late plus task_reject_on_worker_lost", ""},
		{"python/build-async", "call another service inside a transaction", "atomic()"},
		{"dotnet/build-sync", "AttemptTimeout.Timeout = TimeSpan.FromSeconds(1.2)", "AttemptTimeout.Timeout = TimeSpan.FromSeconds(2)"},
		{"dotnet/build-sync", "Retry.Delay = TimeSpan.FromMilliseconds(100)", ""},
		{"dotnet/build-sync", "AddStandardHedgingHandler", ""},
		{"dotnet/build-sync", "A DbContext is scoped", ""},
		{"dotnet/build-async", "CreateAsyncScope", ""},
		{"dotnet/build-async", "maintained until the end of 2026", ""},
		{"dotnet/data-access", "FromSql", ""},
		{"dotnet/test", "FluentAssertions 8 is free for non-commercial use", ""},
		{"dotnet/test", "MediatR and AutoMapper are RPL-1.5 or commercial", ""},
		{"dotnet/test", "Moq is BSD-3", ""},
		{"dotnet/watch", "CreateCounter", ""},
		{"dotnet/watch", "Seq", ""},
		{"dotnet/single-delivery", "MaxDeliveryCount 1 alone doesn't rule out", ""},
		{"aws/single-delivery", "AWS advises against setting it to 1", ""},
		{"aws/webhook-sender", "within 5 s", ""},
		{"aws/test", "auth token", ""},
		{"aws/ordered-queue", "AWS advises against one where the order matters", ""},
		{"gcp/single-delivery", "at least once, no matter what maxAttempts says", ""},
		{"rabbitmq/queue", "nack with requeue doesn't", ""},
		{"rabbitmq/bounded-queue", "100 to 300 for quick messages", "10 to 50"},
		{"rabbitmq/webhook-sender", "delayed retries", ""},
		{"rabbitmq/deadline", "consumer of a quorum queue", ""},
		{"nats/webhook-sender", "NakWithDelay", ""},
		{"nats/durable-acceptance", "every two minutes", ""},
		{"java/saga", "", "Axon saga"},
		{"java/build-async", "republishing on restart is off", "on restart or by a\n"},
		{"java/bounded-retry", "@Retryable", ""},
		{"java/dead-letter-queue", "10 attempts without a pause", ""},
		{"azure/durable-workflow", "CreateCheckStatusResponseAsync", ""},
		{"azure/local-copy", "retires on 2028-09-30", ""},
		{"azure", "you don't patch them", ""},
		{"kafka/dead-letter-queue", "KIP-1191, planned for 4.4", ""},
		{"kafka/single-delivery", "a share group can't be limited to one delivery", ""},
		{"kafka/queue", "2 to 10", ""},
		{"go/bounded-retry", "POST too", ""},
		{"go/dead-letter-queue", "7 days (25 attempts by default)", ""},
		{"node/deduplication", "only remembers it while the job is stored", ""},
		{"node/build-sync", "in Express, create", ""},
		{"node/log-stream", "KafkaJS", "A Kafka client"},
	} {
		text := said(t, test.where)
		if !strings.Contains(text, test.says) {
			t.Errorf("%s does not say %q: %.300s", test.where, test.says, text)
		}
		if test.not != "" && strings.Contains(text, test.not) {
			t.Errorf("%s says %q again", test.where, test.not)
		}
	}
	for _, test := range []struct {
		broker string
		want   func(*advice.BrokerLimits) bool
	}{
		{"pubsub", func(b *advice.BrokerLimits) bool {
			return b.Deliveries.Unlimited && b.DeadLetterLimits && b.Retention.Duration == 168*time.Hour && b.Visibility.Duration == 10*time.Second
		}},
		{"sqs", func(b *advice.BrokerLimits) bool {
			return b.Deliveries.Unlimited && b.Visibility.Duration == 30*time.Second && b.DedupWindow.Duration == 5*time.Minute
		}},
		{"servicebus-standard", func(b *advice.BrokerLimits) bool {
			return b.Visibility.Duration == time.Minute && b.Renewal.Duration == 5*time.Minute
		}},
		{"kafka", func(b *advice.BrokerLimits) bool { return b.Visibility.Duration == 5*time.Minute && !b.Judgment }},
		{"sns", func(b *advice.BrokerLimits) bool { return b.MaxMessage == 256<<10 && b.MaxMessageCeiling == 1<<20 }},
		{"nats", func(b *advice.BrokerLimits) bool { return b.DedupWindow.Duration == 2*time.Minute }},
		{"eventbridge", func(b *advice.BrokerLimits) bool { return b.MaxMessage == 256<<10 && b.Deliveries.N == 186 }},
		{"dynamodb-streams", func(b *advice.BrokerLimits) bool {
			return b.Deliveries.Unlimited && b.Retention.Duration == 24*time.Hour
		}},
		{"redis-streams", func(b *advice.BrokerLimits) bool { return b.Deliveries.Unlimited }},
		{"mqtt", func(b *advice.BrokerLimits) bool { return b.NoDeadLetters }},
		{"step-functions", func(b *advice.BrokerLimits) bool { return b.Engine }},
		{"temporal", func(b *advice.BrokerLimits) bool { return b.Engine }},
	} {
		if b := l.Broker(test.broker); b == nil || !test.want(b) {
			t.Errorf("%s is %+v", test.broker, b)
		}
	}
}

// said returns what the knowledge says at a place: a file, or a stack with a component, a
// safeguard or a section of its guide.
func said(t *testing.T, where string) string {
	t.Helper()
	id, part, ok := strings.Cut(where, "/")
	switch {
	case where == "framework":
		return string(frameworkYAML)
	case where == "scenarios":
		var all strings.Builder
		entries, err := scenarioFiles.ReadDir("scenarios")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			src, _ := scenarioFiles.ReadFile("scenarios/" + e.Name())
			all.Write(src)
		}
		return all.String()
	}
	s, err := LoadStack(id)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return s.Summary
	}
	text := s.Components[part].Use + "\n" + s.Components[part].Note + "\n" + s.Safeguards[part]
	for _, g := range s.Guide {
		if g.ID == part {
			text += g.Text
		}
	}
	return text
}

// Every source has the address of a page, and is one that something refers to.
func TestSourcesHaveAddresses(t *testing.T) {
	sources, err := LoadSources()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if !strings.HasPrefix(s.URL, "https://") {
			t.Errorf("%s has the address %q", s.ID, s.URL)
		}
	}
}

// The framework says in two short lists when to pick which verdict, and who is known to.
func TestPicks(t *testing.T) {
	f, err := LoadFramework()
	if err != nil {
		t.Fatal(err)
	}
	var all string
	for _, p := range f.Picks[1:] {
		if len(p.When) < 2 || len(p.Examples) < 2 {
			t.Errorf("%+v is too short", p)
		}
		all += strings.Join(p.Examples, "\n")
	}
	for _, name := range []string{"Stripe", "Amazon", "Slack", "WebSocket"} {
		if !strings.Contains(all, name) {
			t.Errorf("no example names %s", name)
		}
	}
}

// A word with a fault is refused, and the error names it.
func TestWordsRefused(t *testing.T) {
	refused(t, wordsYAML, func(src []byte) error { _, err := parseWords(src); return err }, []mutation{
		{"unknown key", "words:", "word:", "word"},
		{"twice", "aliases: [dissents]", "aliases: [flip]", "flip is defined twice"},
		{"no sentence", `means: "Declared facts or answers that the evidence contradicts."`, `means: "no sentence"`, "drift: give either"},
	})
}
