package practice

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"waitornot/decide"
)

// A Drawn is a line of a design: an operation that a person thought of, and whether its
// caller should wait.
type Drawn struct {
	Text    string
	Verdict decide.Verdict // Undecided when the line does not say
	Card    *Card          // the operation of the model that it names; nil when none does
}

// Right reports whether the verdict is one that the operation has.
func (d *Drawn) Right() bool {
	return d.Card != nil && d.Verdict != decide.Undecided && d.Card.Right().Has(d.Verdict)
}

// ParseDrawn reads a line such as "place an order: sync". A verdict may be shortened.
func ParseDrawn(line string) Drawn {
	d := Drawn{Text: strings.TrimSpace(line)}
	i := strings.LastIndexAny(line, ":=")
	if i < 0 {
		return d
	}
	word := strings.ToLower(strings.TrimSpace(line[i+1:]))
	for _, v := range decide.Verdicts() {
		if word != "" && strings.HasPrefix(v.String(), word) {
			d.Text, d.Verdict = strings.TrimSpace(line[:i]), v
		}
	}
	return d
}

// A Design is what a person drew beside the model's operations.
type Design struct {
	Lines  []Drawn // in their order
	Missed []*Card // in the order of the system
}

// CompareDesign matches lines with the operations of a system by the words that they
// share, each operation with one line. It looks for words and understands nothing.
func CompareDesign(s *System, lines []Drawn) Design {
	type pair struct{ score, line, card int }
	var pairs []pair
	for i := range lines {
		words := stems(lines[i].Text)
		for k, c := range s.Cards {
			if n := shared(words, stems(c.Title+" "+strings.ReplaceAll(c.ID[strings.Index(c.ID, "/")+1:], "-", " "))); n > 0 {
				pairs = append(pairs, pair{n, i, k})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(b.score-a.score, a.line-b.line, a.card-b.card)
	})
	d := Design{Lines: slices.Clone(lines)}
	taken := make([]bool, len(s.Cards))
	for _, p := range pairs {
		if d.Lines[p.line].Card == nil && !taken[p.card] {
			d.Lines[p.line].Card, taken[p.card] = s.Cards[p.card], true
		}
	}
	for k, c := range s.Cards {
		if !taken[k] {
			d.Missed = append(d.Missed, c)
		}
	}
	return d
}

// Score returns the points of a design: one for an operation that the model has, two more
// for its verdict.
func (d *Design) Score() (reached, possible int) {
	possible = 3 * len(d.Missed)
	for i := range d.Lines {
		if d.Lines[i].Card == nil {
			continue
		}
		possible += 3
		if reached++; d.Lines[i].Right() {
			reached += 2
		}
	}
	return reached, possible
}

// stems returns the beginnings of the words of a text that say something.
func stems(text string) map[string]bool {
	const length = 5
	set := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch w {
		case "the", "for", "and", "that", "with", "whether", "from", "into", "out", "has", "was", "who", "can", "user", "its", "this", "somebody":
			continue
		}
		if r := []rune(w); len(r) > 2 {
			set[string(r[:min(len(r), length)])] = true
		}
	}
	return set
}

func shared(a, b map[string]bool) int {
	n := 0
	for w := range a {
		if b[w] {
			n++
		}
	}
	return n
}

// Mastered reports whether every card of a system is asked on the level Ask, so that the
// next step is to design it.
func (p *Plan) Mastered(s *System) bool {
	return len(s.Cards) > 0 && !slices.ContainsFunc(s.Cards, func(c *Card) bool { return p.Level(c.ID) != Ask })
}
