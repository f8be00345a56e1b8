package term

import "waitornot/decide/diag"

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
