package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// rangesOf calls visit for every range within x.
func rangesOf(x any, visit func(what string, r diag.Range)) {
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		switch v.Kind() {
		case reflect.Pointer:
			walk(v.Elem(), path)
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i), path)
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[diag.Range]() {
				pos := func(i int) diag.Pos {
					return diag.Pos{Line: uint32(v.Field(i).Field(0).Uint()), Column: uint32(v.Field(i).Field(1).Uint())}
				}
				visit(path, diag.Range{Start: pos(0), End: pos(1)})
				return
			}
			for i := range v.NumField() {
				walk(v.Field(i), path+"."+v.Type().Field(i).Name)
			}
		}
	}
	walk(reflect.ValueOf(x), reflect.TypeOf(x).String())
}

type fataler interface{ Fatalf(string, ...any) }

func checkRanges(t fataler, text string) {
	file, ops := read(text)
	everyRange(file, ops, func(what string, r diag.Range) {
		if err := rangesInside(text, r); err != nil {
			t.Fatalf("%s: %v in %q", what, err, text)
		}
	})
}

// Every range lies inside the file and starts before it ends, whatever the file.
func TestRangesInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkRanges(t, mutated(t)) })
}

// Reading ends, without a panic, and every range lies inside the file.
func FuzzRead(f *testing.F) {
	for i := range 40 {
		f.Add(rapid.Custom(mutated).Example(i))
	}
	for _, s := range fragments {
		f.Add("operations:\n  - name: a\n    answers: " + s + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) { checkRanges(t, text) })
}

// bothWays reads a text in one and in small pieces.
func bothWays(text string, size int) (one, pieces *File, ops, cut []Operation) {
	src := Source{Name: "test.yaml", Data: []byte(text)}
	one, ops = Read(src, Options{PieceBytes: -1})
	pieces, cut = Read(src, Options{PieceBytes: size, Workers: 2})
	return one, pieces, ops, cut
}

// inPieces reports whether a text is read in small pieces.
func inPieces(text string, size int) bool {
	return yamlfile.Read(Source{Data: []byte(text)}, Options{PieceBytes: size}, &yamlfile.Format[*Document, int]{
		List: "operations", Header: new(header).read, SetEnd: func(*Document, diag.Pos) {},
		Items: func(w *yamlfile.Walker, _ *Document, list yamlfile.Value, _ *int) {
			w.Items(list, func(item yamlfile.Value) bool {
				return !item.IsMapping() || format().operation.Read(w, item, &Operation{})
			})
		},
		Done: func(*int) {},
	}).Pieces > 0
}

func checkBothWays(t fataler, text string, size int) {
	one, pieces, ops, cut := bothWays(text, size)
	if reflect.DeepEqual(one, pieces) && reflect.DeepEqual(ops, cut) {
		return
	}
	exported := cmp.Exporter(func(reflect.Type) bool { return true })
	if diff := cmp.Diff(one, pieces, exported); diff != "" {
		t.Fatalf("the file differs (-in one +in pieces)\n%s\nin\n%s\n%q", diff, text, text)
	}
	if diff := cmp.Diff(ops, cut, exported); diff != "" {
		t.Fatalf("operations differ (-in one +in pieces)\n%s\nin\n%s\n%q", diff, text, text)
	}
	t.Fatalf("nil and empty lists differ in %q", text)
}

// An item that only the library can read is read alone when it ends where the item does: to
// the library this one ends within the text, at a line break that it alone sees.
func TestPiecesOfOddLineBreaks(t *testing.T) {
	checkBothWays(t, "operations:\n    - name: a\n      description: |\n      \u0085  - looks: like an item\n      answers: {}\n      typical: *t\n    - name: b\n      answers: {}\n", 1)
}

// Reading in pieces gives what reading in one gives, to the last place.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, size := aManifest(t), rapid.SampledFrom([]int{1, 20, 200}).Draw(t, "size")
		if rapid.Bool().Draw(t, "mutated") {
			text = mutated(t)
		}
		checkBothWays(t, text, size)
	})
}

// A list with anchors is read in pieces that know what stands above them.
func TestPiecesWithAnchors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "text") }
		b.WriteString(pick("", "x-a: &a 2s\n", "x-a: &a 2s\nx-b: &b {latency: *a}\n", "x-b: &b\n  latency: 1s\n  coupling: no\n", "defaults: &b {timeout: &a 2s}\n"))
		b.WriteString("operations:\n")
		for i := range rapid.IntRange(1, 6).Draw(t, "operations") {
			fmt.Fprintf(&b, "- %sname: op-%d\n", pick("", "", "&c\n  ", "<<: *c\n  ", "<<: [*c, *b]\n  "), i)
			b.WriteString("  answers: " + pick("{}", "{latency: 2s}", "*b", "&b {latency: 3s, coupling: yes}", "&b {latency: *a}", "&a {latency: *a}", "{<<: *b, coupling: no}") + "\n")
			b.WriteString(pick("", "  timeout: *a\n", "  timeout: &a 5s\n", "  ? timeout\n  : 2s\n", "  ? timeout\n  : &a 2s\n", "  description: a & b *c\n", "  guards: &g [cache]\n", "  guards: *g\n", "# &a *a\n\n"))
		}
		b.WriteString(pick("", "", "service: s\n", "service: &a s\n", "service: *a\n", "x: ['*a']\n"))
		checkBothWays(t, b.String(), rapid.SampledFrom([]int{1, 20, 60, 200}).Draw(t, "size"))
	})
}

// Documents are read together or apart with the same result, whatever stands in them and
// between them: nothing, comments, directives, anchors, values at fault, what doesn't parse.
func TestPiecesOfDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "text") }
		var b strings.Builder
		b.WriteString(pick("", "", "# head\n", "%YAML 1.1\n", "# head\n%TAG !e! !x\n", "\ufeff", "\n\n"))
		for i := range rapid.IntRange(2, 9).Draw(t, "documents") {
			b.WriteString(pick("---\n", "---\n", "---\n", "--- # next\n", "...\n---\n", "... # end\n# comment\n---\n", "---\n---\n", "...\n%YAML 1.1\n---\n", "--- {service: s}\n---\n", "--- \"a\n  b\"\n---\n", "\ufeff---\n", "---\n# only a comment\n---\n"))
			switch pick("short", "short", "drawn", "list", "anchors", "odd", "at fault", "nothing", "broken", "foreign") {
			case "short":
				fmt.Fprintf(&b, "service: s-%d\noperations:\n- {name: op-%d, answers: {immediacy: yes}}\n", i, i)
			case "drawn":
				aDocument(t, &b)
			case "list":
				b.WriteString("operations:\n" + strings.Repeat("- name: a\n  answers: {}\n", rapid.IntRange(1, 9).Draw(t, "operations")))
			case "anchors":
				b.WriteString(pick("operations:\n- {name: &a x, callee: *a}\n- {name: *a}\n", "x-a: &a 2s\noperations:\n- name: b\n  timeout: *a\n", "x-a: &a 1s\noperations:\n- name: &a b\nservice: *a\n", "service: &a R & D\n", "service: *a\noperations:\n- name: &a b\n"))
			case "odd":
				b.WriteString("operations:\n- name: a\n  answers: {}\n- ? name\n  : b\n- name: !e!x c\n" + pick("", "- name: d\n  timeout: soon\n", "journeys: []\n", "? x-own\n: y\n"))
			case "at fault":
				b.WriteString("operations:\n- nmae: a\n- name: b\n  timeout: soon\n  answers: {immediacy: later}\nzzz: 1\n")
			case "broken":
				if rapid.IntRange(0, 3).Draw(t, "broken") == 0 {
					b.WriteString(pick("a: : b\n", "\tx\n", "operations:\n- name: a\n- name: : b\n- name: c\n", "service: \"a\n", "... x\n"))
				}
			case "foreign":
				if rapid.IntRange(0, 3).Draw(t, "foreign") == 0 {
					b.WriteString("service: *a\n")
				}
			}
		}
		text := b.String()
		if rapid.IntRange(0, 7).Draw(t, "line ends") == 0 {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		checkBothWays(t, text+pick("", "", "...\n", "---", "# end"), rapid.SampledFrom([]int{1, 20, 60, 200, 1000}).Draw(t, "size"))
	})
}

// What is read holds on to nothing of the text: whoever has it may do with it what they like.
func TestKeepsNothingOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, size := mutated(t), rapid.SampledFrom([]int{-1, 1, 20, 200}).Draw(t, "size")
		data := []byte(text)
		file, ops := Read(Source{Name: "m.yaml", Data: data}, Options{PieceBytes: size})
		want, wantOps := Read(Source{Name: "m.yaml", Data: []byte(text)}, Options{PieceBytes: size})
		for i := range data {
			data[i] = '#'
		}
		if !reflect.DeepEqual(file, want) || !reflect.DeepEqual(ops, wantOps) {
			t.Fatalf("what was read changes with the text %q", text)
		}
	})
}

// A text that is let go of while it's read, and read again piece by piece, gives what a text
// gives that is held, unless it's lost: then it can't be read in pieces. What is read holds on
// to neither the text nor the buffers of its pieces.
func TestStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, size := aManifest(t), rapid.SampledFrom([]int{1, 20, 200}).Draw(t, "size")
		switch rapid.SampledFrom([]string{"as it is", "mutated", "not allowed"}).Draw(t, "text") {
		case "mutated":
			text = mutated(t)
		case "not allowed":
			text = strings.Replace(text, "\n", " # \x01\xff\n", 1) // what is read isn't what is stored
		}
		checkStored(t, text, size)
	})
	const list = "operations:\n- {name: a, answers: {}}\n- {name: b, answers: {}}\n- {name: c, answers: {}}\n"
	if again, lost := checkStored(t, list, 20); !again || lost {
		t.Errorf("a list is read again: %t, lost: %t", again, lost)
	}
	if _, lost := checkStored(t, list+"- name: ]\n", 20); !lost {
		t.Error("a text that doesn't parse isn't lost")
	}
}

// checkStored holds what is read of a text that is let go of to what is read of one that is held,
// and reports whether it was read again, and whether it was lost.
func checkStored(t fataler, text string, size int) (again, lost bool) {
	data := []byte(text)
	var lock sync.Mutex
	var buffers [][]byte
	src := Source{Name: "test.yaml", Data: data, Part: func(into []byte, from int) error {
		lock.Lock()
		defer lock.Unlock()
		scribble(data)
		copy(into, text[from:])
		buffers = append(buffers, into)
		return nil
	}}
	file, ops := Read(src, Options{PieceBytes: size, Workers: 2})
	for _, b := range buffers {
		scribble(b)
	}
	if file.Lost {
		if inPieces(text, size) {
			t.Fatalf("lost, though it can be read in pieces: %q", text)
		}
		return false, true
	}
	one, want := Read(Source{Name: "test.yaml", Data: []byte(text)}, Options{PieceBytes: -1})
	if !reflect.DeepEqual(file, one) || !reflect.DeepEqual(ops, want) {
		t.Fatalf("read again it gives something else (-held +again)\n%s%s\nin %q",
			cmp.Diff(one, file, cmp.Exporter(func(reflect.Type) bool { return true })), cmp.Diff(want, ops), text)
	}
	return len(buffers) > 0, false
}

func scribble(text []byte) {
	for i := range text {
		text[i] = '#'
	}
}

// A text is lost that has changed since it was opened, or isn't to be had any more: no finding
// is about a text that was never there.
func TestLost(t *testing.T) {
	text := strings.Repeat("---\nservice: s\noperations:\n- {name: a, answers: {}}\n", 20)
	for _, tt := range []struct {
		name string
		part func(into []byte, from int) error
		lost bool
	}{
		{"as it was", func(into []byte, from int) error { copy(into, text[from:]); return nil }, false},
		{"changed", func(into []byte, from int) error {
			copy(into, strings.Replace(text, "name: a", "name: b", 1)[from:])
			return nil
		}, true},
		{"changed last", func(into []byte, from int) error {
			if copy(into, text[from:]); from+len(into) == len(text) {
				into[len(into)-1] = ' '
			}
			return nil
		}, true},
		{"gone", func([]byte, int) error { return errors.New("gone") }, true},
	} {
		for _, workers := range []int{1, 3} {
			file, ops := Read(Source{Name: "m.yaml", Data: []byte(text), Part: tt.part}, Options{PieceBytes: 100, Workers: workers})
			if file.Lost != tt.lost || tt.lost && len(file.Documents)+len(file.Findings)+len(ops) > 0 || !tt.lost && len(ops) != 20 {
				t.Errorf("%s: lost %t; %d operations, findings %v", tt.name, file.Lost, len(ops), file.Findings)
			}
		}
	}
}

// Aliases of a document may lead to as many nodes as its own text allows, whatever stands
// around it.
func TestAliasesOfADocument(t *testing.T) {
	t.Parallel()
	// A list of 1,000 items, named often enough to pass the limit of 100,000 nodes and the bytes of the document.
	bomb := "x-a: &a [" + strings.Repeat("a,", 1_000) + "]\noperations:\n" + strings.Repeat("- {name: a, answers: {}, guards: *a}\n", 120)
	text := "---\n" + bomb + strings.Repeat("---\nservice: a # "+strings.Repeat("x", 1_000)+"\n", 100)
	for _, size := range []int{-1, 0, 50} {
		file, _ := Read(Source{Name: "m.yaml", Data: []byte(text)}, Options{PieceBytes: size})
		refused := slices.ContainsFunc(file.Findings, func(f diag.Finding) bool { return strings.Contains(f.Message, "alias") })
		if !refused {
			t.Errorf("pieces of %d bytes: not refused; %d findings, the first %v", size, len(file.Findings), file.Findings[:1])
		}
	}
	checkBothWays(t, text, 50)
}

// The manifests that TestPieces draws are read in pieces: a fixed choice of them shows it.
func TestPiecesAreCut(t *testing.T) {
	t.Parallel()
	const many = 200
	cut := 0
	for i := range many {
		if inPieces(rapid.Custom(aManifest).Example(i), 20) {
			cut++
		}
	}
	if cut < many/20 {
		t.Errorf("of %d manifests, %d are cut", many, cut)
	}
	t.Logf("%d of %d manifests are cut", cut, many)
}

// Reading in pieces gives what reading in one gives.
func FuzzPieces(f *testing.F) {
	for i := range 60 {
		f.Add(rapid.Custom(mutated).Example(i), 1+i%3*30)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		if size > 0 && size < 1000 {
			checkBothWays(t, text, size)
		}
	})
}

// What could make the two ways differ is read in one, and what is harmless is
// still read in pieces.
func TestCuts(t *testing.T) {
	const list = "operations:\n- name: a\n  answers: {}\n- name: b\n  answers: {}\n"
	indented := "operations:\n    - name: a\n    - name: b\n    - name: c\n"
	for _, test := range []struct {
		name, text string
		cut        bool
	}{
		{"a list", list, true},
		{"a comment after the key", "operations: # all\n- name: a\n- name: b\n", true},
		{"a comment before the first item", "operations:\n# x\n\n- name: a\n- name: b\n", true},
		{"a list in the middle", "service: s\n" + list + "stack: go\n", true},
		{"two lists", list + "---\n" + list, true},
		{"a comment before the first document", "# x\n---\n" + list + "---\n" + list, true},
		{"documents", "service: a\n---\nservice: b\n--- \n---\nservice: c\n", true},
		{"carriage returns", strings.ReplaceAll(list, "\n", "\r\n"), true},
		{"block scalars that look like items", "operations:\n- description: |\n    - name: x\n\n    # y\n- description: >\n\n   - z\n", true},
		{"an ampersand in a text", "operations:\n- name: a & b\n- name: c*d !\n", true},
		{"an anchor", "operations:\n- name: &a x\n- name: *a\n", true},
		{"an alias in one piece", "operations:\n- {name: &a x, callee: *a}\n- name: b\n", true},
		{"an anchor in the middle of a flow", "operations:\n- [&a x]\n- name: b\n", true},
		{"an anchor above the list", "x-a: &a {latency: 2s}\noperations:\n- {name: a, answers: *a}\n- {name: b, answers: *a}\n", true},
		{"an anchor that is given again", "x-a: &a 2s\noperations:\n- {name: a, answers: {}, timeout: *a}\n- {name: b, answers: {}, timeout: &a 3s}\n- {name: c, answers: {}, timeout: *a}\n", true},
		{"a merge of an item above", "operations:\n- &a\n  name: a\n  answers: {}\n- <<: *a\n  name: b\n", true},
		{"an alias behind the list", "operations:\n- {name: &a a, answers: {}}\n- {name: b, answers: {}}\nservice: *a\n", false},
		{"an anchor behind the list", "operations:\n- {name: *a, answers: {}}\n- {name: b, answers: {}}\nservice: &a a\n", false},
		{"an anchor in an item for the library", "operations:\n- {name: &a a, ? answers : {}}\n- {name: *a, answers: {}}\n", false},
		{"an item for the library beside anchors", "operations:\n- {name: &a a, answers: {}}\n- {name: b, ? answers : {}}\n- {name: *a, answers: {}}\n", true},
		{"an alias into the list from an item for the library", "operations:\n- {name: &a a, answers: {}}\n- {name: *a, ? answers : {}}\n", false},
		{"an alias of nothing", "operations:\n- name: *a\n- name: b\n", false},
		{"a tag", "operations:\n- name: !!str 5\n- name: b\n", true},
		{"a byte order mark", "\ufeff" + list, false},
		{"a lone CR", "operations:\n- name: a # x\ry\n- name: b\n", false},
		{"the end of a document", list + "...\n" + list, false},
		{"the end of a document before the next", list + "...\n---\n" + list, true},
		{"the end of a document and then more", list + "... # end\nservice: a\n---\n" + list, false},
		{"an anchor in one of two documents", list + "---\noperations:\n- {name: &a x, callee: *a}\n- {name: *a}\n", true},
		{"an alias of an anchor in the document before", "service: &a x\n---\nservice: *a\n", false},
		{"a document that doesn't parse", list + "---\na: : b\n---\n" + list, false},
		{"documents with content on their first lines", "--- {service: a}\n--- {service: b}\n", true},
		{"a lone CR in one of two documents", list + "---\nservice: a # x\ry\n", false},
		{"a directive between documents", list + "...\n%YAML 1.1\n---\n" + list, true},
		{"a directive", "%YAML 1.1\n---\n" + list, true},
		{"a flow mapping around", "{service: a,\noperations:\n  - name: x\n  - name: y\n}\n", false},
		{"a quoted text around", "description: \"a\noperations:\n- name: a\n- name: b\n\"\n", false},
		{"a text around", "description: >\n operations\noperations:\n- name: a\n- name: b\n", true},
		{"a quote that spans items", "operations:\n- name: \"a\n- b\"\n- name: c\n", false},
		{"a bracket that spans items", "operations:\n- [a,\n- b]\n", false},
		{"the key twice", list + list, false},
		{"the key twice in quotes", list + "\"operations\": []\n", false},
		{"a key of two lines", "? a\n: b\n" + list, false},
		{"a value in place of the list", "operations:\n  |\n  - a\n  - b\n", false},
		{"a value after the list", indented + "  - x\n", false},
		{"a deeper line after the list", "operations:\n- a\n- b\n |\n  x\n", true},
		{"a bad character beside the key", "operations: # \x01\n- name: a\n- name: b\n", true},
		{"a bad character before the items", "operations:\n# \x01\n- name: a\n- name: b\n", true},
		{"a tab", "operations:\n- name: a\n\t- name: b\n", false},
		{"one item", "operations:\n- name: a\n", true},
		{"depth that only the whole has", "operations:\n  - name: a\n  - " + strings.Repeat("- ", 9_998) + "a\n", false},
		{"an empty last item", "operations:\n- name: a\n-\n", true},
		{"an error", "operations:\n- name: a\n- name: : b\n", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if cut := inPieces(test.text, 1); cut != test.cut {
				t.Errorf("read in pieces: %v, want %v", cut, test.cut)
			}
			checkBothWays(t, test.text, 1)
		})
	}
}

// A piece that does not parse is never taken for read because another, read at
// the same time, was.
func TestBrokenPieceSideBySide(t *testing.T) {
	const most = 2_000
	var b strings.Builder
	b.WriteString("operations:\n")
	for i := range most {
		fmt.Fprintf(&b, "- {name: op-%d, answers: {immediacy: yes}}\n", i)
		if i == most/2 {
			b.WriteString("- {name: broken, answers: {immediacy: : no}\n")
		}
	}
	src := Source{Name: "m.yaml", Data: []byte(b.String())}
	for range 20 {
		if file, _ := Read(src, Options{Workers: 8, PieceBytes: 200}); !file.Broken {
			t.Fatal("a piece that does not parse was taken for read")
		}
	}
}
