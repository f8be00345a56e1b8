package knowledge

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/advice"
)

//go:embed framework.yaml
var frameworkYAML []byte

//go:embed table.yaml
var tableYAML []byte

// LoadFramework reads the embedded framework.
func LoadFramework() (*advice.Framework, error) {
	f, err := parseFramework(frameworkYAML)
	if err != nil {
		return nil, err
	}
	f.Table, err = LoadTable()
	return f, err
}

// LoadTable reads the embedded decision table alone.
func LoadTable() (*decide.Table, error) { return parseTable(tableYAML) }

func parseTable(src []byte) (*decide.Table, error) {
	var file struct{ Table []RowText }
	if err := decodeStrict(src, &file); err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	rows, err := rowsOf(file.Table)
	if err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	return decide.NewTable(rows)
}

// frameworkFile is the form of framework.yaml.
type frameworkFile struct {
	Version   int
	Questions []struct {
		ID, Ask, Rule, Test, Strength string
		Answers                       []struct{ Is, Means, Argues string }
		Examples, Sources             []string
	}
	Facts []struct {
		Key, Ask, Why string
		Yes           string `yaml:"yes"`
		No            string `yaml:"no"`
		Examples      []string
	}
	Tradeoffs map[string]struct{ Gains, Costs []string }
	Picks     map[string]advice.Pick
	Depends   []dependence
}

// A dependence is a decide.CostCondition as YAML writes it.
type dependence struct {
	Cost     string
	Unless   map[string]Words
	Patterns []string
	Instead  string
}

// A RowText is a row of a decision table as YAML writes it. A question left out
// of When is the dash.
type RowText struct {
	Row     string
	When    map[string]Words
	Verdict string
	Why     string
}

// Words are a list of words in YAML; one word may stand alone.
type Words []string

// UnmarshalYAML accepts one word or a list of words.
func (w *Words) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*w = Words{n.Value}
		return nil
	}
	return n.Decode((*[]string)(w))
}

func parseFramework(src []byte) (*advice.Framework, error) {
	var file frameworkFile
	if err := decodeStrict(src, &file); err != nil {
		return nil, fmt.Errorf("framework: %w", err)
	}
	f := &advice.Framework{}
	if err := setQuestions(f, &file); err != nil {
		return nil, fmt.Errorf("framework: %w", err)
	}
	if err := setFacts(f, &file); err != nil {
		return nil, fmt.Errorf("framework: %w", err)
	}
	for _, v := range decide.Verdicts() {
		t := file.Tradeoffs[v.String()]
		if len(t.Gains) == 0 || len(t.Costs) == 0 {
			return nil, fmt.Errorf("framework: the trade-offs of %s are incomplete", v)
		}
		f.Tradeoffs[v] = decide.Tradeoff{Gains: t.Gains, Costs: t.Costs}
		if f.Picks[v] = file.Picks[v.String()]; len(f.Picks[v].When) == 0 || len(f.Picks[v].Examples) == 0 {
			return nil, fmt.Errorf("framework: when to pick %s, and examples, are missing", v)
		}
	}
	for _, d := range file.Depends {
		c, err := d.condition(&f.Tradeoffs)
		if err != nil {
			return nil, fmt.Errorf("framework: %w", err)
		}
		f.Conditions = append(f.Conditions, c)
	}
	return f, nil
}

func (d *dependence) condition(all *[4]decide.Tradeoff) (decide.CostCondition, error) {
	c := decide.CostCondition{Cost: d.Cost, Patterns: d.Patterns, Instead: d.Instead}
	has := func(t decide.Tradeoff) bool { return slices.Contains(t.Costs, d.Cost) }
	if !slices.ContainsFunc(all[:], has) {
		return c, fmt.Errorf("no verdict has the cost %q", d.Cost)
	}
	if len(d.Unless) > 1 {
		return c, fmt.Errorf("the cost %q depends on more than one question", d.Cost)
	}
	for id, words := range d.Unless {
		q, ok := decide.ParseQuestion(id)
		if !ok {
			return c, fmt.Errorf("%q is not a question", id)
		}
		cell, err := cellOf(q, words)
		if err != nil {
			return c, err
		}
		c.Question, c.Unless = q, cell
	}
	return c, nil
}

func setQuestions(f *advice.Framework, file *frameworkFile) error {
	for _, t := range file.Questions {
		q, ok := decide.ParseQuestion(t.ID)
		if !ok {
			return fmt.Errorf("%q is not a question", t.ID)
		}
		text := advice.QuestionText{Ask: t.Ask, Rule: t.Rule, Test: t.Test, Strength: t.Strength, Examples: t.Examples, Sources: t.Sources}
		for _, a := range t.Answers {
			is, ok := decide.ParseAnswer(a.Is)
			if !ok || !q.Allows(is) || a.Means == "" || a.Argues == "" {
				return fmt.Errorf("%s: the answer %q is unknown or incomplete", q, a.Is)
			}
			text.Answers = append(text.Answers, advice.AnswerText{Is: is, Means: a.Means, Argues: a.Argues})
		}
		switch {
		case f.Questions[q].Ask != "":
			return fmt.Errorf("%s is defined twice", q)
		case t.Ask == "" || t.Rule == "" || t.Test == "" || t.Strength == "" || len(t.Examples) != 2:
			return fmt.Errorf("%s is incomplete: ask, rule, test, strength, and two examples are required", q)
		}
		f.Questions[q] = text
	}
	for _, q := range decide.Questions() {
		for _, a := range q.Choices() {
			if f.Questions[q].Of(a) == nil {
				return fmt.Errorf("%s: the answer %s is not explained", q, a)
			}
		}
	}
	return nil
}

// setFacts sets the questions for facts, which stand in their order.
func setFacts(f *advice.Framework, file *frameworkFile) error {
	if len(file.Facts) != advice.FactCount {
		return fmt.Errorf("there are %d facts, want %d", len(file.Facts), advice.FactCount)
	}
	for i, fact := range advice.AskedFacts() {
		t := &file.Facts[i]
		if t.Key != fact.Key() || t.Ask == "" || t.Why == "" || t.Yes == "" || t.No == "" || len(t.Examples) != 2 {
			return fmt.Errorf("the fact %q is incomplete or out of order", t.Key)
		}
		f.Facts[fact] = advice.FactText{Ask: t.Ask, Why: t.Why, Yes: t.Yes, No: t.No, Examples: t.Examples}
	}
	return nil
}

// rowsOf turns rows as written into rows of a table. It checks the words; that
// the rows make a table is for decide.NewTable to prove.
func rowsOf(texts []RowText) ([]decide.Row, error) {
	var rows []decide.Row
	for _, t := range texts {
		v, ok := decide.ParseVerdict(t.Verdict)
		if !ok || v == decide.Undecided {
			return nil, fmt.Errorf("row %q: %q is not a verdict (sync, async, hybrid)", t.Row, t.Verdict)
		}
		row := decide.Row{Name: t.Row, Verdict: v, Why: t.Why}
		for id, words := range t.When {
			q, ok := decide.ParseQuestion(id)
			if !ok {
				return nil, fmt.Errorf("row %q: %q is not a question", t.Row, id)
			}
			cell, err := cellOf(q, words)
			if err != nil {
				return nil, fmt.Errorf("row %q: %w", t.Row, err)
			}
			row.When[q] = cell
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// cellOf turns words into a cell; "-" is the dash.
func cellOf(q decide.Question, words []string) (decide.AnswerSet, error) {
	var cell decide.AnswerSet
	for _, w := range words {
		if w == "-" && len(words) == 1 {
			return 0, nil
		}
		a, ok := decide.ParseAnswer(w)
		if !ok || a == decide.Unknown || !q.Allows(a) {
			return 0, fmt.Errorf("%q does not answer %s", w, q)
		}
		cell |= decide.AnswersOf(a)
	}
	return cell, nil
}

// decodeStrict reads the one document of src into v and refuses keys that v
// does not have.
func decodeStrict(src []byte, v any) error {
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(v); err != nil {
		return err
	}
	if err := d.Decode(new(yaml.Node)); err != io.EOF {
		return fmt.Errorf("more than one document")
	}
	return nil
}
