// Package simview writes what a simulation of a journey showed, each format in a file
// of its own.
package simview

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/text"
	"waitornot/decide/simulate"
)

// A Page is a journey in a scenario, as one or more variants of it went through it.
type Page struct {
	Journey  string
	Scenario simulate.Scenario
	Seed     uint64
	Rate     float64 // requests a second
	Runs     int
	Asked    int // for how many runs were asked; more than Runs when that would have taken too long
	Variants []Variant
	Same     []simulate.Variant // variants that change nothing of the first
	Version  string             // of waitornot
}

// A Variant is one way in which the journey works, and what it went through.
type Variant struct {
	*simulate.Prepared
	*simulate.Summary
}

// Formats returns the formats in the order in which help lists them, the default first.
func Formats() []markup.Format[*Page] {
	return []markup.Format[*Page]{
		{Name: "text", Doc: "for people: a table of both variants, and charts over time", Page: writeText},
		{Name: "json", Doc: "one document with every number, with a schema", Page: writeJSON},
		{Name: "svg", Doc: "a picture of both variants over time, for light and dark pages", Page: writeSVG},
	}
}

// Event says in words what happens: "payments gives no answer for 2m".
func Event(s *simulate.Scenario) string {
	length := text.Duration(s.Length)
	switch s.Kind {
	case simulate.Burst:
		return fmt.Sprintf("%s times as many requests for %s", times(s.Times), length)
	case simulate.Slow:
		return fmt.Sprintf("%s takes %s times as long for %s", s.Callee, times(s.Times), length)
	case simulate.Down:
		if s.Refuse {
			return fmt.Sprintf("%s rejects every call for %s", s.Callee, length)
		}
		return fmt.Sprintf("%s doesn't answer for %s", s.Callee, length)
	case simulate.Poison:
		if s.Times == 1 {
			return fmt.Sprintf("every request makes %s fail, for %s", s.Callee, length)
		}
		return fmt.Sprintf("one request in %s makes %s fail, for %s", times(s.Times), s.Callee, length)
	case simulate.Deploy:
		return fmt.Sprintf("the instances of %s restart one after another, for %s", s.Callee, length)
	case simulate.Normal:
	}
	return "nothing out of the ordinary"
}

// times writes how many times: as it was given, up to three digits of a fraction.
func times(x float64) string {
	digits := 2
	if x < 1 {
		digits = 3
	}
	words := strconv.FormatFloat(x, 'f', digits, 64)
	return strings.TrimRight(strings.TrimRight(words, "0"), ".")
}

// eventName is what the event is called in a row of a table.
func eventName(k simulate.Kind) string {
	switch k {
	case simulate.Burst:
		return "burst"
	case simulate.Slow:
		return "slow time"
	case simulate.Down:
		return "outage"
	case simulate.Poison:
		return "poison"
	case simulate.Deploy:
		return "deployment"
	case simulate.Normal:
	}
	return "event"
}

// share writes an estimate of a share, with its interval when that is wide enough to
// matter.
func share(e simulate.Estimate) string {
	switch {
	case e.Nowhere:
		return "no requests"
	case !e.Known:
		return "no requests in some runs"
	}
	digits := 1
	switch {
	case math.Abs(e.Mean) < 1e-9:
		return "0%"
	case !e.Sure || e.Half < .0005:
		return text.Percent(e.Mean)
	case e.Half >= .02:
		digits = 0
	}
	for ; e.Mean < 1 && digits < 4; digits++ { // what fails is not rounded away
		if !strings.HasPrefix(fmt.Sprintf("%.*f", digits, 100*e.Mean), "100") {
			break
		}
	}
	return fmt.Sprintf("%.*f%% ±%.*f", digits, 100*e.Mean, digits, 100*e.Half)
}

// seconds writes an estimate of a time in seconds.
func seconds(e simulate.Estimate) string {
	if !e.Known {
		return missing(e)
	}
	words := duration(e.Mean)
	if e.Sure && e.Half > .05*e.Mean && e.Half >= .0005 {
		words += " ±" + duration(e.Half)
	}
	return words
}

// duration writes seconds with about two digits.
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d >= 10*time.Minute:
		d = d.Round(time.Minute)
	case d >= 10*time.Second:
		d = d.Round(time.Second)
	case d >= time.Second:
		d = d.Round(100 * time.Millisecond)
	case d >= 100*time.Millisecond:
		d = d.Round(10 * time.Millisecond)
	default:
		d = d.Round(time.Millisecond)
	}
	return text.Duration(d)
}

// number writes an estimate of a count.
func number(e simulate.Estimate) string {
	if !e.Known {
		return missing(e)
	}
	words := text.Number(e.Mean)
	if e.Sure && e.Half > .05*e.Mean && e.Half >= .05 {
		words += " ±" + text.Number(e.Half)
	}
	return words
}
