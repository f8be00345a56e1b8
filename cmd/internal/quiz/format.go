package quiz

import (
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
)

// A Page is what a command of practice writes without asking anything.
type Page struct {
	Text func(Writer) string
	JSON func() any
}

// Formats returns the formats of such pages, the default first.
func Formats() []markup.Format[Page] {
	return []markup.Format[Page]{
		{Name: "text", Page: func(w *markup.Writer, p Page, l term.Layout) {
			w.WriteString(p.Text(Writer{Painter: l.Painter, Width: l.Width}))
		}},
		{Name: "json", Page: func(w *markup.Writer, p Page, _ term.Layout) { w.JSON(p.JSON()) }},
	}
}
