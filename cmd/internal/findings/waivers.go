package findings

import (
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

// WaiverFormats returns the formats of a list of waivers, the default first.
func WaiverFormats() []markup.Format[[]Waiver] {
	return []markup.Format[[]Waiver]{{Name: "text", Page: waiversText}, {Name: "json", Page: waiversJSON}}
}

func waiversJSON(w *markup.Writer, rows []Waiver, _ term.Layout) {
	w.JSON(struct {
		Version int      `json:"version"`
		Waivers []Waiver `json:"waivers"`
	}{1, append([]Waiver{}, rows...)})
}

// waiversText writes waivers in columns, and how many there are.
func waiversText(w *markup.Writer, rows []Waiver, l term.Layout) {
	lines := [][]string{{"UNTIL", "", "RULE", "OPERATION", "OWNER"}}
	for _, r := range rows {
		lines = append(lines, []string{r.Until, away(r.Days), term.Safe(r.Rule), term.Safe(r.Operation), term.Safe(r.Owner)})
	}
	if len(rows) > 0 {
		wide := make([]int, len(lines[0]))
		for _, line := range lines {
			for k, cell := range line {
				wide[k] = max(wide[k], term.Cells(cell))
			}
		}
		for i, line := range lines {
			row := ""
			for k, cell := range line {
				row += term.Pad(cell, wide[k]+2)
			}
			w.WriteString(strings.TrimRight(row, " ") + "\n")
			if i > 0 {
				for _, part := range term.Wrap(term.Safe(rows[i-1].Reason), l.Width-12) {
					w.WriteString("            " + part + "\n")
				}
			}
		}
		w.WriteString("\n")
	}
	w.WriteString(text.Count(len(rows), "waiver") + "\n")
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
