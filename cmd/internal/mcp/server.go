// Package mcp serves the program to agents over the Model Context Protocol: its tools
// are the commands of the program, with typed input and with results cut to what an
// agent needs.
package mcp

import (
	"context"
	"errors"
	"io"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"waitornot/cmd/internal/markup"
)

// A Command runs a command line of the program, without the program's name, and
// returns its exit code. Links to manifests may lead nowhere but into the folders within.
type Command func(ctx context.Context, within, args []string, in io.Reader, out, errs io.Writer) int

// Settings say what a server serves. Dir and Run must be given.
type Settings struct {
	Version string
	Dir     string   // absolute: relative paths start there
	Roots   []string // absolute: files outside of them are refused; without one, Dir is the root
	Write   bool     // draft_operation may write
	Run     Command
}

// A Server has the tools, resources and prompts.
type Server struct {
	settings Settings
	roots    roots
	turn     chan struct{} // holds a value for each command that runs
	protocol *mcp.Server
}

// New returns a server. It is an error when a root is no folder.
func New(s Settings) (*Server, error) {
	r, err := newRoots(s.Dir, s.Roots)
	if err != nil {
		return nil, err
	}
	x := &Server{settings: s, roots: r, turn: make(chan struct{}, atATime)}
	x.protocol = mcp.NewServer(&mcp.Implementation{Name: "waitornot", Title: "waitornot", Version: s.Version}, &mcp.ServerOptions{
		Instructions: instructions,
		Capabilities: &mcp.ServerCapabilities{}, // no logging: what the others need is added with them
	})
	x.protocol.AddReceivingMiddleware(plainly)
	if err := x.addTools(); err != nil {
		return nil, err
	}
	x.addResources()
	x.addPrompts()
	return x, nil
}

// Serve speaks the protocol, a message a line, until in ends or the context is done.
func (s *Server) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	return s.serve(ctx, &mcp.IOTransport{Reader: io.NopCloser(in), Writer: lines{out}, MaxLineLength: maxMessage})
}

func (s *Server) serve(ctx context.Context, t mcp.Transport) error {
	err := s.protocol.Run(ctx, t)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// lines writes a message a line, with escapes for what a terminal might obey, and stays
// open when the session ends.
type lines struct{ io.Writer }

// Write writes a message.
func (l lines) Write(p []byte) (int, error) {
	if _, err := l.Writer.Write(markup.EscapeJSON(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close does nothing, and never fails.
func (lines) Close() error { return nil }

// instructions tell an agent what the server is for.
const instructions = `waitornot decides for each operation between a caller and a callee whether the caller should wait: sync, async, or hybrid (an acknowledgment now, the outcome later). ` +
	`Four questions decide: immediacy, retryability, latency, coupling. Don't guess an answer: leave it out, and next_question says which one to ask a person first. ` +
	`advise recommends; check reports problems in manifests; plan finds the smallest change that meets a journey's goals; explain explains every word that results use; draft_operation writes manifest text.`
