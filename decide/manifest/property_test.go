package manifest

import (
	"reflect"
	"testing"

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
