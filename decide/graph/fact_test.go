package graph

import (
	"reflect"
	"testing"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// full gives every field of an operation: words "x", yes, and numbers above zero.
func full(v reflect.Value) {
	at := diag.Range{Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 2}}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			switch {
			case !v.Type().Field(i).IsExported():
			case v.Field(i).Type() == reflect.TypeFor[diag.Range]():
				v.Field(i).Set(reflect.ValueOf(at))
			default:
				full(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		full(v.Index(0))
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(time.Second))
	case reflect.Float64:
		v.SetFloat(1)
	}
}

// A field of what the graph keeps that no fact of a manifest fills is forgotten in the
// copy, and a path that no manifest has is misspelled.
func TestEveryFactIsCopied(t *testing.T) {
	t.Parallel()
	var op manifest.Operation
	full(reflect.ValueOf(&op).Elem())
	op.Guards = nil
	for _, guard := range []string{"circuit-breaker", "bulkhead", "fallback"} {
		op.Guards = append(op.Guards, manifest.Field[string]{Value: guard})
	}
	for _, kept := range []any{traitsOf(&op), ratesOf(&op), dataOf(&op), deliveryOf(&op)} {
		v := reflect.ValueOf(kept)
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; v.Field(i).IsZero() && name != "Broker" {
				t.Errorf("%s.%s is not copied", v.Type().Name(), name)
			}
		}
	}
	paths := map[string]bool{}
	var walk func(prefix string, keys []manifest.Key)
	walk = func(prefix string, keys []manifest.Key) {
		for _, k := range keys {
			paths[prefix+k.Name] = true
			walk(prefix+k.Name+".", k.Keys)
		}
	}
	for _, k := range manifest.Schema().Keys {
		if k.Name == "operations" {
			walk("", k.Items.Keys)
		}
	}
	for f, kept := range keptFacts {
		if !paths[kept.path] {
			t.Errorf("fact %d: no operation has the key %q", f, kept.path)
		}
		if kept.at != nil && !kept.at(&op).IsValid() {
			t.Errorf("%s stands nowhere", kept.path)
		}
	}
}
