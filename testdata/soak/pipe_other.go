//go:build !unix

package main

import "errors"

// pipe makes a named pipe, which only Unix has.
func pipe(string) error { return errors.ErrUnsupported }
