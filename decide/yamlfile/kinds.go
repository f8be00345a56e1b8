package yamlfile

// A Kind says how a value is written.
type Kind uint8

// The kinds. A key may accept words besides: see Key.Words.
const (
	TextKind     Kind = iota + 1 // one line of printable text
	ProseKind                    // a string of any length
	WordKind                     // one of Key.Words and nothing else
	YesNoKind                    // yes, no, true, false, on, off
	NumberKind                   // a whole number in decimal digits
	CountKind                    // a number, or a list of names that is counted
	DurationKind                 // 250ms, 2s, 1h30m
	RateKind                     // 40/s, 10/m, 5/h
	SizeKind                     // 512, 256KB, 1MiB; units are powers of two
	ShareKind                    // 99.9% or 0.999
	DateKind                     // 2027-03-31
	StepsKind                    // names of operations; a list among them is a group that runs in parallel
	MappingKind                  // the keys of Key.Keys, or any names with values of Key.Items
	ListKind                     // a list whose items are of Key.Items
)

// A Key describes a key of a file, or an item of a list.
type Key struct {
	Name     string
	Doc      string // one sentence
	Kind     Kind
	Words    []string // what may be written besides values of Kind
	Required bool
	Least    int      // of a number, a count or a duration: 1 for all that are more than zero
	Most     int      // of a number; 0 when there is no limit
	Items    *Key     // what a list holds, or each name of a mapping; nil otherwise
	Keys     []Key    // what a mapping holds, in the order in which files write it
	Aliases  []string // what people write instead, who don't know the key; none is read
}
