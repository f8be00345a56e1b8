package trace

import (
	"maps"
	"slices"
	"strings"
)

// What a single path can't tell, many can: names of things that differ in one part.
const (
	alikeParts = 3   // of one shape, as sku-7 and sku-12 are, from which on a part is {id}
	manyParts  = 100 // of any shape
)

// fold gives operations one name whose paths differ in one part alone, where that part
// has at least three values that are alike but for their digits, or a hundred of any sort.
// Versions such as v1 and v2 stay.
func fold(groups map[named]*operation) {
	longest := 0
	for n := range groups {
		if _, path, ok := pathIn(n); ok {
			longest = max(longest, strings.Count(path, "/"))
		}
	}
	for at := 1; at <= min(longest, 20); at++ {
		families := make(map[named]map[string][]named) // by the name without the part, then by its value
		for n := range groups {
			value, rest, ok := cutPart(n, at)
			if !ok || isTemplatePart(value) {
				continue
			}
			if families[rest] == nil {
				families[rest] = make(map[string][]named)
			}
			families[rest][value] = append(families[rest][value], n)
		}
		for rest, values := range families {
			for value := range foldable(values) {
				for _, n := range values[value] {
					rename(groups, n, withPart(rest, at, "{id}"))
				}
			}
		}
	}
}

// foldable returns the values of a part that stand for one thing out of many.
func foldable(values map[string][]named) map[string]bool {
	shapes := make(map[string][]string)
	for _, v := range slices.Sorted(maps.Keys(values)) {
		if s := shape(v); s != "" {
			shapes[s] = append(shapes[s], v)
		}
	}
	out := make(map[string]bool)
	for _, list := range shapes {
		for _, v := range list {
			if len(list) >= alikeParts || len(values) >= manyParts {
				out[v] = true
			}
		}
	}
	if len(values) >= manyParts {
		for v := range values {
			out[v] = true
		}
	}
	return out
}

// shape returns a value with its digits left out, or "" when it has none or is a version.
func shape(value string) string {
	bare := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, value)
	if bare == value || bare == "v" || bare == "V" {
		return ""
	}
	return bare + "#"
}

func isTemplatePart(value string) bool { return strings.HasPrefix(value, "{") || value == "" }

// pathIn splits the name of a request in its verb and its path.
func pathIn(n named) (verb, path string, ok bool) {
	verb, path, ok = strings.Cut(n.text, " ")
	return verb, path, ok && !n.message && strings.HasPrefix(path, "/")
}

// cutPart takes the part at a place out of the path, counted from 1.
func cutPart(n named, at int) (value string, rest named, ok bool) {
	verb, path, ok := pathIn(n)
	parts := strings.Split(path, "/")
	if !ok || at >= len(parts) {
		return "", named{}, false
	}
	value, parts[at] = parts[at], ""
	n.text = verb + " " + strings.Join(parts, "/")
	return value, n, true
}

// withPart puts a part where cutPart took one out.
func withPart(n named, at int, value string) named {
	verb, path, _ := strings.Cut(n.text, " ")
	parts := strings.Split(path, "/")
	parts[at] = value
	n.text = verb + " " + strings.Join(parts, "/")
	return n
}

func rename(groups map[named]*operation, from, to named) {
	o := groups[from]
	delete(groups, from)
	if groups[to] == nil {
		groups[to] = o
	} else {
		groups[to].merge(o)
	}
}
