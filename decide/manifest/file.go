package manifest

import (
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// A Source is a manifest before it is read.
type Source = yamlfile.Source

// A Key describes a key of a manifest, or an item of a list.
type Key = yamlfile.Key

// A File is what was understood of a manifest, its operations aside: those are
// handed on as they are read.
type File struct {
	Name       string
	Documents  []*Document    // in the order of the file
	Operations int            // how many were read
	Findings   []diag.Finding // sorted
	Broken     bool           // some of the text could not be read at all: syntax, encoding, size
	Lost       bool           // the text that Source.Part let go of is needed: read it again, without Part

	names []opName // of the operations, for CrossCheck
}

// A Document is one YAML document of a manifest: one service.
type Document struct {
	File    string
	Index   int // 0 for the first of its file; empty ones count too
	Range   diag.Range
	Version Field[int]
	Service Field[string] // the default caller of its operations
	*Details
}

// Details are what a document says beside its operations. There may be very many documents
// that say nothing: they share theirs.
type Details struct {
	Description  Field[string]
	Owner        Field[string]
	Stack        Field[string]
	Availability Field[float64] // of the service itself, as a share from 0 to 1
	Platform     Field[string]  // the front door of all its operations

	PlatformTimeout Field[time.Duration] // how long that lets a request run; its default when unset

	Defaults *Operation // what its operations inherit; nil when nothing
	Callees  []Callee   // what those with a callee inherit, in the order of the file
	Journeys []Journey
	Brokers  []Broker

	origins  []Origin          // of what its operations inherit: callees in the order of the file, then defaults
	originAt map[originKey]int // their positions; of several at one place, the first
	calleeAt map[string][]int  // positions of Callees by name
	kindOf   map[string]string // of Brokers that say their kind, by name; of several, the first
}

// NewDocument returns a document of a file that says nothing yet.
func NewDocument(file string, index int) *Document {
	return &Document{File: file, Index: index, Details: new(Details)}
}

// saysNothing reports whether nothing of all that a document may say was given.
func (x *Details) saysNothing() bool {
	return !x.Description.Set() && !x.Owner.Set() && !x.Stack.Set() && !x.Availability.Set() && !x.Platform.Set() && !x.PlatformTimeout.Set() &&
		x.Defaults == nil && x.Callees == nil && x.Journeys == nil && x.Brokers == nil
}

// BrokerKind returns the kind of the broker that the document declares under a name, or ""
// when it declares none or says no kind.
func (d *Document) BrokerKind(name string) string { return d.kindOf[name] }

// A Journey is a user-facing path through operations.
type Journey struct {
	Range       diag.Range
	Name        Field[string]
	Description Field[string]
	Steps       []Step
	SLO         Field[float64] // the availability objective, as a share from 0 to 1
	Budget      Field[time.Duration]
}

// A Step is an operation of a journey, or several that run in parallel.
type Step struct {
	Operation Field[string] // operation, or service/operation; unset for a parallel group
	Parallel  []Step
}

// A Broker carries the messages of asynchronous operations.
type Broker struct {
	Range        diag.Range
	Name         Field[string]
	Kind         Field[string] // rabbitmq, kafka, servicebus-standard, sqs, ...
	Availability Field[float64]
	Clustered    Field[bool]  // it survives the loss of one node
	MaxMessage   Field[int64] // bytes
}
