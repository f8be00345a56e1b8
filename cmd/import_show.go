package cmd

import (
	"context"
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
)

// print writes what was found to standard output.
func (o *importOptions) print(ctx context.Context, sys *evidence.System, used []string) error {
	out := untilDone{ctx, o.streams.Out}
	switch o.format {
	case importEdges:
		for i := range sys.Operations {
			if _, err := fmt.Fprintln(out, edgeLine(&sys.Operations[i])); err != nil {
				return err
			}
		}
		return nil
	case importJSON:
		return markup.WriteJSON(out, jsonSystemOf(sys))
	}
	services := draft.Services(sys)
	for i := range services {
		if i > 0 {
			if _, err := fmt.Fprintln(out, "---"); err != nil {
				return err
			}
		}
		if _, err := out.Write(services[i].Manifest(used)); err != nil {
			return err
		}
	}
	o.sum(sys, services)
	return nil
}

func edgeLine(op *evidence.Operation) string {
	caller := op.Caller
	if caller == "" {
		caller = draft.Client
	}
	line := term.Safe(caller) + " -> " + term.Safe(op.Callee)
	if op.Name != "" {
		line += " " + term.Safe(op.Name)
	}
	for _, s := range op.Seen {
		line += fmt.Sprintf("  %s %s", term.Safe(place(&s)), term.Safe(s.Shows))
	}
	return strings.TrimRight(line, " ")
}

// place says where something was seen.
func place(s *evidence.Sighting) string {
	if s.Line == 0 {
		return s.Source
	}
	return fmt.Sprintf("%s:%d", s.Source, s.Line)
}

// sum says what came of the sources.
func (o *importOptions) sum(sys *evidence.System, services []draft.Service) {
	operations := 0
	for i := range services {
		operations += len(services[i].Operations)
	}
	fmt.Fprintf(o.streams.Err, "%s among %s, in %s\n", text.Count(operations, "operation"), text.Count(participants(sys), "service"), text.Count(len(services), "manifest"))
}

// participants counts the services that are declared, call or are called.
func participants(sys *evidence.System) int {
	names := map[string]bool{}
	for i := range sys.Services {
		names[sys.Services[i].Name] = true
	}
	for i := range sys.Operations {
		names[sys.Operations[i].Caller], names[sys.Operations[i].Callee] = true, true
	}
	delete(names, "")
	return len(names)
}

// The shape of the JSON of import.
type (
	jsonSystem struct {
		Version    int               `json:"version"`
		Services   []jsonService     `json:"services"`
		Operations []jsonInteraction `json:"operations"`
	}
	jsonService struct {
		Name    string  `json:"name"`
		Role    string  `json:"role"`
		Product *string `json:"product"` // null when it isn't known
		Owner   *string `json:"owner"`   // null when it isn't known
		Place   string  `json:"place"`
	}
	jsonInteraction struct {
		Caller string   `json:"caller"`
		Callee string   `json:"callee"`
		Name   *string  `json:"name"` // null where only the edge is known
		Seen   []string `json:"seen"`

		Measured *jsonMeasured `json:"measured"` // null when nothing was
	}
)

func jsonSystemOf(sys *evidence.System) jsonSystem {
	optional := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	out := jsonSystem{1, []jsonService{}, []jsonInteraction{}}
	for _, s := range sys.Services {
		out.Services = append(out.Services, jsonService{s.Name, s.Role.String(), optional(s.Product), optional(s.Owner), fmt.Sprintf("%s:%d", s.Source, s.Line)})
	}
	for _, op := range sys.Operations {
		j := jsonInteraction{Caller: op.Caller, Callee: op.Callee, Name: optional(op.Name), Seen: []string{}, Measured: jsonMeasuredOf(op.Measured)}
		for _, s := range op.Seen {
			j.Seen = append(j.Seen, strings.TrimSpace(place(&s)+" "+s.Shows))
		}
		out.Operations = append(out.Operations, j)
	}
	return out
}
