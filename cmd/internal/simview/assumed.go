package simview

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/simulate"
)

// assumed says which facts no manifest gives, and what was taken.
func (t *texter) assumed() {
	t.head("Assumed, because no manifest declares it")
	none := true
	for i, v := range t.Variants {
		for k := range v.Assumed {
			a := v.Assumed[k]
			if i > 0 && t.told(&a) {
				continue
			}
			none = false
			t.assumption(v.Prepared, &a, i > 0)
		}
	}
	if none {
		t.line(term.Plain, "  ", "nothing")
	}
	if p := t.Variants[0].Prepared; len(p.Unsimulated) > 0 {
		t.line(term.Plain, "  ", "not simulated: the cache or hedging of "+t.names(p, p.Unsimulated))
	}
}

// told takes from an assumption of a later variant the steps for which the first assumes
// the same, and reports whether nothing is left.
func (t *texter) told(a *simulate.Assumption) bool {
	first := t.Variants[0].Assumed
	i := slices.IndexFunc(first, func(o simulate.Assumption) bool { return a.Guess == o.Guess && a.Value == o.Value })
	if i < 0 {
		return false
	}
	a.Steps = slices.DeleteFunc(slices.Clone(a.Steps), func(s int32) bool { return slices.Contains(first[i].Steps, s) })
	return len(a.Steps) == 0
}

func (t *texter) assumption(p *simulate.Prepared, a *simulate.Assumption, later bool) {
	words := fmt.Sprintf("%s: %s", a.Fact(), a.Instead())
	if why := a.Why(); why != "" {
		words += " (" + why + ")"
	}
	if len(a.Steps) > 0 {
		words += ", for " + t.names(p, a.Steps)
	}
	if later {
		words = p.Variant.String() + ": " + words
	}
	t.hang(words)
}

// names lists steps, or says that all are meant.
func (t *texter) names(p *simulate.Prepared, steps []int32) string {
	const most = 4
	var names []string
	for _, i := range steps {
		name := p.Steps[i].Name
		name = name[strings.LastIndexByte(name, '/')+1:]
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > most {
		return fmt.Sprintf("%s, and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return text.List(names, "and")
}
