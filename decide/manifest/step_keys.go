package manifest

import (
	"fmt"

	"waitornot/decide/yamlfile"
)

// readCount reads a number, or the names in a list.
func readCount(w *yamlfile.Walker, v yamlfile.Value, to *Field[int], named *[]Field[string]) {
	if !v.IsList() {
		lang := yamlfile.Number(1)
		lang.Want = "a number, or a list of names"
		yamlfile.ReadScalar(w, v, &lang, to)
		return
	}
	names := yamlfile.Name()
	w.List(v, func(item yamlfile.Value) {
		var f Field[string]
		if yamlfile.ReadScalar(w, item, &names, &f); f.Set() {
			*named = append(*named, f)
		}
	})
	switch n := len(*named); {
	case n > 0:
		*to = Field[int]{Value: n, Range: w.Place(v)}
	case v.Len() == 0:
		w.Report(yamlfile.ImpossibleValue, w.Place(v), w.Path()+" is empty: a message has at least one consumer", "name the consumers, or leave it out")
	}
}

// MaxGroups is how deep groups of steps may be nested.
const MaxGroups = 8

// readSteps reads the steps of a journey, or of a group at the given depth.
func readSteps(w *yamlfile.Walker, v yamlfile.Value, depth int) []Step {
	if depth > MaxGroups {
		w.Report(yamlfile.TooDeep, w.Place(v), fmt.Sprintf("%s holds groups in groups, more than %d deep", w.Path(), MaxGroups),
			"flatten the groups: all steps of a group run in parallel")
		return nil
	}
	var steps []Step
	names := yamlfile.Name()
	names.Want = "the name of an operation, or a list of them"
	w.List(v, func(item yamlfile.Value) {
		if item.IsList() {
			if group := readSteps(w, item, depth+1); len(group) > 0 {
				steps = append(steps, Step{Parallel: group})
			}
			return
		}
		var s Step
		if yamlfile.ReadScalar(w, item, &names, &s.Operation); s.Operation.Set() {
			steps = append(steps, s)
		}
	})
	if v.IsList() && v.Len() == 0 {
		w.Report(yamlfile.ImpossibleValue, w.Place(v), w.Path()+" is empty: expected at least one operation", "")
	}
	return steps
}
