package simulate

import (
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Facts are what a simulation needs of an operation beside what the graph keeps of it.
type Facts struct {
	Facts         decide.Facts
	Jitter        bool
	Budget        bool // guards: retry-budget
	Shedding      bool // guards: load-shedding or rate-limit
	Unsimulated   bool // guards: cache or hedging
	MaxDeliveries int
	Deliveries    bool // MaxDeliveries is given; 0 is then unlimited
	Redelivery    time.Duration
	Redelivers    bool // Redelivery is given; 0 is then at once
	Blocks        bool // poison: block
	AckFirst      bool // ack: before
	QueueLimit    int  // 0 when unlimited or not given
	Visibility    time.Duration
	Measured      *manifest.Evidence // nil when nothing was
}

// FactsOf returns the facts of an operation as written.
func FactsOf(op *manifest.Operation) Facts {
	f := Facts{
		Facts: op.Facts(), Jitter: op.Retry.Jitter.Value,
		MaxDeliveries: op.Delivery.MaxDeliveries.Value, Deliveries: op.Delivery.MaxDeliveries.Set(),
		QueueLimit: op.Delivery.QueueLimit.Value, Visibility: op.Delivery.Visibility.Value,
		Redelivery: op.Delivery.Backoff.Value, Redelivers: op.Delivery.Backoff.Set(),
		Blocks: op.Delivery.Poison.Value == "block", AckFirst: op.Delivery.Ack.Value == "before",
		Measured: op.Evidence,
	}
	for i := range op.Guards {
		switch op.Guards[i].Value {
		case decide.GuardRetryBudget:
			f.Budget = true
		case decide.GuardShedding, decide.GuardRateLimit:
			f.Shedding = true
		case decide.GuardCache, decide.GuardHedging:
			f.Unsimulated = true
		}
	}
	return f
}
