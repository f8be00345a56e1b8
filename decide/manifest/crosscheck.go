package manifest

import (
	"fmt"
	"hash/maphash"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// An opName is what a File keeps of an operation.
type opName struct {
	document int32 // an index into Documents
	name     string
	at       diag.Range
}

// CrossCheck reports what only the files of a whole run show together: names
// that two operations share, and steps of journeys that name no operation. The
// findings are sorted.
func CrossCheck(files []*File) []diag.Finding {
	c := newCrossing(files)
	for _, f := range files {
		for _, d := range f.Documents {
			for i := range d.Journeys {
				c.steps(d, &d.Journeys[i], d.Journeys[i].Steps)
			}
		}
	}
	return diag.Sort(c.findings)
}

// A crossing is the names of a run.
type crossing struct {
	files    []*File
	services map[string]*crossed // nil until one is asked for
	compared int                 // names compared with steps so far
	findings []diag.Finding

	// places holds the first operation of each name, by the hash of its key; the
	// rare keys whose hash another has taken are in others. A run may have very
	// many operations, and whole keys would take several times the memory.
	seed   maphash.Seed
	places map[uint64]opPlace
	others map[opKey]opPlace
}

type opKey struct{ service, name string }

// An opPlace says where the name of an operation is kept.
type opPlace struct{ file, name int32 }

// A crossed is a service of the run.
type crossed struct {
	whole bool // all the text of its documents was read
	names []string
	heads map[string]bool // see headsOf; nil until they are asked for
}

func newCrossing(files []*File) *crossing {
	n := 0
	for _, f := range files {
		n += len(f.names)
	}
	c := &crossing{
		files: files, seed: maphash.MakeSeed(), places: make(map[uint64]opPlace, n), others: map[opKey]opPlace{},
	}
	for i := range files {
		c.collect(i)
	}
	return c
}

// service returns a service of the run, or nil. Only steps that name no operation ask for one.
func (c *crossing) service(name string) *crossed {
	if c.services == nil {
		c.services = map[string]*crossed{}
		for _, f := range c.files {
			for _, d := range f.Documents {
				s := c.services[d.Service.Value]
				if s == nil {
					s = &crossed{whole: true}
					c.services[d.Service.Value] = s
				}
				s.whole = s.whole && !f.Broken
			}
		}
	}
	return c.services[name]
}

// key returns the key of an operation.
func (c *crossing) key(p opPlace) opKey {
	f := c.files[p.file]
	n := &f.names[p.name]
	return opKey{f.Documents[n.document].Service.Value, n.name}
}

// find returns the first operation with a key.
func (c *crossing) find(k opKey) (opPlace, bool) {
	p, ok := c.places[maphash.Comparable(c.seed, k)]
	if ok && c.key(p) != k {
		p, ok = c.others[k]
	}
	return p, ok
}

func (c *crossing) add(k opKey, p opPlace) {
	hash := maphash.Comparable(c.seed, k)
	if _, taken := c.places[hash]; taken {
		c.others[k] = p
	} else {
		c.places[hash] = p
	}
}

// collect takes in the names of a file.
func (c *crossing) collect(file int) {
	f := c.files[file]
	for i := range f.names {
		place := opPlace{int32(file), int32(i)}
		key := c.key(place)
		if first, taken := c.find(key); taken {
			c.reportTwice(f, &f.names[i], key, first)
		} else {
			c.add(key, place)
		}
	}
}

func (c *crossing) reportTwice(f *File, again *opName, key opKey, first opPlace) {
	id := idOf(key)
	where := c.files[first.file]
	at := where.names[first.name].at
	twice := duplicateOperation.At(f.Name, again.at, fmt.Sprintf("operation %s is declared twice; the first one is in %s, line %d",
		yamlfile.Quote(id), where.Name, at.Start.Line), "rename one of them, or delete the duplicate",
		diag.Related{File: where.Name, Range: at, Message: "first declared here"})
	twice.Operation = id
	c.findings = append(c.findings, twice)
}

func idOf(k opKey) string {
	o := Operation{Service: k.service, Name: Field[string]{Value: k.name}}
	return o.ID()
}

// steps looks for the operations that steps name.
func (c *crossing) steps(d *Document, j *Journey, steps []Step) {
	for i := range steps {
		c.steps(d, j, steps[i].Parallel)
		if step := steps[i].Operation; step.Set() {
			c.step(d, j, step)
		}
	}
}

func (c *crossing) step(d *Document, j *Journey, step Field[string]) {
	if c.names(d, step.Value) {
		return
	}
	key, s := c.meant(d, step.Value)
	if s == nil || !s.whole {
		return // the service is not part of the run, or not all of it could be read
	}
	message := fmt.Sprintf("a step of journey %s names %s, but %s has no such operation",
		yamlfile.Quote(j.Name.Value), yamlfile.Quote(step.Value), serviceName(key.service))
	fix := ""
	if near := c.nearest(s, key); near != "" {
		fix = "write " + strings.TrimSuffix(step.Value, key.name) + near
	}
	c.findings = append(c.findings, unknownStep.At(d.File, step.Range, message, fix))
}

// meant returns what a step that names no operation was meant to name: one of the first
// service of the run that stands before a slash. Without such a service it is one of the
// journey's own service, unless a service that is not in the run may be meant: the step
// has a slash, and no operation of its own begins as it does. Then the service is nil.
func (c *crossing) meant(d *Document, step string) (opKey, *crossed) {
	for service, operation := range StepNames(d.Service.Value, step) {
		if s := c.service(service); s != nil && len(operation) < len(step) {
			return opKey{service, operation}, s
		}
	}
	own := c.service(d.Service.Value)
	if head, _, slash := strings.Cut(step, "/"); slash && !c.headsOf(own, d.Service.Value)[head] {
		own = nil
	}
	return opKey{d.Service.Value, step}, own
}

// headsOf returns what stands before the first slash in the names of a service's
// operations.
func (c *crossing) headsOf(s *crossed, service string) map[string]bool {
	if s.heads == nil {
		s.heads = map[string]bool{}
		for _, name := range c.namesOf(service) {
			if head, _, slash := strings.Cut(name, "/"); slash {
				s.heads[head] = true
			}
		}
	}
	return s.heads
}

// names reports whether a step of a document names an operation of the run: of
// its own service, or service/operation, either of which may hold a slash.
func (c *crossing) names(d *Document, step string) bool {
	for service, operation := range StepNames(d.Service.Value, step) {
		if _, ok := c.find(opKey{service, operation}); ok {
			return true
		}
	}
	return false
}

// nearest returns the operation of a service that a step most likely means. It
// gives up suggesting when a run has so many wrong steps that looking for
// suggestions would take longer than everything else.
func (c *crossing) nearest(s *crossed, k opKey) string {
	const most = 1_000_000
	if s.names == nil {
		s.names = c.namesOf(k.service)
	}
	if c.compared += len(s.names); c.compared > most {
		return ""
	}
	return diag.Nearest(k.name, s.names)
}

// namesOf returns the names of a service's operations, in order.
func (c *crossing) namesOf(service string) []string {
	names := []string{}
	for _, f := range c.files {
		for i := range f.names {
			if f.Documents[f.names[i].document].Service.Value == service {
				names = append(names, f.names[i].name)
			}
		}
	}
	return names
}

func serviceName(service string) string {
	if service == "" {
		return "the manifest"
	}
	return "service " + yamlfile.Quote(service)
}
