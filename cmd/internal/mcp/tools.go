package mcp

import (
	"context"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// addTools adds the tools in the order in which an agent would use them.
func (s *Server) addTools() error {
	draft := "Returns an operation as manifest text, with its recommendation"
	if s.settings.Write {
		draft += "; with write, it's added to the manifest at path"
	} else {
		draft += "; this server writes nothing"
	}
	for _, add := range []func() error{
		tool(s, "advise", "Recommend sync, async, or hybrid", "Recommends whether each operation's caller should wait, with the row of the decision table, dissents, safeguards, pattern, and what would change the verdict. Give operations, a manifest's text, or paths.", true, s.advise),
		tool(s, "next_question", "Which question to ask next", "Says which of the four questions to ask a person first, with its sharper test and what each answer means; or the verdict, if the answers already decide it. Give the answers known so far, or a manifest to find its undecided operations.", true, s.nextQuestion),
		tool(s, "check", "Lint manifests", "Reports problems and risks in manifests: each finding with its place, rule, reason, and fix.", true, s.check),
		tool(s, "explain", "Explain a word", "Explains a question, answer, verdict, row, safeguard, pattern, stack, limit, or rule by the name that results use. Without a name, it lists the names of a kind.", true, s.explain),
		tool(s, "plan", "Plan for journeys", "For each journey over its budget or below its objective, finds the smallest set of operations to change from sync to async or hybrid, or says what would help instead.", true, s.plan),
		tool(s, "diff", "Compare two versions", "Says how the meaning of manifests changed: operations added, removed, or renamed, answers changed, verdicts flipped. Compares with a git revision, or two paths.", true, s.diff),
		tool(s, "draft_operation", "Write an operation", draft+".", !s.settings.Write, s.draft),
	} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

// tool returns what adds a tool. Its schemas are made from the types of its input and its
// result.
func tool[In, Out any](s *Server, name, title, description string, readOnly bool, handle func(context.Context, In) (Out, error)) func() error {
	return func() error {
		in, err := schemaFor[In]()
		if err != nil {
			return fmt.Errorf("input of %s: %w", name, err)
		}
		out, err := schemaFor[Out]()
		if err != nil {
			return fmt.Errorf("result of %s: %w", name, err)
		}
		mcp.AddTool(s.protocol, &mcp.Tool{
			Name: name, Title: title, Description: description, InputSchema: in, OutputSchema: out,
			Annotations: &mcp.ToolAnnotations{ReadOnlyHint: readOnly, IdempotentHint: true, DestructiveHint: new(false), OpenWorldHint: new(false)},
		}, func(ctx context.Context, _ *mcp.CallToolRequest, input In) (*mcp.CallToolResult, Out, error) {
			output, err := handle(ctx, input)
			return nil, output, err
		})
		return nil
	}
}

// schemaFor returns the schema of a type. What the library allows besides, null for a list
// or a pointer, is something that is left out instead.
func schemaFor[T any]() (*jsonschema.Schema, error) {
	schema, err := jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: words()})
	if err == nil {
		withoutNull(schema)
	}
	return schema, err
}

func withoutNull(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if len(s.Types) == 2 && s.Types[0] == "null" {
		s.Types, s.Type = nil, s.Types[1]
	}
	withoutNull(s.Items)
	withoutNull(s.AdditionalProperties)
	for _, p := range s.Properties {
		withoutNull(p)
	}
}
