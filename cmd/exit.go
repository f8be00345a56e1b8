package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"waitornot/cmd/internal/dialog"
)

// The exit codes of every command.
const (
	exitOK          = 0   // nothing to report
	exitFindings    = 1   // findings at or above the failing severity
	exitUsage       = 2   // wrong usage
	exitFailed      = 3   // the work could not be done
	exitInterrupted = 130 // stopped by the user
)

// errFindings ends a command whose findings have already been written.
var errFindings = errors.New("findings")

// errRuleFailed ends a run in which a custom rule could not be evaluated: what it
// would have found isn't known.
var errRuleFailed = errors.New("a custom rule could not be evaluated; what it looks for may be there")

// A usageError is a command line that cannot be carried out as written.
type usageError struct{ err error }

// Error returns what is wrong with the command line.
func (e usageError) Error() string { return e.err.Error() }

// Unwrap returns the error that the command line led to.
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// A brokenError ends a command that did what it could and could not read all:
// what was wrong has already been written.
type brokenError struct {
	files  []string // those that could not be read to their end
	unread []string // those that could not be opened
}

// Error names the files that kept the run from reading everything.
func (e brokenError) Error() string {
	var parts []string
	for _, p := range []struct {
		files []string
		what  string
	}{{e.files, "could not be fully parsed"}, {e.unread, "could not be opened"}} {
		switch len(p.files) {
		case 0:
		case 1:
			parts = append(parts, p.files[0]+" "+p.what)
		default:
			parts = append(parts, fmt.Sprintf("%d files %s", len(p.files), p.what))
		}
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
	case errors.Is(err, dialog.ErrInterrupted), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, new(usageError)):
		return exitUsage
	}
	return exitFailed
}
