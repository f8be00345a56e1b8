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
	Kind     string // one of Kinds
	Name     string // unique in its kind
	Code     string // of a rule; empty for all others
	Title    string // in words
	Summary  string // one line
	Sections []Section
}

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
)

// Kinds returns the kinds of topics in the order in which lists show them.
func Kinds() []string {
	return []string{Question, Answer, Verdict, Row, Safeguard, Pattern, Stack, Rule, Limit}
}

// Find returns the topics that a name may mean, in the order of the kinds: a
// name, a code, a title, or kind/name. Case does not count.
func Find(all []Topic, name string) []Topic {
	var found []Topic
	for _, t := range all {
		for _, known := range []string{t.Name, t.Code, t.Title, t.ID()} {
			if known != "" && strings.EqualFold(known, name) {
				found = append(found, t)
				break
			}
		}
	}
	return found
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
