package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/decide"
)

// A matrix says how often groups call each other, where lines between them could not be
// told apart.
type matrix struct {
	Columns []string
	Rows    []matrixRow
}

type matrixRow struct {
	Name  string
	Group int
	Cells []matrixCell
}

// A matrixCell is what one group calls of another.
type matrixCell struct {
	Text, Class string
	Title       []string // one line for each operation
}

// between returns a diagram without what its nodes do within themselves.
func between(d *diagram.Diagram) *diagram.Diagram {
	out := *d
	out.Edges = slices.DeleteFunc(slices.Clone(d.Edges), func(e diagram.Edge) bool { return e.From == e.To })
	return &out
}

// isDense reports whether a diagram has too many lines to follow them.
func isDense(d *diagram.Diagram) bool { return len(d.Edges) > 2*len(d.Nodes) }

// matrixOf turns a diagram of groups into a matrix, those that call most before those that
// are called most: what stands below the diagonal goes against that order.
func matrixOf(d *diagram.Diagram) *matrix {
	n := len(d.Nodes)
	balance, order := make([]int, n), make([]int, n)
	for i := range order {
		order[i] = i
	}
	type pair struct{ from, to int }
	cells := map[pair][]*diagram.Edge{}
	for i := range d.Edges {
		e := &d.Edges[i]
		balance[e.From] += e.Weight
		balance[e.To] -= e.Weight
		cells[pair{e.From, e.To}] = append(cells[pair{e.From, e.To}], e)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(balance[b], balance[a]) })
	m := &matrix{}
	for _, from := range order {
		m.Columns = append(m.Columns, d.Nodes[from].Name)
		row := matrixRow{Name: d.Nodes[from].Name, Group: d.Nodes[from].Ref}
		for _, to := range order {
			row.Cells = append(row.Cells, cellOf(cells[pair{from, to}], from == to))
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

func cellOf(edges []*diagram.Edge, own bool) matrixCell {
	c := matrixCell{}
	if own {
		c.Class = "own"
	}
	count, waits, differs, over := 0, 0, false, false
	for _, e := range edges {
		count += len(e.Refs)
		if e.Mode != decide.Async {
			waits += len(e.Refs)
		}
		differs, over = differs || e.Differs, over || e.Over
		c.Title = append(c.Title, strings.Split(e.Remark, "\n")...)
	}
	if count == 0 {
		return c
	}
	c.Text = fmt.Sprint(count)
	switch {
	case waits == count:
		c.Class += " sync"
	case waits == 0:
		c.Class += " async"
	default:
		c.Class += " hybrid"
	}
	if differs {
		c.Class += " differs"
	}
	if over {
		c.Class += " over"
	}
	return c
}
