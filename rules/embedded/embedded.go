// Package embedded is what waitornot knows, as Go tables: the framework, the table,
// safeguards, patterns, stacks, limits of platforms and systems to practice on. People
// write it in the files of rules/knowledge; the tables are made from those, so that no
// command reads a file of them when it starts. What is returned is made anew by each
// call and belongs to the caller.
package embedded

import (
	"fmt"
	"io/fs"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/practice"
)

// A made is an id with what makes the value that it stands for.
type made[T any] struct {
	id    string
	value func() T
}

// Load returns what recommendations are made from, as an adviser with the default
// limits. Stacks are made when an operation asks for one.
func Load() (*advice.Adviser, error) {
	f, err := Framework()
	if err != nil {
		return nil, err
	}
	return &advice.Adviser{
		Framework: f, Limits: decide.DefaultLimits(), Stacks: Stack,
		Knowledge: &decide.Knowledge{Table: f.Table, Tradeoffs: f.Tradeoffs, Conditions: f.Conditions, Safeguards: safeguards(), Patterns: patterns()},
	}, nil
}

// Framework returns the framework with its table.
func Framework() (*advice.Framework, error) {
	f := framework()
	var err error
	f.Table, err = Table()
	return f, err
}

// Table returns the decision table alone.
func Table() (*decide.Table, error) { return decide.NewTable(rows()) }

// Limits returns the limits of platforms, brokers and clients.
func Limits() *advice.PlatformLimits { return limits() }

// Sources returns the list of sources.
func Sources() []advice.Source { return sources() }

// Words returns the words, and the other names of what is explained.
func Words() []advice.Word { return words() }

// Coach returns what a spoken answer should hold, and what interviewers ask next.
func Coach() *practice.Coach { return coach() }

// StackIDs returns the ids of all stacks, sorted.
func StackIDs() []string {
	var ids []string
	for _, s := range stacks() {
		ids = append(ids, s.id)
	}
	return ids
}

// Stack returns one stack. An unknown id is an error that satisfies
// errors.Is(err, fs.ErrNotExist).
func Stack(id string) (*advice.Stack, error) {
	for _, s := range stacks() {
		if s.id == id {
			return s.value(), nil
		}
	}
	return nil, fmt.Errorf("stack %q: %w", id, fs.ErrNotExist)
}

// Stacks returns all stacks, sorted by id.
func Stacks() []*advice.Stack {
	var list []*advice.Stack
	for _, s := range stacks() {
		list = append(list, s.value())
	}
	return list
}

// Scenarios returns the systems to practice on, by name.
func Scenarios() practice.Deck {
	var deck practice.Deck
	for _, s := range systems() {
		deck = append(deck, s.value())
	}
	return deck
}
