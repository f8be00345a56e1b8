package lsp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"waitornot/cmd/internal/markup"
)

// A message is a request, a notification or a response of JSON-RPC 2.0.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// isRequest reports whether the message wants a response.
func (m *message) isRequest() bool { return m.Method != "" && len(m.ID) > 0 }

// The codes of errors that the protocol defines.
const (
	codeParseError     = -32700
	codeInvalidRequest = -32600
	codeNoMethod       = -32601
	codeInvalidParams  = -32602
	codeInternalError  = -32603
	codeNotInitialized = -32002
	codeCanceled       = -32800
	codeRequestFailed  = -32803
)

// A responseError is an error as the client sees it.
type responseError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Error returns the message that the client shows.
func (e *responseError) Error() string { return e.Message }

// failed returns the error of a request that can't be fulfilled. The client shows it.
func failed(format string, args ...any) error {
	return &responseError{codeRequestFailed, fmt.Sprintf(format, args...)}
}

// asResponse returns an error as the client sees it.
func asResponse(err error) *responseError {
	var e *responseError
	if errors.As(err, &e) {
		return e
	}
	return &responseError{codeInternalError, err.Error()}
}

// encode writes a value as JSON in the room of the one before, without escapes that only
// web pages need.
func encode(b *bytes.Buffer, v any) ([]byte, error) {
	b.Reset()
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return markup.EscapeJSON(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

type response struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result"`
}

type errorResponse struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Error   *responseError  `json:"error"`
}

type call struct {
	JSONRPC string `json:"jsonrpc"`
	ID      int    `json:"id,omitempty"` // 0 for a notification
	Method  string `json:"method"`
	Params  any    `json:"params,omitempty"`
}
