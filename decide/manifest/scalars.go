package manifest

import (
	"strings"

	"waitornot/decide"
	"waitornot/decide/yamlfile"
)

// Mode is the type of declared modes.
func Mode() yamlfile.Scalar[decide.Verdict] {
	var list []string
	for _, v := range decide.Verdicts() {
		list = append(list, v.String())
	}
	return yamlfile.Scalar[decide.Verdict]{
		Kind: yamlfile.WordKind, Words: list, Want: "one of " + strings.Join(list, ", "),
		Parse: func(s string) (decide.Verdict, yamlfile.Fault) {
			if v, ok := decide.ParseVerdict(s); ok && v != decide.Undecided {
				return v, yamlfile.Fault{}
			}
			return decide.Undecided, yamlfile.NotAWord(s, list)
		},
	}
}

// The boundaries that a call stays within or crosses.
const (
	InProcess  = "in-process"
	OwnTeam    = "own-team"
	OtherTeam  = "other-team"
	ThirdParty = "third-party"
)

// boundary is the type of boundaries. Its older words could be misread: a call across
// the boundary of a team, or one that stays within it?
func boundary() yamlfile.Scalar[string] {
	words := yamlfile.Word(InProcess, OwnTeam, OtherTeam, ThirdParty)
	words.Renamed = map[string]string{"process": InProcess, "team": OwnTeam, "organisation": OtherTeam}
	return words
}

// version is the type of the format's versions.
func version() yamlfile.Scalar[int] {
	numbers := yamlfile.Number(1)
	numbers.Most = 1
	numbers.Parse = func(s string) (int, yamlfile.Fault) {
		n, f := yamlfile.Number(1).Parse(s)
		if f.None() && n != 1 {
			return 0, yamlfile.Fault{Why: "only version 1 is known", Fix: "write version: 1", Rule: unsupportedVersion}
		}
		return n, f
	}
	return numbers
}
