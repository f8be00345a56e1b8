package report

import (
	"bufio"
	"fmt"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
)

// writeMermaid writes a flowchart. Solid arrows are waited for, dotted ones are
// not, thick ones are hybrid.
func (d *diagram) writeMermaid(w *bufio.Writer) {
	w.WriteString("flowchart LR\n")
	if d.hidden > 0 {
		fmt.Fprintf(w, "  %%%% %s left out\n", text.Count(d.hidden, "operation"))
	}
	for i, n := range d.nodes {
		left, right := "[", "]"
		if n.external {
			left, right = "([", "])"
		}
		if n.work {
			left, right = "[/", "/]"
		}
		fmt.Fprintf(w, "  n%d%s\"%s\"%s\n", i, left, mermaidText(n.name), right)
	}
	var differs, over []string
	for i, e := range d.edges {
		arrow := map[decide.Verdict]string{decide.Sync: "-->", decide.Async: "-.->", decide.Hybrid: "==>", decide.Undecided: "---"}[e.mode]
		fmt.Fprintf(w, "  n%d %s|\"%s\"| n%d\n", e.from, arrow, mermaidText(e.label), e.to)
		switch {
		case e.over:
			over = append(over, fmt.Sprint(i))
		case e.differs:
			differs = append(differs, fmt.Sprint(i))
		}
	}
	for _, s := range []struct {
		edges []string
		style string
	}{{differs, "stroke:#b45309"}, {over, "stroke:#dc2626,stroke-width:3px"}} {
		if len(s.edges) > 0 {
			fmt.Fprintf(w, "  linkStyle %s %s\n", strings.Join(s.edges, ","), s.style)
		}
	}
}

// mermaidText escapes a text between quotes. Mermaid reads entities in it, by
// number and with # in the place of &.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range term.Safe(s) {
		if strings.ContainsRune("\"#&<>`\\{}[]()|;%", r) {
			fmt.Fprintf(&b, "#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// writeDot writes a graph for Graphviz.
func (d *diagram) writeDot(w *bufio.Writer) {
	w.WriteString("digraph waitornot {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n")
	for i, n := range d.nodes {
		attributes := "label=" + dotText(n.name)
		if n.external {
			attributes += ", style=\"rounded,dashed\""
		}
		if n.work {
			attributes += ", shape=plain"
		}
		fmt.Fprintf(w, "  n%d [%s];\n", i, attributes)
	}
	for _, e := range d.edges {
		style := map[decide.Verdict]string{
			decide.Sync: "style=solid", decide.Async: "style=dashed",
			decide.Hybrid: "style=solid, color=\"black:invis:black\"", decide.Undecided: "style=dotted",
		}[e.mode]
		switch {
		case e.over && e.mode == decide.Hybrid:
			style = "style=solid, penwidth=2, color=\"red:invis:red\""
		case e.over:
			style += ", color=red, penwidth=2"
		case e.differs:
			style += ", fontcolor=\"#b45309\""
		}
		fmt.Fprintf(w, "  n%d -> n%d [label=%s, tooltip=%s, %s];\n", e.from, e.to, dotText(e.label), dotText(e.remark), style)
	}
	w.WriteString("}\n")
}

// dotText quotes a text. In it a backslash would start an escape of Graphviz's
// own, and entities of HTML are read.
func dotText(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(s)
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = term.Safe(lines[i])
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}
