package manifest

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waitornot/decide/diag"
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
	one, ops = Read(src, Options{pieceBytes: -1})
	pieces, cut = Read(src, Options{pieceBytes: size, Workers: 2})
	return one, pieces, ops, cut
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
	cut := 0
	rapid.Check(t, func(t *rapid.T) {
		text, size := mutated(t), rapid.SampledFrom([]int{1, 20, 200}).Draw(t, "size")
		if _, ok := split([]byte(text), size); ok {
			cut++
		}
		checkBothWays(t, text, size)
	})
	if cut == 0 {
		t.Error("no manifest was cut")
	}
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
