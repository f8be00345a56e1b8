package config

import (
	"slices"

	"waitornot/decide/yamlfile"
)

// guards returns what the configurations of the folders above have locked and a chain
// does not build on: a lock holds for all below, or a folder could lift it by having a
// configuration of its own.
func (l *Loader) guards(chain, above []*configFile) []*configFile {
	var list []*configFile
	known := newConfig(l.rulesOf(slices.Concat(chain, above)), l.Table, l.Limits)
	for _, f := range above {
		there := slices.ContainsFunc(chain, func(c *configFile) bool { return c.path == f.path })
		if len(f.Locked) > 0 && !there {
			list = append(list, f.guard(known))
		}
	}
	return list
}

// guard returns the file with nothing but its locks and what they hold, of the rules
// that are known.
func (f *configFile) guard(known *Config) *configFile {
	g := &configFile{File: &File{Name: f.Name, Locked: f.Locked}, path: f.path, home: f.home, preset: f.preset, tables: f.tables, checked: true}
	locked := func(words ...string) bool {
		return slices.ContainsFunc(f.Locked, func(l yamlfile.Field[string]) bool { return slices.Contains(words, l.Value) })
	}
	if locked(lockVersion) {
		g.RulesVersion = f.RulesVersion
	}
	if locked(lockThreshold) {
		g.Threshold = f.Threshold
	}
	if locked(lockWait) {
		g.Wait = f.Wait
	}
	if locked(lockTable) && f.Table.Set() {
		g.Table = f.Table
		g.tables[&g.Settings] = f.tables[&f.Settings]
	}
	for _, r := range f.custom {
		if locked(r.Code, r.Name) {
			g.custom = append(g.custom, r)
		}
	}
	for _, s := range f.Rules {
		if f.locksRule(s.Rule.Value, known) {
			g.Rules = append(g.Rules, s)
		}
	}
	return g
}

// locksRule reports whether a rule is locked that a setting names, by its code or its
// name; the lock may have the other.
func (f *configFile) locksRule(word string, known *Config) bool {
	rule := known.rule(word)
	return rule != nil && slices.ContainsFunc(f.Locked, func(l yamlfile.Field[string]) bool { return known.rule(l.Value) == rule })
}
