package mcp

import "encoding/json"

// What a server takes, and how much it gives.
const (
	maxMessage    = 4 << 20  // bytes of a message from the client
	maxText       = 1 << 20  // bytes of a manifest that is given as text
	maxOperations = 200      // operations that are given as JSON
	maxOutput     = 64 << 20 // bytes that a command may write before its result is cut
	maxResult     = 24_000   // bytes of a result as JSON
	maxProblems   = 10       // findings beside advice
	maxValues     = 12       // values that changed in an operation or a part
	maxValue      = 60       // characters of each
	defaultItems  = 20       // items of a list unless a limit is given
	maxItems      = 100
	atATime       = 2 // commands that run side by side
)

// A page is a part of a list.
type page struct {
	Limit  int `json:"limit,omitempty" jsonschema:"how many items to return: 20 by default, at most 100"`
	Offset int `json:"offset,omitempty" jsonschema:"how many items to skip: the next_offset of an earlier result"`
}

// of returns the part of a list that the page asks for, and where it starts.
func pageOf[T any](p page, list []T) (part []T, from int) {
	limit := p.Limit
	if limit <= 0 {
		limit = defaultItems
	}
	from = min(max(p.Offset, 0), len(list))
	return list[from:min(from+min(limit, maxItems), len(list))], from
}

// fit returns how many of the items a result has room for: at least one of some.
func fit[T any](items []T) int {
	room := maxResult
	for i := range items {
		data, err := json.Marshal(items[i])
		if err != nil {
			return i
		}
		if room -= len(data); room < 0 {
			return max(i, 1)
		}
	}
	return len(items)
}

// rest says how to get at what a part of a list leaves out. The zero value says that
// there is nothing more.
type rest struct {
	Total      int `json:"total,omitempty" jsonschema:"how many items the full list has"`
	NextOffset int `json:"next_offset,omitempty" jsonschema:"where the next part of the list starts; absent when this is the last"`
}

// take returns the part of a list that a page asks for and a result has room for.
func take[T any](p page, list []T) ([]T, rest) {
	part, from := pageOf(p, list)
	part = part[:fit(part)]
	r := rest{Total: len(list)}
	if next := from + len(part); next < len(list) {
		r.NextOffset = next
	}
	return append([]T{}, part...), r
}

// short cuts a text to at most so many bytes, at the end of a line where it can.
func short(text string, most int) (string, bool) {
	if len(text) <= most {
		return text, false
	}
	cut := most
	for i := most; i > most/2; i-- {
		if text[i] == '\n' {
			cut = i
			break
		}
	}
	for cut > 0 && text[cut]&0xC0 == 0x80 {
		cut--
	}
	return text[:cut], true
}
