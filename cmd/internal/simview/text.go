package simview

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/simulate"
)

// writeText writes a page for people: what happens, what users and the system go
// through, how that goes over time, and what was assumed.
func writeText(w *markup.Writer, p *Page, l Layout) {
	t := &texter{Writer: w, Page: p, Layout: l}
	t.intro()
	t.changes()
	t.users()
	t.system()
	t.charts()
	t.measured()
	t.assumed()
}

// A texter writes one page.
type texter struct {
	*markup.Writer
	*Page
	Layout
}

func (t *texter) plain(s string) string {
	if t.ASCII {
		return strings.NewReplacer("±", "+-", "→", "->", "…", "...").Replace(s)
	}
	return s
}

func (t *texter) line(style term.Style, indent, words string) {
	for _, l := range term.Wrap(t.plain(term.Safe(words)), t.Width-len(indent)) {
		t.WriteString(indent + t.Paint(style, l) + "\n")
	}
}

func (t *texter) head(title string) {
	t.WriteString("\n" + t.Paint(term.Bold, title) + "\n")
}

func (t *texter) intro() {
	t.line(term.Bold, "", t.Journey+": "+Event(&t.Scenario))
	rate := text.Number(t.Rate) + " requests a second"
	if v := t.Variants[0].Prepared; v.RateOf != simulate.None && len(v.Steps) > 1 {
		if v.RateWasRead(v.RateOf) {
			rate += " (as measured of " + short(v.Steps[v.RateOf].Name) + ")"
		} else {
			rate += " (traffic.mean of " + short(v.Steps[v.RateOf].Name) + ")"
		}
	}
	words := fmt.Sprintf("%s, watched for %s, %s, seed %d",
		rate, text.Duration(t.Scenario.Measured()), text.Count(t.Runs, "run"), t.Seed)
	if t.Asked > t.Runs {
		words += fmt.Sprintf(" (%d would take too long; --runs %d insists)", t.Asked, t.Asked)
	}
	t.line(term.Faint, "", words)
	if lost := t.Variants[0].Lost; lost > 0 {
		t.line(term.Yellow, "", fmt.Sprintf("left out: %s of no operation in the manifests read", text.Count(lost, "step")))
	}
	for _, v := range t.Same {
		t.line(term.Faint, "", fmt.Sprintf("%s is the same as %s: no changes", v, t.Variants[0].Variant))
	}
}

// mostChanges is how many changes of a variant the text shows.
const mostChanges = 20

// changes says what each variant does otherwise than the manifests.
func (t *texter) changes() {
	for _, v := range t.Variants {
		if v.Variant == simulate.Declared {
			continue
		}
		t.head(text.Capitalize(v.Variant.String()) + " means")
		if len(v.Changes) == 0 {
			t.line(term.Plain, "  ", "nothing else than declared")
		}
		for i := range v.Changes[:min(len(v.Changes), mostChanges)] {
			t.line(term.Plain, "  ", changeText(v.Prepared, &v.Changes[i]))
		}
		if n := len(v.Changes) - mostChanges; n > 0 {
			t.line(term.Faint, "  ", fmt.Sprintf("and %d more: --format json has all", n))
		}
	}
}

// changeText says what a variant changes of a step.
func changeText(p *simulate.Prepared, c *simulate.Change) string {
	var parts []string
	if c.To != decide.Undecided {
		parts = append(parts, c.To.String())
	}
	if len(c.With) > 0 {
		parts = append(parts, "with "+text.List(slices.Clone(c.With), "and"))
	}
	return p.Steps[c.Step].Name + ": " + strings.Join(parts, ", ")
}

// labelWidth is how wide the labels of a table are, and narrowest how wide a column is at
// least; where both don't fit, the numbers stand below their labels.
const labelWidth, narrowest = 38, 20

func (t *texter) stacked() bool { return t.Width < labelWidth+narrowest*len(t.Variants) }

// columns writes the heads of a table.
func (t *texter) columns(title string) {
	names := t.cells(func(v *Variant) string { return v.Variant.String() })
	t.WriteByte('\n')
	if t.stacked() {
		t.WriteString(t.Paint(term.Bold, title) + "\n")
		t.WriteString(t.Paint(term.Faint, "    "+t.join(names)) + "\n")
		return
	}
	t.WriteString(t.Paint(term.Bold, title) + strings.Repeat(" ", max(0, labelWidth-term.Cells(title))) + t.Paint(term.Faint, t.join(names)) + "\n")
}

func (t *texter) column() int {
	if t.stacked() {
		return (t.Width - 4) / len(t.Variants)
	}
	return (t.Width - labelWidth) / len(t.Variants)
}

// join puts cells beside each other.
func (t *texter) join(cells []string) string {
	row := ""
	for i, c := range cells {
		c = t.plain(c)
		if term.Cells(c) >= t.column() {
			c = t.plain(term.Cut(c, t.column()-1))
		}
		if i+1 < len(cells) {
			c = term.Pad(c, t.column())
		}
		row += c
	}
	return strings.TrimRight(row, " ")
}

// row writes a number of each variant.
func (t *texter) row(label string, cells []string) {
	label = "  " + t.plain(term.Cut(term.Safe(label), labelWidth-4))
	if t.stacked() {
		t.WriteString(label + "\n" + strings.TrimRight("    "+t.join(cells), " ") + "\n")
		return
	}
	t.WriteString(strings.TrimRight(term.Pad(label, labelWidth)+t.join(cells), " ") + "\n")
}

func (t *texter) cells(of func(*Variant) string) []string {
	cells := make([]string, len(t.Variants))
	for i := range t.Variants {
		cells[i] = of(&t.Variants[i])
	}
	return cells
}

// phases are the parts of a run and what they are called.
func (t *texter) phases() []simulate.Phase {
	return []simulate.Phase{simulate.Before, simulate.During, simulate.After}
}

func (t *texter) phaseName(p simulate.Phase) string {
	return fmt.Sprintf("%s the %s", p, eventName(t.Scenario.Kind))
}

// phased writes a row for each phase, or one when nothing happens.
func (t *texter) phased(of func(*simulate.PhaseSummary) string) {
	if t.Scenario.Kind == simulate.Normal {
		t.row("all the time", t.cells(func(v *Variant) string { return of(&v.Whole) }))
		return
	}
	for _, p := range t.phases() {
		t.row(t.phaseName(p), t.cells(func(v *Variant) string { return of(&v.Phases[p]) }))
	}
}

func (t *texter) users() {
	t.columns("Requests that succeed")
	t.phased(func(p *simulate.PhaseSummary) string { return share(p.Success) })
	t.columns("Time to the answer, p50 / p99")
	t.phased(func(p *simulate.PhaseSummary) string { return both(p.FeltMedian, p.FeltTail) })
	if !t.detached() {
		return
	}
	t.columns("Time until all is done, p50 / p99")
	t.phased(func(p *simulate.PhaseSummary) string {
		if !p.OutcomeTail.Known {
			return missing(p.OutcomeTail)
		}
		return both(p.OutcomeMedian, p.OutcomeTail)
	})
	t.counted("work given up after the answer", func(v *Variant) simulate.Estimate { return v.Whole.Never })
	t.counted("work not done when the run ends", func(v *Variant) simulate.Estimate { return v.Whole.Pending })
}

// both writes a median and a p99. The interval of the p99 stands for both.
func both(median, tail simulate.Estimate) string {
	median.Sure = false
	return seconds(median) + " / " + seconds(tail)
}

// missing says why a number isn't known.
func missing(e simulate.Estimate) string {
	if e.Nowhere {
		return "none"
	}
	return "none in some runs"
}

// detached reports whether a variant hands work over.
func (t *texter) detached() bool {
	return slices.ContainsFunc(t.Variants, func(v Variant) bool {
		return slices.ContainsFunc(v.Prepared.Steps, func(s simulate.Step) bool { return s.Detached })
	})
}

// counted writes a count of each variant, unless it is 0 in all.
func (t *texter) counted(label string, of func(*Variant) simulate.Estimate) {
	if !slices.ContainsFunc(t.Variants, func(v Variant) bool { e := of(&v); return e.Mean > 0 || !e.Known }) {
		return
	}
	t.row(label, t.cells(func(v *Variant) string { return number(of(v)) }))
}

// sum adds a number of all steps; its interval is as if they were independent.
func sum(v *Variant, of func(*simulate.StepSummary) simulate.Estimate, where func(*simulate.Step) bool) simulate.Estimate {
	e := simulate.Estimate{Known: true}
	for i := range v.Summary.Steps {
		if where == nil || where(&v.Prepared.Steps[i]) {
			e = e.Plus(of(&v.Summary.Steps[i]))
		}
	}
	return e
}

func (t *texter) system() {
	t.columns("The system")
	t.row("requests open, most at a time", t.cells(func(v *Variant) string { return number(v.Summary.MostOpen) }))
	t.named("most calls held open", func(v *Variant) (simulate.Estimate, string) { return worst(v, true) }, number)
	label := "most attempts for a call"
	if t.Scenario.Kind.OnCallee() {
		label = "attempts for a call of " + t.Scenario.Callee
	}
	t.named(label, func(v *Variant) (simulate.Estimate, string) { return amplified(v, &t.Scenario) }, number)
	t.counted("answers that nobody waited for", func(v *Variant) simulate.Estimate {
		return sum(v, func(s *simulate.StepSummary) simulate.Estimate { return s.Wasted }, nil)
	})
	t.counted("calls stopped by a breaker", func(v *Variant) simulate.Estimate {
		return sum(v, func(s *simulate.StepSummary) simulate.Estimate { return s.Broken }, nil)
	})
	t.counted("calls refused by a full pool", func(v *Variant) simulate.Estimate {
		return sum(v, func(s *simulate.StepSummary) simulate.Estimate { return s.Refused }, nil)
	})
	t.counted("calls shed by a callee", func(v *Variant) simulate.Estimate {
		return sum(v, func(s *simulate.StepSummary) simulate.Estimate { return s.Shed }, nil)
	})
	harmful := func(s *simulate.Step) bool { return !s.Repeats }
	harmless := func(s *simulate.Step) bool { return s.Repeats }
	twice := func(s *simulate.StepSummary) simulate.Estimate { return s.Twice.Plus(s.Redone) }
	t.counted("work done twice", func(v *Variant) simulate.Estimate { return sum(v, twice, harmful) })
	t.counted("work repeated and recognized", func(v *Variant) simulate.Estimate { return sum(v, twice, harmless) })
	t.counted("work done, but taken for failed", func(v *Variant) simulate.Estimate {
		return sum(v, func(s *simulate.StepSummary) simulate.Estimate { return s.Unknown }, nil)
	})
	if t.detached() {
		t.queues()
	}
	if t.Scenario.Kind == simulate.Normal {
		return
	}
	t.columns("Back to normal")
	t.row("requests", t.cells(func(v *Variant) string { return t.recovery(v.Users) }))
	if t.detached() {
		t.row("queues", t.cells(func(v *Variant) string { return t.recovery(v.Queues) }))
	}
}

// queues writes what happened to messages.
func (t *texter) queues() {
	t.named("most messages waiting", func(v *Variant) (simulate.Estimate, string) { return worst(v, false) }, number)
	t.named("oldest message", oldest, seconds)
	for _, c := range []struct {
		label string
		of    func(*simulate.StepSummary) simulate.Estimate
	}{
		{"messages in dead-letter queues", func(s *simulate.StepSummary) simulate.Estimate { return s.DeadLettered }},
		{"messages lost", func(s *simulate.StepSummary) simulate.Estimate { return s.Lost }},
		{"messages expired", func(s *simulate.StepSummary) simulate.Estimate { return s.Expired }},
		{"messages that couldn't be sent", func(s *simulate.StepSummary) simulate.Estimate { return s.Unsent }},
	} {
		t.counted(c.label, func(v *Variant) simulate.Estimate { return sum(v, c.of, nil) })
	}
}

// named writes a number of each variant with the step that has it: in the label when it
// is the same in all.
func (t *texter) named(label string, of func(*Variant) (simulate.Estimate, string), write func(simulate.Estimate) string) {
	numbers, names := make([]string, len(t.Variants)), make([]string, len(t.Variants))
	for i := range t.Variants {
		e, name := of(&t.Variants[i])
		if numbers[i], names[i] = "none", short(name); name != "" {
			numbers[i] = write(e)
		}
	}
	t.row(label, numbers)
	if slices.ContainsFunc(names, func(n string) bool { return n != "" }) {
		t.row("  at", names)
	}
}

// worst returns the step that holds most calls open, or has most messages waiting.
func worst(v *Variant, calls bool) (simulate.Estimate, string) {
	return highest(v, func(i int) (simulate.Estimate, bool) {
		s := &v.Summary.Steps[i]
		if calls {
			return s.MostOpen, !v.Prepared.Steps[i].Detached
		}
		return s.MostWaiting, v.Prepared.Steps[i].Detached
	})
}

// oldest returns the step whose message waits longest.
func oldest(v *Variant) (simulate.Estimate, string) {
	return highest(v, func(i int) (simulate.Estimate, bool) { return v.Summary.Steps[i].Oldest, v.Prepared.Steps[i].Detached })
}

// amplified returns the step whose callee gets most attempts for one call: of those that
// the event happens to, if any.
func amplified(v *Variant, s *simulate.Scenario) (simulate.Estimate, string) {
	return highest(v, func(i int) (simulate.Estimate, bool) {
		step := &v.Prepared.Steps[i]
		return v.Summary.Steps[i].Amplification, !s.Kind.OnCallee() || step.Service == s.Callee || step.Queue.Broker == s.Callee
	})
}

// highest returns the step with the highest number of those that count; "" when none does.
func highest(v *Variant, of func(i int) (simulate.Estimate, bool)) (best simulate.Estimate, name string) {
	for i := range v.Summary.Steps {
		if e, counts := of(i); counts && (name == "" || e.Mean > best.Mean) {
			best, name = e, v.Prepared.Steps[i].Name
		}
	}
	return best, name
}

// short is the name of an operation without its service.
func short(id string) string { return term.Safe(id[strings.LastIndexByte(id, '/')+1:]) }

// recovery says how long after the event all is as before.
func (t *texter) recovery(e simulate.Estimate) string {
	switch {
	case !e.Known:
		return "not within " + text.Duration(t.Scenario.After)
	case e.Mean == 0:
		return "at once"
	case e.Sure && e.Half > e.Mean: // at once in most runs
		return "within " + duration(e.Mean+e.Half)
	}
	return "after " + seconds(e)
}

// assumed says which facts no manifest gives, and what was taken.
func (t *texter) assumed() {
	t.head("Assumed, since no manifest says it")
	none := true
	for i, v := range t.Variants {
		for k := range v.Assumed {
			a := v.Assumed[k]
			if i > 0 && t.told(&a) {
				continue
			}
			none = false
			t.assumption(v.Prepared, &a, i > 0)
		}
	}
	if none {
		t.line(term.Plain, "  ", "nothing")
	}
	if p := t.Variants[0].Prepared; len(p.Unsimulated) > 0 {
		t.line(term.Plain, "  ", "not simulated: the cache or hedging of "+t.names(p, p.Unsimulated))
	}
}

// told takes from an assumption of a later variant the steps for which the first assumes
// the same, and reports whether nothing is left.
func (t *texter) told(a *simulate.Assumption) bool {
	first := t.Variants[0].Assumed
	i := slices.IndexFunc(first, func(o simulate.Assumption) bool { return a.Guess == o.Guess && a.Value == o.Value })
	if i < 0 {
		return false
	}
	a.Steps = slices.DeleteFunc(slices.Clone(a.Steps), func(s int32) bool { return slices.Contains(first[i].Steps, s) })
	return len(a.Steps) == 0
}

func (t *texter) assumption(p *simulate.Prepared, a *simulate.Assumption, later bool) {
	words := fmt.Sprintf("%s: %s", a.Fact(), a.Instead())
	if why := a.Why(); why != "" {
		words += " (" + why + ")"
	}
	if len(a.Steps) > 0 {
		words += ", for " + t.names(p, a.Steps)
	}
	if later {
		words = p.Variant.String() + ": " + words
	}
	t.hang(words)
}

// names lists steps, or says that all are meant.
func (t *texter) names(p *simulate.Prepared, steps []int32) string {
	const most = 4
	var names []string
	for _, i := range steps {
		name := p.Steps[i].Name
		name = name[strings.LastIndexByte(name, '/')+1:]
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return text.List(names, "and")
}
