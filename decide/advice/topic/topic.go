// Package topic gathers all that can be explained: questions, answers,
// verdicts, rows, safeguards, patterns, stacks, rules and limits, each as a
// topic that reports print.
package topic

import (
	"cmp"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// A Topic is something that can be explained.
type Topic struct {
	Kind    string   // one of Kinds
	Name    string   // unique in its kind
	Code    string   // of a rule; empty for all others
	Title   string   // in words
	Summary string   // one line
	Aliases []string // other names, which count when nothing has the name itself

	sections func() []Section
}

// Sections returns the explanation. It is made only now: there are hundreds of topics, and
// most of the time somebody asks for one.
func (t *Topic) Sections() []Section { return t.sections() }

// ID returns kind/name, which is unique.
func (t *Topic) ID() string { return t.Kind + "/" + t.Name }

// A Section is a part of an explanation: a text, or items, or lines that must
// stay as they are.
type Section struct {
	Title string
	Text  string   // a paragraph
	Items []Item   // each with a label of its own
	Lines []string // code and the like
}

// An Item is one of several things of a section.
type Item struct {
	Label, Text string
}

// The kinds of topics, in the order in which lists show them.
const (
	Question  = "question"
	Answer    = "answer"
	Verdict   = "verdict"
	Row       = "row"
	Safeguard = "safeguard"
	Pattern   = "pattern"
	Stack     = "stack"
	Rule      = "rule"
	Limit     = "limit"
	Key       = "key"
	Word      = "word"
)

// Kinds returns the kinds of topics in the order in which lists show them.
func Kinds() []string {
	return []string{Question, Answer, Verdict, Row, Safeguard, Pattern, Stack, Rule, Limit, Key, Word}
}

// Find returns the topics that a name may mean, in the order of the kinds: a
// name, a code, a title, or kind/name; else another name of theirs. Neither case counts nor
// what parts words.
func Find(all []Topic, name string) []Topic {
	name = folded(name)
	if found := named(all, name, func(t *Topic) []string { return []string{t.Name, t.Code, t.Title, t.ID()} }); found != nil {
		return found
	}
	return named(all, name, func(t *Topic) []string { return t.Aliases })
}

// named returns the topics that have a folded name.
func named(all []Topic, name string, names func(*Topic) []string) []Topic {
	var found []Topic
	for i := range all {
		is := func(known string) bool { return mayBe(known, name) && folded(known) == name }
		if slices.ContainsFunc(names(&all[i]), is) {
			found = append(found, all[i])
		}
	}
	return found
}

// mayBe reports whether a name of a topic may be a folded one, which folding every name just to
// compare it would be slow to find out: the first letter tells most of them apart.
func mayBe(known, folded string) bool {
	return known != "" && folded != "" && (isGap(rune(known[0])) || strings.EqualFold(known[:1], folded[:1]))
}

func isGap(c rune) bool { return c == ' ' || c == '-' || c == '_' }

// folded returns a name without what people write in different ways.
func folded(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), isGap), "-")
}

// Nearest returns the name that a misspelt one most likely means, or "".
func Nearest(all []Topic, name string) string {
	var names []string
	for _, t := range all {
		names = append(names, t.Name)
		if strings.Contains(name, "/") {
			names = append(names, t.ID())
		}
	}
	if near := diag.Nearest(name, names); near != "" {
		return near
	}
	// Somebody may know a part of the name only.
	part := slices.DeleteFunc(names, func(n string) bool { return len(name) < 3 || !strings.Contains(n, strings.ToLower(name)) })
	if len(part) == 0 {
		return ""
	}
	return slices.MinFunc(part, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
}
