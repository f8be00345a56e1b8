package cmd

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"sync"
	"time"

	"waitornot/cmd/internal/term"
)

// A reportServer shows a page that changes, to browsers on this machine.
type reportServer struct {
	mu       sync.Mutex
	page     []byte
	revision int
	changed  chan struct{} // closed when there is another revision

	listener net.Listener
	server   *http.Server
}

// newReportServer returns a server that listens at an address of this machine.
func newReportServer(address string) (*reportServer, error) {
	listener, err := listenHere(address)
	if err != nil {
		return nil, err
	}
	s := &reportServer{changed: make(chan struct{}), listener: listener}
	s.server = &http.Server{Handler: s.handler(listener.Addr().String()), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10}
	return s, nil
}

// address returns where browsers find the page.
func (s *reportServer) address() string { return fmt.Sprintf("http://%s/", s.listener.Addr()) }

// serving serves the report, and makes it again after each change.
func (o *reportOptions) serving(ctx context.Context) error {
	if o.format != reportPage || o.output != "-" {
		return usagef("--serve shows the page in a browser: it can't be combined with --format or --output")
	}
	s, err := newReportServer(o.serve)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(s.listener) }()
	defer s.server.Close()
	o.watch = true
	shown := false
	err = o.watching(ctx, o.globals, o.paths, []string{o.config}, func(ctx context.Context) error {
		r, err := o.review(ctx)
		if err == nil {
			var page []byte
			if page, err = o.page(ctx, r); err == nil {
				s.show(page)
			}
		}
		if err != nil {
			if !shown {
				return usageError{err} // there is nothing to show yet
			}
			s.show([]byte("<!doctype html><title>waitornot</title><p>" + html.EscapeString(term.Safe(err.Error()))))
		}
		if !shown {
			shown = true
			if _, err := fmt.Fprintln(o.streams.Out, s.address()); err != nil {
				return usageError{err}
			}
		}
		return err
	})
	select {
	case failed := <-ended:
		return errors.Join(err, failed)
	default:
		return err
	}
}

// listenHere listens at an address of this machine alone: whoever can reach the page
// can read the manifests.
func listenHere(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usagef("--serve %s: expected an address and a port, such as 127.0.0.1:0", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usagef("--serve %s: expected a local address, such as 127.0.0.1:0", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--serve: %w", err)
	}
	return l, nil
}

// show puts another page in the place of the one that is shown.
func (s *reportServer) show(page []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page = page
	s.revision++
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *reportServer) current() (page []byte, revision int, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.page, s.revision, s.changed
}

// frame is the page around the report: it shows the report again when it has changed, and
// stays where the reader is.
const frame = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>waitornot</title>
<link rel="stylesheet" href="/frame.css">
<iframe src="/report" title="Report"></iframe>
<script src="/frame.js"></script>
</html>
`

const frameStyle = "html, body { height: 100%; margin: 0 } iframe { border: 0; display: block; height: 100%; width: 100% }\n"

const frameScript = `"use strict"
const report = document.querySelector("iframe")
report.addEventListener("load", () => { document.title = report.contentDocument.title })
let shown = 0
new EventSource("/changes").addEventListener("message", e => {
  if (shown && shown !== e.data) report.contentWindow.location.reload()
  shown = e.data
})
`

// handler answers requests to an address. A request by another name is refused: it comes
// from a page that a name was made to lead here for.
func (s *reportServer) handler(address string) http.Handler {
	mux := http.NewServeMux()
	static := func(path, kind, text string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
			_, _ = w.Write([]byte(text))
		})
	}
	static("/{$}", "text/html", frame)
	static("/frame.css", "text/css", frameStyle)
	static("/frame.js", "text/javascript", frameScript)
	mux.HandleFunc("GET /report", func(w http.ResponseWriter, _ *http.Request) {
		page, _, _ := s.current()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page)
	})
	mux.HandleFunc("GET /changes", s.tell)
	_, port, _ := net.SplitHostPort(address)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != address && r.Host != "localhost:"+port {
			http.Error(w, "this address is only for this machine", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if r.URL.Path == "/report" { // it has a policy of its own, which can't say who may frame it
			h.Set("Content-Security-Policy", "frame-ancestors 'self'")
		} else {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-src 'self'; connect-src 'self'; script-src 'self'; style-src 'self'; frame-ancestors 'none'")
		}
		mux.ServeHTTP(w, r)
	})
}

// tell sends the revision, and each that follows.
func (s *reportServer) tell(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	for {
		_, revision, changed := s.current()
		if _, err := fmt.Fprintf(w, "data: %d\n\n", revision); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		}
	}
}
