package mcp

import (
	"context"
	"strings"
	"waitornot/decide"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A resource is a text of the program that never changes while it runs.
type resource struct {
	name, title, about, kind string
	args                     []string
}

const (
	scheme   = "waitornot://"
	markdown = "text/markdown"
	schema   = "application/schema+json"
)

// addResources adds what an agent may want to read as a whole. Each is written by a
// command.
func (s *Server) addResources() {
	for _, r := range []resource{
		{"questions", "The four questions", "the questions with their tests, answers, and examples", markdown, []string{"explain", "--format=markdown", "--"}},
		{"rules", "The rules of check", "code, severity, name, and summary of every rule that applies in the server's folder", "text/plain", []string{"rules", "list"}},
		{"stacks", "The stacks", "languages, clouds, and brokers that have a guide", markdown, []string{"explain", "--format=json"}},
		{"schema/manifest", "The schema of manifests", "every key of a manifest, as JSON Schema", schema, []string{"schema", "manifest"}},
		{"schema/config", "The schema of configurations", "every key of .waitornot.yaml, as JSON Schema", schema, []string{"schema", "config"}},
	} {
		s.protocol.AddResource(&mcp.Resource{URI: scheme + r.name, Name: r.name, Title: r.title, Description: r.about, MIMEType: r.kind},
			func(ctx context.Context, _ *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
				text, err := s.text(ctx, &r)
				if err != nil {
					return nil, err
				}
				return contents(scheme+r.name, r.kind, text), nil
			})
	}
	for _, kind := range []string{"rule", "stack", "question"} {
		prefix := scheme + kind + "s/"
		s.protocol.AddResourceTemplate(&mcp.ResourceTemplate{
			URITemplate: prefix + "{name}", Name: kind, Title: "A " + kind, Description: "the explanation of a " + kind, MIMEType: markdown,
		}, func(ctx context.Context, request *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
			uri := request.Params.URI
			name := strings.TrimPrefix(uri, prefix)
			if kind != "rule" || !strings.HasPrefix(strings.ToUpper(name), "WN") {
				name = kind + "/" + name // a code is a rule's own, and stands alone
			}
			out, err := s.output(ctx, "", "explain", "--format=markdown", "--", name)
			if err != nil {
				return nil, mcp.ResourceNotFoundError(uri)
			}
			return contents(uri, markdown, string(out)), nil
		})
	}
}

func contents(uri, kind, text string) *mcp.ReadResourceResult {
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: uri, MIMEType: kind, Text: text}}}
}

// text returns what a resource says.
func (s *Server) text(ctx context.Context, r *resource) (string, error) {
	switch r.name {
	case "questions":
		var b strings.Builder
		for _, q := range decide.Questions() {
			out, err := s.output(ctx, "", append(r.args, "question/"+q.String())...)
			if err != nil {
				return "", err
			}
			b.Write(out)
			b.WriteByte('\n')
		}
		return b.String(), nil
	case "stacks":
		var found explained
		if err := s.run(ctx, &found, "", r.args...); err != nil {
			return "", err
		}
		var b strings.Builder
		for _, t := range found.Topics {
			if t.Kind == "stack" {
				b.WriteString("- " + t.Name + ": " + t.Summary + "\n")
			}
		}
		return b.String(), nil
	}
	out, err := s.output(ctx, "", r.args...)
	return string(out), err
}
