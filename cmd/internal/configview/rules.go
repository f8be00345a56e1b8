package configview

import (
	"fmt"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/config"
)

// RuleFormats returns the formats of the list of rules that hold, the default first.
func RuleFormats() []markup.Format[*config.Config] {
	return []markup.Format[*config.Config]{{Name: "text", Page: rulesText}, {Name: "json", Page: rulesJSON}}
}

// rulesText writes one line for each rule.
func rulesText(w *markup.Writer, s *config.Config, l term.Layout) {
	wide := 0
	for _, r := range s.Rules {
		wide = max(wide, term.Cells(r.Rule.Name))
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		style := term.Faint
		if r.On() {
			style = term.SeverityStyle(r.Severity.Value)
		}
		fmt.Fprintf(w, "%s  %s  %s  %s\n", term.Safe(r.Rule.Code), l.Paint(style, term.Pad(severityOf(r), len("warning"))),
			l.Paint(term.Bold, term.Pad(term.Safe(r.Rule.Name), wide)), term.Safe(r.Rule.Summary))
	}
}

// A listedRule is a rule as rules list writes it in JSON.
type listedRule struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Severity string `json:"severity"` // off when it is
	Summary  string `json:"summary"`
	Custom   bool   `json:"custom"`
}

func rulesJSON(w *markup.Writer, s *config.Config, _ term.Layout) {
	list := []listedRule{}
	for i := range s.Rules {
		r := &s.Rules[i]
		list = append(list, listedRule{r.Rule.Code, r.Rule.Name, severityOf(r), r.Rule.Summary, r.Rule.Custom})
	}
	w.JSON(struct {
		Version int          `json:"version"`
		Rules   []listedRule `json:"rules"`
	}{1, list})
}

// severityOf returns how severe the findings of a rule are, or off.
func severityOf(r *config.RuleConfig) string {
	if r.On() {
		return r.Severity.Value.String()
	}
	return config.SeverityOff
}
