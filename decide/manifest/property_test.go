package manifest

import (
	"fmt"
	"reflect"
	"strings"
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
		List: "operations", Header: readHeader, SetEnd: func(*Document, diag.Pos) {},
		Items: func(*yamlfile.Walker, *Document, yamlfile.Value, func(int)) {},
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
		{"an anchor", "operations:\n- name: &a x\n- name: *a\n", false},
		{"an alias in one piece", "operations:\n- {name: &a x, callee: *a}\n- name: b\n", false},
		{"an anchor in the middle of a flow", "operations:\n- [&a x]\n- name: b\n", false},
		{"an alias of nothing", "operations:\n- name: *a\n- name: b\n", false},
		{"a tag", "operations:\n- name: !!str 5\n- name: b\n", true},
		{"a byte order mark", "\ufeff" + list, false},
		{"a lone CR", "operations:\n- name: a # x\ry\n- name: b\n", false},
		{"the end of a document", list + "...\n" + list, false},
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
