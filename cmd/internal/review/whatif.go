package review

import (
	"cmp"
	"slices"
	"strings"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// A rationale is what is said of one recommendation. The page's script says the
// same from the data for other answers.
type rationale struct {
	Verdict, Agreement string
	Because            []because
	Exception          string // why facts change what the rows say
	Between            string // the verdicts that are possible; empty when decided
	First, Ask, Test   string // the question to answer first
	Differs            string // the declared mode, when the answers do not give it
	Answers            []answer
	Safeguards         []group
	Gains, Costs       string
	Pattern, What      string
	Built              string
	Becomes            []string
}

type because struct{ Why, Row string }

type answer struct {
	Question, Ask, Given, Argument, Role string
	Measured                             string // what bears on it, in words; empty when nothing was measured
	Q                                    int
}

// A group is what one reason obliges one to add.
type group struct {
	Because string
	Names   []safeguard
}

type safeguard struct{ ID, Name string }

// A whatIf knows what the page says of every combination of answers.
type whatIf struct {
	review   *Review
	names    map[string]string // of safeguards, by id
	index    map[string]int    // of safeguards, by id
	policies map[policy]int
	tables   []tableData
	stacks   map[*advice.Stack]int
	builds   []stackData
}

// A policy is what decides on an operation.
type policy struct {
	table  *decide.Table
	limits decide.LatencyLimits
	facts  decide.Facts // of those that verdicts and safeguards depend on
}

func newWhatIf(r *Review) *whatIf {
	w := &whatIf{review: r, names: map[string]string{}, index: map[string]int{}, policies: map[policy]int{}, stacks: map[*advice.Stack]int{}}
	for i, s := range r.Adviser.Knowledge.Safeguards {
		w.names[s.ID], w.index[s.ID] = s.Name, i
	}
	return w
}

func (w *whatIf) rationale(a *advice.Advice) rationale {
	x := rationale{Verdict: a.Verdict.String(), Agreement: a.Agreement().String()}
	for _, q := range decide.Questions() {
		x.Answers = append(x.Answers, answer{
			q.String(), w.review.Adviser.Framework.Questions[q].Ask, given(a, q), advice.Argument(a, q), advice.RoleWords(a.Role(q)), a.Evidence(q), int(q),
		})
	}
	if a.Differs() {
		x.Differs = a.Declared.String()
	}
	if !a.Decided() {
		ask := w.review.Adviser.Framework.Questions[a.Next]
		x.Between, x.First, x.Ask, x.Test = advice.Between(a), a.Next.String(), ask.Ask, ask.Test
		return x
	}
	for _, r := range a.Rows {
		x.Because = append(x.Because, because{r.Why, r.Name})
	}
	x.Exception = advice.ExceptionText(a)
	for _, g := range advice.Safeguarded(a) {
		out := group{Because: g.Because}
		for _, id := range g.IDs {
			out.Names = append(out.Names, safeguard{id, w.names[id]})
		}
		x.Safeguards = append(x.Safeguards, out)
	}
	x.Gains, x.Costs = strings.Join(a.Tradeoff.Gains, "; "), strings.Join(a.Tradeoff.Costs, "; ")
	if a.Pattern != nil {
		x.Pattern, x.What = a.Pattern.Name, a.Pattern.What
	}
	x.Built = advice.Built(a)
	x.Becomes = advice.WhatIf(a)
	return x
}

// given writes an answer; the duration that stood for it follows.
func given(a *advice.Advice, q decide.Question) string {
	text := a.Answers[q].String()
	if shown := ShownLatency(a); q == decide.Latency && shown != "" {
		text += ", " + shown
	}
	return text
}

// The data of the page's script. Answers are positions in the options of their
// question, of which the first is unknown.
type (
	pageData struct {
		Options    [decide.QuestionCount][]string `json:"options"`
		Labels     []string                       `json:"labels"` // of the options of latency
		Questions  []questionData                 `json:"questions"`
		Arguments  [decide.QuestionCount][]string `json:"arguments"` // by question and option
		Roles      []string                       `json:"roles"`     // in words
		Verdicts   []string                       `json:"verdicts"`
		Agreements []string                       `json:"agreements"`
		Safeguards []safeguardData                `json:"safeguards"`
		Tradeoffs  []tradeoffData                 `json:"tradeoffs"` // by verdict
		Conditions []conditionData                `json:"conditions"`
		Patterns   []patternData                  `json:"patterns"`
		Implied    impliedData                    `json:"implied"`
		Stacks     []stackData                    `json:"stacks"`
		Tables     []tableData                    `json:"tables"`
		Operations []operationData                `json:"operations"`
		Journeys   []journeyData                  `json:"journeys"`
		Unlisted   [][3]any                       `json:"unlisted"` // findings that the page doesn't list: code, operation, and journey, or -1
		Graph      graphData                      `json:"graph"`
	}
	questionData struct {
		ID   string `json:"id"`
		Ask  string `json:"ask"`
		Test string `json:"test"`
	}
	safeguardData struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	patternData struct {
		Name    string `json:"name"`
		What    string `json:"what"`
		Verdict int    `json:"verdict"`
		All     uint32 `json:"all"`
		Any     uint32 `json:"any"`
		None    uint32 `json:"none"`
	}
	tradeoffData struct {
		Gains []string `json:"gains"`
		Costs []string `json:"costs"`
	}
	// conditionData says when a cost is not paid.
	conditionData struct {
		Cost     string   `json:"cost"`
		Question int      `json:"q"`
		Unless   []string `json:"unless"`   // answers with which it is left out
		Patterns []int    `json:"patterns"` // patterns with which Instead is paid
		Instead  string   `json:"instead"`
	}
	// impliedData names the facts that follow from answers.
	impliedData struct {
		Coupled   uint32 `json:"coupled"`
		Slow      uint32 `json:"slow"`
		Retryable uint32 `json:"retryable"`
		Brokered  uint32 `json:"brokered"`
		NoBroker  uint32 `json:"noBroker"`
	}
	// stackData says by pattern how a stack builds it.
	stackData []string
	// tableData is the decision on every combination of answers, the last
	// question the fastest to change.
	tableData struct {
		Latency []string    `json:"latency"` // what the answers to latency mean
		Rows    [][2]string `json:"rows"`    // name and reason
		Cells   []cellData  `json:"cells"`
	}
	cellData struct {
		Verdict    int      `json:"v"`
		Possible   int      `json:"p"` // a bit for each verdict
		Agreement  int      `json:"a"`
		Roles      string   `json:"o"`           // a letter for each question, counted from a
		Rows       []int    `json:"r,omitempty"` // none when undecided
		Exception  string   `json:"x,omitempty"`
		Safeguards []any    `json:"s,omitempty"` // reason, positions, reason, positions
		Becomes    []string `json:"f,omitempty"`
		Between    string   `json:"b,omitempty"` // when undecided
		Next       int      `json:"n"`
	}
	operationData struct {
		Table    int    `json:"t"`
		Answers  string `json:"a"` // a digit for each question
		Facts    uint32 `json:"f,omitempty"`
		Stack    int    `json:"s"` // -1 without one
		Declared int    `json:"d,omitempty"`
		Latency  string `json:"l,omitempty"` // the duration that stood for the answer
		Caller   int    `json:"c"`           // a service
		Callee   int    `json:"e"`           // a service, or -1
		Over     bool   `json:"over,omitempty"`
	}
	// graphData names the services and groups of the graph, and its operations.
	graphData struct {
		By       string   `json:"by"`
		Groups   []string `json:"groups"`
		Services [][3]any `json:"services"` // name, group, and 1 when no manifest declares it
		Names    []string `json:"names"`    // of operations
	}
)

// options are the answers that a question can be given, unknown first.
func options(q decide.Question) []decide.Answer {
	return append([]decide.Answer{decide.Unknown}, q.Choices()...)
}

func (w *whatIf) data(list []*advice.Advice, groups *grouping, unlisted []remark) *pageData {
	k := w.review.Adviser.Knowledge
	d := &pageData{
		Implied: impliedData{uint32(decide.Coupled), uint32(decide.Slow), uint32(decide.Retryable), uint32(decide.Brokered), uint32(decide.NoBroker)},
		Stacks:  []stackData{}, Operations: []operationData{}, Conditions: []conditionData{}, Tables: []tableData{}, Unlisted: [][3]any{},
	}
	for _, m := range unlisted {
		d.Unlisted = append(d.Unlisted, [3]any{m.Code, m.Operation, m.Journey})
	}
	for _, q := range decide.Questions() {
		text := w.review.Adviser.Framework.Questions[q]
		d.Questions = append(d.Questions, questionData{q.String(), text.Ask, text.Test})
		for _, x := range options(q) {
			d.Options[q] = append(d.Options[q], x.String())
			op := advice.Operation{}
			op.Answers[q] = x
			d.Arguments[q] = append(d.Arguments[q], advice.Argument(&advice.Advice{Operation: &op}, q))
		}
	}
	for r := advice.Abstains; r <= advice.Waits; r++ {
		d.Roles = append(d.Roles, advice.RoleWords(r))
	}
	for v := decide.Undecided; v <= decide.Hybrid; v++ {
		d.Verdicts = append(d.Verdicts, v.String())
		t := k.Tradeoffs[v]
		d.Tradeoffs = append(d.Tradeoffs, tradeoffData{append([]string{}, t.Gains...), append([]string{}, t.Costs...)})
	}
	for g := decide.NoVerdict; g <= decide.Clear; g++ {
		d.Agreements = append(d.Agreements, g.String())
	}
	for _, s := range k.Safeguards {
		d.Safeguards = append(d.Safeguards, safeguardData{s.ID, s.Name})
	}
	for _, p := range k.Patterns {
		d.Patterns = append(d.Patterns, patternData{p.Name, p.What, int(p.Verdict), uint32(p.All), uint32(p.Any), uint32(p.None)})
	}
	for i := range k.Conditions {
		d.Conditions = append(d.Conditions, condition(k, &k.Conditions[i]))
	}
	over := w.review.Graph.OverBudget(w.review.Graph.Picked.Journeys)
	for i, a := range list {
		x := w.operation(a)
		o := w.review.Graph.Operation(graph.OperationID(i))
		x.Caller, x.Callee, x.Over = int(o.Caller), int(o.Callee), over[graph.OperationID(i)]
		d.Operations = append(d.Operations, x)
		d.Graph.Names = append(d.Graph.Names, a.Name)
	}
	d.Journeys = w.review.journeyData()
	w.graph(&d.Graph, groups)
	d.Tables = append(d.Tables, w.tables...)
	d.Stacks = append(d.Stacks, w.builds...)
	return d
}

// graph names what the page's graph can focus.
func (w *whatIf) graph(d *graphData, groups *grouping) {
	d.By, d.Groups, d.Services = groups.By, append([]string{}, groups.Names...), [][3]any{}
	if d.Names == nil {
		d.Names = []string{}
	}
	for i := range w.review.Graph.Services() {
		s := &w.review.Graph.Services()[i]
		group, outside := -1, 0
		if groups.Of != nil {
			group = groups.Of[i]
		}
		if len(s.Documents) == 0 {
			outside = 1
		}
		d.Services = append(d.Services, [3]any{cmp.Or(s.Name, noService), group, outside})
	}
}

func condition(k *decide.Knowledge, c *decide.CostCondition) conditionData {
	d := conditionData{Cost: c.Cost, Question: int(c.Question), Unless: []string{}, Patterns: []int{}, Instead: c.Instead}
	for _, x := range options(c.Question) {
		if !c.Unless.Any() && c.Unless.Has(x) {
			d.Unless = append(d.Unless, x.String())
		}
	}
	for i, p := range k.Patterns {
		if slices.Contains(c.Patterns, p.ID) {
			d.Patterns = append(d.Patterns, i)
		}
	}
	return d
}

func (w *whatIf) operation(a *advice.Advice) operationData {
	d := operationData{Table: w.table(a), Facts: uint32(a.Facts), Stack: w.stack(a), Declared: int(a.Declared), Latency: ShownLatency(a)}
	for _, q := range decide.Questions() {
		for i, x := range options(q) {
			if a.Answers[q] == x {
				d.Answers += string(rune('0' + i))
			}
		}
	}
	return d
}

// stack returns the position of the stack that builds the operation.
func (w *whatIf) stack(a *advice.Advice) int {
	s := w.review.Adviser.StackOf(a.Operation)
	if s == nil {
		return -1
	}
	i, ok := w.stacks[s]
	if !ok {
		i = len(w.builds)
		w.stacks[s] = i
		var d stackData
		for _, p := range w.review.Adviser.Knowledge.Patterns {
			d = append(d, advice.Built(&advice.Advice{Build: &advice.Build{Stack: s, Component: s.Components[p.ID]}}))
		}
		w.builds = append(w.builds, d)
	}
	return i
}

// table returns the position of the table that decides on an operation, under
// its limits.
func (w *whatIf) table(a *advice.Advice) int {
	by := policy{a.Table, a.Limits, a.Facts & w.review.Adviser.Knowledge.AnswerFacts()}
	i, ok := w.policies[by]
	if !ok {
		i = len(w.tables)
		w.policies[by] = i
		w.tables = append(w.tables, w.decide(by))
	}
	return i
}

// decide decides on every combination of answers.
func (w *whatIf) decide(by policy) tableData {
	d := tableData{Latency: []string{"", "up to " + manifest.FormatDuration(by.limits.Threshold), "over " + manifest.FormatDuration(by.limits.Threshold), "over " + manifest.FormatDuration(by.limits.Wait)}}
	at := map[string]int{}
	for i, r := range by.table.Rows() {
		at[r.Name] = i
		d.Rows = append(d.Rows, [2]string{r.Name, r.Why})
	}
	op := advice.Operation{Table: by.table, Limits: &by.limits, Facts: by.facts}
	for _, i := range options(decide.Immediacy) {
		for _, r := range options(decide.Retryability) {
			for _, l := range options(decide.Latency) {
				for _, c := range options(decide.Coupling) {
					op.Answers = decide.Answers{i, r, l, c}
					a := w.review.Adviser.Advise(&op)
					d.Cells = append(d.Cells, w.cell(&a, at))
				}
			}
		}
	}
	return d
}

func (w *whatIf) cell(a *advice.Advice, rows map[string]int) cellData {
	c := cellData{Verdict: int(a.Verdict), Possible: int(a.Possible), Agreement: int(a.Agreement()), Next: int(a.Next)}
	for _, q := range decide.Questions() {
		c.Roles += string(rune('a' + a.Role(q)))
	}
	if !a.Decided() {
		c.Between = advice.Between(a)
		return c
	}
	for _, r := range a.Rows {
		c.Rows = append(c.Rows, rows[r.Name])
	}
	c.Exception = advice.ExceptionText(a)
	for _, g := range advice.Safeguarded(a) {
		var at []int
		for _, id := range g.IDs {
			at = append(at, w.index[id])
		}
		c.Safeguards = append(c.Safeguards, g.Because, at)
	}
	c.Becomes = advice.WhatIf(a)
	return c
}
