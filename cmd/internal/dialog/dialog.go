// Package dialog is what questions to people are made of, whatever they are about:
// options and how one of them is named, a screen that ends as its user says, plain
// lines where no screen can be drawn. The rooms prompt and quiz put their questions
// with it.
package dialog

import "errors"

// ErrInterrupted says that the user stopped: with ctrl+c, or with a signal that ended
// the context.
var ErrInterrupted = errors.New("interrupted")
