package cmd

import (
	"context"
	"fmt"
	"io"

	"waitornot/cmd/internal/importview"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
)

// print writes what was found to standard output.
func (o *importOptions) print(ctx context.Context, sys *evidence.System, used []string) error {
	switch o.format {
	case importEdges:
		return writing(ctx, o.streams.Out, func(w io.Writer) error { return importview.Edges(w, sys) })
	case importJSON:
		return writing(ctx, o.streams.Out, func(w io.Writer) error { return importview.WriteJSON(w, sys) })
	}
	var services []draft.Service
	err := writing(ctx, o.streams.Out, func(w io.Writer) error {
		services = draft.Services(sys)
		return drafts(w, services, used)
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(o.streams.Err, importview.Summary(sys, services))
	o.senders(sys)
	return nil
}

// senders names services whose messages nobody knows.
func (o *importOptions) senders(sys *evidence.System) {
	if line := importview.Senders(sys); line != "" {
		fmt.Fprintln(o.streams.Err, line)
	}
}

// drafts writes the manifests of services as one file.
func drafts(w io.Writer, services []draft.Service, used []string) error {
	for i := range services {
		text := services[i].Manifest(used)
		if i > 0 {
			text = append([]byte("---\n"), text...)
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}
