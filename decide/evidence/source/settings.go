package source

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A configFile is a file of settings that a service is given: mounted, copied into its
// image, or held by a config map.
type configFile struct {
	base  string // its last name, which tells how it is written
	name  string // as the user knows it
	above int    // lines before it, where it stands inside another file
	data  []byte
}

const (
	maxConfigBytes = 1 << 20 // what is larger is data
	mostSettings   = 5000    // of one file
)

// configWords are what names of configuration files end in.
var configEnds = []string{
	".conf", ".cfg", ".cnf", ".ini", ".env", ".toml", ".properties", ".yml", ".yaml", ".json", ".conf.template", ".conf.tmpl", ".yaml.template", ".yml.template",
	".template", ".tmpl", ".tpl", ".py", ".rb", "caddyfile", ".config", ".vcl", "config.js", "settings.js", "env.js",
}

// isConfig reports whether a file is one of settings, by its name.
func isConfig(name string) bool {
	name = strings.ToLower(path.Base(name))
	if slices.Contains([]string{"package.json", "package-lock.json", "tsconfig.json", "composer.json", "angular.json", "deno.json"}, name) {
		return false // of what it is built
	}
	return strings.HasPrefix(name, "caddyfile") || slices.ContainsFunc(configEnds, func(end string) bool { return strings.HasSuffix(name, end) })
}

// settingsOf reads a configuration file: keys with the path that leads to them. The
// variables that it takes from the environment have the values of vars, or the defaults
// that stand beside them.
func settingsOf(f *configFile, vars map[string]string) []setting {
	if len(f.data) > maxConfigBytes || bytes.IndexByte(f.data, 0) >= 0 {
		return nil
	}
	var list []setting
	add := func(key, value string, line int) {
		if len(list) < mostSettings {
			list = append(list, setting{key: key, value: filled(value, vars), file: f.name, line: f.above + line, inFile: true})
		}
	}
	base := strings.ToLower(f.base)
	for _, end := range []string{".template", ".tmpl", ".tpl"} {
		base = strings.TrimSuffix(base, end)
	}
	switch end := path.Ext(base); {
	case end == ".yml" || end == ".yaml" || end == ".json":
		for _, doc := range documentsOf(base, f.data) {
			if doc.err == nil && !describes(doc.root) {
				flatten(doc.root, "", 0, add)
			}
		}
	case strings.HasPrefix(base, "caddyfile") || bytes.Contains(f.data, []byte("reverse_proxy ")):
		directives(f.data, add, caddyProxy())
	case bytes.Contains(f.data, []byte("_pass ")) || bytes.Contains(f.data, []byte("upstream ")):
		directives(f.data, add, nginxPass(), nginxServer(), nginxSet())
	case bytes.Contains(f.data, []byte("\nbackend ")) || bytes.Contains(f.data, []byte("\nlisten ")) && bytes.Contains(f.data, []byte(" server ")):
		directives(f.data, add, haproxyServer())
	case bytes.Contains(f.data, []byte("ProxyPass")) || bytes.Contains(f.data, []byte("BalancerMember")):
		directives(f.data, add, apachePass())
	default:
		assignments(f.data, add)
	}
	return list
}

// describes reports whether a document is a source of another kind, which says nothing of
// the service that has it.
func describes(doc value) bool {
	return isCompose("", doc) || isKubernetes("", doc) || isOpenAPI("", doc) || isAsyncAPI("", doc)
}

// flatten visits the scalars of a document. Items of a list have its path.
func flatten(v value, at string, depth int, add func(key, value string, line int)) {
	if depth > 40 || !v.left.spend() {
		return
	}
	for _, p := range v.pairs() {
		key := p.key
		if at != "" {
			key = at + "." + key
		}
		flatten(p.value, key, depth+1, add)
	}
	for _, item := range v.items() {
		flatten(item, at, depth+1, add)
	}
	if text := v.text(); text != "" {
		add(at, text, v.line())
	}
}

// How proxies write where they hand requests on to: a word, and an address.
var (
	nginxPass     = lazy(`(?:^|[\s;{])((?:proxy|grpc|fastcgi|uwsgi|scgi)_pass)\s+["']?([^;\s"']+)`)
	nginxServer   = lazy(`(?:^|[\s;{])(server)\s+([^;{\s]+)[^;{}]*;`)
	nginxSet      = lazy(`(?:^|[\s;{])set\s+\$(\w+)\s+["']?([^;\s"']+)`)
	apachePass    = lazy(`^\s*(ProxyPass(?:Match)?|BalancerMember)\s.*?["']?(\w+://[^\s"']+)`)
	haproxyServer = lazy(`^\s*(server)\s+\S+\s+(\S+:\d+)`)
	caddyProxy    = lazy(`(?:^|[\s{])(reverse_proxy|to)\s+((?:[^{\n]|\{\$[^}\n]*\})+)`)
)

// directives visits what patterns find in lines, comments aside.
func directives(data []byte, add func(key, value string, line int), patterns ...*regexp.Regexp) {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		text, _, _ = bytes.Cut(text, []byte("#"))
		if len(text) > longestValue {
			continue
		}
		for _, p := range patterns {
			for _, m := range p.FindAllSubmatch(text, -1) {
				for _, value := range bytes.Fields(m[2]) {
					add(string(m[1]), string(value), line)
				}
			}
		}
	}
}

// assignments visits lines such as "key = value", "key: value" and "[section]".
func assignments(data []byte, add func(key, value string, line int)) {
	line, section := 0, ""
	for text := range bytes.Lines(data) {
		line++
		rest := strings.TrimSpace(string(text))
		if rest == "" || strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, ";") || strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "!") {
			continue
		}
		if inside, ok := strings.CutPrefix(rest, "["); ok && strings.HasSuffix(inside, "]") {
			section = strings.Trim(inside, "[]\" ") + "."
			continue
		}
		at := strings.IndexAny(rest, "=:")
		if at <= 0 {
			continue
		}
		key := strings.Trim(strings.TrimPrefix(strings.TrimSpace(rest[:at]), "export "), `"'{ `)
		value := strings.Trim(strings.TrimLeft(rest[at:], "=:> "), ", ")
		if key == "" || strings.ContainsAny(key, " \t(") || value == "" {
			continue
		}
		add(section+key, unquoted(value), line)
	}
}

// optional is how a file takes a variable of the environment that may be missing.
var optional = lazy(`\$\{([A-Za-z_][A-Za-z0-9_.-]*):([^-?}][^}]*)\}`)

// filled puts the values of variables into a text, or the defaults that stand beside them
// as shells and Spring write them.
func filled(text string, vars map[string]string) string {
	if !strings.Contains(text, "$") || len(text) > longestValue {
		return text
	}
	text = optional().ReplaceAllStringFunc(text, func(m string) string {
		name, other, _ := strings.Cut(m[2:len(m)-1], ":")
		if v := vars[name]; v != "" {
			return v
		}
		return other
	})
	return interpolate(text, vars)
}

// properties makes a document of lines such as "spring.application.name = cart".
func properties(data []byte) value {
	root := &yaml.Node{Kind: yaml.MappingNode, Line: 1}
	children := children{}
	assignments(data, func(key, text string, line int) {
		at := root
		parts := strings.Split(key, ".")
		if len(parts) > 20 {
			return
		}
		for i, part := range parts {
			part, index, listed := strings.Cut(part, "[")
			leaf := i == len(parts)-1
			next := children.of(at, part, line)
			if listed { // routes[0]: the items come in the order of the file
				next.Kind = yaml.SequenceNode
				next = itemNode(next, index, line)
			}
			if leaf {
				if next.Kind == 0 {
					next.Kind, next.Value = yaml.ScalarNode, text
				}
				return
			}
			if next.Kind == yaml.ScalarNode || next.Kind == yaml.SequenceNode {
				return // the key has a value of its own, too
			}
			next.Kind = yaml.MappingNode
			at = next
		}
	})
	return value{root, 0, &budget{maxSteps}}
}

// children are what stands below the keys of mappings that are being made.
type children map[child]*yaml.Node

type child struct {
	of  *yaml.Node
	key string
}

// of returns what stands below a key of a mapping: where nothing does yet, a new node.
func (c children) of(mapping *yaml.Node, key string, line int) *yaml.Node {
	at := child{mapping, key}
	node := c[at]
	if node == nil {
		node = &yaml.Node{Line: line}
		c[at] = node
		mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key, Line: line}, node)
	}
	return node
}

// itemNode returns the item of a list that an index such as "0]" means: the last one, or
// one more. Indexes in any other order are no list that people write.
func itemNode(of *yaml.Node, index string, line int) *yaml.Node {
	if last := len(of.Content) - 1; last >= 0 && of.Content[last].Anchor == index {
		return of.Content[last]
	}
	item := &yaml.Node{Line: line, Anchor: index}
	of.Content = append(of.Content, item)
	return item
}

// withoutComments returns JSON as configurations of .NET and editors have it, its comments
// blanked out.
func withoutComments(data []byte) []byte {
	if !bytes.Contains(data, []byte("//")) && !bytes.Contains(data, []byte("/*")) {
		return data
	}
	out := slices.Clone(data)
	for i := 0; i < len(out); i++ {
		switch {
		case out[i] == '"':
			for i++; i < len(out) && out[i] != '"' && out[i] != '\n'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
		case out[i] == '/' && i+1 < len(out) && out[i+1] == '/':
			for ; i < len(out) && out[i] != '\n'; i++ {
				out[i] = ' '
			}
		case out[i] == '/' && i+1 < len(out) && out[i+1] == '*':
			end := bytes.Index(out[i+2:], []byte("*/"))
			if end < 0 {
				end = len(out) - i - 4
			}
			for to := i + end + 4; i < to && i < len(out); i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
			i--
		}
	}
	return out
}

// documentsOf parses a file of a name.
func documentsOf(name string, data []byte) []document {
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		data = bytes.TrimPrefix(withoutComments(data), []byte("\ufeff"))
	case ".properties":
		return []document{{root: properties(data), line: 1}}
	}
	return documents(data)
}
