package knowledge

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/practice"
)

// vocabulary are the field's words that interviewers listen for, each with its forms.
var vocabulary = []struct{ name, form string }{
	{"idempotent", `idempot`}, {"retry", `\bretr(y|ies)`}, {"backoff", `backoff`}, {"jitter", `jitter`}, {"at least once", `at[ -]least[ -]once`},
	{"at most once", `at most once`}, {"exactly once", `exactly[ -]once`}, {"p99 or p95", `\bp9[59]\b`}, {"SLO or SLI", `\bSL[OI]\b`},
	{"eventual", `eventual`}, {"read-your-writes", `read-your-writes`}, {"back-pressure", `back-pressure`}, {"webhook", `webhook`}, {"202", `\b202\b`},
	{"push channel", `WebSocket|SSE|socket`}, {"dead-letter queue", `DLQ|dead-letter`}, {"outbox", `outbox`}, {"breaker", `breaker`}, {"bulkhead", `bulkhead`},
	{"deadline or timeout", `deadline|timeout|timed out`}, {"hedge", `hedge`}, {"fallback", `fallback|degrade`}, {"compensation", `compensat`}, {"saga", `saga`},
	{"reconciliation", `reconcil`}, {"shedding", `\bshed`}, {"TTL", `TTL|expir`}, {"lag", `\blag`}, {"conditional write", `conditional|compare-and-set`},
}

// Spoken answers have 40 to 80 words with a number in them, make at least five of the
// points of the checklist, and don't open alike; the field's words occur.
func TestSpoken(t *testing.T) {
	t.Parallel()
	deck, _ := loadScenarios(t)
	coach, err := LoadCoach()
	if err != nil {
		t.Fatal(err)
	}
	opens, words, points := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range deck.Cards() {
		n := len(strings.Fields(c.Spoken))
		if n < 40 || n > 80 || !strings.ContainsAny(c.Spoken, "0123456789") {
			t.Errorf("%s: %d words, or no number", c.ID, n)
		}
		opens[strings.Join(strings.Fields(c.Spoken)[:3], " ")]++
		var missing []string
		for _, h := range coach.Listen(c.Verdict, c.Spoken) {
			if h.Term == "" {
				missing = append(missing, h.ID)
			} else {
				points[h.ID]++
			}
		}
		if len(missing) > 2 {
			t.Errorf("%s makes no point of %s", c.ID, strings.Join(missing, ", "))
		}
		for _, w := range vocabulary {
			if regexp.MustCompile(`(?i)` + w.form).MatchString(c.Spoken) {
				words[w.name]++
			}
		}
	}
	cards := len(deck.Cards())
	for open, n := range opens {
		if n > cards/20 {
			t.Errorf("%d answers open with %q", n, open)
		}
	}
	var lines []string
	for _, w := range vocabulary {
		lines = append(lines, fmt.Sprintf("%s %d", w.name, words[w.name]))
		if words[w.name] == 0 {
			t.Errorf("no answer says %s", w.name)
		}
	}
	var made []string
	for _, p := range coach.Points {
		made = append(made, fmt.Sprintf("%s %d", p.Label, points[p.ID]))
	}
	t.Logf("\nspoken: %d answers of 40 to 80 words\n  words   %s\n  points  %s", cards, strings.Join(lines, ", "), strings.Join(made, ", "))
}

// What an interviewer asks next is a question, its model answer has the length of one, and
// each verdict has several.
func TestCoach(t *testing.T) {
	t.Parallel()
	coach, err := LoadCoach()
	if err != nil {
		t.Fatal(err)
	}
	count := map[decide.Verdict]int{}
	for _, p := range coach.Probes {
		if n := len(strings.Fields(p.Answer)); n < 40 || n > 80 || !strings.HasSuffix(p.Ask, "?") || !endsASentence(p.Answer) || p.Verdicts == 0 {
			t.Errorf("%s: %d words", p.ID, n)
		}
		for _, v := range p.Verdicts.List() {
			count[v]++
		}
	}
	for _, v := range decide.Verdicts() {
		if count[v] < 5 {
			t.Errorf("%s has %d questions", v, count[v])
		}
	}
	for _, p := range coach.Points {
		for _, v := range decide.Verdicts() {
			if len(p.Terms[v]) == 0 {
				t.Errorf("%s has no terms for %s", p.ID, v)
			}
		}
	}
}

// A sample is a text and the answer that a classifier is to recover from it.
type sample struct {
	words []string
	class string
}

// leak is how many samples a keyword classifier gets right that learned from all others:
// naive Bayes over single words. Most is how many the commonest class makes, which is
// what guessing gets.
func leak(samples []sample) (right, most int) {
	classes := map[string]int{}
	counts := map[string]map[string]int{}
	total := map[string]int{}
	vocabulary := map[string]bool{}
	for _, s := range samples {
		classes[s.class]++
		if counts[s.class] == nil {
			counts[s.class] = map[string]int{}
		}
		for _, w := range s.words {
			counts[s.class][w]++
			total[s.class]++
			vocabulary[w] = true
		}
	}
	for _, n := range classes {
		most = max(most, n)
	}
	names := slices.Sorted(maps.Keys(classes))
	for _, s := range samples {
		best, score := "", math.Inf(-1)
		for _, name := range names {
			own := 0 // the sample itself is left out
			if name == s.class {
				own = 1
			}
			x := math.Log(float64(classes[name]-own) + 0.5)
			for _, w := range s.words {
				x += math.Log((float64(counts[name][w]-own) + 0.5) / (float64(total[name]-own*len(s.words)) + 0.5*float64(len(vocabulary))))
			}
			if x > score {
				best, score = name, x
			}
		}
		if best == s.class {
			right++
		}
	}
	return right, most
}

// wordsOf returns the words of a text, each once: numbers stand for their size.
func wordsOf(text string) []string {
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz'", r) }) {
		seen[w] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// asked is what a card on the level ask shows, for one seed.
func asked(c *practice.Card, a *practice.Asking) string {
	parts := []string{c.Title}
	for _, q := range a.Known {
		if q != decide.Latency {
			parts = append(parts, c.Why[q])
		}
	}
	return strings.Join(parts, " ")
}

// mostLeak is how far above guessing a classifier may come on the level ask, as a share of
// the cards.
const mostLeak = 0.1

// A leakage is how many withheld answers to a question a classifier recovers over some
// seeds, beside guessing.
type leakage struct{ right, guessed, of int }

// tooMuch reports whether the classifier is too good.
func (l leakage) tooMuch() bool { return float64(l.right-l.guessed) > mostLeak*float64(l.of) }

// leaks counts what a classifier recovers of a question's answer on the level ask, from
// what show makes of a card.
func leaks(deck practice.Deck, table *decide.Table, q decide.Question, show func(*practice.Card, *practice.Asking) string) leakage {
	var sum leakage
	for seed := range uint64(5) {
		var withheld []sample
		for _, c := range deck.Cards() {
			if a := c.Asking(table, seed); slices.Contains(a.Withheld, q) {
				withheld = append(withheld, sample{wordsOf(show(c, a)), c.Answers[q].Plain().String()})
			}
		}
		right, most := leak(withheld)
		sum = leakage{sum.right + right, sum.guessed + most, sum.of + len(withheld)}
	}
	return sum
}

// TestLeaks counts how many answers a keyword classifier recovers from what a card shows.
// On the level given the facts are there to be read; on the level ask what is withheld
// must not be.
func TestLeaks(t *testing.T) {
	t.Parallel()
	deck, k := loadScenarios(t)
	var lines []string
	for _, q := range decide.Questions() {
		var given []sample
		for _, c := range deck.Cards() {
			given = append(given, sample{wordsOf(c.Prompt), c.Answers[q].Plain().String()})
		}
		right, most := leak(given)
		l := leaks(deck, k.Table, q, asked)
		lines = append(lines, fmt.Sprintf("  %-13s given %d%% (guessing %d%%), ask %d%% (guessing %d%%, at most %d%%)", q,
			100*right/len(given), 100*most/len(given), 100*l.right/l.of, 100*l.guessed/l.of, 100*l.guessed/l.of+int(100*mostLeak)))
		if l.tooMuch() {
			t.Errorf("%s: a classifier recovers %d of %d withheld answers, and guessing %d", q, l.right, l.of, l.guessed)
		}
	}
	t.Logf("\nleaks: recovered by a keyword classifier that learned from all other cards\n%s", strings.Join(lines, "\n"))
}

// A card that lets a withheld answer slip is caught: when the titles say in a word what
// is withheld, or when the level shows the whole prompt.
func TestLeaksFail(t *testing.T) {
	t.Parallel()
	deck, k := loadScenarios(t)
	for _, q := range decide.Questions() {
		told := leaks(deck, k.Table, q, func(c *practice.Card, a *practice.Asking) string {
			return asked(c, a) + " tells" + strings.ReplaceAll(c.Answers[q].Plain().String(), "-", "")
		})
		whole := leaks(deck, k.Table, q, func(c *practice.Card, _ *practice.Asking) string { return c.Prompt })
		if !told.tooMuch() || !whole.tooMuch() {
			t.Errorf("%s: a word that tells is recovered %d of %d times, the prompt %d of %d, and neither is too much", q, told.right, told.of, whole.right, whole.of)
		}
	}
}

// The classifier learns: what a word gives away it recovers.
func TestLeakSees(t *testing.T) {
	t.Parallel()
	var plain, loud []sample
	for i := range 40 {
		class := []string{"yes", "no"}[i%2]
		words := []string{"a", fmt.Sprint("w", i)}
		plain, loud = append(plain, sample{words, class}), append(loud, sample{append(slices.Clone(words), "says-"+class), class})
	}
	if right, most := leak(loud); right != 40 || most != 20 {
		t.Errorf("%d of 40 recovered where a word tells, guessing %d", right, most)
	}
	if right, _ := leak(plain); right > 25 {
		t.Errorf("%d of 40 recovered where nothing tells", right)
	}
}

// The price of a card stands among those of its neighbors. How often it is the one that
// shares most words with the prompt is printed, beside what guessing gets: who reads no
// more than words must not pass a mock by it.
func TestRubricLeaks(t *testing.T) {
	t.Parallel()
	deck, k := loadScenarios(t)
	const most = 0.70 // the share of a mock's points that passes
	right, guessed, of := 0.0, 0.0, 0
	for _, s := range deck {
		for _, c := range s.Cards {
			choice := practice.TradeoffChoice(k, c, s.Cards, 1)
			best, ties, own := -1, 0, false
			for _, id := range choice.Options {
				price := deck.Card(id)
				if price == nil {
					t.Fatalf("%s: the price %q is no card's", c.ID, id)
				}
				n := 0
				for _, w := range wordsOf(price.Tradeoff) {
					if len(w) > 3 && slices.Contains(wordsOf(c.Prompt), w) {
						n++
					}
				}
				switch {
				case n > best:
					best, ties, own = n, 1, id == choice.Right
				case n == best:
					ties++
					own = own || id == choice.Right
				}
			}
			if own {
				right += 1 / float64(ties)
			}
			guessed += 1 / float64(len(choice.Options))
			of++
		}
	}
	t.Logf("\nleaks: the price that shares most words with the prompt is right in %.0f%% (guessing %.0f%%, at most %.0f%%)", 100*right/float64(of), 100*guessed/float64(of), 100*most)
	if right > most*float64(of) {
		t.Errorf("the price is the one that shares most words with the prompt in %.0f of %d cards", right, of)
	}
}
