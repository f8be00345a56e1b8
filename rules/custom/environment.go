package custom

import (
	"cmp"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// An operation is what an expression over an operation can name. A fact that
// the manifest does not give is "", 0, false or an empty list; given tells it
// from one that is given as such.
type operation struct {
	ID       string `expr:"id"` // service/operation
	Name     string `expr:"name"`
	Service  string `expr:"service"`
	Owner    string `expr:"owner"`
	Stack    string `expr:"stack"`
	Caller   string `expr:"caller"`
	Callee   string `expr:"callee"`
	Mode     string `expr:"mode"`
	Verdict  string `expr:"verdict"` // sync, async, hybrid or undecided
	Kind     string `expr:"kind"`
	Audience string `expr:"audience"`
	Boundary string `expr:"boundary"`

	TriggeredBy string   `expr:"triggered_by"`
	After       []string `expr:"after"`

	Immediacy    string        `expr:"immediacy"` // the answers, as words
	Retryability string        `expr:"retryability"`
	Latency      string        `expr:"latency"`
	Coupling     string        `expr:"coupling"`
	P99          time.Duration `expr:"p99"`     // the latency, when a duration stands for it
	Typical      time.Duration `expr:"typical"` // the median

	Timeout      time.Duration `expr:"timeout"`
	Attempts     int           `expr:"attempts"`
	Backoff      time.Duration `expr:"backoff"`
	Jitter       bool          `expr:"jitter"`
	Guards       []string      `expr:"guards"`
	Tags         []string      `expr:"tags"`
	Availability float64       `expr:"availability"`
	Critical     bool          `expr:"critical"`
	Gate         bool          `expr:"gate"`
	ReadBack     bool          `expr:"read_back"`
	Idempotent   bool          `expr:"idempotent"`
	Cacheable    bool          `expr:"cacheable"`
	LossOK       bool          `expr:"loss_ok"`
	Writes       string        `expr:"writes"`
	AlsoWrites   string        `expr:"also_writes"`
	Reads        string        `expr:"reads"`
	Publishes    string        `expr:"publishes"`
	Consistency  string        `expr:"consistency"`
	Compensation string        `expr:"compensation"`
	Freshness    time.Duration `expr:"freshness"`
	Platform     string        `expr:"platform"`
	Holds        string        `expr:"holds"`
	Calls        int           `expr:"calls"`
	PoolName     string        `expr:"pool_name"`
	Pool         int           `expr:"pool"`

	PlatformTimeout time.Duration `expr:"platform_timeout"`
	RetryOn         []string      `expr:"retry_on"`
	RetryWithin     time.Duration `expr:"retry_within"`

	Traffic  traffic  `expr:"traffic"`
	Delivery delivery `expr:"delivery"`
	Reply    reply    `expr:"reply"`
	Evidence measured `expr:"evidence"`

	Given func(name string) bool `expr:"given"`
}

type traffic struct {
	Mean     float64       `expr:"mean"` // rates are per second
	Peak     float64       `expr:"peak"`
	Capacity float64       `expr:"capacity"`
	Burst    time.Duration `expr:"burst"`
}

type delivery struct {
	Broker        string        `expr:"broker"`
	Channel       string        `expr:"channel"`
	Type          string        `expr:"type"`
	Consumers     int           `expr:"consumers"`
	DeadLetter    string        `expr:"dead_letter"`
	MaxDeliveries int           `expr:"max_deliveries"` // 0 is unlimited
	Idempotency   string        `expr:"idempotency"`
	Outbox        bool          `expr:"outbox"`
	Ordering      string        `expr:"ordering"`
	TTL           time.Duration `expr:"ttl"`
	QueueLimit    int           `expr:"queue_limit"` // 0 is unlimited
	Processing    time.Duration `expr:"processing"`
	Visibility    time.Duration `expr:"visibility"`
	Workers       int           `expr:"workers"`
	Payload       int64         `expr:"payload"` // bytes

	CompleteWithin time.Duration `expr:"complete_within"`
	Alarm          bool          `expr:"alarm"`
	Correlation    bool          `expr:"correlation"`

	IdempotencyKept     time.Duration `expr:"idempotency_kept"`
	Ack                 string        `expr:"ack"`
	Backoff             time.Duration `expr:"backoff"`
	Poison              string        `expr:"poison"`
	Retention           time.Duration `expr:"retention"`
	DeadLetterRetention time.Duration `expr:"dead_letter_retention"`
	LockRenewal         bool          `expr:"lock_renewal"`
	LagAlarm            bool          `expr:"lag_alarm"`
}

type reply struct {
	Status       string        `expr:"status"`
	Notify       string        `expr:"notify"`
	AcceptWithin time.Duration `expr:"accept_within"`
	RetryAfter   time.Duration `expr:"retry_after"`
	Durable      bool          `expr:"durable"`
}

// facts are the names that given knows, each with whether it is set.
func facts() map[string]func(*lint.Subject) bool {
	answer := func(q decide.Question) func(*lint.Subject) bool {
		return func(s *lint.Subject) bool { return s.Answers[q] != decide.Unknown }
	}
	known := map[string]func(*lint.Subject) bool{
		"caller":                         func(s *lint.Subject) bool { return s.Caller.Set() },
		"callee":                         func(s *lint.Subject) bool { return s.Callee.Set() },
		"owner":                          func(s *lint.Subject) bool { return s.Document.Owner.Set() },
		"stack":                          func(s *lint.Subject) bool { return s.Document.Stack.Set() },
		"mode":                           func(s *lint.Subject) bool { return s.Mode.Set() },
		"kind":                           func(s *lint.Subject) bool { return s.Kind.Set() },
		"audience":                       func(s *lint.Subject) bool { return s.Audience.Set() },
		"boundary":                       func(s *lint.Subject) bool { return s.Boundary.Set() },
		"immediacy":                      answer(decide.Immediacy),
		"retryability":                   answer(decide.Retryability),
		"latency":                        answer(decide.Latency),
		"coupling":                       answer(decide.Coupling),
		"p99":                            func(s *lint.Subject) bool { return s.Operation.Answers.Latency.Set() },
		"typical":                        func(s *lint.Subject) bool { return s.Typical.Set() },
		"timeout":                        func(s *lint.Subject) bool { return s.Timeout.Set() },
		"attempts":                       func(s *lint.Subject) bool { return s.Retry.Attempts.Set() },
		"backoff":                        func(s *lint.Subject) bool { return s.Retry.Backoff.Set() },
		"jitter":                         func(s *lint.Subject) bool { return s.Retry.Jitter.Set() },
		"guards":                         func(s *lint.Subject) bool { return len(s.Guards) > 0 },
		"tags":                           func(s *lint.Subject) bool { return len(s.Tags) > 0 },
		"availability":                   func(s *lint.Subject) bool { return s.Availability.Set() },
		"critical":                       func(s *lint.Subject) bool { return s.Critical.Set() },
		"idempotent":                     func(s *lint.Subject) bool { return s.Idempotent.Set() },
		"cacheable":                      func(s *lint.Subject) bool { return s.Cacheable.Set() },
		"loss_ok":                        func(s *lint.Subject) bool { return s.LossOK.Set() },
		"writes":                         func(s *lint.Subject) bool { return s.Writes.Set() },
		"reads":                          func(s *lint.Subject) bool { return s.Reads.Set() },
		"also_writes":                    func(s *lint.Subject) bool { return s.AlsoWrites.Set() },
		"holds":                          func(s *lint.Subject) bool { return s.Holds.Set() },
		"calls":                          func(s *lint.Subject) bool { return s.Calls.Set() },
		"pool_name":                      func(s *lint.Subject) bool { return s.PoolName.Set() },
		"platform_timeout":               func(s *lint.Subject) bool { return s.PlatformTimeout.Set() || s.Document.PlatformTimeout.Set() },
		"retry_on":                       func(s *lint.Subject) bool { return len(s.Retry.On) > 0 },
		"retry_within":                   func(s *lint.Subject) bool { return s.Retry.Within.Set() },
		"publishes":                      func(s *lint.Subject) bool { return s.Publishes.Set() },
		"consistency":                    func(s *lint.Subject) bool { return s.Consistency.Set() },
		"compensation":                   func(s *lint.Subject) bool { return s.Compensation.Set() },
		"freshness":                      func(s *lint.Subject) bool { return s.Freshness.Set() },
		"platform":                       func(s *lint.Subject) bool { return s.Platform.Set() || s.Document.Platform.Set() },
		"pool":                           func(s *lint.Subject) bool { return s.Pool.Set() },
		"traffic":                        func(s *lint.Subject) bool { return s.Traffic.Range.IsValid() },
		"traffic.mean":                   func(s *lint.Subject) bool { return s.Traffic.Mean.Set() },
		"traffic.peak":                   func(s *lint.Subject) bool { return s.Traffic.Peak.Set() },
		"traffic.capacity":               func(s *lint.Subject) bool { return s.Traffic.Capacity.Set() },
		"traffic.burst":                  func(s *lint.Subject) bool { return s.Traffic.Burst.Set() },
		"delivery":                       func(s *lint.Subject) bool { return s.Delivery.Range.IsValid() },
		"delivery.broker":                func(s *lint.Subject) bool { return s.Delivery.Broker.Set() },
		"delivery.channel":               func(s *lint.Subject) bool { return s.Delivery.Channel.Set() },
		"delivery.type":                  func(s *lint.Subject) bool { return s.Delivery.Type.Set() },
		"delivery.consumers":             func(s *lint.Subject) bool { return s.Delivery.Consumers.Set() },
		"delivery.dead_letter":           func(s *lint.Subject) bool { return s.Delivery.DeadLetter.Set() },
		"delivery.max_deliveries":        func(s *lint.Subject) bool { return s.Delivery.MaxDeliveries.Set() },
		"delivery.idempotency":           func(s *lint.Subject) bool { return s.Delivery.Idempotency.Set() },
		"delivery.outbox":                func(s *lint.Subject) bool { return s.Delivery.Outbox.Set() },
		"delivery.ordering":              func(s *lint.Subject) bool { return s.Delivery.Ordering.Set() },
		"delivery.ttl":                   func(s *lint.Subject) bool { return s.Delivery.TTL.Set() },
		"delivery.queue_limit":           func(s *lint.Subject) bool { return s.Delivery.QueueLimit.Set() },
		"delivery.processing":            func(s *lint.Subject) bool { return s.Delivery.Processing.Set() },
		"delivery.visibility":            func(s *lint.Subject) bool { return s.Delivery.Visibility.Set() },
		"delivery.workers":               func(s *lint.Subject) bool { return s.Delivery.Workers.Set() },
		"delivery.payload":               func(s *lint.Subject) bool { return s.Delivery.Payload.Set() },
		"delivery.complete_within":       func(s *lint.Subject) bool { return s.Delivery.CompleteWithin.Set() },
		"delivery.alarm":                 func(s *lint.Subject) bool { return s.Delivery.Alarm.Set() },
		"delivery.correlation":           func(s *lint.Subject) bool { return s.Delivery.Correlation.Set() },
		"delivery.idempotency_kept":      func(s *lint.Subject) bool { return s.Delivery.IdempotencyKept.Set() },
		"delivery.ack":                   func(s *lint.Subject) bool { return s.Delivery.Ack.Set() },
		"delivery.backoff":               func(s *lint.Subject) bool { return s.Delivery.Backoff.Set() },
		"delivery.poison":                func(s *lint.Subject) bool { return s.Delivery.Poison.Set() },
		"delivery.retention":             func(s *lint.Subject) bool { return s.Delivery.Retention.Set() },
		"delivery.dead_letter_retention": func(s *lint.Subject) bool { return s.Delivery.DeadLetterRetention.Set() },
		"delivery.lock_renewal":          func(s *lint.Subject) bool { return s.Delivery.LockRenewal.Set() },
		"delivery.lag_alarm":             func(s *lint.Subject) bool { return s.Delivery.LagAlarm.Set() },
		"reply":                          func(s *lint.Subject) bool { return s.Reply.Range.IsValid() },
		"reply.status":                   func(s *lint.Subject) bool { return s.Reply.Status.Set() },
		"reply.notify":                   func(s *lint.Subject) bool { return s.Reply.Notify.Set() },
		"reply.accept_within":            func(s *lint.Subject) bool { return s.Reply.AcceptWithin.Set() },
		"reply.retry_after":              func(s *lint.Subject) bool { return s.Reply.RetryAfter.Set() },
		"reply.durable":                  func(s *lint.Subject) bool { return s.Reply.Durable.Set() },
		"triggered_by":                   func(s *lint.Subject) bool { return s.TriggeredBy.Set() },
		"after":                          func(s *lint.Subject) bool { return len(s.After) > 0 },
		"gate":                           func(s *lint.Subject) bool { return s.Gate.Set() },
		"read_back":                      func(s *lint.Subject) bool { return s.ReadBack.Set() },
	}
	evidenceFacts(known)
	return known
}

// environment returns what an expression sees of an operation.
func environment(s *lint.Subject, known map[string]func(*lint.Subject) bool) operation {
	mode := ""
	if s.Mode.Set() {
		mode = s.Mode.Value.String()
	}
	return operation{
		ID: cut(s.ID()), Name: cut(s.Name.Value), Service: cut(s.Service), Owner: cut(s.Document.Owner.Value), Stack: cut(s.Document.Stack.Value),
		Caller: cut(s.From()), Callee: cut(s.Callee.Value), Mode: mode, Verdict: s.Decision.Verdict.String(),
		Kind: s.Kind.Value, Audience: s.Audience.Value, Boundary: s.Boundary.Value,
		TriggeredBy: s.TriggeredBy.Value, After: values(s.After), Gate: s.Gate.Value, ReadBack: s.ReadBack.Value,
		Immediacy: s.Answers[decide.Immediacy].String(), Retryability: s.Answers[decide.Retryability].String(),
		Latency: s.Answers[decide.Latency].String(), Coupling: s.Answers[decide.Coupling].String(),
		P99: s.Operation.Answers.Latency.Value, Typical: s.Typical.Value,
		Timeout: s.Timeout.Value, Attempts: s.Retry.Attempts.Value, Backoff: s.Retry.Backoff.Value, Jitter: s.Retry.Jitter.Value, Guards: values(s.Guards), Tags: values(s.Tags),
		Availability: s.Availability.Value, Critical: s.Critical.Value, Idempotent: s.Idempotent.Value,
		Cacheable: s.Cacheable.Value, LossOK: s.LossOK.Value, Writes: cut(s.Writes.Value), Publishes: cut(s.Publishes.Value),
		Consistency: s.Consistency.Value, Compensation: cut(s.Compensation.Value), Freshness: s.Freshness.Value,
		Platform: cut(s.Platform.Or(s.Document.Platform.Value)), Pool: s.Pool.Value,
		AlsoWrites: cut(s.AlsoWrites.Value), Reads: cut(s.Reads.Value), Holds: s.Holds.Value, Calls: s.Calls.Value, PoolName: cut(s.PoolName.Value),
		PlatformTimeout: cmp.Or(s.PlatformTimeout, s.Document.PlatformTimeout).Value, RetryOn: values(s.Retry.On), RetryWithin: s.Retry.Within.Value,
		Traffic: traffic{s.Traffic.Mean.Value, s.Traffic.Peak.Value, s.Traffic.Capacity.Value, s.Traffic.Burst.Value},
		Delivery: delivery{
			Broker: cut(s.Delivery.Broker.Value), Channel: cut(s.Delivery.Channel.Value), Type: s.Delivery.Type.Value,
			Consumers: s.Delivery.Consumers.Value, DeadLetter: cut(s.Delivery.DeadLetter.Value),
			MaxDeliveries: s.Delivery.MaxDeliveries.Value, Idempotency: s.Delivery.Idempotency.Value,
			Outbox: s.Delivery.Outbox.Value, Ordering: s.Delivery.Ordering.Value, TTL: s.Delivery.TTL.Value,
			QueueLimit: s.Delivery.QueueLimit.Value, Processing: s.Delivery.Processing.Value,
			Visibility: s.Delivery.Visibility.Value, Workers: s.Delivery.Workers.Value, Payload: s.Delivery.Payload.Value,
			CompleteWithin: s.Delivery.CompleteWithin.Value, Alarm: s.Delivery.Alarm.Value, Correlation: s.Delivery.Correlation.Value,
			IdempotencyKept: s.Delivery.IdempotencyKept.Value, Ack: s.Delivery.Ack.Value, Backoff: s.Delivery.Backoff.Value,
			Poison: s.Delivery.Poison.Value, Retention: s.Delivery.Retention.Value, DeadLetterRetention: s.Delivery.DeadLetterRetention.Value,
			LockRenewal: s.Delivery.LockRenewal.Value, LagAlarm: s.Delivery.LagAlarm.Value,
		},
		Reply:    reply{cut(s.Reply.Status.Value), s.Reply.Notify.Value, s.Reply.AcceptWithin.Value, s.Reply.RetryAfter.Value, s.Reply.Durable.Value},
		Evidence: measuredOf(s.Evidence),
		Given:    func(name string) bool { return known[name] != nil && known[name](s) },
	}
}

func values(fields []manifest.Field[string]) []string {
	fields = fields[:min(len(fields), MaxItems)]
	list := make([]string, 0, len(fields))
	for _, f := range fields {
		list = append(list, cut(f.Value))
	}
	return list
}

// cut shortens a text to what an expression sees of it.
func cut(text string) string {
	if len(text) <= MaxText {
		return text
	}
	return strings.ToValidUTF8(text[:MaxText], "")
}
