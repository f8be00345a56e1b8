package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"waitornot/cmd/internal/disk"
)

// The exit codes of a command after which its output is not a result.
const (
	exitUsage       = 2
	exitInterrupted = 130
)

// run runs a command and decodes the JSON that it writes into result. What the command
// could not read is part of its result; when it has none, the error is what it said,
// in the words of an agent's input.
func (s *Server) run(ctx context.Context, result any, in string, args ...string) error {
	out, err := s.output(ctx, in, args...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, result); err != nil {
		return fmt.Errorf("%s wrote no result: %w", args[0], err)
	}
	return nil
}

// output runs a command and returns what it writes.
func (s *Server) output(ctx context.Context, in string, args ...string) ([]byte, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	out, errs := &disk.Bounded{Most: maxOutput}, &disk.Bounded{Most: maxResult}
	code := s.settings.Run(ctx, s.roots.folders, args, strings.NewReader(in), out, errs)
	switch {
	case out.Full:
		return nil, errors.New("the result is larger than 64 MB: give fewer paths, or select operations with only")
	case code == exitInterrupted:
		return nil, errors.New("interrupted")
	case code == exitUsage || len(out.Bytes()) == 0 && code != 0:
		return nil, errors.New(said(string(errs.Bytes())))
	}
	return out.Bytes(), nil
}

// said returns what a command wrote to standard error without what only people at a
// command line need.
func said(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "Run 'waitornot ") {
			continue
		}
		line = strings.TrimPrefix(line, "waitornot: ")
		for _, flag := range []string{"only", "stack", "since", "journey", "name", "service", "save", "replace", "immediacy", "retryability", "latency", "coupling"} {
			line = strings.ReplaceAll(line, "--"+flag, flag)
		}
		lines = append(lines, line)
	}
	message, _ := short(strings.Join(lines, "\n"), 2000)
	if message == "" {
		return "the command failed without a message"
	}
	return message
}
