package config

import (
	"strings"
	"sync"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// A File is what was understood of a configuration file: how a team wants
// its manifests judged. It is as written; that its rules exist and that its
// table is one is for others to find out.
type File struct {
	Name         string
	Extends      yamlfile.Field[string] // the parent: a path from the folder of this file, or the address of a preset
	RulesVersion yamlfile.Field[string]
	Locked       []yamlfile.Field[string] // what a child may not weaken
	Settings
	Overrides   []Override
	CustomRules []CustomRule
	Findings    []diag.Finding // sorted; the file cannot be used when there are any
}

// Settings say how manifests are judged.
type Settings struct {
	Threshold yamlfile.Field[time.Duration] // latency_threshold
	Wait      yamlfile.Field[time.Duration] // wait_limit
	Rules     []RuleSetting                 // in the order of the file
	Table     yamlfile.Field[[]TableRow]
}

// An Override is settings for some manifests only.
type Override struct {
	Range diag.Range
	Paths []yamlfile.Field[string] // patterns, from the folder of the file
	Settings
}

// A RuleSetting turns a rule on or off, or tunes it.
type RuleSetting struct {
	Rule     yamlfile.Field[string] // a code or a name
	Severity yamlfile.Field[string] // off, or a severity
	Params   []ParamSetting
}

// A ParamSetting is a parameter of a rule, its value as written.
type ParamSetting struct {
	Name, Value yamlfile.Field[string]
}

// A CustomRule is a rule that a team wrote itself. What its expression means,
// and whether it compiles, is for others to find out.
type CustomRule struct {
	File     string     // the configuration
	Range    diag.Range // the whole entry
	Code     yamlfile.Field[string]
	Name     yamlfile.Field[string]
	Severity yamlfile.Field[diag.Severity]
	Over     yamlfile.Field[string] // operation (when unset) or journey
	When     yamlfile.Field[string] // the expression: true reports a finding
	Message  yamlfile.Field[string]
	Fix      yamlfile.Field[string]
	Why      yamlfile.Field[string]
	Bad      yamlfile.Field[string] // a manifest that triggers the rule
	Good     yamlfile.Field[string] // a manifest that does not
}

// A TableRow is a row of a decision table.
type TableRow struct {
	Range   diag.Range
	Name    yamlfile.Field[string]
	When    Cells
	Verdict yamlfile.Field[decide.Verdict]
	Why     yamlfile.Field[string]
}

// Cells are the cells of a row by question. The zero cell is the dash.
type Cells struct {
	Range diag.Range
	Sets  [decide.QuestionCount]decide.AnswerSet
}

// SeverityOff is the word that turns a rule off.
const SeverityOff = "off"

// Schema describes a configuration file as manifest.Schema describes a manifest.
// A mapping without keys is one whose keys are names of rules.
func Schema() *yamlfile.Key {
	return &yamlfile.Key{Doc: "How a team's manifests are judged.", Kind: yamlfile.MappingKind, Keys: fileTable().Keys()}
}

// MaxBytes is how large a configuration may be.
const MaxBytes = 1 << 20

// Read reads a configuration file. Whatever is wrong with it is among its
// findings.
func Read(src yamlfile.Source) *File {
	f := &File{Name: src.Name}
	f.Findings = yamlfile.ReadOne(src, MaxBytes, "a configuration", fileTable(), f)
	for i := range f.CustomRules {
		f.CustomRules[i].File = f.Name
	}
	return f
}

var fileTable = sync.OnceValue(func() *yamlfile.Table[File] {
	type c = File
	keys := []yamlfile.Row[c]{
		yamlfile.One("extends", "A configuration to build on: its path relative to this file's folder, or git+https://HOST/REPOSITORY//FILE@REVISION.", yamlfile.Name(), func(x *c) *yamlfile.Field[string] { return &x.Extends }),
		yamlfile.One("rules_version", "The release whose rules apply; rules added later stay silent.", release(), func(x *c) *yamlfile.Field[string] { return &x.RulesVersion }),
		yamlfile.Many("locked", "The rules and settings that configurations extending this one can't weaken.", yamlfile.Name(), func(x *c) *[]yamlfile.Field[string] { return &x.Locked }),
	}
	keys = append(keys, settingKeys(func(x *c) *Settings { return &x.Settings })...)
	return yamlfile.NewTable("the configuration", nil, append(keys,
		yamlfile.Each("overrides", "Settings for some manifests only; if several match, the last one wins.", overrideTable(), func(x *c) *[]Override { return &x.Overrides }),
		yamlfile.Each("custom_rules", "The team's own rules.", customTable(), func(x *c) *[]CustomRule { return &x.CustomRules }),
	)...)
})

func overrideTable() *yamlfile.Table[Override] {
	type o = Override
	keys := []yamlfile.Row[o]{
		yamlfile.Many("paths", "Glob patterns of the manifests it applies to, relative to this file's folder: billing/**.", yamlfile.Name(), func(x *o) *[]yamlfile.Field[string] { return &x.Paths }).AsRequired(),
	}
	return yamlfile.NewTable("the override", func(x *o) *diag.Range { return &x.Range },
		append(keys, settingKeys(func(x *o) *Settings { return &x.Settings })...)...)
}

func customTable() *yamlfile.Table[CustomRule] {
	type r = CustomRule
	return yamlfile.NewTable("the custom rule", func(x *r) *diag.Range { return &x.Range },
		yamlfile.One("code", "Its code, such as ACME001.", yamlfile.Name(), func(x *r) *yamlfile.Field[string] { return &x.Code }).AsRequired(),
		yamlfile.One("name", "The name of the pattern it flags, in lowercase words joined by hyphens.", yamlfile.Name(), func(x *r) *yamlfile.Field[string] { return &x.Name }).AsRequired(),
		yamlfile.One("severity", "The severity of its findings.", severity(), func(x *r) *yamlfile.Field[diag.Severity] { return &x.Severity }).AsRequired(),
		yamlfile.One("over", "What the rule looks at, one at a time.", yamlfile.Word("operation", "journey"), func(x *r) *yamlfile.Field[string] { return &x.Over }),
		yamlfile.One("when", "The expression that's true if there's something to report.", expression(), func(x *r) *yamlfile.Field[string] { return &x.When }).AsRequired(),
		yamlfile.One("message", "The finding's message.", yamlfile.Name(), func(x *r) *yamlfile.Field[string] { return &x.Message }).AsRequired(),
		yamlfile.One("fix", "How to fix it.", yamlfile.Name(), func(x *r) *yamlfile.Field[string] { return &x.Fix }),
		yamlfile.One("why", "Why the rule exists.", yamlfile.Prose(), func(x *r) *yamlfile.Field[string] { return &x.Why }),
		yamlfile.One("bad", "A manifest that it flags.", yamlfile.Prose(), func(x *r) *yamlfile.Field[string] { return &x.Bad }),
		yamlfile.One("good", "A manifest that it doesn't flag.", yamlfile.Prose(), func(x *r) *yamlfile.Field[string] { return &x.Good }),
	)
}

// severity is the type of severities.
func severity() yamlfile.Scalar[diag.Severity] {
	list := severityWords()[1:]
	return yamlfile.Scalar[diag.Severity]{Kind: yamlfile.WordKind, Words: list, Want: "one of " + strings.Join(list, ", "), Parse: func(s string) (diag.Severity, yamlfile.Fault) {
		if v, ok := diag.ParseSeverity(s); ok {
			return v, yamlfile.Fault{}
		}
		return 0, yamlfile.NotAWord(s, list)
	}}
}

// expression is the type of conditions. A plain true is one, too.
func expression() yamlfile.Scalar[string] {
	lang := yamlfile.Prose()
	lang.Text, lang.Want = false, "an expression"
	return lang
}

// settingKeys are the keys of settings within a T.
func settingKeys[T any](at func(*T) *Settings) []yamlfile.Row[T] {
	return []yamlfile.Row[T]{
		yamlfile.One("latency_threshold", "Latency up to which work is fast enough to wait for.", yamlfile.Duration(), func(x *T) *yamlfile.Field[time.Duration] { return &at(x).Threshold }),
		yamlfile.One("wait_limit", "Latency above which nobody can keep the connection open.", yamlfile.Duration(), func(x *T) *yamlfile.Field[time.Duration] { return &at(x).Wait }),
		{
			Key:  yamlfile.Key{Name: "rules", Doc: "Rules by name or code: off, a severity, or a mapping of severity and parameters.", Kind: yamlfile.MappingKind},
			Read: func(w *yamlfile.Walker, v yamlfile.Value, x *T) { at(x).Rules = readRuleSettings(w, v) },
		},
		{
			Key:  yamlfile.Key{Name: "table", Doc: "A decision table that replaces the built-in one.", Kind: yamlfile.ListKind, Items: &yamlfile.Key{Kind: yamlfile.MappingKind, Keys: rowTable().Keys()}},
			Read: func(w *yamlfile.Walker, v yamlfile.Value, x *T) { at(x).Table = readTable(w, v) },
		},
	}
}

func rowTable() *yamlfile.Table[TableRow] {
	type r = TableRow
	return yamlfile.NewTable("the row", func(x *r) *diag.Range { return &x.Range },
		yamlfile.One("row", "The name of the row.", yamlfile.Name(), func(x *r) *yamlfile.Field[string] { return &x.Name }).AsRequired(),
		yamlfile.Within("when", "The answers that the row matches; a question that's left out can have any answer.", cellsTable(), func(x *r) *Cells { return &x.When }).AsRequired(),
		yamlfile.One("verdict", "The row's verdict.", manifest.Mode(), func(x *r) *yamlfile.Field[decide.Verdict] { return &x.Verdict }).AsRequired(),
		yamlfile.One("why", "Why that follows, as a sentence.", yamlfile.Prose(), func(x *r) *yamlfile.Field[string] { return &x.Why }).AsRequired(),
	)
}

func cellsTable() *yamlfile.Table[Cells] {
	var keys []yamlfile.Row[Cells]
	for _, q := range decide.Questions() {
		keys = append(keys, cellKey(q))
	}
	return yamlfile.NewTable("when", func(c *Cells) *diag.Range { return &c.Range }, keys...)
}

// cellKey is the key of a cell: an answer, several in a list, or the dash.
func cellKey(q decide.Question) yamlfile.Row[Cells] {
	lang := cell(q)
	return yamlfile.Row[Cells]{
		Key: yamlfile.Key{Name: q.String(), Doc: "An answer, or a list of answers.", Kind: yamlfile.ListKind, Items: &yamlfile.Key{Kind: yamlfile.WordKind, Words: lang.Words}, Words: append(lang.Words[:len(lang.Words):len(lang.Words)], "-")},
		Read: func(w *yamlfile.Walker, v yamlfile.Value, to *Cells) {
			var f yamlfile.Field[decide.Answer]
			if v.IsList() {
				w.List(v, func(item yamlfile.Value) {
					if f = (yamlfile.Field[decide.Answer]{}); readCell(w, item, &lang, &f) {
						to.Sets[q] |= decide.AnswersOf(f.Value)
					}
				})
			} else if v.Text() != "-" && readCell(w, v, &lang, &f) {
				to.Sets[q] = decide.AnswersOf(f.Value)
			}
		},
	}
}

func readCell(w *yamlfile.Walker, v yamlfile.Value, lang *yamlfile.Scalar[decide.Answer], to *yamlfile.Field[decide.Answer]) bool {
	yamlfile.ReadScalar(w, v, lang, to)
	return to.Set()
}

// cell is the type of the answers in a cell.
func cell(q decide.Question) yamlfile.Scalar[decide.Answer] {
	var list []string
	for _, a := range q.Answers() {
		list = append(list, a.String())
	}
	return yamlfile.Scalar[decide.Answer]{
		Kind: yamlfile.WordKind, Words: list, Want: "one of " + strings.Join(list, ", "),
		Parse: func(s string) (decide.Answer, yamlfile.Fault) {
			if is, ok := yamlfile.ParseYesNo(s); ok && is {
				return decide.Yes, yamlfile.Fault{}
			} else if ok {
				return decide.No, yamlfile.Fault{}
			}
			if a, ok := decide.ParseAnswer(s); ok && a != decide.Unknown && q.Allows(a) {
				return a, yamlfile.Fault{}
			}
			return decide.Unknown, yamlfile.NotAWord(s, list)
		},
	}
}

// readTable reads the rows of a decision table.
func readTable(w *yamlfile.Walker, v yamlfile.Value) yamlfile.Field[[]TableRow] {
	rows := rowTable()
	f := yamlfile.Field[[]TableRow]{Range: w.Place(v)}
	w.List(v, func(item yamlfile.Value) {
		var r TableRow
		if rows.Read(w, item, &r) {
			f.Value = append(f.Value, r)
		}
	})
	return f
}

// readRuleSettings reads a mapping from rules to what is wanted of them.
func readRuleSettings(w *yamlfile.Walker, v yamlfile.Value) []RuleSetting {
	var list []RuleSetting
	severity := yamlfile.Word(severityWords()...)
	w.Entries(v, func(name yamlfile.Field[string], v yamlfile.Value) {
		s := RuleSetting{Rule: name}
		if !v.IsMapping() {
			yamlfile.ReadScalar(w, v, &severity, &s.Severity)
			list = append(list, s)
			return
		}
		w.Entries(v, func(name yamlfile.Field[string], v yamlfile.Value) {
			if name.Value == "severity" {
				yamlfile.ReadScalar(w, v, &severity, &s.Severity)
				return
			}
			p := ParamSetting{Name: name}
			if !v.IsText() {
				w.ReportKind(v, "a number, a duration, or a share")
				return
			}
			p.Value = yamlfile.Field[string]{Value: v.Text(), Range: w.Place(v)}
			s.Params = append(s.Params, p)
		})
		list = append(list, s)
	})
	return list
}

// severityWords are what may stand for the severity of a rule.
func severityWords() []string {
	words := []string{SeverityOff}
	for _, s := range diag.Severities() {
		words = append(words, s.String())
	}
	return words
}

// release is the type of released versions.
func release() yamlfile.Scalar[string] {
	const want = "a release such as 0.1.0"
	return yamlfile.Scalar[string]{Kind: yamlfile.TextKind, Want: want, Parse: func(s string) (string, yamlfile.Fault) {
		parts := strings.Split(s, ".")
		if len(parts) != 3 {
			return "", yamlfile.Fault{Why: "expected " + want}
		}
		for _, p := range parts {
			if !isDigits(p) || len(p) > 1 && p[0] == '0' || len(p) > 9 {
				return "", yamlfile.Fault{Why: "expected " + want}
			}
		}
		return s, yamlfile.Fault{}
	}}
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
