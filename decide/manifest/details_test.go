package manifest

import (
	"reflect"
	"testing"
)

// A document says something as soon as one of its keys is given; what is only made of those
// counts for nothing. Documents that say nothing share that.
func TestDetails(t *testing.T) {
	t.Parallel()
	if !new(Details).saysNothing() {
		t.Error("no details say something")
	}
	given := map[reflect.Kind]func(reflect.Value){
		reflect.Struct:  func(v reflect.Value) { v.FieldByName("Range").FieldByName("Start").FieldByName("Line").SetUint(1) },
		reflect.Pointer: func(v reflect.Value) { v.Set(reflect.New(v.Type().Elem())) },
		reflect.Slice:   func(v reflect.Value) { v.Set(reflect.MakeSlice(v.Type(), 1, 1)) },
	}
	for f := range reflect.TypeFor[Details]().Fields() {
		var x Details
		if f.IsExported() {
			if given[f.Type.Kind()](reflect.ValueOf(&x).Elem().FieldByIndex(f.Index)); x.saysNothing() {
				t.Errorf("a document that gives %s says nothing", f.Name)
			}
		}
	}
	file, _ := read("service: a\n---\nversion: 1\n---\nowner: team\n---\nowner: team\n")
	a, b, c, d := file.Documents[0], file.Documents[1], file.Documents[2], file.Documents[3]
	if a.Details != b.Details || c.Details == d.Details || c.Owner.Value != "team" || c.Owner.Range == d.Owner.Range {
		t.Errorf("details are shared otherwise than they may: %v %v", c.Owner, d.Owner)
	}
}
