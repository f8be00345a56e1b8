package practice

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"waitornot/decide"
)

// A DesignLine is a line of a design: an operation that a person thought of, and whether its
// caller should wait.
type DesignLine struct {
	Text    string
	Verdict decide.Verdict // Undecided when the line does not say
	Card    *Card          // the operation of the model that it names; nil when none does
	By      []string       // its words by which it was matched
}

// Right reports whether the verdict is one that the operation has.
func (d *DesignLine) Right() bool {
	return d.Card != nil && d.Verdict != decide.Undecided && d.Card.Right().Has(d.Verdict)
}

// ParseDesignLine reads a line such as "place an order: sync". The verdict may be shortened, may
// stand in parentheses or after a dash or a comma, and may be said as must wait or can
// follow.
func ParseDesignLine(line string) DesignLine {
	d := DesignLine{Text: strings.TrimSpace(line)}
	text := strings.TrimRight(d.Text, " ).")
	for _, i := range []int{strings.LastIndexAny(text, ":=(,-–—"), strings.LastIndexByte(text, ' ')} {
		if i <= 0 {
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		word := text[i+size:]
		if v := verdictOfWord(word); v != decide.Undecided && (text[i] != ' ' || len(word) > 1) {
			d.Text, d.Verdict = strings.TrimRight(text[:i], " -–—:=(,"), v
			break
		}
	}
	return d
}

// verdictOfWord reads a verdict as people write it, Undecided when it is none.
func verdictOfWord(word string) decide.Verdict {
	word = strings.ToLower(strings.TrimSpace(word))
	said := map[string]decide.Verdict{
		"synchronous": decide.Sync, "must": decide.Sync, "must wait": decide.Sync, "must-sync": decide.Sync, "must sync": decide.Sync, "wait": decide.Sync, "waits": decide.Sync,
		"asynchronous": decide.Async, "can": decide.Async, "can follow": decide.Async, "can-async": decide.Async, "can async": decide.Async, "queue": decide.Async, "later": decide.Async,
		"202": decide.Hybrid, "both": decide.Hybrid, "accept": decide.Hybrid,
	}
	if v, ok := said[word]; ok {
		return v
	}
	for _, v := range decide.Verdicts() {
		if word != "" && strings.HasPrefix(v.String(), word) {
			return v
		}
	}
	return decide.Undecided
}

// A Design is what a person drew beside the model's operations.
type Design struct {
	Lines  []DesignLine // in their order
	Missed []*Card      // in the order of the system
}

// CompareDesign matches lines with the operations of a system by the words that they
// share, words of one meaning taken as one, each operation with one line. A word counts
// the more the fewer operations have it. It looks for words and understands nothing: each
// line says by which ones it was matched.
func CompareDesign(s *System, lines []DesignLine) Design {
	titles, prompts := make([]map[string]string, len(s.Cards)), make([]map[string]string, len(s.Cards))
	have := map[string]int{}
	for k, c := range s.Cards {
		titles[k] = meanings(c.Title + " " + strings.ReplaceAll(c.ID[strings.Index(c.ID, "/")+1:], "-", " "))
		prompts[k] = meanings(c.Prompt)
		for w := range titles[k] {
			have[w]++
		}
	}
	type pair struct {
		score      float64
		line, card int
		by         []string
	}
	var pairs []pair
	for i := range lines {
		words := meanings(lines[i].Text)
		for k := range s.Cards {
			p := pair{line: i, card: k}
			for _, w := range slices.Sorted(maps.Keys(words)) {
				switch {
				case titles[k][w] != "":
					p.score += 1 + 1/float64(have[w])
					p.by = append(p.by, words[w])
				case prompts[k][w] != "":
					p.score += besides
					p.by = append(p.by, words[w])
				}
			}
			if p.score >= enough {
				pairs = append(pairs, p)
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), a.line-b.line, a.card-b.card)
	})
	d := Design{Lines: slices.Clone(lines)}
	taken := make([]bool, len(s.Cards))
	for _, p := range pairs {
		if l := &d.Lines[p.line]; l.Card == nil && !taken[p.card] {
			l.Card, taken[p.card], l.By = s.Cards[p.card], true, p.by
		}
	}
	for k, c := range s.Cards {
		if !taken[k] {
			d.Missed = append(d.Missed, c)
		}
	}
	return d
}

// What a word of a line counts that only the prompt of an operation has, and what a line
// must reach: one word of a title, or three of a prompt.
const (
	besides = 0.35
	enough  = 1
)

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

// meanings returns the words of a text that say something, by what they mean: the first of
// each group of alike words stands for all.
func meanings(text string) map[string]string {
	set := map[string]string{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if r := []rune(w); len(r) > 2 && !slices.Contains(empty(), w) {
			set[meaning(stem(w))] = w
		}
	}
	return set
}

// stem takes common endings off a word.
func stem(w string) string {
	for _, end := range []string{"ations", "ation", "ings", "ing", "ers", "er", "ies", "ied", "ed", "es", "s", "e", "y"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len([]rune(rest)) > 2 {
			w = rest
			break
		}
	}
	if n := len(w); n > 3 && w[n-1] == w[n-2] && w[n-1] < 0x80 { // cutting, cut
		w = w[:n-1]
	}
	return w
}

// meaning returns the first of the words that are alike in a design.
func meaning(w string) string {
	for _, group := range alike() {
		if slices.Contains(group, w) {
			return group[0]
		}
	}
	return w
}

// empty are words that say nothing about an operation.
var empty = sync.OnceValue(func() []string {
	return strings.Fields("the for and that with whether from into out has was who can user users its this somebody their they them are all new one own not " +
		"when then than what which will would may must only each every some any over about after before until it's isn't does did done get gets got")
})

// alike are groups of words that name the same in a design, without their endings.
var alike = sync.OnceValue(func() [][]string {
	return alikeWords(
		"create make add generate new shorten post submit place publish put issue register enter",
		"show read view display load get fetch open list see lookup query return serve redirect follow resolve",
		"delete remove clear purge erase expire drop clean cleanup collect",
		"send deliver push notify tell mail email message alert inform pass",
		"update change edit modify set adjust",
		"check validate verify screen scan examine judge moderate review inspect",
		"pay charge bill settle authorize debit payment",
		"count record track measure meter click analytics statistics aggregate sum total",
		"search find suggest complete autocomplete",
		"store save keep persist write upload ingest commit",
		"copy replicate replica replication mirror",
		"cancel abort withdraw halt stop",
		"report export download statement",
		"restore recover undo rollback version",
		"rank leaderboard board position score",
		"refund return reimburse",
		"login log sign authenticate",
		"promote failover",
		"rebuild recompute recount recalculate batch retrain train index",
		"block ban takedown take",
		"encode transcode convert transform",
		"lease lock claim acquire",
		"price fare quote",
		"link url address alias shortlink",
		"book reserve hold ticket seat",
	)
})

func alikeWords(lines ...string) [][]string {
	var groups [][]string
	for _, line := range lines {
		var group []string
		for w := range strings.FieldsSeq(line) {
			group = append(group, stem(w))
		}
		groups = append(groups, group)
	}
	return groups
}

// Mastered reports whether every card of a system is asked on the level Ask, so that the
// next step is to design it.
func (p *Plan) Mastered(s *System) bool {
	return len(s.Cards) > 0 && !slices.ContainsFunc(s.Cards, func(c *Card) bool { return p.Level(c.ID) != Ask })
}
