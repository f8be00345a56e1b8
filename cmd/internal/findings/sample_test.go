package findings

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// texts are the manifests that the findings of the samples are about.
var texts = map[string]string{
	"shop/waitornot.yaml": "\ufeffservice: shop\noperations:\n  - name: pay\n\tmode: 日本語 sync # tab\n    answers: {immediacy: no,\r\n" +
		"              latency: 2s}\n  - name: " + strings.Repeat("long ", 60) + "name\n    callee: x\n",
	"a b/100%.yaml": "name: \"<b>&amp;'quoted'</b>\" # \x1b[31mred\x1b[0m \u202etac\n",
}

func span(line, column, endLine, endColumn uint32) diag.Range {
	return diag.Range{Start: diag.Pos{Line: line, Column: column}, End: diag.Pos{Line: endLine, Column: endColumn}}
}

func day27() time.Time { return time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC) }

func waivedBy(reason, owner string) manifest.Waiver {
	at := span(9, 9, 9, 40)
	return manifest.Waiver{
		Range:  at,
		Rule:   manifest.Field[string]{Value: "mode-disagrees", Range: at},
		Reason: manifest.Field[string]{Value: reason, Range: at},
		Owner:  manifest.Field[string]{Value: owner, Range: at},
		Until:  manifest.Field[time.Time]{Value: day27(), Range: at},
	}
}

// finished returns a report with its findings sorted and identified.
func finished(findings []diag.Finding, waived []lint.Waived) *Report {
	findings = diag.Sort(findings)
	diag.Identify(findings, nil)
	for i := range waived {
		one := []diag.Finding{waived[i].Finding}
		diag.Identify(one, nil)
		waived[i].Finding = one[0]
	}
	r := &Report{
		Result:  &lint.Result{Findings: findings, Waived: waived, Files: 3, Operations: 7},
		Version: "v1.2.3",
		Names:   []string{"shop/waitornot.yaml", "/repo/a b/100%.yaml", "clean.yaml"},
		Rules: []Rule{
			{Code: "WN001", Name: "syntax", Severity: diag.Error, Summary: "the file isn't valid YAML", Why: "Nothing else can be said.", Fix: "Correct it."},
			{Code: "WN101", Name: "mode-disagrees", Severity: diag.Error, Summary: "the mode is not the verdict", Why: "It *waits* for @nobody.\n\nAt all.",
				Fix: "Declare it.", Bad: "mode: sync\n", Good: "# ``` fence\nmode: async\n"},
			{Code: "WN102", Name: "undecided", Severity: diag.Warning, Summary: "several verdicts are left", Why: "Because.", Fix: "Answer."},
			{Code: "WN307", Name: "retry-without-jitter", Severity: diag.Info, Summary: "no pause", Why: "Because.", Fix: "Pause."},
		},
		Dir: "/repo",
		Text: func(file string) ([]byte, bool) {
			text, ok := texts[strings.TrimPrefix(file, "/repo/")]
			return []byte(text), ok
		},
	}
	return r
}

// sample is the set of findings that every format's golden file shows.
func sample() *Report {
	const shop, odd = "shop/waitornot.yaml", "/repo/a b/100%.yaml"
	r := finished([]diag.Finding{
		{File: shop, Code: "WN001", Rule: "syntax", Severity: diag.Error, Message: "the file has no end"},
		{File: shop, Range: span(4, 8, 4, 11), Code: "WN101", Rule: "mode-disagrees", Severity: diag.Error,
			Message: `"pay" is declared sync, but its answers give async`, Fix: "declare mode: async", Operation: "shop/pay",
			Related: []diag.Related{{File: shop, Range: span(5, 14, 6, 27), Message: "the answers"}, {File: "other.yaml", Message: "its journey"}}},
		{File: shop, Range: span(5, 14, 6, 27), Code: "WN102", Rule: "undecided", Severity: diag.Warning,
			Message: `"pay" is undecided`, Fix: "answer immediacy first; " + strings.Repeat("a long hint that has to be broken into lines, ", 3) + "and ends",
			Operation: "shop/pay"},
		{File: shop, Range: span(7, 300, 7, 313), Code: "WN307", Rule: "retry-without-jitter", Severity: diag.Info,
			Message: "no pause", Operation: "shop/long"},
		{File: shop, Range: span(99, 1, 99, 2), Code: "WN102", Rule: "undecided", Severity: diag.Warning, Message: "a line that is gone", Operation: "shop/gone"},
		{File: odd, Range: span(1, 7, 1, 32), Code: "WN102", Rule: "undecided", Severity: diag.Warning,
			Message: "\"<b>&amp;'quoted'</b>\" | 100% [a](b) {0} `x` @all #1\n::error::x", Operation: "a b/<b>"},
	}, []lint.Waived{{
		Finding: diag.Finding{File: shop, Range: span(8, 5, 8, 11), Code: "WN101", Rule: "mode-disagrees", Severity: diag.Error,
			Message: `"refund" is declared sync, but its answers give async`, Operation: "shop/refund"},
		Waiver: waivedBy("a second broker lands in Q1", "payments"),
	}})
	r.Broken = []string{shop}
	r.Unreadable = []lint.Unreadable{{File: "gone.yaml", Err: errors.New("no such file or directory")}}
	return r
}

// hostile is texts that break a format which forgets to escape.
var hostile = []string{
	``, `"quotes" 'single' \back\`, `<script>alert(1)</script> ]]> <!-- -- -->`, `100% %0A %s {0} {} {{1}}`, "line\nbreak\r\nand\rmore\u2028\u2029\u0085",
	"::error file=x::y", "##[error]x", "\x00\x01\x1b[31mred\x1b]0;title\x07\x7f\u009b", "\u202eright to left\u202c \u200f\u2066", "not\xff\xfeutf-8 \xc3",
	"\ufffe\uffff \U0010ffff", strings.Repeat("x", 10_000), strings.Repeat("語", 10_000), "| pipe `code` **bold** [a](javascript:x) @all #1 https://x www.x", "e\u0301\u200d👩‍👩‍👧",
}

// hostileReport puts each hostile text everywhere that text goes.
func hostileReport() *Report {
	var findings []diag.Finding
	var waived []lint.Waived
	for i, h := range hostile {
		f := diag.Finding{
			File: "dir/" + h + ".yaml", Range: span(1, uint32(i+1), 1, uint32(i+5)), Code: "WN101", Rule: "mode-disagrees",
			Severity: diag.Severity(i%3 + 1), Message: cmp.Or(h, "no text"), Fix: h, Operation: "shop/" + h, Key: h,
			Related: []diag.Related{{File: h, Range: span(2, 1, 3, 1), Message: h}},
		}
		findings = append(findings, f)
		f.File, f.Range = h, diag.Range{}
		f.Operation = fmt.Sprint("waived/", i)
		waived = append(waived, lint.Waived{Finding: f, Waiver: waivedBy(h, h)})
	}
	r := finished(findings, waived)
	for _, h := range hostile {
		r.Names = append(r.Names, h)
		r.Broken = append(r.Broken, h)
		r.Unreadable = append(r.Unreadable, lint.Unreadable{File: "un/" + h, Err: errors.New(h)})
	}
	r.Text = func(file string) ([]byte, bool) { return []byte("\ufeff" + file + "\n" + file), true }
	return r
}

// empty is a run that found no file at all.
func empty() *Report {
	r := finished(nil, nil)
	r.Result, r.Names, r.Rules = &lint.Result{}, nil, nil
	return r
}

// clean is a run without findings.
func clean() *Report {
	r := finished(nil, nil)
	r.Result = &lint.Result{Files: 3, Operations: 7}
	return r
}

// halted is a run whose configuration cannot be followed.
func halted() *Report {
	r := finished([]diag.Finding{{
		File: ".waitornot.yaml", Range: span(1, 1, 1, 5), Code: "WN906", Rule: "misconfigured", Severity: diag.Error, Message: `there is no key "ruels"`,
	}}, nil)
	r.Rules = append(r.Rules, Rule{Code: "WN906", Name: "misconfigured", Severity: diag.Error, Summary: "a configuration cannot be followed"})
	r.Files, r.Operations, r.Halted = 0, 0, true
	return r
}

// reports are what every format must write as a valid document.
func reports() map[string]*Report {
	return map[string]*Report{"sample": sample(), "hostile": hostileReport(), "empty": empty(), "clean": clean(), "halted": halted()}
}
