// Package rules is the catalogue of lint rules, one file for each.
package rules

import "waitornot/decide/lint"

// All returns the catalogue of lint rules in the order of their codes.
//
// The hundreds group them: WN1 the manifest against the verdict, WN2 synchronous
// structure, WN3 time-outs and retries, WN4 asynchronous delivery, WN5 hybrid
// and notification. WN0 is what the reader itself reports, WN9 what the run
// reports about waivers.
func All() []*lint.Rule {
	return []*lint.Rule{
		modeDisagrees(),
		undecided(),
		needlessAsync(),
		gateMarkedRetryable(),
		syncChainTooDeep(),
		syncCycle(),
		latencyBudgetExceeded(),
		tailLatencyFanout(),
		availabilityBelowSlo(),
		dependencyWeakerThanSlo(),
		syncFanOut(),
		syncNonCriticalStep(),
		syncSlowCall(),
		syncBatchWork(),
		syncOverAsync(),
		uncachedReferenceRead(),
		sharedDatabase(),
		timeoutMissing(),
		timeoutInversion(),
		timeoutBelowP99(),
		timeoutAbovePlatformLimit(),
		retryStorm(),
		retryExceedsDeadline(),
		retryWithoutJitter(),
		retryNonIdempotent(),
		syncWithoutBreaker(),
		missingBulkhead(),
		syncOverload(),
		asyncWithoutDlq(),
		asyncWithoutIdempotency(),
		nonRetryableOnAtLeastOnce(),
		asyncUnboundedRetry(),
		unboundedQueue(),
		queueNeverDrains(),
		queueSlowDrain(),
		visibilityTooShort(),
		staleWorkNoTTL(),
		orderingNotGuaranteed(),
		payloadExceedsBrokerLimit(),
		strongConsistencyOverAsync(),
		dualWriteWithoutOutbox(),
		sagaWithoutCompensation(),
		eventPingPong(),
		asyncCycle(),
		sharedBrokerSpof(),
		missingCorrelation(),
		compensationUnknown(),
		hybridWithoutStatusEndpoint(),
		userFacingAsyncNoNotification(),
		hybridWithoutIdempotencyKey(),
		ackBeforeDurable(),
		pollingWithoutRetryAfter(),
		webhookHandlerTooSlow(),
		failureInvisible(),
	}
}
