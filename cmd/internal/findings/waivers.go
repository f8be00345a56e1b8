package findings

import (
	"io"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
)

// A Waiver is a waiver as it's listed.
type Waiver struct {
	Until     string `json:"until"` // the last day on which it holds
	Days      int    `json:"days"`  // from today; negative when it has expired
	Rule      string `json:"rule"`
	Operation string `json:"operation"`
	Owner     string `json:"owner"`
	Reason    string `json:"reason"`
	File      string `json:"file"`
	Line      uint32 `json:"line"`
}

// WaiversJSON writes waivers as a JSON document.
func WaiversJSON(w io.Writer, rows []Waiver) error {
	if rows == nil {
		rows = []Waiver{}
	}
	return markup.WriteJSON(w, struct {
		Version int      `json:"version"`
		Waivers []Waiver `json:"waivers"`
	}{1, rows})
}

// WaiversText writes waivers in columns, for people, and how many there are.
func WaiversText(w io.Writer, rows []Waiver, width int) error {
	lines := [][]string{{"UNTIL", "", "RULE", "OPERATION", "OWNER"}}
	for _, r := range rows {
		lines = append(lines, []string{r.Until, away(r.Days), term.Safe(r.Rule), term.Safe(r.Operation), term.Safe(r.Owner)})
	}
	var b strings.Builder
	if len(rows) > 0 {
		wide := make([]int, len(lines[0]))
		for _, l := range lines {
			for k, cell := range l {
				wide[k] = max(wide[k], term.Cells(cell))
			}
		}
		for i, l := range lines {
			row := ""
			for k, cell := range l {
				row += term.Pad(cell, wide[k]+2)
			}
			b.WriteString(strings.TrimRight(row, " ") + "\n")
			if i > 0 {
				for _, part := range term.Wrap(term.Safe(rows[i-1].Reason), width-12) {
					b.WriteString("            " + part + "\n")
				}
			}
		}
		b.WriteString("\n")
	}
	b.WriteString(text.Count(len(rows), "waiver") + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// away says how far away a day is.
func away(days int) string {
	switch {
	case days < 0:
		return "expired"
	case days == 0:
		return "today"
	}
	return "in " + text.Count(days, "day")
}
