package topic

import (
	"strings"

	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// keyTopics explains every key of a manifest, in the order of a manifest. A key of an
// operation has its path for a name: delivery.broker; those of journeys and brokers
// say so. Places that share a path are sections of one topic.
func (lib *Library) keyTopics() []Topic {
	var list []Topic
	var places [][]place // by topic
	at := map[string]int{}
	var walk func(where, prefix string, keys []manifest.Key)
	walk = func(where, prefix string, keys []manifest.Key) {
		for i := range keys {
			k := &keys[i]
			if k.Name == "operations" && prefix == "" {
				walk("operation", "", k.Items.Keys)
				continue
			}
			path := prefix + k.Name
			if _, there := at[path]; !there {
				at[path] = len(list)
				list = append(list, Topic{Kind: Key, Name: path, Title: "Key of a manifest", Summary: k.Doc, Aliases: lastOf(path)})
				places = append(places, nil)
			}
			places[at[path]] = append(places[at[path]], place{where, k})
			walk(where, path+".", k.Keys)
			if k.Items != nil {
				walk(strings.TrimSuffix(k.Name, "s"), path+".", k.Items.Keys)
			}
		}
	}
	walk("document", "", manifest.Schema().Keys)
	for i := range list {
		list[i].sections = func() []Section {
			var s []Section
			for _, p := range places[i] {
				s = append(s, Section{Title: p.where, Text: p.key.Doc}, Section{Title: "value", Text: Takes(p.key)})
			}
			return append(s, filled(lib.readers(list[i].Name))...)
		}
	}
	return list
}

// A place is where a key may stand.
type place struct {
	where string
	key   *manifest.Key
}

// lastOf returns the last part of a path that has several.
func lastOf(path string) []string {
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return []string{path[i+1:]}
	}
	return nil
}

// readers lists the rules that read a key.
func (lib *Library) readers(path string) Section {
	s := Section{Title: "read by"}
	for _, r := range lib.Rules {
		if reads(r, path) {
			s.Items = append(s.Items, Item{r.Code, r.Summary})
		}
	}
	return s
}

func reads(r *lint.Rule, path string) bool {
	for _, field := range r.Reads {
		if isPart(field, path) || isPart(path, field) {
			return true
		}
	}
	return false
}

// isPart reports whether a path is another, or lies in it.
func isPart(path, of string) bool {
	rest, within := strings.CutPrefix(path, of)
	return within && (rest == "" || rest[0] == '.')
}

// Takes says in words what a key takes: "yes or no", "a duration: 250ms, 2s, 1h30m; required".
func Takes(k *manifest.Key) string {
	what := map[yamlfile.Kind]string{
		yamlfile.TextKind: "a string", yamlfile.ProseKind: "a string of any length", yamlfile.YesNoKind: "yes or no", yamlfile.NumberKind: "a whole number",
		yamlfile.CountKind: "a number, or a list of names", yamlfile.DurationKind: "a duration: 250ms, 2s, 1h30m",
		yamlfile.RateKind: "a rate: 40/s, 10/m", yamlfile.SizeKind: "a size: 256KB", yamlfile.ShareKind: "a share: 99.9% or 0.999",
		yamlfile.DateKind: "a date: 2027-03-31", yamlfile.StepsKind: "a list of operations; those in a nested list run in parallel",
		yamlfile.MappingKind: "a mapping", yamlfile.ListKind: "a list",
	}[k.Kind]
	switch {
	case k.Kind == yamlfile.ListKind && k.Items != nil && len(k.Items.Words) > 0:
		what = "a list of " + strings.Join(k.Items.Words, ", ")
	case k.Kind == yamlfile.WordKind:
		what = strings.Join(k.Words, ", ")
	case len(k.Words) > 0:
		what = strings.Join(k.Words, ", ") + ", or " + what
	}
	if k.Required {
		what += "; required"
	}
	return what
}
