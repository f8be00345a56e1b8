package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
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
	out, errs := &bounded{most: maxOutput}, &bounded{most: maxResult}
	code := s.settings.Run(ctx, args, strings.NewReader(in), out, errs)
	switch {
	case out.full:
		return nil, errors.New("the result is larger than 64 MB: give fewer paths, or choose operations with only")
	case code == exitInterrupted:
		return nil, errors.New("interrupted")
	case code == exitUsage || out.kept.Len() == 0 && code != 0:
		return nil, errors.New(said(errs.kept.String()))
	}
	return out.kept.Bytes(), nil
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
		return "the command failed and said nothing"
	}
	return message
}

// bounded is a buffer that takes so many bytes and drops the rest.
type bounded struct {
	kept bytes.Buffer
	most int
	full bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.kept.Len()+len(p) > b.most {
		b.full = true
		return 0, io.ErrShortWrite
	}
	return b.kept.Write(p)
}
