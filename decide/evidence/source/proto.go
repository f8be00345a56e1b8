package source

import (
	"bytes"
	"strings"

	"waitornot/decide"
	"waitornot/decide/evidence"
)

func isProto(name string, data []byte) bool {
	return strings.HasSuffix(name, ".proto") || bytes.Contains(data, []byte("syntax = \"proto")) && bytes.Contains(data, []byte("rpc "))
}

// readProto reads the services of a Protocol Buffers file: only as much of the language
// as they need.
func readProto(r *reader, f *File) {
	p := protoReader{reader: r, tokens: protoTokens(f.Data)}
	for p.at < len(p.tokens) {
		switch {
		case p.take("package"):
			p.pkg = p.name()
		case p.take("service"):
			p.service()
		default:
			p.skip()
		}
	}
}

// A protoReader goes through the tokens of a file.
type protoReader struct {
	*reader
	tokens []protoToken
	at     int
	pkg    string
}

// A protoToken is a word, a text in quotes, or one other character.
type protoToken struct {
	text string
	line int
}

func protoTokens(data []byte) []protoToken {
	var list []protoToken
	line := 1
	for i := 0; i < len(data); {
		c := data[i]
		switch {
		case c == '\n':
			line++
			i++
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case bytes.HasPrefix(data[i:], []byte("//")):
			for i < len(data) && data[i] != '\n' {
				i++
			}
		case bytes.HasPrefix(data[i:], []byte("/*")):
			end := bytes.Index(data[i+2:], []byte("*/"))
			if end < 0 {
				return list
			}
			line += bytes.Count(data[i:i+2+end], []byte{'\n'})
			i += end + 4
		case c == '"' || c == '\'':
			end := i + 1
			for end < len(data) && data[end] != c && data[end] != '\n' {
				if data[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(data))
			list = append(list, protoToken{string(data[i:end]), line})
			i = end + 1
			if end < len(data) && data[end] == '\n' {
				i = end
			}
		case isNameByte(c) || c == '.':
			end := i
			for end < len(data) && (isNameByte(data[end]) || data[end] == '.') {
				end++
			}
			list = append(list, protoToken{string(data[i:end]), line})
			i = end
		default:
			list = append(list, protoToken{string(data[i : i+1]), line})
			i++
		}
	}
	return list
}

func (p *protoReader) take(word string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at].text == word {
		p.at++
		return true
	}
	return false
}

// name takes a word.
func (p *protoReader) name() string {
	if p.at == len(p.tokens) {
		return ""
	}
	p.at++
	return p.tokens[p.at-1].text
}

// skip passes a statement, with the block that it may have.
func (p *protoReader) skip() {
	for depth := 0; p.at < len(p.tokens); {
		switch p.name() {
		case "{":
			depth++
		case "}":
			if depth--; depth <= 0 {
				return
			}
		case ";":
			if depth == 0 {
				return
			}
		}
	}
}

// service reads a service and its rpcs.
func (p *protoReader) service() {
	name := p.name()
	if !p.take("{") {
		return
	}
	line := p.tokens[p.at-1].line
	for p.at < len(p.tokens) {
		switch {
		case p.take("}"):
			return
		case p.take("rpc"):
			p.rpc(name)
		default:
			p.skip()
		}
	}
	p.fault(line, "the service %s isn't closed", short(name))
}

// libraries are packages of services that belong to libraries, not to a system.
var libraries = []string{"google.", "grpc.", "envoy.", "opentelemetry.", "buf.", "validate", "io.opentelemetry", "jaeger.", "k8s.io", "istio.", "xds."}

func (p *protoReader) rpc(service string) {
	line := p.tokens[p.at-1].line
	name := p.name()
	p.message()
	streams, gives := false, ""
	if p.take("returns") {
		streams, gives = p.message()
	}
	options := p.options()
	for _, l := range libraries {
		if strings.HasPrefix(p.pkg, l) {
			return
		}
	}
	full := strings.TrimPrefix(p.pkg+"."+service, ".")
	s := evidence.Sighting{
		Callee: service, Name: evidence.OperationName(name), Line: line, Kind: kindOfName(name),
		Shows: "rpc", Text: short(full + "/" + name),
	}
	switch {
	case strings.Contains(options, "NO_SIDE_EFFECTS") || strings.Contains(options, " get :"):
		s.Kind = "query"
	case strings.HasSuffix(gives, "longrunning.Operation"):
		s.Mode, s.Notify = decide.Hybrid, "poll"
	case streams && s.Kind == "":
		s.Kind = "query"
	}
	if s.Kind == "" {
		s.Kind = "command"
	}
	p.see(s)
}

// message reads the type in parentheses.
func (p *protoReader) message() (streams bool, name string) {
	if !p.take("(") {
		return false, ""
	}
	for p.at < len(p.tokens) {
		switch t := p.name(); t {
		case ")":
			return streams, name
		case "stream":
			streams = true
		case ";", "{", "}":
			p.at--
			p.fault(p.tokens[p.at].line, "the parenthesis of an rpc isn't closed")
			return streams, name
		default:
			name = t
		}
	}
	return streams, name
}

// options returns the words of the block behind an rpc.
func (p *protoReader) options() string {
	start := p.at
	if p.take(";") {
		return ""
	}
	if p.at == len(p.tokens) || p.tokens[p.at].text != "{" {
		return ""
	}
	p.skip()
	var b strings.Builder
	for _, t := range p.tokens[start:p.at] {
		b.WriteString(" " + t.text)
	}
	p.take(";")
	return b.String()
}

// kindOfName tells queries by the verb that a name begins with; "" where it tells nothing.
func kindOfName(name string) string {
	verb, _, _ := strings.Cut(evidence.OperationName(name), "-")
	switch verb {
	case "get", "list", "find", "search", "query", "fetch", "read", "lookup", "count", "watch", "describe", "show", "is", "has", "exists", "browse", "download", "export", "calculate", "estimate", "validate", "check", "retrieve", "load", "view":
		return "query"
	case "create", "add", "update", "delete", "remove", "set", "put", "post", "send", "submit", "place", "cancel", "charge", "pay", "ship", "register", "save", "store", "insert", "upsert", "empty", "reset", "approve", "reject", "publish", "start", "stop", "run", "process", "patch", "assign", "book", "reserve", "order", "upload", "import", "notify", "confirm", "refund", "close", "open", "enable", "disable":
		return "command"
	}
	return ""
}
