package manifest

import (
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// Evidence is what was measured of an operation while it ran. Only import writes it.
type Evidence struct {
	Range    diag.Range
	Source   Field[string]    // what measured it: traces, prometheus, clickhouse, jaeger
	From, To Field[time.Time] // the first and the last day, at midnight UTC
	Calls    Field[int]

	Mean, Peak    Field[float64]       // calls per second
	P50, P95, P99 Field[time.Duration] // as the caller saw them
	Errors        Field[float64]       // share of calls that failed
	Waited        Field[float64]       // share of calls for whose end the caller waited
	Retried       Field[float64]       // share of attempts that repeated an earlier one
	PerRequest    Field[int]           // calls for each request of the caller, rounded
	Parallel      Field[float64]       // share of calls that ran beside another of the same request
	TimedOut      Field[float64]       // share of attempts that ran out of time
	GaveUp        Field[time.Duration] // the median time after which they did

	Queued      Field[time.Duration] // p99 of the time in the queue
	Processing  Field[time.Duration] // p99 of handling one message
	Consumers   Field[int]
	Redelivered Field[float64] // share of messages that were handled more than once
	Polled      Field[bool]    // its state was asked for after a 202

	Troubled Field[int]     // requests in which the callee failed or was slow
	Spread   Field[float64] // share of those that failed or were slow for the caller
}

// EnoughCalls is how many calls settle a 99th percentile: of fewer it is the slowest.
const EnoughCalls = 100

// EvidenceKey is the key of an operation under which import writes what was measured.
const EvidenceKey = "evidence"

func evidenceTable() *yamlfile.Table[Evidence] {
	type e = Evidence
	return yamlfile.NewTable("the evidence", func(x *e) *diag.Range { return &x.Range },
		yamlfile.One("source", "What measured it.", yamlfile.Word("traces", "prometheus", "clickhouse", "jaeger"), func(x *e) *Field[string] { return &x.Source }),
		yamlfile.One("from", "The first day of the measurement.", yamlfile.Date(), func(x *e) *Field[time.Time] { return &x.From }),
		yamlfile.One("to", "The last day of the measurement.", yamlfile.Date(), func(x *e) *Field[time.Time] { return &x.To }),
		yamlfile.One("calls", "How many calls were measured.", yamlfile.Number(0), func(x *e) *Field[int] { return &x.Calls }),
		yamlfile.One("mean", "The mean rate.", yamlfile.Rate(), func(x *e) *Field[float64] { return &x.Mean }),
		yamlfile.One("peak", "The highest rate over one minute.", yamlfile.Rate(), func(x *e) *Field[float64] { return &x.Peak }),
		yamlfile.One("p50", "The median latency as seen by the caller.", yamlfile.Duration(), func(x *e) *Field[time.Duration] { return &x.P50 }),
		yamlfile.One("p95", "The 95th percentile of the latency.", yamlfile.Duration(), func(x *e) *Field[time.Duration] { return &x.P95 }),
		yamlfile.One("p99", "The 99th percentile of the latency.", yamlfile.Duration(), func(x *e) *Field[time.Duration] { return &x.P99 }),
		yamlfile.One("errors", "The share of calls that failed.", yamlfile.Share(), func(x *e) *Field[float64] { return &x.Errors }),
		yamlfile.One("waited", "The share of calls whose end the caller waited for.", yamlfile.Share(), func(x *e) *Field[float64] { return &x.Waited }),
		yamlfile.One("retried", "The share of attempts that were retries.", yamlfile.Share(), func(x *e) *Field[float64] { return &x.Retried }),
		yamlfile.One("per_request", "How many calls one request to the caller makes, rounded.", yamlfile.Number(0), func(x *e) *Field[int] { return &x.PerRequest }),
		yamlfile.One("parallel", "The share of calls that ran in parallel with another call of the same request.", yamlfile.Share(), func(x *e) *Field[float64] { return &x.Parallel }),
		yamlfile.One("timed_out", "The share of attempts that timed out.", yamlfile.Share(), func(x *e) *Field[float64] { return &x.TimedOut }),
		yamlfile.One("gave_up", "The median time after which timed-out attempts gave up.", yamlfile.Duration(), func(x *e) *Field[time.Duration] { return &x.GaveUp }),
		yamlfile.One("queued", "The 99th percentile of the time in the queue.", yamlfile.Duration(), func(x *e) *Field[time.Duration] { return &x.Queued }),
		yamlfile.One("processing", "The 99th percentile of processing one message.", yamlfile.Duration(), func(x *e) *Field[time.Duration] { return &x.Processing }),
		yamlfile.One("consumers", "How many services processed its messages.", yamlfile.Number(1), func(x *e) *Field[int] { return &x.Consumers }),
		yamlfile.One("redelivered", "The share of messages that were processed more than once.", yamlfile.Share(), func(x *e) *Field[float64] { return &x.Redelivered }),
		yamlfile.One("polled", "Whether its state was polled after it was acknowledged.", yamlfile.YesNo(), func(x *e) *Field[bool] { return &x.Polled }),
		yamlfile.One("troubled", "The number of requests in which the callee failed or was slow.", yamlfile.Number(0), func(x *e) *Field[int] { return &x.Troubled }),
		yamlfile.One("spread", "The share of those requests that also failed or were slow for the caller.", yamlfile.Share(), func(x *e) *Field[float64] { return &x.Spread }),
	)
}

// evidenceRow is the key of the evidence. Two operations that differ in it alone say the
// same: nobody wrote it.
func evidenceRow() yamlfile.Row[Operation] {
	return yamlfile.Apart(EvidenceKey, "What was measured in production; written by import, not by people.", evidenceTable(), func(x *Operation) *Evidence {
		x.Evidence = &Evidence{}
		return x.Evidence
	})
}
