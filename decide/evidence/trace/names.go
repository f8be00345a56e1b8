package trace

import (
	"bytes"
	"strings"
)

// Names of operations. A route template wins, with its parameters written in one
// way. Without one, a part of a path becomes {id} when it is
//
//   - made of digits, or has three digits or more: 42, 2026-11-20, ord-1234;
//   - a UUID, or at least eight hexadecimal digits, one of them a decimal;
//   - an address with @, or longer than 40 bytes, or percent-encoded.
//
// What stands behind ? and # is dropped. Where paths differ in one part alone, many of
// them show that it is an id: see fold.

// operation appends the name of the operation that a span is about, and
// reports whether it comes from a template or an interface rather than from a
// concrete path.
func (d *draft) operation(to []byte) ([]byte, bool) {
	switch {
	case d.kind == producer || d.kind == consumer:
		return d.message(to), true
	case d.has(rpcService) && d.has(rpcMethod):
		to = append(append(to, d.get(rpcService)...), '/')
		return append(to, d.get(rpcMethod)...), true
	case d.has(rpcMethod): // today the method is written with its service in front
		return append(to, bytes.TrimPrefix(d.get(rpcMethod), []byte("/"))...), true
	case d.has(dbSystem):
		return d.statement(to), true
	case d.has(httpMethod):
		return d.request(to)
	}
	return appendNormal(to, d.name), false
}

// message appends where a message goes: its routing key, topic or queue.
func (d *draft) message(to []byte) []byte {
	for _, a := range [...]attribute{messagingTemplate, messagingKey, messagingDestination} {
		if d.has(a) {
			return appendNormal(to, d.get(a))
		}
	}
	return appendNormal(to, d.name)
}

// channel returns the queue, topic or exchange that carries a message.
func (d *draft) channel() []byte {
	for _, a := range [...]attribute{messagingTemplate, messagingDestination, messagingKey} {
		if d.has(a) {
			return d.get(a)
		}
	}
	return nil
}

func (d *draft) statement(to []byte) []byte {
	if !d.has(dbOperation) {
		return appendNormal(to, d.name)
	}
	to = append(to, d.get(dbOperation)...)
	if d.has(dbCollection) {
		to = appendNormal(append(to, ' '), d.get(dbCollection))
	}
	return to
}

func (d *draft) request(to []byte) ([]byte, bool) {
	method := d.get(httpMethod)
	for _, a := range [...]attribute{httpRoute, urlTemplate} {
		if d.has(a) {
			to = append(append(to, method...), ' ')
			return appendTemplate(to, pathOf(d.get(a))), true
		}
	}
	if path := d.path(); path != nil {
		to = append(append(to, method...), ' ')
		return appendPath(to, path), false
	}
	if verb, rest, ok := bytes.Cut(d.name, []byte(" ")); ok && bytes.Equal(verb, method) && bytes.HasPrefix(rest, []byte("/")) {
		to = append(append(to, method...), ' ')
		return appendPath(to, rest), false
	}
	return append(to, method...), false
}

// path returns the concrete path of a request, without its query.
func (d *draft) path() []byte {
	if d.has(urlPath) {
		return pathOf(d.get(urlPath))
	}
	if d.has(urlFull) {
		return pathOf(d.get(urlFull))
	}
	return nil
}

// pathOf cuts the path out of a URL or a request target.
func pathOf(url []byte) []byte {
	if i := bytes.Index(url, []byte("://")); i >= 0 {
		url = url[i+3:]
		i = bytes.IndexByte(url, '/')
		if i < 0 {
			return []byte("/")
		}
		url = url[i:]
	}
	if i := bytes.IndexAny(url, "?#"); i >= 0 {
		url = url[:i]
	}
	return url
}

// authority cuts host and port out of a URL.
func authority(url []byte) []byte {
	i := bytes.Index(url, []byte("://"))
	if i < 0 {
		return nil
	}
	url = url[i+3:]
	if i := bytes.IndexAny(url, "/?#"); i >= 0 {
		url = url[:i]
	}
	if i := bytes.LastIndexByte(url, '@'); i >= 0 { // names and passwords stay out
		url = url[i+1:]
	}
	return url
}

// appendTemplate appends a route with its parameters as OpenAPI writes them,
// whatever the framework does: :id, <int:id>, $id and {id:[0-9]+} are {id}.
func appendTemplate(to, route []byte) []byte {
	for part := range bytes.SplitSeq(bytes.Trim(route, "/"), []byte("/")) {
		to = append(to, '/')
		if name := parameter(part); name != nil {
			to = append(append(append(to, '{'), name...), '}')
		} else {
			to = append(to, part...)
		}
	}
	return to
}

// parameter returns the name of the parameter that a part of a route is, or nil.
func parameter(part []byte) []byte {
	if len(part) < 2 {
		return nil
	}
	name := part[1:]
	switch part[0] {
	case ':', '$':
		if i := bytes.IndexAny(name, "(?*+.<"); i > 0 {
			name = name[:i]
		}
	case '{':
		if i := bytes.IndexAny(name, ":}*."); i > 0 {
			name = name[:i]
		}
	case '<':
		name = bytes.TrimSuffix(name, []byte(">"))
		if i := bytes.LastIndexByte(name, ':'); i >= 0 && i+1 < len(name) {
			name = name[i+1:]
		}
	default:
		return nil
	}
	return name
}

// appendPath appends a path with what looks like an id as {id}.
func appendPath(to, path []byte) []byte {
	for part := range bytes.SplitSeq(bytes.Trim(path, "/"), []byte("/")) {
		to = append(to, '/')
		to = appendPart(to, part)
	}
	return to
}

// appendNormal appends a name in which words and parts of paths that look like
// ids are {id}.
func appendNormal(to, name []byte) []byte {
	start := 0
	for i, c := range name {
		if c == ' ' || c == '/' {
			to = append(appendPart(to, name[start:i]), c)
			start = i + 1
		}
	}
	return appendPart(to, name[start:])
}

func appendPart(to, part []byte) []byte {
	if isID(part) {
		return append(to, "{id}"...)
	}
	return append(to, part...)
}

// isID reports whether a part of a path names one thing out of many.
func isID(part []byte) bool {
	if len(part) > 40 {
		return true
	}
	digits, hex := 0, len(part) >= 8
	for _, c := range part {
		if c >= '0' && c <= '9' {
			digits++
			continue
		}
		if c == '@' || c == '%' {
			return true
		}
		if _, ok := hexDigit(c); !ok && c != '-' {
			hex = false
		}
	}
	return digits >= 3 || digits > 0 && (hex || digits == len(part))
}

// peer appends whom a client's span calls, as far as the span itself tells:
// the callee by name, or host and port.
func (d *draft) peer(to []byte) []byte {
	if d.has(peerService) {
		return append(to, d.get(peerService)...)
	}
	if d.has(dbSystem) && (!d.has(serverAddress) || isLoopback(string(d.get(serverAddress)))) {
		return append(to, d.get(dbSystem)...)
	}
	if d.has(serverAddress) {
		to = append(to, d.get(serverAddress)...)
		if d.has(serverPort) && bytes.IndexByte(d.get(serverAddress), ':') < 0 {
			to = append(append(to, ':'), d.get(serverPort)...)
		}
		return to
	}
	if host := authority(d.get(urlFull)); host != nil {
		return append(to, host...)
	}
	return append(to, d.get(rpcService)...)
}

// isLoopback reports whether a host, with or without a port, is the machine of
// whoever calls it: it names nobody.
func isLoopback(host string) bool {
	return strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "[::1]") || host == "::1" ||
		host == "localhost" || strings.HasPrefix(host, "localhost:")
}

// hostName returns the name of a host as people call it: without its port, and
// of a Kubernetes service its first part. An address without a name stays whole.
func hostName(host string) string {
	if isLoopback(host) {
		return host
	}
	name := host
	if i := strings.LastIndexByte(host, ':'); i > 0 && strings.Count(host, ":") == 1 {
		name = host[:i]
	}
	if strings.HasSuffix(name, ".svc") || strings.Contains(name, ".svc.") {
		name, _, _ = strings.Cut(name, ".")
	}
	return name
}

// query reports whether an operation only reads, as its name tells: by the
// method of HTTP or the verb of SQL.
func queryName(name string) bool {
	verb, _, _ := strings.Cut(name, " ")
	switch strings.ToUpper(verb) {
	case "GET", "HEAD", "OPTIONS", "SELECT", "FIND", "MGET", "HGET", "HGETALL":
		return true
	}
	return false
}
