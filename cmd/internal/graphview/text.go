package graphview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// shownAtMost is how many journeys, entries or queues the text shows of a whole
// graph.
const shownAtMost = 20

// graphText writes a graph for people: journeys as trees, then where requests
// come in, then what circles, then the queues.
func graphText(w *markup.Writer, p *Page, l term.Layout) {
	t := &graphTexter{Writer: w, Page: p, Layout: l, signs: unicodeSigns}
	if l.ASCII {
		t.signs = asciiSigns
	}
	t.summary()
	for _, i := range t.worst(p.Picked.Journeys) {
		t.journey(&p.Journeys()[i])
	}
	if p.Whole && len(p.Picked.Journeys) > shownAtMost {
		t.WriteByte('\n')
		t.leftOut(len(p.Picked.Journeys), "--journey NAME shows only one")
	}
	t.entries()
	t.cycles()
	t.queues()
	t.inFlight()
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
	*markup.Writer
	*Page
	term.Layout
	signs
	parallel, counted, differs, followed, doubtful bool // signs that the legend explains
}

// worst returns the journeys of a page; of a whole graph with too many to read
// those that miss what is asked of them come first, and the rest is cut.
func (t *graphTexter) worst(journeys []int) []int {
	if !t.Whole || len(journeys) <= shownAtMost {
		return journeys
	}
	return first(t.WorstFirst(journeys))
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
	declared := 0
	services := map[graph.ServiceID]bool{}
	for _, id := range t.Picked.Operations {
		o := t.Operation(id)
		modes[o.Mode()]++
		if o.Declared != decide.Undecided {
			declared++
		}
		services[o.Caller] = true
		if o.Callee != graph.None {
			services[o.Callee] = true
		}
		for _, s := range t.Handlers(id) {
			services[s] = true
		}
	}
	var parts []string
	for _, v := range []decide.Verdict{decide.Sync, decide.Async, decide.Hybrid, decide.Undecided} {
		if modes[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", modes[v], v))
		}
	}
	words := fmt.Sprintf("%s, %s", text.Count(len(services), "service"), text.Count(len(t.Picked.Operations), "operation"))
	if len(parts) > 0 {
		from := "declared or by their answers"
		switch declared {
		case len(t.Picked.Operations):
			from = "declared"
		case 0:
			from = "by their answers"
		}
		words += " (" + from + ": " + strings.Join(parts, ", ") + ")"
	}
	words += ", " + text.Count(len(t.Picked.Journeys), "journey")
	t.line(term.Plain, words)
	if left := t.Len() - len(t.Picked.Operations); left > 0 {
		t.line(term.Faint, fmt.Sprintf("left out: %s and %s", text.Count(left, "operation"), text.Count(len(t.Journeys())-len(t.Picked.Journeys), "journey")))
	}
}

// entries writes where requests come in, and how far they go.
func (t *graphTexter) entries() {
	if len(t.Picked.Entries) == 0 {
		return
	}
	t.head("Entries", "", term.Plain)
	entries := t.Picked.Entries
	if len(entries) > shownAtMost {
		entries = t.DeepestFirst(entries)
	}
	for _, i := range first(entries) {
		e := t.Entries()[i]
		words := "waits for nothing"
		if ring := t.Ring(e.Service); ring != nil {
			words = fmt.Sprintf("waits in a cycle of %s, and for nothing beyond it", text.Count(len(ring.Services), "service"))
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
			words = fmt.Sprintf("%s deep: %s", text.Count(e.Depth, "hop"), strings.Join(names, " "+t.arrow+" "))
		}
		if e.Depth > 1 && t.ByServiceAlone(t.Chain(e.Service)) {
			words += " (at most: matched by service only)"
		}
		if e.Attempts > 1 {
			words += fmt.Sprintf("%sup to %s calls per request", t.separator, text.Number(e.Attempts))
		}
		t.hanging(term.Plain, term.Safe(serviceName(t.ServiceName(e.Service))+": "+words))
	}
	t.leftOut(len(t.Picked.Entries), "--service NAME shows only one")
}

// cycles writes the rings of services.
func (t *graphTexter) cycles() {
	t.rings("Services that wait for each other", t.WaitingCycles(), term.Red)
	t.rings("Services that send each other messages in a cycle", t.MessageCycles(), term.Yellow)
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
			lines = append(lines, fmt.Sprintf("%s (%s)", strings.Join(names, " "+t.arrow+" "), text.Count(len(c.Services), "service")))
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
