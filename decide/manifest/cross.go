package manifest

import (
	"fmt"
	"strings"

	"waitornot/decide/diag"
)

// An opName is what a File keeps of an operation.
type opName struct {
	document int
	name     string
	at       diag.Range
}

// CrossCheck reports what only the files of a whole run show together: names
// that two operations share, and steps of journeys that name no operation. The
// findings are sorted.
func CrossCheck(files []*File) []diag.Finding {
	c := &crossing{files: files, operations: map[string]opPlace{}, services: map[string]bool{}}
	for _, f := range files {
		c.collect(f)
	}
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
	files      []*File
	operations map[string]opPlace
	services   map[string]bool // true when all the text of its documents was read
	findings   []diag.Finding
}

type opPlace struct {
	file *File
	at   diag.Range
}

func (c *crossing) collect(f *File) {
	for _, d := range f.Documents {
		whole, seen := c.services[d.Service.Value]
		c.services[d.Service.Value] = (whole || !seen) && !f.Broken
	}
	for _, n := range f.names {
		id := idOf(f.Documents[n.document].Service.Value, n.name)
		first, taken := c.operations[id]
		if !taken {
			c.operations[id] = opPlace{f, n.at}
			continue
		}
		w := walker{file: f.Name}
		w.report(duplicateOperation, n.at, fmt.Sprintf("operation %s is declared twice; the first is in %s, line %d",
			quote(id), first.file.Name, first.at.Start.Line), "rename one of them, or delete the copy",
			diag.Related{File: first.file.Name, Range: first.at, Message: "first declared here"})
		w.findings[0].Operation = id
		c.findings = append(c.findings, w.findings...)
	}
}

func idOf(service, operation string) string {
	o := Operation{Service: service, Name: Field[string]{Value: operation}}
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
	own := idOf(d.Service.Value, step.Value)
	if _, ok := c.operations[own]; ok {
		return
	}
	if _, ok := c.operations[step.Value]; ok {
		return
	}
	service, local := d.Service.Value, step.Value
	if s, rest, ok := strings.Cut(step.Value, "/"); ok {
		service, local = s, rest
	}
	if !c.services[service] {
		return // the service is not part of the run, or not all of it could be read
	}
	message := fmt.Sprintf("a step of journey %s names %s, but %s has no such operation",
		quote(j.Name.Value), quote(step.Value), serviceName(service))
	fix := ""
	if near := diag.Nearest(local, c.namesOf(service)); near != "" {
		fix = "write " + strings.TrimSuffix(step.Value, local) + near
	}
	w := walker{file: d.File}
	w.report(unknownStep, step.Range, message, fix)
	c.findings = append(c.findings, w.findings...)
}

func serviceName(service string) string {
	if service == "" {
		return "the manifest"
	}
	return "service " + quote(service)
}

// namesOf returns the names of the operations of a service, in order.
func (c *crossing) namesOf(service string) []string {
	var names []string
	for _, f := range c.files {
		for _, n := range f.names {
			if f.Documents[n.document].Service.Value == service {
				names = append(names, n.name)
			}
		}
	}
	return names
}
