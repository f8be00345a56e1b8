package report

import (
	"bufio"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// shownAtMost is how many journeys, entries or queues the text shows of a whole
// graph.
const shownAtMost = 20

// graphText writes a graph for people: journeys as trees, then where requests
// come in, then what circles, then the queues.
func graphText(w *bufio.Writer, p *GraphPage, l GraphLook) {
	t := &graphTexter{Writer: w, GraphPage: p, GraphLook: l, signs: unicodeSigns}
	if l.ASCII {
		t.signs = asciiSigns
	}
	t.summary()
	for _, i := range t.worst(p.Picked.Journeys) {
		t.journey(&p.Journeys()[i])
	}
	if p.Whole && len(p.Picked.Journeys) > shownAtMost {
		t.WriteByte('\n')
		t.leftOut(len(p.Picked.Journeys), "--journey NAME shows one")
	}
	t.entries()
	t.cycles()
	t.queues()
	t.held()
	t.legend()
}

// signs are the characters that a tree is drawn with.
type signs struct {
	more, last, down, none string // three columns each
	arrow, parallel, under string
	upTo, above            string
	separator              string
}

var (
	unicodeSigns = signs{"├─ ", "└─ ", "│  ", "   ", "→", "∥ ", "…", "≤", "≥", " · "}
	asciiSigns   = signs{"|- ", "`- ", "|  ", "   ", "->", "= ", "...", "at most", "at least", ", "}
)

// A graphTexter writes one page.
type graphTexter struct {
	*bufio.Writer
	*GraphPage
	GraphLook
	signs
	parallel, counted, differs bool // signs that the legend explains
}

// worst returns the journeys of a page; of a whole graph with too many to read
// those that miss what is asked of them come first, and the rest is cut.
func (t *graphTexter) worst(journeys []int) []int {
	if !t.Whole || len(journeys) <= shownAtMost {
		return journeys
	}
	all := t.AllNumbers()
	weight := func(i int) graph.Standing {
		j := &t.Journeys()[i]
		return max(all[i].Budget(j), all[i].Objective(j))
	}
	sorted := slices.Clone(journeys)
	slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(rank(weight(b)), rank(weight(a))) })
	return first(sorted)
}

// rank orders standings by how much they ask for a look.
func rank(s graph.Standing) int {
	switch s {
	case graph.Missed:
		return 2
	case graph.Open:
		return 1
	}
	return 0
}

// first cuts a list to what people read.
func first[T any](list []T) []T { return list[:min(len(list), shownAtMost)] }

// leftOut says how many of n are not shown, and how to see them.
func (t *graphTexter) leftOut(n int, hint string) {
	if n > shownAtMost {
		t.line(term.Faint, fmt.Sprintf("  and %d more: %s", n-shownAtMost, hint))
	}
}

// line writes a paragraph, wrapped.
func (t *graphTexter) line(s term.Style, text string) {
	for _, l := range term.Wrap(text, t.Width) {
		t.WriteString(t.Paint(s, l))
		t.WriteByte('\n')
	}
}

// hanging writes a paragraph whose later lines are indented more.
func (t *graphTexter) hanging(s term.Style, text string) {
	indent := "  "
	for _, l := range term.Wrap(text, t.Width-4) {
		t.WriteString(indent + t.Paint(s, l) + "\n")
		indent = "    "
	}
}

// item writes a label and a text beside it, wrapped under itself.
func (t *graphTexter) item(label string, s term.Style, text string) {
	const margin = 13
	t.WriteString(t.Paint(term.Faint, term.Pad("  "+label, margin)))
	for i, l := range term.Wrap(text, t.Width-margin) {
		if i > 0 {
			t.WriteString(strings.Repeat(" ", margin))
		}
		t.WriteString(t.Paint(s, l))
		t.WriteByte('\n')
	}
}

func (t *graphTexter) head(title, remark string, s term.Style) {
	t.WriteByte('\n')
	room := t.Width - term.Cells(remark) - 1
	title = term.Pad(t.cut(term.Safe(title), room), room)
	if remark == "" {
		title = strings.TrimRight(title, " ")
	}
	t.WriteString(t.Paint(term.Bold, title))
	if remark != "" {
		t.WriteString(" " + t.Paint(s, remark))
	}
	t.WriteByte('\n')
}

func (t *graphTexter) summary() {
	var modes [4]int
	services := map[graph.ServiceID]bool{}
	for _, id := range t.Picked.Operations {
		o := t.Operation(id)
		modes[o.Mode()]++
		services[o.Caller] = true
		if o.Callee != graph.None {
			services[o.Callee] = true
		}
	}
	var parts []string
	for _, v := range []decide.Verdict{decide.Sync, decide.Async, decide.Hybrid, decide.Undecided} {
		if modes[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", modes[v], v))
		}
	}
	text := fmt.Sprintf("%s, %s", many(len(services), "service"), many(len(t.Picked.Operations), "operation"))
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	text += ", " + many(len(t.Picked.Journeys), "journey")
	t.line(term.Plain, text)
	if left := len(t.Operations()) - len(t.Picked.Operations); left > 0 {
		t.line(term.Faint, fmt.Sprintf("left out: %s and %s", many(left, "operation"), many(len(t.Journeys())-len(t.Picked.Journeys), "journey")))
	}
}

// journey writes the numbers of a journey, then its steps as a tree.
func (t *graphTexter) journey(j *graph.Journey) {
	n := t.Numbers(j)
	remark, s := t.standing(&n, j)
	t.head(t.JourneyID(j), remark, s)
	t.item("waits", term.Plain, t.wait(&n, j))
	t.missing(n.Tail.Lacks)
	t.item("available", term.Plain, t.available(&n, j))
	t.missing(n.Share.Lacks)
	t.item("retries", term.Plain, t.retries(&n, j))
	for _, lost := range j.Lost {
		t.item("not found", term.Yellow, fmt.Sprintf("step %s names no operation of the manifests read", term.Safe(lost.Value)))
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
		missed = append(missed, "under its objective")
	}
	switch {
	case len(missed) > 0:
		return strings.Join(missed, ", "), term.Red
	case budget == graph.Open || objective == graph.Open:
		return "facts are missing", term.Yellow
	case budget == graph.Met || objective == graph.Met:
		return "meets what is asked", term.Green
	}
	return "", term.Plain
}

func (t *graphTexter) wait(n *graph.Numbers, j *graph.Journey) string {
	text := fmt.Sprintf("%s %s (sum of the p99s, a safe upper bound)", t.upTo, lasting(n.Tail.Time))
	if !n.Tail.Known() {
		text = fmt.Sprintf("%s %s, from the p99s that are known", t.above, lasting(n.Tail.Time))
	}
	if n.Typical.Known() && len(n.Typical.Path) > 0 {
		text += fmt.Sprintf("%stypically %s", t.separator, lasting(n.Typical.Time))
	}
	if j.Budget.Set() {
		text += fmt.Sprintf("%sbudget %s", t.separator, lasting(j.Budget.Value))
	}
	return text
}

func (t *graphTexter) available(n *graph.Numbers, j *graph.Journey) string {
	text := percent(n.Share.Value)
	if !n.Share.Known() {
		text = t.upTo + " " + text
	}
	if len(n.Share.Terms) == 0 && !n.Share.Known() {
		text = "not known"
	}
	text += fmt.Sprintf(" over %s", dependencies(&n.Share))
	if j.SLO.Set() {
		text += fmt.Sprintf("%sobjective %s", t.separator, percent(j.SLO.Value))
	}
	return text
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
	text := many(services, "service")
	if brokers > 0 {
		text += " and " + many(brokers, "broker")
	}
	return text
}

func (t *graphTexter) missing(lacks []graph.Lack) {
	if len(lacks) == 0 {
		return
	}
	const most = 3
	var names []string
	for _, l := range lacks[:min(len(lacks), most)] {
		names = append(names, t.lack(l))
	}
	text := "missing " + strings.Join(names, ", ")
	if len(lacks) > most {
		text += fmt.Sprintf(" and %d more", len(lacks)-most)
	}
	t.item("", term.Yellow, term.Safe(text))
}

func (t *graphTexter) retries(n *graph.Numbers, j *graph.Journey) string {
	text := fmt.Sprintf("%s deep, ", many(n.Depth, "hop"))
	if len(n.Retried) == 0 {
		return text + "nothing is retried"
	}
	var steps []string
	for _, i := range n.Retried {
		o := t.Operation(j.Path[i].Operation)
		steps = append(steps, fmt.Sprintf("%s %d", o.Name, o.Attempts()))
	}
	return term.Safe(text + fmt.Sprintf("up to %s calls of the last service for one request (attempts: %s)", number(n.Attempts), strings.Join(steps, ", ")))
}

// tree writes the steps of a journey, each below the step it is nested in.
func (t *graphTexter) tree(j *graph.Journey, n *graph.Numbers) {
	children := make([][]int32, len(j.Path)+1)
	for i, s := range j.Path {
		children[s.Parent+1] = append(children[s.Parent+1], int32(i))
	}
	counts := make([]bool, len(j.Path))
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
		head := fmt.Sprintf("%s %-10s%8s %9s", term.Pad("", t.nameWidth()), " mode", "p99", "callee up")
		t.WriteString(t.Paint(term.Faint, head) + "\n")
	}
	push(graph.None, "  ")
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		siblings := children[j.Path[top.step].Parent+1]
		last := siblings[len(siblings)-1] == top.step
		t.step(j, top.step, siblings, top.prefix, last, counts[top.step])
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
func (t *graphTexter) step(j *graph.Journey, i int32, siblings []int32, prefix string, last, counts bool) {
	branch := t.more
	if last {
		branch = t.last
	}
	id := j.Path[i].Operation
	o := t.Operation(id)
	name := ""
	for _, s := range siblings {
		if s != i && j.Path[s].Slot == j.Path[i].Slot {
			name, t.parallel = t.signs.parallel, true
		}
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
		return lasting(d)
	}
	return "?"
}

// uptime is the availability of what the caller depends on.
func (t *graphTexter) uptime(o *graph.Operation) string {
	if o.Detached() {
		return ""
	}
	if a, ok := o.Availability(); ok {
		return percent(a)
	}
	if o.Callee != graph.None {
		if a, _, _, ok := t.Services()[o.Callee].Availability(); ok {
			return percent(a)
		}
	}
	return "?"
}

// notes says what else is worth knowing of a step.
func (t *graphTexter) notes(j *graph.Journey, i int32) []string {
	o := t.Operation(j.Path[i].Operation)
	var notes []string
	for up := j.Path[i].Parent; up != graph.None; up = j.Path[up].Parent {
		if t.Operation(j.Path[up].Operation).Detached() {
			if !o.Detached() {
				notes = append(notes, "behind the queue")
			}
			break
		}
	}
	if o.Disagrees() {
		t.differs = true
		notes = append(notes, fmt.Sprintf("! the verdict is %s", o.Verdict))
	}
	if o.Mode() == decide.Undecided {
		notes = append(notes, "may be "+o.Possible.String())
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

// entries writes where requests come in, and how far they go.
func (t *graphTexter) entries() {
	if len(t.Picked.Entries) == 0 {
		return
	}
	t.head("Entries", "", term.Plain)
	entries := slices.Clone(t.Picked.Entries)
	if len(entries) > shownAtMost {
		slices.SortStableFunc(entries, func(a, b int) int { return cmp.Compare(t.Entries()[b].Depth, t.Entries()[a].Depth) })
	}
	for _, i := range first(entries) {
		e := t.Entries()[i]
		text := "nothing is waited for"
		if ring := t.Ring(e.Service); ring != nil {
			text = fmt.Sprintf("waits in a ring of %s; nothing beyond it", many(len(ring.Services), "service"))
		}
		if e.Depth > 0 {
			names := []string{serviceName(t.ServiceName(e.Service))}
			for _, id := range t.Chain(e.Service) {
				o := t.Operation(id)
				if o.Callee != graph.None {
					names = append(names, t.ServiceName(o.Callee))
				}
			}
			const most = 12
			if len(names) > most {
				names = append(append(names[:most-1:most-1], t.under), names[len(names)-1])
			}
			text = fmt.Sprintf("%s deep: %s", many(e.Depth, "hop"), strings.Join(names, " "+t.arrow+" "))
		}
		if e.Attempts > 1 {
			text += fmt.Sprintf("%sup to %s calls for one request", t.separator, number(e.Attempts))
		}
		t.hanging(term.Plain, term.Safe(serviceName(t.ServiceName(e.Service))+": "+text))
	}
	t.leftOut(len(t.Picked.Entries), "--service NAME shows one")
}

// cycles writes the rings of services.
func (t *graphTexter) cycles() {
	t.rings("Services that wait for each other", t.WaitingCycles(), term.Red)
	t.rings("Services that send each other messages in a ring", t.MessageCycles(), term.Yellow)
}

func (t *graphTexter) rings(title string, cycles []graph.Cycle, s term.Style) {
	picked := map[graph.OperationID]bool{}
	for _, id := range t.Picked.Operations {
		picked[id] = true
	}
	var lines []string
	for _, c := range cycles {
		names := []string{serviceName(t.ServiceName(c.Services[0]))}
		touches := false
		for _, id := range c.Ring {
			names = append(names, serviceName(t.ServiceName(t.Operation(id).Callee)))
			touches = touches || picked[id]
		}
		if touches {
			lines = append(lines, fmt.Sprintf("%s (%s)", strings.Join(names, " "+t.arrow+" "), many(len(c.Services), "service")))
		}
	}
	if len(lines) == 0 {
		return
	}
	t.head(title, "", term.Plain)
	for _, l := range first(lines) {
		t.hanging(s, term.Safe(l))
	}
	t.leftOut(len(lines), "--format json has all")
}
