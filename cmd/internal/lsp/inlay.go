package lsp

import (
	"context"
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/project"
)

type inlayParams struct {
	TextDocument documentID `json:"textDocument"`
	Range        span       `json:"range"`
}

type inlayHint struct {
	Position    position `json:"position"`
	Label       string   `json:"label"`
	Tooltip     string   `json:"tooltip,omitempty"`
	PaddingLeft bool     `json:"paddingLeft"`
}

// inlayHints returns the verdict behind the name of each operation in a range.
func (s *Server) inlayHints(_ context.Context, p *inlayParams) ([]inlayHint, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil {
		return nil, nil
	}
	from, to := d.text.Pos(s.offset(d.text, p.Range.Start)), d.text.Pos(s.offset(d.text, p.Range.End))
	hints := []inlayHint{}
	for _, op := range d.operations() {
		at := op.Place()
		if !op.Name.Set() || at.End.Compare(from) < 0 || to.Compare(at.Start) < 0 {
			continue
		}
		a, err := s.advise(&op)
		if err != nil {
			return nil, err
		}
		h := inlayHint{Position: s.span(d.text, at).End, Label: verdictWords(a), PaddingLeft: true}
		if a.Decided() && len(a.Rows) > 0 {
			h.Tooltip = visible(fmt.Sprintf("%s (row %s)", a.Rows[0].Why, a.Rows[0].Name))
		}
		hints = append(hints, h)
	}
	return hints, nil
}

type codeLens struct {
	Range   span    `json:"range"`
	Command command `json:"command"`
}

type command struct {
	Title     string `json:"title"`
	Command   string `json:"command"`
	Arguments []any  `json:"arguments,omitempty"`
}

// codeLenses returns, above each service, how its operations work out.
func (s *Server) codeLenses(_ context.Context, p *documentParams) ([]codeLens, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil {
		return nil, nil
	}
	lenses := []codeLens{}
	ops := d.operations()
	for from := 0; from < len(ops); {
		doc := ops[from].Document
		to := from
		for to < len(ops) && ops[to].Document == doc {
			to++
		}
		at := doc.Range
		if doc.Service.Set() {
			at = doc.Service.Range
		}
		line := s.span(d.text, at).Start.Line
		title, err := s.counts(ops[from:to])
		if err != nil {
			return nil, err
		}
		here := span{position{line, 0}, position{line, 0}}
		lenses = append(lenses, codeLens{here, command{Title: title}},
			codeLens{here, command{Title: "open report", Command: openReport, Arguments: []any{d.uri}}})
		from = to
	}
	return lenses, nil
}

// counts says how many operations have which verdict.
func (s *Server) counts(ops []project.Operation) (string, error) {
	n := map[decide.Verdict]int{}
	differ := 0
	for i := range ops {
		a, err := s.advise(&ops[i])
		if err != nil {
			return "", err
		}
		n[a.Verdict]++
		if a.Differs() {
			differ++
		}
	}
	parts := []string{}
	for _, v := range decide.Verdicts() {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[v], v))
		}
	}
	if n[decide.Undecided] > 0 {
		parts = append(parts, fmt.Sprintf("%d undecided", n[decide.Undecided]))
	}
	noun := "operations"
	if len(ops) == 1 {
		noun = "operation"
	}
	title := fmt.Sprintf("%d %s: %s", len(ops), noun, strings.Join(parts, ", "))
	if differ > 0 {
		title += fmt.Sprintf("; %d with a different declared mode", differ)
	}
	return title, nil
}
