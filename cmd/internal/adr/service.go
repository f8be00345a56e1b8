package adr

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// service writes one record for all operations of a service.
func (p *markdownWriter) service(s *Subject) {
	p.heading(2, "Context and Problem Statement")
	p.line("%s has %s%s. Should the caller wait for each of them?",
		code(s.ID), text.Count(len(s.Advice), "operation"), p.described(s))
	p.heading(2, "Decision Drivers")
	p.line("| operation | immediacy | retryability | latency | coupling |\n| --- | --- | --- | --- | --- |")
	for _, a := range s.Advice {
		row := "| " + callee(a)
		for _, q := range decide.Questions() {
			row += " | " + escape(advice.Given(a, q))
		}
		p.line("%s |", row)
	}
	p.options()
	p.heading(2, "Decision Outcome")
	p.line("| operation | verdict | because | agreement |\n| --- | --- | --- | --- |")
	for _, a := range s.Advice {
		p.line("| %s | **%s** | %s | %s |", code(a.Name), a.Verdict, because(a), a.Agreement())
	}
	p.heading(3, "Consequences")
	p.consequences(s)
	p.confirmation()
	p.prosAndCons()
	p.heading(2, "More Information")
	for _, a := range s.Advice {
		p.more(a, code(a.Name)+": ")
	}
}

// described names the manifests of the service.
func (p *markdownWriter) described(s *Subject) string {
	var links []string
	seen := map[string]bool{}
	for _, a := range s.Advice {
		if link := p.w.link(a.File); link != "" && !seen[link] {
			seen[link] = true
			links = append(links, link)
		}
	}
	if len(links) == 0 {
		return ""
	}
	return ", described in " + strings.Join(links, ", ")
}

func callee(a *advice.Advice) string {
	if a.Callee == "" {
		return code(a.Name)
	}
	return code(a.Name) + " → " + code(a.Callee)
}

func because(a *advice.Advice) string {
	if !a.Decided() {
		return fmt.Sprintf("between %s: answer %s first", a.Possible, a.Next)
	}
	var rows []string
	for _, r := range a.Rows {
		rows = append(rows, fmt.Sprintf("%s (row %s)", escape(strings.TrimSuffix(r.Why, ".")), code(r.Name)))
	}
	return strings.Join(rows, "; or ")
}

// consequences lists what each verdict brings, once, and the safeguards of each
// operation.
func (p *markdownWriter) consequences(s *Subject) {
	var taken decide.VerdictSet
	for _, a := range s.Advice {
		taken |= decide.SetOf(a.Verdict)
	}
	for _, v := range taken.List() {
		t := p.w.Adviser.Knowledge.Tradeoffs[v]
		p.item(fmt.Sprintf("Good, because of what's %s: %s", v, strings.Join(t.Gains, "; ")))
		p.item(fmt.Sprintf("Bad, because of what's %s: %s", v, strings.Join(t.Costs, "; ")))
	}
	for _, a := range s.Advice {
		var names []string
		for _, due := range a.Safeguards {
			names = append(names, due.Name)
		}
		if len(names) > 0 {
			p.item(fmt.Sprintf("%s needs: %s", code(a.Name), strings.Join(names, ", ")))
		}
	}
}
