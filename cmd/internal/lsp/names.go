package lsp

import (
	"bytes"
	"slices"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
)

// An entityKind is a kind of thing that manifests name in several places.
type entityKind uint8

const (
	operationEntity entityKind = iota
	serviceEntity
	brokerEntity
)

// An entity is something that manifests name in several places.
type entity struct {
	kind    entityKind
	service string // of an operation
	name    string
}

// An occurrence is a place that names an entity.
type occurrence struct {
	file    string
	at      diag.Range
	defines bool
	before  string // what stands before the name in the value: the service of a step
}

// entityAt returns what a place names, or nil.
func (s *Server) entityAt(r *root, at *place) *entity {
	if r == nil || at == nil {
		return nil
	}
	if at.isCallee() {
		return &entity{kind: serviceEntity, name: at.entry.Key}
	}
	if at.onKey || at.node.Text == "" {
		return nil
	}
	word := at.node.Text
	switch {
	case at.is("service"), at.is("operations", "", "callee"), at.is("operations", "", "caller"), at.isFact("delivery", "consumers", ""):
		return &entity{kind: serviceEntity, name: word}
	case at.is("operations", "", "name"):
		return &entity{operationEntity, at.service(), word}
	case at.isFact("delivery", "broker"), at.is("brokers", "", "name"):
		return &entity{kind: brokerEntity, name: word}
	case at.is("operations", "", "compensation"), at.is("operations", "", "after", ""), len(at.names) > 3 && at.names[0] == "journeys" && at.names[2] == "steps":
		return r.named(at.service(), word)
	}
	return nil
}

// named returns the operation that a step of a service's journey names, or nil.
func (r *root) named(service, step string) *entity {
	known := r.known()
	for s, name := range manifest.StepNames(service, step) {
		if known[[2]string{s, name}] {
			return &entity{operationEntity, s, name}
		}
	}
	return nil
}

// known returns the operations of the project, by service and name.
func (r *root) known() map[[2]string]bool {
	if r.project == nil || r.project.Graph == nil {
		return nil
	}
	if r.index == nil {
		g := r.project.Graph
		r.index = make(map[[2]string]bool, g.Len())
		for _, o := range g.Operations() {
			r.index[[2]string{g.ServiceName(o.Service), o.Name}] = true
		}
	}
	return r.index
}

// operations returns the operations of a file of the project.
func (r *root) operations(name string) []project.Operation {
	ops, known := r.kept[name]
	if !known {
		ops = r.workspace.Operations(name)
		r.kept[name] = ops
	}
	return ops
}

// occurrences returns the places that name an entity, in the order of the files. It
// reads only files that have its name in their text.
func (s *Server) occurrences(r *root, x *entity) []occurrence {
	var list []occurrence
	documents := map[string][]*manifest.Document{}
	for _, doc := range r.project.Documents {
		documents[doc.File] = append(documents[doc.File], doc)
	}
	for _, f := range r.project.Files {
		text := s.text(r, f.Name)
		if text == nil || !bytes.Contains(text.Bytes(), []byte(x.name)) {
			continue
		}
		c := occurrenceFinder{root: r, entity: x, file: f.Name}
		for _, doc := range documents[f.Name] {
			c.document(doc)
		}
		for _, op := range r.operations(f.Name) {
			c.operation(op.Operation)
		}
		slices.SortFunc(c.list, func(a, b occurrence) int { return a.at.Start.Compare(b.at.Start) })
		c.list = slices.CompactFunc(c.list, func(a, b occurrence) bool { return a.at == b.at })
		list = append(list, c.list...)
	}
	return list
}

// An occurrenceFinder gathers the occurrences of a file.
type occurrenceFinder struct {
	*entity
	root *root
	file string
	list []occurrence
}

func (c *occurrenceFinder) add(f manifest.Field[string], defines bool, before string) {
	if f.Set() {
		c.list = append(c.list, occurrence{c.file, f.Range, defines, before})
	}
}

func (c *occurrenceFinder) document(doc *manifest.Document) {
	if c.kind == serviceEntity && doc.Service.Value == c.name {
		c.add(doc.Service, true, "")
	}
	for i := range doc.Brokers {
		if b := &doc.Brokers[i]; c.kind == brokerEntity && b.Name.Value == c.name {
			c.add(b.Name, true, "")
		}
	}
	for i := range doc.Journeys {
		c.steps(doc.Service.Value, doc.Journeys[i].Steps)
	}
	if doc.Defaults != nil {
		c.delivery(&doc.Defaults.Delivery)
	}
	for i := range doc.Callees {
		x := &doc.Callees[i]
		if c.kind == serviceEntity && x.Name.Value == c.name {
			c.add(x.Name, false, "")
		}
		c.delivery(&x.Facts.Delivery)
	}
}

// delivery takes in the names that say how a message travels.
func (c *occurrenceFinder) delivery(d *manifest.Delivery) {
	switch c.kind {
	case brokerEntity:
		if d.Broker.Value == c.name {
			c.add(d.Broker, false, "")
		}
	case serviceEntity:
		for _, f := range d.Handlers {
			if f.Value == c.name {
				c.add(f, false, "")
			}
		}
	}
}

func (c *occurrenceFinder) steps(service string, steps []manifest.Step) {
	for i := range steps {
		c.steps(service, steps[i].Parallel)
		c.step(service, steps[i].Operation)
	}
}

// step takes in a value that names an operation.
func (c *occurrenceFinder) step(service string, f manifest.Field[string]) {
	if !f.Set() || c.kind == brokerEntity {
		return
	}
	x := c.root.named(service, f.Value)
	switch {
	case x == nil:
	case c.kind == operationEntity && *x == *c.entity:
		c.add(f, false, strings.TrimSuffix(f.Value, x.name))
	case c.kind == serviceEntity && x.service == c.name && f.Value == x.service+"/"+x.name:
		c.add(f, false, "")
	}
}

func (c *occurrenceFinder) operation(op *manifest.Operation) {
	switch c.kind {
	case operationEntity:
		if op.Service == c.service && op.Name.Value == c.name {
			c.add(op.Name, true, "")
		}
	case serviceEntity:
		for _, f := range []manifest.Field[string]{op.Caller, op.Callee} {
			if f.Value == c.name {
				c.add(f, false, "")
			}
		}
	}
	c.delivery(&op.Delivery)
	for _, f := range append([]manifest.Field[string]{op.Compensation}, op.After...) {
		c.step(op.Service, f)
	}
}
