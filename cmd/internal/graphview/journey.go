package graphview

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// journey writes the numbers of a journey, then its steps as a tree.
func (t *graphTexter) journey(j *graph.Journey) {
	n := t.Numbers(j)
	remark, s := t.standing(&n, j)
	t.head(t.JourneyID(j), remark, s)
	t.item("waits", term.Plain, t.wait(&n, j))
	t.missing(t.Lacks(j, &n))
	t.item("available", term.Plain, t.available(&n, j))
	t.missing(n.Share.Missing)
	t.doubt(&n.Share, j)
	t.item("retries", term.Plain, t.retries(&n, j))
	for _, lost := range j.Unresolved {
		t.item("not found", term.Yellow, fmt.Sprintf("step %s names no operation in these manifests", term.Safe(lost.Value)))
	}
	t.tree(j, &n)
}

// standing says in a word how the journey does.
func (t *graphTexter) standing(n *graph.Numbers, j *graph.Journey) (string, term.Style) {
	budget, objective := n.Budget(j), n.Objective(j)
	var missed []string
	if budget == graph.Missed {
		missed = append(missed, "over its budget")
	}
	if objective == graph.Missed {
		missed = append(missed, "below its objective")
	}
	switch {
	case len(missed) > 0:
		return strings.Join(missed, ", "), term.Red
	case budget == graph.Open || objective == graph.Open:
		return "facts are missing", term.Yellow
	case budget == graph.Met || objective == graph.Met:
		return "on target", term.Green
	}
	return "", term.Plain
}

func (t *graphTexter) wait(n *graph.Numbers, j *graph.Journey) string {
	words := WaitText(&n.Tail)
	if p99, ok := t.TailEstimate(j); ok {
		words += fmt.Sprintf("%sestimated p99 about %s", t.separator, text.Duration(about(p99)))
	}
	if n.Typical.Known() && len(n.Typical.Path) > 0 {
		words += fmt.Sprintf("%stypically %s", t.separator, text.Duration(n.Typical.Time))
	}
	if j.Budget.Set() {
		words += fmt.Sprintf("%sbudget %s", t.separator, text.Duration(j.Budget.Value))
	}
	return words
}

// about rounds an estimate to two digits: it isn't better than that.
func about(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 100 {
		unit *= 10
	}
	return d.Round(unit)
}

func (t *graphTexter) available(n *graph.Numbers, j *graph.Journey) string {
	words := ShareText(&n.Share)
	if !n.Share.Nothing() {
		words += " over " + dependencies(&n.Share)
	}
	if j.SLO.Set() {
		words += fmt.Sprintf("%sobjective %s", t.separator, text.Percent(j.SLO.Value))
	}
	return words
}

// dependencies says what an availability counts: "3 services and 1 broker".
func dependencies(s *graph.Share) string {
	services, brokers := 0, 0
	for _, term := range s.Terms {
		if term.Broker != graph.None {
			brokers++
		} else {
			services++
		}
	}
	words := text.Count(services, "service")
	if brokers > 0 {
		words += " and " + text.Count(brokers, "broker")
	}
	return words
}

func (t *graphTexter) missing(lacks []graph.MissingFact) {
	if len(lacks) == 0 {
		return
	}
	const most = 3
	var names []string
	for _, l := range lacks[:min(len(lacks), most)] {
		names = append(names, t.MissingText(l))
	}
	text := "missing " + strings.Join(names, ", ")
	if len(lacks) > most {
		text += fmt.Sprintf(", and %d more", len(lacks)-most)
	}
	t.item("", term.Yellow, term.Safe(text))
}

// doubt names the calls that may belong to the journey, and what they would make of its
// availability.
func (t *graphTexter) doubt(s *graph.Share, j *graph.Journey) {
	if len(s.Doubtful) == 0 {
		return
	}
	const most = 3
	var names []string
	for _, at := range s.Doubtful[:min(len(s.Doubtful), most)] {
		names = append(names, t.ID(j.Step(at).Operation))
	}
	if more := len(s.Doubtful) - most; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	words := fmt.Sprintf("%s with %s, matched by service only: use after to say what leads to it", text.Percent(s.Least), text.List(names, "and"))
	if !s.Known() {
		words = fmt.Sprintf("less with %s, matched by service only: use after to say what leads to it", text.List(names, "and"))
	}
	t.item("", term.Yellow, term.Safe(words))
}

func (t *graphTexter) retries(n *graph.Numbers, j *graph.Journey) string {
	words := fmt.Sprintf("%s deep, ", text.Count(n.Depth, "hop"))
	if len(n.Retried) == 0 {
		return words + "nothing is retried"
	}
	var steps []string
	for _, i := range n.Retried {
		o := t.Operation(j.Step(i).Operation)
		steps = append(steps, fmt.Sprintf("%s %d", o.Name, o.Attempts()))
	}
	return term.Safe(words + fmt.Sprintf("up to %s calls to the last service per request (attempts: %s)", text.Number(n.Attempts), strings.Join(steps, ", ")))
}

// tree writes the steps of a journey, each below the step it is nested in.
func (t *graphTexter) tree(j *graph.Journey, n *graph.Numbers) {
	children := make([][]int32, j.Len()+1)
	type place struct{ parent, slot int32 }
	beside := map[place]int{} // how many steps stand in a place: more than one run in parallel
	for i := range int32(j.Len()) {
		s := j.Step(i)
		children[s.Parent+1] = append(children[s.Parent+1], i)
		if s.Joined == graph.ByJourney { // nothing says in which order the others are made
			beside[place{s.Parent, s.Slot}]++
		}
	}
	counts := make([]bool, j.Len())
	for _, i := range n.Tail.Path {
		counts[i] = true
	}
	type open struct {
		step   int32
		prefix string
	}
	var stack []open
	push := func(parent int32, prefix string) {
		for _, c := range slices.Backward(children[parent+1]) {
			stack = append(stack, open{c, prefix})
		}
	}
	if len(j.Path) > 0 && t.nameWidth() >= narrow {
		head := fmt.Sprintf("%s %-10s%8s %9s", term.Pad("", t.nameWidth()), " mode", "p99", "avail.")
		t.WriteString(t.Paint(term.Faint, head) + "\n")
	}
	push(graph.None, "  ")
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		s := j.Step(top.step)
		siblings := children[s.Parent+1]
		last := siblings[len(siblings)-1] == top.step
		t.step(j, top.step, beside[place{s.Parent, s.Slot}] > 1, top.prefix, last, counts[top.step])
		below := top.prefix + t.down
		if last {
			below = top.prefix + t.none
		}
		const deepest = 30 // columns; beyond, everything stands in line
		if term.Cells(below) > deepest {
			below = top.prefix
		}
		push(top.step, below)
	}
}

// columns is what mode, time and availability of a step take. Where the name has
// less than narrow, they stand below it.
const columns, narrow = 28, 32

// nameWidth is what is left for the tree itself.
func (t *graphTexter) nameWidth() int { return min(56, t.Width-columns-2) }

// step writes one line of a tree, and a second one when the notes do not fit.
func (t *graphTexter) step(j *graph.Journey, i int32, parallel bool, prefix string, last, counts bool) {
	branch := t.more
	if last {
		branch = t.last
	}
	id := j.Step(i).Operation
	o := t.Operation(id)
	name := ""
	if parallel {
		name, t.parallel = t.signs.parallel, true
	}
	name += o.Name
	if o.Callee != graph.None {
		name += " " + t.arrow + " " + t.ServiceName(o.Callee)
	}
	style, mark := term.Plain, " "
	if counts {
		style, mark, t.counted = term.Bold, "*", true
	}
	below := prefix + t.down
	if last {
		below = prefix + t.none
	}
	head := prefix + branch + term.Safe(name)
	mode := t.Paint(modeStyle(o.Mode()), fmt.Sprintf("%-9s", o.Mode()))
	figures := fmt.Sprintf("%8s %9s", t.latency(o), t.uptime(o))
	notes := strings.Join(t.notes(j, i), t.separator)
	widest := t.nameWidth()
	room := t.Width - widest - columns - 2
	fits := notes != "" && term.Cells(notes) <= room
	if !fits {
		figures = strings.TrimRight(figures, " ")
	}
	if widest < narrow {
		t.WriteString(t.Paint(style, t.cut(head, t.Width)) + "\n" + below + mark + mode + figures)
	} else {
		t.WriteString(t.Paint(style, term.Pad(t.cut(head, widest), widest)) + " " + mark + mode + figures)
	}
	if fits {
		t.WriteString("  " + t.paintNotes(o, notes))
	} else if notes != "" {
		for _, l := range term.Wrap(notes, t.Width-term.Cells(below)-2) {
			t.WriteString("\n" + below + "  " + t.paintNotes(o, l))
		}
	}
	t.WriteByte('\n')
}

// cut shortens text to at most the given columns.
func (t *graphTexter) cut(text string, columns int) string {
	if !t.ASCII || term.Cells(text) <= columns {
		return term.Cut(text, columns)
	}
	return strings.TrimSuffix(term.Cut(text, columns-len(t.under)+1), "…") + t.under
}

func (t *graphTexter) paintNotes(o *graph.Operation, text string) string {
	if o.Disagrees() {
		return t.Paint(term.Yellow, text)
	}
	return t.Paint(term.Faint, text)
}

func modeStyle(v decide.Verdict) term.Style {
	switch v {
	case decide.Sync:
		return term.Blue
	case decide.Async:
		return term.Green
	case decide.Hybrid:
		return term.Cyan
	}
	return term.Yellow
}

func (t *graphTexter) latency(o *graph.Operation) string {
	if d, ok := o.Latency(); ok {
		return text.Duration(d)
	}
	return "?"
}

// uptime is the availability of what the caller depends on.
func (t *graphTexter) uptime(o *graph.Operation) string {
	if o.Detached() {
		return ""
	}
	if a, ok := o.Availability(); ok {
		return text.Percent(a)
	}
	if o.Callee != graph.None {
		if a, _, _, ok := t.Services()[o.Callee].Availability(); ok {
			return text.Percent(a)
		}
	}
	return "?"
}

// notes says what else is worth knowing of a step.
func (t *graphTexter) notes(j *graph.Journey, i int32) []string {
	o := t.Operation(j.Step(i).Operation)
	var notes []string
	for up := j.Step(i).Parent; up != graph.None; up = j.Step(up).Parent {
		if t.Operation(j.Step(up).Operation).Detached() {
			if !o.Detached() {
				notes = append(notes, "behind the queue")
			}
			break
		}
	}
	switch j.Step(i).Joined {
	case graph.ByOperation:
		t.followed = true
		notes = append(notes, "followed")
	case graph.ByService:
		t.doubtful = true
		notes = append(notes, "perhaps")
	}
	if o.Disagrees() {
		t.differs = true
		notes = append(notes, fmt.Sprintf("! the verdict is %s", o.Verdict))
	}
	if o.Mode() == decide.Undecided {
		notes = append(notes, "could be "+o.Possible.String())
	}
	if n := o.Times(); n > 1 {
		notes = append(notes, fmt.Sprintf("%d calls", n))
	}
	if n := o.Attempts(); n > 1 {
		notes = append(notes, fmt.Sprintf("%d attempts", n))
	}
	if !o.Critical() {
		notes = append(notes, "not critical")
	}
	if o.Detached() && o.Delivery != nil && o.Delivery.Broker != graph.None {
		how := "via " + term.Safe(t.Brokers()[o.Delivery.Broker].Name)
		if o.Delivery.Outbox {
			how += " with an outbox"
		}
		notes = append(notes, how)
	}
	return notes
}

// WaitText says what is known of a wait that adds up p99s: never that nobody waits,
// since handing work over takes time, too.
func WaitText(w *graph.Wait) string {
	n := text.Count(w.Summed, "p99")
	switch {
	case w.Nothing() && w.Known():
		return "only for hand-offs whose time isn't known"
	case w.Nothing():
		return "not known"
	case !w.Known():
		return fmt.Sprintf("at least %s (%s known)", text.Duration(w.Time), n)
	case w.Within() == 0:
		return fmt.Sprintf("%s if no step exceeds its p99 (%s)", text.Duration(w.Time), n)
	case w.Summed == 1:
		return fmt.Sprintf("99 of 100 requests within %s", text.Duration(w.Time))
	}
	return fmt.Sprintf("%.0f of 100 requests within %s (sum of %s)", 100*w.Within(), text.Duration(w.Time), n)
}

// ShareText says what is known of an availability.
func ShareText(s *graph.Share) string {
	switch {
	case s.Nothing():
		return "not known"
	case !s.Known():
		return "at most " + text.PercentUp(s.Value)
	}
	return text.Percent(s.Value)
}
