package lsp

import (
	"fmt"

	"waitornot/decide/advice"
	"waitornot/decide/manifest"
)

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
	for id, o := range g.Operations() {
		if o.Name != x.name || g.ServiceName(o.Service) != x.service {
			continue
		}
		for _, op := range r.operations(g.File(id)) {
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
		text := fmt.Sprintf("**broker** %s\n\n- **carries**: %s\n", code(name), manifest.FormatCount(int64(len(b.Operations)), "operation"))
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
