package edit_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

// anyName draws names that YAML could misread.
func anyName() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"yes", "No", "010", "1e3", "0x1f", "12:30", "~", "null", ".inf", "2026-11-23", "a: b", "a #b",
			"- a", "[a", "{a}", "a, b", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "'a'", `"a"`, `a\b`, "---", "...", "?", "<<",
			"支払い", "👩‍💻", "é", "a\u0085b", "a\u2028b", "\ufeffa", "a\tb", "a\nb", " a ", "a:", ":a", "=", "true"}),
		rapid.StringMatching(`[a-z]{1,8}(-[a-z]{1,8})?`),
		rapid.StringN(1, 12, -1),
	).Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
}

// isSeen reports whether the reader of manifests takes a text as a name: it
// reports characters that cannot be seen.
func isSeen(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u200d' && r != '\u200c' })
}

func anyEntry() *rapid.Generator[edit.Entry] {
	return rapid.Custom(func(t *rapid.T) edit.Entry {
		name := anyName().Filter(isSeen)
		e := edit.Entry{Name: name.Draw(t, "name")}
		if rapid.Bool().Draw(t, "with callee") {
			e.Callee = name.Draw(t, "callee")
		}
		if rapid.Bool().Draw(t, "with caller") {
			e.Caller = name.Draw(t, "caller")
		}
		for _, q := range decide.Questions() {
			e.Answers[q] = rapid.SampledFrom(append(q.Answers(), decide.Unknown)).Draw(t, q.String())
		}
		if rapid.Bool().Draw(t, "with duration") {
			e.Latency = time.Duration(rapid.IntRange(1, 1e6).Draw(t, "ms")) * time.Millisecond
			e.Answers[decide.Latency] = decide.DefaultLimits().Latency(e.Latency)
		}
		return e
	})
}

// anyManifest draws manifests written in many ways.
func anyManifest() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		margin := strings.Repeat(" ", rapid.SampledFrom([]int{0, 0, 2}).Draw(t, "margin"))
		aside := func() {
			b.WriteString(rapid.SampledFrom([]string{"", "", "", margin + "# note: [ { \" '\n", "\n", "\n\n" + margin + "# far\n"}).Draw(t, "aside"))
		}
		aside()
		b.WriteString(rapid.SampledFrom([]string{"", margin + "version: 1\n", margin + "description: |+\n" + margin + "  text\n\n\n"}).Draw(t, "head"))
		b.WriteString(margin + "service: shop\n")
		aside()
		operations(t, &b, margin)
		aside()
		b.WriteString(rapid.SampledFrom([]string{"", margin + "journeys: []\n", margin + "brokers:\n" + margin + "- name: q\n",
			margin + "tags: {a: 'it''s', \"b\": c}\n"}).Draw(t, "tail"))
		aside()
		text := b.String()
		if rapid.Bool().Draw(t, "no last line break") {
			text = strings.TrimSuffix(text, "\n")
		}
		if rapid.Bool().Draw(t, "CRLF") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		return text
	})
}

func operations(t *rapid.T, b *strings.Builder, margin string) {
	dash := margin + strings.Repeat(" ", rapid.IntRange(0, 4).Draw(t, "dash"))
	inner := strings.Repeat(" ", rapid.IntRange(1, 3).Draw(t, "inner"))
	keys := dash + " " + inner
	facts := []string{
		"answers: {immediacy: no, coupling: yes} # {", "answers:\n" + keys + "  immediacy: no", "description: >-\n" + keys + "   a\n\n" + keys + "   # b",
		"description: |\n" + keys + " a\n" + keys + " # b\n", "description: |+\n" + keys + " a\n\n", "description: \"a\n" + keys + "  # b\"", "description: 'it''s # it'",
		"description: plain\n" + keys + "  and more", "tags: [a, 'b]', c d]", "timeout: 2s   # two\n" + keys + "# deep",
	}
	n := rapid.IntRange(0, 3).Draw(t, "operations")
	switch style := rapid.SampledFrom([]string{"block", "block", "flow", "lines", "none"}).Draw(t, "style"); {
	case style == "none":
	case n == 0:
		b.WriteString(margin + "operations:" + rapid.SampledFrom([]string{"", " ~", " null  # soon", " # soon", " []", " [ ]  # soon"}).Draw(t, "nothing") + "\n")
	case style == "block":
		b.WriteString(margin + "operations:\n")
		for i := range n {
			fmt.Fprintf(b, "%s-%sname: op%d\n", dash, inner, i)
			for range rapid.IntRange(0, 2).Draw(t, "facts") {
				fact := rapid.SampledFrom(facts).Draw(t, "fact")
				if key, _, _ := strings.Cut(fact, ":"); strings.Contains(b.String()[strings.LastIndex(b.String(), "name: op"):], key+":") {
					continue // a key once
				}
				b.WriteString(keys + fact + "\n")
			}
			b.WriteString(rapid.SampledFrom([]string{"", "", "\n", dash + "# between\n"}).Draw(t, "between"))
		}
	default:
		comma := rapid.SampledFrom([]string{"", ","}).Draw(t, "last comma")
		var items []string
		for i := range n {
			items = append(items, fmt.Sprintf("{name: op%d, tags: ['],', \"}\\\"\", a#b, it's]}", i))
		}
		if style == "flow" {
			b.WriteString(margin + "operations: [" + strings.Join(items, ", ") + comma + "]  # [\n")
			return
		}
		b.WriteString(margin + "operations: [ # first\n")
		for i, item := range items {
			if i == n-1 && comma == "" {
				b.WriteString(margin + "  " + item + " # last, }]\n")
				continue
			}
			b.WriteString(margin + "  " + item + ", # more\n")
		}
		b.WriteString(margin + "]\n")
	}
}

// Whatever the manifest looks like and whatever the operation is called: all
// that was there is there still, the result parses, and the new operation reads
// as it was meant.
func TestAddKeepsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, e := anyManifest().Draw(t, "manifest"), anyEntry().Draw(t, "entry")
		m, err := edit.Parse([]byte(src))
		if err != nil {
			t.Fatalf("the drawn manifest does not parse: %v\n%s", err, src)
		}
		out, err := m.Add(0, e)
		if err != nil {
			t.Fatalf("Add: %v", err)
		}
		if !untouched(src, string(out.Bytes())) {
			t.Fatalf("what was there is not there any more:\n%q\n%q", src, out.Bytes())
		}
		if !out.Has(0, e.Name) {
			t.Fatalf("the operation isn't there:\n%s", out.Bytes())
		}
		again, err := out.Update(0, e)
		if err != nil || !bytes.Equal(again.Bytes(), out.Bytes()) {
			t.Fatalf("updated with what it says: %v\n%q\n%q", err, out.Bytes(), again.Bytes())
		}
		reads(t, out.Bytes(), e)
	})
}

// untouched reports whether out is src with text added in at most two places,
// save that the brackets of an empty list, a null and the blanks before them
// may go.
func untouched(src, out string) bool {
	for _, nothing := range []string{" []", " [ ]", " ~", " null"} {
		before, after, found := strings.Cut(src, "operations:"+nothing)
		if found && twoPlaces(before+"operations:"+after, out) {
			return true
		}
	}
	return twoPlaces(src, out)
}

func twoPlaces(src, out string) bool {
	from := 0
	for from < len(src) && from < len(out) && src[from] == out[from] {
		from++
	}
	end := 0
	for end < len(src)-from && end < len(out)-from && src[len(src)-1-end] == out[len(out)-1-end] {
		end++
	}
	return strings.Contains(out[from:len(out)-end], src[from:len(src)-end])
}

// reads fails unless the manifest's last operation is the entry, as the reader
// of manifests understands it.
func reads(t *rapid.T, out []byte, e edit.Entry) {
	var last *manifest.Operation
	manifest.Map(manifest.Source{Name: "x", Data: out}, manifest.Options{}, func(_ *manifest.Document, ops []manifest.Operation) int {
		if len(ops) > 0 {
			op := ops[len(ops)-1]
			last = &op
		}
		return 0
	})
	if last == nil {
		t.Fatalf("the reader finds no operation:\n%s", out)
	}
	if got := last.Answers.Under(decide.DefaultLimits()); got != e.Answers {
		t.Fatalf("answers read as %v, want %v\n%s", got, e.Answers, out)
	}
	if last.Name.Value != e.Name || last.Callee.Value != e.Callee || e.Caller != "" && last.From() != e.Caller {
		t.Fatalf("read as %q from %q to %q, want %q from %q to %q\n%s",
			last.Name.Value, last.From(), last.Callee.Value, e.Name, e.Caller, e.Callee, out)
	}
}

// A name reads as itself in every place where a text can stand.
func TestNamesAreWrittenSafely(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := anyName().Draw(t, "name")
		for _, src := range []string{"operations:\n- name: op\n", "operations: [{name: op}]\n", `{"operations": [{"name": "op"}]}`} {
			m, err := edit.Parse([]byte(src))
			if err != nil {
				t.Fatal(err)
			}
			out, err := m.Add(0, edit.Entry{Name: name + "!"})
			if err != nil {
				t.Fatal(err)
			}
			var got struct{ Operations []struct{ Name string } }
			if err := yaml.Unmarshal(out.Bytes(), &got); err != nil || got.Operations[1].Name != name+"!" {
				t.Fatalf("%q reads as %+v, %v\n%s", name+"!", got, err, out.Bytes())
			}
		}
	})
}
