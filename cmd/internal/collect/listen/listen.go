// Package listen takes traces over OTLP/HTTP, as an OpenTelemetry collector does, so
// that any instrumented system can be pointed at the program.
package listen

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of what a client may send.
const (
	mostPacked   = 16 << 20 // bytes of a body as it is sent
	mostUnpacked = 64 << 20 // bytes of a body once it is unpacked
	mostAtOnce   = 4        // bodies in memory
	headerBytes  = 64 << 10
	headerTime   = 5 * time.Second
	bodyTime     = time.Minute
	goodbyeTime  = 2 * time.Second // for exports under way at the end
)

// A Taker takes exports. What can't be understood is an error that errors.Is finds
// Malformed in.
type Taker interface {
	Take(export []byte, protobuf bool) error
}

// A Server receives traces.
type Server struct {
	listener  net.Listener
	taker     Taker
	malformed error
	slots     chan struct{}
}

// Address completes an address: the loopback interface where no host is given, and the
// port of OTLP/HTTP where no port is.
func Address(given string) (string, error) {
	if given != "" && !strings.Contains(given, ":") {
		if _, err := strconv.Atoi(given); err == nil {
			given = ":" + given
		} else {
			given += ":"
		}
	}
	host, port, err := net.SplitHostPort(given)
	if err != nil {
		return "", fmt.Errorf("%q isn't an address such as 127.0.0.1:4318", given)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if port == "" {
		port = "4318"
	}
	return net.JoinHostPort(host, port), nil
}

// Open listens at an address.
func Open(address string) (*Server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		return nil, fmt.Errorf("can't listen on %s: %w", address, err)
	}
	return &Server{listener: l, slots: make(chan struct{}, mostAtOnce)}, nil
}

// URL is what exporters are pointed at, as OTEL_EXPORTER_OTLP_ENDPOINT takes it.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Serve hands exports to the taker until the context is done, lets those under way
// end, and returns. Malformed is what the taker's error is for exports that can't be
// understood; others are the taker's own trouble.
func (s *Server) Serve(ctx context.Context, taker Taker, malformed error) error {
	s.taker, s.malformed = taker, malformed
	server := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: bodyTime,
		IdleTimeout: bodyTime, MaxHeaderBytes: headerBytes,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(s.listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	goodbye, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbyeTime)
	defer cancel()
	if err := server.Shutdown(goodbye); err != nil {
		_ = server.Close()
	}
	<-done
	return nil
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", s.traces)
	for _, other := range []string{"POST /v1/metrics", "POST /v1/logs"} { // a client that exports them, too, is not to complain
		mux.HandleFunc(other, func(w http.ResponseWriter, r *http.Request) { succeed(w, isProtobuf(r)) })
	}
	return mux
}

func isProtobuf(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/x-protobuf"
}

// traces takes one export. A page that a browser shows can't send one: its requests name
// the page's origin, even where a name was made to lead here for it.
func (s *Server) traces(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != "" {
		http.Error(w, "web pages can't send traces here", http.StatusForbidden)
		return
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && kind != "application/x-protobuf" {
		http.Error(w, "expected application/json or application/x-protobuf", http.StatusUnsupportedMediaType)
		return
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-r.Context().Done():
		return
	}
	body, status, err := read(w, r)
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	protobuf := kind == "application/x-protobuf"
	switch err := s.taker.Take(body, protobuf); {
	case errors.Is(err, s.malformed):
		http.Error(w, err.Error(), http.StatusBadRequest)
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		succeed(w, protobuf)
	}
}

// read returns the body, unpacked, or the status to answer with.
func read(w http.ResponseWriter, r *http.Request) ([]byte, int, error) {
	var in io.Reader = http.MaxBytesReader(w, r.Body, mostPacked)
	switch packed := r.Header.Get("Content-Encoding"); packed {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, http.StatusBadRequest, fmt.Errorf("gzip: %w", err)
		}
		in = z
	default:
		return nil, http.StatusUnsupportedMediaType, fmt.Errorf("unsupported encoding %.40q: send gzip, or the body uncompressed", packed)
	}
	body, err := io.ReadAll(io.LimitReader(in, mostUnpacked+1))
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.As(err, &tooLarge) || len(body) > mostUnpacked:
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("the export is larger than %d MiB, or %d MiB unpacked", mostPacked>>20, mostUnpacked>>20)
	case err != nil:
		return nil, http.StatusBadRequest, fmt.Errorf("can't read the body: %w", err)
	}
	return body, 0, nil
}

// succeed answers that all was taken: an empty message in the client's own format.
func succeed(w http.ResponseWriter, protobuf bool) {
	if protobuf {
		w.Header().Set("Content-Type", "application/x-protobuf")
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}
