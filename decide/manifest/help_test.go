package manifest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"waitornot/decide/diag"
)

func place(r diag.Range) string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Start.Line, r.Start.Column, r.End.Line, r.End.Column)
}

// lines shows findings one a line: place, rule, message, fix.
func lines(findings []diag.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s: %s", place(f.Range), f.Rule, f.Message)
		if f.Fix != "" {
			fmt.Fprintf(&b, " [%s]", f.Fix)
		}
		for _, r := range f.Related {
			fmt.Fprintf(&b, " (%s %s)", place(r.Range), r.Message)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func read(s string) (*File, []Operation) {
	return Read(Source{Name: "test.yaml", Data: []byte(s)}, Options{})
}

// only returns the single operation of a manifest without findings.
func only(t *testing.T, s string) Operation {
	t.Helper()
	file, ops := read(s)
	if len(file.Findings) > 0 || len(ops) != 1 {
		t.Fatalf("%d operations, findings:\n%s", len(ops), lines(file.Findings))
	}
	return ops[0]
}

// unsetFields names the fields within x that have no place. x is a struct.
func unsetFields(x any) []string {
	var unset []string
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		switch v.Kind() {
		case reflect.Slice, reflect.Array:
			if v.Kind() == reflect.Slice && v.Len() == 0 && !strings.HasSuffix(path, ".Parallel") {
				unset = append(unset, path)
			}
			for i := range v.Len() {
				walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
			}
		case reflect.Struct:
			if strings.HasPrefix(v.Type().Name(), "Field[") {
				if v.FieldByName("Range").IsZero() && !strings.HasSuffix(path, ".Operation") {
					unset = append(unset, path)
				}
				return
			}
			for i := range v.NumField() {
				walk(v.Field(i), path+"."+v.Type().Field(i).Name)
			}
		}
	}
	walk(reflect.ValueOf(x), "")
	for i := range unset {
		unset[i] = strings.TrimPrefix(unset[i], ".")
	}
	return unset
}
