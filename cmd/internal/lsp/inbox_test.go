package lsp

import (
	"encoding/json"
	"io"
	"testing"
)

// A request that waits can be canceled, one that was taken can't; work ends when a
// message makes it old, and not for others.
func TestInbox(t *testing.T) {
	t.Parallel()
	b := newInbox()
	request := func(id, method string) message { return message{ID: json.RawMessage(id), Method: method} }
	cancel := func(id string) {
		b.put(message{Method: "$/cancelRequest", Params: json.RawMessage(`{"id": ` + id + `}`)})
	}
	b.put(request("1", "textDocument/hover"))
	b.put(request(`"a"`, "textDocument/hover"))
	cancel(`"a"`)
	cancel("7")
	if m, canceled, ok := b.take(); !ok || canceled || string(m.ID) != "1" {
		t.Errorf("the first is %s, %t, %t", m.ID, canceled, ok)
	}
	cancel("1")
	if m, canceled, ok := b.take(); !ok || !canceled || string(m.ID) != `"a"` {
		t.Errorf("the second is %s, %t, %t", m.ID, canceled, ok)
	}
	b.put(request("1", "textDocument/hover"))
	if _, canceled, _ := b.take(); canceled {
		t.Error("a later request of the same id is canceled")
	}

	work, done := b.until(t.Context())
	defer done()
	b.put(request("2", "textDocument/hover"))
	if work.Err() != nil {
		t.Error("a request ends the work")
	}
	b.put(message{Method: "textDocument/didChange"})
	if work.Err() == nil {
		t.Error("a change does not end the work")
	}
	again, done := b.until(t.Context())
	defer done()
	if again.Err() == nil {
		t.Error("a change that waits does not end the work")
	}
	b.end(io.EOF)
	if b.over() != nil {
		t.Error("it is over before all is taken")
	}
	b.take()
	b.take()
	if b.over() != io.EOF {
		t.Error("it is not over when all is taken")
	}
}

// A panic is an error of the request alone, and the next one is answered.
func TestPanics(t *testing.T) {
	t.Parallel()
	s := New(Host{Log: io.Discard})
	s.state = running
	s.documents["/x"] = nil // what can't be
	for range 2 {
		result, err := s.requested(t.Context(), message{ID: json.RawMessage("1"), Method: "textDocument/hover", Params: json.RawMessage(`{"textDocument": {"uri": "file:///x"}}`)})
		if result != (*hover)(nil) && result != nil || err != nil {
			t.Errorf("a document that is none: %v, %v", result, err)
		}
	}
	s.host.Top = nil
	s.folders = []string{"/y"}
	_, err := s.requested(t.Context(), message{ID: json.RawMessage("1"), Method: "workspace/symbol"})
	if err != nil {
		t.Error(err)
	}
	s.roots["/y"] = nil
	if _, err := s.requested(t.Context(), message{ID: json.RawMessage("1"), Method: "workspace/symbol"}); err == nil || err.Error() != "workspace/symbol failed; see the server's log" {
		t.Errorf("a panic is %v", err)
	}
}
