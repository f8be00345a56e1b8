package manifest

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"waitornot/decide"
	"waitornot/decide/diag"
)

// A scalarType reads the text of a scalar as a V.
type scalarType[V any] struct {
	kind  Kind
	words []string // accepted besides values of the kind
	want  string   // what to write, with an example
	parse func(string) (V, fault)
	least int // see Key.Least
	most  int // see Key.Most

	// text says that a plain scalar which YAML takes for a number, a boolean or
	// a date is not meant.
	text bool
}

// A fault says why a text is not of a language. The zero fault is none.
type fault struct {
	why  string // completes "timeout is "soon": ..."
	fix  string
	rule ruleID // impossibleValue when zero
}

func (f fault) none() bool { return f.why == "" }

// name is the language of short printable texts.
func name() scalarType[string] {
	return scalarType[string]{kind: Text, want: "a text", text: true, parse: func(s string) (string, fault) {
		if strings.TrimSpace(s) == "" {
			return "", fault{why: "the text is empty"}
		}
		return s, unseen(s, joiners)
	}}
}

// prose is the language of descriptions.
func prose() scalarType[string] {
	return scalarType[string]{kind: Prose, want: "a text", text: true, parse: func(s string) (string, fault) {
		return s, unseen(s, joiners+"\n\t")
	}}
}

// joiners are the zero-width characters that emoji and some scripts are written
// with.
const joiners = "\u200c\u200d"

// unseen looks for a character that cannot be seen, other than those allowed.
func unseen(s, allowed string) fault {
	for _, r := range s {
		if (r < ' ' || r > '~') && !unicode.IsPrint(r) && !strings.ContainsRune(allowed, r) {
			return fault{
				why:  "it holds " + strconv.QuoteRuneToASCII(r) + ", which cannot be seen",
				fix:  "write it without that character",
				rule: controlCharacter,
			}
		}
	}
	return fault{}
}

// nameOrNo is a name, or yes for one that is not named, or no for none: "yes"
// and "".
func nameOrNo() scalarType[string] {
	names := name()
	return scalarType[string]{
		kind: Text, words: []string{"yes", "no"}, want: "a name, yes or no", text: true,
		parse: func(s string) (string, fault) {
			switch is, ok := parseYesNo(s); {
			case ok && is:
				return "yes", fault{}
			case ok:
				return "", fault{}
			}
			return names.parse(s)
		},
	}
}

// word is the language of a closed list.
func word(list ...string) scalarType[string] {
	want := "one of " + strings.Join(list, ", ")
	return scalarType[string]{kind: Word, words: list, want: want, parse: func(s string) (string, fault) {
		if i := slices.Index(list, s); i >= 0 {
			return list[i], fault{}
		}
		return "", notAWord(s, list)
	}}
}

func notAWord(s string, list []string) fault {
	f := fault{why: "want one of " + strings.Join(list, ", ")}
	if near := diag.Nearest(s, list); near != "" {
		f.fix = "write " + near
	}
	return f
}

// mode is the language of declared modes.
func mode() scalarType[decide.Verdict] {
	var list []string
	for _, v := range decide.Verdicts() {
		list = append(list, v.String())
	}
	return scalarType[decide.Verdict]{
		kind: Word, words: list, want: "one of " + strings.Join(list, ", "),
		parse: func(s string) (decide.Verdict, fault) {
			if v, ok := decide.ParseVerdict(s); ok && v != decide.Undecided {
				return v, fault{}
			}
			return decide.Undecided, notAWord(s, list)
		},
	}
}

// parseYesNo reads a boolean as YAML 1.1 writes it, in any case.
func parseYesNo(s string) (is, ok bool) {
	switch {
	case len(s) < 2 || len(s) > 5:
		return false, false
	case strings.EqualFold(s, "yes"), strings.EqualFold(s, "true"), strings.EqualFold(s, "on"):
		return true, true
	case strings.EqualFold(s, "no"), strings.EqualFold(s, "false"), strings.EqualFold(s, "off"):
		return false, true
	}
	return false, false
}

func yesNo() scalarType[bool] {
	return scalarType[bool]{kind: YesNo, want: "yes or no", parse: func(s string) (bool, fault) {
		is, ok := parseYesNo(s)
		if !ok {
			return false, fault{why: "want yes or no"}
		}
		return is, fault{}
	}}
}

// number is the language of whole numbers from least on. With a word, that
// word stands for 0.
func number(least int, words ...string) scalarType[int] {
	want := "a whole number in decimal digits"
	if len(words) > 0 {
		want += ", or " + strings.Join(words, ", ")
	}
	return scalarType[int]{kind: Number, words: words, want: want, least: least, parse: func(s string) (int, fault) {
		if slices.Contains(words, s) {
			return 0, fault{}
		}
		if strings.HasPrefix(s, "-") && isDigits(s[1:]) {
			return 0, fault{why: "the number is at least " + strconv.Itoa(least)}
		}
		if !isDigits(s) || len(s) > 1 && s[0] == '0' {
			return 0, fault{why: "want " + want}
		}
		n, err := strconv.Atoi(s)
		switch {
		case err != nil:
			return 0, fault{why: "the number is too large"}
		case n < least && len(words) > 0:
			return 0, fault{why: "the number is at least " + strconv.Itoa(least), fix: "write " + words[0] + " for no limit"}
		case n < least:
			return 0, fault{why: "the number is at least " + strconv.Itoa(least)}
		}
		return n, fault{}
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

// duration is the language of Go durations above zero.
func duration() scalarType[time.Duration] {
	return scalarType[time.Duration]{kind: Duration, want: wantDuration, least: 1, parse: func(s string) (time.Duration, fault) {
		d, f := parseDuration(s)
		if f.none() && d == 0 {
			return 0, fault{why: "a duration is more than zero"}
		}
		return d, f
	}}
}

// pause is the language of durations that may be zero.
func pause() scalarType[time.Duration] {
	return scalarType[time.Duration]{kind: Duration, want: wantDuration, parse: parseDuration}
}

const wantDuration = "a duration such as 250ms or 2s"

func parseDuration(s string) (time.Duration, fault) {
	d, err := time.ParseDuration(s)
	switch {
	case err == nil && d < 0:
		return 0, fault{why: "a duration is not negative"}
	case err == nil:
		return d, fault{}
	case isDecimal(s):
		return 0, fault{why: "a duration has a unit", fix: "write " + s + "s or " + s + "ms"}
	case len(s) > 1 && s[len(s)-1] == 'd' && isDigits(s[:len(s)-1]):
		return 0, fault{why: "the largest unit of a duration is h", fix: "write 24h for a day"}
	case strings.HasPrefix(s, "-"):
		return 0, fault{why: "a duration is not negative"}
	}
	return 0, fault{why: "want " + wantDuration}
}

// rate is the language of rates, per second inside.
func rate() scalarType[float64] {
	const want = "a rate such as 40/s, 10/m or 5/h"
	per := map[string]float64{"s": 1, "m": 60, "h": 3600}
	return scalarType[float64]{kind: Rate, want: want, parse: func(s string) (float64, fault) {
		count, unit, _ := strings.Cut(s, "/")
		seconds := per[unit]
		switch {
		case isDecimal(s):
			return 0, fault{why: "a rate has a unit", fix: "write " + s + "/s"}
		case strings.HasPrefix(s, "-"):
			return 0, fault{why: "a rate is more than zero"}
		case !isDecimal(count) || seconds == 0:
			return 0, fault{why: "want " + want}
		}
		n, err := strconv.ParseFloat(count, 64)
		switch {
		case err != nil:
			return 0, fault{why: "the rate is too large"}
		case n == 0:
			return 0, fault{why: "a rate is more than zero"}
		}
		return n / seconds, fault{}
	}}
}

// size is the language of sizes, in bytes inside. Units are powers of two, with
// and without the i: brokers count their limits so.
func size() scalarType[int64] {
	const want = "a size such as 512, 256KB or 1MiB"
	units := map[string]float64{
		"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
	}
	return scalarType[int64]{kind: Size, want: want, parse: func(s string) (int64, fault) {
		digits := strings.TrimRightFunc(s, unicode.IsLetter)
		unit, known := units[strings.ToLower(s[len(digits):])]
		switch {
		case strings.HasPrefix(s, "-"):
			return 0, fault{why: "a size is not negative"}
		case !isDecimal(digits) || !known:
			return 0, fault{why: "want " + want}
		}
		n, err := strconv.ParseFloat(digits, 64)
		n *= unit
		switch {
		case err != nil || n > 1<<60:
			return 0, fault{why: "the size is too large"}
		case n != float64(int64(n)):
			return 0, fault{why: "a size is a whole number of bytes"}
		}
		return int64(n), fault{}
	}}
}

// share is the language of shares, from 0 to 1 inside.
func share() scalarType[float64] {
	const want = "a share such as 99.9% or 0.999"
	return scalarType[float64]{kind: Share, want: want, parse: func(s string) (float64, fault) {
		digits, percent := strings.CutSuffix(s, "%")
		if strings.HasPrefix(s, "-") {
			return 0, fault{why: "a share is not negative"}
		}
		if !isDecimal(digits) {
			return 0, fault{why: "want " + want}
		}
		text := digits
		if percent {
			text += "e-2" // shifts the point in decimal: 99.9 / 100 is not 0.999
		}
		n, err := strconv.ParseFloat(text, 64)
		switch {
		case (err != nil || n > 1) && !percent && n <= 100:
			return 0, fault{why: "a share is at most 1", fix: "write " + digits + "% or a number from 0 to 1"}
		case err != nil || n > 1:
			return 0, fault{why: "a share is at most 100%"}
		}
		return n, fault{}
	}}
}

// date is the language of days, at midnight UTC inside.
func date() scalarType[time.Time] {
	const want = "a date such as 2027-03-31"
	return scalarType[time.Time]{kind: Date, want: want, parse: func(s string) (time.Time, fault) {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return time.Time{}, fault{why: "want " + want}
		}
		return t, fault{}
	}}
}

// version is the language of the format's versions.
func version() scalarType[int] {
	numbers := number(1)
	numbers.most = 1
	numbers.parse = func(s string) (int, fault) {
		n, f := number(1).parse(s)
		if f.none() && n != 1 {
			return 0, fault{why: "only version 1 is known", fix: "write version: 1", rule: unsupportedVersion}
		}
		return n, f
	}
	return numbers
}
