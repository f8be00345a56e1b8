package mcp

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// addPrompts adds what a person can start from a client's menu.
func (s *Server) addPrompts() {
	s.protocol.AddPrompt(&mcp.Prompt{
		Name: "review_design", Title: "Review this design", Description: "Go through a design operation by operation: which callers must wait, and which don't have to.",
		Arguments: []*mcp.PromptArgument{{Name: "design", Description: "the design: a description, or paths of manifests; by default, the project's manifests"}},
	}, prompt("design", "the manifests of this project (call check and advise without paths)", review))
	s.protocol.AddPrompt(&mcp.Prompt{
		Name: "interview_me", Title: "Interview me", Description: "Ask me the few questions that decide whether a caller should wait.",
		Arguments: []*mcp.PromptArgument{{Name: "operation", Description: "the operation to decide about; if it's left out, you're asked"}},
	}, prompt("operation", "an operation of mine (ask me which)", interview))
}

func prompt(argument, otherwise, text string) mcp.PromptHandler {
	return func(_ context.Context, request *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		about := request.Params.Arguments[argument]
		if about == "" {
			about = otherwise
		}
		if len(about) > maxText {
			return nil, fmt.Errorf("%s has %d bytes, but the limit is %d", argument, len(about), maxText)
		}
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: fmt.Sprintf(text, about)}}}}, nil
	}
}

const review = `Review a design with the tools of waitornot. The design: %s

1. List its operations: each interaction between a caller and a callee. A consumer, a timer and a workflow step are callers, too.
2. For each, answer the four questions from what the design says. Leave out what it doesn't say: never guess.
3. Call advise with all of them in one call. For undecided ones, ask me the question that it names, one at a time, and advise again.
4. Report in this order: what must be synchronous and why; what can be asynchronous or hybrid, and what its users see meanwhile; where the declared mode differs from the verdict; close calls with the answer that would flip them.
5. Name each safeguard that a dissent requires and the design lacks. Call explain before you describe one in detail.
6. If there are journeys with a budget or an objective, call plan.
Offer draft_operation for what should go into a manifest.`

const interview = `Interview me about %s, until waitornot can say whether its caller should wait.

Call next_question with the answers so far: {"answers": {}} at first. Put the question that it returns to me in my terms, with its sharper test, one question at a time; read my reply against the meanings of the answers, and say which you took. When I don't know, leave the answer out. Stop as soon as there is a verdict: tell me the verdict and why, what it costs, the safeguards, and what would change it. Then offer draft_operation.`
