package source

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"waitornot/decide/evidence"
)

func isCompose(name string, doc value) bool {
	if doc.get("apiVersion").is() || doc.get("openapi").is() || doc.get("asyncapi").is() || doc.get("jobs").is() {
		return false
	}
	if !doc.get("services").is() && strings.Contains(path.Base(name), "compose") { // one of nothing but others
		return len(includes(doc.get("include"), nil)) > 0
	}
	for _, s := range doc.get("services").pairs() {
		for _, p := range s.pairs() {
			if slices.Contains([]string{"image", "build", "environment", "depends_on", "ports", "command", "env_file", "extends", "container_name", "deploy"}, p.key) {
				return true
			}
		}
	}
	return false
}

func readCompose(r *reader, f *File, doc value) { readComposeFile(r, f, doc, 0) }

// readComposeFile reads the services of a file, and those of the files that it includes.
func readComposeFile(r *reader, f *File, doc value, depth int) {
	r.composed[path.Dir(r.name)] = true
	vars := map[string]string{}
	for _, s := range envFile(r, f, ".env") {
		vars[s.key] = interpolate(s.value, vars)
	}
	for _, name := range includes(doc.get("include"), vars) {
		r.beside(f, name, depth, func(other *File, doc value) { readComposeFile(r, other, doc, depth+1) })
	}
	for _, s := range doc.get("services").pairs() {
		if !s.isMapping() || s.key == "" {
			continue
		}
		u := r.unit(s.key, s.line)
		u.shape = s.n != nil && s.n.Anchor != "" && !s.get("command").is() && !s.get("entrypoint").is() && !s.get("ports").is() && !s.get("depends_on").is() && !s.get("container_name").is()
		c := composing{r: r, f: f, doc: doc, vars: vars, u: u, set: map[string]bool{}}
		image := c.image(s.value, 0)
		if folder, _ := buildFolder(s.get("build"), vars); image == "" && folder != "" { // what is built around a product stays one
			for i, name := range []string{path.Base(folder), builtFrom(f, s.get("build"), vars)} {
				base, _ := imageName(name)
				if p := products()[base]; p.role == evidence.Store || p.role == evidence.Broker || p.role == evidence.Proxy {
					p.guessed = i > 0
					u.plays(p)
				}
			}
		}
		u.plays(roleOf(image, u.Name))
		c.read(s.value, 0)
	}
}

// A composing is a service of a compose file while it is read.
type composing struct {
	r    *reader
	f    *File
	doc  value
	vars map[string]string
	u    *unit
	set  map[string]bool // variables that have a value: what is read first counts
}

// image returns the image of a service, or of the one that it extends.
func (c *composing) image(s value, depth int) string {
	image := interpolate(s.get("image").text(), c.vars)
	if image == "" && !s.get("build").is() {
		c.base(s, depth, func(base *composing, s value) { image = base.image(s, depth+1) })
	}
	return image
}

// read reads a service, and what it extends.
func (c *composing) read(s value, depth int) {
	r, f, u, vars := c.r, c.f, c.u, c.vars
	image := interpolate(s.get("image").text(), vars)
	at := "" // in which folder of an image a service runs is part of what it is
	if dir := interpolate(s.get("working_dir").text(), vars); dir != "" {
		at = " " + dir
	}
	switch {
	case depth > 0 && len(u.images) > 0: // it has one of its own
	case image != "":
		u.images = append(u.images, image+at)
	case s.get("build").is():
		u.images = append(u.images, r.besideName(path.Join(buildFolder(s.get("build"), vars)))+" "+s.get("build", "target").text()+at)
	}
	u.published = u.published || s.get("ports").is()
	for _, p := range s.get("ports").items() {
		if port := hostPortOf(p, vars); port != "" {
			u.ports = append(u.ports, port)
		}
	}
	u.onMachine = u.onMachine || interpolate(s.get("network_mode").text(), vars) == "host"
	u.works = u.works || s.get("command").is() || s.get("entrypoint").is()
	env, labels := environment(s.get("environment"), vars), slices.Concat(environment(s.get("labels"), vars), environment(s.get("deploy", "labels"), vars))
	r.publicHosts(u, env, labels)
	r.listings(u, env, labels)
	u.alias(interpolate(s.get("container_name").text(), vars), interpolate(s.get("hostname").text(), vars))
	for _, n := range s.get("networks").pairs() {
		for _, alias := range n.get("aliases").texts() {
			u.alias(interpolate(alias, vars))
		}
	}
	if u.Owner == "" {
		u.Owner = ownerOf(s.get("labels"))
	}
	for i := range env {
		env[i].file, env[i].inline = r.name, true
	}
	c.variables(env)
	files := s.get("env_file").items()
	if s.get("env_file").text() != "" {
		files = []value{s.get("env_file")}
	}
	for _, file := range slices.Backward(files) {
		name := cmp.Or(file.text(), file.get("path").text())
		c.variables(envFile(r, f, interpolate(name, vars)))
	}
	composeConfigs(r, f, u, c.doc, s, vars)
	builtConfigs(r, f, u, s.get("build"), vars)
	for _, key := range []string{"command", "entrypoint"} {
		var args []argument
		for _, arg := range arguments(s.get(key)) {
			args = append(args, argument{interpolate(arg, vars), s.get(key).line()})
		}
		u.arguments(r, key, args)
	}
	for _, l := range s.get("links").items() {
		name, alias, _ := strings.Cut(l.text(), ":")
		u.after = append(u.after, dependency{on: name, file: r.name, line: l.line(), link: true})
		if alias != "" && alias != name {
			r.unit(name, l.line()).alias(alias)
		}
	}
	depends := s.get("depends_on")
	for _, d := range depends.items() {
		u.after = append(u.after, dependency{on: interpolate(d.text(), vars), file: r.name, line: d.line()})
	}
	for _, d := range depends.pairs() {
		ends := d.get("condition").text() == "service_completed_successfully"
		u.after = append(u.after, dependency{on: d.key, file: r.name, line: d.line, ends: ends})
	}
	c.base(s, depth, func(base *composing, s value) { base.read(s, depth+1) })
	args := environment(s.get("build", "args"), vars)
	for i := range args {
		args[i].file = r.name
	}
	c.variables(args)
	c.variables(dockerfile(r, f, s.get("build"), vars))
}

// variables sets those that have no value yet.
func (c *composing) variables(list []setting) {
	for _, s := range list {
		if !c.set[s.key] {
			c.u.settings = append(c.u.settings, s)
		}
	}
	for _, s := range list {
		c.set[s.key] = c.set[s.key] || s.value != ""
	}
}

// hostPortOf returns the port of the machine that leads to a port of a service:
// "127.0.0.1:8081:80", or published: 8081. It is "" where none is said, and for ranges.
func hostPortOf(p value, vars map[string]string) string {
	port := interpolate(p.get("published").text(), vars)
	if short := interpolate(p.text(), vars); short != "" {
		parts := strings.Split(short, ":")
		if len(parts) < 2 {
			return ""
		}
		port = parts[len(parts)-2]
	}
	if strings.Trim(port, "0123456789") != "" {
		return ""
	}
	return port
}

// environment reads variables or labels, written as a mapping or as a list of KEY=value, and
// fills in what their values refer to. One without a value is passed through.
func environment(v value, vars map[string]string) []setting {
	var list []setting
	for _, p := range v.pairs() {
		e := setting{key: p.key, value: p.text(), line: p.line}
		if e.value == "" {
			e.value, e.passed = vars[p.key], true
		}
		list = append(list, e)
	}
	for _, item := range v.items() {
		key, val, ok := strings.Cut(item.text(), "=")
		if !ok {
			val = vars[key]
		}
		list = append(list, setting{key: key, value: val, line: item.line(), passed: !ok})
	}
	for i := range list {
		list[i].value = interpolate(list[i].value, vars)
	}
	return list
}

// An argument is a word of a command.
type argument struct {
	text string
	line int
}

// arguments sets the words of a command. One that follows an option without a value, as in
// --cart-host cart, is that option's.
func (u *unit) arguments(r *reader, key string, args []argument) {
	option := ""
	for _, a := range args {
		if option != "" && !strings.HasPrefix(a.text, "-") {
			u.set(r, option, a.text, a.line)
			option = ""
			continue
		}
		u.set(r, key, a.text, a.line)
		option = ""
		if strings.HasPrefix(a.text, "-") && !strings.Contains(a.text, "=") && len(a.text) > 2 {
			option = a.text
		}
	}
}

// arguments returns the words of a command.
func arguments(v value) []string {
	if v.isList() {
		return v.texts()
	}
	return strings.Fields(v.text())
}

// envFile reads a file of KEY=value lines that a source refers to.
func envFile(r *reader, f *File, name string) []setting {
	if f.Beside == nil || name == "" {
		return nil
	}
	data, ok := f.Beside(name)
	folder, base := path.Split(name)
	for _, other := range []string{base + ".example", base + ".sample", base + ".template", base + ".dist", base + ".default", base + ".defaults", base + "-example", base + "_example", "env.example", "example.env", "sample.env", "env.sample", "env.template", "default.env"} { // what teams copy it from
		if ok || !strings.HasPrefix(other, strings.TrimPrefix(base, ".")) && base != ".env" {
			continue
		}
		if data, ok = f.Beside(folder + other); ok {
			name = folder + other
		}
	}
	if !ok || len(data) > MaxBytes {
		return nil
	}
	var list []setting
	line := 0
	for text := range bytes.Lines(data) {
		line++
		key, val, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(string(text), "export ")), "=")
		if !ok || strings.HasPrefix(key, "#") {
			continue
		}
		list = append(list, setting{key: strings.TrimSpace(key), value: unquoted(val), file: r.besideName(name), line: line})
	}
	return list
}

// dockerfile reads the environment that the image of a service is built with.
func dockerfile(r *reader, f *File, build value, vars map[string]string) []setting {
	if f.Beside == nil || !build.is() {
		return nil
	}
	file := path.Join(buildFolder(build, vars))
	data, ok := f.Beside(file)
	if !ok || len(data) > MaxBytes {
		return nil
	}
	var list []setting
	line, going := 0, false // going: the line before ends in a backslash
	for text := range bytes.Lines(data) {
		line++
		rest := strings.TrimSpace(string(text))
		word, after, _ := strings.Cut(rest, " ")
		if !going && !strings.EqualFold(word, "env") {
			continue
		}
		if !going {
			rest = strings.TrimSpace(after)
		}
		rest, going = strings.CutSuffix(rest, "\\")
		key, val, spaced := strings.Cut(rest, " ")
		if spaced && !strings.Contains(key, "=") { // the old way to write one
			list = append(list, setting{key: key, value: unquoted(val), file: r.besideName(file), line: line})
			continue
		}
		for _, p := range strings.Fields(rest) {
			if key, val, ok := strings.Cut(p, "="); ok {
				list = append(list, setting{key: key, value: unquoted(val), file: r.besideName(file), line: line})
			}
		}
	}
	return list
}

// builtFrom returns the image that the one of a service is built from, where there is one
// alone: what is only copied from others runs as it is.
func builtFrom(f *File, build value, vars map[string]string) string {
	if f.Beside == nil {
		return ""
	}
	data, ok := f.Beside(path.Join(buildFolder(build, vars)))
	if !ok || len(data) > MaxBytes {
		return ""
	}
	from := ""
	for text := range bytes.Lines(data) {
		fields := strings.Fields(string(text))
		if len(fields) < 2 || !strings.EqualFold(fields[0], "from") {
			continue
		}
		if from != "" {
			return ""
		}
		from = fields[len(fields)-1]
		if len(fields) > 3 && strings.EqualFold(fields[len(fields)-2], "as") {
			from = fields[len(fields)-3]
		}
	}
	return from
}

// unquoted returns the value of a line of such a file, without quotes or the comment
// behind it.
func unquoted(text string) string {
	text = strings.TrimSpace(text)
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		if inside, _, ok := strings.Cut(text[1:], text[:1]); ok {
			return inside
		}
	}
	if before, _, ok := strings.Cut(text, " #"); ok {
		text = strings.TrimSpace(before)
	}
	return text
}

// besideName is the name of a file beside the one at hand.
func (r *reader) besideName(file string) string {
	if i := strings.LastIndexByte(r.name, '/'); i >= 0 {
		return path.Join(r.name[:i], file)
	}
	return path.Clean(file)
}
