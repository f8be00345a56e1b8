package decide

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// A Row is one rule of the decision table: it is hit when every cell of When
// has the answer given, and then its verdict stands.
type Row struct {
	Name    string                   // stable, unique in its table
	When    [QuestionCount]AnswerSet // indexed by Question; the zero cell is the dash
	Verdict Verdict                  // sync, async or hybrid
	Why     string                   // one sentence: why the verdict follows
}

// Hits reports whether complete answers hit the row.
func (r *Row) Hits(a Answers) bool {
	for q, cell := range r.When {
		if !cell.Has(a[q]) {
			return false
		}
	}
	return true
}

// A Table is a decision table with the hit policy unique: every combination of
// answers hits exactly one row. It is immutable and safe for concurrent use.
type Table struct {
	rows      []Row
	decisions [combinations]Decision
}

// combinations counts all codes of four answers, allowed or not.
const combinations = tableAnswers * tableAnswers * tableAnswers * tableAnswers

// A Decision is what a table says of some answers.
type Decision struct {
	Verdict   Verdict    // Undecided when completions of unknown answers disagree
	Possible  VerdictSet // the verdicts that some completion reaches; of Judge also those that are as right
	Next      Question   // when undecided: the question to answer first
	Exception Exception  // why facts change what the rows say; only Judge sets it
	rows      uint64     // the rows that some completion hits, by position
}

// Decided reports whether one verdict stands whatever the unknown answers are.
func (d Decision) Decided() bool { return d.Verdict != Undecided }

// A TableError says why rows do not make a table. Each list is in a fixed
// order.
type TableError struct {
	Faults   []string // empty or repeated names, missing verdicts, answers a question does not allow
	Gaps     []Answers
	Overlaps []Overlap
}

// An Overlap is a combination of answers that hits several rows.
type Overlap struct {
	Answers Answers
	Rows    []string
}

// Error names the faults, then up to three gaps and three overlaps in full.
func (e *TableError) Error() string {
	const shown = 3
	parts := append([]string(nil), e.Faults...)
	for i, a := range e.Gaps {
		if i == shown {
			parts = append(parts, fmt.Sprintf("and %d more combinations match no row", len(e.Gaps)-shown))
			break
		}
		parts = append(parts, fmt.Sprintf("no row matches %s", a))
	}
	for i, o := range e.Overlaps {
		if i == shown {
			parts = append(parts, fmt.Sprintf("and %d more combinations match several rows", len(e.Overlaps)-shown))
			break
		}
		parts = append(parts, fmt.Sprintf("rows %s all match %s", strings.Join(o.Rows, ", "), o.Answers))
	}
	return "decision table: " + strings.Join(parts, "; ")
}

// NewTable proves that rows have the hit policy unique and returns the table.
// Otherwise it returns a *TableError that names each combination at fault.
func NewTable(rows []Row) (*Table, error) {
	t := &Table{rows: append([]Row(nil), rows...)}
	fault := &TableError{Faults: rowFaults(t.rows)}
	var hit [combinations]uint8
	Answers{}.Complete(func(a Answers) bool {
		var names []string
		for i := range t.rows {
			if t.rows[i].Hits(a) {
				names = append(names, t.rows[i].Name)
				hit[code(a)] = uint8(i)
			}
		}
		switch {
		case len(names) == 0:
			fault.Gaps = append(fault.Gaps, a)
		case len(names) > 1:
			fault.Overlaps = append(fault.Overlaps, Overlap{a, names})
		}
		return true
	})
	if len(fault.Faults)+len(fault.Gaps)+len(fault.Overlaps) > 0 {
		return nil, fault
	}
	t.compile(&hit)
	return t, nil
}

func rowFaults(rows []Row) []string {
	var faults []string
	seen := map[string]bool{}
	for i, r := range rows {
		switch {
		case r.Name == "":
			faults = append(faults, fmt.Sprintf("row %d has no name", i+1))
		case seen[r.Name]:
			faults = append(faults, fmt.Sprintf("row %q is defined twice", r.Name))
		}
		seen[r.Name] = true
		if SetOf(r.Verdict)&SetOf(Sync, Async, Hybrid) == 0 {
			faults = append(faults, fmt.Sprintf("row %q has no verdict (sync, async, or hybrid)", r.Name))
		}
		for _, q := range Questions() {
			for a := Unknown; a < answerCount; a++ {
				switch cell := r.When[q]; {
				case cell&(1<<a) == 0:
				case a != a.Plain() && q.Allows(a):
					faults = append(faults, fmt.Sprintf("row %q: %s counts as %s, so write %[3]s", r.Name, a, a.Plain()))
				case a == Unknown || !q.Allows(a):
					faults = append(faults, fmt.Sprintf("row %q: %s can't be answered with %s", r.Name, q, a))
				}
			}
		}
	}
	return faults
}

// code is the position of answers in a table of all combinations.
func code(a Answers) int {
	i := 0
	for _, x := range a {
		if x = x.Plain(); int(x) >= tableAnswers {
			x = Unknown
		}
		i = i*tableAnswers + int(x)
	}
	return i
}

// compile fills the decision of every combination, unknown answers included.
func (t *Table) compile(hit *[combinations]uint8) {
	for i := range t.decisions {
		a := decode(i)
		if code(a) != i {
			continue // an answer that its question does not allow: copied below
		}
		d := &t.decisions[i]
		a.Complete(func(c Answers) bool {
			row := hit[code(c)]
			d.rows |= 1 << row
			d.Possible |= SetOf(t.rows[row].Verdict)
			return true
		})
		d.Verdict = d.Possible.Only()
	}
	var entropy [combinations]float64 // of canonical codes
	for i := range t.decisions {
		if a := decode(i); code(a) == i && !t.decisions[i].Decided() {
			entropy[i] = t.entropy(a)
		}
	}
	for i := range t.decisions {
		switch a := decode(i); {
		case code(a) != i:
			t.decisions[i] = t.decisions[code(a)]
		case !t.decisions[i].Decided():
			t.decisions[i].Next = mostTelling(a, &entropy)
		}
	}
}

// decode is the inverse of code; an answer that its question does not allow
// becomes unknown. The result's code is never greater than i.
func decode(i int) Answers {
	var a Answers
	for q := QuestionCount - 1; q >= 0; q-- {
		if x := Answer(i % tableAnswers); Question(q).Allows(x) {
			a[q] = x
		}
		i /= tableAnswers
	}
	return a
}

// mostTelling returns the unknown question whose answer is expected to leave
// the least uncertainty about the verdict: the lowest mean entropy, all answers
// to it and all completions taken as equally likely. The framework's order
// breaks ties.
func mostTelling(a Answers, entropy *[combinations]float64) Question {
	best, least := Immediacy, math.Inf(1)
	for _, q := range Questions() {
		if a[q] != Unknown {
			continue
		}
		mean := 0.0
		for _, x := range q.Answers() {
			mean += entropy[code(a.With(q, x))] / float64(len(q.Answers()))
		}
		if mean < least-1e-9 {
			best, least = q, mean
		}
	}
	return best
}

// entropy returns the uncertainty in bits about the verdict over all
// completions of a.
func (t *Table) entropy(a Answers) float64 {
	var count [verdictCount]float64
	total := 0.0
	a.Complete(func(c Answers) bool {
		count[t.decisions[code(c)].Verdict]++
		total++
		return true
	})
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			bits -= n / total * math.Log2(n/total)
		}
	}
	return bits
}

// Decide returns what the table says of a. It does not allocate.
func (t *Table) Decide(a Answers) Decision { return t.decisions[code(a)] }

// Same reports whether both tables say the same of every combination of
// answers. Names and wording do not count.
func (t *Table) Same(other *Table) bool {
	for i := range t.decisions {
		a, b := t.decisions[i], other.decisions[i]
		if a.Verdict != b.Verdict || a.Possible != b.Possible {
			return false
		}
	}
	return true
}

// Rows returns the rows in the order in which they were given. The caller must
// not change them.
func (t *Table) Rows() []Row { return t.rows }

// RowsOf returns the rows that decide d: one for complete answers, several when
// unknown answers leave several, in table order.
func (t *Table) RowsOf(d Decision) []*Row {
	list := make([]*Row, 0, bits.OnesCount64(d.rows))
	for i := range t.rows {
		if d.rows&(1<<i) != 0 {
			list = append(list, &t.rows[i])
		}
	}
	return list
}

// Row returns the row with the given name, or nil.
func (t *Table) Row(name string) *Row {
	for i := range t.rows {
		if t.rows[i].Name == name {
			return &t.rows[i]
		}
	}
	return nil
}
