package decide

// The guards: what protects a caller from a failing or slow callee, as manifests name it.
// They stand here once, for all that reads, draws or finds them.
const (
	GuardBreaker     = "circuit-breaker"
	GuardBulkhead    = "bulkhead"
	GuardFallback    = "fallback"
	GuardRateLimit   = "rate-limit"
	GuardCache       = "cache"
	GuardHedging     = "hedging"
	GuardShedding    = "load-shedding"
	GuardRetryBudget = "retry-budget"
	GuardReconcile   = "reconcile"
	GuardReadBack    = "read-your-writes"
)

// Guards returns all guards, in the order in which the format lists them.
func Guards() []string {
	return []string{
		GuardBreaker, GuardBulkhead, GuardFallback, GuardRateLimit, GuardCache, GuardHedging, GuardShedding, GuardRetryBudget, GuardReconcile, GuardReadBack,
	}
}
