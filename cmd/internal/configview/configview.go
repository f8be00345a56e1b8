// Package configview writes the effective configuration: every value, and where it was set.
package configview

import (
	"fmt"
	"io"
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
		list[i] = shownRule{Code: r.Rule.Code, Name: r.Rule.Name, Value: "off", Held: r.Pinned, Params: []shown{}, origin: originOf(r.Severity.From)}
		if r.On() {
			list[i].Value = r.Severity.Value.String()
		}
		if r.Pinned {
			list[i].origin = originOf(s.RulesVersion.From)
		}
		for j, p := range r.Params {
			list[i].Params = append(list[i].Params, shown{r.Rule.Params[j].Name, r.Rule.Params[j].Format(p.Value), originOf(p.From)})
		}
	}
	return list
}

// JSON writes what holds for a path as a JSON document.
func JSON(w io.Writer, path string, s *config.Config) error {
	return markup.WriteJSON(w, struct {
		Version  int         `json:"version"`
		Path     string      `json:"path"`
		Files    []string    `json:"files"` // the nearest first
		Settings []shown     `json:"settings"`
		Rules    []shownRule `json:"rules"`
	}{1, path, append([]string{}, s.Files...), settingsOf(s), rulesOf(s)})
}

// Text writes what holds for a path for people: a value a line, with where it was set.
func Text(w io.Writer, p term.Painter, path string, s *config.Config) error {
	var out strings.Builder
	from := "no " + config.Name
	if len(s.Files) > 0 {
		from = strings.Join(s.Files, ", built on ")
	}
	fmt.Fprintf(&out, "%s: %s\n\n", p.Paint(term.Bold, term.Safe(path)), term.Safe(from))
	settings, rules := settingsOf(s), rulesOf(s)
	wide := 0
	for _, r := range rules {
		wide = max(wide, term.Cells(r.Code+" "+r.Name))
	}
	row := func(name, value string, from origin) {
		style := term.Cyan
		if from.File == "" {
			style = term.Faint
		}
		fmt.Fprintf(&out, "%s %s %s\n", term.Pad(name, wide), term.Pad(value, len("held back")), p.Paint(style, term.Safe(from.String())))
	}
	for _, v := range settings {
		row(v.Name, v.Value, v.origin)
	}
	out.WriteByte('\n')
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
	_, err := io.WriteString(w, out.String())
	return err
}
