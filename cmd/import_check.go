package cmd

import (
	"context"
	"fmt"
	"io"

	"waitornot/cmd/internal/importview"
	"waitornot/cmd/internal/source"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
	"waitornot/decide/project"
)

// An existing manifest is one that is there.
type existing struct {
	ref      source.Ref
	data     []byte
	services []string // of its documents
}

// declared reads the manifests at a path. Fresh says that there may be none yet.
func (o *importOptions) declared(ctx context.Context, path string, fresh bool) ([]existing, []draft.Declared, error) {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, []string{path})
	if err != nil {
		return nil, nil, err
	}
	var files []existing
	var list []draft.Declared
	for _, ref := range refs {
		if fresh && ref.Nothing() {
			continue
		}
		src, err := ref.Open()
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", ref.Name, err)
		}
		file, operations := project.Parse(src, nil)
		if file.Broken {
			return nil, nil, fmt.Errorf("%s can't be fully parsed: 'waitornot check' says why", ref.Name)
		}
		p := existing{ref: ref, data: src.Data}
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

// compared compares what was found with what is declared.
func compared(ctx context.Context, sys *evidence.System, declared []draft.Declared) (draft.Comparison, error) {
	return interruptible(ctx, func() (draft.Comparison, error) { return draft.Compare(sys, declared), nil })
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
	c, err := compared(ctx, sys, declared)
	if err != nil {
		return err
	}
	if err := writing(ctx, o.streams.Out, func(w io.Writer) error { return importview.Drift(w, o.painter(), c) }); err != nil {
		return err
	}
	fmt.Fprint(o.streams.Err, importview.DriftSummary(c))
	if len(c.Missing) > 0 {
		return errFindings
	}
	return nil
}
