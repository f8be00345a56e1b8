package manifest

import (
	"fmt"
	"strings"

	"waitornot/decide/diag"
)

// An opName is what a File keeps of an operation.
type opName struct {
	document int // an index into Documents
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
	operations map[opKey]opPlace
	services   map[string]*crossed
	compared   int // names compared with steps so far
	findings   []diag.Finding
}

type opKey struct{ service, name string }

type opPlace struct {
	file *File
	at   diag.Range
}

// A crossed is a service of the run.
type crossed struct {
	whole bool // all the text of its documents was read
	names []string
}

func newCrossing(files []*File) *crossing {
	n := 0
	for _, f := range files {
		n += len(f.names)
	}
	c := &crossing{operations: make(map[opKey]opPlace, n), services: map[string]*crossed{}}
	journeys := false
	for _, f := range files {
		for _, d := range f.Documents {
			s := c.services[d.Service.Value]
			if s == nil {
				s = &crossed{whole: true}
				c.services[d.Service.Value] = s
			}
			s.whole = s.whole && !f.Broken
			journeys = journeys || len(d.Journeys) > 0
		}
	}
	for _, f := range files {
		c.collect(f, journeys)
	}
	return c
}

// collect takes in the names of a file; forSteps also lists them, to suggest.
func (c *crossing) collect(f *File, forSteps bool) {
	for _, n := range f.names {
		key := opKey{f.Documents[n.document].Service.Value, n.name}
		first, taken := c.operations[key]
		if !taken {
			c.operations[key] = opPlace{f, n.at}
			if forSteps {
				s := c.services[key.service]
				s.names = append(s.names, n.name)
			}
			continue
		}
		id := idOf(key)
		w := walker{file: f.Name}
		w.report(duplicateOperation, n.at, fmt.Sprintf("operation %s is declared twice; the first is in %s, line %d",
			quote(id), first.file.Name, first.at.Start.Line), "rename one of them, or delete the copy",
			diag.Related{File: first.file.Name, Range: first.at, Message: "first declared here"})
		w.findings[0].Operation = id
		c.findings = append(c.findings, w.findings...)
	}
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
	key := opKey{d.Service.Value, step.Value}
	if service, rest, ok := strings.Cut(step.Value, "/"); ok {
		key = opKey{service, rest}
	}
	s := c.services[key.service]
	if s == nil || !s.whole {
		return // the service is not part of the run, or not all of it could be read
	}
	message := fmt.Sprintf("a step of journey %s names %s, but %s has no such operation",
		quote(j.Name.Value), quote(step.Value), serviceName(key.service))
	fix := ""
	if near := c.nearest(s, key.name); near != "" {
		fix = "write " + strings.TrimSuffix(step.Value, key.name) + near
	}
	w := walker{file: d.File}
	w.report(unknownStep, step.Range, message, fix)
	c.findings = append(c.findings, w.findings...)
}

// names reports whether a step of a document names an operation of the run: of
// its own service, or service/operation, either of which may hold a slash.
func (c *crossing) names(d *Document, step string) bool {
	if _, ok := c.operations[opKey{d.Service.Value, step}]; ok {
		return true
	}
	if _, ok := c.operations[opKey{"", step}]; ok {
		return true
	}
	for i := range len(step) {
		if step[i] == '/' {
			if _, ok := c.operations[opKey{step[:i], step[i+1:]}]; ok {
				return true
			}
		}
	}
	return false
}

// nearest returns the operation of a service that a step most likely means. It
// gives up suggesting when a run has so many wrong steps that looking for
// suggestions would take longer than everything else.
func (c *crossing) nearest(s *crossed, name string) string {
	const most = 1_000_000
	if c.compared += len(s.names); c.compared > most {
		return ""
	}
	return diag.Nearest(name, s.names)
}

func serviceName(service string) string {
	if service == "" {
		return "the manifest"
	}
	return "service " + quote(service)
}
