package source

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A reference is a host that a value names.
type reference struct {
	host   string
	scheme string // "" where none is written
	port   string // "" where none is written
	bare   bool   // the value is the host and nothing else
	path   string // behind the host of an address with a scheme
}

// longestValue is how much of a value is looked at.
const longestValue = 8 << 10

// The patterns are compiled when somebody imports: other commands don't pay for them.
var (
	hostPort = lazy(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?):(\d{1,5})(?:[/?#].*)?$`)
	bareHost = lazy(`^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$`)
	breaks   = lazy("[\\s,;|\"'`()<>\\[\\]{}]+")
)

func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// references returns the hosts that a value names: in addresses, in lists of them, in
// connection strings and in arguments.
func references(value string) []reference {
	if len(value) > longestValue {
		value = value[:longestValue]
	}
	value = strings.TrimSpace(value)
	if bareHost().MatchString(value) {
		return []reference{{host: value, bare: true}}
	}
	if user, host, ok := cutLast(value, "@"); ok && strings.Contains(user, ":") && !breaks().MatchString(user) && !strings.Contains(user, "://") && bareHost().MatchString(host) { // user:password@host
		return []reference{{host: host, bare: true}}
	}
	var list []reference
	for _, token := range breaks().Split(value, -1) {
		list = append(list, referencesOf(token)...)
	}
	if key, host, ok := hostOfConnection(value); ok && key {
		list = append(list, host)
	}
	return list
}

func referencesOf(token string) []reference {
	if scheme, rest, ok := cutScheme(token); ok {
		authority := strings.TrimLeft(rest, "/")
		path := ""
		if i := strings.IndexAny(authority, "/?#"); i >= 0 {
			authority, path = authority[:i], authority[i:]
		}
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			authority = authority[i+1:]
		}
		host, port, _ := strings.Cut(authority, ":")
		if app, invoked := strings.CutPrefix(path, "/v1.0/invoke/"); invoked { // through the sidecar of Dapr
			app, path, _ = strings.Cut(app, "/")
			host, port = app, ""
		}
		if bareHost().MatchString(host) {
			return []reference{{host: host, scheme: scheme, port: port, path: path}}
		}
		return nil
	}
	if i := strings.LastIndexByte(token, '@'); i >= 0 { // user:password@host:port
		token = token[i+1:]
	}
	if m := hostPort().FindStringSubmatch(token); m != nil {
		return []reference{{host: m[1], port: m[2]}}
	}
	if key, value, ok := strings.Cut(token, "="); ok && value != "" {
		if namesHost(key) && bareHost().MatchString(value) {
			return []reference{{host: value}}
		}
		if !strings.Contains(value, "=") {
			return referencesOf(value)
		}
	}
	return nil
}

// cutScheme splits scheme://rest. Of several schemes, as in jdbc:mysql://, the last
// counts, and so does what stands before it, as in a list of key=value pairs.
func cutScheme(token string) (scheme, rest string, ok bool) {
	before, rest, ok := strings.Cut(token, "://")
	if !ok {
		return "", "", false
	}
	start := strings.LastIndexFunc(before, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '.')
	})
	return strings.ToLower(before[start+1:]), rest, true
}

// hostOfConnection returns the host of a connection string such as
// Server=tcp:sqldata,1433;Database=orders. The first result is false when the value is none.
func hostOfConnection(value string) (found bool, r reference, ok bool) {
	parts := strings.Split(value, ";")
	for _, part := range parts {
		key, host, is := strings.Cut(part, "=")
		if !is {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "server", "data source", "datasource", "host", "hosts", "address", "addr", "network address", "endpoint", "hostname":
			host = strings.TrimPrefix(strings.TrimSpace(host), "tcp:")
			host, _, _ = strings.Cut(host, ",")
			host, port, _ := strings.Cut(host, ":")
			for _, other := range parts {
				if key, p, _ := strings.Cut(other, "="); port == "" && strings.EqualFold(strings.TrimSpace(key), "port") {
					port = strings.TrimSpace(p)
				}
			}
			if bareHost().MatchString(host) {
				return true, reference{host: host, port: port}, true
			}
		}
	}
	return false, reference{}, false
}

// words splits a key at punctuation and at capitals, in lower case.
func words(key string) []string {
	var list []string
	start := 0
	runes := []rune(key)
	flush := func(end int) {
		if end > start {
			list = append(list, strings.ToLower(string(runes[start:end])))
		}
	}
	for i, r := range runes {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		switch {
		case !letter:
			flush(i)
			start = i + 1
		case r >= 'A' && r <= 'Z' && i > start && runes[i-1] >= 'a' && runes[i-1] <= 'z':
			flush(i)
			start = i
		}
	}
	flush(len(runes))
	return list
}

var (
	hostWords = []string{
		"host", "hosts", "hostname", "addr", "addrs", "address", "addresses", "url", "urls", "uri", "uris", "server", "servers", "endpoint",
		"endpoints", "broker", "brokers", "bootstrap", "upstream", "backend", "peer", "target", "service", "svc", "connection", "conn",
		"node", "nodes", "seeds", "cluster", "dsn", "ip",
	}
	// notCalls are words of keys whose values name hosts that nobody calls because of them:
	// what the service itself is called or listens on, what it allows, what it tells others.
	notCalls = []string{
		"advertised", "advertise", "listen", "listener", "listeners", "bind", "cors", "origin", "origins", "allowed", "allow", "redirect",
		"callback", "noproxy", "virtual", "letsencrypt", "healthcheck", "health", "hc", "ready", "live", "probe", "issuer", "audience", "self", "own", "csrf", "trusted",
		"eureka", "nacos", "zipkin", "jaeger", "otel", "otlp", "instance", "label", "labels", "comment", "description", "registry", "repository", "docs", "swagger", "openapi", "springdoc", "prefix",
	}
	// notHosts are words of keys whose bare value is a name of something else.
	notHosts = []string{"user", "username", "password", "passwd", "pass", "secret", "token", "database", "db", "name", "profile", "profiles", "active",
		"mode", "type", "driver", "dialect", "engine", "protocol", "schema", "vhost", "group", "topic", "queue", "exchange", "index", "id", "key", "env", "environment",
		"level", "class", "path", "dir", "file", "platform", "version", "log", "plugin", "provider", "role", "kind", "handler", "adapter"}
)

// namesHost reports whether the value of a key is likely to be a host when it is a
// single word.
func namesHost(key string) bool {
	w := words(key)
	if len(w) == 0 || anyOf(w, notCalls) {
		return false
	}
	last := w[len(w)-1]
	if slices.Contains(notHosts, last) && !(last == "name" && len(w) > 1 && w[len(w)-2] == "host") {
		return false
	}
	return anyOf(w, hostWords) || slices.ContainsFunc(w, func(s string) bool {
		return strings.HasSuffix(s, "host") || strings.HasSuffix(s, "url") || strings.HasSuffix(s, "addr")
	})
}

// callsNobody reports whether the value of a key names no host that the service calls,
// however it is written.
func callsNobody(key string) bool {
	w := words(key)
	if i := slices.Index(w, "registry"); i > 0 && w[i-1] == "schema" { // which is called at run time, unlike others
		w = slices.Delete(slices.Clone(w), i, i+1)
	}
	if len(w) >= 2 && w[len(w)-2] == "issuer" && (w[len(w)-1] == "uri" || w[len(w)-1] == "url") { // its keys are fetched from there
		w = w[:len(w)-2]
	}
	return anyOf(w, notCalls) || len(w) >= 2 && w[0] == "no" && w[1] == "proxy" || len(w) == 1 && w[0] == "hostname"
}

// ofLogs reports whether a setting in a file tells where logs go, by the section that it stands in.
func ofLogs(path string) bool {
	section, _, nested := strings.Cut(path, ".")
	return nested && anyOf(words(section), []string{"log", "logs", "logging", "logger", "serilog", "nlog", "loki"})
}

// looksAfter reports whether an address is one that tells whether a service is well: asking
// it is no operation.
func (ref *reference) looksAfter() bool {
	path, _, _ := strings.Cut(strings.Trim(ref.path, "/"), "?")
	return slices.Contains([]string{"hc", "health", "healthz", "healthcheck", "health-check", "liveness", "readiness", "livez", "readyz", "metrics", "actuator/health", "actuator/prometheus", "-/healthy", "-/ready"}, strings.ToLower(path))
}

func anyOf(list, of []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return slices.Contains(of, s) })
}
