package source

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

func isCompose(_ string, doc value) bool {
	if doc.get("apiVersion").is() || doc.get("openapi").is() || doc.get("asyncapi").is() || doc.get("jobs").is() {
		return false
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

func readCompose(r *reader, f *File, doc value) {
	vars := map[string]string{}
	for _, s := range envFile(r, f, ".env") {
		vars[s.key] = interpolate(s.value, vars)
	}
	for _, s := range doc.get("services").pairs() {
		if !s.isMapping() || s.key == "" {
			continue
		}
		u := r.unit(s.key, s.line)
		readComposeService(r, f, u, doc, s.value, vars)
	}
}

func readComposeService(r *reader, f *File, u *unit, doc, s value, vars map[string]string) {
	image := interpolate(s.get("image").text(), vars)
	if p := roleOf(image, u.Name); u.Role == 0 {
		u.Role, u.Product = p.role, p.name
	}
	if u.image == "" {
		if u.image = image; u.image == "" && s.get("build").is() {
			u.image = path.Join(buildFolder(s.get("build"), vars)) + " " + s.get("build", "target").text()
		}
	}
	u.alias(interpolate(s.get("container_name").text(), vars), interpolate(s.get("hostname").text(), vars))
	for _, n := range s.get("networks").pairs() {
		for _, alias := range n.get("aliases").texts() {
			u.alias(interpolate(alias, vars))
		}
	}
	if u.Owner == "" {
		u.Owner = ownerOf(s.get("labels"))
	}
	for _, e := range environment(s.get("environment"), vars) {
		u.set(r, e.key, interpolate(e.value, vars), e.line)
	}
	for _, file := range s.get("env_file").items() {
		name := file.text()
		if name == "" {
			name = file.get("path").text()
		}
		u.settings = append(u.settings, envFile(r, f, interpolate(name, vars))...)
	}
	if name := s.get("env_file").text(); name != "" {
		u.settings = append(u.settings, envFile(r, f, interpolate(name, vars))...)
	}
	u.settings = append(u.settings, dockerfile(r, f, s.get("build"), vars)...)
	composeConfigs(r, f, u, doc, s, vars)
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
		u.after = append(u.after, dependency{name, r.name, l.line()})
		if alias != "" && alias != name {
			r.unit(name, l.line()).alias(alias)
		}
	}
	depends := s.get("depends_on")
	for _, d := range depends.items() {
		u.after = append(u.after, dependency{d.text(), r.name, d.line()})
	}
	for _, d := range depends.pairs() {
		if d.get("condition").text() != "service_completed_successfully" {
			u.after = append(u.after, dependency{d.key, r.name, d.line})
		}
	}
}

// environment reads variables, written as a mapping or as a list of KEY=value. One
// without a value is passed through.
func environment(v value, vars map[string]string) []setting {
	var list []setting
	for _, p := range v.pairs() {
		e := setting{key: p.key, value: p.text(), line: p.line}
		if e.value == "" {
			e.value = vars[p.key]
		}
		list = append(list, e)
	}
	for _, item := range v.items() {
		key, val, ok := strings.Cut(item.text(), "=")
		if !ok {
			val = vars[key]
		}
		list = append(list, setting{key: key, value: val, line: item.line()})
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
			option = strings.TrimLeft(a.text, "-")
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
	for _, end := range []string{".example", ".sample", ".template", ".dist"} { // what teams copy it from
		if ok {
			break
		}
		if data, ok = f.Beside(name + end); ok {
			name += end
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

// longestExpansion bounds what interpolation can make of a value.
const longestExpansion = 64 << 10

// interpolate puts the values of variables, or the defaults that stand beside them, into
// a text: ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?error}, $NAME; $$ is a dollar.
func interpolate(text string, vars map[string]string) string {
	return expand(text, vars, 0)
}

func expand(text string, vars map[string]string, depth int) string {
	if !strings.Contains(text, "$") || depth > 10 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text) && b.Len() < longestExpansion; {
		if text[i] != '$' || i+1 == len(text) {
			b.WriteByte(text[i])
			i++
			continue
		}
		switch next := text[i+1]; {
		case next == '$':
			b.WriteByte('$')
			i += 2
		case next == '{':
			end := closing(text, i+2)
			b.WriteString(variable(text[i+2:end], vars, depth))
			i = min(end+1, len(text))
		case isNameByte(next):
			end := i + 1
			for end < len(text) && isNameByte(text[end]) {
				end++
			}
			b.WriteString(vars[text[i+1:end]])
			i = end
		default:
			b.WriteByte('$')
			i++
		}
	}
	return b.String()
}

// closing returns the offset of the brace that ends what begins at an offset.
func closing(text string, from int) int {
	depth := 1
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

func variable(inside string, vars map[string]string, depth int) string {
	end := 0
	for end < len(inside) && isNameByte(inside[end]) {
		end++
	}
	name, rest := inside[:end], inside[end:]
	if v, ok := vars[name]; ok && v != "" {
		return v
	}
	for _, op := range []string{":-", "-"} {
		if other, ok := strings.CutPrefix(rest, op); ok {
			return expand(other, vars, depth+1)
		}
	}
	return ""
}

func isNameByte(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}
