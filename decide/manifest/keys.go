package manifest

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// Schema describes a whole document as the value of a key without a name. It
// is made from the same table that manifests are read with. Callers must not
// change it.
func Schema() *Key {
	return &Key{Doc: "A manifest of one service and its operations.", Kind: yamlfile.MappingKind, Keys: format().document.Keys()}
}

// tables are what manifests are read with. They are immutable.
type tables struct {
	document  *yamlfile.Table[header]
	operation *yamlfile.Table[Operation]
	inherited *yamlfile.Table[Operation] // the keys that documents may give for operations
	journey   *yamlfile.Table[Journey]
	broker    *yamlfile.Table[Broker]
	nothing   *Details // of documents that say nothing
}

// format builds the tables when the first manifest is read.
var format = sync.OnceValue(func() *tables {
	operation := operationTable()
	journey, broker := journeyTable(), brokerTable()
	inherited := operation.Part("what operations inherit", inheritable()...)
	return &tables{documentTable(operation, inherited, journey, broker), operation, inherited, journey, broker, new(Details)}
})

// Differing returns the keys of an operation whose values two differ in, wherever
// they stand, in the order of a manifest: all but its name, mode and answers.
func Differing(a, b *Operation) []string {
	return without(format().operation.Differing(a, b), "name", "mode", "answers")
}

// Sum takes into a sum what an operation says, its name and its answers aside: two that say the
// same have the same sum.
func Sum(o *Operation, h *maphash.Hash) { format().operation.Sum(o, h, "name", "answers") }

// Same reports whether two operations say the same, wherever they stand.
func Same(a, b *Operation) bool { return format().operation.Same(a, b) }

// DifferingJourney is Differing for the keys of journeys: all but the name.
func DifferingJourney(a, b *Journey) []string {
	return without(format().journey.Differing(a, b), "name")
}

// DifferingBroker is Differing for the keys of brokers: all but the name.
func DifferingBroker(a, b *Broker) []string { return without(format().broker.Differing(a, b), "name") }

// DifferingDocument is Differing for what documents say of their services: all but
// the service's name, its operations, journeys and brokers.
func DifferingDocument(a, b *Document) []string {
	return without(format().document.Differing(&header{Document: a}, &header{Document: b}), "version", "service", "operations", "journeys", "brokers")
}

func without(names []string, left ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(left, name) })
}

// sameStep reports whether two steps name the same operations.
func sameStep(a, b Step) bool {
	return a.Operation.Same(b.Operation) && slices.EqualFunc(a.Parallel, b.Parallel, sameStep)
}

// A header is a document while it is read: its envelope, and its operations
// not yet read. The document lives on alone, so that the nodes
// of its operations can go.
type header struct {
	*Document
	room       Details        // where it is read into
	operations yamlfile.Value // as written
}

func documentTable(operation, inherited *yamlfile.Table[Operation], journey *yamlfile.Table[Journey], broker *yamlfile.Table[Broker]) *yamlfile.Table[header] {
	type h = header
	return yamlfile.NewTable("the manifest", func(d *h) *diag.Range { return &d.Range },
		yamlfile.One("version", "The version of this format. The only one is 1, which is also the default.", version(), func(d *h) *Field[int] { return &d.Version }),
		yamlfile.One("service", "The service that the manifest describes. It's the caller of its operations unless they name another one.", yamlfile.Name(), func(d *h) *Field[string] { return &d.Service }).AsWellAs("name"),
		yamlfile.One("description", "What the service does.", yamlfile.Prose(), func(d *h) *Field[string] { return &d.Description }),
		yamlfile.One("owner", "The team that owns the service.", yamlfile.Name(), func(d *h) *Field[string] { return &d.Owner }).AsWellAs("team"),
		yamlfile.One("stack", "The technology in which patterns are shown: dotnet, java, go.", yamlfile.Name(), func(d *h) *Field[string] { return &d.Stack }),
		yamlfile.One("availability", "The availability of the service itself.", yamlfile.Share(), func(d *h) *Field[float64] { return &d.Availability }),
		yamlfile.One("platform", "The front door (gateway or load balancer) of all operations; it limits how long a caller can wait.", yamlfile.Name(), func(d *h) *Field[string] { return &d.Platform }),
		yamlfile.One("platform_timeout", "How long that front door lets a request run, if it's not its default.", yamlfile.Duration(), func(d *h) *Field[time.Duration] { return &d.PlatformTimeout }),
		defaultsRow(inherited),
		calleesRow(inherited),
		yamlfile.Later("operations", "The operations of the service.", &Key{Kind: yamlfile.MappingKind, Keys: operation.Keys()}, func(d *h) *yamlfile.Value { return &d.operations }),
		yamlfile.Each("journeys", "The user-facing paths through operations.", journey, func(d *h) *[]Journey { return &d.Journeys }),
		yamlfile.Each("brokers", "The brokers that carry messages.", broker, func(d *h) *[]Broker { return &d.Brokers }),
	)
}

func journeyTable() *yamlfile.Table[Journey] {
	type j = Journey
	return yamlfile.NewTable("a journey", func(x *j) *diag.Range { return &x.Range },
		yamlfile.One("name", "The name of the journey.", yamlfile.Name(), func(x *j) *Field[string] { return &x.Name }).AsRequired(),
		yamlfile.One("description", "What the user wants to do.", yamlfile.Prose(), func(x *j) *Field[string] { return &x.Description }),
		yamlfile.Row[j]{
			Key: Key{
				Name: "steps", Kind: yamlfile.StepsKind,
				Doc: "Its operations in order, as operation or service/operation; those in a nested list run in parallel.",
			},
			Read: func(w *yamlfile.Walker, v yamlfile.Value, x *j) { x.Steps = readSteps(w, v, 0) },
			Same: func(a, b *j) bool { return slices.EqualFunc(a.Steps, b.Steps, sameStep) },
		}.AsRequired(),
		yamlfile.One("slo", "The availability objective of the journey.", yamlfile.Share(), func(x *j) *Field[float64] { return &x.SLO }).AsWellAs("availability", "objective", "sla"),
		yamlfile.One("budget", "How long its user is willing to wait in total.", yamlfile.Duration(), func(x *j) *Field[time.Duration] { return &x.Budget }).AsWellAs("deadline", "latency", "timeout"),
	)
}

func brokerTable() *yamlfile.Table[Broker] {
	type b = Broker
	return yamlfile.NewTable("a broker", func(x *b) *diag.Range { return &x.Range },
		yamlfile.One("name", "The name that operations use in delivery.broker.", yamlfile.Name(), func(x *b) *Field[string] { return &x.Name }).AsRequired(),
		yamlfile.One("kind", "The product: rabbitmq, kafka, servicebus-standard, sqs.", yamlfile.Name(), func(x *b) *Field[string] { return &x.Kind }).AsWellAs("type", "product"),
		yamlfile.One("availability", "The availability of the broker.", yamlfile.Share(), func(x *b) *Field[float64] { return &x.Availability }),
		yamlfile.One("clustered", "Whether it survives the loss of a node.", yamlfile.YesNo(), func(x *b) *Field[bool] { return &x.Clustered }),
		yamlfile.One("max_message", "The largest message it accepts.", yamlfile.Size(), func(x *b) *Field[int64] { return &x.MaxMessage }).AsWellAs("max_message_size"),
	)
}

func operationTable() *yamlfile.Table[Operation] {
	type o = Operation
	return yamlfile.NewTable("the operation", func(x *o) *diag.Range { return &x.Range },
		yamlfile.One("name", "The name of the operation, unique within its service.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Name }).AsRequired(),
		yamlfile.One("description", "What the operation does.", yamlfile.Prose(), func(x *o) *Field[string] { return &x.Description }),
		yamlfile.One("caller", "Who calls, if it's not the service.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Caller }).AsWellAs("from", "client"),
		yamlfile.One("callee", "Who does the work.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Callee }).AsWellAs("to", "target", "upstream", "server"),
		yamlfile.One("mode", "How the operation works today.", Mode(), func(x *o) *Field[decide.Verdict] { return &x.Mode }),
		yamlfile.One("kind", "The kind of interaction.", yamlfile.Word("query", "command", "event", "job"), func(x *o) *Field[string] { return &x.Kind }),
		yamlfile.One("audience", "Who waits for the outcome.", yamlfile.Word("human", "machine", "nobody"), func(x *o) *Field[string] { return &x.Audience }),
		yamlfile.One("triggered_by", "What makes the caller call: a request from a person or a program, a message, a timer, a workflow step, or its own start. Nobody waits unless it's a request.", yamlfile.Word("request", "message", "timer", "workflow", "start"), func(x *o) *Field[string] { return &x.TriggeredBy }),
		yamlfile.Many("after", "The operations into the caller that lead to this one, as operation or service/operation; if it's left out, any of them may.", yamlfile.Name(), func(x *o) *[]Field[string] { return &x.After }),
		yamlfile.Within("answers", "The answers to the four questions; any that you leave out are unknown.", answersTable(), func(x *o) *Answers { return &x.Answers }).AsRequired(),
		yamlfile.One("timeout", "How long the caller waits before it gives up.", yamlfile.Duration(), func(x *o) *Field[time.Duration] { return &x.Timeout }),
		yamlfile.One("typical", "The median of what the caller would wait for; answers.latency is the 99th percentile.", yamlfile.Duration(), func(x *o) *Field[time.Duration] { return &x.Typical }).AsWellAs("p50", "median"),
		yamlfile.Within("retry", "How the caller retries a failed attempt.", retryTable(), func(x *o) *Retry { return &x.Retry }),
		yamlfile.Many("guards", "What protects the caller from a failing or slow callee.", yamlfile.Word(decide.Guards()...), func(x *o) *[]Field[string] { return &x.Guards }),
		yamlfile.One("availability", "The availability of the callee.", yamlfile.Share(), func(x *o) *Field[float64] { return &x.Availability }).AsWellAs("uptime", "sla", "slo"),
		yamlfile.One("boundary", "The nearest boundary that the call stays within or crosses.", boundary(), func(x *o) *Field[string] { return &x.Boundary }),
		yamlfile.One("critical", "Whether its journey fails without it.", yamlfile.YesNo(), func(x *o) *Field[bool] { return &x.Critical }),
		yamlfile.One("gate", "Whether the caller's own step must be undone if this fails.", yamlfile.YesNo(), func(x *o) *Field[bool] { return &x.Gate }),
		yamlfile.One("read_back", "Whether the caller's next step reads what this writes.", yamlfile.YesNo(), func(x *o) *Field[bool] { return &x.ReadBack }),
		yamlfile.One("idempotent", "Whether repeating it has the same effect as doing it once.", yamlfile.YesNo(), func(x *o) *Field[bool] { return &x.Idempotent }),
		yamlfile.One("writes", "The store it writes to.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Writes }),
		yamlfile.One("also_writes", "A second store it writes to outside the transaction of the first, such as a search index.", yamlfile.Name(), func(x *o) *Field[string] { return &x.AlsoWrites }),
		yamlfile.One("reads", "The store it reads from.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Reads }),
		yamlfile.One("publishes", "The event or topic it also publishes.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Publishes }),
		yamlfile.One("consistency", "What readers can rely on afterward.", yamlfile.Word("strong", "eventual"), func(x *o) *Field[string] { return &x.Consistency }),
		yamlfile.One("compensation", "The operation that undoes it.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Compensation }),
		yamlfile.One("cacheable", "Whether the caller may keep a copy of the response.", yamlfile.YesNo(), func(x *o) *Field[bool] { return &x.Cacheable }),
		yamlfile.One("loss_ok", "Whether it's acceptable to lose one.", yamlfile.YesNo(), func(x *o) *Field[bool] { return &x.LossOK }),
		yamlfile.One("freshness", "The time after which its outcome is useless.", yamlfile.Duration(), func(x *o) *Field[time.Duration] { return &x.Freshness }),
		yamlfile.One("platform", "The front door (gateway or load balancer) that limits how long it may take.", yamlfile.Name(), func(x *o) *Field[string] { return &x.Platform }),
		yamlfile.One("platform_timeout", "How long that front door lets a request run, if it's not its default.", yamlfile.Duration(), func(x *o) *Field[time.Duration] { return &x.PlatformTimeout }),
		yamlfile.One("holds", "What the caller holds while it waits: an open database transaction or a lock.", yamlfile.Word("transaction", "lock"), func(x *o) *Field[string] { return &x.Holds }),
		yamlfile.One("calls", "How many times one request to the caller usually makes this call; with one call per item, the usual number of items.", yamlfile.Number(1), func(x *o) *Field[int] { return &x.Calls }),
		yamlfile.One("pool_name", "The pool that it shares with other operations of its caller; pool is the size of that pool.", yamlfile.Name(), func(x *o) *Field[string] { return &x.PoolName }),
		yamlfile.One("pool", "How many of these calls the caller can have open at once.", yamlfile.Number(1), func(x *o) *Field[int] { return &x.Pool }).AsWellAs("pool_size", "max_connections"),
		yamlfile.Within("traffic", "How often it happens.", trafficTable(), func(x *o) *Traffic { return &x.Traffic }),
		yamlfile.Within("delivery", "How its message travels if the caller doesn't wait.", deliveryTable(), func(x *o) *Delivery { return &x.Delivery }),
		yamlfile.Within("reply", "How a caller that doesn't wait learns the outcome.", replyTable(), func(x *o) *Reply { return &x.Reply }),
		evidenceRow(),
		yamlfile.Each("waivers", "The findings that are accepted on purpose.", waiverTable(), func(x *o) *[]Waiver { return &x.Waivers }),
		yamlfile.Many("tags", "Labels for selecting operations.", yamlfile.Name(), func(x *o) *[]Field[string] { return &x.Tags }),
	)
}

func retryTable() *yamlfile.Table[Retry] {
	type r = Retry
	return yamlfile.NewTable("retry", func(x *r) *diag.Range { return &x.Range },
		yamlfile.One("attempts", "The total number of attempts, including the first one.", yamlfile.Number(1), func(x *r) *Field[int] { return &x.Attempts }).AsWellAs("retries", "max_attempts", "max_retries"),
		yamlfile.One("backoff", "The pause before the second attempt; it doubles with each one after that.", yamlfile.Pause(), func(x *r) *Field[time.Duration] { return &x.Backoff }),
		yamlfile.Many("on", "The failures after which it retries: no connection, rejected because of load (429), service unavailable (503), a timeout, any error.", yamlfile.Word("connect", "throttled", "unavailable", "timeout", "error"), func(x *r) *[]Field[string] { return &x.On }),
		yamlfile.One("within", "How long all attempts and pauses together may take.", yamlfile.Duration(), func(x *r) *Field[time.Duration] { return &x.Within }),
		yamlfile.One("jitter", "Whether the pause is randomized.", yamlfile.YesNo(), func(x *r) *Field[bool] { return &x.Jitter }),
	)
}

func trafficTable() *yamlfile.Table[Traffic] {
	type t = Traffic
	return yamlfile.NewTable("traffic", func(x *t) *diag.Range { return &x.Range },
		yamlfile.One("mean", "The mean rate.", yamlfile.Rate(), func(x *t) *Field[float64] { return &x.Mean }).AsWellAs("rate", "rps", "qps", "tps", "throughput"),
		yamlfile.One("peak", "The rate of a peak.", yamlfile.Rate(), func(x *t) *Field[float64] { return &x.Peak }).AsWellAs("peak_rate"),
		yamlfile.One("capacity", "The rate that the callee can sustain.", yamlfile.Rate(), func(x *t) *Field[float64] { return &x.Capacity }),
		yamlfile.One("burst", "How long a peak lasts.", yamlfile.Duration(), func(x *t) *Field[time.Duration] { return &x.Burst }),
	)
}

func deliveryTable() *yamlfile.Table[Delivery] {
	type d = Delivery
	return yamlfile.NewTable("delivery", func(x *d) *diag.Range { return &x.Range },
		yamlfile.One("broker", "One of the manifest's brokers, or a product.", yamlfile.Name(), func(x *d) *Field[string] { return &x.Broker }),
		yamlfile.One("channel", "The name of the queue, topic, or stream.", yamlfile.Name(), func(x *d) *Field[string] { return &x.Channel }).AsWellAs("queue", "topic", "stream", "exchange"),
		yamlfile.One("type", "The kind of channel; process never leaves the process.", yamlfile.Word("queue", "topic", "stream", "session", "process"), func(x *d) *Field[string] { return &x.Type }),
		yamlfile.Row[d]{
			Key:  Key{Name: "consumers", Doc: "How many kinds of consumer handle each message, or their names.", Kind: yamlfile.CountKind, Least: 1},
			Read: func(w *yamlfile.Walker, v yamlfile.Value, x *d) { readCount(w, v, &x.Consumers, &x.Handlers) },
			Same: func(a, b *d) bool {
				return a.Consumers.Same(b.Consumers) && slices.EqualFunc(a.Handlers, b.Handlers, Field[string].Same)
			},
			Sum: func(x *d, h *maphash.Hash) {
				yamlfile.SumField("consumers", &x.Consumers, h)
				yamlfile.SumFields("handlers", x.Handlers, h)
			},
			Fill: func(to, from *d) {
				if !to.Consumers.Set() {
					to.Consumers, to.Handlers = from.Consumers, from.Handlers
				}
			},
			Leaves: func(x *d, visit func(yamlfile.Leaf)) {
				if x.Consumers.Set() {
					visit(yamlfile.Leaf{Path: "consumers", Range: x.Consumers.Range, Kind: yamlfile.NumberKind, Value: x.Consumers.Value})
				}
			},
		},
		yamlfile.One("dead_letter", "Where undeliverable messages go.", yamlfile.NameOrNo(), func(x *d) *Field[string] { return &x.DeadLetter }).AsWellAs("dlq", "dlx", "dead_letter_queue"),
		yamlfile.One("max_deliveries", "How often a message is delivered before the broker gives up.", yamlfile.Number(1, "unlimited"), func(x *d) *Field[int] { return &x.MaxDeliveries }),
		yamlfile.One("idempotency", "How the consumer recognizes duplicates.", yamlfile.Word("none", "key", "natural", "inbox", "broker"), func(x *d) *Field[string] { return &x.Idempotency }),
		yamlfile.One("idempotency_kept", "How long duplicates are recognized.", yamlfile.Duration(), func(x *d) *Field[time.Duration] { return &x.IdempotencyKept }),
		yamlfile.One("ack", "When the consumer acknowledges a message: before or after its work.", yamlfile.Word("before", "after"), func(x *d) *Field[string] { return &x.Ack }),
		yamlfile.One("backoff", "The pause before a failed message is redelivered; 0s means immediately.", yamlfile.Pause(), func(x *d) *Field[time.Duration] { return &x.Backoff }),
		yamlfile.One("poison", "What happens to the messages behind one that can't be handled: they continue without it (skip), they wait (block), or those with its key are set aside with it (park-key).", yamlfile.Word("skip", "block", "park-key"), func(x *d) *Field[string] { return &x.Poison }),
		yamlfile.One("retention", "How long the broker keeps a message that nobody has handled.", yamlfile.Duration(), func(x *d) *Field[time.Duration] { return &x.Retention }),
		yamlfile.One("dead_letter_retention", "How long the dead-letter queue keeps a message.", yamlfile.Duration(), func(x *d) *Field[time.Duration] { return &x.DeadLetterRetention }),
		yamlfile.One("outbox", "Whether the message is written in the same transaction as the data.", yamlfile.YesNo(), func(x *d) *Field[bool] { return &x.Outbox }),
		yamlfile.One("ordering", "Which order the work needs.", yamlfile.Word("none", "key", "global"), func(x *d) *Field[string] { return &x.Ordering }),
		yamlfile.One("ttl", "How long a message may wait before it is dropped.", yamlfile.Duration(), func(x *d) *Field[time.Duration] { return &x.TTL }),
		yamlfile.One("queue_limit", "How many messages may wait.", yamlfile.Number(1, "unlimited"), func(x *d) *Field[int] { return &x.QueueLimit }),
		yamlfile.One("processing", "The 99th percentile of processing one message.", yamlfile.Duration(), func(x *d) *Field[time.Duration] { return &x.Processing }),
		yamlfile.One("visibility", "How long a message stays hidden or locked while it's processed.", yamlfile.Duration(), func(x *d) *Field[time.Duration] { return &x.Visibility }),
		yamlfile.One("lock_renewal", "Whether the consumer renews the lock while it works.", yamlfile.YesNo(), func(x *d) *Field[bool] { return &x.LockRenewal }),
		yamlfile.One("workers", "How many messages are processed at a time.", yamlfile.Number(1), func(x *d) *Field[int] { return &x.Workers }).AsWellAs("concurrency", "parallelism"),
		yamlfile.One("payload", "The size of a message.", yamlfile.Size(), func(x *d) *Field[int64] { return &x.Payload }),
		yamlfile.One("complete_within", "How soon after sending a message should be done.", yamlfile.Duration(), func(x *d) *Field[time.Duration] { return &x.CompleteWithin }),
		yamlfile.One("alarm", "Whether someone is alerted when messages reach the dead-letter queue.", yamlfile.YesNo(), func(x *d) *Field[bool] { return &x.Alarm }),
		yamlfile.One("lag_alarm", "Whether someone is alerted when messages wait too long.", yamlfile.YesNo(), func(x *d) *Field[bool] { return &x.LagAlarm }),
		yamlfile.One("correlation", "Whether messages carry a correlation id.", yamlfile.YesNo(), func(x *d) *Field[bool] { return &x.Correlation }),
	)
}

func replyTable() *yamlfile.Table[Reply] {
	type r = Reply
	return yamlfile.NewTable("reply", func(x *r) *diag.Range { return &x.Range },
		yamlfile.One("status", "The URL of the status endpoint.", yamlfile.NameOrNo(), func(x *r) *Field[string] { return &x.Status }),
		yamlfile.One("notify", "How the caller is told the outcome.", yamlfile.Word("sse", "websocket", "webhook", "poll", "email", "push", "none"), func(x *r) *Field[string] { return &x.Notify }),
		yamlfile.One("accept_within", "How long the acknowledgment takes, in 99 of 100 cases (p99); the caller waits that long.", yamlfile.Duration(), func(x *r) *Field[time.Duration] { return &x.AcceptWithin }),
		yamlfile.One("retry_after", "When to poll the status again.", yamlfile.Duration(), func(x *r) *Field[time.Duration] { return &x.RetryAfter }),
		yamlfile.One("durable", "Whether the work is stored before it's acknowledged.", yamlfile.YesNo(), func(x *r) *Field[bool] { return &x.Durable }),
	)
}

func waiverTable() *yamlfile.Table[Waiver] {
	type x = Waiver
	return yamlfile.NewTable("a waiver", func(w *x) *diag.Range { return &w.Range },
		yamlfile.One("rule", "The code or the name of the rule.", yamlfile.Name(), func(w *x) *Field[string] { return &w.Rule }).AsRequired(),
		yamlfile.One("reason", "Why the finding is accepted.", yamlfile.Name(), func(w *x) *Field[string] { return &w.Reason }).AsRequired(),
		yamlfile.One("owner", "Who decided it.", yamlfile.Name(), func(w *x) *Field[string] { return &w.Owner }).AsRequired(),
		yamlfile.One("until", "The last day it's valid.", yamlfile.Date(), func(w *x) *Field[time.Time] { return &w.Until }).AsRequired(),
	)
}

func answersTable() *yamlfile.Table[Answers] {
	return yamlfile.NewTable("answers", func(a *Answers) *diag.Range { return &a.Range },
		answerKey(decide.Immediacy, "Does the user need the result now?").AsWellAs("immediate"),
		answerKey(decide.Retryability, "Can this operation fail and be retried?").AsWellAs("retryable", "retriable"),
		answerKey(decide.Latency, "Will it take more than the latency threshold? A duration is taken as the 99th percentile.").AsWellAs("p99", "response_time"),
		answerKey(decide.Coupling, "Does this create coupling between services that is a concern?").AsWellAs("coupled"),
	)
}
