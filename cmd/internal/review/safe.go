package review

import (
	"html"
	"html/template"
	"reflect"
	"regexp"
	"strings"

	"waitornot/cmd/internal/term"
)

// makeSafe makes every text that a value holds fit to be shown: what a terminal, an editor
// or a reader could be misled by becomes visible. It is the one place for that between what
// manifests say and the page, so that no field can be forgotten. Slices are copied: they
// may belong to others. What has a type of package template is markup, escaped by whoever
// wrote it.
func makeSafe[T any](value *T) { safe(reflect.ValueOf(value).Elem()) }

func safe(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.CanSet() {
			v.SetString(term.Safe(v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			safe(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			safe(v.Index(i))
		}
	case reflect.Slice:
		if v.IsNil() || !v.CanSet() {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		for i := range own.Len() {
			safe(own.Index(i))
		}
		v.Set(own)
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() || !v.CanSet() {
			return
		}
		own := reflect.New(v.Elem().Type())
		own.Elem().Set(v.Elem())
		safe(own.Elem())
		if v.Kind() == reflect.Pointer {
			v.Set(own)
		} else {
			v.Set(own.Elem())
		}
	}
}

var quoted = regexp.MustCompile("`([^`]+)`")

// prose shows what stands between backquotes as code.
func prose(text string) template.HTML {
	return template.HTML(quoted.ReplaceAllString(html.EscapeString(text), "<code>$1</code>"))
}

// breakable lets a path break behind its slashes.
func breakable(path string) template.HTML {
	return template.HTML(strings.ReplaceAll(html.EscapeString(path), "/", "/<wbr>"))
}
