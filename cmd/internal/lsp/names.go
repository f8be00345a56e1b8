package lsp

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
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
		r.index = make(map[[2]string]bool, len(g.Operations()))
		for i := range g.Operations() {
			o := &g.Operations()[i]
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
		c := collector{root: r, entity: x, file: f.Name}
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

// A collector gathers the occurrences of a file.
type collector struct {
	*entity
	root *root
	file string
	list []occurrence
}

func (c *collector) add(f manifest.Field[string], defines bool, before string) {
	if f.Set() {
		c.list = append(c.list, occurrence{c.file, f.Range, defines, before})
	}
}

func (c *collector) document(doc *manifest.Document) {
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
func (c *collector) delivery(d *manifest.Delivery) {
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

func (c *collector) steps(service string, steps []manifest.Step) {
	for i := range steps {
		c.steps(service, steps[i].Parallel)
		c.step(service, steps[i].Operation)
	}
}

// step takes in a value that names an operation.
func (c *collector) step(service string, f manifest.Field[string]) {
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

func (c *collector) operation(op *manifest.Operation) {
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

// found returns the entity at a position, in a project that is as the texts are now.
func (s *Server) found(ctx context.Context, p *positionParams) (*document, *place, *entity, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil || d.root == nil {
		return nil, nil, nil, nil
	}
	project, err := s.read(ctx, d.root)
	if err != nil || project == nil {
		return nil, nil, nil, err
	}
	at := s.placeAt(d, p.Position)
	return d, at, s.entityAt(d.root, at), nil
}

// locations returns occurrences as the client shows them.
func (s *Server) locations(r *root, list []occurrence) []location {
	found := make([]location, 0, len(list))
	for _, o := range list {
		found = append(found, location{s.uri(r.path(o.file)), s.span(s.text(r, o.file), o.at)})
	}
	return found
}

// definition returns where what stands at a position is declared.
func (s *Server) definition(ctx context.Context, p *positionParams) ([]location, error) {
	d, _, x, err := s.found(ctx, p)
	if x == nil {
		return nil, err
	}
	return s.locations(d.root, slices.DeleteFunc(s.occurrences(d.root, x), func(o occurrence) bool { return !o.defines })), nil
}

type referenceParams struct {
	positionParams
	Context struct {
		IncludeDeclaration bool `json:"includeDeclaration"`
	} `json:"context"`
}

// references returns where what stands at a position is named.
func (s *Server) references(ctx context.Context, p *referenceParams) ([]location, error) {
	d, _, x, err := s.found(ctx, &p.positionParams)
	if x == nil {
		return nil, err
	}
	list := s.occurrences(d.root, x)
	if !p.Context.IncludeDeclaration {
		list = slices.DeleteFunc(list, func(o occurrence) bool { return o.defines })
	}
	return s.locations(d.root, list), nil
}

type renameParams struct {
	positionParams
	NewName string `json:"newName"`
}

type workspaceEdit struct {
	Changes map[string][]textEdit `json:"changes"`
}

type prepared struct {
	Range       span   `json:"range"`
	Placeholder string `json:"placeholder"`
}

// prepareRename says what would be renamed.
func (s *Server) prepareRename(ctx context.Context, p *positionParams) (*prepared, error) {
	d, at, x, err := s.found(ctx, p)
	if x == nil {
		return nil, err
	}
	from, to := at.word()
	return &prepared{s.spanOf(d.text, from, to), x.name}, nil
}

// rename gives an operation, a service or a broker another name, wherever it is named.
func (s *Server) rename(ctx context.Context, p *renameParams) (*workspaceEdit, error) {
	d, _, x, err := s.found(ctx, &p.positionParams)
	if err != nil {
		return nil, err
	}
	if x == nil {
		return nil, failed("nothing stands here that can be renamed: put the cursor on an operation, a service or a broker")
	}
	if err := s.mayBe(d.root, x, p.NewName); err != nil {
		return nil, err
	}
	edits := &workspaceEdit{map[string][]textEdit{}}
	var places *edit.Places
	file := ""
	for _, o := range s.occurrences(d.root, x) {
		path := d.root.path(o.file)
		if d.root.alone == "" && s.rootOf(path) != d.root {
			return nil, failed("%s names it, too, and lies outside of the folders that are open: open the whole repository", visible(o.file))
		}
		text := s.text(d.root, o.file)
		if file != o.file {
			file, places = o.file, edit.NewPlaces(text)
		}
		word := o.before + p.NewName
		if x.kind == serviceEntity {
			word = p.NewName + strings.TrimPrefix(valueAt(text, o.at), x.name)
		}
		e, ok := places.Set(o.at, word)
		if !ok {
			return nil, failed("%s, line %d: it is written in a way that can't be changed safely; change it by hand", visible(o.file), o.at.Start.Line)
		}
		uri := s.uri(path)
		edits.Changes[uri] = append(edits.Changes[uri], textEdit{s.span(text, e.Range), e.New})
	}
	return edits, nil
}

// valueAt returns the text of a scalar without its quotes.
func valueAt(t *diag.Text, r diag.Range) string {
	from, _ := t.Offset(r.Start)
	to, _ := t.Offset(r.End)
	return strings.Trim(string(t.Bytes()[from:max(from, to)]), `"'`)
}

// mayBe refuses a name that can't be written, or that another has.
func (s *Server) mayBe(r *root, x *entity, name string) error {
	if !isName(name) {
		return failed("%q is no name: use letters, digits, dots, dashes and underscores", visible(name))
	}
	if x.kind == operationEntity && name != x.name && r.known()[[2]string{x.service, name}] {
		return failed("service %q has an operation %q already", visible(x.service), visible(name))
	}
	return nil
}

// isName reports whether a word can be written without quotes and is no other kind of
// value.
func isName(word string) bool {
	for i, c := range word {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789._-", c)) {
			return false
		}
	}
	return word != "" && !slices.Contains([]string{"yes", "no", "true", "false", "on", "off", "null", "y", "n"}, strings.ToLower(word))
}

// entityExplained says what is known of an entity that a place names.
func (s *Server) entityExplained(r *root, x *entity) (string, error) {
	if r.project == nil || r.project.Graph == nil {
		return "", nil
	}
	switch x.kind {
	case operationEntity:
		return s.otherOperation(r, x)
	case serviceEntity:
		return r.serviceExplained(x.name), nil
	}
	return r.brokerExplained(x.name), nil
}

// otherOperation returns the recommendation for an operation that another place names.
func (s *Server) otherOperation(r *root, x *entity) (string, error) {
	g := r.project.Graph
	for i := range g.Operations() {
		o := &g.Operations()[i]
		if o.Name != x.name || g.ServiceName(o.Service) != x.service {
			continue
		}
		for _, op := range r.operations(graphFile(r, i)) {
			if op.Name.Value != x.name || op.Service != x.service {
				continue
			}
			adviser, err := s.library.adviser()
			if err != nil {
				return "", err
			}
			about := advice.Of(op.Document, op.Operation, op.Policy.Table, &op.Policy.Limits)
			a := adviser.Advise(&about)
			return adviceMarkdown(&a, adviser), nil
		}
	}
	return "", nil
}

func (r *root) serviceExplained(name string) string {
	g := r.project.Graph
	for i := range g.Services() {
		if g.Services()[i].Name != name {
			continue
		}
		id := serviceID(i)
		text := fmt.Sprintf("**service** %s\n\n", code(name))
		if len(g.Services()[i].Documents) == 0 {
			text += "No manifest here declares it.\n\n"
		} else if d := g.Services()[i].Documents[0].Description; d.Set() {
			text += plain(d.Value) + "\n\n"
		}
		if owner := g.Services()[i].Owner(); owner != "" {
			text += fmt.Sprintf("- **owner**: %s\n", plain(owner))
		}
		return text + fmt.Sprintf("- **declares**: %d\n- **calls**: %d\n- **is called by**: %d\n", len(g.Declares(id)), len(g.Calls(id)), len(g.CalledBy(id)))
	}
	return ""
}

func (r *root) brokerExplained(name string) string {
	for _, b := range r.project.Graph.Brokers() {
		if b.Name != name {
			continue
		}
		if len(b.Declared) == 0 {
			return "" // a product: its limits say more
		}
		text := fmt.Sprintf("**broker** %s\n\n- **carries**: %d operations\n", code(name), len(b.Operations))
		if share, ok := b.Availability(); ok {
			text += fmt.Sprintf("- **availability**: %s\n", manifest.FormatShare(share))
		}
		if kind := b.Declared[0].Kind; kind.Set() {
			text += fmt.Sprintf("- **kind**: %s\n", plain(kind.Value))
		}
		return text
	}
	return ""
}
