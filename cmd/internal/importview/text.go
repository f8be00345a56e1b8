// Package importview writes what import found: edges, JSON, how it differs from what
// manifests declare.
package importview

import (
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
)

// Edges writes a line for each operation: who calls whom, and where that was seen.
func Edges(w io.Writer, sys *evidence.System) error {
	for i := range sys.Operations {
		if _, err := fmt.Fprintln(w, edgeLine(&sys.Operations[i])); err != nil {
			return err
		}
	}
	return nil
}

// edgeLine names a caller and a callee, and where that was seen.
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

// surest returns where an operation was seen: no hint, where there is better.
func surest(op *evidence.Operation) *evidence.Sighting {
	for i := range op.Seen {
		if !op.Seen[i].Weak {
			return &op.Seen[i]
		}
	}
	return &op.Seen[0]
}

// place says where something was seen.
func place(s *evidence.Sighting) string {
	if s.Line == 0 {
		return s.Source
	}
	return fmt.Sprintf("%s:%d", s.Source, s.Line)
}

// Summary says what came of the sources, in one line; and where to go on when nobody
// calls anybody in them.
func Summary(sys *evidence.System, services []draft.Service) string {
	operations := 0
	for i := range services {
		operations += len(services[i].Operations)
	}
	line := fmt.Sprintf("%s among %s, in %s", text.Count(operations, "operation"), text.Count(participants(sys), "service"), text.Count(len(services), "manifest"))
	if operations == 0 {
		line += "\nthese sources don't say who calls whom: add compose files, Kubernetes manifests, or traces, or describe operations with waitornot ask --save waitornot.yaml"
	}
	return line
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

// Drift writes what manifests lack, and what no source shows, one a line.
func Drift(w io.Writer, p term.Painter, c draft.Comparison) error {
	for _, s := range c.Missing {
		for i := range s.Operations {
			op := &s.Operations[i]
			if _, err := fmt.Fprintf(w, "%s: %s: %s calls %s, but no manifest declares it; add %s, or run import --write\n",
				p.Paint(term.Bold, term.Safe(place(surest(op)))), p.Paint(term.Red, "not declared"),
				term.Safe(s.Name), term.Safe(op.Callee), term.Safe(s.Name+"/"+draft.NameOf(op))); err != nil {
				return err
			}
		}
	}
	for _, d := range c.Unseen {
		if _, err := fmt.Fprintf(w, "%s: %s: no source shows that %s calls %s for %s; delete it if it's gone\n",
			p.Paint(term.Bold, fmt.Sprintf("%s:%d", term.Safe(d.File), d.Line)), p.Paint(term.Yellow, "not seen"),
			term.Safe(d.Caller), term.Safe(d.Callee), term.Safe(d.Name)); err != nil {
			return err
		}
	}
	return nil
}

// DriftSummary counts what Drift writes, in a line or two.
func DriftSummary(c draft.Comparison) string {
	missing := 0
	for _, s := range c.Missing {
		missing += len(s.Operations)
	}
	out := fmt.Sprintf("%s not declared, %d not seen\n", text.Count(missing, "operation"), len(c.Unseen))
	if c.Beyond > 0 {
		out += fmt.Sprintf("not compared, because the sources don't say who calls: %s\n", text.Count(c.Beyond, "declared operation"))
	}
	return out
}

// Senders names the services of which nothing but a broker is known; "" when there is none.
func Senders(sys *evidence.System) string {
	names := draft.Senders(sys)
	if len(names) == 0 {
		return ""
	}
	const most = 5
	more := ""
	if len(names) > most+1 {
		names, more = names[:most], fmt.Sprintf(", and %d more", len(names)-most)
	}
	return fmt.Sprintf("only a broker is known for %s%s: AsyncAPI files or traces show what they send", term.Safe(strings.Join(names, ", ")), more)
}
