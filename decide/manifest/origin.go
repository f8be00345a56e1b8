package manifest

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// An Origin is a value that operations inherit, and where it was given.
type Origin struct {
	Key   string // of the operation: timeout, retry.attempts
	Text  string // the value, as manifests write it
	From  string // defaults, or callees.NAME
	Range diag.Range
}

// String returns the value with its origin: "timeout 2s (from callees.bank, line 12)".
func (o *Origin) String() string {
	return fmt.Sprintf("%s %s (from %s, line %d)", o.Key, o.Text, o.From, o.Range.Start.Line)
}

// originsOf returns all that the operations of a document may inherit.
func originsOf(d *Document) []Origin {
	var list []Origin
	add := func(from string, facts *Operation) {
		format().inherited.Leaves(facts, func(l yamlfile.Leaf) {
			list = append(list, Origin{l.Path, textOf(&l), from, l.Range})
		})
	}
	for i := range d.Callees {
		add("callees."+d.Callees[i].Name.Value, &d.Callees[i].Facts)
	}
	if d.Defaults != nil {
		add("defaults", d.Defaults)
	}
	return list
}

// Inherited returns the values that an operation of the document has from it, in the
// order of an operation's keys. It returns nil when there is none. Callers must not change
// what it returns.
func (d *Document) Inherited(op *Operation) []*Origin {
	if len(d.origins) == 0 {
		return nil
	}
	var list []*Origin
	format().inherited.Leaves(op, func(l yamlfile.Leaf) {
		for i := range d.origins {
			if o := &d.origins[i]; o.Range == l.Range && o.Key == l.Path {
				list = append(list, o)
				return
			}
		}
	})
	return list
}

// textOf writes a value as manifests do.
func textOf(l *yamlfile.Leaf) string {
	if list, ok := l.Value.([]any); ok {
		parts := make([]string, len(list))
		for i, v := range list {
			parts[i] = textOf(&yamlfile.Leaf{Kind: l.Kind, Value: v})
		}
		return strings.Join(parts, ", ")
	}
	switch v := l.Value.(type) {
	case time.Duration:
		return FormatDuration(v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case float64:
		if l.Kind == yamlfile.RateKind {
			return FormatRate(v)
		}
		return FormatShare(v)
	case int64:
		return FormatSize(v)
	case int:
		if v == 0 { // a number that can be nothing less than one
			return "unlimited"
		}
		return strconv.Itoa(v)
	case string:
		return cmp.Or(v, "no") // as a name that there is none of
	}
	return fmt.Sprint(l.Value)
}
