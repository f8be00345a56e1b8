package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
)

// based returns a baseline file of a folder in which the named files are.
func based(b *lint.Baseline, there ...string) *lint.BaselineFile {
	return &lint.BaselineFile{
		Baseline: b,
		Name:     func(file string) string { return "sub/" + file },
		Exists:   func(name string) bool { return slices.Contains(there, name) },
	}
}

func service(name, timeout string) string {
	return fmt.Sprintf("service: %s\noperations:\n- {name: op, answers: {}, timeout: %s}\n", name, timeout)
}

// accepted returns a baseline that holds what a run over the files finds.
func accepted(t *testing.T, files ...string) *lint.Baseline {
	b := based(&lint.Baseline{})
	r := linttest.Run(t, lint.Options{Baseline: b}, files...)
	b.Accept(r, r.Acceptable())
	if len(r.Findings) > 0 {
		t.Fatalf("after they were accepted, findings are left: %s", brief(r))
	}
	return b.Baseline
}

// compared writes findings, known and fixed entries.
func compared(r *lint.Result) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, "new "+f.Operation)
	}
	for _, f := range r.Baseline.Known {
		out = append(out, "known "+f.Operation)
	}
	for _, e := range r.Baseline.Fixed {
		out = append(out, "fixed "+e.Operation)
	}
	return strings.Join(out, ", ")
}

// A run beside a baseline tells what is new, what is known and what is fixed.
func TestBaseline(t *testing.T) {
	a, b := service("a", "2s"), service("b", "2s")
	held := accepted(t, "a.yaml", a, "b.yaml", b)
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{"the same", []string{"a.yaml", a, "b.yaml", b}, "known a/op, known b/op"},
		{"moved down its file", []string{"a.yaml", "# note\n\n" + a, "b.yaml", b}, "known a/op, known b/op"},
		{"moved to another file", []string{"new.yaml", a, "b.yaml", b}, "known b/op, known a/op"},
		{"one more", []string{"a.yaml", a, "b.yaml", b, "c.yaml", service("c", "2s")}, "new c/op, known a/op, known b/op"},
		{"one fixed", []string{"a.yaml", service("a", "1s"), "b.yaml", b}, "known b/op, fixed a/op"},
		{"one file not looked at", []string{"b.yaml", b}, "known b/op"},
		{"one file not read to its end", []string{"a.yaml", "service: [", "b.yaml", b}, "new , known b/op"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := linttest.Run(t, lint.Options{Baseline: based(held, "sub/a.yaml", "sub/b.yaml")}, tt.files...)
			if got := compared(r); got != tt.want {
				t.Errorf("beside the baseline: %s, want %s", got, tt.want)
			}
		})
	}
	r := linttest.Run(t, lint.Options{Baseline: based(held, "sub/b.yaml")}, "b.yaml", b)
	if got, want := compared(r), "known b/op, fixed a/op"; got != want {
		t.Errorf("after a file is gone: %s, want %s", got, want)
	}
}

// What cannot be waived cannot be taken into a baseline either.
func TestBaselineRefuses(t *testing.T) {
	b := based(&lint.Baseline{})
	text := strings.Replace(service("a", "2s"), "timeout", "timoeut", 1)
	r := linttest.Run(t, lint.Options{Baseline: b}, "a.yaml", text)
	if list := r.Acceptable(); len(list) != 0 {
		t.Fatalf("acceptable: %v, want none", list)
	}
	b.Accept(r, r.Findings) // even a file that was edited by hand
	if got := brief(r); got != "unknown-key@3" {
		t.Errorf("findings: %s, want unknown-key@3", got)
	}
}

// A baseline that is written and read again is the same.
func TestBaselineFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &lint.Result{Baseline: &lint.Comparison{}}
		for range rapid.IntRange(0, 5).Draw(t, "findings") {
			r.Findings = append(r.Findings, diag.Finding{
				File: rapid.String().Draw(t, "file"), Code: "WN101", Rule: rapid.String().Draw(t, "rule"), Operation: rapid.String().Draw(t, "operation"),
			})
		}
		diag.Identify(r.Findings, nil)
		b := based(&lint.Baseline{})
		b.Accept(r, slices.Clone(r.Findings))
		text := b.Format()
		again, err := lint.ParseBaseline(text)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if string(again.Format()) != string(text) {
			t.Fatalf("written again: %s, want %s", again.Format(), text)
		}
	})
}

func TestParseBaselineRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "not a baseline: EOF",
		"[]":                           "not a baseline: cannot unmarshal array",
		`{"version": 2}`:               "not a baseline of version 1, but of version 2",
		`{"version": 1, "finding": 1}`: `not a baseline: unknown field "finding"`,
		`{"version": 1} {}`:            "not a baseline: there's text after its end",
		`{"version": 1, "findings": [{"fingerprint": "00"}]}`: "entry 1 has no fingerprint of 32 hexadecimal digits",
	} {
		if _, err := lint.ParseBaseline([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("ParseBaseline(%s) = %v, want %s", text, err, want)
		}
	}
}

// A byte order mark before a baseline does no harm, and UTF-16 is named.
func TestBaselineEncoding(t *testing.T) {
	text := accepted(t, "a.yaml", service("a", "2s")).Format()
	if b, err := lint.ParseBaseline(append([]byte("\xef\xbb\xbf"), text...)); err != nil || len(b.Entries) != 1 {
		t.Errorf("with a byte order mark: %v", err)
	}
	wide := []byte("\xff\xfe")
	for _, c := range text {
		wide = append(wide, c, 0)
	}
	if _, err := lint.ParseBaseline(wide); err == nil || !strings.Contains(err.Error(), "UTF-16") {
		t.Errorf("UTF-16: %v", err)
	}
}

// In a part of a run nothing is fixed that only the whole shows; what an operation shows
// by itself is.
func TestBaselineOfPart(t *testing.T) {
	rules := []*lint.Rule{linttest.Slow(), lonely()}
	front := "service: front\noperations:\n- {name: a, callee: shop, answers: {}}\n"
	shop := "service: shop\noperations:\n- {name: b, callee: bank, timeout: %s, answers: {}}\n"
	b := based(&lint.Baseline{})
	r := linttest.Run(t, lint.Options{Rules: rules, Baseline: b}, "shop.yaml", fmt.Sprintf(shop, "2s"))
	b.Accept(r, r.Acceptable())
	for partial, want := range map[bool]string{false: "fixed shop/b, fixed shop/b", true: "fixed shop/b"} {
		r := linttest.Run(t, lint.Options{Rules: rules, Baseline: b, Partial: partial}, "front.yaml", front, "shop.yaml", fmt.Sprintf(shop, "1s"))
		got := strings.ReplaceAll(compared(r), "new front/a, ", "")
		if got != want {
			t.Errorf("partial %t: %s, want %s", partial, got, want)
		}
	}
}

// A baseline has one entry a line, and is a well-formed file without any.
func TestBaselineFormat(t *testing.T) {
	entry := func(file string) lint.BaselineEntry { return lint.BaselineEntry{Code: "WN101", Rule: "r", File: file} }
	line := `    {"file":"%s","code":"WN101","rule":"r","fingerprint":"00000000000000000000000000000000"}`
	for want, b := range map[string]lint.Baseline{
		"{\n  \"version\": 1,\n  \"findings\": []\n}\n":                                     {},
		"{\n  \"version\": 1,\n  \"findings\": [\n" + fmt.Sprintf(line, "a") + "\n  ]\n}\n": {Entries: []lint.BaselineEntry{entry("a")}},
		"{\n  \"version\": 1,\n  \"findings\": [\n" + fmt.Sprintf(line, "a") + ",\n" + fmt.Sprintf(line, "b") + "\n  ]\n}\n": {
			Entries: []lint.BaselineEntry{entry("a"), entry("b")}},
	} {
		if got := string(b.Format()); got != want {
			t.Errorf("written\n%s\nwant\n%s", got, want)
		}
	}
}

// The entries of a baseline are in the order of files, operations and codes, each once,
// whatever order they are accepted in and how often; what is fixed is taken out.
func TestBaselineEntries(t *testing.T) {
	t.Parallel()
	b := based(&lint.Baseline{})
	r := linttest.Run(t, lint.Options{Baseline: b}, "z.yaml", service("a", "2s"), "b.yaml", service("c", "2s"), "m.yaml", service("b", "2s"))
	found := slices.Clone(r.Acceptable())
	slices.Reverse(found)
	b.Accept(r, append(found, found...))
	operations := func() string {
		var list []string
		for _, e := range b.Entries {
			list = append(list, e.Operation)
		}
		return strings.Join(list, " ")
	}
	if got := operations(); got != "c/op b/op a/op" {
		t.Errorf("entries %s", got)
	}
	b.Shrink(b.Entries[1:2])
	if got := operations(); got != "c/op a/op" {
		t.Errorf("without the second: %s", got)
	}
}
