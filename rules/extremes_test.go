package rules

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"waitornot/decide/diag"
)

// extremes are other values for a fact: tiny, huge, one, all and nearly all.
func extremes(value string) []string {
	switch {
	case regexp.MustCompile(`^[\d.]+(ms|s|m|h)([\d.]+(s|m))?$`).MatchString(value):
		return []string{"1ms", "1s", "59999ms", "90m", "100000h"}
	case regexp.MustCompile(`^[\d.]+/[smhd]$`).MatchString(value):
		return []string{"0.0001/s", "1/s", "1/h", "1000000000/s", "39.9999/s"}
	case regexp.MustCompile(`^[\d.]+%$`).MatchString(value):
		return []string{"1%", "50%", "99.9999999%", "100%"}
	case regexp.MustCompile(`^\d+$`).MatchString(value):
		return []string{"1", "2", "3", "1000000000"}
	case regexp.MustCompile(`^\d+[KMG]B$`).MatchString(value):
		return []string{"1KB", "1GB", "1000000GB"}
	}
	return nil
}

// nonsense is what no finding may say.
var nonsense = map[string]*regexp.Regexp{
	"a number that nobody reads":  regexp.MustCompile(`\de\+\d|NaN|Inf|\d{8,}|%!`),
	"a plural of one":             regexp.MustCompile(`(^|[^\d.,])1 (operations|services|calls|times|attempts|places|messages|consumers|steps|layers|deliveries|requests|days|layers retry)\b`),
	"a singular of many":          regexp.MustCompile(`([^\d.,]0|[2-9]|\d\d) (operation|service|call|attempt|place|message|consumer|step|layer|request|day)\b`),
	"a decimal that says nothing": regexp.MustCompile(`\d\.0+( |%|s\b)`),
	"nothing as a number":         regexp.MustCompile(`(^| )0(s|ms|%|/s| times| of| calls| places)?( |$|,|:)`),
	"a duration in nanoseconds":   regexp.MustCompile(`\d(ns|µs)\b|2562047h`),
}

// Whatever the numbers, findings are put as people put them.
func TestFindingsAtExtremes(t *testing.T) {
	for _, r := range All() {
		t.Run(r.Name, func(t *testing.T) {
			d := documentOf(t, r.Doc.Bad)
			d.vary(func(what string) {
				for _, f := range runRules(t, d.text(t), r) {
					if wrong := illPut(f); wrong != "" {
						t.Errorf("with %s: %s %s: %s in %q (fix: %s)", what, f.Code, f.Rule, wrong, f.Message, f.Fix)
					}
				}
			})
		})
	}
}

// illPut says what is wrong with how a finding is put, "" for nothing.
func illPut(f diag.Finding) string {
	if wrong := illWorded(f); wrong != "" {
		return wrong
	}
	for _, text := range append([]string{f.Message, f.Fix}, relatedTexts(f)...) {
		for what, form := range nonsense {
			if m := form.FindString(text); m != "" {
				return what + " (" + strings.TrimSpace(m) + ")"
			}
		}
		if form := regexp.MustCompile(`busy 100%|100% of the time, below|99.999999% of the time, below its objective of 99.99%`); form.MatchString(text) {
			return "all of the time where some is left"
		}
	}
	return ""
}

// vary calls do with the manifest as it is with each number replaced by each of its
// extremes, and with all numbers of a kind replaced together.
func (d document) vary(do func(what string)) {
	var scalars []*yaml.Node
	for _, n := range d {
		scalars = append(scalars, scalarsOf(n)...)
	}
	for _, s := range scalars {
		was := s.Value
		for _, x := range extremes(was) {
			s.Value = x
			do(was + " as " + x)
			for _, other := range scalars { // two at a time meet where one alone is no fault
				if keep := other.Value; other != s && slices.Contains(extremes(keep), x) {
					other.Value = x
					do(was + " and " + keep + " as " + x)
					other.Value = keep
				}
			}
		}
		s.Value = was
	}
}

func scalarsOf(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	var list []*yaml.Node
	for i, c := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			list = append(list, scalarsOf(c)...)
		}
	}
	return list
}
