package knowledge

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"waitornot/decide"
	"waitornot/decide/advice"
)

//go:embed safeguards.yaml
var safeguardsYAML []byte

//go:embed patterns.yaml
var patternsYAML []byte

//go:embed sources.yaml
var sourcesYAML []byte

// Knowledge adds the safeguards and patterns to a framework: all that a
// recommendation is made from.
func knowledgeOf(f *advice.Framework) (*decide.Knowledge, error) {
	k := &decide.Knowledge{Table: f.Table, Tradeoffs: f.Tradeoffs, Conditions: f.Conditions}
	var err error
	if k.Safeguards, err = LoadSafeguards(); err != nil {
		return nil, err
	}
	if k.Patterns, err = LoadPatterns(); err != nil {
		return nil, err
	}
	return k, nil
}

// LoadSafeguards reads the embedded safeguards, in the order in which reports
// show them. One without sources is our own judgment.
func LoadSafeguards() ([]decide.Safeguard, error) { return parseSafeguards(safeguardsYAML) }

// LoadPatterns reads the embedded patterns in the order of choice. The last one
// of each verdict fits whatever the facts. One without sources is our own
// judgment.
func LoadPatterns() ([]decide.Pattern, error) { return parsePatterns(patternsYAML) }

// LoadSources reads the embedded list of sources.
func LoadSources() ([]advice.Source, error) { return parseSources(sourcesYAML) }

// entry is what every piece of knowledge that people read has.
type entry struct {
	ID, Name       string
	What, Why, How string
	Sources        []string
	Judgment       bool // no source states it
}

// check returns what is missing or wrong in an entry, taken by itself.
func (e *entry) check() error {
	texts := [...]struct{ key, text string }{{"what", e.What}, {"why", e.Why}, {"how", e.How}}
	if err := identified(e.ID, e.Name); err != nil {
		return err
	}
	for _, t := range texts {
		if !isSentence(t.text) {
			return fmt.Errorf("%s: %s is not a sentence: %q", e.ID, t.key, t.text)
		}
	}
	return e.origin()
}

func (e *entry) origin() error { return origin(e.ID, e.Sources, e.Judgment) }

// origin refuses knowledge that neither names a source nor owns up to being a
// judgment.
func origin(id string, sources []string, judgment bool) error {
	if (len(sources) > 0) == judgment {
		return fmt.Errorf("%s: give either sources or judgment: true", id)
	}
	return nil
}

// identified refuses an id that cannot be typed or a name that is missing.
func identified(id, name string) error {
	if !isID(id) {
		return fmt.Errorf("%q is not an id (lower-case words joined by hyphens)", id)
	}
	if name == "" {
		return fmt.Errorf("%s: the name is missing", id)
	}
	return nil
}

func isID(s string) bool {
	for _, word := range strings.Split(s, "-") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

func isSentence(s string) bool {
	return s != "" && strings.HasSuffix(s, ".") && strings.TrimSpace(s) == s
}

// ids refuses an id that is used twice in one list.
type ids map[string]bool

func (seen ids) add(id string) error {
	if seen[id] {
		return fmt.Errorf("%s is defined twice", id)
	}
	seen[id] = true
	return nil
}

func parseSafeguards(src []byte) ([]decide.Safeguard, error) {
	var file struct {
		Safeguards []struct {
			entry    `yaml:",inline"`
			Optional bool
			Obliged  []obligationText
		}
	}
	if err := decodeStrict(src, &file); err != nil {
		return nil, fmt.Errorf("safeguards: %w", err)
	}
	seen := ids{}
	var list []decide.Safeguard
	for _, t := range file.Safeguards {
		if err := first(t.check(), seen.add(t.ID)); err != nil {
			return nil, fmt.Errorf("safeguards: %w", err)
		}
		if (len(t.Obliged) > 0) == t.Optional {
			return nil, fmt.Errorf("safeguards: %s: say what obliges it, or optional: true", t.ID)
		}
		s := decide.Safeguard{ID: t.ID, Name: t.Name, What: t.What, Why: t.Why, How: t.How, Sources: t.Sources}
		for _, o := range t.Obliged {
			obliged, err := o.obligation()
			if err != nil {
				return nil, fmt.Errorf("safeguards: %s: %w", t.ID, err)
			}
			s.Obliged = append(s.Obliged, obliged)
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("safeguards: there are none")
	}
	return list, nil
}

// obligationText is an obligation as YAML writes it.
type obligationText struct {
	By       string
	Verdicts Words
	When     map[string]Words
	Unless   map[string]Words // the very answers with which it does not hold
	All      Words            // facts without which it does not hold
	None     Words            // facts with which it does not hold
}

func (t *obligationText) obligation() (decide.Obligation, error) {
	var o decide.Obligation
	by, ok := decide.ParseQuestion(t.By)
	if !ok {
		return o, fmt.Errorf("obliged by %q, which is not a question", t.By)
	}
	o.By = by
	for _, name := range t.Verdicts {
		v, err := verdictOf(name)
		if err != nil {
			return o, err
		}
		o.Verdicts |= decide.SetOf(v)
	}
	if o.Verdicts == 0 {
		return o, fmt.Errorf("the obligation by %s has no verdict", by)
	}
	if err := cellsOf(t.When, &o.When); err != nil {
		return o, err
	}
	if err := cellsOf(t.Unless, &o.Unless); err != nil {
		return o, err
	}
	if o.When[by].Any() {
		return o, fmt.Errorf("the obligation by %s does not say which answer to %s obliges", by, by)
	}
	var err error
	if o.All, err = factsOf(t.All); err != nil {
		return o, err
	}
	o.None, err = factsOf(t.None)
	return o, err
}

// cellsOf fills the cells of the questions that are named.
func cellsOf(text map[string]Words, cells *[decide.QuestionCount]decide.AnswerSet) error {
	for id, words := range text {
		q, ok := decide.ParseQuestion(id)
		if !ok {
			return fmt.Errorf("%q is not a question", id)
		}
		cell, err := cellOf(q, words)
		if err != nil {
			return err
		}
		cells[q] = cell
	}
	return nil
}

func verdictOf(name string) (decide.Verdict, error) {
	v, ok := decide.ParseVerdict(name)
	if !ok || v == decide.Undecided {
		return v, fmt.Errorf("%q is not a verdict (sync, async, hybrid)", name)
	}
	return v, nil
}

func parsePatterns(src []byte) ([]decide.Pattern, error) {
	var file struct {
		Patterns []struct {
			entry `yaml:",inline"`
			When  patternWhen
		}
	}
	if err := decodeStrict(src, &file); err != nil {
		return nil, fmt.Errorf("patterns: %w", err)
	}
	seen := ids{}
	var list []decide.Pattern
	for _, t := range file.Patterns {
		if err := first(t.check(), seen.add(t.ID)); err != nil {
			return nil, fmt.Errorf("patterns: %w", err)
		}
		p := decide.Pattern{ID: t.ID, Name: t.Name, What: t.What, Why: t.Why, How: t.How, Sources: t.Sources}
		if err := t.When.set(&p); err != nil {
			return nil, fmt.Errorf("patterns: %s: %w", t.ID, err)
		}
		for i := range list {
			if covers(&list[i], &p) {
				return nil, fmt.Errorf("patterns: %s can never be chosen: %s before it fits whenever it does", p.ID, list[i].ID)
			}
		}
		list = append(list, p)
	}
	for _, v := range decide.Verdicts() {
		fits := func(p decide.Pattern) bool { return p.Fits(v, 0) && p.None == 0 }
		if !slices.ContainsFunc(list, fits) {
			return nil, fmt.Errorf("patterns: %s has no pattern that fits whatever the facts", v)
		}
	}
	return list, nil
}

// covers reports whether p fits whenever q does.
func covers(p, q *decide.Pattern) bool {
	anyHolds := p.Any == 0 || p.Any&q.All != 0 || q.Any != 0 && q.Any&^p.Any == 0
	return p.Verdict == q.Verdict && p.All&^q.All == 0 && p.None&^q.None == 0 && anyHolds
}

// patternWhen is when a pattern fits, as YAML writes it.
type patternWhen struct {
	Verdict        string
	All, Any, None Words
}

func (w *patternWhen) set(p *decide.Pattern) (err error) {
	if p.Verdict, err = verdictOf(w.Verdict); err != nil {
		return err
	}
	if p.All, err = factsOf(w.All); err != nil {
		return err
	}
	if p.Any, err = factsOf(w.Any); err != nil {
		return err
	}
	if p.None, err = factsOf(w.None); err != nil {
		return err
	}
	if clash := p.None & (p.All | p.Any); clash != 0 {
		return fmt.Errorf("%s is both asked for and ruled out", strings.Join(clash.List(), ", "))
	}
	return nil
}

func factsOf(words []string) (decide.Facts, error) {
	var f decide.Facts
	for _, w := range words {
		fact, ok := decide.ParseFact(w)
		if !ok {
			return 0, fmt.Errorf("%q is not a fact", w)
		}
		f |= fact
	}
	return f, nil
}

func parseSources(src []byte) ([]advice.Source, error) {
	var file struct{ Sources []advice.Source }
	if err := decodeStrict(src, &file); err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	seen := ids{}
	for _, s := range file.Sources {
		if err := first(identified(s.ID, s.Title), seen.add(s.ID)); err != nil {
			return nil, fmt.Errorf("sources: %w", err)
		}
		if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
			return nil, fmt.Errorf("sources: %s: %q is not an https address", s.ID, s.URL)
		}
	}
	return file.Sources, nil
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
