package cmd

import (
	"context"
	"fmt"

	"waitornot/cmd/internal/importview"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
)

// print writes what was found to standard output.
func (o *importOptions) print(ctx context.Context, sys *evidence.System, used []string) error {
	out := untilDone{ctx, o.streams.Out}
	switch o.format {
	case importEdges:
		return importview.Edges(out, sys)
	case importJSON:
		return importview.WriteJSON(out, sys)
	}
	services := draft.Services(sys)
	for i := range services {
		if i > 0 {
			if _, err := fmt.Fprintln(out, "---"); err != nil {
				return err
			}
		}
		if _, err := out.Write(services[i].Manifest(used)); err != nil {
			return err
		}
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
