package cmd

import (
	"context"
	"fmt"

	"waitornot/cmd/internal/importview"
	"waitornot/cmd/internal/source"
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

// declared reads the manifests at a path. Fresh says that there may be none yet.
func (o *importOptions) declared(ctx context.Context, path string, fresh bool) ([]present, []draft.Declared, error) {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, []string{path})
	if err != nil {
		return nil, nil, err
	}
	var files []present
	var list []draft.Declared
	for _, ref := range refs {
		if fresh && ref.Nothing() {
			continue
		}
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
	_, declared, err := o.declared(ctx, path, false)
	if err != nil {
		return err
	}
	c := draft.Compare(sys, declared)
	if err := importview.Drift(o.streams.Out, o.painter(), c); err != nil {
		return err
	}
	fmt.Fprint(o.streams.Err, importview.DriftSummary(c))
	if len(c.Missing) > 0 {
		return errFindings
	}
	return nil
}
