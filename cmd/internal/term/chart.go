package term

import "strings"

// PlainChart returns a chart drawn with the characters that every terminal has, in the
// place of lines and corners.
func PlainChart(drawn string) string {
	return strings.NewReplacer("─", "-", "│", "|", "╭", ".", "╮", ".", "╰", "'", "╯", "'", "╴", "-", "╶", "-", "┤", "|", "┼", "+").Replace(drawn)
}
