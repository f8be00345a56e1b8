package lsp

import (
	"context"
	"encoding/json"
)

// openReport is the command that shows the report of a document's folder in a browser.
const openReport = "waitornot.openReport"

type commandParams struct {
	Command   string            `json:"command"`
	Arguments []json.RawMessage `json:"arguments"`
}

// execute carries out a command. Its result is the address of what it shows.
func (s *Server) execute(ctx context.Context, p *commandParams) (any, error) {
	if p.Command != openReport {
		return nil, failed("unknown command %.80q", p.Command)
	}
	uri := ""
	if len(p.Arguments) > 0 {
		_ = json.Unmarshal(p.Arguments[0], &uri) // it stays empty, and nothing is open there
	}
	d := s.documentOf(uri)
	if d == nil || d.root == nil || d.root.alone != "" {
		return nil, failed("the report covers a folder: open one, and a manifest in it")
	}
	address, err := s.host.Report(ctx, d.root.dir)
	if err != nil {
		return nil, failed("%v", err)
	}
	if s.client.Capabilities.Window.ShowDocument.Support {
		return address, s.ask("window/showDocument", map[string]any{"uri": address, "external": true})
	}
	const info = 3
	return address, s.notify("window/showMessage", map[string]any{"type": info, "message": "The report is at " + address})
}
