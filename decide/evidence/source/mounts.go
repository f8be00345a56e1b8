package source

import (
	"bytes"
	"encoding/base64"
	"path"
	"slices"
	"strings"
)

// mostConfigs is how many configuration files of a service are read.
const mostConfigs = 60

// besideConfig adds a file beside the one at hand to the configuration of a service, or
// the files of a folder. It is no fault when there is none: an image may have it.
func (u *unit) besideConfig(r *reader, f *File, name string) {
	if f.Beside == nil || name == "" || path.IsAbs(name) {
		return
	}
	names := []string{name}
	if f.Inside != nil {
		for _, inside := range f.Inside(name) {
			names = append(names, path.Join(name, inside))
		}
	}
	for _, name := range names {
		label := r.besideName(name)
		if !isConfig(name) || len(u.files) >= mostConfigs || slices.ContainsFunc(u.files, func(c configFile) bool { return c.name == label }) {
			continue
		}
		if data, ok := f.Beside(name); ok && len(data) <= maxConfigBytes {
			u.files = append(u.files, configFile{base: path.Base(name), name: label, data: data})
		}
	}
}

// composeConfigs adds the configuration files that a compose file mounts.
func composeConfigs(r *reader, f *File, u *unit, doc, s value, vars map[string]string) {
	for _, v := range s.get("volumes").items() {
		from := interpolate(v.get("source").text(), vars)
		if short := interpolate(v.text(), vars); short != "" {
			from, _, _ = strings.Cut(short, ":")
		}
		if strings.HasPrefix(from, ".") || strings.Contains(from, "/") { // anything else is a volume
			u.besideConfig(r, f, from)
		}
	}
	for _, c := range s.get("configs").items() {
		name := c.text()
		if name == "" {
			name = c.get("source").text()
		}
		declared := doc.get("configs", name)
		u.besideConfig(r, f, interpolate(declared.get("file").text(), vars))
		if content := declared.get("content"); content.text() != "" {
			base := path.Base(c.get("target").text())
			if !isConfig(base) {
				base = name
			}
			u.files = append(u.files, configFile{base: base, name: r.name, above: content.line(), data: []byte(interpolate(content.text(), vars))})
		}
	}
}

// builtConfigs adds the configuration that an image is built with: files that are copied
// to where such files lie, and those that frameworks look for in the folder of a program.
func builtConfigs(r *reader, f *File, u *unit, build value, vars map[string]string) {
	if f.Beside == nil || !build.is() {
		return
	}
	folder, name := buildFolder(build, vars)
	file := path.Join(folder, name)
	u.builtIn(r.besideName(folder), r.besideName(path.Dir(file)))
	if data, ok := f.Beside(file); ok && len(data) <= maxConfigBytes {
		for text := range bytes.Lines(data) {
			fields := strings.Fields(string(text))
			if len(fields) < 3 || !strings.EqualFold(fields[0], "copy") && !strings.EqualFold(fields[0], "add") {
				continue
			}
			for _, from := range fields[1 : len(fields)-1] {
				if isConfig(from) && !strings.HasPrefix(from, "--") && frameworkFile(path.Base(from)) {
					u.besideConfig(r, f, path.Join(folder, from))
				}
			}
		}
	}
	if f.Inside == nil {
		return
	}
	roots := []string{path.Dir(file)}
	if path.Clean(folder) != roots[0] && path.Clean(folder) != "." {
		roots = append(roots, path.Clean(folder))
	}
	for _, root := range roots {
		for _, at := range []string{".", "src/main/resources", "config", "Configuration", "conf"} {
			for _, inside := range f.Inside(path.Join(root, at)) {
				if frameworkFile(inside) {
					u.besideConfig(r, f, path.Join(root, at, inside))
				}
			}
		}
	}
}

// frameworkFile reports whether a file is one that frameworks and proxies take their
// configuration from where the system runs, by its name.
func frameworkFile(name string) bool {
	w := words(name)
	if len(w) == 0 || anyOf(w, []string{"test", "tests", "dev", "development", "local", "localhost", "example", "sample", "staging", "e2e", "ci", "lock", "schema"}) {
		return false
	}
	return isConfig(name) && slices.Contains([]string{"appsettings", "application", "bootstrap", "ocelot", "nginx", "envoy", "krakend", "kong", "traefik", "haproxy", "caddyfile", "default", "config", "gateway", "yarp"}, w[0]) &&
		!slices.Contains([]string{".py", ".rb"}, path.Ext(name))
}

// builtIn notes the folders that a service is built in.
func (u *unit) builtIn(folders ...string) {
	for _, f := range folders {
		if f != "" && !slices.Contains(u.folders, f) {
			u.folders = append(u.folders, f)
		}
	}
}

// buildFolder returns the folder that an image is built in, and its Dockerfile in there.
func buildFolder(build value, vars map[string]string) (folder, file string) {
	folder, file = build.text(), build.get("dockerfile").text()
	if folder == "" {
		folder = build.get("context").text()
	}
	if file == "" {
		file = "Dockerfile"
	}
	return interpolate(folder, vars), interpolate(file, vars)
}

// readVolumes notes the config maps and secrets that a workload has as files.
func readVolumes(r *reader, u *unit, namespace string, spec value) {
	add := func(source value, kind, name string) {
		if name == "" {
			return
		}
		ref := configRef{namespace: namespace, name: kind + name, mounted: true, file: r.name, line: source.line()}
		for _, item := range source.get("items").items() {
			ref.keys = append(ref.keys, item.get("key").text())
		}
		u.refs = append(u.refs, ref)
	}
	for _, v := range spec.get("volumes").items() {
		add(v.get("configMap"), "", v.get("configMap", "name").text())
		add(v.get("secret"), secretMark, v.get("secret", "secretName").text())
		for _, part := range v.get("projected", "sources").items() {
			add(part.get("configMap"), "", part.get("configMap", "name").text())
			add(part.get("secret"), secretMark, part.get("secret", "name").text())
		}
	}
}

// secretMark goes before the name of a secret, which may be that of a config map, too.
const secretMark = "secret/"

// readConfigMap keeps what a config map or a secret holds. Values of a secret are looked
// at for hosts, and never shown.
func readConfigMap(r *reader, doc value, namespace, name, mark string) {
	key := namespace + "/" + mark + name
	add := func(p *pair, text string) {
		r.configs[key] = append(r.configs[key], setting{key: p.key, value: text, file: r.name, line: p.line})
	}
	for _, p := range doc.get("data").pairs() {
		text := p.text()
		if mark != "" {
			plain, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				continue
			}
			text = string(plain)
		}
		add(&p, text)
	}
	for _, p := range doc.get("stringData").pairs() {
		add(&p, p.text())
	}
}

// configs returns the configuration files of a service, those in config maps included.
func (r *reader) configFiles(u *unit) []configFile {
	list := slices.Clone(u.files)
	for i := range list {
		list[i].shared = r.holders[list[i].name] > 1 && list[i].name != u.Source
	}
	for _, ref := range u.refs {
		if !ref.mounted {
			continue
		}
		for _, s := range r.configs[ref.namespace+"/"+ref.name] {
			if len(ref.keys) == 0 || slices.Contains(ref.keys, s.key) {
				list = append(list, configFile{
					base: s.key, name: s.file, above: s.line, data: []byte(s.value), shared: r.takers[ref.namespace+"/"+ref.name] > 1,
				})
			}
		}
	}
	return list
}
