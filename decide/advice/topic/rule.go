package topic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// rules returns the rules of reading, the catalogue, and those of a run.
func (lib *Library) rules() []Topic {
	var list []Topic
	for _, r := range manifest.Rules() {
		list = append(list, Topic{
			Kind: Rule, Code: r.Code, Name: r.Name, Title: r.Code + " " + r.Name, Summary: r.Summary,
			sections: func() []Section {
				return filled(severity(r.Severity), Section{Title: "what", Text: sentence(r.Summary)},
					Section{Title: "why", Text: r.Why}, Section{Title: "fix", Text: r.Fix})
			},
		})
	}
	for _, r := range append(lib.Rules[:len(lib.Rules):len(lib.Rules)], lint.EngineRules()...) {
		list = append(list, lib.rule(r))
	}
	return list
}

func (lib *Library) rule(r *lint.Rule) Topic {
	return Topic{Kind: Rule, Code: r.Code, Name: r.Name, Title: r.Code + " " + r.Name, Summary: r.Summary, sections: func() []Section {
		params := Section{Title: "parameters"}
		for _, p := range r.Params {
			params.Items = append(params.Items, Item{p.Name, fmt.Sprintf("%s (default %s)", p.Doc, amount(p))})
		}
		return filled(
			severity(r.Severity),
			Section{Title: "what", Text: sentence(r.Summary)},
			Section{Title: "why", Text: r.Doc.Why},
			Section{Title: "fix", Text: r.Doc.Fix},
			Section{Title: "reads", Text: readsText(r)},
			params,
			Section{Title: "since", Text: r.Since},
			lib.from(r.Doc.Sources),
			Section{Title: "bad", Lines: example(r.Doc.Bad)},
			Section{Title: "good", Lines: example(r.Doc.Good)},
		)
	}}
}

// readsText lists the facts that a rule needs, and those that it reads where they are given.
// Of the mode it says which ones the rule looks at, unless it looks at all.
func readsText(r *lint.Rule) string {
	needed := slices.DeleteFunc(slices.Clone(r.Reads), func(field string) bool { return slices.Contains(r.Optional, field) })
	if i := slices.Index(needed, "mode"); i >= 0 && r.Modes != 0 && r.Modes != decide.SetOf(decide.Sync, decide.Async, decide.Hybrid) {
		needed[i] += " (" + r.Modes.String() + ")"
	}
	text := strings.Join(needed, ", ")
	if len(r.Optional) > 0 {
		text += "; where given: " + strings.Join(r.Optional, ", ")
	}
	return text
}

func severity(s diag.Severity) Section { return Section{Title: "severity", Text: s.String()} }

// sentence writes a summary as a sentence.
func sentence(summary string) string {
	if summary == "" {
		return ""
	}
	return strings.ToUpper(summary[:1]) + summary[1:] + "."
}

func example(manifest string) []string {
	if manifest == "" {
		return nil
	}
	return lines(manifest)
}

// amount writes the default of a parameter as a configuration would.
func amount(p lint.Param) string {
	switch p.Unit {
	case lint.Share:
		return strconv.FormatFloat(p.Default*100, 'g', 6, 64) + "%"
	case lint.Seconds:
		return manifest.FormatDuration(time.Duration(p.Default * float64(time.Second)))
	}
	return strconv.FormatFloat(p.Default, 'g', -1, 64)
}
