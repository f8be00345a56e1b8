package practice

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"

	"waitornot/decide"
)

// A Part is one of the things that a session asks about a card.
type Part string

// The parts beside the four questions, whose names are parts too.
const (
	PartVerdict    Part = "verdict"
	PartConfidence Part = "confidence"
	PartChange     Part = "change"    // which answer the follow-up changes
	PartThen       Part = "then"      // the verdict after the follow-up
	PartReason     Part = "reason"    // which row of the table carries the verdict
	PartSafeguard  Part = "safeguard" // what the answers oblige one to add
	PartTradeoff   Part = "trade-off" // what the verdict costs
	PartAsk        Part = "ask"       // which question to ask first
	PartSay        Part = "say"       // the answer, spoken or typed
	PartRate       Part = "rate"      // how well it was said, in the person's own view
	PartProbe      Part = "probe"     // an interviewer's next question
)

// PartOf returns the part that asks a question.
func PartOf(q decide.Question) Part { return Part(q.String()) }

// Points is what a part of the mock rubric is worth for each operation. Nothing
// said is worth nothing.
func (p Part) Points() int {
	switch p {
	case PartVerdict:
		return 4
	case PartReason, PartSafeguard, PartTradeoff:
		return 2
	}
	return 0
}

// RubricParts lists the parts of the mock rubric, in the order in which they
// are asked.
func RubricParts() []Part { return []Part{PartVerdict, PartReason, PartSafeguard, PartTradeoff} }

// A Choice is options of which exactly one is right.
type Choice struct {
	Options []string // in the order of showing
	Right   string
}

// choices is how many options a part of the rubric offers.
const choices = 4

// ReasonChoice offers rows of the table by name: the one that the card's
// answers hit, and others, at least one of them with the tempting verdict.
func ReasonChoice(k *decide.Knowledge, c *Card, seed uint64) Choice {
	hits := k.Table.RowsOf(k.Table.Decide(c.Answers))
	var tempting, others []string
	for i := range k.Table.Rows() {
		switch r := &k.Table.Rows()[i]; {
		case slices.Contains(hits, r): // several when an answer is unknown
		case r.Verdict == c.Tempting.Verdict:
			tempting = append(tempting, r.Name)
		default:
			others = append(others, r.Name)
		}
	}
	salt := c.ID + " reason"
	tempting = shuffled(tempting, seed, salt)
	if len(tempting) > 1 { // the rest compete with all others
		others = append(others, tempting[1:]...)
		tempting = tempting[:1]
	}
	return choice(hits[0].Name, append(tempting, shuffled(others, seed, salt)...), seed, salt)
}

// SafeguardChoice offers safeguards by id: one that the card's answers oblige,
// if possible one that the card names, and others that belong to other verdicts.
// A safeguard that other answers would oblige under the same verdict may be of
// use here too: it is never a wrong option, nor is one that the card names. What its
// neighbors name tempts most.
func SafeguardChoice(k *decide.Knowledge, c *Card, neighbors []*Card, seed uint64) Choice {
	r := k.Recommend(c.Answers, 0)
	salt := c.ID + " safeguard"
	var due, named, others []string
	for _, d := range r.Safeguards {
		due = append(due, d.ID)
		if slices.Contains(c.Safeguards, d.ID) {
			named = append(named, d.ID)
		}
	}
	for _, s := range k.Safeguards {
		if len(s.Obliged) > 0 && !belongs(&s, c.Verdict) && !slices.Contains(c.Safeguards, s.ID) {
			others = append(others, s.ID)
		}
	}
	right := append(shuffled(named, seed, salt), shuffled(due, seed, salt)...)
	if len(right) == 0 {
		return Choice{}
	}
	others = shuffled(others, seed, salt)
	slices.SortStableFunc(others, func(a, b string) int { return namedBy(neighbors, b) - namedBy(neighbors, a) })
	return choice(right[0], others, seed, salt)
}

// namedBy counts the cards that name a safeguard, up to one: which of them is chance.
func namedBy(cards []*Card, id string) int {
	if slices.ContainsFunc(cards, func(c *Card) bool { return slices.Contains(c.Safeguards, id) }) {
		return 1
	}
	return 0
}

// belongs reports whether some answers oblige the safeguard under a verdict.
func belongs(s *decide.Safeguard, v decide.Verdict) bool {
	return slices.ContainsFunc(s.Obliged, func(o decide.Obligation) bool { return o.Verdicts.Has(v) })
}

// TradeoffChoice offers prices by the ids of their cards: the card's own, and those of its
// neighbors, those with another verdict first. For a card without a price of its own, or
// with too few neighbors, it offers costs: one of the card's verdict, and costs of
// verdicts that it excludes. Async and hybrid share what detached work costs, so neither
// is a wrong option for the other.
func TradeoffChoice(k *decide.Knowledge, c *Card, neighbors []*Card, seed uint64) Choice {
	salt := c.ID + " trade-off"
	if prices := pricesOf(c, neighbors, seed, salt); c.Tradeoff != "" && len(prices) >= choices-1 {
		return choice(c.ID, prices, seed, salt)
	}
	own := k.Tradeoffs[c.Verdict].Costs
	var others []string
	for _, v := range decide.Verdicts() {
		if (v == decide.Sync) == (c.Verdict == decide.Sync) {
			continue
		}
		for _, cost := range k.Tradeoffs[v].Costs {
			if !slices.Contains(own, cost) {
				others = append(others, cost)
			}
		}
	}
	if len(own) == 0 {
		return Choice{}
	}
	return choice(shuffled(own, seed, salt)[0], shuffled(others, seed, salt), seed, salt)
}

// pricesOf returns the neighbors that have a price, those with another verdict first.
func pricesOf(c *Card, neighbors []*Card, seed uint64, salt string) []string {
	var other, same []string
	for _, n := range neighbors {
		switch {
		case n.ID == c.ID || n.Tradeoff == "":
		case n.Verdict == c.Verdict:
			same = append(same, n.ID)
		default:
			other = append(other, n.ID)
		}
	}
	return append(shuffled(other, seed, salt), shuffled(same, seed, salt)...)
}

// choice shows right among the first of the others.
func choice(right string, others []string, seed uint64, salt string) Choice {
	options := append([]string{right}, others[:min(len(others), choices-1)]...)
	return Choice{shuffled(options, seed, salt+" order"), right}
}

// shuffled returns the words, each once, in an order that the seed and the salt
// determine, whatever order they came in.
func shuffled(words []string, seed uint64, salt string) []string {
	out := slices.Clone(words)
	key := func(w string) uint64 {
		h := fnv.New64a()
		fmt.Fprintf(h, "%d %s %s", seed, salt, w)
		return spread(h.Sum64())
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a, b))
	})
	return slices.Compact(out)
}

// spread mixes the bits of a hash: words that end alike would sort alike.
func spread(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// PassMark is how many points a mock takes to pass: seven tenths.
func PassMark(possible int) int { return (possible*7 + 9) / 10 }

// A Score is points reached of points possible, by part.
type Score struct {
	Reached, Possible map[Part]int
}

// Total returns the points over all parts.
func (s Score) Total() (reached, possible int) {
	for _, p := range RubricParts() {
		reached += s.Reached[p]
		possible += s.Possible[p]
	}
	return reached, possible
}

// ScoreOf adds up the marks of a mock: for each operation the mark of each
// part, absent when it was not reached.
func ScoreOf(marks []map[Part]Mark) Score {
	s := Score{map[Part]int{}, map[Part]int{}}
	for _, m := range marks {
		for _, p := range RubricParts() {
			s.Possible[p] += p.Points()
			if m[p].Right() {
				s.Reached[p] += p.Points()
			}
		}
	}
	return s
}
