package cmd

import (
	"context"
	"fmt"

	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
	"waitornot/decide/manifest"
)

// A present is a manifest that is there.
type present struct {
	ref      source.Ref
	data     []byte
	services []string // of its documents
}

// declared reads the manifests at a path.
func (o *importOptions) declared(ctx context.Context, path string) ([]present, []draft.Declared, error) {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, []string{path})
	if err != nil {
		return nil, nil, err
	}
	var files []present
	var list []draft.Declared
	for _, ref := range refs {
		src, err := ref.Open()
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", ref.Name, err)
		}
		file, operations := manifest.Read(src, manifest.Options{})
		if file.Broken {
			return nil, nil, fmt.Errorf("%s can't be read to its end: waitornot check says why", ref.Name)
		}
		p := present{ref: ref, data: src.Data}
		for _, d := range file.Documents {
			p.services = append(p.services, d.Service.Value)
		}
		files = append(files, p)
		for i := range operations {
			op := &operations[i]
			list = append(list, draft.Declared{
				Service: op.Service, Name: op.Name.Value, Caller: op.From(), Callee: op.Callee.Value,
				File: ref.Name, Line: int(op.Place().Start.Line),
			})
		}
	}
	return files, list, nil
}

// compare says what the manifests lack and what the sources don't show.
func (o *importOptions) compare(ctx context.Context, sys *evidence.System) error {
	path := o.manifests
	if path == "" {
		path = "."
	}
	_, declared, err := o.declared(ctx, path)
	if err != nil {
		return err
	}
	c := draft.Compare(sys, declared)
	p := o.painter()
	missing := 0
	for _, s := range c.Missing {
		for i := range s.Operations {
			op := &s.Operations[i]
			missing++
			first := op.Seen[0]
			fmt.Fprintf(o.streams.Out, "%s: %s: %s calls %s, and no manifest declares it; add %s, or run import --write\n",
				p.Paint(term.Bold, term.Safe(place(&first))), p.Paint(term.Red, "not declared"),
				term.Safe(s.Name), term.Safe(op.Callee), term.Safe(s.Name+"/"+draft.NameOf(op)))
		}
	}
	for _, d := range c.Unseen {
		fmt.Fprintf(o.streams.Out, "%s: %s: no source shows that %s calls %s for %s; delete it if it is gone\n",
			p.Paint(term.Bold, fmt.Sprintf("%s:%d", term.Safe(d.File), d.Line)), p.Paint(term.Yellow, "not seen"),
			term.Safe(d.Caller), term.Safe(d.Callee), term.Safe(d.Name))
	}
	fmt.Fprintf(o.streams.Err, "%s not declared, %d not seen\n", text.Count(missing, "operation"), len(c.Unseen))
	if c.Beyond > 0 {
		fmt.Fprintf(o.streams.Err, "not compared, because the sources say nothing of their callers: %s\n", text.Count(c.Beyond, "declared operation"))
	}
	if missing > 0 {
		return errFindings
	}
	return nil
}
