// Package config reads the configurations of a project: which holds for a manifest,
// what each value is and where it was set, and what a parent has locked.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"waitornot/decide/glob"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// Name is the name of a configuration file. It holds for the manifests of
// its folder and of those below, down to the next one.
const Name = ".waitornot.yaml"

// OtherName is the name under which a configuration is found as well, as manifests may
// end in .yml; both in one folder are refused.
const OtherName = ".waitornot.yml"

// A Loader finds configurations and makes values and policies of them. Paths
// are absolute. It is not safe for concurrent use.
type Loader struct {
	Rules  []*lint.Rule // the whole catalogue
	Table  *decide.Table
	Limits decide.LatencyLimits

	Read func(path string) ([]byte, error) // an fs.ErrNotExist says that there is no such file
	Show func(path string) string          // how findings name a file; nil for the path itself
	Top  func(dir string) string           // where the search from a folder ends, and what parents may not lie outside of; nil for nowhere
	File string                            // the configuration of all manifests, in place of the nearest: its parents may lie anywhere
	None bool                              // there is no configuration at all

	Compile CompileFunc                  // nil when custom rules cannot be read
	Preset  func(Preset) ([]byte, error) // reads a configuration of another repository; nil when none is read

	findings []diag.Finding
	files    map[string]*configFile
	nearest  map[string][]*configFile // chains by folder
	configs  map[string]*Config
	policies map[*Config]*lint.Policy
	taken    int // bytes of the files
}

// A configFile is a configuration that was read.
type configFile struct {
	*File
	path   string  // absolute; of a preset, where its patterns start from and its address
	preset *Preset // where it lies when that is another repository
	home   string  // the folder that its patterns start from
	tables map[*Settings]*decide.Table
	custom []*lint.Rule
	fits   map[string]bool // the patterns of overrides that matched a manifest

	checked bool
}

// dir returns the folder that the patterns and paths of the file start from. Those of a
// preset start from the folder of the configuration that extends it.
func (f *configFile) dir() string { return f.home }

// layers returns the settings of the file: its own, then those of its overrides.
func (f *configFile) layers() []*Settings {
	list := []*Settings{&f.Settings}
	for i := range f.Overrides {
		list = append(list, &f.Overrides[i].Settings)
	}
	return list
}

// Findings returns what is wrong with the configurations that were needed so
// far, sorted. What it returned must not be used when there is anything.
func (l *Loader) Findings() []diag.Finding {
	l.findings = diag.Sort(l.findings)
	return l.findings
}

// Policy returns the policy of the manifest at path.
func (l *Loader) Policy(path string) *lint.Policy {
	s := l.Config(path)
	p := l.policies[s]
	if p == nil {
		p = s.policy()
		if l.policies == nil {
			l.policies = map[*Config]*lint.Policy{}
		}
		l.policies[s] = p
	}
	return p
}

// Config returns what holds for the manifest at path. The nearest configuration
// wins over the one that it extends; within a file an override wins over what
// holds for all, and a later override over an earlier one.
func (l *Loader) Config(path string) *Config {
	chain := l.chain(filepath.Dir(path))
	var key strings.Builder
	fits := make([][]bool, len(chain))
	for i, f := range chain {
		key.WriteString(f.path)
		for j := range f.Overrides {
			fit := f.covers(&f.Overrides[j], path)
			fits[i] = append(fits[i], fit)
			fmt.Fprintf(&key, "\x00%t", fit)
		}
		key.WriteByte('\n')
	}
	if s := l.configs[key.String()]; s != nil {
		return s
	}
	s := newConfig(l.rulesOf(chain), l.Table, l.Limits)
	for i := len(chain) - 1; i >= 0; i-- {
		f := chain[i]
		s.Files = append([]string{f.Name}, s.Files...)
		setField(&s.RulesVersion, f.Name, f.RulesVersion)
		for j, layer := range f.layers() {
			if j == 0 || fits[i][j-1] {
				s.set(f.Name, layer, f.tables[layer])
			}
		}
	}
	s.pin()
	l.checkLimits(s)
	if l.configs == nil {
		l.configs = map[string]*Config{}
	}
	l.configs[key.String()] = s
	return s
}

// covers reports whether an override of the file is for the manifest at path.
// A pattern that names a folder is for all that is below it.
func (f *configFile) covers(o *Override, path string) (covered bool) {
	rel, err := filepath.Rel(f.dir(), path)
	if err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	for _, p := range o.Paths {
		pattern := strings.TrimPrefix(strings.TrimSuffix(p.Value, "/"), "./")
		if glob.Match(pattern, rel) || glob.Match(pattern+"/**", rel) {
			f.fits[p.Value] = true
			covered = true
		}
	}
	return covered
}

// chain returns the configurations that hold in a folder, the nearest first.
func (l *Loader) chain(dir string) []*configFile {
	switch {
	case l.None:
		return nil
	case l.File != "":
		dir = filepath.Dir(l.File)
	}
	if chain, known := l.nearest[dir]; known {
		return chain
	}
	var chain []*configFile
	if path, f, err := l.lookup(dir); err == nil {
		chain = l.extend(f)
		if up := filepath.Dir(dir); up != dir && !l.ends(dir) && l.File == "" {
			chain = append(chain, l.guards(chain, l.chain(up))...)
		}
		l.checkLocks(chain)
	} else if l.File != "" || !errors.Is(err, fs.ErrNotExist) {
		l.findings = append(l.findings, fault(l.show(path), diag.Range{}, "can't read the configuration: "+plainError(err), ""))
	} else if up := filepath.Dir(dir); up != dir && !l.ends(dir) {
		chain = l.chain(up)
	}
	if l.nearest == nil {
		l.nearest = map[string][]*configFile{}
	}
	l.nearest[dir] = chain
	return chain
}

// lookup returns the configuration of a folder, or the one for all manifests. Beside an
// error it returns the path that could not be read.
func (l *Loader) lookup(dir string) (string, *configFile, error) {
	if l.File != "" {
		f, err := l.open(l.File)
		return l.File, f, err
	}
	path, other := filepath.Join(dir, Name), filepath.Join(dir, OtherName)
	f, err := l.open(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = l.open(other)
		return other, f, err
	}
	if _, twice := l.Read(other); twice == nil && err == nil {
		l.findings = append(l.findings, fault(l.show(other), diag.Range{}, "this folder also has a "+Name, "keep one of them"))
	}
	return path, f, err
}

// Unmatched returns a warning for each pattern of an override that matched none of the
// manifests that were asked for so far, of the configurations in the folders chosen.
func (l *Loader) Unmatched(in func(dir string) bool) []diag.Finding {
	var findings []diag.Finding
	for _, f := range l.files {
		if !in(f.dir()) || f.preset != nil {
			continue // a preset is for many repositories
		}
		for i := range f.Overrides {
			for _, p := range f.Overrides[i].Paths {
				if f.fits[p.Value] {
					continue
				}
				w := fault(f.Name, p.Range, fmt.Sprintf("the pattern %q matches no manifest", p.Value), howToMatch(p.Value))
				w.Severity = diag.Warning
				findings = append(findings, w)
			}
		}
	}
	return diag.Sort(findings)
}

// howToMatch says how to write a pattern that matched nothing.
func howToMatch(pattern string) string {
	switch {
	case strings.HasPrefix(pattern, "/"):
		return "write " + strings.TrimLeft(pattern, "/") + ": patterns are relative to this file's folder"
	case !strings.ContainsAny(pattern, "/*"):
		return "write **/" + pattern + " to match it in any folder"
	}
	return "fix or remove it: patterns are relative to this file's folder"
}

// ends reports whether the search for a configuration goes no further up than dir.
func (l *Loader) ends(dir string) bool { return l.Top != nil && l.Top(dir) == dir }

// open reads a configuration once.
func (l *Loader) open(path string) (*configFile, error) {
	path = filepath.Clean(path)
	if f := l.files[path]; f != nil {
		return f, nil
	}
	data, err := l.Read(path)
	if err != nil {
		return nil, err
	}
	if l.taken += len(data); l.taken > maxTotal {
		return nil, fmt.Errorf("the configurations of this run have more than %d MiB in total, which is the limit", maxTotal>>20)
	}
	f := l.keep(path, l.show(path), data)
	f.home = filepath.Dir(path)
	l.findings = append(l.findings, f.Findings...)
	return f, nil
}

// keep makes a file of what was read and remembers it.
func (l *Loader) keep(path, name string, data []byte) *configFile {
	f := &configFile{
		File: Read(manifest.Source{Name: name, Data: data}),
		path: path, tables: map[*Settings]*decide.Table{}, fits: map[string]bool{},
	}
	if l.files == nil {
		l.files = map[string]*configFile{}
	}
	l.files[path] = f
	return f
}

func (l *Loader) show(path string) string {
	if l.Show == nil {
		return path
	}
	return l.Show(path)
}

func plainError(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}

// fault returns a finding about a configuration.
func fault(file string, at diag.Range, message, fix string, related ...diag.Related) diag.Finding {
	return diag.Finding{
		File: file, Range: at, Code: lint.Misconfigured.Code, Rule: lint.Misconfigured.Name, Severity: lint.Misconfigured.Severity,
		Message: message, Fix: fix, Related: related,
	}
}

func (l *Loader) fault(f *configFile, at diag.Range, message, fix string, related ...diag.Related) {
	l.findings = append(l.findings, fault(f.Name, at, message, fix, related...))
}
