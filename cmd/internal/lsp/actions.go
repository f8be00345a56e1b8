package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/lsp/outline"
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
	"waitornot/decide/project"
)

type actionParams struct {
	TextDocument documentID `json:"textDocument"`
	Range        span       `json:"range"`
	Context      struct {
		Only []string `json:"only"`
	} `json:"context"`
}

type codeAction struct {
	Title       string         `json:"title"`
	Kind        string         `json:"kind"`
	Diagnostics []diagnostic   `json:"diagnostics,omitempty"`
	IsPreferred bool           `json:"isPreferred,omitempty"`
	Edit        *workspaceEdit `json:"edit"`
}

// The kinds of code actions.
const (
	quickFix = "quickfix"
	refactor = "refactor.rewrite"
	fixAll   = "source.fixAll"
)

// waiveDays is for how many days an action waives a finding.
const waiveDays = 90

// codeActions returns what can be done about the findings and the operation in a range.
func (s *Server) codeActions(ctx context.Context, p *actionParams) ([]codeAction, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil || d.root == nil {
		return nil, nil
	}
	project, err := s.read(ctx, d.root)
	if err != nil || project == nil {
		return nil, err
	}
	a := actionMaker{server: s, document: d, root: d.root, places: edit.NewPlaces(d.text)}
	a.from, a.to = d.text.Pos(s.offset(d.text, p.Range.Start)), d.text.Pos(s.offset(d.text, p.Range.End))
	a.findings(project)
	a.operation(d.operationAt(a.from))
	a.everything(project)
	return slices.DeleteFunc(a.list, func(x codeAction) bool { return !wanted(x.Kind, p.Context.Only) }), nil
}

// wanted reports whether a client that asks for some kinds wants one.
func wanted(kind string, only []string) bool {
	return len(only) == 0 && kind != fixAll || slices.ContainsFunc(only, func(o string) bool {
		return kind == o || strings.HasPrefix(kind, o+".") || kind == fixAll && strings.HasPrefix(o, fixAll)
	})
}

// An actionMaker gathers code actions.
type actionMaker struct {
	server   *Server
	document *document
	root     *root
	places   *edit.Places
	from, to diag.Pos
	list     []codeAction
}

func (a *actionMaker) name() string { return a.root.name(a.document.path) }

// add adds an action that makes edits.
func (a *actionMaker) add(title, kind string, edits []diag.Edit, about ...*diag.Finding) *codeAction {
	x := codeAction{Title: visible(title), Kind: kind, Edit: &workspaceEdit{map[string][]textEdit{}}}
	for _, e := range edits {
		x.Edit.Changes[a.document.uri] = append(x.Edit.Changes[a.document.uri], textEdit{a.server.span(a.document.text, e.Range), e.New})
	}
	for _, f := range about {
		x.Diagnostics = append(x.Diagnostics, a.server.diagnostic(a.root, a.server.shows(a.root, a.document.path), f))
	}
	a.list = append(a.list, x)
	return &a.list[len(a.list)-1]
}

// touches reports whether a range has something in common with the one at hand.
func (a *actionMaker) touches(r diag.Range) bool {
	return r.Start.Compare(a.to) <= 0 && a.from.Compare(r.End) <= 0
}

// findings adds what corrects or waives the findings at hand.
func (a *actionMaker) findings(p *project.Project) {
	waivable := map[diag.Fingerprint]bool{}
	for _, f := range p.Acceptable() {
		waivable[f.Fingerprint] = true
	}
	name := a.name()
	for i := range p.Findings {
		f := p.Findings[i]
		if f.File != name || !a.touches(f.Range) {
			continue
		}
		if f.Rule == "mode-disagrees" {
			f.Edits = nil // see declare
		}
		if len(f.Edits) > 0 {
			a.add(a.says(f.Edits), quickFix, f.Edits, &f).IsPreferred = f.Safe
		}
		if waivable[f.Fingerprint] && f.Operation != "" {
			a.waive(&f)
		}
	}
}

// says tells what edits do.
func (a *actionMaker) says(edits []diag.Edit) string {
	const most = 60
	e := edits[0]
	old, new := short(valueAt(a.document.text, e.Range), most), short(strings.TrimSpace(e.New), most)
	switch {
	case len(edits) > 1:
		return fmt.Sprintf("Fix it in %d places", len(edits))
	case e.Range.Start == e.Range.End:
		return "Add " + new
	case strings.TrimSpace(e.New) == "":
		return "Remove " + old
	}
	return fmt.Sprintf("Replace %s with %s", old, new)
}

// short returns the beginning of a text, in one line.
func short(text string, most int) string {
	if r := []rune(visible(text)); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return visible(text)
}

// waive adds an action that waives a finding, with a reason to fill in.
func (a *actionMaker) waive(f *diag.Finding) {
	ops := a.document.operations()
	i := slices.IndexFunc(ops, func(op project.Operation) bool { return op.ID() == f.Operation })
	if i < 0 || a.places.Anchored(ops[i].Range) {
		return
	}
	owner := ops[i].Document.Owner.Or("TODO")
	if !isName(owner) {
		owner = "TODO"
	}
	until := time.Unix(a.server.host.Today(), 0).UTC().AddDate(0, 0, waiveDays).Format(time.DateOnly)
	item := [][2]string{{"rule", f.Rule}, {"reason", "TODO"}, {"owner", owner}, {"until", until}}
	node := a.node(&ops[i])
	if node == nil {
		return
	}
	w := writer{a.document.text.Bytes(), isJSON(a.document.text.Bytes(), node)}
	if e := node.Entry("waivers"); e != nil {
		if at, text, ok := w.item(e.Value, w.mapping(item)); ok {
			a.insert("Waive "+f.Rule+" here", quickFix, at, text, f)
		}
	} else if at, text, ok := w.pair(node, "waivers", "["+w.mapping(item)+"]"); ok {
		a.insert("Waive "+f.Rule+" here", quickFix, at, text, f)
	}
}

// insert adds an action that inserts a text at an offset.
func (a *actionMaker) insert(title, kind string, at int, text string, about ...*diag.Finding) {
	pos := a.document.text.Pos(at)
	a.add(title, kind, []diag.Edit{{Range: diag.Range{Start: pos, End: pos}, New: text}}, about...)
}

// node returns the mapping of an operation in the outline, or nil.
func (a *actionMaker) node(op *project.Operation) *outline.Node {
	from, ok := a.document.text.Offset(op.Place().Start)
	if !ok {
		return nil
	}
	at := locate(a.document.shape(), manifest.Schema(), from)
	if at == nil || len(at.names) < 3 || at.names[0] != "operations" {
		return nil
	}
	return at.parents[2]
}

// operation adds what can be done about the operation at hand.
func (a *actionMaker) operation(op *project.Operation) {
	if op == nil || !op.Name.Set() || a.places.Anchored(op.Range) {
		return
	}
	advice, err := a.server.advise(op)
	switch {
	case err != nil:
		a.server.log("%v", err)
	case advice.Decided():
		a.declare(op, advice.Verdict)
	default:
		a.answer(op, advice.Next)
	}
	a.intoJourneys(op)
}

// declare adds an action that declares the verdict as the mode.
func (a *actionMaker) declare(op *project.Operation, v decide.Verdict) {
	title := fmt.Sprintf("Declare mode: %s", v)
	if !op.Mode.Set() {
		if e, ok := a.places.Add(op.Range, "mode", v.String()); ok {
			a.add(title, refactor, []diag.Edit{e})
		}
		return
	}
	if op.Mode.Value == v {
		return
	}
	if e, ok := a.places.Set(op.Mode.Range, v.String()); ok {
		a.add(title, refactor, []diag.Edit{e})
	}
}

// answer adds an action for each answer to the question that comes first.
func (a *actionMaker) answer(op *project.Operation, q decide.Question) {
	node := a.node(op)
	if node == nil {
		return
	}
	answers := node.Find("answers")
	w := writer{a.document.text.Bytes(), isJSON(a.document.text.Bytes(), node)}
	for _, x := range q.Choices() {
		title := fmt.Sprintf("Answer %s: %s", q, x)
		if at := op.Answers.Place(q); at.IsValid() {
			if e, ok := a.places.Set(at, x.String()); ok {
				a.add(title, refactor, []diag.Edit{e})
			}
		} else if answers != nil {
			if at, text, ok := w.pair(answers, q.String(), w.word(x.String())); ok {
				a.insert(title, refactor, at, text)
			}
		}
	}
}

// intoJourneys adds an action for each journey of the document that the operation is not
// part of.
func (a *actionMaker) intoJourneys(op *project.Operation) {
	i := slices.IndexFunc(a.document.shape(), func(d outline.Document) bool { return d.Index == op.Document.Index })
	if i < 0 || !isName(op.Name.Value) {
		return
	}
	journeys := a.document.shape()[i].Root.Find("journeys")
	if journeys == nil || journeys.Kind != outline.List {
		return
	}
	for _, j := range journeys.Entries {
		name, steps := j.Value.Find("name"), j.Value.Find("steps")
		if name == nil || steps == nil || names(steps, op.Name.Value) {
			continue
		}
		w := writer{a.document.text.Bytes(), isJSON(a.document.text.Bytes(), j.Value)}
		if at, text, ok := w.item(steps, w.word(op.Name.Value)); ok {
			a.insert("Add to the journey "+name.Text, refactor, at, text)
		}
	}
}

// names reports whether steps name an operation.
func names(steps *outline.Node, operation string) bool {
	return slices.ContainsFunc(steps.Entries, func(e outline.Entry) bool {
		return e.Value.Text == operation || e.Value.Kind == outline.List && names(e.Value, operation)
	})
}

// everything adds the action that makes all safe corrections of the document.
func (a *actionMaker) everything(p *project.Project) {
	var findings []diag.Finding
	for _, f := range p.Findings {
		if f.File == a.name() && f.Safe && len(f.Edits) > 0 {
			findings = append(findings, f)
		}
	}
	if len(findings) == 0 {
		return
	}
	old := a.document.text.Bytes()
	fixed, made := lint.Fix(manifest.Source{Name: a.name(), Data: old}, findings, false)
	if len(made) == 0 {
		return
	}
	from, to, text := difference(old, fixed)
	a.add(fmt.Sprintf("Fix everything that's safe to fix (%d)", len(made)), fixAll,
		[]diag.Edit{{Range: diag.Range{Start: a.document.text.Pos(from), End: a.document.text.Pos(to)}, New: text}})
}

// difference returns the part of a text that another differs in, and what stands there.
func difference(old, new []byte) (from, to int, text string) {
	for from < min(len(old), len(new)) && old[from] == new[from] {
		from++
	}
	for from > 0 && (old[from-1] >= 0x80 || old[from-1] == '\r') { // not inside of a character or a line break
		from--
	}
	to = len(old)
	end := len(new)
	for to > from && end > from && old[to-1] == new[end-1] && new[end-1] < 0x80 && new[end-1] != '\n' {
		to, end = to-1, end-1
	}
	return from, to, string(new[from:end])
}
