package custom_test

import (
	"context"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules/custom"
	"waitornot/rules/embedded"
)

// write returns a custom rule with the expression at line 4, column 11 of a
// configuration.
func write(when string) config.CustomRule {
	text := func(s string, line uint32) manifest.Field[string] {
		start := diag.Pos{Line: line, Column: 11}
		return manifest.Field[string]{Value: s, Range: diag.Range{Start: start, End: diag.Pos{Line: line, Column: 11 + uint32(len([]rune(s)))}}}
	}
	return config.CustomRule{
		File: ".waitornot.yaml", Code: text("ACME001", 1), Name: text("own-rule", 2), When: text(when, 4), Message: text("it is not allowed", 5),
		Severity: manifest.Field[diag.Severity]{Value: diag.Warning, Range: diag.Range{Start: diag.Pos{Line: 3, Column: 1}}},
	}
}

// find passes a rule over a manifest.
func find(t *testing.T, r *lint.Rule, src string) []diag.Finding {
	t.Helper()
	table, err := embedded.Table()
	if err != nil {
		t.Fatal(err)
	}
	open := func() (manifest.Source, error) { return manifest.Source{Name: "m.yaml", Data: []byte(src)}, nil }
	result, err := lint.Run(context.Background(), []lint.Opener{open}, lint.Options{Rules: []*lint.Rule{r}, Table: table, Limits: decide.DefaultLimits()})
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

const system = `service: shop
owner: sales
journeys:
  - {name: buy, steps: [pay, mail], budget: 3s, slo: 99.9%}
operations:
  - name: pay
    callee: bank
    mode: sync
    kind: command
    boundary: third-party
    timeout: 5s
    guards: [bulkhead]
    tags: [pci]
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
  - name: mail
    callee: mailer
    mode: async
    answers: {immediacy: no, latency: 2s}
    delivery: {broker: rabbitmq, max_deliveries: 5, payload: 4KB}
`

// An expression is true exactly for the operations that it describes.
func TestOperations(t *testing.T) {
	for when, want := range map[string]string{
		`mode == "sync"`:  "shop/pay",
		`mode == verdict`: "shop/pay shop/mail",
		`timeout > duration("3s") && "circuit-breaker" not in guards`: "shop/pay",
		`timeout > duration("5s")`:                                    "",
		`p99 > duration("1s")`:                                        "shop/mail",
		`not given("timeout")`:                                        "shop/mail",
		`given("delivery.payload") and delivery.payload > 1024`:       "shop/mail",
		`immediacy == "yes" and coupling == "yes"`:                    "shop/pay",
		`retryability == "unknown"`:                                   "shop/mail",
		`any(tags, # startsWith "pc")`:                                "shop/pay",
		`owner == "sales" and callee matches "^mail"`:                 "shop/mail",
		`id == "shop/pay" and caller == service`:                      "shop/pay",
	} {
		r, faults := custom.Compile(write(when))
		if r == nil {
			t.Errorf("%s: %v", when, faults)
			continue
		}
		var got []string
		for _, f := range find(t, r, system) {
			got = append(got, f.Operation)
			if f.Code != "ACME001" || f.Severity != diag.Warning || !strings.HasSuffix(f.Message, ": it is not allowed") {
				t.Errorf("%s: finding %+v", when, f)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: findings about %v, want %s", when, got, want)
		}
	}
}

// A rule over journeys sees what the arithmetic knows of them.
func TestJourneys(t *testing.T) {
	for when, want := range map[string]bool{
		`waits == 1 and len(steps) == 2`:           true,
		`budget > duration("2s") and slo > 0.99`:   true,
		`p99 == duration("900ms") && given("p99")`: true,
		`given("availability")`:                    false,
		`"shop/mail" in steps`:                     true,
		`attempts > 1 or depth > 1`:                false,
	} {
		c := write(when)
		c.Over.Value = "journey"
		r, faults := custom.Compile(c)
		if r == nil {
			t.Errorf("%s: %v", when, faults)
			continue
		}
		found := find(t, r, system)
		if (len(found) == 1) != want || len(found) > 1 {
			t.Errorf("%s: %d findings, want %v", when, len(found), want)
		}
		if want && (found[0].Operation != "shop/buy" || found[0].Range.Start.Line != 4) {
			t.Errorf("%s: finding %+v", when, found[0])
		}
	}
}

// A rule that cannot be used is refused, at the character that is wrong.
func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		when, want string
		column     uint32 // from the start of the expression, 0 for its first character
	}{
		{`timeuot > duration("3s")`, "unknown name timeuot", 0},
		{`mode == "sync" and timeout > 3`, "invalid operation: > (mismatched types time.Duration and int)", 27},
		{`mode`, "expected bool, but got string", 0},
		{`mode == `, "unexpected token EOF", 7},
		{`given("timeuot")`, `"timeuot" is not a fact`, 6},
		{`given(mode)`, "given takes the name of a fact in quotes", 0},
		{`len(1..10) > 3`, "ranges of numbers are not allowed", 5},
		{`now() == now()`, "unknown name now", 0},
		{`len(map(guards, 1)) > 0`, "unknown function map", 4},
		{strings.Repeat("true and ", 300) + "true", "the expression has more than 2000 characters", 0},
	} {
		r, faults := custom.Compile(write(tt.when))
		if r != nil || len(faults) != 1 {
			t.Errorf("%s: compiled", tt.when)
			continue
		}
		f := faults[0]
		if !strings.Contains(f.Message, tt.want) || f.File != ".waitornot.yaml" || f.Range.Start != (diag.Pos{Line: 4, Column: 11 + tt.column}) {
			t.Errorf("%s: %s at %v, want %q at column %d", tt.when, f.Message, f.Range, tt.want, 11+tt.column)
		}
		if strings.Contains(f.Message, "\n") {
			t.Errorf("%s: the message has several lines", tt.when)
		}
	}
	for code, want := range map[string]string{"WN777": "a valid code", "acme1": "a valid code", "ACME": "a valid code"} {
		c := write("true")
		c.Code.Value = code
		if r, faults := custom.Compile(c); r != nil || !strings.Contains(faults[0].Message, want) {
			t.Errorf("code %s: %v", code, faults)
		}
	}
	c := write("true")
	c.Name.Value = "Own Rule"
	if r, _ := custom.Compile(c); r != nil {
		t.Error("a name with blanks is accepted")
	}
}

// A name that nothing has leads to the fact that is meant.
func TestUnknownNames(t *testing.T) {
	for when, want := range map[string]string{
		`timeuot > duration("3s")`: "write timeout",
		`operation.owner == ""`:    "write owner without operation.",
		`"x" == op.owner`:          "write owner without op.",
		`operation.zzz == ""`:      "write the name of a fact, as 'waitornot explain' lists them",
		`xyzzy`:                    "write the name of a fact, as 'waitornot explain' lists them",
	} {
		if _, faults := custom.Compile(write(when)); len(faults) != 1 || faults[0].Fix != want {
			t.Errorf("%s: %+v, want %q", when, faults, want)
		}
	}
}

// An expression that fails while it runs is a finding, not a crash.
func TestFails(t *testing.T) {
	r, faults := custom.Compile(write(`guards[3] == "cache"`))
	if r == nil {
		t.Fatal(faults)
	}
	found := find(t, r, system)
	if len(found) != 2 || !strings.Contains(found[0].Message, "the expression of own-rule (.waitornot.yaml:4) fails here: ") {
		t.Errorf("findings %+v", found)
	}
}

// A rule passes its own cases only when the bad one triggers it, the good one
// does not, and both are manifests.
func TestCases(t *testing.T) {
	table, err := embedded.Table()
	if err != nil {
		t.Fatal(err)
	}
	const one = "operations:\n  - {name: pay, answers: {}, mode: "
	for _, tt := range []struct{ bad, good, wantBad, wantGood string }{
		{one + "sync}\n", one + "async}\n", "", ""},
		{one + "async}\n", one + "sync}\n", "the rule reports nothing", `line 2: the rule reports "pay": it is not allowed`},
		{"", one + "async}\n", "it is not given", ""},
		{one + "snyc}\n", "operations: 3\n", `line 2: mode is "snyc": expected one of sync, async, hybrid`, `line 1: operations is "3": expected a list`},
	} {
		c := write(`mode == "sync"`)
		c.Bad.Value, c.Good.Value = tt.bad, tt.good
		r, faults := custom.Compile(c)
		if r == nil {
			t.Fatal(faults)
		}
		cases, err := custom.Test(context.Background(), r, table, decide.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if len(cases) != 2 || !strings.HasPrefix(cases[0].Failed, tt.wantBad) || !strings.HasPrefix(cases[1].Failed, tt.wantGood) ||
			(cases[0].Failed == "") != (tt.wantBad == "") || (cases[1].Failed == "") != (tt.wantGood == "") {
			t.Errorf("cases %+v, want %q and %q", cases, tt.wantBad, tt.wantGood)
		}
	}
}
