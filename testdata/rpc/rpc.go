// Package rpc writes messages as editors and agents send them.
package rpc

import (
	"encoding/json"
	"fmt"
)

// Message is a message of JSON-RPC, whose parameters are strings, numbers and maps of them:
// a request, or without an id a notification.
func Message(id int, method string, params any) string {
	m := map[string]any{"jsonrpc": "2.0", "method": method, "params": params}
	if id > 0 {
		m["id"] = id
	}
	text, _ := json.Marshal(m) // such parameters always encode
	return string(text)
}

// Framed is a message as an editor sends it.
func Framed(message string) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(message), message)
}
