package cmd

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A watchedRun is a command that is watched. Its streams come as lines.
type watchedRun struct {
	t     *testing.T
	lines chan string
	code  chan int
	stop  context.CancelFunc
}

func startWatched(t *testing.T, dir string, args ...string) *watchedRun {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	read, write := io.Pipe()
	r := &watchedRun{t, make(chan string, 10_000), make(chan int, 1), cancel}
	go func() {
		defer close(r.lines)
		for s := bufio.NewScanner(read); s.Scan(); {
			r.lines <- s.Text()
		}
	}()
	go func() {
		code := Main(ctx, args, Streams{
			In: strings.NewReader(""), Out: write, Err: write, Dir: dir, Env: func(string) string { return "" },
			Now: func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) },
		})
		write.Close()
		r.code <- code
	}()
	return r
}

// until returns the lines up to the first that has a text.
func (r *watchedRun) until(text string) string {
	r.t.Helper()
	var seen []string
	for limit := time.After(3 * time.Minute); ; {
		select {
		case line, ok := <-r.lines:
			seen = append(seen, line)
			if !ok {
				r.t.Fatalf("it ended before %q:\n%s", text, strings.Join(seen, "\n"))
			}
			if strings.Contains(line, text) {
				return strings.Join(seen, "\n")
			}
		case <-limit:
			r.t.Fatalf("no %q within three minutes:\n%s", text, strings.Join(seen, "\n"))
		}
	}
}

func (r *watchedRun) end() {
	r.t.Helper()
	r.stop()
	for range r.lines {
	}
	if code := <-r.code; code != exitInterrupted {
		r.t.Errorf("it ends with %d, want %d", code, exitInterrupted)
	}
}

// replaceIn changes a file in its place with one write: nobody finds it empty in between, however
// busy the machine is. A text that gets shorter ends in empty lines.
func replaceIn(t *testing.T, path, old, new string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), old, new)
	text += strings.Repeat("\n", max(0, len(data)-len(text)))
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// A check that is watched says after each change what a fresh one says.
func TestWatchCheck(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	r := startWatched(t, dir, "check", "--watch", "--brief")
	r.until("watching")
	shop := filepath.Join(dir, "shop/waitornot.yaml")
	for _, step := range []struct{ what, old, new string }{
		{"shop/waitornot.yaml changed", "mode: sync", "mode: [x"},
		{"shop/waitornot.yaml changed", "mode: [x", "mode: async"},
		{".waitornot.yaml changed", "timeout-missing: off", "mode-disagrees: off"},
		{".waitornot.yaml changed", "mode-disagrees", "no-such-rule"},
		{".waitornot.yaml changed", "no-such-rule", "undecided"},
	} {
		path := shop
		if strings.HasPrefix(step.what, ".") {
			path = filepath.Join(dir, ".waitornot.yaml")
		}
		replaceIn(t, path, step.old, step.new)
		r.until(step.what)
		want := freshCheck(t, dir)
		last := want[strings.LastIndex(strings.TrimSpace(want), "\n")+1:]
		got := r.until(strings.TrimSpace(last))
		if strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("after %+v it says\n%s\nwant\n%s", step, got, want)
		}
	}
	writeFile(t, filepath.Join(dir, "new/one/waitornot.yaml"), "service: new\noperations: [{nmae: x}]\n")
	r.until("new/one/waitornot.yaml changed")
	r.until("WN006")
	r.end()
}

// freshCheck returns what a check prints.
func freshCheck(t *testing.T, dir string) string {
	t.Helper()
	r := startWatched(t, dir, "check", "--brief")
	var out strings.Builder
	for line := range r.lines {
		out.WriteString(line + "\n")
	}
	<-r.code
	return out.String()
}

// The other commands that can be watched run again, too.
func TestWatchOthers(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{"advise --brief": "shop/mail-receipt", "graph": "mail-receipt", "report -o report.html": "waitornot.yaml changed"} {
		dir := sampleProject(t)
		r := startWatched(t, dir, append(strings.Fields(command), "--watch")...)
		r.until("watching")
		replaceIn(t, filepath.Join(dir, "shop/waitornot.yaml"), "send-receipt", "mail-receipt")
		r.until(want)
		if strings.HasPrefix(command, "report") {
			becomes(t, "the report has the new name", func() bool {
				page, _ := os.ReadFile(filepath.Join(dir, "report.html"))
				return strings.Contains(string(page), "mail-receipt")
			})
		}
		r.end()
	}
}

// becomes waits until a condition holds.
func becomes(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(3 * time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("not within three minutes: %s", what)
		}
	}
}

func TestWatchRefuses(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	for args, want := range map[string]string{
		"check --watch -":                 "standard input",
		"check --watch --fix":             "only reports",
		"check --watch none":              "no such file",
		"report --serve 0.0.0.0:0":        "expected a local address",
		"report --serve x":                "expected an address",
		"report --serve 127.0.0.1:0 -o x": "combined",
	} {
		r := startWatched(t, dir, strings.Fields(args)...)
		r.until(want)
		if args == "check --watch none" { // it may come
			r.stop()
		}
		for range r.lines {
		}
		if code := <-r.code; code == exitOK {
			t.Errorf("%s ends with %d", args, code)
		}
	}
}

// The report is served to this machine alone, and tells when it changes.
func TestReportServe(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	r := startWatched(t, dir, "report", "--serve", "127.0.0.1:0")
	lines := strings.Split(r.until("http://127.0.0.1:"), "\n")
	address := strings.TrimSuffix(lines[len(lines)-1], "/")
	get := func(path, host string) (*http.Response, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			req.Host = host
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	for path, want := range map[string]string{"/": "<iframe", "/frame.js": "EventSource", "/frame.css": "iframe", "/report": "send-receipt"} {
		if resp, body := get(path, ""); resp.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %s %s", path, resp.Status, body)
		} else if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'self'") && !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("pages of others may frame %s: %q", path, policy)
		}
	}
	if resp, _ := get("/report", "evil.example"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("another name is answered with %s", resp.Status)
	}
	resp, err := http.Get(address + "/changes")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	changes := bufio.NewScanner(resp.Body)
	next := func() string {
		for changes.Scan() {
			if changes.Text() != "" {
				return changes.Text()
			}
		}
		return "over"
	}
	if got := next(); got != "data: 1" {
		t.Errorf("the first revision is %q", got)
	}
	r.until("watching")
	replaceIn(t, filepath.Join(dir, "shop/waitornot.yaml"), "callee: mailer", "callee: post-office")
	if got := next(); got != "data: 2" {
		t.Errorf("the second revision is %q", got)
	}
	if _, body := get("/report", ""); !strings.Contains(body, "post-office") {
		t.Error("the page did not change")
	}
	r.end()
}
