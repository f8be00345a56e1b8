package lint_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/diag/diagtest"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
	"waitornot/decide/manifest"
)

// settled corrects a manifest until nothing more can be corrected.
func settled(t *rapid.T, table *decide.Table, text string, unsafe bool) (string, *lint.Result) {
	for range 10 {
		src := manifest.Source{Name: "a.yaml", Data: []byte(text)}
		r, err := lint.Run(context.Background(), []lint.Opener{func() (manifest.Source, error) { return src, nil }},
			lint.Options{Rules: []*lint.Rule{linttest.Slow()}, Table: table, Limits: decide.DefaultLimits(), Today: linttest.Today()})
		if err != nil {
			t.Fatal(err)
		}
		out, made := lint.Fix(src, r.Findings, unsafe)
		if len(made) == 0 {
			if string(out) != text {
				t.Fatalf("nothing was corrected, but the text changed:\n%s", out)
			}
			return text, r
		}
		text = string(out)
	}
	t.Fatalf("after ten rounds there is still something to correct in\n%s", text)
	return "", nil
}

// A manifest with faults, in any style that people write: each line is tagged
// by whether it may change.
type draft struct {
	lines []string
	loose []bool
}

func (d *draft) add(loose bool, line string) {
	d.lines, d.loose = append(d.lines, line), append(d.loose, loose)
}

func drawDraft(t *rapid.T) *draft {
	d := &draft{}
	yes := func(label string) bool { return rapid.Bool().Draw(t, label) }
	comment := func() string {
		return rapid.SampledFrom([]string{"", " # why", "   # é, [x]: {y}"}).Draw(t, "comment")
	}
	d.add(false, "service: shop"+comment())
	d.add(false, "operations:"+comment())
	for i := range rapid.IntRange(1, 3).Draw(t, "operations") {
		d.add(false, fmt.Sprintf("  - name: op%d%s", i, comment()))
		if yes("misspelt") {
			d.add(true, "    timout: 2s"+comment())
		} else {
			d.add(false, "    timeout: 2s"+comment())
		}
		waiver := func() string {
			rule := rapid.SampledFrom([]string{"slow-timeout", "missing-facts", "slow-timeout", "nonsense"}).Draw(t, "rule")
			until := rapid.SampledFrom([]string{"2999-01-01", "2020-01-01"}).Draw(t, "until")
			return fmt.Sprintf("{rule: %s, reason: r, owner: o, until: %s}", rule, until)
		}
		n := rapid.IntRange(0, 3).Draw(t, "waivers")
		switch {
		case n == 0:
		case yes("brackets"):
			var items []string
			for range n {
				items = append(items, waiver())
			}
			d.add(true, "    waivers: ["+strings.Join(items, ", ")+"]"+comment())
		default:
			d.add(true, "    waivers:")
			for range n {
				if yes("remark") {
					d.add(false, "      # about the next")
				}
				d.add(true, "      - "+waiver()+comment())
			}
		}
		d.add(false, "    answers: {latency: 100ms}"+comment())
	}
	return d
}

// Corrections leave all other lines as they are, the text reads no worse, no
// waiver that does nothing is left, and doing it again changes nothing.
func TestFix(t *testing.T) {
	table := linttest.Table(t)
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		newline := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "newline")
		src := strings.Join(d.lines, newline) + rapid.SampledFrom([]string{"", newline}).Draw(t, "end")
		fixed, r := settled(t, table, src, true)
		left := strings.Split(fixed, newline)
		for i, line := range d.lines {
			if d.loose[i] {
				continue
			}
			at := slices.Index(left, line)
			if at < 0 {
				t.Fatalf("the line %q is gone or changed in\n%s\nwhich was\n%s", line, fixed, src)
			}
			left = left[at+1:]
		}
		if len(r.Broken) > 0 || strings.Contains(strings.ReplaceAll(fixed, "\r\n", ""), "\r") {
			t.Fatalf("the text is broken:\n%s", fixed)
		}
		for _, f := range r.Findings {
			if f.Rule == "unknown-key" || f.Rule == "waiver-unused" {
				t.Fatalf("%s is left: %s in\n%s\nwhich was\n%s", f.Rule, f.Message, fixed, src)
			}
		}
	})
}

// Safe corrections alone are made unless unsafe ones are wanted; of two that
// touch each other the first is made; equal ones count both; and one that would
// leave a text that reads worse is not made.
func TestFixChooses(t *testing.T) {
	const text = "service: a\noperations: [{name: op, answers: {}}]\n"
	src := manifest.Source{Name: "a.yaml", Data: []byte(text)}
	finding := func(line, from, to uint32, text string, safe bool) diag.Finding {
		at := diag.Range{Start: diag.Pos{Line: line, Column: from}, End: diag.Pos{Line: line, Column: to}}
		return diag.Finding{File: "a.yaml", Edits: []diag.Edit{{Range: at, New: text}}, Safe: safe}
	}
	rename, touches := finding(1, 10, 11, "bb", true), finding(1, 11, 11, "cc", true)
	before := finding(1, 9, 10, "  ", true)
	unsafe, breaks := finding(2, 21, 23, "up", false), finding(2, 13, 14, "]", true)
	elsewhere := rename
	elsewhere.File = "b.yaml"
	tests := []struct {
		name     string
		findings []diag.Finding
		unsafe   bool
		want     string
		made     int
	}{
		{"safe alone", []diag.Finding{rename, unsafe}, false, strings.Replace(text, ": a", ": bb", 1), 1},
		{"unsafe too", []diag.Finding{rename, unsafe}, true, strings.NewReplacer(": a", ": bb", "op,", "up,").Replace(text), 2},
		{"touching", []diag.Finding{rename, touches}, false, strings.Replace(text, ": a", ": bb", 1), 1},
		{"touching before", []diag.Finding{rename, before}, false, strings.Replace(text, ": a", ": bb", 1), 1},
		{"equal", []diag.Finding{rename, rename}, false, strings.Replace(text, ": a", ": bb", 1), 2},
		{"harmful", []diag.Finding{breaks, rename}, false, strings.Replace(text, ": a", ": bb", 1), 1},
		{"of another file", []diag.Finding{elsewhere}, false, text, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, made := lint.Fix(src, tt.findings, tt.unsafe)
			if string(out) != tt.want || len(made) != tt.made {
				t.Errorf("Fix gave %q with %d made, want %q with %d", out, len(made), tt.want, tt.made)
			}
		})
	}
}

// A misspelt key is corrected only when it cannot but mean one key, and that
// key is not given.
func TestMisspeltKey(t *testing.T) {
	for text, want := range map[string]string{
		"timout: 1s":                "timeout: 1s",
		"timout: 1s, timeout: 2s":   "",
		"timeout: 2s, timout: 1s":   "",
		"\"timout\": 1s":            "\"timeout\": 1s",
		"xyzzy: 1":                  "",
		"delivery: {dead_leter: x}": "delivery: {dead_letter: x}",
	} {
		src := manifest.Source{Name: "a.yaml", Data: []byte("operations: [{name: a, answers: {}, " + text + "}]")}
		file, _ := manifest.Read(src, manifest.Options{})
		out, made := lint.Fix(src, file.Findings, false)
		if want == "" && len(made) > 0 || want != "" && !strings.Contains(string(out), want) {
			t.Errorf("%s became %s, want %q", src.Data, out, want)
		}
	}
}

// A waiver that does nothing can be removed by a machine, but for one of a rule
// over the whole run.
func TestRemovableWaiver(t *testing.T) {
	for rule, want := range map[string]bool{"slow-timeout": true, "never": false} {
		r := linttest.Run(t, lint.Options{}, "a.yaml", fmt.Sprintf(waived, "1s", rule, "2027-01-01"))
		if len(r.Findings) != 1 || (len(r.Findings[0].Edits) > 0) != want {
			t.Errorf("a waiver of %s: %+v, want edits %t", rule, r.Findings, want)
		}
	}
}

// A correction in one place that an anchor, an alias or a merge carries to an operation
// elsewhere is not made, whichever rule proposes it.
func TestFixChangesNoOtherOperation(t *testing.T) {
	for name, text := range map[string]string{
		"merge":           "x-a: &a {timeout: ‹1s›}\noperations:\n- {name: a, <<: *a, answers: {}}\n",
		"alias":           "x-a: &a ‹1s›\noperations:\n- {name: a, timeout: *a, answers: {}}\n",
		"first of two":    "operations:\n- {name: a, timeout: &a ‹1s›, answers: {}}\n- {name: b, timeout: *a, answers: {}}\n",
		"anchored answer": "operations:\n- {name: a, answers: &a {immediacy: ‹no›}}\n- {name: b, answers: *a}\n",
	} {
		plain, ranges := diagtest.Marked(text)
		src := manifest.Source{Name: "a.yaml", Data: []byte(plain)}
		word := "2s"
		if name == "anchored answer" {
			word = "yes"
		}
		f := diag.Finding{File: "a.yaml", Edits: []diag.Edit{{Range: ranges[0], New: word}}, Safe: true}
		if out, made := lint.Fix(src, []diag.Finding{f}, false); len(made) != 0 || string(out) != plain {
			t.Errorf("%s: made %d, and the text is\n%s", name, len(made), out)
		}
	}
	// In an operation of its own it is made.
	plain, ranges := diagtest.Marked("operations:\n- {name: a, timeout: ‹1s›, answers: {}}\n- {name: b, answers: {}}\n")
	f := diag.Finding{File: "a.yaml", Edits: []diag.Edit{{Range: ranges[0], New: "2s"}}, Safe: true}
	if out, made := lint.Fix(manifest.Source{Name: "a.yaml", Data: []byte(plain)}, []diag.Finding{f}, false); len(made) != 1 || !strings.Contains(string(out), "2s") {
		t.Errorf("made %d:\n%s", len(made), out)
	}
}

// A correction that would add a fault, take an operation away or leave a text that can't
// be parsed to its end is not made, however many faults it takes away.
func TestFixDoesNoHarm(t *testing.T) {
	const text = "service: shop\noperations:\n- {name: a, timeout: ‹1s›, answers: {}}\n‹- {name: b, answers: {}}›\nyy: 1\nzz: ‹2›\n"
	plain, at := diagtest.Marked(text)
	for name, e := range map[string]diag.Edit{
		"a value that can't be": {Range: at[0], New: "soon"},
		"one operation less":    {Range: at[1], New: "# none"},
		"a text that breaks":    {Range: at[2], New: "]"},
	} {
		src := manifest.Source{Name: "a.yaml", Data: []byte(plain)}
		if out, made := lint.Fix(src, []diag.Finding{{File: "a.yaml", Edits: []diag.Edit{e}, Safe: true}}, false); len(made) != 0 || string(out) != plain {
			t.Errorf("%s is made:\n%s", name, out)
		}
	}
	// What is broken already is corrected all the same.
	broken, at := diagtest.Marked("service: shop\noperations:\n- {name: a, timeout: ‹1s›, answers: {}}\nzz: ]\n")
	f := diag.Finding{File: "a.yaml", Edits: []diag.Edit{{Range: at[0], New: "2s"}}, Safe: true}
	if _, made := lint.Fix(manifest.Source{Name: "a.yaml", Data: []byte(broken)}, []diag.Finding{f}, false); len(made) != 1 {
		t.Error("a correction in a broken text is not made")
	}
}

// Two corrections in one line that don't touch are both made, whichever comes first.
func TestFixTwoInALine(t *testing.T) {
	plain, at := diagtest.Marked("operations: [{name: a, timeout: ‹1s›, answers: {}}, {name: b, timeout: ‹1s›, answers: {}}]\n")
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		var findings []diag.Finding
		for _, i := range order {
			findings = append(findings, diag.Finding{File: "a.yaml", Edits: []diag.Edit{{Range: at[i], New: "2s"}}, Safe: true})
		}
		if out, made := lint.Fix(manifest.Source{Name: "a.yaml", Data: []byte(plain)}, findings, false); len(made) != 2 || strings.Contains(string(out), "1s") {
			t.Errorf("order %v: %d made:\n%s", order, len(made), out)
		}
	}
}

// A word is set where the operation has it, up to its last byte, and not where it inherits
// it, be that before it or behind it.
func TestSetWordOfItsOwn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"operations:\n- name: a\n  answers: {}\n  boundary: own-team\n":                      "in-process",
		"operations:\n- name: a\n  answers: {}\n  boundary: \"own-team\"\n":                  `"in-process"`,
		"operations:\n- name: a\n  answers: {}\n  boundary: 'own-team'\n":                    "'in-process'",
		"operations: [{name: a, answers: {}, boundary: own-team}]\n":                         "in-process",
		"operations: [{name: a, answers: {}, boundary: \"own-team\"}]\n":                     `"in-process"`,
		"operations:\n- name: a\n  answers: {}\n  boundary: !!str own-team\n":                "in-process",
		"operations:\n- boundary: own-team\n  name: a\n  answers: {}\n":                      "in-process",
		"operations:\n- boundary: own-team\n  name: a\n  answers: {}\n  tags: &b [c]\n":      "in-process",
		"defaults: {boundary: own-team}\noperations:\n- {name: a, answers: {}}\n":            "",
		"operations:\n- {name: a, answers: {}}\ndefaults: {boundary: own-team}\n":            "",
		"operations:\n- name: a\n  answers: {}\n  x-note: &b own-team\n  boundary: *b\n":     "",
		"operations:\n- name: a\n  answers: {}\n  tags: [&b c]\n  boundary: own-team\n":      "",
		"operations:\n- &b\n  name: a\n  answers: {}\n  boundary: own-team\n":                "",
		"x-note: &b {boundary: own-team}\noperations:\n- {name: a, answers: {}, <<: *b}\n":   "",
		"x-note: &b {name: a, answers: {}, boundary: own-team}\noperations:\n- *b\n":         "",
		"x-note: &b own-team\noperations:\n- name: a\n  answers: {}\n  boundary: own-team\n": "in-process",
	} {
		got := "no operation"
		rule := &lint.Rule{Code: "WN303", Name: "sets", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
			got = ""
			for _, e := range p.SetWord(s.Boundary.Range, "own-team", "in-process") {
				if got += e.New; e.Range != s.Boundary.Range {
					t.Errorf("the edit is of %v, not of %v", e.Range, s.Boundary.Range)
				}
			}
		}}
		linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}}, "a.yaml", text)
		if got != want {
			t.Errorf("sets %s, want %s, in\n%s", got, want, text)
		}
	}
}
