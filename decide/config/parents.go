package config

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// What the configurations of a run may be: how many build on each other, and how many bytes
// they have together.
const (
	maxChain = 32
	maxTotal = 16 << 20
)

// extend returns f and all that it builds on.
func (l *Loader) extend(f *configFile) []*configFile {
	chain := []*configFile{f}
	for f.Extends.Set() {
		parent := l.parent(f)
		if parent == nil {
			break
		}
		if slices.Contains(chain, parent) {
			l.fault(f, f.Extends.Range, fmt.Sprintf("%q extends this configuration, directly or through others", f.Extends.Value), "remove one extends from the cycle")
			break
		}
		if len(chain) == maxChain {
			l.fault(f, f.Extends.Range, fmt.Sprintf("more than %d configurations extend each other", maxChain), "shorten the chain of extends")
			break
		}
		chain = append(chain, parent)
		f = parent
	}
	for i := len(chain) - 1; i >= 0; i-- {
		l.check(chain[i], chain[i+1:])
	}
	return chain
}

// parent returns the configuration that a file extends, or nil and a finding.
func (l *Loader) parent(f *configFile) *configFile {
	if f.preset != nil || strings.HasPrefix(f.Extends.Value, PresetPrefix) {
		return l.parentPreset(f)
	}
	path := filepath.FromSlash(f.Extends.Value)
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.dir(), path)
	}
	if l.leads(f, path) {
		l.fault(f, f.Extends.Range, fmt.Sprintf("the parent %q is outside the repository, and nothing is read there", f.Extends.Value),
			"move it into the repository, or name this configuration with --config")
		return nil
	}
	parent, err := l.open(path)
	if err != nil {
		l.fault(f, f.Extends.Range, fmt.Sprintf("can't read the parent %q: %s", f.Extends.Value, plainError(err)), remoteHint(f.Extends.Value))
	}
	return parent
}

// remoteHint says how a preset of another repository is written, when an address was.
func remoteHint(value string) string {
	if !strings.Contains(value, "://") {
		return ""
	}
	return "for a preset in another repository, use git with a pinned revision: git+https://HOST/REPOSITORY//FILE@REVISION"
}

// parentPreset is parent where that lies in another repository.
func (l *Loader) parentPreset(f *configFile) *configFile {
	var p Preset
	var err error
	if strings.HasPrefix(f.Extends.Value, PresetPrefix) {
		p, err = ParsePreset(f.Extends.Value)
	} else {
		p, err = f.preset.beside(f.Extends.Value)
	}
	switch {
	case errors.Is(err, errCredentials): // without a range: the line isn't to be shown
		l.fault(f, diag.Range{}, fmt.Sprintf("extends on line %d contains credentials", f.Extends.Range.Start.Line), "leave them to git's credential helpers")
		return nil
	case err != nil:
		l.fault(f, f.Extends.Range, "invalid preset address", err.Error())
		return nil
	}
	parent, err := l.openPreset(p, f.dir())
	var why *PresetError
	switch {
	case errors.As(err, &why):
		l.fault(f, f.Extends.Range, why.Message, why.Fix)
	case err != nil:
		l.fault(f, f.Extends.Range, fmt.Sprintf("can't read the preset %s: %s", p, plainError(err)), "")
	}
	return parent
}

// leads reports whether a parent lies outside of what its child may lead to. Nothing of
// it must be read, since what is wrong with it would be shown.
func (l *Loader) leads(child *configFile, parent string) bool {
	if l.Top == nil || l.File != "" {
		return false
	}
	rel, err := filepath.Rel(l.Top(child.dir()), filepath.Clean(parent))
	return err != nil || !filepath.IsLocal(rel)
}

// openPreset reads a preset once for each folder that its patterns start from.
func (l *Loader) openPreset(p Preset, home string) (*configFile, error) {
	key := home + "\x00" + p.String()
	if f := l.files[key]; f != nil {
		return f, nil
	}
	if l.Preset == nil {
		return nil, errors.New("presets from other repositories aren't read here")
	}
	data, err := l.Preset(p)
	if err != nil {
		return nil, err
	}
	known := slices.ContainsFunc(slices.Collect(maps.Values(l.files)), func(f *configFile) bool { return f.preset != nil && *f.preset == p })
	f := l.keep(key, p.String(), data)
	f.home, f.preset = home, &p
	if !known {
		l.findings = append(l.findings, f.Findings...)
	}
	return f, nil
}
