package manifest

// Given is a set of parts that operations may have and most don't. The zero Given is empty.
type Given uint16

// The parts. One that is a mapping is given when it's written, whatever is in it.
const (
	GivenTimeout Given = 1 << iota
	GivenRetry         // retry.attempts: without it, nothing is retried
	GivenTraffic
	GivenDelivery
	GivenReply
	GivenEvidence
	GivenWrites
	GivenCritical
	GivenConsistency
	GivenFreshness
	GivenCacheable
	GivenHolds
	GivenCalls
)

// Given returns the parts that the operation has, of its own or inherited.
func (o *Operation) Given() Given {
	var g Given
	set := func(part Given, given bool) {
		if given {
			g |= part
		}
	}
	set(GivenTimeout, o.Timeout.Set())
	set(GivenRetry, o.Retry.Attempts.Set())
	set(GivenTraffic, o.Traffic.Range.IsValid())
	set(GivenDelivery, o.Delivery.Range.IsValid())
	set(GivenReply, o.Reply.Range.IsValid())
	set(GivenEvidence, o.Evidence != nil)
	set(GivenWrites, o.Writes.Set())
	set(GivenCritical, o.Critical.Set())
	set(GivenConsistency, o.Consistency.Set())
	set(GivenFreshness, o.Freshness.Set())
	set(GivenCacheable, o.Cacheable.Set())
	set(GivenHolds, o.Holds.Set())
	set(GivenCalls, o.Calls.Set())
	return g
}
