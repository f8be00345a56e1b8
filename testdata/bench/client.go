package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// An editor is a client of a language server in a process of its own. It looks at what
// the server writes no closer than it must, so that what is measured is the server.
type editor struct {
	server *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	body   []byte
	start  time.Time
	id     int
}

// edit starts a server for a folder.
func (b *bench) edit(dir string) (*editor, error) {
	e := &editor{server: exec.Command(b.program("waitornot"), "lsp"), start: time.Now()}
	e.server.Dir = dir
	e.server.Env = append(os.Environ(), "GOMAXPROCS=2")
	var err error
	if e.in, err = e.server.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := e.server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	e.out = bufio.NewReaderSize(out, 64<<10)
	if err := e.server.Start(); err != nil {
		return nil, err
	}
	if _, err := e.request("initialize", map[string]any{"processId": nil, "rootUri": uriOf(dir), "capabilities": map[string]any{}}); err != nil {
		return nil, err
	}
	return e, e.notify("initialized", map[string]any{})
}

func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// open opens a file and waits until its findings, and those of all others, have come.
func (e *editor) open(path string) (text string, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if err := e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": uriOf(path), "languageId": "yaml", "version": 1, "text": string(data),
	}}); err != nil {
		return "", err
	}
	if err := e.findings(path, 1); err != nil {
		return "", err
	}
	return string(data), e.settle()
}

// findings waits for those of a version of a document.
func (e *editor) findings(path string, version int) error {
	want := fmt.Appendf(nil, `{"uri":%q,"version":%d,`, uriOf(path), version)
	for {
		if err := e.next(); err != nil {
			return err
		}
		if bytes.Contains(e.body, want) {
			return nil
		}
	}
}

// settle waits until the server has nothing more to say.
func (e *editor) settle() error {
	_, err := e.request("textDocument/foldingRange", map[string]any{"textDocument": map[string]string{"uri": "untitled:nothing"}})
	return err
}

// request waits for the result of a request, which is good until the next.
func (e *editor) request(method string, params any) ([]byte, error) {
	e.id++
	if err := e.send(map[string]any{"jsonrpc": "2.0", "id": e.id, "method": method, "params": params}); err != nil {
		return nil, err
	}
	want := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"result":`, e.id)
	for {
		if err := e.next(); err != nil {
			return nil, err
		}
		if bytes.HasPrefix(e.body, want) {
			return e.body[len(want) : len(e.body)-1], nil
		}
		if bytes.HasPrefix(e.body, want[:len(want)-len(`"result":`)]) {
			return nil, fmt.Errorf("%s: %s", method, e.body)
		}
	}
}

func (e *editor) notify(method string, params any) error {
	return e.send(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

func (e *editor) send(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}

// next reads the next message.
func (e *editor) next() error {
	length := -1
	for {
		line, err := e.out.ReadString('\n')
		if err != nil {
			return fmt.Errorf("the server has ended: %w", err)
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			if length, err = strconv.Atoi(n); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("a message has no length")
	}
	if cap(e.body) < length {
		e.body = make([]byte, length)
	}
	e.body = e.body[:length]
	_, err := io.ReadFull(e.out, e.body)
	return err
}

// close ends the session and returns what it cost.
func (e *editor) close() (sample, error) {
	wall := time.Since(e.start)
	if _, err := e.request("shutdown", nil); err != nil {
		return sample{}, err
	}
	if err := e.notify("exit", nil); err != nil {
		return sample{}, err
	}
	if err := e.server.Wait(); err != nil {
		return sample{}, err
	}
	p := e.server.ProcessState
	return sample{wall, p.UserTime() + p.SystemTime(), peakMemory(p)}, nil
}
