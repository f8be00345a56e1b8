package cmd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// Check announces waivers two weeks before they expire: each once, however many findings
// it waives, and none that has expired, which is an error of its own.
func TestAnnounce(t *testing.T) {
	now := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	waived := func(days int, line uint32) lint.Waived {
		w := lint.Waived{Waiver: manifest.Waiver{Until: yamlfile.Field[time.Time]{Value: now.AddDate(0, 0, days)}}}
		w.Waiver.Range.Start.Line = line
		return w
	}
	for _, test := range []struct {
		name   string
		waived []lint.Waived
		want   string
	}{
		{"none", nil, ""},
		{"later", []lint.Waived{waived(15, 1)}, ""},
		{"expired", []lint.Waived{waived(-1, 1)}, ""},
		{"one", []lint.Waived{waived(14, 1), waived(14, 1)}, "1 waiver expires on 2026-12-10;"},
		{"several", []lint.Waived{waived(3, 1), waived(0, 2), waived(30, 3)}, "2 waivers expire, the first on 2026-11-26;"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			announce(&b, test.waived, now)
			if got := b.String(); test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("announce says %q, want %q", got, test.want)
			}
		})
	}
}
