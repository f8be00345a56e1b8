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
func (u *unit) besideConfig(r *reader, f *File, name string) { u.besideFile(r, f, name, false) }

// besideFile is besideConfig; any file is one of a configuration where that is known.
func (u *unit) besideFile(r *reader, f *File, name string, known bool) {
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
		if !known && !isConfig(name) || len(u.files) >= mostConfigs || slices.ContainsFunc(u.files, func(c configFile) bool { return c.name == label }) {
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
		from, to := interpolate(v.get("source").text(), vars), v.get("target").text()
		if short := interpolate(v.text(), vars); short != "" {
			from, to, _ = strings.Cut(short, ":")
		}
		if strings.HasPrefix(from, ".") || strings.Contains(from, "/") { // anything else is a volume
			u.besideFile(r, f, from, isProxyPlace(to))
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
				known := isProxyPlace(fields[len(fields)-1])
				if !strings.HasPrefix(from, "--") && (isConfig(from) && frameworkFile(path.Base(from)) || known) {
					u.besideFile(r, f, path.Join(folder, from), known)
				}
			}
		}
	}
	if f.Inside == nil {
		return
	}
	roots := []string{path.Dir(file)}
	if at := projectFolder(f, file); at != "" {
		roots = append(roots, path.Join(folder, at))
	}
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

// projectFolder returns the folder of the .NET project that an image runs, as its Dockerfile
// names it from where it is built: that of Booking.Api.csproj where it runs Booking.Api.dll.
func projectFolder(f *File, dockerfile string) string {
	data, ok := f.Beside(dockerfile)
	if !ok || len(data) > maxConfigBytes {
		return ""
	}
	m := runsAssembly().FindSubmatch(data)
	if m == nil {
		return ""
	}
	for _, token := range strings.FieldsFunc(string(data), func(r rune) bool { return strings.ContainsRune(" \t\r\n\"[],", r) }) {
		if at, is := strings.CutSuffix(strings.ReplaceAll(token, `\`, "/"), "/"+string(m[1])+".csproj"); is && !path.IsAbs(at) {
			return at
		}
	}
	return ""
}

// runsAssembly is how a Dockerfile says which assembly an image runs.
var runsAssembly = lazy(`(?im)^\s*(?:ENTRYPOINT|CMD)\b.*?([\w.-]+)\.dll`)

// isProxyPlace reports whether a path is one that a proxy takes its configuration from.
func isProxyPlace(name string) bool {
	return slices.ContainsFunc([]string{"/etc/nginx", "/usr/local/openresty", "/etc/haproxy", "/usr/local/etc/haproxy", "/etc/envoy", "/etc/caddy", "/etc/traefik", "/etc/apache2", "/etc/httpd", "/usr/local/apache2", "/etc/varnish", "/etc/krakend", "/etc/kong"}, func(place string) bool {
		return strings.HasPrefix(strings.Trim(name, `"[],`), place)
	})
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

// readKustomization reads the config maps and secrets that a kustomization makes. Its
// namespace is that of what it is put around, which names none itself.
func readKustomization(r *reader, f *File, doc value) {
	namespaces := []string{kubeNamespace}
	if n := doc.get("namespace").text(); n != "" && n != kubeNamespace {
		namespaces = append(namespaces, n)
	}
	generate := func(list value, mark string) {
		for _, g := range list.items() {
			var settings []setting
			for _, l := range g.get("literals").items() {
				if key, text, ok := strings.Cut(l.text(), "="); ok {
					settings = append(settings, setting{key: key, value: unquoted(text), file: r.name, line: l.line()})
				}
			}
			for _, file := range append(g.get("envs").texts(), g.get("env").text()) {
				settings = append(settings, envFile(r, f, file)...)
			}
			for _, l := range g.get("files").items() {
				key, file, named := strings.Cut(l.text(), "=")
				if !named {
					key, file = path.Base(key), key
				}
				if other := f.beside(file); other != nil && len(other.Data) <= maxConfigBytes {
					settings = append(settings, setting{key: key, value: string(other.Data), file: r.besideName(file)})
				}
			}
			for _, n := range namespaces {
				key := n + "/" + mark + g.get("name").text()
				r.configs[key] = append(r.configs[key], settings...)
			}
		}
	}
	generate(doc.get("configMapGenerator"), "")
	generate(doc.get("secretGenerator"), secretMark)
}

// fetchedKeys are keys of the config map that is named after a program which programs fetch
// by themselves, as those of Spring Cloud Kubernetes do.
var fetchedKeys = []string{"application.properties", "application.yml", "application.yaml"}

// configs returns the configuration files of a service, those in config maps included.
func (r *reader) configFiles(u *unit) []configFile {
	list := slices.Clone(u.files)
	for _, ref := range append(slices.Clone(u.refs), configRef{namespace: u.namespace, name: u.Name, mounted: true, keys: fetchedKeys}) {
		if !ref.mounted {
			continue
		}
		for _, s := range r.configs[ref.namespace+"/"+ref.name] {
			if len(ref.keys) == 0 || slices.Contains(ref.keys, s.key) {
				list = append(list, configFile{
					base: s.key, name: s.file, above: s.line, data: []byte(s.value),
				})
			}
		}
	}
	return list
}
