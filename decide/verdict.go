package decide

import "strings"

// A Verdict says whether the caller should wait. The zero value is Undecided.
type Verdict uint8

// The verdicts. Hybrid acknowledges now and delivers the outcome later.
// Undecided means that unknown answers leave more than one of the others.
const (
	Undecided Verdict = iota
	Sync
	Async
	Hybrid

	verdictCount = 4
)

var verdictNames = [verdictCount]string{"undecided", "sync", "async", "hybrid"}

// String returns the stable name of the verdict.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "invalid verdict"
}

// ParseVerdict returns the verdict with the given name.
func ParseVerdict(name string) (Verdict, bool) {
	for i, n := range verdictNames {
		if n == name {
			return Verdict(i), true
		}
	}
	return Undecided, false
}

// Verdicts returns sync, async and hybrid, the order in which lists show them.
func Verdicts() [3]Verdict { return [...]Verdict{Sync, Async, Hybrid} }

// A VerdictSet is a set of verdicts. The zero value is empty.
type VerdictSet uint8

// SetOf returns the set of the given verdicts.
func SetOf(verdicts ...Verdict) VerdictSet {
	var s VerdictSet
	for _, v := range verdicts {
		s |= 1 << v
	}
	return s
}

// Has reports whether v belongs to the set.
func (s VerdictSet) Has(v Verdict) bool { return s&(1<<v) != 0 }

// List returns the members in the order sync, async, hybrid.
func (s VerdictSet) List() []Verdict {
	var list []Verdict
	for _, v := range Verdicts() {
		if s.Has(v) {
			list = append(list, v)
		}
	}
	return list
}

// Only returns the single member, or Undecided when there is not exactly one.
func (s VerdictSet) Only() Verdict {
	for _, v := range Verdicts() {
		if s == SetOf(v) {
			return v
		}
	}
	return Undecided
}

// String lists the members as a sentence does: "sync, async, or hybrid".
func (s VerdictSet) String() string {
	var names []string
	for _, v := range s.List() {
		names = append(names, v.String())
	}
	if last := len(names) - 1; last > 1 {
		return strings.Join(names[:last], ", ") + ", or " + names[last]
	}
	return strings.Join(names, " or ")
}
