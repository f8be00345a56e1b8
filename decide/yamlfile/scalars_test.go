package yamlfile

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A text is read to the value that it plainly is, or refused with the reason.
func check[V comparable](t *testing.T, lang Scalar[V], values map[string]V, faults map[string]string) {
	t.Helper()
	for text, want := range values {
		if got, f := lang.Parse(text); got != want || !f.None() {
			t.Errorf("parse(%q) = %v, %q, want %v", text, got, f.Why, want)
		}
	}
	var none V
	for text, want := range faults {
		if got, f := lang.Parse(text); f.Why != want || got != none && any(got) != any(text) {
			t.Errorf("parse(%q) = %v, %q, want the fault %q", text, got, f.Why, want)
		}
	}
}

func TestNumber(t *testing.T) {
	const want = "expected a whole number in decimal digits"
	check(t, Number(1), map[string]int{"1": 1, "10": 10, "1000000": 1000000}, map[string]string{
		"0": "must be at least 1", "-3": "must be at least 1", "00": want, "01": want,
		"99999999999999999999": "the number is too large",
		"010":                  want, "1e3": want, "1_000": want, "0x10": want, "0b1": want, "0o7": want, "1.0": want, "+1": want,
		"": want, " 1": want, "1 ": want, ".nan": want, "2027-03-31": want, "１": want, "-": want, "-x": want,
	})
	check(t, Number(1, "unlimited"), map[string]int{"unlimited": 0, "1": 1, "5": 5}, map[string]string{
		"0": "must be at least 1", "Unlimited": want + ", or unlimited",
	})
	for _, lang := range []Scalar[int]{Number(2), Number(2, "unlimited", "any")} {
		_, f := lang.Parse("1")
		if want := map[bool]string{false: "", true: "write unlimited for no limit"}[len(lang.Words) > 0]; f.Fix != want {
			t.Errorf("1 suggests %q, want %q", f.Fix, want)
		}
	}
}

func TestDuration(t *testing.T) {
	const want = "expected a duration such as 250ms or 2s"
	check(t, Duration(), map[string]time.Duration{
		"250ms": 250 * time.Millisecond, "2s": 2 * time.Second, "1h30m": 90 * time.Minute, "1.5s": 1500 * time.Millisecond,
	}, map[string]string{
		"0": "a duration must be greater than zero", "0s": "a duration must be greater than zero", "-2s": "a duration can't be negative",
		"d": want, "xd": want, "1.5d": want, "2": "a duration needs a unit", "2.5": "a duration needs a unit", "1d": "the largest unit of a duration is h",
		"soon": want, "": want, "2 s": want, "1_000ms": want, "1e3s": want, "~": want, ".inf": want, "010": want,
		"99999999999h": want, "-soon": "a duration can't be negative",
	})
	check(t, Pause(), map[string]time.Duration{"0": 0, "0s": 0, "1s": time.Second}, nil)
}

func TestRate(t *testing.T) {
	const want = "expected a rate such as 40/s, 10/m, or 5/h"
	check(t, Rate(), map[string]float64{"40/s": 40, "30/m": 0.5, "36/h": 0.01, "0.5/s": 0.5, "1000000000000/s": 1e12, "0.000000001/s": 1e-9, "3600000000000000/h": 1e12}, map[string]string{
		"1000000000000.1/s": "a rate can be at most 1000000000000 a second", strings.Repeat("9", 400) + "/s": "a rate can be at most 1000000000000 a second",
		"0.0000000009/s": "a rate must be at least one in about thirty years", "0.000001/h": "a rate must be at least one in about thirty years",
		"40": "a rate needs a unit", "0/s": "a rate must be greater than zero", "-1/s": "a rate must be greater than zero",
		"40/d": want, "/s": want, "1e3/s": want, "1_000/s": want, "40rps": want, "": want, "010/s": want, "40/s/s": want,
	})
}

func TestSize(t *testing.T) {
	const want = "expected a size such as 512, 256KB, or 1MiB"
	check(t, Size(), map[string]int64{
		"0": 0, "512": 512, "512B": 512, "256KB": 256 << 10, "256kb": 256 << 10, "1KiB": 1024, "1MiB": 1 << 20, "1.5MB": 3 << 19, "2GB": 2 << 30, "2GiB": 2 << 30,
	}, map[string]string{
		"-1": "a size can't be negative", "1.5": "a size must be a whole number of bytes", "99999999999GB": "the size is too large", strings.Repeat("9", 400): "the size is too large",
		"1e3": want, "1_000": want, "0x10": want, "KB": want, "": want, "1 KB": want, "1XB": want, "010": want,
	})
}

func TestShare(t *testing.T) {
	const want = "expected a share such as 99.9% or 0.999"
	check(t, Share(), map[string]float64{"99.9%": 0.999, "0.999": 0.999, "1": 1, "100%": 1, "0": 0, "0%": 0, "99.99%": 0.9999}, map[string]string{
		"99.9": "a share can be at most 1", "1.1": "a share can be at most 1", "100": "a share can be at most 1", "100.5": "a share can be at most 100%", "101%": "a share can be at most 100%", "200": "a share can be at most 100%",
		"-1%": "a share can't be negative", "-0.5": "a share can't be negative",
		"1e-1": want, ".nan": want, ".5": want, "%": want, "": want, "0.9_9": want, "nan": want, "Inf": want,
	})
}

func TestDate(t *testing.T) {
	const want = "expected a date such as 2027-03-31"
	check(t, Date(), map[string]time.Time{"2027-03-31": time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)}, map[string]string{
		"2027-02-30": want, "2027-3-1": want, "31.03.2027": want, "2027-03-31T00:00:00Z": want, "": want, "soon": want,
	})
}

func TestYesNo(t *testing.T) {
	check(t, YesNo(), map[string]bool{
		"yes": true, "Yes": true, "YES": true, "true": true, "True": true, "on": true, "ON": true,
		"no": false, "No": false, "false": false, "FALSE": false, "off": false, "Off": false,
	}, map[string]string{"y": "expected yes or no", "n": "expected yes or no", "1": "expected yes or no", "0": "expected yes or no", "": "expected yes or no", "maybe": "expected yes or no"})
}

func TestNames(t *testing.T) {
	check(t, Name(), map[string]string{"a": "a", "Zahlung prüfen": "Zahlung prüfen", "支払い": "支払い"}, map[string]string{
		"": "the string is empty", "  ": "the string is empty",
		"a\x1b[31m": `it contains '\x1b', which is invisible`, "a\nb": `it contains '\n', which is invisible`,
		"a\u202eb": `it contains '\u202e', which is invisible`, "a\u200bb": `it contains '\u200b', which is invisible`,
	})
	check(t, Prose(), map[string]string{"": "", "a\n\tb": "a\n\tb"}, map[string]string{"\a": `it contains '\a', which is invisible`})
	check(t, NameOrNo(), map[string]string{"yes": "yes", "True": "yes", "no": "", "OFF": "", "orders.dlq": "orders.dlq"}, map[string]string{"": "the string is empty"})
}

func TestWords(t *testing.T) {
	lang := Word("circuit-breaker", "bulkhead")
	check(t, lang, map[string]string{"bulkhead": "bulkhead"}, map[string]string{"Bulkhead": "expected one of circuit-breaker, bulkhead"})
	for text, want := range map[string]string{"circuitbreaker": "write circuit-breaker", "Bulkhead": "write bulkhead", "zzz": ""} {
		if _, f := lang.Parse(text); f.Fix != want {
			t.Errorf("parse(%q) suggests %q, want %q", text, f.Fix, want)
		}
	}
}

// What a key may have at least is said where it is described.
func TestLeast(t *testing.T) {
	if got := []int{Duration().Least, Pause().Least, Number(3).Least, Number(0).Least}; !slices.Equal(got, []int{1, 0, 3, 0}) {
		t.Errorf("at least %v", got)
	}
}

// What is none of a list of words leads to the nearest, or to the one that it's made of.
func TestNotAWord(t *testing.T) {
	t.Parallel()
	orderings := []string{"none", "key", "global"}
	for text, want := range map[string]string{
		"per-key": "write key", "Per Key": "write key", "by_key_only": "write key", "keys": "write key", "globl": "write global",
		"global or by key": "", "keyed-by-customer": "", "strict": "", "": "",
	} {
		if got := NotAWord(text, orderings).Fix; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
