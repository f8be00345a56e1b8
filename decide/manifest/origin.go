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

// An originKey is where a value that is inherited was written, and for which key.
type originKey struct {
	at  diag.Range
	key string
}

// index prepares a document, whose header has been read, for its operations: what each of
// them inherits is found at once, however many callees there are.
func (d *Document) index() {
	d.origins = originsOf(d)
	if len(d.origins) > 0 {
		d.originAt = make(map[originKey]int, len(d.origins))
	}
	for i := range d.origins {
		key := originKey{d.origins[i].Range, d.origins[i].Key}
		if _, known := d.originAt[key]; !known {
			d.originAt[key] = i
		}
	}
	for i := range d.Brokers {
		if b := &d.Brokers[i]; b.Kind.Set() && d.kindOf[b.Name.Value] == "" {
			if d.kindOf == nil {
				d.kindOf = map[string]string{}
			}
			d.kindOf[b.Name.Value] = b.Kind.Value
		}
	}
	if len(d.Callees) > 0 {
		d.calleeAt = make(map[string][]int, len(d.Callees))
	}
	for i := range d.Callees {
		name := d.Callees[i].Name.Value
		d.calleeAt[name] = append(d.calleeAt[name], i)
	}
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
// what it returns. What others inherit from the operation by an alias is its own.
func (d *Document) Inherited(op *Operation) []*Origin {
	if len(d.origins) == 0 {
		return nil
	}
	var list []*Origin
	format().inherited.Leaves(op, func(l yamlfile.Leaf) {
		if i, known := d.originAt[originKey{l.Range, l.Path}]; known && !l.Range.Within(op.Range) {
			list = append(list, &d.origins[i])
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
	case time.Time:
		return v.Format(time.DateOnly)
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
