package prompt

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/huh"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
)

// choices are the options of a page with the line in which an answer is typed. Nothing
// is chosen at first. What is typed counts as a whole, however its letters arrive: a
// number, a word or the beginning of one, or what accepts takes. Nothing else gets past
// enter.
type choices struct {
	options []dialog.Option
	accepts func(typed string) error // takes what is no option; nil when nothing else is
	marked  int                      // the option that the arrow keys lead to; -1 when there is none
	typed   string                   // what stands in the line
	line    *huh.Input               // the line
}

func newChoices(options []dialog.Option) *choices { return &choices{options: options, marked: -1} }

// field returns the line in which an answer is typed.
func (c *choices) field(help string) field {
	if c.line == nil {
		c.line = huh.NewInput().Title("Answer  ").Inline(true).Prompt("").CharLimit(longest).Value(&c.typed)
	}
	return field{Field: c.line, help: help, check: c.check}
}

// put writes a text into the line, in the place of what stands there.
func (c *choices) put(text string) {
	c.typed, c.marked = text, -1
	c.line.Value(&c.typed)
}

// move marks the option that is so many further down, or up when by is negative.
func (c *choices) move(by int) {
	if at := c.chosen(); at >= 0 {
		c.marked = min(max(at+by, 0), len(c.options)-1)
	} else if by > 0 {
		c.marked = 0
	} else {
		c.marked = len(c.options) - 1
	}
	c.typed = ""
}

// chosen returns the option that enter would take, or -1.
func (c *choices) chosen() int {
	word := term.Clean(c.typed)
	if word == "" {
		return c.marked
	}
	first, _ := dialog.Match(c.options, word) // a mark shows which one it is
	return first
}

// check says why there is no answer yet.
func (c *choices) check() string {
	if c.chosen() >= 0 {
		return ""
	}
	typed := term.Clean(c.typed)
	if typed == "" {
		return fmt.Sprintf("Choose an answer first: type its number or its word, or move with ↑ and ↓ (%s).", c.names())
	}
	if c.accepts == nil {
		return fmt.Sprintf("%q isn't one of the answers: %s.", term.Safe(typed), c.names())
	}
	if err := c.accepts(typed); err != nil {
		return sentence(err)
	}
	return ""
}

// names lists the options by their numbers.
func (c *choices) names() string {
	var list []string
	for i, o := range c.options {
		list = append(list, fmt.Sprintf("%d %s", i+1, o.Label))
	}
	return strings.Join(list, ", ")
}

// blocks draws the options: with what they mean, in a low terminal without, and in a
// very low one on one line.
func (c *choices) blocks(width int) []block {
	full := dialog.List{Options: c.options, Marked: c.chosen(), Means: true}
	short := dialog.List{Options: c.options, Marked: c.chosen()}
	var line []string
	for i, o := range c.options {
		pointer := ""
		if i == c.chosen() {
			pointer = ">"
		}
		line = append(line, fmt.Sprintf("%s%d %s", pointer, i+1, o.Label))
	}
	return []block{
		{text: strings.Join(full.Lines(width), "\n"), drawn: true, spare: spareMeans},
		{text: strings.Join(short.Lines(width), "\n"), drawn: true, spare: spareOptions, instead: spareMeans},
		{text: strings.Join(line, " · "), instead: spareOptions},
	}
}
