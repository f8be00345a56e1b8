// Package lsp is a server of the Language Server Protocol: what check reports and what
// advise says, in an editor and while somebody types. It reads manifests through
// project.Workspace alone.
//
// One goroutine reads messages, another handles them in their order. Findings are
// worked out when no message waits; a message that makes them old ends that work.
package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"waitornot/decide/diag"
	"waitornot/decide/project"
)

// A Host is what a server knows of the world. All of it must be given but Address.
type Host struct {
	Version string
	Address string    // of waitornot on the web; "" when it has none
	Log     io.Writer // what the client doesn't see

	// Top returns the folder whose manifests belong together with those of a folder: the
	// top of its repository, or the folder itself.
	Top func(dir string) string

	// Find returns the manifests in a folder, named by their paths from there.
	Find func(ctx context.Context, dir string) ([]project.File, error)

	// Manifest reports whether a file is a manifest, given its path from the folder that
	// is looked through; Configuration, whether it is a configuration.
	Manifest, Configuration func(rel string) bool

	// Settings returns how the manifests in a folder are judged, today. Names of files
	// are paths from there. Unsaved returns the text of a file that is open; partial says
	// that the manifests may not be all that belong together.
	Settings func(dir string, unsaved func(path string) ([]byte, bool), partial bool) (project.Settings, error)

	Today func() int64 // midnight, as seconds since 1970

	// Opening is called before a folder is read for the first time, and what it returns
	// when its findings are known or can't be.
	Opening func() (opened func())

	// Report shows the report of a folder to browsers on this machine, as it is on the
	// disk, and returns its address.
	Report func(ctx context.Context, dir string) (address string, err error)
}

// A Server serves one client.
type Server struct {
	host     Host
	in       *inbox
	out      *bufio.Writer
	body     bytes.Buffer // of the message that is written
	encoding diag.Encoding
	client   initializeParams
	state    state
	calls    int // requests that were sent

	folders   []string          // absolute
	tops      map[string]string // of folders: see top
	documents map[string]*document
	roots     map[string]*root // by their folders
	loose     map[string]*root // of documents outside of all folders, by path
	library   library
}

// A state is how far a session is.
type state uint8

const (
	created state = iota
	running
	shut // only exit may follow
)

// ErrUnfinished says that the client left without a shutdown.
var ErrUnfinished = errors.New("the client exited without shutting down the server")

// errExit ends a session as it should end.
var errExit = errors.New("exit")

// New returns a server.
func New(h Host) *Server {
	return &Server{host: h, in: newInbox(), library: newLibrary(), tops: map[string]string{}, documents: map[string]*document{}, roots: map[string]*root{}, loose: map[string]*root{}}
}

// Run serves until the client says exit. The error is nil, ErrUnfinished, that of the
// context, or what was wrong with the stream.
func (s *Server) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	s.out = bufio.NewWriterSize(out, 64<<10)
	go s.in.fill(in)
	for {
		err := s.step(ctx)
		switch {
		case errors.Is(err, errExit) && s.state == shut:
			return nil
		case errors.Is(err, errExit), errors.Is(err, io.EOF):
			return ErrUnfinished
		case err != nil:
			return err
		}
	}
}

// step handles the next message, or works out findings when none waits.
func (s *Server) step(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m, canceled, ok := s.in.take(); ok {
		return s.handle(ctx, m, canceled)
	}
	if err := s.in.over(); err != nil {
		return err
	}
	if s.state == running && s.behind() {
		return s.refresh(ctx)
	}
	select {
	case <-ctx.Done():
	case <-s.in.wake:
	}
	return nil
}

// handle handles a message. The error ends the session.
func (s *Server) handle(ctx context.Context, m message, canceled bool) error {
	switch {
	case m.Method == "exit":
		return errExit
	case m.Method == "" && len(m.ID) == 0:
		return s.answer(json.RawMessage("null"), nil, &responseError{codeParseError, "the message isn't JSON-RPC"})
	case m.Method == "":
		return nil // a response: nothing that is asked of clients needs one
	case !m.isRequest():
		s.notified(ctx, m)
		return nil
	case canceled:
		return s.answer(m.ID, nil, &responseError{codeCanceled, "canceled"})
	}
	result, err := s.requested(ctx, m)
	return s.answer(m.ID, result, err)
}

// requested returns the result of a request. A panic is an error of that request alone.
func (s *Server) requested(ctx context.Context, m message) (result any, err error) {
	defer s.recovered(m.Method, func(e error) { result, err = nil, e })
	switch {
	case m.Method == "initialize" && s.state == created:
		return decoded(s.initialize)(ctx, m.Params)
	case m.Method == "initialize":
		return nil, &responseError{codeInvalidRequest, "the server is already initialized"}
	case s.state == created:
		return nil, &responseError{codeNotInitialized, "the server isn't initialized"}
	case s.state == shut:
		return nil, &responseError{codeInvalidRequest, "the server is shut down"}
	case m.Method == "shutdown":
		s.state = shut
		return nil, nil
	}
	if do := s.requests()[m.Method]; do != nil {
		return do(ctx, m.Params)
	}
	return nil, &responseError{codeNoMethod, fmt.Sprintf("unknown method %.80q", m.Method)}
}

// notified handles a notification. What is wrong with one is only logged: the protocol
// has no answer to it.
func (s *Server) notified(ctx context.Context, m message) {
	defer s.recovered(m.Method, func(error) {})
	do := s.notifications()[m.Method]
	if do == nil || s.state != running {
		return
	}
	if _, err := do(ctx, m.Params); err != nil {
		s.log("%s: %v", m.Method, err)
	}
}

// recovered turns a panic into an error, and logs where it came from.
func (s *Server) recovered(what string, then func(error)) {
	if p := recover(); p != nil {
		s.log("%s: %v\n%s", what, p, debug.Stack())
		then(&responseError{codeInternalError, fmt.Sprintf("%s failed; see the server's log", what)})
	}
}

func (s *Server) log(format string, args ...any) {
	fmt.Fprintf(s.host.Log, "waitornot lsp: "+format+"\n", args...)
}

// A handler handles the parameters of a message.
type handler func(ctx context.Context, params json.RawMessage) (any, error)

// decoded returns a handler that reads its parameters.
func decoded[P, R any](do func(context.Context, *P) (R, error)) handler {
	return func(ctx context.Context, params json.RawMessage) (any, error) {
		p := new(P)
		if len(params) > 0 {
			if err := json.Unmarshal(params, p); err != nil {
				return nil, &responseError{codeInvalidParams, "can't read the parameters: " + err.Error()}
			}
		}
		return do(ctx, p)
	}
}

// silent returns a handler without a result.
func silent[P any](do func(*P)) handler {
	return decoded(func(_ context.Context, p *P) (any, error) {
		do(p)
		return nil, nil
	})
}

// notifications are what is done on each notification.
func (s *Server) notifications() map[string]handler {
	return map[string]handler{
		"initialized":                         silent(s.initialized),
		"textDocument/didOpen":                silent(s.didOpen),
		"textDocument/didChange":              silent(s.didChange),
		"textDocument/didClose":               silent(s.didClose),
		"textDocument/didSave":                silent(s.didSave),
		"workspace/didChangeWatchedFiles":     silent(s.didChangeWatched),
		"workspace/didChangeWorkspaceFolders": silent(s.didChangeFolders),
		"workspace/didChangeConfiguration":    silent(s.didChangeConfiguration),
		"window/workDoneProgress/cancel":      silent(func(*struct{}) {}),
		"$/setTrace":                          silent(func(*struct{}) {}),
	}
}

// requests are what is done on each request.
func (s *Server) requests() map[string]handler {
	return map[string]handler{
		"textDocument/completion":     decoded(s.complete),
		"textDocument/codeAction":     decoded(s.codeActions),
		"textDocument/hover":          decoded(s.hover),
		"textDocument/definition":     decoded(s.definition),
		"textDocument/references":     decoded(s.references),
		"textDocument/prepareRename":  decoded(s.prepareRename),
		"textDocument/rename":         decoded(s.rename),
		"textDocument/inlayHint":      decoded(s.inlayHints),
		"textDocument/codeLens":       decoded(s.codeLenses),
		"textDocument/documentSymbol": decoded(s.documentSymbols),
		"textDocument/foldingRange":   decoded(s.folding),
		"workspace/symbol":            decoded(s.workspaceSymbols),
		"workspace/executeCommand":    decoded(s.execute),
	}
}

// answer responds to a request.
func (s *Server) answer(id json.RawMessage, result any, err error) error {
	if err != nil {
		return s.send(errorResponse{"2.0", id, asResponse(err)})
	}
	return s.send(response{"2.0", id, result})
}

// notify sends a notification.
func (s *Server) notify(method string, params any) error {
	return s.send(call{JSONRPC: "2.0", Method: method, Params: params})
}

// ask sends a request whose response nobody waits for.
func (s *Server) ask(method string, params any) error {
	s.calls++
	return s.send(call{JSONRPC: "2.0", ID: s.calls, Method: method, Params: params})
}

// send sends a message at once.
func (s *Server) send(v any) error {
	if err := s.write(v); err != nil {
		return err
	}
	return s.out.Flush()
}

// write sends a message with the next that is sent at once.
func (s *Server) write(v any) error {
	body, err := encode(&s.body, v)
	if err != nil {
		return err
	}
	return writeFrame(s.out, body)
}
