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
		Summary: "the text is not YAML",
		Why:     "What does not parse cannot be judged: the operations after the broken place may be missing from every answer.",
		Fix:     "Correct the place that the message names. Documents before it, and after the next ---, are still read.",
	}
	Encoding = &Rule{
		Code: "WN002", Name: "encoding", Severity: diag.Error,
		Summary: "the text is not UTF-8, or holds characters that YAML does not allow",
		Why:     "Names that are read in the wrong encoding match nothing, and control characters can hide text from a reader.",
		Fix:     `Save the file as UTF-8, and write a control character as an escape inside double quotes: "\x07".`,
	}
	TooLarge = &Rule{
		Code: "WN003", Name: "too-large", Severity: diag.Error,
		Summary: "the file is larger than a manifest may be",
		Why:     "A limit keeps a mistaken path, such as a data dump, from filling the memory.",
		Fix:     "Split the manifest by service: several files are read side by side.",
	}
	UnknownKey = &Rule{
		Code: "WN006", Name: "unknown-key", Severity: diag.Error,
		Summary: "a key means nothing where it stands",
		Why:     "A misspelled key is a fact that nobody reads: a timout protects no caller.",
		Fix:     "Use the key that the message suggests. A key that starts with x- is left alone and can hold anything.",
	}
	DuplicateKey = &Rule{
		Code: "WN007", Name: "duplicate-key", Severity: diag.Error,
		Summary: "a key is given twice in one mapping",
		Why:     "Readers disagree on which of the two counts; here it is the first.",
		Fix:     "Keep one of them.",
	}
	WrongKind = &Rule{
		Code: "WN008", Name: "wrong-kind", Severity: diag.Error,
		Summary: "a value is of another kind than its key asks for",
		Why:     "YAML guesses the kind of a plain value, and readers guess differently: 010 is eight to some, ten to others.",
		Fix:     "Write the kind that the message asks for. Quotes make a text of anything.",
	}
	ImpossibleValue = &Rule{
		Code: "WN009", Name: "impossible-value", Severity: diag.Error,
		Summary: "a value cannot be what its key asks for",
		Why:     "A wrong number would lead every rule that reads it astray, so it counts as not given.",
		Fix:     "Write a value that the message asks for, or leave the key out.",
	}
	MissingKey = &Rule{
		Code: "WN010", Name: "missing-key", Severity: diag.Error,
		Summary: "a key that is needed is missing",
		Why:     "An operation without a name cannot be pointed at, and one without answers cannot be judged.",
		Fix:     "Add the key. A question that nobody can answer yet is answered with unknown.",
	}
	BadAlias = &Rule{
		Code: "WN013", Name: "alias", Severity: diag.Error,
		Summary: "an alias leads in a circle, nowhere, or to far too much",
		Why:     "A few aliases of aliases can stand for more text than any memory holds.",
		Fix:     "Write the value out where it is needed.",
	}
	TooDeep = &Rule{
		Code: "WN014", Name: "too-deep", Severity: diag.Error,
		Summary: "values are nested too deeply",
		Why:     "No manifest needs such depth, and reading it costs more than it can be worth.",
		Fix:     "Flatten the value.",
	}
	UnknownTag = &Rule{
		Code: "WN015", Name: "unknown-tag", Severity: diag.Error,
		Summary: "a YAML tag means nothing in a manifest",
		Why:     "A tag asks the reader to compute something: what would be read is not what its author meant.",
		Fix:     "Write the value itself, without the tag.",
	}
	OldWord = &Rule{
		Code: "WN017", Name: "old-word", Severity: diag.Info,
		Summary: "a word has a clearer name now",
		Why:     "The old word can be misread: boundary team said that a call stays within a team, and was taken for one that crosses to another.",
		Fix:     "Write the new word: in-process, own-team, other-team. The old one still means the same.",
	}
	ControlCharacter = &Rule{
		Code: "WN016", Name: "control-character", Severity: diag.Error,
		Summary: "a text holds a character that cannot be seen",
		Why:     "Two names that look alike would be different, and a terminal might obey what it should show.",
		Fix:     "Write the text with printable characters only.",
	}
)
