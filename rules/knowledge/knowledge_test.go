package knowledge

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/advice"
)

func loaded(t *testing.T) *library {
	t.Helper()
	all, err := loadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func completeAnswers() []decide.Answers {
	var list []decide.Answers
	decide.Answers{}.Complete(func(a decide.Answers) bool {
		list = append(list, a)
		return true
	})
	return list
}

func dueIDs(r *decide.Recommendation) []string {
	var list []string
	for _, d := range r.Safeguards {
		list = append(list, d.ID)
	}
	return list
}

// All of the embedded knowledge loads, and its parts fit together.
func TestKnowledgeIsValid(t *testing.T) {
	if err := ValidateKnowledge(); err != nil {
		t.Fatal(err)
	}
}

// The ids that answers, scenarios and stacks refer to are there.
func TestSafeguardIDs(t *testing.T) {
	want := strings.Fields(`
		dead-letter-queue idempotent-consumer idempotency-key error-handling deadline bounded-retry
		circuit-breaker bulkhead fallback progress persist-intent reconcile outbox inbox deduplication
		single-delivery park-and-alert status-endpoint push-notification outcome-notice
		durable-acceptance pending-state after-commit local-copy checkpoint bounded-queue correlation-id
		compensation read-your-writes`)
	list, err := LoadSafeguards()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range list {
		got = append(got, s.ID)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("safeguards %v, want %v", got, want)
	}
}

// No combination of answers obliges more than a person can take in, and none
// leaves an operation without any.
func TestSafeguardsPerCombination(t *testing.T) {
	const most = 8
	k := loaded(t).knowledge
	for _, a := range completeAnswers() {
		r := k.Recommend(a, 0)
		if n := len(r.Safeguards); n == 0 || n > most {
			t.Errorf("%s: %s with %d safeguards, want 1 to %d: %v", a, r.Verdict, n, most, dueIDs(&r))
		}
	}
}

// What the framework itself says of each answer is obliged.
func TestFrameworkObligations(t *testing.T) {
	k := loaded(t).knowledge
	for _, a := range completeAnswers() {
		r := k.Recommend(a, 0)
		detached := r.Verdict != decide.Sync
		retryable, wanted := a[decide.Retryability] == decide.Yes, a[decide.Immediacy] != decide.No
		rules := []struct {
			id  string
			due bool
		}{
			{"dead-letter-queue", detached && retryable},
			{"idempotent-consumer", detached && retryable},
			{"single-delivery", detached && !retryable},
			{"error-handling", !detached && !retryable},
			{"bounded-retry", !detached && retryable},
			{"circuit-breaker", !detached && a[decide.Coupling] == decide.Yes},
			{"outbox", detached && a[decide.Coupling] == decide.Yes},
			{"progress", !detached && a[decide.Latency] == decide.Yes},
			{"reconcile", !detached && !retryable && a[decide.Latency] == decide.Yes && a[decide.Coupling] == decide.Yes},
			{"persist-intent", !detached && !retryable && a[decide.Latency] == decide.Yes && a[decide.Coupling] == decide.Yes},
			{"status-endpoint", r.Verdict == decide.Hybrid},
			{"outcome-notice", r.Verdict == decide.Async && wanted},
			{"after-commit", !detached && a[decide.Immediacy] != decide.Yes},
		}
		for _, rule := range rules {
			if got := slices.Contains(dueIDs(&r), rule.id); got != rule.due {
				t.Errorf("%s: %s: %s is due: %t, want %t", a, r.Verdict, rule.id, got, rule.due)
			}
		}
	}
}

// A card authorization, the framework's hardest example, gets what keeps an
// unknown outcome from being charged twice.
func TestPaymentSafeguards(t *testing.T) {
	k := loaded(t).knowledge
	r := k.Recommend(decide.Answers{decide.Yes, decide.No, decide.Yes, decide.Yes}, 0)
	want := []string{"error-handling", "deadline", "circuit-breaker", "bulkhead", "progress", "persist-intent", "reconcile"}
	if got := dueIDs(&r); r.Verdict != decide.Sync || !slices.Equal(got, want) {
		t.Errorf("%s with %v, want sync with %v", r.Verdict, got, want)
	}
}

// Every pattern is chosen for some answers and facts.
func TestEveryPatternIsChosen(t *testing.T) {
	k := loaded(t).knowledge
	chosen := map[string]bool{}
	for _, p := range k.Patterns {
		alternatives := []decide.Facts{0}
		for _, name := range p.Any.List() {
			f, _ := decide.ParseFact(name)
			alternatives = append(alternatives, f)
		}
		for _, a := range completeAnswers() {
			for _, f := range alternatives {
				if r := k.Recommend(a, p.All|f); r.Pattern != nil {
					chosen[r.Pattern.ID] = true
				}
			}
		}
	}
	for _, p := range k.Patterns {
		if !chosen[p.ID] {
			t.Errorf("%s is never chosen", p.ID)
		}
	}
}

// The facts of everyday operations lead to the pattern one would expect.
func TestPatternChoice(t *testing.T) {
	k := loaded(t).knowledge
	const y, n, l, b = decide.Yes, decide.No, decide.Later, decide.Beyond
	tests := []struct {
		name    string
		answers decide.Answers
		facts   decide.Facts
		want    string
	}{
		{"payment authorization", decide.Answers{y, n, y, y}, decide.External | decide.Command | decide.Human, "request-reply"},
		{"read of another team's catalogue", decide.Answers{y, n, n, y}, decide.Query | decide.Cacheable, "local-copy"},
		{"search over several indexes", decide.Answers{y, n, n, y}, decide.Query | decide.FanOut, "parallel-aggregate"},
		{"call in the same process", decide.Answers{y, n, n, n}, decide.Local, "direct-call"},
		{"export with an open page", decide.Answers{l, y, b, n}, decide.Human | decide.Push, "server-push"},
		{"export without facts", decide.Answers{l, y, b, n}, 0, "status-polling"},
		{"export that the page polls", decide.Answers{l, y, b, n}, decide.Human | decide.Poll, "status-polling"},
		{"report for a partner system", decide.Answers{l, y, b, y}, decide.Machine, "webhook-callback"},
		{"order with payment behind it", decide.Answers{l, y, y, y}, decide.Command | decide.Outbox | decide.Human, "pending-state-with-outbox"},
		{"onboarding with steps to undo", decide.Answers{l, y, b, y}, decide.Compensated, "durable-workflow"},
		{"receipt by queue", decide.Answers{n, y, y, y}, decide.Brokered, "queue"},
		{"receipt by outbox", decide.Answers{n, y, y, y}, decide.Brokered | decide.Outbox, "outbox-relay"},
		{"order placed, three listeners", decide.Answers{n, y, n, y}, decide.Event | decide.FanOut | decide.Outbox, "publish-subscribe"},
		{"thumbnails in the same service", decide.Answers{n, y, y, n}, 0, "job-table"},
		{"page hits that may be lost", decide.Answers{n, y, n, n}, decide.LossOK | decide.InProcess, "in-process-channel"},
		{"nightly recommendations", decide.Answers{n, y, b, n}, decide.Job | decide.Nobody, "scheduled-batch"},
		{"status changes in order", decide.Answers{n, y, n, y}, decide.Ordered | decide.Brokered, "ordered-queue"},
		{"clicks through a log", decide.Answers{n, y, n, y}, decide.Stream | decide.Brokered | decide.FanOut, "log-stream"},
		{"event to a customer's address", decide.Answers{n, y, y, y}, decide.External | decide.Event, "webhook-sender"},
		{"fulfilment with undo", decide.Answers{n, y, y, y}, decide.Compensated | decide.Brokered, "saga"},
	}
	for _, tt := range tests {
		r := k.Recommend(tt.answers, tt.facts)
		if r.Pattern == nil {
			t.Errorf("%s: %s, no pattern, want %s", tt.name, r.Verdict, tt.want)
		} else if r.Pattern.ID != tt.want {
			t.Errorf("%s: %s, pattern %s, want %s", tt.name, r.Verdict, r.Pattern.ID, tt.want)
		}
	}
}

// A safeguard file with a fault is refused, and the error names it.
func TestSafeguardsRefused(t *testing.T) {
	refused(t, safeguardsYAML, func(src []byte) error { _, err := parseSafeguards(src); return err }, []mutation{
		{"unknown key", "    name: Deadline", "    nome: Deadline", "nome"},
		{"no name", "    name: Deadline\n", "", "deadline: the name is missing"},
		{"no what", "    what: One time limit for the whole wait, including all attempts, passed on to every call below.\n", "", `deadline: what is not a sentence: ""`},
		{"unfinished sentence", "passed on to every call below.", "passed on to every call below", "deadline: what is not a sentence"},
		{"bad id", "  - id: deadline", "  - id: Dead line", `"Dead line" is not an id`},
		{"id twice", "  - id: bulkhead", "  - id: deadline", "deadline is defined twice"},
		{"neither sources nor judgment", "    sources: [az-cb, calc, aws-rel05]\n", "", "fallback: give either sources or judgment"},
		{"sources and judgment", "    sources: [az-cb, calc, aws-rel05]\n", "    sources: [calc]\n    judgment: true\n", "fallback: give either sources or judgment"},
		{"optional and obliged", "    sources: [nielsen]", "    sources: [nielsen]\n    optional: true", "progress: say what obliges it, or optional"},
		{"nothing obliges it", "      - {by: latency, verdicts: [sync], when: {latency: [\"yes\"]}}\n    sources: [nielsen]", "    sources: [nielsen]", "progress: say what obliges it, or optional"},
		{"unknown question", "{by: latency, verdicts: [sync], when: {latency: [\"yes\"]}}", "{by: speed, verdicts: [sync], when: {latency: [\"yes\"]}}", `"speed", which is not a question`},
		{"unknown verdict", "{by: latency, verdicts: [sync],", "{by: latency, verdicts: [sink],", `"sink" is not a verdict`},
		{"undecided is no verdict", "{by: latency, verdicts: [sync],", "{by: latency, verdicts: [undecided],", `"undecided" is not a verdict`},
		{"no verdict", "{by: latency, verdicts: [sync],", "{by: latency, verdicts: [],", "the obligation by latency has no verdict"},
		{"answer of another question", "when: {latency: [\"yes\"]}", "when: {latency: [later]}", `"later" does not answer latency`},
		{"condition on an unknown question", "when: {latency: [\"yes\"]}", "when: {latency: [\"yes\"], speed: [\"no\"]}", `"speed" is not a question`},
		{"obliging answer not said", "when: {latency: [\"yes\"]}", "when: {coupling: [\"yes\"]}", "does not say which answer to latency obliges"},
		{"two documents", "safeguards:", "safeguards: []\n---\nsafeguards:", "more than one document"},
	})
	if _, err := parseSafeguards([]byte("safeguards: []")); err == nil {
		t.Error("an empty list is accepted")
	}
}

// A pattern file with a fault is refused, and the error names it.
func TestPatternsRefused(t *testing.T) {
	refused(t, patternsYAML, func(src []byte) error { _, err := parsePatterns(src); return err }, []mutation{
		{"unknown key", "    when: {verdict: hybrid, all: [], any: [push, human]", "    when: {verdict: hybrid, some: [], any: [push, human]", "some"},
		{"no why", "    why: >-\n      It works for every client, through every proxy, and without an open connection.\n", "", "status-polling: why is not a sentence"},
		{"id twice", "  - id: queue", "  - id: saga", "saga is defined twice"},
		{"unknown fact", "any: [push, human]", "any: [push, humans]", `"humans" is not a fact`},
		{"unknown verdict", "{verdict: hybrid, all: [], any: [push, human]", "{verdict: mixed, all: [], any: [push, human]", `server-push: "mixed" is not a verdict`},
		{"asked for and ruled out", "any: [push, human], none: [poll]", "any: [push, human], none: [push]", "server-push: push is both asked for and ruled out"},
		{"no source", "    sources: [tail]\n", "", "parallel-aggregate: give either sources or judgment"},
		{"shadowed", "all: [local], any: [], none: []", "all: [], any: [], none: []", "request-reply can never be chosen: direct-call before it"},
		{"shadowed by a wider one", "all: [ordered], any: [], none: [fan-out, stream]", "all: [], any: [ordered, stream], none: []", "log-stream can never be chosen: ordered-queue before it"},
		{"no default", "    when: {verdict: hybrid, all: [], any: [], none: []}", "    when: {verdict: hybrid, all: [poll], any: [], none: []}", "hybrid has no pattern that fits whatever the facts"},
	})
}

// A pattern covers another exactly when it fits wherever the other does. All
// pairs over three facts are tried. A single fact under any is the same as under
// all, which covers need not see.
func TestCovers(t *testing.T) {
	const facts, none = 8, decide.Facts(0)
	var patterns []decide.Pattern
	for i := range decide.Facts(facts * facts * facts) {
		p := decide.Pattern{Verdict: decide.Sync, All: i % facts, Any: i / facts % facts, None: i / facts / facts}
		if p.None&(p.All|p.Any) == none && len(p.Any.List()) != 1 {
			patterns = append(patterns, p)
		}
	}
	for _, p := range patterns {
		for _, q := range patterns {
			want := true
			for f := range decide.Facts(facts) {
				want = want && (!q.Fits(decide.Sync, f) || p.Fits(decide.Sync, f))
			}
			if got := covers(&p, &q); got != want {
				t.Fatalf("covers(%v, %v) = %t, want %t", p, q, got, want)
			}
		}
	}
	other := decide.Pattern{Verdict: decide.Async}
	if covers(&patterns[0], &other) {
		t.Error("a pattern covers one of another verdict")
	}
}

// A source list with a fault is refused, and the error names it.
func TestSourcesRefused(t *testing.T) {
	refused(t, sourcesYAML, func(src []byte) error { _, err := parseSources(src); return err }, []mutation{
		{"unknown key", "{id: grpc, title:", "{id: grpc, name:", "name"},
		{"no title", `{id: grpc, title: "gRPC: Deadlines"`, `{id: grpc, title: ""`, "grpc: the name is missing"},
		{"id twice", "{id: grpc,", "{id: sre,", "sre is defined twice"},
		{"plain http", `"https://grpc.io`, `"http://grpc.io`, "is not an https address"},
	})
}

// What is wrong between the parts is found, and every fault is reported.
func TestValidateRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*library)
		want  []string
	}{
		{"source that nobody has", func(all *library) {
			all.sources = slices.DeleteFunc(all.sources, func(s advice.Source) bool { return s.ID == "nielsen" })
		}, []string{
			`question latency: there is no source "nielsen"`, `safeguard progress: there is no source "nielsen"`, `limit flow: there is no source "nielsen"`,
		}},
		{"pattern without a source", func(all *library) { all.knowledge.Patterns[0].Sources = []string{"x"} }, []string{
			`pattern local-copy: there is no source "x"`,
		}},
		{"stack without a source", func(all *library) { all.stack("go").Sources = []string{"x"} }, []string{
			`stack go: there is no source "x"`,
		}},
		{"stack that lacks a pattern", func(all *library) { delete(all.stack("go").Components, "saga") }, []string{
			"stack go: no component for the pattern saga",
		}},
		{"stack with an unknown pattern", func(all *library) { all.stack("go").Components["quue"] = advice.Component{Use: "x"} }, []string{
			`stack go: there is no pattern "quue"`,
		}},
		{"stack with an unknown safeguard", func(all *library) { all.stack("go").Safeguards["dedline"] = "X." }, []string{
			`stack go: there is no safeguard "dedline"`,
		}},
		{"limit of an unknown stack", func(all *library) { all.limits.Brokers[0].Stack = "azur" }, []string{
			`limit servicebus-standard: there is no stack "azur"`,
		}},
		{"obligation out of reach", func(all *library) {
			all.safeguard("progress").Obliged[0].Verdicts = decide.SetOf(decide.Hybrid)
			all.safeguard("progress").Obliged[0].When[decide.Immediacy] = decide.AnswersOf(decide.No)
		}, []string{"safeguard progress: no answers reach its obligation 1, by latency"}},
		{"dissent that obliges nothing", func(all *library) { all.safeguard("after-commit").Obliged = nil }, []string{
			"the dissent of immediacy obliges nothing when immediacy no, retryability no, latency no, coupling no",
			"the dissent of immediacy obliges nothing when immediacy later, retryability no, latency no, coupling no",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := loaded(t)
			tt.spoil(all)
			err := all.validate()
			if err == nil {
				t.Fatal("not refused")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error\n%v\nwant one with %q", err, want)
				}
			}
		})
	}
}

func (all *library) stack(id string) *advice.Stack {
	return all.stacks[slices.IndexFunc(all.stacks, func(s *advice.Stack) bool { return s.ID == id })]
}

func (all *library) safeguard(id string) *decide.Safeguard {
	list := all.knowledge.Safeguards
	return &list[slices.IndexFunc(list, func(s decide.Safeguard) bool { return s.ID == id })]
}

// A mutation is a change that makes good data bad, and what the refusal says.
type mutation struct{ name, old, new, want string }

// refused checks that parse accepts src and refuses every mutation of it.
func refused(t *testing.T, src []byte, parse func([]byte) error, mutations []mutation) {
	t.Helper()
	if err := parse(src); err != nil {
		t.Fatalf("the good data is refused: %v", err)
	}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			bad := bytes.Replace(src, []byte(m.old), []byte(m.new), 1)
			if bytes.Equal(bad, src) {
				t.Fatalf("%q is not in the data", m.old)
			}
			if err := parse(bad); err == nil || !strings.Contains(err.Error(), m.want) {
				t.Errorf("error %v, want one with %q", err, m.want)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
