package manifest

import (
	"slices"
	"strings"
	"testing"

	"waitornot/decide/diag"
	"waitornot/decide/diag/diagtest"
)

// Each broken thing is one finding, exactly where it stands (between the marks).
func TestFindings(t *testing.T) {
	op := func(s string) string { return "operations:\n  - name: a\n    answers: {}\n" + s }
	for _, test := range []struct {
		name, text string
		want       []string // in the order of the marks
	}{
		{"unknown key", op("    ‹timout›: 2s\n"), []string{`unknown-key: unknown key "timout" in the operation [write timeout]`}},
		{"unknown key like none", "‹zzz›: 1\noperations: []\n", []string{
			`unknown-key: unknown key "zzz" in the manifest [use one of version, service, description, owner, stack, availability, platform, platform_timeout, defaults, callees, operations, journeys, brokers]`}},
		{"a word with an opposite nearby", "operations:\n  - name: a\n    answers: {immediacy: ‹now›}\n", []string{
			`impossible-value: answers.immediacy is "now": expected one of yes, later, no, unknown [write yes]`}},
		{"unknown key in flow", op("    retry: {‹atempts›: 2}\n"), []string{`unknown-key: unknown key "atempts" in retry [write attempts]`}},
		{"empty unknown flow value", op("    retry: {‹x›: , attempts: 2}\n"), []string{`unknown-key: unknown key "x" in retry [use one of attempts, backoff, on, within, jitter]`}},
		{"own keys", op("    x-note: {any: [thing]}\n") + "x-anything: 1\n", nil},
		{"huge key", "? ‹" + strings.Repeat("k", 500) + "›\n: 1\noperations: []\n", []string{
			`unknown-key: unknown key "` + strings.Repeat("k", 60) + `..." in the manifest [use one of version, service, description, owner, stack, availability, platform, platform_timeout, defaults, callees, operations, journeys, brokers]`}},
		{"control character in a key", "‹\"a\\e[31m\"›: 1\noperations: []\n", []string{
			`unknown-key: unknown key "a\x1b[31m" in the manifest [use one of version, service, description, owner, stack, availability, platform, platform_timeout, defaults, callees, operations, journeys, brokers]`}},
		{"duplicate key", op("    timeout: 1s\n    ‹timeout›: 2s\n"), []string{
			`duplicate-key: timeout is given twice; the first one, on line 4, counts [keep one of them] (4:5-4:12 first given here)`}},
		{"duplicate unknown key", "‹zzz›: 1\n‹zzz›: 2\noperations: []\n", []string{
			`unknown-key: unknown key "zzz" in the manifest [use one of version, service, description, owner, stack, availability, platform, platform_timeout, defaults, callees, operations, journeys, brokers]`,
			`duplicate-key: zzz is given twice; the first one, on line 1, counts [keep one of them] (1:1-1:4 first given here)`}},
		{"key that is no text", "‹[a]›: 1\noperations: []\n", []string{`wrong-kind: a key is a list or a mapping: expected a string`}},

		{"mapping for a text", op("    callee: ‹{a: b}›\n"), []string{`wrong-kind: callee is a mapping: expected a string`}},
		{"list for a duration", op("    timeout: ‹[1s,\n     2s]›\n"), []string{`wrong-kind: timeout is a list: expected a duration such as 250ms or 2s`}},
		{"text for a mapping", op("    traffic: ‹40/s›\n"), []string{`wrong-kind: traffic is "40/s": expected a mapping`}},
		{"text for a list", op("    guards: ‹bulkhead›\n"), []string{`wrong-kind: guards is "bulkhead": expected a list`}},
		{"text for an operation", "operations:\n  - ‹login›\n", []string{`wrong-kind: operations is "login": expected a mapping with a name and answers`}},
		{"mapping for operations", "operations: ‹{a: b}›\n", []string{`wrong-kind: operations is a mapping: expected a list`}},
		{"list for a document", "‹- a\n- b›\n", []string{`wrong-kind: the document is a list: expected a mapping`}},
		{"null", op("    timeout: ‹~›\n    callee: ‹null›\n    ‹mode›:\n"), []string{
			`wrong-kind: timeout has no value: expected a duration such as 250ms or 2s [give it a value, or leave it out]`,
			`wrong-kind: callee has no value: expected a string [give it a value, or leave it out]`,
			`wrong-kind: mode has no value: expected one of sync, async, hybrid [give it a value, or leave it out]`}},
		{"empty in flow", op("    retry: {‹attempts›: , backoff: 1s, ‹jitter›}\n"), []string{
			`wrong-kind: retry.attempts has no value: expected a whole number in decimal digits [give it a value, or leave it out]`,
			`wrong-kind: retry.jitter has no value: expected yes or no [give it a value, or leave it out]`}},
		{"empty item", op("    tags: [a]\n    guards:\n      -‹› \n      - cache\n"), []string{
			`wrong-kind: guards has no value: expected one of circuit-breaker, bulkhead, fallback, rate-limit, cache, hedging, load-shedding, retry-budget, reconcile, read-your-writes [give it a value, or leave it out]`}},
		{"no text to YAML", "service: ‹010›\noperations:\n  - name: ‹1e3›\n    answers: {}\n    callee: ‹yes›\n    caller: ‹2027-03-31›\n    writes: ‹.nan›\n    tags: [‹0x1f›, ‹1_0›, \"2\", 3x]\n", []string{
			`wrong-kind: service is "010", which YAML reads as a number: expected a string [quote it]`,
			`wrong-kind: name is "1e3", which YAML reads as a number: expected a string [quote it]`,
			`wrong-kind: callee is "yes", which YAML reads as a boolean: expected a string [quote it]`,
			`wrong-kind: caller is "2027-03-31", which YAML reads as a date: expected a string [quote it]`,
			`wrong-kind: writes is ".nan", which YAML reads as a number: expected a string [quote it]`,
			`wrong-kind: tags is "0x1f", which YAML reads as a number: expected a string [quote it]`,
			`wrong-kind: tags is "1_0", which YAML reads as a number: expected a string [quote it]`}},

		{"impossible values", op("    timeout: ‹-2s›\n    availability: ‹1.5›\n    mode: ‹asink›\n    retry: {attempts: ‹010›}\n"), []string{
			`impossible-value: timeout is "-2s": a duration can't be negative`,
			`impossible-value: availability is "1.5": a share can be at most 1 [write 1.5% or a number from 0 to 1]`,
			`impossible-value: mode is "asink": expected one of sync, async, hybrid [write async]`,
			`impossible-value: retry.attempts is "010": expected a whole number in decimal digits`}},
		{"impossible answers", "operations:\n  - name: a\n    answers: {immediacy: ‹beyond›, latency: ‹soon›, coupling: ‹maybe›, retryability: ‹yess›}\n", []string{
			`impossible-value: answers.immediacy is "beyond": expected one of yes, later, no, unknown`,
			`impossible-value: answers.latency is "soon": expected no, yes, beyond, unknown, or a duration such as 250ms or 2s`,
			`impossible-value: answers.coupling is "maybe": expected one of yes, no, unknown`,
			`impossible-value: answers.retryability is "yess": expected one of yes, too-late, unsafe, no, unknown [write yes]`}},
		{"long value", op("    timeout: ‹" + strings.Repeat("ü", 100) + "›\n"), []string{
			`impossible-value: timeout is "` + strings.Repeat("ü", 30) + `...": expected a duration such as 250ms or 2s`}},
		{"consumers", op("    delivery: {consumers: ‹0›}\n") + "  - name: b\n    answers: {}\n    delivery: {consumers: ‹[]›}\n", []string{
			`impossible-value: delivery.consumers is "0": must be at least 1`,
			`impossible-value: delivery.consumers is empty: a message has at least one consumer [name the consumers, or leave it out]`}},
		{"version", "version: ‹2›\noperations: []\n", []string{`unsupported-version: version is "2": only version 1 is known [write version: 1]`}},
		{"control character", "operations:\n  - name: ‹\"a\\e[31m\"›\n    answers: {}\n", []string{
			`control-character: name is "a\x1b[31m": it contains '\x1b', which is invisible [remove that character]`}},
		{"tag", op("    callee: !Ref ‹x›\n    caller: !!str ‹›5\n"), []string{`unknown-tag: callee has the tag !Ref, which has no meaning here [write the value itself]`, ""}},

		{"missing keys", "operations:\n  - ‹callee›: x\n  - ‹{}›\njourneys:\n  - ‹budget›: 1s\n", []string{
			`missing-key: the operation has no name or answers [add name and answers]`,
			`missing-key: the operation has no name or answers [add name and answers]`,
			`missing-key: a journey has no name or steps [add name and steps]`}},
		{"missing key", "operations:\n  - {‹name›: x}\n", []string{`missing-key: the operation has no answers [add answers]`}},
		{"bare waiver", op("    waivers: [{‹rule›: undecided}]\n"), []string{`missing-key: a waiver has no reason, owner, or until [add reason, owner, and until]`}},
		{"empty steps", "journeys:\n  - {name: j, steps: ‹[]›}\n", []string{`impossible-value: journeys.steps is empty: expected at least one operation`}},
		{"deep steps", "journeys:\n  - {name: j, steps: [[[[[[[[[‹[a]›]]]]]]]]]}\n", []string{
			`too-deep: journeys.steps holds groups in groups, more than 8 deep [flatten the groups: all steps of a group run in parallel]`}},

		{"cycle", "journeys:\n  - name: j\n    steps: &s [a, ‹*s›]\n", []string{`alias: alias *s is inside the value that it stands for [write out the value]`}},
		{"merge cycle", op("    <<: &m {timeout: 1s, <<: ‹*m›}\n"), []string{`alias: alias *m is inside the value that it stands for [write out the value]`}},
		{"no anchor", op("    callee: ‹*nobody›\n"), []string{`alias: alias *nobody has no anchor [define &nobody before it, or write out the value]`}},
		{"anchor of another document", "service: &s a\noperations: []\n---\nservice: ‹*s›\noperations: []\n", []string{
			`alias: alias *s refers to an anchor in another document [write out the value: anchors end with their document]`}},
		{"merged text", op("    <<: ‹x›\n"), []string{`wrong-kind: << is "x": expected a mapping, or a list of mappings`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, ranges := diagtest.Marked(test.text)
			file, _ := read(text)
			slices.SortStableFunc(ranges, func(a, b diag.Range) int { return a.Start.Compare(b.Start) })
			var want strings.Builder
			for i, w := range test.want {
				at := ranges[min(i, len(ranges)-1)]
				if w != "" {
					want.WriteString(place(at) + " " + w + "\n")
				}
			}
			if got := lines(file.Findings); got != want.String() {
				t.Errorf("findings of\n%s\n%swant\n%s", text, got, want.String())
			}
		})
	}
}

// A value at fault leaves its own field unset and nothing else.
func TestBrokenValueAlone(t *testing.T) {
	file, ops := read("operations:\n  - name: a\n    answers: {latency: soon, coupling: yes}\n    timeout: -1s\n    callee: b\n  - 5\n  - name: c\n    answers: {}\n")
	if len(file.Findings) != 3 || len(ops) != 2 {
		t.Fatalf("%d operations, findings:\n%s", len(ops), lines(file.Findings))
	}
	if op := ops[0]; op.Timeout.Set() || op.Answers.Latency.Set() || op.Callee.Value != "b" || op.Name.Value != "a" {
		t.Errorf("operation read as %+v", op)
	}
	if file.Broken {
		t.Error("a file is broken although all its text was read")
	}
	for _, f := range file.Findings {
		if want := f.Rule != "wrong-kind"; (f.Operation == "a") != want {
			t.Errorf("the finding %q is about the operation %q", f.Message, f.Operation)
		}
	}
}

// Text that does not parse is named in our own words, and the documents around
// it are still read.
func TestSyntax(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"tab", "operations:\n  - name: a\n‹\t›answers: {}\n", "syntax: tabs aren't allowed in indentation [indent with spaces]"},
		{"tab after spaces", "operations:\n  - name: a\n  ‹\t›answers: {}\n", "syntax: tabs aren't allowed in indentation [indent with spaces]"},
		{"second colon", "operations:\n  - name: a‹:› b: c\n", "syntax: a second colon in the line would start a mapping here [quote the value, or start a new line]"},
		{"at sign", "operations:\n  - name: ‹@›a\n", "syntax: a value can't start with @ [quote it]"},
		{"open quote", "operations:\n  - name: ‹\"›a\n    answers: {}\n", "syntax: the closing quote is missing [close the quote]"},
		{"indent", "operations:\n  - name: a\n   ‹answers: {}›\n", "syntax: the indentation of this line doesn't match the lines above [check the indentation, and the quotes and brackets before it]"},
		{"open list", "operations:\n  - name: a\n    ‹tags: [a, b›\n    answers: {}\n", "syntax: a bracket isn't closed, or a comma is missing [close the list or mapping that's open here]"},
		{"open bracket at the end", "‹operations: [›\n", "syntax: a value is missing, or a bracket doesn't match [add the value, and close what's open here]"},
		{"other words of the library", "‹service: !<x›\n", "syntax: did not find the expected '>' [fix what's here, or quote it]"},
		{"escape", "operations:\n  - ‹name: \"C:\\work\"›\n", "syntax: unknown escape after a backslash in double quotes [double the backslash, or use single quotes]"},
		{"too deep", "x-deep: ‹" + strings.Repeat("[", 20_000) + "›", "too-deep: values are nested more than 10000 levels deep [flatten them]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, ranges := diagtest.Marked(test.text)
			file, _ := read(text)
			if got := lines(file.Findings); !strings.HasSuffix(got, " "+test.want+"\n") || !file.Broken {
				t.Fatalf("findings %swant %s", got, test.want)
			}
			if got := file.Findings[0].Range; got.Start.Line != ranges[0].Start.Line ||
				test.name != "too deep" && test.name != "escape" && got != ranges[0] {
				t.Errorf("the place is %s, want %s", place(got), place(ranges[0]))
			}
			before, after := "service: before\noperations: [{name: b, answers: {}}]\n---\n", "\n---\nservice: after\noperations: [{name: x, answers: {}}]\n"
			_, ops := read(before + text + after)
			if strings.HasPrefix(test.name, "open quote") || test.name == "too deep" {
				after = "" // the open quote takes all that follows
			}
			if len(ops) < 1 || ops[0].ID() != "before/b" || after != "" && ops[len(ops)-1].ID() != "after/x" {
				t.Errorf("the documents around it were not read: %d operations", len(ops))
			}
		})
	}
}

// A document that fails at its first character does not take the one before it
// along.
func TestSyntaxAtTheStart(t *testing.T) {
	file, ops := read("operations: [{name: a, answers: {}}]\n---\n\tx\n---\noperations: [{name: b, answers: {}}]\n")
	if len(ops) != 2 || len(file.Documents) != 2 || file.Documents[1].Index != 2 {
		t.Errorf("%d operations in %d documents, findings:\n%s", len(ops), len(file.Documents), lines(file.Findings))
	}
}

// A byte order mark is no part of what is wrong behind it.
func TestSyntaxBehindAByteOrderMark(t *testing.T) {
	for _, text := range []string{"@a: 1\n", "\tname: a\n", "\u00a0name: a\n- b\n"} {
		plain, _ := read(text)
		marked, _ := read("\ufeff" + text)
		if got, want := lines(marked.Findings), lines(plain.Findings); got != want || !marked.Broken {
			t.Errorf("%q: findings %swant %s", text, got, want)
		}
	}
}

// A tab in front of the first line hides neither that line nor its document.
func TestTabAtTheStart(t *testing.T) {
	for _, text := range []string{"\tservice: a\n", "\n\tservice: a\n", "\tservice: a\n---\nservice: b\n"} {
		file, _ := read(text)
		if !file.Broken || !strings.Contains(lines(file.Findings), "tabs aren't allowed in indentation") {
			t.Errorf("%q: findings %s", text, lines(file.Findings))
		}
	}
}

func TestEncoding(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"Latin-1", "service: Gr\xfcn\n", "1:12-1:13 encoding: byte 0xFC isn't UTF-8 [save the file as UTF-8]\n"},
		{"bell", "# \a\nservice: a\n", "1:3-1:4 encoding: character U+0007 isn't allowed in YAML [delete it, or write it as an escape inside double quotes]\n"},
		{"UTF-16", "\xff\xfes\x00e\x00", "0:0-0:0 encoding: the file is UTF-16 [save it as UTF-8]\n"},
		{"UTF-16 without a mark", "s\x00e\x00r\x00", "0:0-0:0 encoding: the file is UTF-16 [save it as UTF-8]\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, _ := read(test.text)
			if got := lines(file.Findings); got != test.want || !file.Broken {
				t.Errorf("findings %swant %s", got, test.want)
			}
		})
	}
	file, ops := read("operations:\n  - {name: \"\xff\", answers: {}}\n  - {name: b, answers: {}}\n" + strings.Repeat("# \xff\n", 100))
	if len(ops) != 2 || len(file.Findings) != 10+1 {
		t.Errorf("%d operations and %d findings, want the file read and the list cut", len(ops), len(file.Findings))
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "\n\n", "# only a comment\n", "---\n", "---\n---\n", "\ufeff"} {
		file, ops := read(text)
		if got := lines(file.Findings); got != "0:0-0:0 empty: the file is empty [declare an operation, or delete the file]\n" || len(ops) != 0 {
			t.Errorf("%q: findings %s", text, got)
		}
	}
}

func TestTooLarge(t *testing.T) {
	src := Source{Name: "big.yaml", Data: []byte("service: a\n")}
	file, _ := Read(src, Options{MaxBytes: 10})
	if got := lines(file.Findings); got != "0:0-0:0 too-large: the file has 11 bytes; the limit is 10 [split it by service]\n" || !file.Broken {
		t.Errorf("findings %s", got)
	}
	if file, _ := Read(src, Options{MaxBytes: 11}); len(file.Findings) > 0 {
		t.Errorf("a file as large as the limit is refused")
	}
}

// An alias bomb ends soon, with one finding.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("x-0: &a0 [a, a, a, a, a, a, a, a, a, a]\n")
	for i := 1; i < 8; i++ {
		prev, next := string(rune('0'+i-1)), string(rune('0'+i))
		b.WriteString("x-" + next + ": &a" + next + " [" + strings.TrimSuffix(strings.Repeat("*a"+prev+", ", 10), ", ") + "]\n")
	}
	b.WriteString("journeys: [{name: j, steps: *a7}]\n")
	file, _ := read(b.String())
	if len(file.Findings) != 1 || file.Findings[0].Rule != "alias" {
		t.Errorf("findings:\n%s", lines(file.Findings))
	}
}

// Every rule of reading is complete, and has its own code and name.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for i, r := range Rules() {
		if r.Code == "" || r.Name == "" || r.Severity == 0 || r.Summary == "" || r.Why == "" || r.Fix == "" {
			t.Errorf("rule %d is incomplete: %+v", i, r)
		}
		if seen[r.Code] || seen[r.Name] {
			t.Errorf("%s %s is defined twice", r.Code, r.Name)
		}
		seen[r.Code], seen[r.Name] = true, true
	}
}
