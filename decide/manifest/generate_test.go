package manifest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pgregory.net/rapid"

	"waitornot/decide/diag"
)

// fragments are what mutations put into manifests: whatever could make two
// ways of reading disagree.
var fragments = []string{
	"\n", "\n\n", "\t", " ", "  ", "\r", "\r\n", "\u0085", "\u2028", "\ufeff", "\x00", "\xff", "ü", "🙂",
	"- ", "-", "- - ", "\n  - ", "\n- ", "\n-\n", "? ", "\n  ? ", ": ", ":", ", ", "#", " # x\n", "\n# x\n", "\n      # deep\n",
	"&a ", "*a", "<<: *a\n", "!!str ", "!x ", "%YAML 1.1\n", "---\n", "\n---\n", "\n...\n", "--- ", "\"", "'", "[", "]", "{", "}", "{}", "[]",
	"|", ">", "|-\n", ">2\n", "\n  |\n", "~", "null", "010", "1e3", "yes", "\\", "\\\n", "@", "`", "%", "=",
	"\noperations:\n", "operations: ", "\noperations: []\n", "\n  - name: z\n    answers: {}\n", "\nservice: s\n", "name: dup\n", "answers:", "x-y: ", "[x: , y]", "[a: b]", "{a, b: }",
}

// aManifest draws the text of a manifest: mostly sound, with now and then a
// value at fault.
func aManifest(t *rapid.T) string {
	var b strings.Builder
	for i := range rapid.IntRange(1, 3).Draw(t, "documents") {
		if i > 0 || rapid.IntRange(0, 5).Draw(t, "marker") == 0 {
			b.WriteString(rapid.SampledFrom([]string{"---\n", "--- # next\n", "...\n---\n"}).Draw(t, "separator"))
		}
		aDocument(t, &b)
	}
	text := b.String()
	if rapid.IntRange(0, 7).Draw(t, "line ends") == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if rapid.IntRange(0, 7).Draw(t, "last line end") == 0 {
		text = strings.TrimRight(text, "\r\n")
	}
	return text
}

func aDocument(t *rapid.T, b *strings.Builder) {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "text") }
	b.WriteString(pick("", "version: 1\n", "service: checkout\n", "service: \"grün\" # note\n", "# head\nowner: team\n", "verison: 1\n", "description: |\n  text\n    more\n\n"))
	indent := pick("", "  ", "    ")
	b.WriteString(pick("operations:\n", "operations:\n", "operations: # all of them\n", "operations:\n\n# comment\n", "operations:   \n"))
	if indent == "" && rapid.Bool().Draw(t, "comment first") {
		b.WriteString("# first\n")
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "operations") {
		anOperation(t, b, indent, i)
	}
	b.WriteString(pick("", "", "journeys:\n  - {name: j, steps: [op-0, [op-1, op-2]], slo: 99.9%}\n", "# end\n", "stack: dotnet\n", "zzz: 1\n", "\n\n"))
}

func anOperation(t *rapid.T, b *strings.Builder, indent string, i int) {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "text") }
	b.WriteString(indent + pick("- ", "- ", "- ", "-   ", "-\n"+indent+"  "))
	if pick("block", "block", "block", "flow") == "flow" {
		fmt.Fprintf(b, "{name: op-%d, answers: {immediacy: yes, latency: %s}}\n", i, pick("2s", "soon", "\"1s\"", "yes"))
		return
	}
	// the indent of the keys after "- " is two, after "-   " four
	keys := indent + "  "
	if strings.HasSuffix(b.String(), "-   ") {
		keys = indent + "    "
	}
	fmt.Fprintf(b, "name: %s\n", pick(fmt.Sprintf("op-%d", i), fmt.Sprintf("'op %d'", i), fmt.Sprintf("\"öp-%d\"", i), "010", "op-0"))
	for range rapid.IntRange(0, 6).Draw(t, "keys") {
		b.WriteString(keys + strings.ReplaceAll(pick(
			"answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}\n",
			"answers:\n  immediacy: later\n  latency: 2s\n",
			"callee: payment-gateway # why\n",
			"description: first line\n  second line\n",
			"description: >-\n  folded\n  text\n\n",
			"description: |\n  - looks: like an item\n\n  # like a comment\n",
			"description: \"quoted\n  - text: over lines\"\n",
			"timeout: 2s\n", "timout: 2s\n", "timeout: -1\n", "timeout:\n",
			"guards: [circuit-breaker, bulkhead]\n",
			"guards:\n- cache\n- fallback\n",
			"guards:\n  - cache\n\n  # comment\n  - fallbck\n",
			"retry: {attempts: , backoff: 1s}\n",
			"tags: [a,\n  b, # c\n  c]\n",
			"delivery:\n  consumers: [x, y]\n  dead_letter: no\n  outbox: yes\n",
			"waivers:\n  - {rule: WN101, reason: later, until: 2027-03-31}\n",
			"# comment\n", "\n", "x-own: {any: [thing]}\n",
		), "\n  ", "\n  "+keys))
		if rapid.IntRange(0, 200).Draw(t, "anchors") == 0 {
			b.WriteString(keys + pick("timeout: &t 2s\n", "typical: *t\n", "retry: &r {attempts: 3}\n", "retry: *r\n", "<<: *r\n") +
				keys + pick("typical: *t\n", "freshness: *t\n", "x-a: &t 3s\n"))
		}
	}
}

// mutated draws a manifest with some places changed.
func mutated(t *rapid.T) string {
	text := aManifest(t)
	for range rapid.IntRange(0, 3).Draw(t, "mutations") {
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := min(from+rapid.SampledFrom([]int{0, 0, 0, 1, 1, 3, 20}).Draw(t, "cut"), len(text))
		text = text[:from] + rapid.SampledFrom(fragments).Draw(t, "fragment") + text[to:]
	}
	return text
}

// rangesInside returns a complaint about a range that is not inside the text.
func rangesInside(text string, r diag.Range) error {
	if r == (diag.Range{}) {
		return nil
	}
	rows := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	for _, p := range []diag.Pos{r.Start, r.End} {
		if p.Line < 1 || int(p.Line) > len(rows) || p.Column < 1 || int(p.Column) > utf8.RuneCountInString(rows[p.Line-1])+1 {
			return fmt.Errorf("%s is outside the text", place(r))
		}
	}
	if r.Start.Compare(r.End) > 0 {
		return fmt.Errorf("%s ends before it starts", place(r))
	}
	return nil
}

// everyRange calls visit for every range of findings and operations.
func everyRange(file *File, ops []Operation, visit func(what string, r diag.Range)) {
	for _, f := range append(file.Findings, CrossCheck([]*File{file})...) {
		visit(f.Rule, f.Range)
		for _, r := range f.Related {
			visit(f.Rule+" related", r.Range)
		}
	}
	for i := range ops {
		rangesOf(&ops[i], visit)
	}
	for _, d := range file.Documents {
		rangesOf(d, visit)
	}
}
