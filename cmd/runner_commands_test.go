package cmd

import (
	"context"
	"strings"
	"testing"
	"time"
)

// In a runner, annotations are commands that it obeys, and what else the program writes is none.
func TestAnnotationsInRunner(t *testing.T) {
	t.Parallel()
	const manifest = "operations: [{name: '::error::x', mode: async, answers: {immediacy: yes, retryability: no, latency: 1s, coupling: no}}]"
	for format, commands := range map[string]int{"github": 1, "text": 0, "jsonl": 0} {
		var out, errs strings.Builder
		code := Main(context.Background(), []string{"check", "-", "--format", format}, Streams{
			In: strings.NewReader(manifest), Out: &out, Err: &errs, Now: time.Now,
			Env: func(name string) string { return map[string]string{"GITHUB_ACTIONS": "true"}[name] },
		})
		n := 0
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				n++
			}
		}
		if code != exitFindings || n != commands {
			t.Errorf("%s: %d with %d commands, want %d:\n%s%s", format, code, n, commands, out.String(), errs.String())
		}
	}
}
