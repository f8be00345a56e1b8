package lsp

import (
	"context"
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/advice/topic"
	"waitornot/decide/diag"
)

type hover struct {
	Contents markupContent `json:"contents"`
	Range    span          `json:"range"`
}

type markupContent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// hover explains what stands at a position.
func (s *Server) hover(_ context.Context, p *positionParams) (*hover, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil || d.root == nil && !s.isConfiguration(d.path) {
		return nil, nil
	}
	at := s.placeAt(d, p.Position)
	if at == nil || at.entry == nil {
		return nil, nil
	}
	from, to := at.word()
	if offset := s.offset(d.text, p.Position); offset < from || offset > to {
		return nil, nil
	}
	text, err := s.explained(d, at, d.text.Pos(from))
	if err != nil || text == "" {
		return nil, err
	}
	return &hover{markupContent{"markdown", text}, s.spanOf(d.text, from, to)}, nil
}

// explained returns the explanation of a place.
func (s *Server) explained(d *document, at *place, pos diag.Pos) (string, error) {
	switch {
	case at.onKey && !at.isCallee():
		return s.keyExplained(at), nil
	case at.is("operations", "", "name"), at.is("operations", "", "mode"):
		return s.operationExplained(d, pos)
	}
	if x := s.entityAt(d.root, at); x != nil && (x.kind != serviceEntity || !at.is("service")) {
		if text, err := s.entityExplained(d.root, x); text != "" || err != nil {
			return text, err
		}
	}
	return s.valueExplained(at)
}

// operationExplained returns the recommendation for the operation at a place.
func (s *Server) operationExplained(d *document, pos diag.Pos) (string, error) {
	op := d.operationAt(pos)
	if op == nil {
		return "", nil
	}
	adviser, err := s.library.adviser()
	if err != nil {
		return "", err
	}
	a, err := s.advise(op)
	if err != nil {
		return "", err
	}
	return adviceMarkdown(a, adviser), nil
}

// keyExplained says what a key is for, and what it takes.
func (s *Server) keyExplained(at *place) string {
	if at.key == nil {
		if t := s.library.topic(topic.Rule, at.entry.Key); t != nil && len(at.names) > 1 && at.names[len(at.names)-2] == "rules" {
			return topicMarkdown(t)
		}
		return ""
	}
	text := fmt.Sprintf("**%s**: %s\n\n%s\n", plain(strings.Join(dotted(at.names), ".")), plain(at.key.Doc), "Takes "+topic.Takes(at.key)+".")
	if q, ok := decide.ParseQuestion(at.key.Name); ok && at.is("operations", "", "answers", at.key.Name) {
		if t := s.library.topic(topic.Question, q.String()); t != nil {
			text += "\n" + topicMarkdown(t)
		}
	}
	return text
}

// dotted returns keys without the items between them.
func dotted(names []string) []string {
	var list []string
	for _, n := range names {
		if n != "" {
			list = append(list, n)
		}
	}
	return list
}

// valueExplained explains a value that has a name.
func (s *Server) valueExplained(at *place) (string, error) {
	word := at.node.Text
	if word == "" {
		return "", nil
	}
	if len(at.names) == 4 && at.is("operations", "", "answers", at.last()) {
		return s.answerExplained(at.last(), word)
	}
	kind := ""
	switch {
	case at.is("operations", "", "waivers", "", "rule"):
		kind = topic.Rule
	case at.is("stack"):
		kind = topic.Stack
	case at.last() == "platform", at.is("brokers", "", "kind"), at.isFact("delivery", "broker"):
		kind = topic.Limit
	default:
		return "", nil
	}
	if t := s.library.topic(kind, word); t != nil {
		return topicMarkdown(t), nil
	}
	return "", nil
}

// answerExplained says what an answer to a question means.
func (s *Server) answerExplained(question, word string) (string, error) {
	adviser, err := s.library.adviser()
	if err != nil {
		return "", err
	}
	q, ok := decide.ParseQuestion(question)
	if !ok {
		return "", nil
	}
	text := adviser.Framework.Questions[q]
	out := fmt.Sprintf("**%s**: %s\n\n%s\n", q, plain(text.Ask), plain(text.Test))
	if a, known := decide.ParseAnswer(word); known {
		if x := text.Of(a); x != nil {
			out += fmt.Sprintf("\n**%s**: %s\n", a, plain(x.Means+"; it "+x.Argues))
		}
	}
	return out, nil
}
