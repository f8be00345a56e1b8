package lsp

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"waitornot/rules/embedded"
)

// names adds the names that a place may have: of services, operations, brokers, rules,
// platforms and stacks.
func (c *completer) names(list *[]candidate) {
	p, s := c.at, c.server
	add := func(detail string, names ...string) {
		for _, n := range names {
			text := n
			if !isName(n) && !strings.ContainsRune(n, '/') {
				text = strconv.Quote(n)
			}
			*list = append(*list, candidate{label: visible(n), detail: detail, kind: referenceItem, text: text})
		}
	}
	r := c.document.root
	switch {
	case p.is("operations", "", "callee"), p.is("operations", "", "caller"), p.isFact("delivery", "consumers", ""):
		add("service", r.serviceNames()...)
	case p.is("operations", "", "compensation"):
		add("operation", r.operationNames(p.service(), false)...)
	case p.is("operations", "", "after", ""):
		add("operation", r.operationNames(p.service(), true)...)
	case len(p.names) > 2 && p.names[0] == "journeys" && p.names[2] == "steps":
		add("operation", r.operationNames(p.service(), true)...)
	case p.isFact("delivery", "broker"):
		add("broker", r.brokerNames()...)
		add("product", s.library.products()...)
	case p.is("brokers", "", "kind"):
		add("product", s.library.products()...)
	case p.last() == "platform":
		add("platform", s.library.platforms()...)
	case p.is("stack"):
		add("stack", embedded.StackIDs()...)
	case p.is("operations", "", "waivers", "", "rule"):
		c.ruleNames(list)
	}
}

// ruleNames adds the rules that a waiver may name, those that report on the operation at
// hand first.
func (c *completer) ruleNames(list *[]candidate) {
	first := map[string]bool{}
	if r := c.document.root; r.project != nil {
		if op := c.document.operationAt(c.document.text.Pos(c.offset)); op != nil {
			for i := range r.project.Findings {
				if f := &r.project.Findings[i]; f.Operation == op.ID() {
					first[f.Rule] = true
				}
			}
		}
	}
	var here, others []candidate
	for _, r := range c.server.library.rules() {
		if r.NoWaiver {
			continue
		}
		x := candidate{label: r.Name, detail: r.Code, doc: r.Summary, kind: enumItem, text: r.Name}
		if first[r.Name] {
			here = append(here, x)
		} else {
			others = append(others, x)
		}
	}
	*list = append(append(*list, here...), others...)
}

func (r *root) serviceNames() []string {
	if r.project == nil || r.project.Graph == nil {
		return nil
	}
	var names []string
	for _, s := range r.project.Graph.Services() {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return names
}

// maxNames is how many operations of other services are offered.
const maxNames = 2000

// operationNames returns the operations of a service, and those of others as
// service/operation.
func (r *root) operationNames(service string, others bool) []string {
	own, rest := []string{}, []string{}
	for key := range r.known() {
		switch {
		case key[0] == service:
			own = append(own, key[1])
		case others && key[0] != "":
			rest = append(rest, key[0]+"/"+key[1])
		}
	}
	slices.Sort(own)
	slices.Sort(rest)
	return append(own, rest[:min(len(rest), maxNames)]...)
}

func (r *root) brokerNames() []string {
	if r.project == nil || r.project.Graph == nil {
		return nil
	}
	names := map[string]bool{}
	for _, b := range r.project.Graph.Brokers() {
		if len(b.Declared) > 0 {
			names[b.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// products returns the brokers whose limits are known.
func (l *library) products() []string {
	limits := l.limits()
	var ids []string
	for i := range limits.Brokers {
		ids = append(ids, limits.Brokers[i].ID)
	}
	return ids
}

// platforms returns the front doors whose limits are known.
func (l *library) platforms() []string {
	limits := l.limits()
	var ids []string
	for i := range limits.Platforms {
		ids = append(ids, limits.Platforms[i].ID)
	}
	return ids
}
