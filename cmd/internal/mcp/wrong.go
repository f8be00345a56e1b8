package mcp

import (
	"context"
	"regexp"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// plainly rewrites what the library says of input that breaks its schema, so that an
// agent sees at once which field to change.
func plainly(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, request)
		if call, ok := result.(*mcp.CallToolResult); ok && call != nil && call.IsError {
			for _, c := range call.Content {
				if text, ok := c.(*mcp.TextContent); ok {
					text.Text = invalid(text.Text)
				}
			}
		}
		return result, err
	}
}

// invalid turns a chain of validating steps into the field and its fault:
// "operations[].answers.immediacy: ...".
func invalid(message string) string {
	chain, ok := strings.CutPrefix(message, `validating "arguments": `)
	if !ok {
		return message
	}
	field := ""
	for {
		step, rest, found := strings.Cut(chain, ": ")
		at, isStep := strings.CutPrefix(step, "validating ")
		if !found || !isStep {
			break
		}
		if at != "root" {
			field = at
		}
		chain = rest
	}
	for _, w := range []struct{ form, words string }{
		{`enum: (.*) does not equal any of: \[(.*)\]`, `$1 is not one of: $2`},
		{`unexpected additional properties \[(.*)\]`, `unknown field $1: the input schema lists those that the tool takes`},
		{`required: missing properties: \[(.*)\]`, `missing: $1`},
		{`type: (.*) has type "(.*)", want "(.*)"`, `$1 is of type $2, and should be of type $3`},
	} {
		chain = regexp.MustCompile(w.form).ReplaceAllString(chain, w.words)
	}
	if field == "" {
		return chain
	}
	field = strings.ReplaceAll(strings.ReplaceAll(field, "/items", "[]"), "/properties/", ".")
	return strings.TrimPrefix(field, ".") + ": " + chain
}
