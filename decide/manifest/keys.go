package manifest

import (
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
)

// A header is a document while it is read: its envelope, and its operations
// not yet read. The document lives on alone, so that the nodes
// of its operations can go.
type header struct {
	*Document
	operations value // as written, perhaps an alias; no node when there are none
}

func documentTable(operation *mapping[Operation]) *mapping[header] {
	type h = header
	return newMapping("the manifest", func(d *h) *diag.Range { return &d.Range },
		one("version", "The version of this format: 1, which is also meant when none is given.", version(), func(d *h) *Field[int] { return &d.Version }),
		one("service", "The service that the manifest describes: the caller of its operations unless they name another.", name(), func(d *h) *Field[string] { return &d.Service }),
		one("description", "What the service does.", prose(), func(d *h) *Field[string] { return &d.Description }),
		one("owner", "The team that answers for the service.", name(), func(d *h) *Field[string] { return &d.Owner }),
		one("stack", "The technology that patterns are shown in: dotnet, java, go.", name(), func(d *h) *Field[string] { return &d.Stack }),
		one("availability", "The availability of the service itself.", share(), func(d *h) *Field[float64] { return &d.Availability }),
		one("platform", "The front door of all operations, which limits how long a caller can wait.", name(), func(d *h) *Field[string] { return &d.Platform }),
		key[h]{
			Key: Key{Name: "operations", Doc: "The operations of the service.", Kind: List, Items: &Key{Kind: Mapping, Keys: operation.describe()}},
			read: func(w *walker, v value, d *h) {
				d.operations = v
			},
		},
		each("journeys", "The user-facing paths through operations.", journeyTable(), func(d *h) *[]Journey { return &d.Journeys }),
		each("brokers", "The brokers that carry messages.", brokerTable(), func(d *h) *[]Broker { return &d.Brokers }),
	)
}

func journeyTable() *mapping[Journey] {
	type j = Journey
	return newMapping("a journey", func(x *j) *diag.Range { return &x.Range },
		one("name", "The name of the journey.", name(), func(x *j) *Field[string] { return &x.Name }).required(),
		one("description", "What its user wants.", prose(), func(x *j) *Field[string] { return &x.Description }),
		key[j]{
			Key: Key{
				Name: "steps", Kind: Steps,
				Doc: "Its operations in order, as operation or service/operation; a list among them is a group that runs in parallel.",
			},
			read: func(w *walker, v value, x *j) { x.Steps = w.steps(v, 0) },
		}.required(),
		one("slo", "The availability that the journey should have.", share(), func(x *j) *Field[float64] { return &x.SLO }),
		one("budget", "The time that its user is willing to wait in all.", duration(), func(x *j) *Field[time.Duration] { return &x.Budget }),
	)
}

func brokerTable() *mapping[Broker] {
	type b = Broker
	return newMapping("a broker", func(x *b) *diag.Range { return &x.Range },
		one("name", "The name that operations give in delivery.broker.", name(), func(x *b) *Field[string] { return &x.Name }).required(),
		one("kind", "The product: rabbitmq, kafka, servicebus-standard, sqs.", name(), func(x *b) *Field[string] { return &x.Kind }),
		one("availability", "The availability of the broker.", share(), func(x *b) *Field[float64] { return &x.Availability }),
		one("clustered", "Whether it survives the loss of one node.", yesNo(), func(x *b) *Field[bool] { return &x.Clustered }),
		one("max_message", "The largest message that it takes.", size(), func(x *b) *Field[int64] { return &x.MaxMessage }),
	)
}

func operationTable() *mapping[Operation] {
	type o = Operation
	return newMapping("the operation", func(x *o) *diag.Range { return &x.Range },
		one("name", "The name of the operation, unique within its service.", name(), func(x *o) *Field[string] { return &x.Name }).required(),
		one("description", "What the operation does.", prose(), func(x *o) *Field[string] { return &x.Description }),
		one("caller", "Who calls, when it is not the service.", name(), func(x *o) *Field[string] { return &x.Caller }),
		one("callee", "Who does the work.", name(), func(x *o) *Field[string] { return &x.Callee }),
		one("mode", "How the operation works today.", mode(), func(x *o) *Field[decide.Verdict] { return &x.Mode }),
		one("kind", "What sort of interaction it is.", word("query", "command", "event", "job"), func(x *o) *Field[string] { return &x.Kind }),
		one("audience", "Who waits for the outcome.", word("human", "machine", "nobody"), func(x *o) *Field[string] { return &x.Audience }),
		within("answers", "The answers to the four questions; one that is left out is unknown.", answersTable(), func(x *o) *Answers { return &x.Answers }).required(),
		one("timeout", "How long the caller waits before it gives up.", duration(), func(x *o) *Field[time.Duration] { return &x.Timeout }),
		one("typical", "The median of what the caller would wait for; answers.latency is the 99th percentile.", duration(), func(x *o) *Field[time.Duration] { return &x.Typical }),
		within("retry", "How the caller repeats a failed attempt.", retryTable(), func(x *o) *Retry { return &x.Retry }),
		many("guards", "What protects the caller from a failing callee.", word("circuit-breaker", "bulkhead", "fallback", "rate-limit", "cache", "hedging", "load-shedding", "retry-budget"), func(x *o) *[]Field[string] { return &x.Guards }),
		one("availability", "The availability of the callee.", share(), func(x *o) *Field[float64] { return &x.Availability }),
		one("boundary", "The nearest boundary that the call stays within or crosses.", word("process", "team", "organisation", "third-party"), func(x *o) *Field[string] { return &x.Boundary }),
		one("critical", "Whether its journey fails without it.", yesNo(), func(x *o) *Field[bool] { return &x.Critical }),
		one("idempotent", "Whether repeating it has the effect of doing it once.", yesNo(), func(x *o) *Field[bool] { return &x.Idempotent }),
		one("writes", "The store that it writes to.", name(), func(x *o) *Field[string] { return &x.Writes }),
		one("publishes", "The event or topic that it publishes besides.", name(), func(x *o) *Field[string] { return &x.Publishes }),
		one("consistency", "What readers may rely on after it.", word("strong", "eventual"), func(x *o) *Field[string] { return &x.Consistency }),
		one("compensation", "The operation that undoes it.", name(), func(x *o) *Field[string] { return &x.Compensation }),
		one("cacheable", "Whether the caller may keep a copy of the answer.", yesNo(), func(x *o) *Field[bool] { return &x.Cacheable }),
		one("loss_ok", "Whether losing one is acceptable.", yesNo(), func(x *o) *Field[bool] { return &x.LossOK }),
		one("freshness", "After this time its outcome is worthless.", duration(), func(x *o) *Field[time.Duration] { return &x.Freshness }),
		one("platform", "The front door that limits how long it may take.", name(), func(x *o) *Field[string] { return &x.Platform }),
		one("pool", "How many of it the caller can hold open at a time.", number(1), func(x *o) *Field[int] { return &x.Pool }),
		within("traffic", "How often it happens.", trafficTable(), func(x *o) *Traffic { return &x.Traffic }),
		within("delivery", "How its message travels when the caller does not wait.", deliveryTable(), func(x *o) *Delivery { return &x.Delivery }),
		within("reply", "How a caller that does not wait learns the outcome.", replyTable(), func(x *o) *Reply { return &x.Reply }),
		each("waivers", "The findings that are accepted on purpose.", waiverTable(), func(x *o) *[]Waiver { return &x.Waivers }),
		many("tags", "Words to choose operations by.", name(), func(x *o) *[]Field[string] { return &x.Tags }),
	)
}

func retryTable() *mapping[Retry] {
	type r = Retry
	return newMapping("retry", func(x *r) *diag.Range { return &x.Range },
		one("attempts", "How many attempts in all, the first included.", number(1), func(x *r) *Field[int] { return &x.Attempts }),
		one("backoff", "The pause before the next attempt.", pause(), func(x *r) *Field[time.Duration] { return &x.Backoff }),
		one("jitter", "Whether the pause is varied at random.", yesNo(), func(x *r) *Field[bool] { return &x.Jitter }),
	)
}

func trafficTable() *mapping[Traffic] {
	type t = Traffic
	return newMapping("traffic", func(x *t) *diag.Range { return &x.Range },
		one("mean", "The mean rate.", rate(), func(x *t) *Field[float64] { return &x.Mean }),
		one("peak", "The rate of a peak.", rate(), func(x *t) *Field[float64] { return &x.Peak }),
		one("capacity", "The rate that the callee can sustain.", rate(), func(x *t) *Field[float64] { return &x.Capacity }),
		one("burst", "How long a peak lasts.", duration(), func(x *t) *Field[time.Duration] { return &x.Burst }),
	)
}

func deliveryTable() *mapping[Delivery] {
	type d = Delivery
	return newMapping("delivery", func(x *d) *diag.Range { return &x.Range },
		one("broker", "One of the manifest's brokers, or a product.", name(), func(x *d) *Field[string] { return &x.Broker }),
		one("channel", "The name of the queue, topic or stream.", name(), func(x *d) *Field[string] { return &x.Channel }),
		one("type", "What sort of channel it is; process never leaves the process.", word("queue", "topic", "stream", "session", "process"), func(x *d) *Field[string] { return &x.Type }),
		key[d]{
			Key:  Key{Name: "consumers", Doc: "How many kinds of consumer handle each message, or their names.", Kind: Count, Least: 1},
			read: func(w *walker, v value, x *d) { w.count(v, &x.Consumers) },
			same: func(a, b *d) bool { return a.Consumers.same(b.Consumers) },
		},
		one("dead_letter", "Where messages go that cannot be delivered.", nameOrNo(), func(x *d) *Field[string] { return &x.DeadLetter }),
		one("max_deliveries", "How often a message is delivered before it is given up.", number(1, "unlimited"), func(x *d) *Field[int] { return &x.MaxDeliveries }),
		one("idempotency", "How the consumer recognises a repeated message.", word("none", "key", "natural", "inbox"), func(x *d) *Field[string] { return &x.Idempotency }),
		one("outbox", "Whether the message is written with the data, in one transaction.", yesNo(), func(x *d) *Field[bool] { return &x.Outbox }),
		one("ordering", "Which order the work needs.", word("none", "key", "global"), func(x *d) *Field[string] { return &x.Ordering }),
		one("ttl", "How long a message may wait before it is dropped.", duration(), func(x *d) *Field[time.Duration] { return &x.TTL }),
		one("queue_limit", "How many messages may wait.", number(1, "unlimited"), func(x *d) *Field[int] { return &x.QueueLimit }),
		one("processing", "The 99th percentile of handling one message.", duration(), func(x *d) *Field[time.Duration] { return &x.Processing }),
		one("visibility", "How long a message stays hidden or locked while it is handled.", duration(), func(x *d) *Field[time.Duration] { return &x.Visibility }),
		one("workers", "How many messages are handled at a time.", number(1), func(x *d) *Field[int] { return &x.Workers }),
		one("payload", "The size of a message.", size(), func(x *d) *Field[int64] { return &x.Payload }),
		one("complete_within", "By when a message should be done after it was sent.", duration(), func(x *d) *Field[time.Duration] { return &x.CompleteWithin }),
		one("alarm", "Whether somebody is told when the dead-letter queue fills.", yesNo(), func(x *d) *Field[bool] { return &x.Alarm }),
		one("correlation", "Whether messages carry a correlation id.", yesNo(), func(x *d) *Field[bool] { return &x.Correlation }),
	)
}

func replyTable() *mapping[Reply] {
	type r = Reply
	return newMapping("reply", func(x *r) *diag.Range { return &x.Range },
		one("status", "The address of the status endpoint.", nameOrNo(), func(x *r) *Field[string] { return &x.Status }),
		one("notify", "How the outcome is told.", word("sse", "websocket", "webhook", "poll", "email", "push", "none"), func(x *r) *Field[string] { return &x.Notify }),
		one("retry_after", "When to ask for the status again.", duration(), func(x *r) *Field[time.Duration] { return &x.RetryAfter }),
		one("durable", "Whether the work is stored before it is acknowledged.", yesNo(), func(x *r) *Field[bool] { return &x.Durable }),
	)
}

func waiverTable() *mapping[Waiver] {
	type x = Waiver
	return newMapping("a waiver", func(w *x) *diag.Range { return &w.Range },
		one("rule", "The code or the name of the rule.", name(), func(w *x) *Field[string] { return &w.Rule }).required(),
		one("reason", "Why the finding is accepted.", name(), func(w *x) *Field[string] { return &w.Reason }).required(),
		one("owner", "Who decided it.", name(), func(w *x) *Field[string] { return &w.Owner }).required(),
		one("until", "The last day on which it holds.", date(), func(w *x) *Field[time.Time] { return &w.Until }).required(),
	)
}

func answersTable() *mapping[Answers] {
	return newMapping("answers", func(a *Answers) *diag.Range { return &a.Range },
		answerKey(decide.Immediacy, "Does the user need the result now?"),
		answerKey(decide.Retryability, "Can this operation fail and be retried?"),
		answerKey(decide.Latency, "Will it take more than the latency threshold? A duration stands for the 99th percentile."),
		answerKey(decide.Coupling, "Does this create coupling between services that is a concern?"),
	)
}
