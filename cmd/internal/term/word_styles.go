package term

import (
	"waitornot/decide"
	"waitornot/decide/diag"
)

// SeverityStyle returns the style of a severity's name, the same in every output.
// That of 0 is plain.
func SeverityStyle(s diag.Severity) Style {
	switch s {
	case diag.Error:
		return Red
	case diag.Warning:
		return Yellow
	case diag.Info:
		return Cyan
	}
	return Plain
}

// VerdictStyle returns the style of a verdict's name, the same in every output and in
// pictures.
func VerdictStyle(v decide.Verdict) Style {
	switch v {
	case decide.Sync:
		return Bold.With(Blue)
	case decide.Async:
		return Bold.With(Green)
	case decide.Hybrid:
		return Bold.With(Cyan)
	}
	return Bold.With(Yellow)
}
