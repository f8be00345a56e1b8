package lint

import (
	"strconv"
	"strings"
	"time"
)

// A Param is a number that a team may set for a rule.
type Param struct {
	Name    string
	Doc     string
	Unit    Unit
	Default float64 // in the unit
}

// A Unit says how a configuration writes the value of a Param.
type Unit uint8

// The units. The zero value counts things.
const (
	Count   Unit = iota // 4
	Share               // 80% or 0.8; the value is from 0 to 1
	Seconds             // a Go duration such as 800ms; the value is in seconds
)

// Parse reads a value as a configuration writes it.
func (p *Param) Parse(text string) (float64, bool) {
	switch p.Unit {
	case Share:
		digits, percent := strings.CutSuffix(text, "%")
		v, err := strconv.ParseFloat(digits, 64)
		if percent {
			v /= 100
		}
		return v, err == nil && v >= 0 && v <= 1
	case Seconds:
		d, err := time.ParseDuration(text)
		return d.Seconds(), err == nil && d >= 0
	}
	v, err := strconv.Atoi(text)
	return float64(v), err == nil && v >= 0
}

// Format writes a value of the parameter as a configuration does.
func (p *Param) Format(v float64) string {
	switch p.Unit {
	case Share:
		return strconv.FormatFloat(v*100, 'g', 12, 64) + "%"
	case Seconds:
		return time.Duration(v * float64(time.Second)).String()
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Want says what a value of the parameter looks like.
func (p *Param) Want() string {
	return [...]string{Count: "a whole number such as ", Share: "a share such as ", Seconds: "a duration such as "}[p.Unit] + p.Format(p.Default)
}
