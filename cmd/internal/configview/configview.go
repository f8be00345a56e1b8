// Package configview writes the effective configuration: every value, where it was set,
// and the rules that hold.
package configview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/config"
)

// A shown value is one line of the output.
type shown struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	origin
}

// An origin is where a value was set; all empty for a default.
type origin struct {
	File   string `json:"file,omitempty"`
	Line   uint32 `json:"line,omitempty"`
	Column uint32 `json:"column,omitempty"`
}

func originOf(o config.Origin) origin {
	return origin{o.File, o.Range.Start.Line, o.Range.Start.Column}
}

// String returns file:line, or default for what no configuration sets.
func (o origin) String() string {
	if o.File == "" {
		return "default"
	}
	return fmt.Sprintf("%s:%d", o.File, o.Line)
}

// shownRule is what holds for a rule.
type shownRule struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	Value  string  `json:"severity"` // off when it is
	Held   bool    `json:"held"`     // newer than rules_version
	Params []shown `json:"params"`
	origin
}

func settingsOf(s *config.Config) []shown {
	release := s.RulesVersion.Value
	if release == "" {
		release = "any"
	}
	return []shown{
		{"latency_threshold", s.Threshold.Value.String(), originOf(s.Threshold.From)},
		{"wait_limit", s.Wait.Value.String(), originOf(s.Wait.From)},
		{"rules_version", release, originOf(s.RulesVersion.From)},
		{"table", fmt.Sprintf("%d rows", len(s.Table.Value.Rows())), originOf(s.Table.From)},
	}
}

func rulesOf(s *config.Config) []shownRule {
	list := make([]shownRule, len(s.Rules))
	for i := range s.Rules {
		r := &s.Rules[i]
		list[i] = shownRule{Code: r.Rule.Code, Name: r.Rule.Name, Value: severityOf(r), Held: r.Pinned, Params: []shown{}, origin: originOf(r.Severity.From)}
		if r.Pinned {
			list[i].origin = originOf(s.RulesVersion.From)
		}
		for j, p := range r.Params {
			list[i].Params = append(list[i].Params, shown{r.Rule.Params[j].Name, r.Rule.Params[j].Format(p.Value), originOf(p.From)})
		}
	}
	return list
}

// A Page is what holds for a path.
type Page struct {
	*config.Config
	Path string
}

// Formats returns the formats of what holds for a path, the default first.
func Formats() []markup.Format[*Page] {
	return []markup.Format[*Page]{{Name: "text", Page: asText}, {Name: "json", Page: asJSON}}
}

func asJSON(w *markup.Writer, p *Page, _ term.Layout) {
	w.JSON(struct {
		Version  int         `json:"version"`
		Path     string      `json:"path"`
		Files    []string    `json:"files"` // the nearest first
		Settings []shown     `json:"settings"`
		Rules    []shownRule `json:"rules"`
	}{1, p.Path, append([]string{}, p.Files...), settingsOf(p.Config), rulesOf(p.Config)})
}

// asText writes a value a line, with where it was set.
func asText(w *markup.Writer, p *Page, l term.Layout) {
	from := "no " + config.Name
	if len(p.Files) > 0 {
		from = strings.Join(p.Files, ", built on ")
	}
	fmt.Fprintf(w, "%s: %s\n\n", l.Paint(term.Bold, term.Safe(p.Path)), term.Safe(from))
	settings, rules := settingsOf(p.Config), rulesOf(p.Config)
	wide := 0
	for _, r := range rules {
		wide = max(wide, term.Cells(r.Code+" "+r.Name))
	}
	row := func(name, value string, from origin) {
		style := term.Cyan
		if from.File == "" {
			style = term.Faint
		}
		fmt.Fprintf(w, "%s %s %s\n", term.Pad(name, wide), term.Pad(value, len("held back")), l.Paint(style, term.Safe(from.String())))
	}
	for _, v := range settings {
		row(v.Name, v.Value, v.origin)
	}
	w.WriteByte('\n')
	for _, r := range rules {
		value := r.Value
		if r.Held {
			value = "held back"
		}
		row(r.Code+" "+r.Name, value, r.origin)
		for _, v := range r.Params {
			row("      "+v.Name, v.Value, v.origin)
		}
	}
}
