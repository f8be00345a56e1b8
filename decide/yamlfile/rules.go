package yamlfile

import "waitornot/decide/diag"

// A Rule describes one kind of finding that reading a file reports.
type Rule struct {
	Code     string // WN001: stable, never reused
	Name     string
	Severity diag.Severity
	Summary  string // one sentence without a full stop
	Why      string
	Fix      string
}

// Rules returns the rules of this package, in the order of their codes.
func Rules() []*Rule {
	return []*Rule{
		Syntax, Encoding, TooLarge, UnknownKey, DuplicateKey, WrongKind, ImpossibleValue, MissingKey, BadAlias, TooDeep, UnknownTag, ControlCharacter, OldWord,
	}
}

// What reading any file may report. A format adds rules of its own. They are
// never written to.
var (
	Syntax = &Rule{
		Code: "WN001", Name: "syntax", Severity: diag.Error,
		Summary: "the file isn't valid YAML",
		Why:     "What can't be parsed can't be judged, so operations after the broken place may be missing from every result.",
		Fix:     "Fix the place that the message names. Documents before it, and after the next ---, are still read.",
	}
	Encoding = &Rule{
		Code: "WN002", Name: "encoding", Severity: diag.Error,
		Summary: "the file isn't UTF-8, or contains characters that YAML doesn't allow",
		Why:     "Names read in the wrong encoding match nothing, and control characters can hide text from readers.",
		Fix:     `Save the file as UTF-8, and write a control character as an escape inside double quotes: "\x07".`,
	}
	TooLarge = &Rule{
		Code: "WN003", Name: "too-large", Severity: diag.Error,
		Summary: "the file is too large for a manifest",
		Why:     "The limit keeps a wrong path, such as a data dump, from filling up memory.",
		Fix:     "Split the manifest by service; several files are read together.",
	}
	UnknownKey = &Rule{
		Code: "WN006", Name: "unknown-key", Severity: diag.Error,
		Summary: "an unknown key",
		Why:     "A misspelled key is a fact that nobody reads: timout protects no caller.",
		Fix:     "Use the key that the message suggests. Keys that start with x- are ignored and can hold anything.",
	}
	DuplicateKey = &Rule{
		Code: "WN007", Name: "duplicate-key", Severity: diag.Error,
		Summary: "a key is given twice in the same mapping",
		Why:     "Readers disagree on which of the two counts; here, it's the first one.",
		Fix:     "Keep one of them.",
	}
	WrongKind = &Rule{
		Code: "WN008", Name: "wrong-kind", Severity: diag.Error,
		Summary: "a value has the wrong type for its key",
		Why:     "YAML guesses the type of an unquoted value, and parsers guess differently: 010 is eight to some and ten to others.",
		Fix:     "Write a value of the expected type. Quotes turn anything into a string.",
	}
	ImpossibleValue = &Rule{
		Code: "WN009", Name: "impossible-value", Severity: diag.Error,
		Summary: "a value is invalid for its key",
		Why:     "A wrong number would mislead every rule that reads it, so it's treated as missing.",
		Fix:     "Write a value that the message allows, or leave the key out.",
	}
	MissingKey = &Rule{
		Code: "WN010", Name: "missing-key", Severity: diag.Error,
		Summary: "a required key is missing",
		Why:     "An operation without a name can't be referred to, and one without answers can't be judged.",
		Fix:     "Add the key. If nobody knows the answer to a question yet, answer unknown.",
	}
	BadAlias = &Rule{
		Code: "WN013", Name: "alias", Severity: diag.Error,
		Summary: "an alias is circular, undefined, or expands to far too much",
		Why:     "A few aliases of aliases can expand to more text than fits into memory.",
		Fix:     "Write out the value where you need it.",
	}
	TooDeep = &Rule{
		Code: "WN014", Name: "too-deep", Severity: diag.Error,
		Summary: "values are nested too deeply",
		Why:     "No manifest needs such depth, and reading it costs too much.",
		Fix:     "Flatten the value.",
	}
	UnknownTag = &Rule{
		Code: "WN015", Name: "unknown-tag", Severity: diag.Error,
		Summary: "a YAML tag has no meaning in a manifest",
		Why:     "A tag asks the parser to compute something, so what's read may not be what the author meant.",
		Fix:     "Write the value itself, without the tag.",
	}
	OldWord = &Rule{
		Code: "WN017", Name: "old-word", Severity: diag.Info,
		Summary: "a word has a clearer name now",
		Why:     "The old word is easy to misread: boundary team meant a call that stays within a team, but many took it for one that crosses to another.",
		Fix:     "Use the new word: in-process, own-team, or other-team. The old one still means the same thing.",
	}
	ControlCharacter = &Rule{
		Code: "WN016", Name: "control-character", Severity: diag.Error,
		Summary: "a string contains an invisible character",
		Why:     "Two names that look alike would differ, and a terminal might act on the character instead of showing it.",
		Fix:     "Use printable characters only.",
	}
)
