package manifest

import "waitornot/decide/diag"

// Options say how a manifest is read.
type Options struct {
	Workers  int // goroutines that read one file; 0 and 1 mean one
	MaxBytes int // a larger file is refused; 0 means DefaultMaxBytes
}

// Map is being written.
func Map[T any](src Source, opt Options, visit func(*Document, []Operation) T) (*File, []T) {
	return &File{Name: src.Name}, nil
}

// CrossCheck is being written.
func CrossCheck(files []*File) []diag.Finding { return nil }
