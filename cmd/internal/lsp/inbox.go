package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"
)

// An inbox holds the messages that have arrived and were not handled yet. One goroutine
// fills it; another takes from it.
type inbox struct {
	mu        sync.Mutex
	list      []message
	ended     error // why no more will come; nil while they do
	wake      chan struct{}
	waiting   map[string]int  // how many requests of the list have an id
	canceled  map[string]bool // ids of requests that the client no longer wants
	interrupt context.CancelFunc
}

func newInbox() *inbox {
	return &inbox{wake: make(chan struct{}, 1), waiting: map[string]int{}, canceled: map[string]bool{}, interrupt: func() {}}
}

// fill reads messages until the stream ends. What is no JSON is put in as a message
// without anything.
func (b *inbox) fill(in io.Reader) {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		body, err := readFrame(r)
		if err != nil {
			b.end(err)
			return
		}
		var m message
		if json.Unmarshal(body, &m) != nil {
			m = message{}
		}
		b.put(m)
	}
}

func (b *inbox) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = err
	b.interrupt()
	b.notify()
}

func (b *inbox) put(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.Method == "$/cancelRequest" {
		var p struct {
			ID json.RawMessage `json:"id"`
		}
		if json.Unmarshal(m.Params, &p) == nil {
			b.cancel(string(p.ID))
		}
		return
	}
	b.list = append(b.list, m)
	if m.isRequest() {
		b.waiting[string(m.ID)]++
	}
	if outdates(m.Method) {
		b.interrupt()
	}
	b.notify()
}

// cancel notes that a request that waits is no longer wanted.
func (b *inbox) cancel(id string) {
	if b.waiting[id] > 0 {
		b.canceled[id] = true
	}
}

// outdates reports whether a message makes findings old that are being worked out.
func outdates(method string) bool {
	return strings.HasPrefix(method, "textDocument/did") || strings.HasPrefix(method, "workspace/did") || method == "exit"
}

// notify wakes whoever waits.
func (b *inbox) notify() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// take returns the next message, and whether the client no longer wants it answered. It
// reports false when there is none now.
func (b *inbox) take() (m message, canceled, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.list) == 0 {
		return message{}, false, false
	}
	m, b.list[0] = b.list[0], message{} // what was handled isn't kept
	b.list = b.list[1:]
	if !m.isRequest() {
		return m, false, true
	}
	id := string(m.ID)
	canceled = b.canceled[id]
	delete(b.canceled, id)
	if b.waiting[id]--; b.waiting[id] == 0 {
		delete(b.waiting, id)
	}
	return m, canceled, true
}

// over returns why no more messages will come, once all have been taken.
func (b *inbox) over() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.list) > 0 {
		return nil
	}
	return b.ended
}

// until returns a context that ends when a message arrives that makes findings old. One
// that waits already ends it at once.
func (b *inbox) until(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.interrupt = cancel
	for i := range b.list {
		if outdates(b.list[i].Method) {
			cancel()
		}
	}
	return ctx, cancel
}
