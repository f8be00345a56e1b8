package manifest

import (
	"slices"
	"strings"

	"waitornot/decide/yamlfile"
)

// A ValueChange is a value that two versions give differently, as manifests write it. From and To
// are empty where a version doesn't give it, and both are where a key holds what no line
// could show, as lists of steps and waivers do.
type ValueChange struct {
	Path     string // retry.attempts
	From, To string
}

// Changes returns the values behind the keys that Differing returns, in their order.
func Changes(a, b *Operation) []ValueChange {
	return changes(format().operation, a, b, Differing(a, b))
}

// ChangesOfJourney is Changes for the keys of journeys.
func ChangesOfJourney(a, b *Journey) []ValueChange {
	return changes(format().journey, a, b, DifferingJourney(a, b))
}

// ChangesOfBroker is Changes for the keys of brokers.
func ChangesOfBroker(a, b *Broker) []ValueChange {
	return changes(format().broker, a, b, DifferingBroker(a, b))
}

// ChangesOfDocument is Changes for what documents say of their services.
func ChangesOfDocument(a, b *Document) []ValueChange {
	return changes(format().document, &header{Document: a}, &header{Document: b}, DifferingDocument(a, b))
}

func changes[T any](table *yamlfile.Table[T], a, b *T, keys []string) []ValueChange {
	if len(keys) == 0 {
		return nil
	}
	known := map[string][]ValueChange{}
	add := func(x *T, put func(c *ValueChange, text string)) {
		table.Leaves(x, func(l yamlfile.Leaf) {
			key, _, _ := strings.Cut(l.Path, ".")
			if !slices.Contains(keys, key) {
				return
			}
			i := slices.IndexFunc(known[key], func(c ValueChange) bool { return c.Path == l.Path })
			if i < 0 {
				i = len(known[key])
				known[key] = append(known[key], ValueChange{Path: l.Path})
			}
			put(&known[key][i], textOf(&l))
		})
	}
	add(a, func(c *ValueChange, text string) { c.From = text })
	add(b, func(c *ValueChange, text string) { c.To = text })
	var list []ValueChange
	for _, key := range keys {
		told := slices.DeleteFunc(known[key], func(c ValueChange) bool { return c.From == c.To })
		if len(told) == 0 {
			told = []ValueChange{{Path: key}}
		}
		list = append(list, told...)
	}
	return list
}
