// Package adviceview writes recommendations and explanations, each format in a file
// of its own.
package adviceview

import (
	"waitornot/cmd/internal/markup"
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

// Formats returns the formats of advice, the default first. A brief look
// gives one line for each operation in text and Markdown; JSON is always whole.
func Formats() []markup.Format[*Advice] {
	return []markup.Format[*Advice]{{Name: "text", Page: adviceText}, {Name: "json", Page: adviceJSON}, {Name: "markdown", Page: adviceMarkdown}}
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
