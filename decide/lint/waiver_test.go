package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
)

// brief writes findings as rule@line, with an x before those that are waived.
func brief(r *lint.Result) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s@%d", f.Rule, f.Range.Start.Line))
	}
	for _, w := range r.Waived {
		out = append(out, fmt.Sprintf("x %s@%d by %s", w.Finding.Rule, w.Finding.Range.Start.Line, w.Waiver.Owner.Value))
	}
	return strings.Join(out, ", ")
}

const waived = `service: shop
operations:
  - name: pay
    answers: {}
    timeout: %s
    waivers:
      - {rule: %s, reason: measured, owner: payments, until: %s}
`

// What becomes of a finding and of the waiver that names it.
func TestWaiver(t *testing.T) {
	tests := []struct {
		name, timeout, rule, until string
		partial                    bool
		want                       string
	}{
		{"by name", "2s", "slow-timeout", "2027-01-01", false, "x slow-timeout@5 by payments"},
		{"by code", "2s", "WN301", "2027-01-01", false, "x slow-timeout@5 by payments"},
		{"on its last day", "2s", "WN301", "2026-11-23", false, "x slow-timeout@5 by payments"},
		{"the day after", "2s", "WN301", "2026-11-22", false, "slow-timeout@5, waiver-expired@7"},
		{"run out and not needed", "1s", "WN301", "2026-11-22", false, "waiver-expired@7"},
		{"unused", "1s", "WN301", "2027-01-01", false, "waiver-unused@7"},
		{"unknown rule", "2s", "slow-timeuot", "2027-01-01", false, "slow-timeout@5, waiver-unknown-rule@7"},
		{"of a waiver rule", "2s", "waiver-unused", "2027-01-01", false, "slow-timeout@5, waiver-refused@7"},
		{"of a rule of the reader", "2s", "unknown-key", "2027-01-01", false, "slow-timeout@5, waiver-refused@7"},
		{"unused, of a rule over the whole run", "1s", "never", "2027-01-01", false, "waiver-unused@7"},
		{"the same in part of a run", "1s", "never", "2027-01-01", true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := linttest.Run(t, lint.Options{Partial: tt.partial}, "a.yaml", fmt.Sprintf(waived, tt.timeout, tt.rule, tt.until))
			if got := brief(r); got != tt.want {
				t.Errorf("findings: %s, want %s", got, tt.want)
			}
		})
	}
}

// A rule that cannot be waived stays, and its waiver is refused.
func TestWaiverRefused(t *testing.T) {
	rule := linttest.Slow()
	rule.NoWaiver = true
	r := linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}}, "a.yaml", fmt.Sprintf(waived, "2s", "WN301", "2027-01-01"))
	if got, want := brief(r), "slow-timeout@5, waiver-refused@7"; got != want {
		t.Errorf("findings: %s, want %s", got, want)
	}
}

// A waiver accepts findings of its own operation in its own file alone, and one
// that lacks something accepts nothing.
func TestWaiverReach(t *testing.T) {
	other := strings.ReplaceAll(fmt.Sprintf(waived, "2s", "WN301", "2027-01-01"), "shop", "depot")
	without, _, _ := strings.Cut(other, "    waivers:")
	incomplete := strings.Replace(strings.ReplaceAll(other, "depot", "bank"), "reason: measured, ", "", 1)
	r := linttest.Run(t, lint.Options{}, "a.yaml", other, "b.yaml", strings.ReplaceAll(without, "depot", "shop"), "c.yaml", incomplete)
	want := "slow-timeout@5, slow-timeout@5, missing-key@7, x slow-timeout@5 by payments"
	if got := brief(r); got != want {
		t.Errorf("findings: %s, want %s", got, want)
	}
}

// While a file can't be read to its end, nobody knows that a rule over the whole
// run found nothing: its waiver isn't called unused.
func TestWaiverOfPart(t *testing.T) {
	text := fmt.Sprintf(waived, "1s", "never", "2027-01-01")
	if got := brief(linttest.Run(t, lint.Options{}, "a.yaml", text)); got != "waiver-unused@7" {
		t.Errorf("a whole run finds %s", got)
	}
	if got := brief(linttest.Run(t, lint.Options{Partial: true}, "a.yaml", text)); got != "" {
		t.Errorf("a part finds %s", got)
	}
	if got := brief(linttest.Run(t, lint.Options{}, "a.yaml", text, "b.yaml", "operations: [")); strings.Contains(got, "unused") {
		t.Errorf("beside a broken file: %s", got)
	}
}

// A waived finding keeps the fingerprint that it has without the waiver, so
// that a baseline and a waiver speak of the same finding.
func TestWaivedFingerprint(t *testing.T) {
	text := fmt.Sprintf(waived, "2s", "WN301", "2027-01-01")
	without, _, _ := strings.Cut(text, "    waivers:")
	a, b := linttest.Run(t, lint.Options{}, "a.yaml", text), linttest.Run(t, lint.Options{}, "a.yaml", without)
	if a.Waived[0].Finding.Fingerprint != b.Findings[0].Fingerprint {
		t.Error("the waiver changed the fingerprint")
	}
}

// What is wrong with a waiver is shown where it is wrong: at its date when it has run out,
// at its rule otherwise; and a misspelled rule is told the one that is near.
func TestWaiverPlaces(t *testing.T) {
	for _, tt := range []struct{ rule, until, at, fix string }{
		{"WN301", "2026-11-22", "2026-11-22", "renew"},
		{"unknown-key", "2027-01-01", "unknown-key", "remove the waiver"},
		{"slow-timeuot", "2027-01-01", "slow-timeuot", "did you mean slow-timeout?"},
		{"xyzzy", "2027-01-01", "xyzzy", "name a rule by its code or its name"},
	} {
		text := fmt.Sprintf(waived, "2s", tt.rule, tt.until)
		found := false
		for _, f := range linttest.Run(t, lint.Options{}, "a.yaml", text).Findings {
			if !strings.HasPrefix(f.Rule, "waiver-") {
				continue
			}
			found = true
			line := strings.Split(text, "\n")[f.Range.Start.Line-1]
			if got := line[f.Range.Start.Column-1 : f.Range.End.Column-1]; got != tt.at || !strings.Contains(f.Fix, tt.fix) {
				t.Errorf("%s until %s: it points at %q, and says %q", tt.rule, tt.until, got, f.Fix)
			}
		}
		if !found {
			t.Errorf("%s until %s: nothing is wrong with the waiver", tt.rule, tt.until)
		}
	}
}
