package lsp

import (
	"context"
	"slices"
	"strings"

	"waitornot/cmd/internal/lsp/outline"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
)

// The kinds of symbols that are used.
const (
	moduleSymbol   = 2
	functionSymbol = 12
	objectSymbol   = 19
	eventSymbol    = 24
)

type documentSymbol struct {
	Name           string           `json:"name"`
	Detail         string           `json:"detail,omitempty"`
	Kind           int              `json:"kind"`
	Range          span             `json:"range"`
	SelectionRange span             `json:"selectionRange"`
	Children       []documentSymbol `json:"children,omitempty"`
}

// documentSymbols returns the services of a document with their operations, journeys and
// brokers.
func (s *Server) documentSymbols(_ context.Context, p *documentParams) ([]documentSymbol, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil || d.policy() == nil {
		return nil, nil
	}
	ops := d.operations()
	symbols := []documentSymbol{}
	for _, doc := range d.file.Documents {
		var children []documentSymbol
		for i := range ops {
			if ops[i].Document.Index == doc.Index {
				children = append(children, s.operationSymbol(d, &ops[i]))
			}
		}
		for i := range doc.Journeys {
			j := &doc.Journeys[i]
			children = append(children, s.symbol(d, j.Name, j.Range, eventSymbol, "journey"))
		}
		for i := range doc.Brokers {
			b := &doc.Brokers[i]
			children = append(children, s.symbol(d, b.Name, b.Range, objectSymbol, "broker"))
		}
		service := s.symbol(d, doc.Service, doc.Range, moduleSymbol, "service")
		service.Children = children
		symbols = append(symbols, service)
	}
	return symbols, nil
}

// symbol returns something with a name as the client shows it.
func (s *Server) symbol(d *document, name manifest.Field[string], whole diag.Range, kind int, detail string) documentSymbol {
	x := documentSymbol{Name: visible(name.Or("(no name)")), Detail: detail, Kind: kind, Range: s.span(d.text, whole)}
	if strings.TrimSpace(x.Name) == "" {
		x.Name = "(no name)"
	}
	x.SelectionRange = x.Range
	if name.Set() {
		x.SelectionRange = s.span(d.text, name.Range)
	}
	if !encloses(x.Range, x.SelectionRange) { // a name behind an alias stands elsewhere
		x.SelectionRange = span{x.Range.Start, x.Range.Start}
	}
	return x
}

func encloses(a, b span) bool {
	before := func(p, q position) bool { return p.Line < q.Line || p.Line == q.Line && p.Character <= q.Character }
	return before(a.Start, b.Start) && before(b.End, a.End)
}

func (s *Server) operationSymbol(d *document, op *project.Operation) documentSymbol {
	detail := ""
	if a, err := s.advise(op); err == nil {
		detail = verdictWords(a)
	}
	return s.symbol(d, op.Name, op.Range, functionSymbol, detail)
}

type symbolParams struct {
	Query string `json:"query"`
}

type workspaceSymbol struct {
	Name     string   `json:"name"`
	Kind     int      `json:"kind"`
	Location location `json:"location"`
}

// MaxSymbols is how many symbols a query gives.
const MaxSymbols = 200

// workspaceSymbols returns the services and operations whose names have the letters of a
// query in their order.
func (s *Server) workspaceSymbols(ctx context.Context, p *symbolParams) ([]workspaceSymbol, error) {
	symbols := []workspaceSymbol{}
	for _, r := range s.all() {
		project, err := s.read(ctx, r)
		if err != nil {
			return nil, err
		}
		if project == nil || project.Graph == nil {
			continue
		}
		add := func(name string, kind int, file string, at diag.Range) {
			if len(symbols) < MaxSymbols && has(name, p.Query) && (r.alone != "" || s.rootOf(r.path(file)) == r) {
				symbols = append(symbols, workspaceSymbol{visible(name), kind, location{s.uri(r.path(file)), s.span(s.text(r, file), at)}})
			}
		}
		for _, doc := range project.Documents {
			if doc.Service.Set() {
				add(doc.Service.Value, moduleSymbol, doc.File, doc.Service.Range)
			}
			for i := range doc.Journeys {
				add(doc.Journeys[i].Name.Value, eventSymbol, doc.File, doc.Journeys[i].Name.Range)
			}
			for i := range doc.Brokers {
				add(doc.Brokers[i].Name.Value, objectSymbol, doc.File, doc.Brokers[i].Name.Range)
			}
		}
		g := project.Graph
		for id := range g.Operations() {
			add(g.ID(id), functionSymbol, g.File(id), g.Place(id, graph.FactName))
		}
	}
	return symbols, nil
}

// has reports whether a name has the letters of a query in their order. Case does not
// count.
func has(name, query string) bool {
	rest := strings.ToLower(name)
	for _, r := range strings.ToLower(query) {
		i := strings.IndexRune(rest, r)
		if i < 0 {
			return false
		}
		rest = rest[i+len(string(r)):]
	}
	return name != ""
}

func serviceID(i int) graph.ServiceID { return graph.ServiceID(i) }

type foldingRange struct {
	StartLine uint32 `json:"startLine"`
	EndLine   uint32 `json:"endLine"`
}

// folding returns what can be folded: everything that takes several lines.
func (s *Server) folding(_ context.Context, p *documentParams) ([]foldingRange, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil || d.root == nil && !s.isConfiguration(d.path) {
		return nil, nil
	}
	ranges := []foldingRange{}
	var visit func(*outline.Node)
	visit = func(n *outline.Node) {
		for _, e := range n.Entries {
			from, _ := d.text.Position(e.From, s.encoding)
			to, _ := d.text.Position(max(e.To, e.Value.To), s.encoding)
			if to > from {
				ranges = append(ranges, foldingRange{from, to})
			}
			visit(e.Value)
		}
	}
	for _, doc := range d.shape() {
		if doc.Root != nil {
			visit(doc.Root)
		}
	}
	slices.SortFunc(ranges, func(a, b foldingRange) int { return int(a.StartLine) - int(b.StartLine) })
	return slices.CompactFunc(ranges, func(a, b foldingRange) bool { return a.StartLine == b.StartLine }), nil
}
