// Package adviceview writes recommendations and explanations, each format in a file
// of its own.
package adviceview

import (
	"io"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// Advice is the result of advising on the operations of a run. Recommendations
// are made while they are written, so that a large run stays small in memory.
type Advice struct {
	Adviser    *advice.Adviser
	Operations []advice.Operation
	Findings   []diag.Finding    // of the manifests; sorted
	Broken     []string          // the files some of whose text could not be read, in order
	Unreadable []lint.Unreadable // the files that could not be opened, in order
	Single     bool              // it is about one operation: no counts of all follow as text
}

// A Format is one way to write advice.
type Format struct {
	Name  string
	write func(*markup.Writer, *Advice, term.Layout)
}

// Formats returns the formats of advice, the default first. A brief look
// gives one line for each operation in text and Markdown; JSON is always whole.
func Formats() []Format {
	return []Format{{"text", adviceText}, {"json", adviceJSON}, {"markdown", adviceMarkdown}}
}

// Write writes the advice to w. The error is the first that w returned.
func (f Format) Write(w io.Writer, a *Advice, l term.Layout) error {
	b := markup.NewWriter(w)
	f.write(b, a, l)
	return b.Flush()
}

// each calls write with the advice on every operation, in order, and returns
// the picture that all of them make.
func (a *Advice) each(write func(*advice.Advice)) *advice.Overview {
	picture := &advice.Overview{}
	for i := range a.Operations {
		out := a.Adviser.Advise(&a.Operations[i])
		picture.Add(&out)
		write(&out)
	}
	return picture
}
