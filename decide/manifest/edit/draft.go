package edit

import (
	"strings"

	"waitornot/decide/manifest"
)

// A Head is what a new manifest says above its operations.
type Head struct {
	Comments []string // lines at the top
	Service  string
	Owner    string
	Brokers  []manifest.Broker // their names and kinds
}

// Draft returns a new manifest with the entries as its operations, in this order.
func Draft(head Head, entries []Entry) []byte {
	var b strings.Builder
	for _, line := range head.Comments {
		b.WriteString(strings.TrimRight("# "+commentText(line), " ") + "\n")
	}
	b.WriteString("version: 1\n")
	if head.Service != "" {
		b.WriteString("service: " + scalar(head.Service) + "\n")
	}
	if head.Owner != "" {
		b.WriteString("owner: " + scalar(head.Owner) + "\n")
	}
	if len(head.Brokers) > 0 {
		b.WriteString("brokers:\n")
		for _, broker := range head.Brokers {
			b.WriteString("  - {name: " + scalar(broker.Name.Value))
			if broker.Kind.Value != "" {
				b.WriteString(", kind: " + scalar(broker.Kind.Value))
			}
			b.WriteString("}\n")
		}
	}
	b.WriteString("operations:\n")
	s := &style{newline: "\n", dash: 2, inner: 2, step: 2, service: head.Service}
	for i := range entries {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("  " + s.item(&entries[i]) + "\n")
	}
	return []byte(b.String())
}
