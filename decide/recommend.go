package decide

import "slices"

// A Safeguard is something that a dissent or an answer obliges one to add. The
// texts are sentences; Sources are ids of the knowledge that holds them.
type Safeguard struct {
	ID, Name       string
	What, Why, How string
	Obliged        []Obligation // alternatives: the safeguard is due when one holds; none when optional
	Sources        []string
}

// An Obligation says when a question obliges one to add a safeguard.
type Obligation struct {
	By       Question
	Verdicts VerdictSet               // the verdicts for which it holds
	When     [QuestionCount]AnswerSet // indexed by Question; the zero cell is any answer, unknown included
	Unless   [QuestionCount]AnswerSet // indexed by Question; with one of these very answers it does not hold; zero for none
	All      Facts                    // without all of these facts it does not hold
	None     Facts                    // with any of these facts it does not hold
}

// Holds reports whether the obligation holds for a verdict reached from a, with facts f.
func (o *Obligation) Holds(v Verdict, a Answers, f Facts) bool {
	if !o.Verdicts.Has(v) || f&o.None != 0 || f&o.All != o.All {
		return false
	}
	for q, cell := range o.When {
		if !cell.Has(a[q]) || o.Unless[q]&(1<<a[q]) != 0 {
			return false
		}
	}
	return true
}

// A Pattern is a way to build a verdict: request-reply, a queue, a saga. Of a
// list of patterns the first that fits is taken.
type Pattern struct {
	ID, Name       string
	What, Why, How string
	Verdict        Verdict
	All, Any, None Facts // all of All, at least one of Any (when there is one) and none of None must be known
	Sources        []string
}

// Fits reports whether the pattern suits a verdict and facts.
func (p *Pattern) Fits(v Verdict, f Facts) bool {
	return p.Verdict == v && f&p.All == p.All && (p.Any == 0 || f&p.Any != 0) && f&p.None == 0
}

// A Tradeoff is what a verdict brings and what it costs, one short phrase each.
type Tradeoff struct {
	Gains, Costs []string
}

// A CostCondition says when a cost that a verdict has in general is not paid.
type CostCondition struct {
	Cost     string // as a Tradeoff has it
	Question Question
	Unless   AnswerSet // with one of these answers to Question it is left out; zero for none
	Patterns []string  // ids; with one of these patterns Instead is paid in its place
	Instead  string    // empty for nothing
}

// paid returns what stands in the place of the cost: the cost itself, something
// else, or nothing.
func (c *CostCondition) paid(a Answers, p *Pattern) string {
	switch {
	case !c.Unless.Any() && c.Unless.Has(a[c.Question]):
		return ""
	case p != nil && slices.Contains(c.Patterns, p.ID):
		return c.Instead
	}
	return c.Cost
}

// CostsOf returns what a verdict costs when it is reached from a and built with p,
// in the order of its trade-off.
func (k *Knowledge) CostsOf(v Verdict, a Answers, p *Pattern) []string {
	var costs []string
	for _, cost := range k.Tradeoffs[v].Costs {
		for i := range k.Conditions {
			if c := &k.Conditions[i]; c.Cost == cost {
				cost = c.paid(a, p)
				break
			}
		}
		if cost != "" {
			costs = append(costs, cost)
		}
	}
	return costs
}

// AnswerFacts returns the facts on which verdicts and safeguards depend besides
// answers.
func (k *Knowledge) AnswerFacts() Facts {
	f := JudgeFacts
	for i := range k.Safeguards {
		for _, o := range k.Safeguards[i].Obliged {
			f |= o.All | o.None
		}
	}
	return f
}

// Knowledge is what a recommendation is made from.
type Knowledge struct {
	Table      *Table
	Safeguards []Safeguard
	Patterns   []Pattern              // in the order of choice
	Tradeoffs  [verdictCount]Tradeoff // indexed by Verdict; in general
	Conditions []CostCondition        // when a cost of Tradeoffs is not paid; at most one for each
}

// A Recommendation is a verdict with its rationale.
type Recommendation struct {
	Explanation
	Safeguards []Due    // what the answers oblige one to add, in the order of the knowledge
	Pattern    *Pattern // how to build the verdict; nil when undecided
	Tradeoff   Tradeoff // what is gained, and the costs that the answers and the pattern leave; zero when undecided
}

// Due is a safeguard that is obliged, with the questions that oblige it.
type Due struct {
	*Safeguard
	By []Question // in order, at least one
}

// Recommend decides a and gathers everything that follows: reasons, safeguards,
// pattern and trade-offs. An undecided recommendation has none of these but
// names the verdicts that are possible and the question to answer first.
func (k *Knowledge) Recommend(a Answers, f Facts) Recommendation {
	r := Recommendation{Explanation: k.Table.Explain(a, f)}
	if !r.Decided() {
		return r
	}
	for i := range k.Safeguards {
		if by := k.Safeguards[i].obligedBy(r.Verdict, r.Answers, f); by != nil {
			r.Safeguards = append(r.Safeguards, Due{&k.Safeguards[i], by})
		}
	}
	f = f.implied(r.Answers)
	for i := range k.Patterns {
		if k.Patterns[i].Fits(r.Verdict, f) {
			r.Pattern = &k.Patterns[i]
			break
		}
	}
	r.Tradeoff = Tradeoff{k.Tradeoffs[r.Verdict].Gains, k.CostsOf(r.Verdict, r.Answers, r.Pattern)}
	return r
}

func (s *Safeguard) obligedBy(v Verdict, a Answers, f Facts) []Question {
	var by []Question
	for _, q := range Questions() {
		for i := range s.Obliged {
			if o := &s.Obliged[i]; o.By == q && o.Holds(v, a, f) {
				by = append(by, q)
				break
			}
		}
	}
	return by
}

// SafeguardsBy returns the safeguards that question q obliges, in the order of
// the knowledge.
func (r *Recommendation) SafeguardsBy(q Question) []*Safeguard {
	var list []*Safeguard
	for _, d := range r.Safeguards {
		for _, by := range d.By {
			if by == q {
				list = append(list, d.Safeguard)
			}
		}
	}
	return list
}
