package manifest

import (
	"slices"
	"strings"
	"sync"

	"waitornot/decide/diag"
)

// A Kind is the language in which a value is written.
type Kind uint8

// The kinds. A key may accept words besides: see Key.Words.
const (
	Text     Kind = iota + 1 // one line of printable text
	Prose                    // text of any length
	Word                     // one of Key.Words and nothing else
	YesNo                    // yes, no, true, false, on, off
	Number                   // a whole number in decimal digits
	Count                    // a number, or a list of names that is counted
	Duration                 // 250ms, 2s, 1h30m
	Rate                     // 40/s, 10/m, 5/h
	Size                     // 512, 256KB, 1MiB; units are powers of two
	Share                    // 99.9% or 0.999
	Date                     // 2027-03-31
	Steps                    // names of operations; a list among them is a group that runs in parallel
	Mapping                  // the keys of Key.Keys
	List                     // a list whose items are of Key.Items
)

var kindNames = [...]string{
	"", "text", "prose", "word", "yes-no", "number", "count", "duration", "rate",
	"size", "share", "date", "steps", "mapping", "list",
}

// String returns the stable name of the kind.
func (k Kind) String() string {
	if k > 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid kind"
}

// A Key describes a key of a manifest, or an item of a list.
type Key struct {
	Name     string
	Doc      string // one sentence
	Kind     Kind
	Words    []string // what may be written besides values of Kind
	Required bool
	Least    int   // of a number, a count or a duration: 1 for all that are more than zero
	Most     int   // of a number; 0 when there is no limit
	Items    *Key  // what a list holds; nil otherwise
	Keys     []Key // what a mapping holds, in the order in which manifests write it
}

// Schema describes a whole document as the value of a key without a name. It
// is made from the same table that manifests are read with. Callers must not
// change it.
func Schema() *Key {
	return &Key{Doc: "A manifest of one service and its operations.", Kind: Mapping, Keys: format().document.describe()}
}

// tables are what manifests are read with. They are immutable.
type tables struct {
	document  *mapping[header]
	operation *mapping[Operation]
}

// format builds the tables when the first manifest is read.
var format = sync.OnceValue(func() *tables {
	operation := operationTable()
	return &tables{document: documentTable(operation), operation: operation}
})

// maxKeys is more than the keys that a mapping may know: one bit for each in an
// uint64, and one to spare.
const maxKeys = 64

// A mapping is the table of the keys that one kind of mapping may hold.
type mapping[T any] struct {
	what  string // as messages name it: an operation
	place func(*T) *diag.Range
	keys  []key[T] // fewer than maxKeys
	names []string
	index map[string]int
	known string // the fix for a key that resembles none
}

// A key is one row of a mapping's table: what describes it, what reads its value
// into a T, and what compares the values of two, their places aside; nil for those
// that nobody compares.
type key[T any] struct {
	Key
	read func(*walker, value, *T)
	same func(a, b *T) bool
}

// required marks a key that must be given.
func (k key[T]) required() key[T] {
	k.Required = true
	return k
}

func newMapping[T any](what string, place func(*T) *diag.Range, keys ...key[T]) *mapping[T] {
	m := &mapping[T]{what: what, place: place, keys: keys, index: make(map[string]int, len(keys))}
	for i, k := range keys {
		m.names = append(m.names, k.Name)
		m.index[k.Name] = i
	}
	m.known = "use one of " + strings.Join(m.names, ", ")
	return m
}

func (m *mapping[T]) describe() []Key {
	list := make([]Key, len(m.keys))
	for i := range m.keys {
		list[i] = m.keys[i].Key
	}
	return list
}

// same reports whether two hold the same values, wherever they stand.
func (m *mapping[T]) same(a, b *T) bool {
	return !slices.ContainsFunc(m.keys, func(k key[T]) bool { return k.same != nil && !k.same(a, b) })
}

// Differing returns the keys of an operation whose values two differ in, wherever
// they stand, in the order of a manifest: all but its name, mode and answers.
func Differing(a, b *Operation) []string {
	var names []string
	for _, k := range format().operation.keys {
		switch k.Name {
		case "name", "mode", "answers":
		default:
			if !k.same(a, b) {
				names = append(names, k.Name)
			}
		}
	}
	return names
}

// one is the key of a single value.
func one[T any, V comparable](name, doc string, lang scalarType[V], at func(*T) *Field[V]) key[T] {
	return key[T]{
		Key:  Key{Name: name, Doc: doc, Kind: lang.kind, Words: lang.words, Least: lang.least, Most: lang.most},
		read: func(w *walker, v value, to *T) { readScalar(w, v, lang, at(to)) },
		same: func(a, b *T) bool { return at(a).same(*at(b)) },
	}
}

// many is the key of a list of values.
func many[T any, V comparable](name, doc string, lang scalarType[V], at func(*T) *[]Field[V]) key[T] {
	return key[T]{
		Key: Key{Name: name, Doc: doc, Kind: List, Items: &Key{Kind: lang.kind, Words: lang.words}},
		read: func(w *walker, v value, to *T) {
			w.list(v, func(item value) {
				var f Field[V]
				readScalar(w, item, lang, &f)
				if f.Set() {
					*at(to) = append(*at(to), f)
				}
			})
		},
		same: func(a, b *T) bool { return slices.EqualFunc(*at(a), *at(b), Field[V].same) },
	}
}

// within is the key of a mapping.
func within[T, S any](name, doc string, m *mapping[S], at func(*T) *S) key[T] {
	return key[T]{
		Key:  Key{Name: name, Doc: doc, Kind: Mapping, Keys: m.describe()},
		read: func(w *walker, v value, to *T) { m.read(w, v, at(to)) },
		same: func(a, b *T) bool { return m.same(at(a), at(b)) },
	}
}

// each is the key of a list of mappings.
func each[T, S any](name, doc string, m *mapping[S], at func(*T) *[]S) key[T] {
	return key[T]{
		Key: Key{Name: name, Doc: doc, Kind: List, Items: &Key{Kind: Mapping, Keys: m.describe()}},
		read: func(w *walker, v value, to *T) {
			w.list(v, func(item value) {
				var s S
				if m.read(w, item, &s) {
					*at(to) = append(*at(to), s)
				}
			})
		},
		same: func(a, b *T) bool {
			return slices.EqualFunc(*at(a), *at(b), func(x, y S) bool { return m.same(&x, &y) })
		},
	}
}
