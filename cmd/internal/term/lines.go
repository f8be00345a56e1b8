package term

import (
	"bufio"
	"io"
	"strings"
)

// A Line is a line of an input without its line break, or why there is none.
type Line struct {
	Text string
	Err  error
}

// ReadLines sends each line of an input, then forever the error that ended it. The
// last line needs no line break. The reader is left behind when the program ends: a
// read from a terminal cannot be called off.
func ReadLines(r io.Reader) <-chan Line {
	lines := make(chan Line)
	go func() {
		for b := bufio.NewReader(r); ; {
			text, err := b.ReadString('\n')
			if text != "" {
				lines <- Line{Text: strings.TrimRight(text, "\r\n")}
			}
			for err != nil {
				lines <- Line{Err: err}
			}
		}
	}()
	return lines
}
