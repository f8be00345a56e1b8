package yamlfile

import (
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// maxKeys is more than the keys that a table may have: one bit for each in an
// uint64, and one to spare.
const maxKeys = 64

// A Table holds the keys that one kind of mapping may have. It is immutable.
type Table[T any] struct {
	what  string // as messages name it: an operation
	place func(*T) *diag.Range
	rows  []Row[T] // fewer than maxKeys
	names []string
	index map[string]int
	known string // the fix for a key that resembles none
}

// A Row is one key of a table: what describes it, what reads its value into a T,
// what compares the values of two, their places aside, and what takes the value from
// another where none is given; nil for those that nobody compares or takes.
type Row[T any] struct {
	Key
	Read func(*Walker, Value, *T)
	Same func(a, b *T) bool
	Fill func(to, from *T)

	// Reads reports whether a scalar can be the value; nil where any may be.
	Reads func(text string) bool

	// Leaves visits the values that were given; nil for those that nobody asks about.
	Leaves func(x *T, visit func(Leaf))
}

// A Leaf is a value that was given: one word of a file, or a list of them.
type Leaf struct {
	Path  string     // retry.attempts
	Range diag.Range // of a list, that of its first item
	Kind  Kind       // of the value, or of the items of a list
	Value any        // a []any for a list
}

// AsRequired returns the row of a key that must be given.
func (r Row[T]) AsRequired() Row[T] {
	r.Required = true
	return r
}

// AsWellAs returns the row with words that people write instead of its key.
func (r Row[T]) AsWellAs(words ...string) Row[T] {
	r.Aliases = words
	return r
}

// NewTable returns a table of fewer than 64 rows. Messages name a mapping of it
// by what; place says where a T keeps the place of the whole mapping, and may be
// nil.
func NewTable[T any](what string, place func(*T) *diag.Range, rows ...Row[T]) *Table[T] {
	m := &Table[T]{what: what, place: place, rows: rows, index: make(map[string]int, len(rows))}
	for i, r := range rows {
		m.names = append(m.names, r.Name)
		m.index[r.Name] = i
	}
	m.known = "use one of " + strings.Join(m.names, ", ")
	return m
}

// Keys describes the keys in their order.
func (m *Table[T]) Keys() []Key {
	list := make([]Key, len(m.rows))
	for i := range m.rows {
		list[i] = m.rows[i].Key
	}
	return list
}

// Part returns a table of some of the keys, in their order.
func (m *Table[T]) Part(what string, names ...string) *Table[T] {
	var rows []Row[T]
	for _, r := range m.rows {
		if slices.Contains(names, r.Name) {
			rows = append(rows, r)
		}
	}
	return NewTable(what, m.place, rows...)
}

// Fill takes what to does not give from another, with its place.
func (m *Table[T]) Fill(to, from *T) {
	for _, r := range m.rows {
		if r.Fill != nil {
			r.Fill(to, from)
		}
	}
}

// Leaves visits the values that x gives, in the order of the table.
func (m *Table[T]) Leaves(x *T, visit func(Leaf)) {
	for _, r := range m.rows {
		if r.Leaves != nil {
			r.Leaves(x, visit)
		}
	}
}

// Same reports whether two hold the same values, wherever they stand.
func (m *Table[T]) Same(a, b *T) bool {
	return !slices.ContainsFunc(m.rows, func(r Row[T]) bool { return r.Same != nil && !r.Same(a, b) })
}

// Differing returns the names of the keys whose values two differ in, wherever
// they stand, in the order of the table.
func (m *Table[T]) Differing(a, b *T) []string {
	var names []string
	for _, r := range m.rows {
		if r.Same != nil && !r.Same(a, b) {
			names = append(names, r.Name)
		}
	}
	return names
}

// One is the key of a single value.
func One[T any, V comparable](name, doc string, s Scalar[V], at func(*T) *Field[V]) Row[T] {
	return Row[T]{
		Key:   Key{Name: name, Doc: doc, Kind: s.Kind, Words: s.Words, Least: s.Least, Most: s.Most},
		Read:  func(w *Walker, v Value, to *T) { ReadScalar(w, v, &s, at(to)) },
		Same:  func(a, b *T) bool { return at(a).Same(*at(b)) },
		Reads: s.Reads,
		Fill: func(to, from *T) {
			if !at(to).Set() {
				*at(to) = *at(from)
			}
		},
		Leaves: func(x *T, visit func(Leaf)) {
			if f := at(x); f.Set() {
				visit(Leaf{name, f.Range, s.Kind, f.Value})
			}
		},
	}
}

// Many is the key of a list of values.
func Many[T any, V comparable](name, doc string, s Scalar[V], at func(*T) *[]Field[V]) Row[T] {
	return Row[T]{
		Key: Key{Name: name, Doc: doc, Kind: ListKind, Items: &Key{Kind: s.Kind, Words: s.Words}},
		Read: func(w *Walker, v Value, to *T) {
			w.List(v, func(item Value) {
				var f Field[V]
				ReadScalar(w, item, &s, &f)
				if f.Set() {
					*at(to) = append(*at(to), f)
				}
			})
		},
		Same: func(a, b *T) bool { return slices.EqualFunc(*at(a), *at(b), Field[V].Same) },
		Fill: func(to, from *T) {
			if len(*at(to)) == 0 {
				*at(to) = *at(from)
			}
		},
		Leaves: func(x *T, visit func(Leaf)) {
			list := *at(x)
			if len(list) == 0 {
				return
			}
			values := make([]any, len(list))
			for i := range list {
				values[i] = list[i].Value
			}
			visit(Leaf{name, list[0].Range, s.Kind, values})
		},
	}
}

// Within is the key of a mapping.
func Within[T, S any](name, doc string, m *Table[S], at func(*T) *S) Row[T] {
	return Row[T]{
		Key:  Key{Name: name, Doc: doc, Kind: MappingKind, Keys: m.Keys()},
		Read: func(w *Walker, v Value, to *T) { m.Read(w, v, at(to)) },
		Same: func(a, b *T) bool { return m.Same(at(a), at(b)) },
		Fill: func(to, from *T) {
			m.Fill(at(to), at(from))
			if place := m.place(at(to)); !place.IsValid() {
				*place = *m.place(at(from))
			}
		},
		Leaves: func(x *T, visit func(Leaf)) {
			m.Leaves(at(x), func(l Leaf) {
				l.Path = name + "." + l.Path
				visit(l)
			})
		},
	}
}

// Each is the key of a list of mappings.
func Each[T, S any](name, doc string, m *Table[S], at func(*T) *[]S) Row[T] {
	return Row[T]{
		Key: Key{Name: name, Doc: doc, Kind: ListKind, Items: &Key{Kind: MappingKind, Keys: m.Keys()}},
		Read: func(w *Walker, v Value, to *T) {
			w.List(v, func(item Value) {
				var s S
				if m.Read(w, item, &s) {
					*at(to) = append(*at(to), s)
				}
			})
		},
		Same: func(a, b *T) bool {
			return slices.EqualFunc(*at(a), *at(b), func(x, y S) bool { return m.Same(&x, &y) })
		},
	}
}
