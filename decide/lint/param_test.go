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
