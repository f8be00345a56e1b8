package adviceview

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

// everyAnswer is advice on every combination of answers, unknown ones included,
// each declared in a different way and built with a different stack.
func everyAnswer(t *testing.T) *Advice {
	t.Helper()
	adviser, err := embedded.Load()
	if err != nil {
		t.Fatal(err)
	}
	a := &Advice{Adviser: adviser}
	limits := decide.DefaultLimits()
	stacks := append(embedded.StackIDs(), "", "no such stack")
	place := diag.Range{Start: diag.Pos{Line: 3, Column: 5}, End: diag.Pos{Line: 3, Column: 9}}
	withUnknown := func(q decide.Question) []decide.Answer { return append(q.Answers(), decide.Unknown) }
	for _, i := range withUnknown(decide.Immediacy) {
		for _, r := range withUnknown(decide.Retryability) {
			for _, l := range withUnknown(decide.Latency) {
				for _, c := range withUnknown(decide.Coupling) {
					n := len(a.Operations)
					a.Operations = append(a.Operations, advice.Operation{
						File: "shop.yaml", Place: place, Service: "shop", Name: "ship", Callee: "depot",
						Description: "Have the parcel picked, packed, weighed, labelled and handed to the carrier in time.",
						Answers:     decide.Answers{i, r, l, c}, Table: adviser.Framework.Table, Limits: &limits,
						Declared: decide.Verdict(n % 4), Stack: stacks[n%len(stacks)],
					})
				}
			}
		}
	}
	return a
}

func writtenAdvice(t *testing.T, name string, a *Advice, l term.Layout) string {
	t.Helper()
	var b strings.Builder
	for _, f := range Formats() {
		if f.Name == name {
			if err := f.Write(&b, a, l); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
	}
	t.Fatalf("no format %s", name)
	return ""
}

// No line of text is wider than what it may fill: from 80 columns on none at
// all, below that none of the wrapped second column. Color changes nothing but
// the color.
func TestAdviceTextFits(t *testing.T) {
	a := everyAnswer(t)
	a.Operations[0].Description = strings.Repeat("注文を確定する前に在庫を確認する", 9)
	a.Operations[1].Description = strings.Repeat("word", 99)
	escape := regexp.MustCompile("\x1b\\[[0-9;]*m")
	secondColumn := strings.Repeat(" ", margin+gutter)
	for _, l := range []term.Layout{{Width: 40}, {Width: 60}, {Width: 80}, {Width: 120}, {Width: 80, Brief: true}} {
		plain := writtenAdvice(t, "text", a, l)
		for line := range strings.Lines(plain) {
			line = strings.TrimSuffix(line, "\n")
			if term.Cells(line) > l.Width && (l.Width >= 80 || strings.HasPrefix(line, secondColumn)) {
				t.Errorf("%d columns in %d: %q", term.Cells(line), l.Width, line)
			}
			if strings.HasSuffix(line, " ") {
				t.Errorf("width %d: blanks at the end of %q", l.Width, line)
			}
		}
		l.Painter.Color = true
		colored := writtenAdvice(t, "text", a, l)
		if colored == plain || escape.ReplaceAllString(colored, "") != plain {
			t.Errorf("width %d: color changes the text", l.Width)
		}
	}
}

// What the text shows of a recommendation is what the recommendation holds.
func TestAdviceTextIsWhole(t *testing.T) {
	a := everyAnswer(t)
	for i := range a.Operations {
		one := &Advice{Adviser: a.Adviser, Operations: a.Operations[i : i+1]}
		text := strings.Join(strings.Fields(writtenAdvice(t, "text", one, term.Layout{Width: 80})), " ")
		want := a.Adviser.Advise(&a.Operations[i])
		parts := []string{strings.ToUpper(want.Verdict.String()) + " shop/ship → depot", want.Agreement().String()}
		for _, s := range want.Safeguards {
			parts = append(parts, s.ID)
		}
		for _, d := range want.Dissents {
			parts = append(parts, map[bool]string{false: "dissents", true: "yields"}[d.Weak])
		}
		parts = append(parts, want.Tradeoff.Gains...)
		parts = append(parts, want.Tradeoff.Costs...)
		if want.Pattern != nil {
			parts = append(parts, want.Pattern.Name+". "+want.Pattern.What)
		} else {
			parts[1] = "answer first " + want.Next.String()
		}
		for _, f := range want.Flips {
			parts = append(parts, f.Verdict.String()+" if", f.Changes[0].To.String())
		}
		if want.Differs() {
			parts = append(parts, "declared "+want.Declared.String()+", which")
		}
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q is not in\n%s", want.Answers, part, text)
			}
		}
	}
}

// The JSON of all recommendations, of none, and of hostile texts keeps to its
// schema.
func TestAdviceJSONKeepsToItsSchema(t *testing.T) {
	schema := adviceSchema(t)
	whole := everyAnswer(t)
	hostile := everyAnswer(t)
	hostile.Operations = hostile.Operations[:3]
	for i := range hostile.Operations {
		op := &hostile.Operations[i]
		op.Name, op.Service, op.Callee, op.Description = "\"</script>\x00\u202e\xff", "\u0085", "\U000e0001", "\x1b[31m"
		op.Latency = 90 * time.Minute
	}
	hostile.Findings = []diag.Finding{{File: "x\u200b.yaml", Severity: diag.Error, Code: "WN004", Rule: "empty", Message: "the file is empty"}}
	for name, a := range map[string]*Advice{"every answer": whole, "none": {Adviser: whole.Adviser}, "hostile": hostile} {
		text := writtenAdvice(t, "json", a, term.Layout{})
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (r < ' ' || markup.Unseen(r)) }); i >= 0 {
			t.Errorf("%s: a character that cannot be seen at %d: %q", name, i, text[i:min(len(text), i+20)])
		}
	}
}

// The schema refuses what is not of the format, so that keeping to it means
// something.
func TestAdviceSchemaRefuses(t *testing.T) {
	schema := adviceSchema(t)
	good := writtenAdvice(t, "json", everyAnswer(t), term.Layout{})
	for _, change := range [][2]string{
		{`"version": 1`, `"version": 2`}, {`"verdict":"sync"`, `"verdict":"maybe"`}, {`"flips":[`, `"flops":[`},
		{`"declared":null`, `"declared":"undecided"`}, {`"line":3`, `"line":"3"`}, {`"role":"decides"`, `"role":"votes"`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s is not in the document", change[0])
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(doc) == nil {
			t.Errorf("%s passes", change[1])
		}
	}
}

func adviceSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("advice.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("advice.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("advice.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// The JSON says what the recommendation holds: a reader can rebuild its verdict,
// dissents and flips from it.
func TestAdviceJSONIsWhole(t *testing.T) {
	a := everyAnswer(t)
	var doc struct {
		Operations []struct {
			Verdict   string
			Dissents  []struct{ Question string }
			Flips     []struct{ Verdict string }
			Next      *struct{ Question string }
			Agreement string
		}
		Counts map[string]int
	}
	if err := json.Unmarshal([]byte(writtenAdvice(t, "json", a, term.Layout{})), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Operations) != len(a.Operations) || doc.Counts["operations"] != len(a.Operations) {
		t.Fatalf("%d operations, counted %d, want %d", len(doc.Operations), doc.Counts["operations"], len(a.Operations))
	}
	counted := 0
	for _, name := range []string{"sync", "async", "hybrid", "undecided"} {
		counted += doc.Counts[name]
	}
	if counted != len(a.Operations) {
		t.Errorf("the verdicts count %d operations, want %d", counted, len(a.Operations))
	}
	for i, got := range doc.Operations {
		want := a.Adviser.Advise(&a.Operations[i])
		if got.Verdict != want.Verdict.String() || got.Agreement != want.Agreement().String() ||
			len(got.Dissents) != len(want.Dissents) || len(got.Flips) != len(want.Flips) ||
			(got.Next != nil) != (want.Verdict == decide.Undecided) {
			t.Errorf("%s: %+v, want %+v", want.Answers, got, want.Recommendation)
		}
	}
}

func TestCodeSpan(t *testing.T) {
	for in, want := range map[string]string{
		"ship": "`ship`", "a|b": "`a\\|b`", "a`b": "`` a`b ``", "``": "``` `` ```", " x ": "`  x  `", "a\nb": "`a\\nb`",
	} {
		if got := markup.MarkdownCode(in); got != want {
			t.Errorf("MarkdownCode(%q) = %s, want %s", in, got, want)
		}
	}
}

// A manifest's own facts reach the recommendation: Of and Advise together do
// what the engine does with the same answers.
func TestAdviceOfManifest(t *testing.T) {
	whole := everyAnswer(t)
	src := "service: shop\nstack: go\noperations:\n  - {name: ship, callee: depot, mode: sync, answers: {immediacy: no, retryability: yes, latency: 600ms, coupling: yes}, delivery: {consumers: 2}}\n"
	file, ops := manifest.Read(manifest.Source{Name: "a.yaml", Data: []byte(src)}, manifest.Options{})
	limits := decide.LatencyLimits{Threshold: time.Second, Wait: time.Minute}
	op := advice.Of(file.Documents[0], &ops[0], whole.Adviser.Knowledge.Table, &limits)
	got := whole.Adviser.Advise(&op)
	switch {
	case got.ID() != "shop/ship" || got.Caller != "shop" || got.Callee != "depot":
		t.Errorf("names: %+v", op)
	case got.Answers[decide.Latency] != decide.No:
		t.Errorf("600ms under a threshold of 1s is %s", got.Answers[decide.Latency])
	case got.Rows[0].Name != "safe-to-retry" || !got.Differs():
		t.Errorf("row %s, differs %v", got.Rows[0].Name, got.Differs())
	case got.Pattern.ID != "publish-subscribe" || got.Build == nil || got.Build.Stack.ID != "go":
		t.Errorf("pattern %s, build %+v", got.Pattern.ID, got.Build)
	}
}

// The picture of many operations names some of each group and counts the rest.
func TestAdvicePictureOfMany(t *testing.T) {
	a := everyAnswer(t)
	sync := slices.DeleteFunc(a.Operations, func(op advice.Operation) bool {
		return op.Table.Decide(op.Answers).Verdict != decide.Sync || op.Answers[decide.Immediacy] != decide.Yes
	})
	a.Operations = slices.Concat(slices.Repeat(sync, 1+2*shownOfGroup/len(sync)))
	n := len(a.Operations)
	text := writtenAdvice(t, "text", a, term.Layout{Width: 80})
	_, group, _ := strings.Cut(text, fmt.Sprintf("MUST be synchronous (%d): ", n))
	group, _, _ = strings.Cut(group, "\n\n")
	if got := strings.Count(group, "shop/ship"); got != shownOfGroup {
		t.Errorf("%d operations are named, want %d", got, shownOfGroup)
	}
	if want := fmt.Sprintf("\n  and %d more: see --brief", n-shownOfGroup); !strings.HasSuffix(group, want) {
		t.Errorf("the group ends without %q:\n%s", want, group)
	}
}
