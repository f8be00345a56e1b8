package manifest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/diag"
)

// A Config is what was understood of a configuration file: how a team wants
// its manifests judged. It is as written; that its rules exist and that its
// table is one is for others to find out.
type Config struct {
	Name         string
	Extends      Field[string] // the path of the parent, from the folder of this file
	RulesVersion Field[string]
	Locked       []Field[string] // what a child may not weaken
	Settings
	Overrides   []Override
	CustomRules []CustomRule
	Findings    []diag.Finding // sorted; the file cannot be used when there are any
}

// Settings say how manifests are judged.
type Settings struct {
	Threshold Field[time.Duration] // latency_threshold
	Wait      Field[time.Duration] // wait_limit
	Rules     []RuleSetting        // in the order of the file
	Table     Field[[]TableRow]
}

// An Override is settings for some manifests only.
type Override struct {
	Range diag.Range
	Paths []Field[string] // patterns, from the folder of the file
	Settings
}

// A RuleSetting turns a rule on or off, or tunes it.
type RuleSetting struct {
	Rule     Field[string] // a code or a name
	Severity Field[string] // off, or a severity
	Params   []ParamSetting
}

// A ParamSetting is a parameter of a rule, its value as written.
type ParamSetting struct {
	Name, Value Field[string]
}

// A CustomRule is a rule that a team wrote itself. What its expression means,
// and whether it compiles, is for others to find out.
type CustomRule struct {
	File     string     // the configuration
	Range    diag.Range // the whole entry
	Code     Field[string]
	Name     Field[string]
	Severity Field[diag.Severity]
	Over     Field[string] // operation (when unset) or journey
	When     Field[string] // the expression: true reports a finding
	Message  Field[string]
	Fix      Field[string]
	Why      Field[string]
	Bad      Field[string] // a manifest that triggers the rule
	Good     Field[string] // a manifest that does not
}

// A TableRow is a row of a decision table.
type TableRow struct {
	Range   diag.Range
	Name    Field[string]
	When    Cells
	Verdict Field[decide.Verdict]
	Why     Field[string]
}

// Cells are the cells of a row by question. The zero cell is the dash.
type Cells struct {
	Range diag.Range
	Sets  [4]decide.AnswerSet
}

// SeverityOff is the word that turns a rule off.
const SeverityOff = "off"

// ConfigSchema describes a configuration file as Schema describes a manifest.
// A mapping without keys is one whose keys are names of rules.
func ConfigSchema() *Key {
	return &Key{Doc: "How the manifests of a team are judged.", Kind: Mapping, Keys: configTable().describe()}
}

// maxConfig is how large a configuration may be, in bytes.
const maxConfig = 1 << 20

// ReadConfig reads a configuration file. Whatever is wrong with it is among its
// findings.
func ReadConfig(src Source) *Config {
	c := &Config{Name: src.Name}
	f := &File{Name: src.Name}
	switch {
	case len(src.Data) > maxConfig:
		f.report(tooLarge, diag.Range{}, fmt.Sprintf("the file has %d bytes: at most %d are read", len(src.Data), maxConfig), "")
	case isUTF16(src.Data):
		f.report(encoding, diag.Range{}, "the file is UTF-16", "save it as UTF-8")
	default:
		f.config(newText(f.readable(src.Data), 0), c)
	}
	c.Findings = diag.Sort(f.Findings)
	return c
}

// config reads the one document of a text. A text without any sets nothing.
func (f *File) config(t *text, c *Config) {
	decoder := yaml.NewDecoder(bytes.NewReader(t.data))
	var root, second yaml.Node
	if err := decoder.Decode(&root); err == io.EOF {
		return
	} else if err != nil {
		f.syntax(t, err)
		return
	}
	w := &walker{file: f.Name, text: t, first: root.Line, allowed: 100_000}
	if v, ok := w.follow(nil, root.Content[0]); ok && !(isNull(v.node) && isEmpty(v.node)) {
		configTable().read(w, v, c)
		for i := range c.CustomRules {
			c.CustomRules[i].File = c.Name
		}
	}
	if err := decoder.Decode(&second); err == nil {
		w.report(impossibleValue, w.text.node(&second), "a configuration has one document", "remove the others")
	} else if err != io.EOF {
		f.syntax(t, err)
	}
	f.Findings = append(f.Findings, w.findings...)
}

var configTable = sync.OnceValue(func() *mapping[Config] {
	type c = Config
	keys := []key[c]{
		one("extends", "The path of a configuration to build on, from the folder of this one.", name(), func(x *c) *Field[string] { return &x.Extends }),
		one("rules_version", "The release whose rules are wanted: newer ones stay silent.", release(), func(x *c) *Field[string] { return &x.RulesVersion }),
		many("locked", "The rules and settings that a configuration which extends this one may not weaken.", name(), func(x *c) *[]Field[string] { return &x.Locked }),
	}
	keys = append(keys, settingKeys(func(x *c) *Settings { return &x.Settings })...)
	return newMapping("the configuration", nil, append(keys,
		each("overrides", "Settings for some manifests only; of several that fit, the last counts.", overrideTable(), func(x *c) *[]Override { return &x.Overrides }),
		each("custom_rules", "Rules of the team's own.", customTable(), func(x *c) *[]CustomRule { return &x.CustomRules }),
	)...)
})

func overrideTable() *mapping[Override] {
	type o = Override
	keys := []key[o]{
		many("paths", "Patterns of the manifests meant, from the folder of this file: billing/**.", name(), func(x *o) *[]Field[string] { return &x.Paths }).required(),
	}
	return newMapping("the override", func(x *o) *diag.Range { return &x.Range },
		append(keys, settingKeys(func(x *o) *Settings { return &x.Settings })...)...)
}

func customTable() *mapping[CustomRule] {
	type r = CustomRule
	return newMapping("the custom rule", func(x *r) *diag.Range { return &x.Range },
		one("code", "A code of its own, such as ACME001.", name(), func(x *r) *Field[string] { return &x.Code }).required(),
		one("name", "The pattern that it flags, in lower-case words joined by hyphens.", name(), func(x *r) *Field[string] { return &x.Name }).required(),
		one("severity", "How grave a finding is.", severity(), func(x *r) *Field[diag.Severity] { return &x.Severity }).required(),
		one("over", "What it looks at, one at a time.", word("operation", "journey"), func(x *r) *Field[string] { return &x.Over }),
		one("when", "The expression that is true where there is something to report.", expression(), func(x *r) *Field[string] { return &x.When }).required(),
		one("message", "What a finding says.", name(), func(x *r) *Field[string] { return &x.Message }).required(),
		one("fix", "What to do about it.", name(), func(x *r) *Field[string] { return &x.Fix }),
		one("why", "Why the rule is there.", prose(), func(x *r) *Field[string] { return &x.Why }),
		one("bad", "A manifest that it flags.", prose(), func(x *r) *Field[string] { return &x.Bad }),
		one("good", "A manifest that it does not flag.", prose(), func(x *r) *Field[string] { return &x.Good }),
	)
}

// severity is the language of severities.
func severity() scalarType[diag.Severity] {
	list := severityWords()[1:]
	return scalarType[diag.Severity]{kind: Word, words: list, want: "one of " + strings.Join(list, ", "), parse: func(s string) (diag.Severity, fault) {
		if v, ok := diag.ParseSeverity(s); ok {
			return v, fault{}
		}
		return 0, notAWord(s, list)
	}}
}

// expression is the language of conditions. A plain true is one, too.
func expression() scalarType[string] {
	lang := prose()
	lang.text, lang.want = false, "an expression"
	return lang
}

// settingKeys are the keys of settings within a T.
func settingKeys[T any](at func(*T) *Settings) []key[T] {
	return []key[T]{
		one("latency_threshold", "Up to this latency work is fast enough to wait for.", duration(), func(x *T) *Field[time.Duration] { return &at(x).Threshold }),
		one("wait_limit", "Above this latency nobody can hold the connection open.", duration(), func(x *T) *Field[time.Duration] { return &at(x).Wait }),
		{
			Key:  Key{Name: "rules", Doc: "Rules by name or code: off, a severity, or a mapping of severity and parameters.", Kind: Mapping},
			read: func(w *walker, v value, x *T) { at(x).Rules = w.ruleSettings(v) },
		},
		{
			Key:  Key{Name: "table", Doc: "A decision table in place of the framework's own.", Kind: List, Items: &Key{Kind: Mapping, Keys: rowTable().describe()}},
			read: func(w *walker, v value, x *T) { at(x).Table = w.table(v) },
		},
	}
}

func rowTable() *mapping[TableRow] {
	type r = TableRow
	return newMapping("the row", func(x *r) *diag.Range { return &x.Range },
		one("row", "The name of the row.", name(), func(x *r) *Field[string] { return &x.Name }).required(),
		within("when", "The answers that hit the row; a question that is left out may have any answer.", cellsTable(), func(x *r) *Cells { return &x.When }).required(),
		one("verdict", "What the row decides.", mode(), func(x *r) *Field[decide.Verdict] { return &x.Verdict }).required(),
		one("why", "Why that follows, as a sentence.", prose(), func(x *r) *Field[string] { return &x.Why }).required(),
	)
}

func cellsTable() *mapping[Cells] {
	var keys []key[Cells]
	for _, q := range decide.Questions() {
		keys = append(keys, cellKey(q))
	}
	return newMapping("when", func(c *Cells) *diag.Range { return &c.Range }, keys...)
}

// cellKey is the key of a cell: an answer, several in a list, or the dash.
func cellKey(q decide.Question) key[Cells] {
	lang := cell(q)
	return key[Cells]{
		Key: Key{Name: q.String(), Doc: "An answer, or a list of answers.", Kind: List, Items: &Key{Kind: Word, Words: lang.words}, Words: append(lang.words[:len(lang.words):len(lang.words)], "-")},
		read: func(w *walker, v value, to *Cells) {
			var f Field[decide.Answer]
			if v.node.Kind == yaml.SequenceNode {
				w.list(v, func(item value) {
					if f = (Field[decide.Answer]{}); w.cell(item, lang, &f) {
						to.Sets[q] |= decide.AnswersOf(f.Value)
					}
				})
			} else if v.node.Value != "-" && w.cell(v, lang, &f) {
				to.Sets[q] = decide.AnswersOf(f.Value)
			}
		},
	}
}

func (w *walker) cell(v value, lang scalarType[decide.Answer], to *Field[decide.Answer]) bool {
	readScalar(w, v, lang, to)
	return to.Set()
}

// cell is the language of the answers in a cell.
func cell(q decide.Question) scalarType[decide.Answer] {
	var list []string
	for _, a := range q.Answers() {
		list = append(list, a.String())
	}
	return scalarType[decide.Answer]{
		kind: Word, words: list, want: "one of " + strings.Join(list, ", "),
		parse: func(s string) (decide.Answer, fault) {
			if is, ok := parseYesNo(s); ok && is {
				return decide.Yes, fault{}
			} else if ok {
				return decide.No, fault{}
			}
			if a, ok := decide.ParseAnswer(s); ok && a != decide.Unknown && q.Allows(a) {
				return a, fault{}
			}
			return decide.Unknown, notAWord(s, list)
		},
	}
}

// table reads the rows of a decision table.
func (w *walker) table(v value) Field[[]TableRow] {
	rows := rowTable()
	f := Field[[]TableRow]{Range: w.place(v)}
	w.list(v, func(item value) {
		var r TableRow
		if rows.read(w, item, &r) {
			f.Value = append(f.Value, r)
		}
	})
	return f
}

// ruleSettings reads a mapping from rules to what is wanted of them.
func (w *walker) ruleSettings(v value) []RuleSetting {
	var list []RuleSetting
	severity := word(severityWords()...)
	w.entries(v, func(name Field[string], v value) {
		s := RuleSetting{Rule: name}
		if v.node.Kind != yaml.MappingNode {
			readScalar(w, v, severity, &s.Severity)
			list = append(list, s)
			return
		}
		w.entries(v, func(name Field[string], v value) {
			if name.Value == "severity" {
				readScalar(w, v, severity, &s.Severity)
				return
			}
			p := ParamSetting{Name: name}
			if v.node.Kind != yaml.ScalarNode || isNull(v.node) {
				w.reportKind(v, "a number, a duration or a share")
				return
			}
			p.Value = Field[string]{Value: v.node.Value, Range: w.place(v)}
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

// entries calls visit for each pair of a mapping whose keys are names.
func (w *walker) entries(v value, visit func(Field[string], value)) {
	if v.node.Kind != yaml.MappingNode {
		w.reportKind(v, "a mapping")
		return
	}
	w.knowsTag(v)
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		k := v.node.Content[i]
		if k.Kind != yaml.ScalarNode {
			w.report(wrongKind, w.text.node(k), "a key is not a text: want a name", "")
			continue
		}
		if first := seen[k.Value]; first != nil {
			w.reportTwice(k, first)
			continue
		}
		seen[k.Value] = k
		w.path = append(w.path, short(k.Value))
		if item, ok := w.follow(k, v.node.Content[i+1]); ok {
			visit(Field[string]{Value: k.Value, Range: w.text.node(k)}, item)
			w.leave(item)
		}
		w.path = w.path[:len(w.path)-1]
	}
}

// release is the language of released versions.
func release() scalarType[string] {
	const want = "a release such as 0.1.0"
	return scalarType[string]{kind: Text, want: want, parse: func(s string) (string, fault) {
		parts := strings.Split(s, ".")
		if len(parts) != 3 {
			return "", fault{why: "want " + want}
		}
		for _, p := range parts {
			if !isDigits(p) || len(p) > 1 && p[0] == '0' || len(p) > 9 {
				return "", fault{why: "want " + want}
			}
		}
		return s, fault{}
	}}
}
