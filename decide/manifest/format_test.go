package manifest

import (
	"testing"
	"time"
)

func TestFormatDuration(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "900ms": 900 * time.Millisecond, "30s": 30 * time.Second, "2m": 2 * time.Minute, "1m30s": 90 * time.Second,
		"1h": time.Hour, "1h30m": 90 * time.Minute, "10m": 10 * time.Minute, "1h0m5s": time.Hour + 5*time.Second,
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("FormatDuration(%d) = %s, want %s", d, got, want)
		}
	}
}

// A rate has four significant digits, no exponent, and no zeros at its end.
func TestFormatRate(t *testing.T) {
	for rate, want := range map[float64]string{
		0: "0/s", 1: "1/s", 2.5: "2.5/s", 20000: "20000/s", 25000: "25000/s", 12345: "12345/s", 1e9: "1000000000/s",
		1234.5: "1234/s", 123.45: "123.5/s", 12.345: "12.35/s", 1.2345: "1.234/s", 1. / 600: "0.001667/s", 1e-9: "0.000000001/s", 100: "100/s",
	} {
		if got := FormatRate(rate); got != want {
			t.Errorf("%v is written %s, want %s", rate, got, want)
		}
	}
}
