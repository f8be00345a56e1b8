package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// The exit codes of every command.
const (
	exitOK          = 0   // nothing to report
	exitFindings    = 1   // findings at or above the failing severity
	exitUsage       = 2   // the command line was wrong
	exitFailed      = 3   // the work could not be done
	exitInterrupted = 130 // stopped by the user
)

// errFindings ends a command whose findings have already been written.
var errFindings = errors.New("findings")

// errInterrupted ends a command that its user stopped.
var errInterrupted = errors.New("interrupted")

// A usageError is a command line that cannot be carried out as written.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// A brokenError ends a command that did what it could and could not read all:
// what was wrong has already been written.
type brokenError struct {
	files      []string // those that could not be read to their end
	unreadable int      // how many could not be opened
}

func (e brokenError) Error() string {
	var parts []string
	switch {
	case len(e.files) == 1:
		parts = append(parts, fmt.Sprintf("%s could not be read to its end", e.files[0]))
	case len(e.files) > 1:
		parts = append(parts, fmt.Sprintf("%d manifests could not be read to their end", len(e.files)))
	}
	switch {
	case e.unreadable == 1:
		parts = append(parts, "one could not be opened")
	case e.unreadable > 1:
		parts = append(parts, fmt.Sprintf("%d could not be opened", e.unreadable))
	}
	return strings.Join(parts, "; ")
}

// exitCode returns the number the process ends with.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errInterrupted), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, new(usageError)):
		return exitUsage
	}
	return exitFailed
}
