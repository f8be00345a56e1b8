package diagram

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
)

// WriteMermaid writes a flowchart. Solid arrows are waited for, dotted ones are
// not, thick ones are hybrid.
func (d *Diagram) WriteMermaid(w *markup.Writer) {
	w.WriteString("flowchart LR\n")
	for i, n := range d.Nodes {
		left, right := "[", "]"
		if n.External {
			left, right = "([", "])"
		}
		if n.Work {
			left, right = "[/", "/]"
		}
		fmt.Fprintf(w, "  n%d%s\"%s\"%s\n", i, left, mermaidText(n.Name), right)
	}
	if d.Hidden > 0 {
		fmt.Fprintf(w, "  rest[\"%s left out\"]\n  style rest stroke-dasharray:3 3\n", text.Count(d.Hidden, "operation"))
	}
	var differs, over []string
	for i, e := range d.Edges {
		arrow := map[decide.Verdict]string{decide.Sync: "-->", decide.Async: "-.->", decide.Hybrid: "==>", decide.Undecided: "---"}[e.Mode]
		fmt.Fprintf(w, "  n%d %s|\"%s\"| n%d\n", e.From, arrow, mermaidText(e.Label), e.To)
		switch {
		case e.Over:
			over = append(over, fmt.Sprint(i))
		case e.Differs:
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

// longestName is how many columns of a name a diagram's source shows.
const longestName = 60

// mermaidText escapes a text between quotes. Mermaid reads entities in it, by number
// and with # in the place of &; $$ would begin a formula, and fa: an icon.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range term.Cut(term.Safe(orUnnamed(s)), longestName) {
		if strings.ContainsRune("\"#&<>`\\{}[]()|;%$:", r) {
			fmt.Fprintf(&b, "#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// WriteDot writes a graph for Graphviz.
func (d *Diagram) WriteDot(w *markup.Writer) {
	w.WriteString("digraph waitornot {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n")
	for i, n := range d.Nodes {
		attributes := "label=" + dotText(n.Name)
		if n.External {
			attributes += ", style=\"rounded,dashed\""
		}
		if n.Work {
			attributes += ", shape=plain"
		}
		fmt.Fprintf(w, "  n%d [%s];\n", i, attributes)
	}
	for _, e := range d.Edges {
		style := map[decide.Verdict]string{
			decide.Sync: "style=solid", decide.Async: "style=dashed",
			decide.Hybrid: "style=solid, color=\"black:invis:black\"", decide.Undecided: "style=dotted",
		}[e.Mode]
		switch {
		case e.Over && e.Mode == decide.Hybrid:
			style = "style=solid, penwidth=2, color=\"red:invis:red\""
		case e.Over:
			style += ", color=red, penwidth=2"
		case e.Differs:
			style += ", fontcolor=\"#b45309\""
		}
		fmt.Fprintf(w, "  n%d -> n%d [label=%s, tooltip=%s, %s];\n", e.From, e.To, dotText(e.Label), dotText(e.Remark), style)
	}
	w.WriteString("}\n")
}

// dotText quotes a text. In it a backslash would start an escape of Graphviz's
// own, and entities of HTML are read.
func dotText(s string) string {
	lines := strings.Split(orUnnamed(s), "\n")
	for i := range lines {
		lines[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(term.Safe(lines[i]))
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}
