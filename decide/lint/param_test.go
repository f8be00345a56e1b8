package lint_test

import (
	"testing"

	"waitornot/decide/lint"
)

// A parameter reads what it writes, and refuses what its unit can't be.
func TestParam(t *testing.T) {
	count, share, seconds := lint.Param{}, lint.Param{Unit: lint.Share}, lint.Param{Unit: lint.Seconds}
	for _, tt := range []struct {
		param lint.Param
		text  string
		value float64
		ok    bool
		want  string // as it is written again
	}{
		{count, "4", 4, true, "4"},
		{count, "0", 0, true, "0"},
		{count, "-1", 0, false, ""},
		{count, "1.5", 0, false, ""},
		{share, "80%", .8, true, "80%"},
		{share, "0.8", .8, true, "80%"},
		{share, "100%", 1, true, "100%"},
		{share, "0%", 0, true, "0%"},
		{share, "101%", 0, false, ""},
		{share, "1.01", 0, false, ""},
		{share, "-1%", 0, false, ""},
		{share, "NaN", 0, false, ""},
		{seconds, "800ms", .8, true, "800ms"},
		{seconds, "0s", 0, true, "0s"},
		{seconds, "-1s", 0, false, ""},
		{seconds, "2", 0, false, ""},
	} {
		value, ok := tt.param.Parse(tt.text)
		if ok != tt.ok || ok && value != tt.value {
			t.Errorf("%q is %v, %t, want %v, %t", tt.text, value, ok, tt.value, tt.ok)
		}
		if ok && tt.param.Format(value) != tt.want {
			t.Errorf("%q is written %q, want %q", tt.text, tt.param.Format(value), tt.want)
		}
	}
}

// A share is written to twelve digits.
func TestShareDigits(t *testing.T) {
	share := lint.Param{Unit: lint.Share}
	if got := share.Format(1. / 3); got != "33.3333333333%" {
		t.Errorf("a third is written %s", got)
	}
}

// What a value looks like is said by its default.
func TestWant(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]lint.Param{
		"a whole number such as 4": {Default: 4}, "a share such as 80%": {Unit: lint.Share, Default: .8}, "a duration such as 1m30s": {Unit: lint.Seconds, Default: 90},
	} {
		if got := p.Want(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
