package simview

import (
	"slices"
	"strings"

	"waitornot/cmd/internal/term"
)

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
		c = t.fit(c)
		if i+1 < len(cells) {
			c = term.Pad(c, t.column())
		}
		row += c
	}
	return strings.TrimRight(row, " ")
}

// fit keeps a cell in its column: an interval that doesn't fit is left out as a whole, since
// half of one would be a wrong one.
func (t *texter) fit(cell string) string {
	fits := func(c string) bool { return term.Cells(t.plain(c)) < t.column() }
	if number, _, found := strings.Cut(cell, " ±"); found && !fits(cell) {
		cell = number
	}
	if !fits(cell) {
		cell = term.Cut(cell, t.column()-1)
	}
	return t.plain(cell)
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

// place writes below a row which step of each variant it is about: once when that is the
// same in all, and below each other when they don't fit beside each other.
func (t *texter) place(names []string) {
	wide := func(n string) bool { return term.Cells(n) >= t.column() }
	switch {
	case !slices.ContainsFunc(names, func(n string) bool { return n != "" }):
	case !slices.ContainsFunc(names, func(n string) bool { return n != names[0] }):
		if t.stacked() || term.Cells(names[0]) > t.Width-labelWidth {
			t.spot(names[0])
		} else {
			t.WriteString(term.Pad(placeLabel, labelWidth) + names[0] + "\n")
		}
	case t.stacked() || slices.ContainsFunc(names, wide):
		for i, n := range names {
			if n != "" {
				t.spot(n + " (" + t.Variants[i].Variant.String() + ")")
			}
		}
	default:
		t.row("  at", names)
	}
}

// placeLabel stands before the name of a step.
const placeLabel = "    at "

// spot writes a name in a line of its own.
func (t *texter) spot(name string) {
	left := t.Width - len(placeLabel)
	if term.Cells(name) > left {
		name = t.plain(term.Cut(name, left-2)) // an ellipsis takes up to three columns
	}
	t.WriteString(placeLabel + name + "\n")
}
