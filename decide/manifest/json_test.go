package manifest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// A manifest as JSON is read in pieces as it is read in one, places and all, wherever its
// lines break.
func TestJSONInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := jsonManifest(t)
		src := Source{Name: "x.json", Data: []byte(text)}
		whole, ops := Read(src, Options{PieceBytes: -1})
		parts, again := Read(src, Options{PieceBytes: 60, Workers: 2})
		if diff := cmp.Diff(whole, parts, cmp.Exporter(func(reflect.Type) bool { return true }), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
		if diff := cmp.Diff(ops, again, cmp.Exporter(func(reflect.Type) bool { return true }), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
	})
	item := `{"name": "a%d", "callee": "b", "answers": {"immediacy": "yes"}}`
	var items []string
	for i := range 20 {
		items = append(items, fmt.Sprintf(item, i))
	}
	text := `{"service": "x", "operations": [` + strings.Join(items, ",\n ") + "]}"
	if !inPieces(text, 60) {
		t.Errorf("not read in pieces:\n%s", text)
	}
}

// jsonManifest writes operations as JSON, with blanks and line breaks anywhere between
// tokens, now and then something wrong.
func jsonManifest(t *rapid.T) string {
	blank := rapid.SampledFrom([]string{"", "", " ", "  ", "\n", "\n    ", "\r\n", "\t", "\n\n "})
	var b strings.Builder
	put := func(tokens ...string) {
		for i, s := range tokens {
			b.WriteString(s)
			if i+1 < len(tokens) && tokens[i+1] == ":" && rapid.IntRange(0, 999).Draw(t, "same line") > 0 {
				b.WriteString(rapid.SampledFrom([]string{"", "", " "}).Draw(t, "gap"))
				continue // YAML wants the colon on the line of its key
			}
			b.WriteString(blank.Draw(t, "blank"))
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "mark") == 0 {
		b.WriteString("\ufeff")
	}
	b.WriteString(rapid.SampledFrom([]string{"", "", "\n", "  "}).Draw(t, "first"))
	put("{", `"service"`, ":", rapid.SampledFrom([]string{`"shop"`, `"größe"`, "shop", "12"}).Draw(t, "service"), ",", `"operations"`, ":", "[")
	n := rapid.IntRange(0, 12).Draw(t, "operations")
	for i := range n {
		put("{", `"name"`, ":", fmt.Sprintf(`"%s-%d"`, rapid.SampledFrom([]string{"pay", "é", `a\"b`, "[", "}", ","}).Draw(t, "name"), i), ",")
		put(`"answers"`, ":", "{", `"immediacy"`, ":", rapid.SampledFrom([]string{"true", `"later"`, `"maybe"`, "3", "[]", "{}"}).Draw(t, "answer"), "}", ",")
		put(`"guards"`, ":", "[", `"bulkhead"`, ",", rapid.SampledFrom([]string{`"cache"`, `"nothing"`, "null"}).Draw(t, "guard"), "]")
		if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
			put(rapid.SampledFrom([]string{",", `, "name": "twice"`, `, "operations": []`, ", 'x': 1", ", x: 1", ", &a x-y: 1", "# no", `"`, ", \"a\n b\": 1", ", \"x-a\": [[[1]]]"}).Draw(t, "what"))
		}
		put("}")
		if i+1 < n || rapid.IntRange(0, 9).Draw(t, "trailing") == 0 {
			put(",")
		}
	}
	put("]", ",")
	put(`"journeys"`, ":", "[", "{", `"name"`, ":", `"buy"`, ",", `"steps"`, ":", "[", `"pay-0"`, "]", "}", "]")
	put(rapid.SampledFrom([]string{"}", "}", "}", "}\n---\n{}", "} # end", `, "operations": []}`, ""}).Draw(t, "last"))
	return b.String()
}
