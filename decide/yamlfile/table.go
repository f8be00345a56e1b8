package yamlfile

import (
	"hash/maphash"
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
	slots [256]uint8 // see find
	known string     // the fix for a key that resembles none

	required uint64 // the keys that must be given
}

// A Row is one key of a table: what describes it, what reads its value into a T,
// what compares the values of two, their places aside, and takes them into a sum, and what
// takes the value from another where none is given; nil for those that nobody compares or takes.
type Row[T any] struct {
	Key
	Read func(*Walker, Value, *T)
	Same func(a, b *T) bool
	Sum  func(x *T, h *maphash.Hash) // two that are the same have the same sum
	Fill func(to, from *T)

	// Reads reports whether a scalar can be the value; nil where any may be.
	Reads func(text string) bool

	// Leaves visits the values that were given; nil for those that nobody asks about.
	Leaves func(x *T, visit func(Leaf))

	// take reads the value at hand directly, and reports whether it can; nil when it takes nodes.
	take func(p *parser, in site, to *T) bool

	later bool // take reads only a list in a block
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
	m := &Table[T]{what: what, place: place, rows: rows}
	for i, r := range rows {
		m.names = append(m.names, r.Name)
		if r.Required {
			m.required |= 1 << i
		}
		if _, twice := m.find(r.Name); !twice {
			slot := slotOf(r.Name)
			for m.slots[slot] != 0 {
				slot++
			}
			m.slots[slot] = uint8(i + 1)
		}
	}
	m.known = "use one of " + strings.Join(m.names, ", ")
	return m
}

// find returns the position of the row of a key. It looks the key up by its hash, in slots
// that are never all taken: each holds a position, counted from 1.
func (m *Table[T]) find(key string) (at int, known bool) {
	for slot := slotOf(key); m.slots[slot] != 0; slot++ {
		if at := int(m.slots[slot]) - 1; m.rows[at].Name == key {
			return at, true
		}
	}
	return 0, false
}

// slotOf is a hash that tells the keys of manifests apart: by their length, and letters from
// their start, their middle and their end.
func slotOf(key string) uint8 {
	n := len(key)
	if n == 0 {
		return 0
	}
	return uint8(uint(n)*7 + uint(key[0])*31 + uint(key[n/2])*17 + uint(key[n-1])*5)
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

// Sum takes into a sum what Differing compares, but for some keys: two that differ in no other
// have the same sum.
func (m *Table[T]) Sum(x *T, h *maphash.Hash, but ...string) {
	for i := range m.rows {
		if r := &m.rows[i]; r.Sum != nil && !slices.Contains(but, r.Name) {
			r.Sum(x, h)
		}
	}
}

// SumField takes the value of a key into a sum, if it's given.
func SumField[V comparable](name string, f *Field[V], h *maphash.Hash) {
	if f.Set() {
		h.WriteString(name)
		maphash.WriteComparable(h, f.Value)
	}
}

// SumFields takes the values of a key into a sum, if there are any.
func SumFields[V comparable](name string, list []Field[V], h *maphash.Hash) {
	if len(list) == 0 {
		return
	}
	h.WriteString(name)
	maphash.WriteComparable(h, len(list))
	for i := range list {
		maphash.WriteComparable(h, list[i].Value)
	}
}

// One is the key of a single value.
func One[T any, V comparable](name, doc string, s Scalar[V], at func(*T) *Field[V]) Row[T] {
	return Row[T]{
		Key:   Key{Name: name, Doc: doc, Kind: s.Kind, Words: s.Words, Least: s.Least, Most: s.Most},
		Read:  func(w *Walker, v Value, to *T) { ReadScalar(w, v, &s, at(to)) },
		take:  func(p *parser, in site, to *T) bool { return takeScalar(p, in, &s, at(to)) },
		Same:  func(a, b *T) bool { return at(a).Same(*at(b)) },
		Sum:   func(x *T, h *maphash.Hash) { SumField(name, at(x), h) },
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

// Put is the key of a single value that put takes: the zero Field when it is none of its type.
func Put[T any, V comparable](name, doc string, s Scalar[V], put func(to *T, f Field[V])) Row[T] {
	return Row[T]{
		Key: Key{Name: name, Doc: doc, Kind: s.Kind, Words: s.Words, Least: s.Least, Most: s.Most},
		Read: func(w *Walker, v Value, to *T) {
			var f Field[V]
			ReadScalar(w, v, &s, &f)
			put(to, f)
		},
		take: func(p *parser, in site, to *T) bool {
			var f Field[V]
			ok := takeScalar(p, in, &s, &f)
			put(to, f)
			return ok
		},
		Reads: s.Reads,
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
		take: func(p *parser, in site, to *T) bool {
			return p.takeList(in, func(in site) bool {
				var f Field[V]
				ok := takeScalar(p, in, &s, &f)
				*at(to) = append(*at(to), f)
				return ok
			})
		},
		Same: func(a, b *T) bool { return slices.EqualFunc(*at(a), *at(b), Field[V].Same) },
		Sum:  func(x *T, h *maphash.Hash) { SumFields(name, *at(x), h) },
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
		take: func(p *parser, in site, to *T) bool { return m.take(p, in, at(to)) },
		Same: func(a, b *T) bool { return m.Same(at(a), at(b)) },
		Sum: func(x *T, h *maphash.Hash) {
			h.WriteString(name) // another mapping may have the same keys
			m.Sum(at(x), h)
		},
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

// Apart is the key of a mapping that is read into what make returns. Two that differ in it
// alone are the same.
func Apart[T, S any](name, doc string, m *Table[S], make func(*T) *S) Row[T] {
	return Row[T]{
		Key:  Key{Name: name, Doc: doc, Kind: MappingKind, Keys: m.Keys()},
		Read: func(w *Walker, v Value, to *T) { m.Read(w, v, make(to)) },
		take: func(p *parser, in site, to *T) bool { return m.take(p, in, make(to)) },
	}
}

// Later is the key of the list of a document, which is read after the rest of the document:
// see Format.Items.
func Later[T any](name, doc string, item *Key, at func(*T) *Value) Row[T] {
	return Row[T]{
		Key:   Key{Name: name, Doc: doc, Kind: ListKind, Items: item},
		Read:  func(_ *Walker, v Value, to *T) { *at(to) = v },
		take:  func(p *parser, _ site, to *T) bool { *at(to) = p.stepOver(); return true },
		later: true,
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
		take: func(p *parser, in site, to *T) bool {
			return p.takeList(in, func(in site) bool {
				var s S
				ok := m.take(p, in, &s)
				*at(to) = append(*at(to), s)
				return ok
			})
		},
		Same: func(a, b *T) bool {
			return slices.EqualFunc(*at(a), *at(b), func(x, y S) bool { return m.Same(&x, &y) })
		},
		Sum: func(x *T, h *maphash.Hash) {
			for i := range *at(x) {
				h.WriteString(name)
				m.Sum(&(*at(x))[i], h)
			}
		},
	}
}
