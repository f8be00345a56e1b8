package decide

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
}

// Holds reports whether the obligation holds for a verdict reached from a.
func (o *Obligation) Holds(v Verdict, a Answers) bool {
	if !o.Verdicts.Has(v) {
		return false
	}
	for q, cell := range o.When {
		if !cell.Has(a[q]) {
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

// Knowledge is what a recommendation is made from.
type Knowledge struct {
	Table      *Table
	Safeguards []Safeguard
	Patterns   []Pattern              // in the order of choice
	Tradeoffs  [verdictCount]Tradeoff // indexed by Verdict
}

// A Recommendation is a verdict with its rationale.
type Recommendation struct {
	Explanation
	Safeguards []Due    // what the answers oblige one to add, in the order of the knowledge
	Pattern    *Pattern // how to build the verdict; nil when undecided
	Tradeoff   Tradeoff // what is gained and paid; zero when undecided
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
	r := Recommendation{Explanation: k.Table.Explain(a)}
	if !r.Decided() {
		return r
	}
	r.Tradeoff = k.Tradeoffs[r.Verdict]
	for i := range k.Safeguards {
		if by := k.Safeguards[i].obligedBy(r.Verdict, r.Answers); by != nil {
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
	return r
}

func (s *Safeguard) obligedBy(v Verdict, a Answers) []Question {
	var by []Question
	for _, q := range Questions() {
		for i := range s.Obliged {
			if o := &s.Obliged[i]; o.By == q && o.Holds(v, a) {
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
