package manifest

import (
	"hash/maphash"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide/diag"
)

// sumOf returns the sum of an operation with a seed.
func sumOf(seed maphash.Seed, o *Operation) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	Sum(o, &h)
	return h.Sum64()
}

// Each field that tells two operations apart goes into the sum, and no other: as a change from
// nothing, wherever it stands.
func TestSumOfEachField(t *testing.T) {
	seed := maphash.MakeSeed()
	place := diag.Range{Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 2}}
	sums := map[uint64]string{sumOf(seed, &Operation{}): "nothing"}
	var each func(path string, v reflect.Value, o *Operation)
	each = func(path string, v reflect.Value, o *Operation) {
		switch {
		case strings.HasPrefix(v.Type().Name(), "Field["):
			v.FieldByName("Range").Set(reflect.ValueOf(place))
			differs := len(without(format().operation.Differing(&Operation{}, o), "name", "answers")) > 0
			sum := sumOf(seed, o)
			if other, known := sums[sum]; known == differs {
				t.Errorf("%s: differs %t, but its sum is that of %q", path, differs, other)
			} else if differs {
				sums[sum] = path
			}
			v.SetZero()
		case v.Kind() == reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			each(path, v.Index(0), o)
			v.SetZero()
		case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[diag.Range]():
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					each(strings.TrimPrefix(path+"."+f.Name, "."), v.Field(i), o)
				}
			}
		}
	}
	o := &Operation{}
	each("", reflect.ValueOf(o).Elem(), o)
	if len(sums) < 60 {
		t.Errorf("only %d fields were seen", len(sums))
	}
}

// Two operations have the same sum if nothing but their names and answers differs, and only then.
func TestSum(t *testing.T) {
	seed := maphash.MakeSeed()
	rapid.Check(t, func(t *rapid.T) {
		_, ops := Read(Source{Name: "m", Data: []byte(aManifest(t))}, Options{})
		for i := range ops {
			for j := range i {
				a, b := &ops[i], &ops[j]
				differing := without(format().operation.Differing(a, b), "name", "answers")
				if same := sumOf(seed, a) == sumOf(seed, b); same == (len(differing) > 0) {
					t.Fatalf("%s and %s differ in %v, same sum %t", a.Name.Value, b.Name.Value, differing, same)
				}
			}
		}
	})
}
