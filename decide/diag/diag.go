// Package diag holds positions and findings: what a reader or a rule has to say
// about a manifest, and where.
package diag

import (
	"cmp"
	"slices"
)

// A Pos is a place in a text. Lines and columns count from 1; a column counts
// code points, not bytes. The zero value is no place.
type Pos struct {
	Line, Column uint32
}

// IsValid reports whether the position is a place.
func (p Pos) IsValid() bool { return p.Line > 0 }

// Compare orders positions as they stand in a text; no place comes first.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// A Range is a part of a text from Start up to, and without, End. A range whose
// ends are equal marks the place before a character. The zero value is no
// place: the finding is about the file as a whole.
type Range struct {
	Start, End Pos
}

// IsValid reports whether the range is a place.
func (r Range) IsValid() bool { return r.Start.IsValid() }

// Within reports whether the range lies in another, which may be the same.
func (r Range) Within(other Range) bool {
	return other.Start.Compare(r.Start) <= 0 && r.End.Compare(other.End) <= 0
}

// Shift returns the range moved down by lines.
func (r Range) Shift(lines uint32) Range {
	if r.IsValid() {
		r.Start.Line += lines
		r.End.Line += lines
	}
	return r
}

// Severity says how much a finding matters. The zero value is invalid, so that
// a forgotten severity shows.
type Severity uint8

// The severities, the lightest first.
const (
	Info Severity = iota + 1
	Warning
	Error
)

var severityNames = [...]string{"", "info", "warning", "error"}

// String returns the stable name of the severity.
func (s Severity) String() string {
	if int(s) < len(severityNames) && s > 0 {
		return severityNames[s]
	}
	return "invalid severity"
}

// ParseSeverity returns the severity with the given name.
func ParseSeverity(name string) (Severity, bool) {
	for i, n := range severityNames {
		if n == name && i > 0 {
			return Severity(i), true
		}
	}
	return 0, false
}

// Severities returns the severities, the gravest first.
func Severities() []Severity { return []Severity{Error, Warning, Info} }

// A Finding is something that is reported about a manifest.
type Finding struct {
	File      string // the name the manifest was read under
	Range     Range
	Code      string // stable, never reused: WN101
	Rule      string // the rule's name: mode-disagrees
	Severity  Severity
	Safe      bool   // Edits change nothing that the manifest claims about the system
	Message   string // one line without a full stop, naming the value at fault
	Fix       string // what to do about it, a verb phrase; empty when there is nothing to add
	Operation string // service/operation, or empty when the finding is not about one
	Related   []Related
	Edits     []Edit // what makes the finding go away, when a machine can tell; all of it or nothing

	// Shared is how the message starts when the rest of it, if there is any, only names
	// what that is true of: findings of a rule that share it can be said as one. Empty for
	// a finding that stands alone.
	Shared string

	// Key tells the findings of one rule about one operation apart when there
	// can be several: a field or another name, never a place or a number.
	Key         string
	Fingerprint Fingerprint // set by Identify
}

// An Edit puts New in the place of a range of the finding's file. An empty
// range inserts, an empty New deletes.
type Edit struct {
	Range Range
	New   string
}

// Related is another place that explains a finding.
type Related struct {
	File    string
	Range   Range
	Message string
}

// Compare orders findings by file, place, code and message.
func Compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		a.Range.Start.Compare(b.Range.Start),
		a.Range.End.Compare(b.Range.End),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Message, b.Message),
	)
}

// Sort puts findings in their order and drops repeats.
func Sort(findings []Finding) []Finding {
	slices.SortStableFunc(findings, Compare)
	return slices.CompactFunc(findings, func(a, b Finding) bool { return Compare(a, b) == 0 })
}
