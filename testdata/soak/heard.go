package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// heard is what a server has written so far.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// give gives a command its standard input. That of a server for agents stays open until its
// requests are answered, or for a while: at its end the server answers nothing more, and
// does nothing of what it was asked.
func give(c *exec.Cmd, in string) {
	if len(c.Args) < 2 || c.Args[1] != "mcp" {
		c.Stdin = strings.NewReader(in)
		return
	}
	to, err := c.StdinPipe()
	if err != nil {
		return // no pipe can be made: nothing is said to the server
	}
	h := new(heard)
	c.Stdout = h
	go func() {
		_, _ = io.WriteString(to, in) // the command may have ended
		for end := time.Now().Add(2 * time.Second); !allAnswered(in, h.String()) && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		}
		_ = to.Close()
	}()
}

// allAnswered reports whether an output of a server for agents has an answer to each request
// of an input. A request that was spoiled is none.
func allAnswered(in, out string) bool {
	for line := range strings.Lines(in) {
		var request struct{ ID int }
		if json.Unmarshal([]byte(line), &request) == nil && request.ID > 0 && !strings.Contains(out, fmt.Sprintf(`"id":%d,`, request.ID)) {
			return false
		}
	}
	return true
}
