package review

import (
	"bytes"
	"encoding/json"
	"html"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"waitornot/cmd/internal/term"
)

// hostile is text that would be more than text where it is not escaped: to a reader of the
// page, to a terminal, and to an eye.
const hostile = "\x1b[2J\u202eevil\u0000<img src=x onerror=alert(1)></script><script>alert(2)</script>\" onload='x' `<u>`"

// fill gives every text of a value the same content, and every list an element. What
// is a type of package template stays as it is.
func fill(v reflect.Value, flag bool) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(hostile)
		}
	case reflect.Bool:
		v.SetBool(flag)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), flag)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), flag)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), flag)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), flag)
	case reflect.Interface:
		v.Set(reflect.ValueOf(hostile))
	}
}

var (
	tags = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
	evil = regexp.MustCompile(`(?i)^</?(img|u)\b|\sonload=|\sonerror=`)
)

// Whatever any field of the page holds stays text, in its markup and in the data of its
// script, and nothing in it hides from the eye.
func TestEveryFieldStaysText(t *testing.T) {
	t.Parallel()
	for _, flag := range []bool{false, true} {
		var v view
		fill(reflect.ValueOf(&v).Elem(), flag)
		var d pageData
		fill(reflect.ValueOf(&d).Elem(), flag)
		var err error
		if v.Data, err = encode(&d); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := v.write(&b); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, tag := range tags.FindAllString(page, -1) {
			bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(tag, `""`)
			if evil.MatchString(bare) {
				t.Errorf("a text became the element %s", tag)
			}
		}
		if n := strings.Count(page, "<script"); n != 2 {
			t.Errorf("%d scripts, want 2", n)
		}
		if at := unseen(html.UnescapeString(page)); at != "" {
			t.Errorf("a character that can't be seen: %q", at)
		}
		var back any
		if err := json.Unmarshal([]byte(v.Data), &back); err != nil {
			t.Fatal(err)
		}
		texts := 0
		each(back, func(s string) {
			texts++
			if s != term.Safe(s) {
				t.Errorf("the data holds %q", s)
			}
		})
		if texts < 30 || strings.Count(page, "evil") < 60 {
			t.Errorf("%d texts in the data, %d in the page: the test fills too little", texts, strings.Count(page, "evil"))
		}
	}
}

// unseen returns what stands around the first character that Safe would make visible, or "".
func unseen(page string) string {
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		if safe := term.Safe(line); safe != line {
			return line[:min(len(line), 200)]
		}
	}
	return ""
}

func each(v any, see func(string)) {
	switch v := v.(type) {
	case string:
		see(v)
	case []any:
		for _, x := range v {
			each(x, see)
		}
	case map[string]any:
		for _, x := range v {
			each(x, see)
		}
	}
}

// What others hold as well is not changed under them.
func TestMakeSafeCopies(t *testing.T) {
	t.Parallel()
	shared := []string{"a\x1bb"}
	inner := &struct{ Names []string }{shared}
	v := struct {
		List []string
		Any  []any
		In   *struct{ Names []string }
	}{shared, []any{"\x1b", 3, []string{"\x1b"}}, inner}
	makeSafe(&v)
	if shared[0] != "a\x1bb" || inner.Names[0] != "a\x1bb" {
		t.Errorf("changed what others hold: %q", shared)
	}
	want := term.Safe("a\x1bb")
	if v.List[0] != want || v.In.Names[0] != want || v.Any[0] != term.Safe("\x1b") || v.Any[2].([]string)[0] != term.Safe("\x1b") {
		t.Errorf("got %+v", v)
	}
}
