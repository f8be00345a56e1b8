package yamlfile

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"waitornot/decide/diag"
)

// A Scalar is a type of scalars: it reads their text as a V.
type Scalar[V any] struct {
	Kind  Kind
	Words []string // accepted besides values of the kind
	Want  string   // what to write, with an example
	Parse func(string) (V, Fault)
	Least int // see Key.Least
	Most  int // see Key.Most

	// Text says that a plain scalar which YAML takes for a number, a boolean or
	// a date is not meant.
	Text bool

	// Renamed has the words that still read, with the names that they have now.
	Renamed map[string]string

	// Keeps says that what Parse returns holds on to the text that it was given.
	Keeps bool
}

// Reads reports whether a text is of the type.
func (s *Scalar[V]) Reads(text string) bool {
	_, f := s.Parse(text)
	return f.None()
}

// A Fault says why a text is not of a type. The zero Fault is none.
type Fault struct {
	Why  string // completes "timeout is "soon": ..."
	Fix  string // a verb phrase; may be empty
	Rule *Rule  // ImpossibleValue when nil
}

// None reports whether there is no fault.
func (f Fault) None() bool { return f.Why == "" }

// Name is the type of short printable texts.
func Name() Scalar[string] {
	return Scalar[string]{Kind: TextKind, Want: "a string", Text: true, Keeps: true, Parse: func(s string) (string, Fault) {
		if strings.TrimSpace(s) == "" {
			return "", Fault{Why: "the string is empty"}
		}
		return s, unseen(s, joiners)
	}}
}

// Prose is the type of descriptions.
func Prose() Scalar[string] {
	return Scalar[string]{Kind: ProseKind, Want: "a string", Text: true, Keeps: true, Parse: func(s string) (string, Fault) {
		return s, unseen(s, joiners+"\n\t")
	}}
}

// joiners are the zero-width characters that emoji and some scripts are written
// with.
const joiners = "\u200c\u200d"

// unseen looks for a character that cannot be seen, other than those allowed.
func unseen(s, allowed string) Fault {
	printable := 0
	for printable < len(s) && s[printable] >= ' ' && s[printable] <= '~' {
		printable++
	}
	for _, r := range s[printable:] {
		if diag.Unseen(r) && !strings.ContainsRune(allowed, r) {
			return Fault{
				Why:  "it contains " + strconv.QuoteRuneToASCII(r) + ", which is invisible",
				Fix:  "remove that character",
				Rule: ControlCharacter,
			}
		}
	}
	return Fault{}
}

// NameOrNo is a name, or yes for one that is not named, or no for none: "yes"
// and "".
func NameOrNo() Scalar[string] {
	names := Name()
	return Scalar[string]{
		Kind: TextKind, Words: []string{"yes", "no"}, Want: "a name, yes, or no", Text: true, Keeps: true,
		Parse: func(s string) (string, Fault) {
			switch is, ok := ParseYesNo(s); {
			case ok && is:
				return "yes", Fault{}
			case ok:
				return "", Fault{}
			}
			return names.Parse(s)
		},
	}
}

// Word is the type of a closed list.
func Word(list ...string) Scalar[string] {
	want := "one of " + strings.Join(list, ", ")
	return Scalar[string]{Kind: WordKind, Words: list, Want: want, Parse: func(s string) (string, Fault) {
		if i := slices.Index(list, s); i >= 0 {
			return list[i], Fault{}
		}
		return "", NotAWord(s, list)
	}}
}

// NotAWord is the fault of a text that is none of a list of words: the nearest is
// the fix.
func NotAWord(s string, list []string) Fault {
	f := Fault{Why: "expected one of " + strings.Join(list, ", ")}
	if near := cmp.Or(diag.Nearest(s, list), partOf(s, list)); near != "" {
		f.Fix = "write " + near
	}
	return f
}

// partOf returns the one word of a list that is a part of a text, as key is of per-key, or "".
func partOf(s string, list []string) string {
	parts := strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return c == '-' || c == '_' || c == ' ' })
	found := ""
	for _, word := range list {
		if slices.Contains(parts, word) {
			if found != "" {
				return ""
			}
			found = word
		}
	}
	return found
}

// ParseYesNo reads a boolean as YAML 1.1 writes it, in any case.
func ParseYesNo(s string) (is, ok bool) {
	switch s {
	case "yes", "true", "on":
		return true, true
	case "no", "false", "off":
		return false, true
	}
	switch {
	case len(s) > len("false"):
		return false, false
	case strings.EqualFold(s, "yes"), strings.EqualFold(s, "true"), strings.EqualFold(s, "on"):
		return true, true
	case strings.EqualFold(s, "no"), strings.EqualFold(s, "false"), strings.EqualFold(s, "off"):
		return false, true
	}
	return false, false
}

// YesNo is the type of booleans: yes, no, true, false, on, off.
func YesNo() Scalar[bool] {
	return Scalar[bool]{Kind: YesNoKind, Want: "yes or no", Parse: func(s string) (bool, Fault) {
		is, ok := ParseYesNo(s)
		if !ok {
			return false, Fault{Why: "expected yes or no"}
		}
		return is, Fault{}
	}}
}

// Number is the type of whole numbers from least on. With a word, that
// word stands for 0.
func Number(least int, words ...string) Scalar[int] {
	want := "a whole number in decimal digits"
	if len(words) > 0 {
		want += ", or " + strings.Join(words, ", ")
	}
	return Scalar[int]{Kind: NumberKind, Words: words, Want: want, Least: least, Parse: func(s string) (int, Fault) {
		if slices.Contains(words, s) {
			return 0, Fault{}
		}
		if strings.HasPrefix(s, "-") && isDigits(s[1:]) {
			return 0, Fault{Why: "must be at least " + strconv.Itoa(least)}
		}
		if !isDigits(s) || len(s) > 1 && s[0] == '0' {
			return 0, Fault{Why: "expected " + want}
		}
		n, err := strconv.Atoi(s)
		switch {
		case err != nil:
			return 0, Fault{Why: "the number is too large"}
		case n < least && len(words) > 0:
			return 0, Fault{Why: "must be at least " + strconv.Itoa(least), Fix: "write " + words[0] + " for no limit"}
		case n < least:
			return 0, Fault{Why: "must be at least " + strconv.Itoa(least)}
		}
		return n, Fault{}
	}}
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isDecimal reports whether s is digits, with or without a fraction.
func isDecimal(s string) bool {
	whole, fraction, point := strings.Cut(s, ".")
	return isDigits(whole) && (!point || isDigits(fraction)) && (len(whole) == 1 || whole[0] != '0')
}

// Duration is the type of Go durations above zero.
func Duration() Scalar[time.Duration] {
	return Scalar[time.Duration]{Kind: DurationKind, Want: WantDuration, Least: 1, Parse: func(s string) (time.Duration, Fault) {
		d, f := parseDuration(s)
		if f.None() && d == 0 {
			return 0, Fault{Why: "a duration must be greater than zero"}
		}
		return d, f
	}}
}

// Pause is the type of durations that may be zero.
func Pause() Scalar[time.Duration] {
	return Scalar[time.Duration]{Kind: DurationKind, Want: WantDuration, Parse: parseDuration}
}

// WantDuration is what a duration looks like, for messages.
const WantDuration = "a duration such as 250ms or 2s"

func parseDuration(s string) (time.Duration, Fault) {
	d, err := time.ParseDuration(s)
	count, days := strings.CutSuffix(s, "d")
	switch {
	case err == nil && d < 0:
		return 0, Fault{Why: "a duration can't be negative"}
	case err == nil:
		return d, Fault{}
	case isDecimal(s):
		return 0, Fault{Why: "a duration needs a unit", Fix: "write " + s + "s or " + s + "ms"}
	case days && isDigits(count):
		return 0, Fault{Why: "the largest unit of a duration is h", Fix: "for a day, write 24h"}
	case strings.HasPrefix(s, "-"):
		return 0, Fault{Why: "a duration can't be negative"}
	}
	return 0, Fault{Why: "expected " + WantDuration}
}

// The limits of rates, per second: between them no arithmetic of queues overflows.
const (
	MaxRate = 1e12
	MinRate = 1e-9
)

// Rate is the type of rates, per second inside.
func Rate() Scalar[float64] {
	const want = "a rate such as 40/s, 10/m, or 5/h"
	per := map[string]float64{"s": 1, "m": 60, "h": 3600}
	return Scalar[float64]{Kind: RateKind, Want: want, Parse: func(s string) (float64, Fault) {
		count, unit, _ := strings.Cut(s, "/")
		seconds := per[unit]
		switch {
		case isDecimal(s):
			return 0, Fault{Why: "a rate needs a unit", Fix: "write " + s + "/s"}
		case strings.HasPrefix(s, "-"):
			return 0, Fault{Why: "a rate must be greater than zero"}
		case !isDecimal(count) || seconds == 0:
			return 0, Fault{Why: "expected " + want}
		}
		n, err := parseFloat(count)
		switch {
		case err != nil || n/seconds > MaxRate:
			return 0, Fault{Why: fmt.Sprintf("a rate can be at most %.0f a second", MaxRate)}
		case n == 0:
			return 0, Fault{Why: "a rate must be greater than zero"}
		case n/seconds < MinRate:
			return 0, Fault{Why: "a rate must be at least one in about thirty years"}
		}
		return n / seconds, Fault{}
	}}
}

func parseFloat(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

// Size is the type of sizes, in bytes inside. Units are powers of two, with
// and without the i: brokers count their limits so.
func Size() Scalar[int64] {
	const want = "a size such as 512, 256KB, or 1MiB"
	units := map[string]float64{
		"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
	}
	return Scalar[int64]{Kind: SizeKind, Want: want, Parse: func(s string) (int64, Fault) {
		digits := strings.TrimRightFunc(s, unicode.IsLetter)
		unit, known := units[strings.ToLower(s[len(digits):])]
		switch {
		case strings.HasPrefix(s, "-"):
			return 0, Fault{Why: "a size can't be negative"}
		case !isDecimal(digits) || !known:
			return 0, Fault{Why: "expected " + want}
		}
		n, err := parseFloat(digits)
		n *= unit
		switch {
		case err != nil || n > 1<<60:
			return 0, Fault{Why: "the size is too large"}
		case n != float64(int64(n)):
			return 0, Fault{Why: "a size must be a whole number of bytes"}
		}
		return int64(n), Fault{}
	}}
}

// Share is the type of shares, from 0 to 1 inside.
func Share() Scalar[float64] {
	const want = "a share such as 99.9% or 0.999"
	return Scalar[float64]{Kind: ShareKind, Want: want, Parse: func(s string) (float64, Fault) {
		digits, percent := strings.CutSuffix(s, "%")
		if strings.HasPrefix(s, "-") {
			return 0, Fault{Why: "a share can't be negative"}
		}
		if !isDecimal(digits) {
			return 0, Fault{Why: "expected " + want}
		}
		text := digits
		if percent {
			text += "e-2" // shifts the point in decimal: 99.9 / 100 is not 0.999
		}
		n, err := parseFloat(text)
		switch {
		case (err != nil || n > 1) && !percent && n <= 100:
			return 0, Fault{Why: "a share can be at most 1", Fix: "write " + digits + "% or a number from 0 to 1"}
		case err != nil || n > 1:
			return 0, Fault{Why: "a share can be at most 100%"}
		}
		return n, Fault{}
	}}
}

// Date is the type of days, at midnight UTC inside.
func Date() Scalar[time.Time] {
	const want = "a date such as 2027-03-31"
	return Scalar[time.Time]{Kind: DateKind, Want: want, Parse: func(s string) (time.Time, Fault) {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return time.Time{}, Fault{Why: "expected " + want}
		}
		return t, Fault{}
	}}
}
