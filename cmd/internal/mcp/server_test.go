package mcp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A stub stands for the program: it writes what it is told to, and remembers what it was
// asked.
type stub struct {
	out, errs string
	code      int
	asked     [][]string
	in        string
}

func (p *stub) run(_ context.Context, _, args []string, in io.Reader, out, errs io.Writer) int {
	p.asked = append(p.asked, args)
	data, _ := io.ReadAll(in)
	p.in = string(data)
	_, _ = io.WriteString(out, p.out)
	_, _ = io.WriteString(errs, p.errs)
	return p.code
}

// connect returns a client of a server over a stub.
func connect(t *testing.T, p *stub, s Settings) *mcp.ClientSession {
	t.Helper()
	s.Run = p.run
	if s.Dir == "" {
		s.Dir = t.TempDir()
	}
	server, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := mcp.NewInMemoryTransports()
	ended := make(chan error, 1)
	go func() { ended <- server.serve(context.Background(), ours) }()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test"}, nil).Connect(context.Background(), theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return session
}

// call calls a tool and returns its text, and whether it is an error.
func call(t *testing.T, session *mcp.ClientSession, tool string, arguments any) (string, bool) {
	t.Helper()
	result, err := session.CallTool(context.Background(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	return result.Content[0].(*mcp.TextContent).Text, result.IsError
}

type object = map[string]any

// What is wrong with a call says which field to change, and no command runs.
func TestWrongInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(outside, []byte("operations: []"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.yaml")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(dir, "folder")); err != nil {
		t.Skip(err)
	}
	many := make([]object, maxOperations+1)
	for i := range many {
		many[i] = object{"name": fmt.Sprint(i), "answers": object{}}
	}
	p := &stub{out: "{}"}
	session := connect(t, p, Settings{Dir: dir})
	for _, tt := range []struct {
		tool      string
		arguments object
		want      string
	}{
		{"advise", object{"operations": []object{{"name": "a", "answers": object{"immediacy": "maybe"}}}}, "operations[].answers.immediacy: maybe is not one of: yes later no unknown"},
		{"advise", object{"operations": []object{{"answers": object{}}}}, `operations[]: missing: "name"`},
		{"advise", object{"path": "x"}, `unknown field "path": the input schema lists those that the tool takes`},
		{"advise", object{"paths": "x"}, "paths: x is of type string, and should be of type array"},
		{"advise", object{"text": "a", "paths": []string{"x"}}, "give either text or paths, not both"},
		{"advise", object{"text": "a", "operations": []object{{"name": "a", "answers": object{}}}}, "give only one of operations, text, and paths"},
		{"advise", object{"operations": many}, "there are 201 operations, but the limit is 200"},
		{"advise", object{"operations": []object{{"name": "a", "answers": object{}, "facts": object{"mode": "sync"}}}}, "mode is a separate field"},
		{"advise", object{"text": strings.Repeat("#", maxText+1)}, "text has 1048577 bytes, but the limit is 1048576"},
		{"check", object{"paths": []string{"../x.yaml"}}, "is outside of what this server may read: stay below ."},
		{"check", object{"paths": []string{outside}}, "outside"},
		{"check", object{"paths": []string{"link.yaml"}}, "outside"},
		{"check", object{"paths": []string{"folder/*.yaml"}}, "outside"},
		{"check", object{"paths": []string{"folder/new/none.yaml"}}, "outside"},
		{"check", object{"paths": []string{"*/../../x.yaml"}}, "outside"},
		{"check", object{"paths": []string{"-"}}, `path "-": give a file, a folder, or a glob`},
		{"check", object{"text": "a", "since": "HEAD"}, "give paths instead of text"},
		{"diff", object{"before": "--output=x"}, "before is neither a revision nor a path"},
		{"diff", object{"before": "folder"}, "outside"},
		{"diff", object{"after": "../x"}, "outside"},
		{"next_question", object{"answers": object{}, "text": "a"}, "give only one of answers and manifests"},
		{"draft_operation", object{"name": " ", "answers": object{}}, "name is empty"},
		{"draft_operation", object{"name": "a", "answers": object{}, "path": "x.yaml", "write": true}, "this server is read-only"},
	} {
		if text, wrong := call(t, session, tt.tool, tt.arguments); !wrong || !strings.Contains(text, tt.want) {
			t.Errorf("%s %v: %s\nwant %s", tt.tool, tt.arguments, text, tt.want)
		}
	}
	if len(p.asked) > 0 {
		t.Errorf("commands ran: %q", p.asked)
	}
}

// A root that is no folder is refused before anything is served.
func TestRoots(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{file, filepath.Join(dir, "none")} {
		if _, err := New(Settings{Dir: dir, Roots: []string{root}}); err == nil || !strings.Contains(err.Error(), root) {
			t.Errorf("root %s: %v", root, err)
		}
	}
	sub := filepath.Join(dir, "a")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	r, err := newRoots(dir, []string{sub})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"a": "a", "a/x.yaml": filepath.Join("a", "x.yaml"), filepath.Join(sub, "*.yaml"): filepath.Join("a", "*.yaml"), "a/../a/b": filepath.Join("a", "b")} {
		if got, err := r.inside(path); got != want || err != nil {
			t.Errorf("inside(%q) = %q, %v; want %q", path, got, err, want)
		}
	}
	for _, path := range []string{".", "b", "a/..", "ab"} {
		if got, err := r.inside(path); err == nil {
			t.Errorf("inside(%q) = %q", path, got)
		}
	}
	l, err := net.Listen("unix", filepath.Join(sub, "s"))
	if err != nil {
		t.Skip("SKIPPED: what is neither a file nor a folder can't be made here: ", err)
	}
	defer l.Close()
	if got, err := r.inside("a/s"); err == nil { // reading it might never end
		t.Errorf("inside of what's no file = %q", got)
	}
}

// Operations reach the command as a manifest on standard input, and options as flags
// that nothing can be smuggled into.
func TestArguments(t *testing.T) {
	t.Parallel()
	p := &stub{out: "{}"}
	session := connect(t, p, Settings{})
	call(t, session, "advise", object{
		"operations": []object{{"name": "pay", "callee": "bank", "answers": object{"immediacy": "yes"}, "facts": object{"timeout": "2s"}}},
		"only":       []string{"--format"}, "stack": "go",
	})
	if want := []string{"advise", "--format=json", "--only=--format", "--stack=go", "--", "-"}; !slices.Equal(p.asked[0], want) {
		t.Errorf("ran %q, want %q", p.asked[0], want)
	}
	if want := `{"operations":[{"answers":{"immediacy":"yes"},"callee":"bank","name":"pay","timeout":"2s"}],"version":1}`; p.in != want {
		t.Errorf("standard input %s, want %s", p.in, want)
	}
}

// A command that fails says why, in the words of the input; one that writes too much
// says how to ask for less.
func TestFailures(t *testing.T) {
	t.Parallel()
	p := &stub{}
	session := connect(t, p, Settings{})
	for _, tt := range []struct {
		stub stub
		want string
	}{
		{stub{code: 2, errs: "waitornot: no operation matches --only x\nRun 'waitornot advise --help' for usage.\n"}, "no operation matches only x"},
		{stub{code: 3}, "the command failed without a message"},
		{stub{code: 130}, "interrupted"},
		{stub{out: "no JSON"}, "advise wrote no result"},
		{stub{out: strings.Repeat("x", maxOutput+1)}, "the result is larger than 64 MB"},
	} {
		p.out, p.errs, p.code = tt.stub.out, tt.stub.errs, tt.stub.code
		if text, wrong := call(t, session, "advise", object{}); !wrong || !strings.HasPrefix(text, tt.want) {
			t.Errorf("%s, want %s", text, tt.want)
		}
	}
}

// A long list comes in parts that fit, whose offsets lead through all of it.
func TestParts(t *testing.T) {
	t.Parallel()
	type item struct{ File, Severity, Message string }
	var list []item
	for i := range 150 {
		list = append(list, item{"f.yaml", "error", fmt.Sprintf("%03d %s", i, strings.Repeat("long ", i%40*20))})
	}
	data, err := json.Marshal(object{"findings": list})
	if err != nil {
		t.Fatal(err)
	}
	session := connect(t, &stub{out: string(data)}, Settings{})
	var seen []string
	for offset, calls := 0, 0; ; calls++ {
		text, wrong := call(t, session, "check", object{"offset": offset, "limit": 1000})
		var out checkResult
		if err := json.Unmarshal([]byte(text), &out); err != nil || wrong || calls > len(list) {
			t.Fatalf("%v after %d calls: %s", err, calls, text)
		}
		if len(text) > maxResult+2000 || out.Total != len(list) || len(out.Findings) > maxItems {
			t.Errorf("%d bytes, %d findings of %d", len(text), len(out.Findings), out.Total)
		}
		for _, f := range out.Findings {
			seen = append(seen, f.Message)
		}
		if offset = out.NextOffset; offset == 0 {
			break
		}
	}
	for i := range list {
		if i >= len(seen) || seen[i] != list[i].Message {
			t.Fatalf("%d of %d findings, the first that is wrong is %d", len(seen), len(list), i)
		}
	}
	// One item that is too large comes alone rather than never.
	if part, r := take(page{}, []string{strings.Repeat("x", maxResult+1), "y"}); len(part) != 1 || r.NextOffset != 1 {
		t.Errorf("%d items, next %d", len(part), r.NextOffset)
	}
	if text, cut := short("ab\ncdé", 6); text != "ab\ncd" && text != "ab" || !cut {
		t.Errorf("short: %q", text)
	}
}

// A message is as long as the limit says, and hardly longer: what is longer ends the session.
func TestMessage(t *testing.T) {
	t.Parallel()
	const hello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}` + "\n"
	for n, wanted := range map[int]bool{maxMessage: true, maxMessage + 1<<10: false} {
		const head, tail = `{"jsonrpc":"2.0","id":2,"method":"ping","params":{"_meta":{"x":"`, `"}}}`
		ping := head + strings.Repeat("x", n-len(head)-len(tail)) + tail + "\n"
		s, err := New(Settings{Dir: t.TempDir(), Run: (&stub{}).run})
		if err != nil {
			t.Fatal(err)
		}
		in, client := io.Pipe()
		server, out := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- s.Serve(context.Background(), in, out)
			_ = out.Close()
			_ = in.Close()
		}()
		go func() { _, _ = io.WriteString(client, hello+ping) }()
		answered := false
		for lines := bufio.NewReader(server); !answered; {
			line, err := lines.ReadString('\n')
			if err != nil {
				break
			}
			answered = strings.Contains(line, `"id":2`) && strings.Contains(line, `"result"`)
		}
		_ = client.Close()
		_ = server.Close()
		if err := <-ended; answered != wanted {
			t.Errorf("%d bytes are answered: %t, %v", n, answered, err)
		}
	}
}

// Tools say whether they write, and their schemas are plain: a list is never null.
func TestTools(t *testing.T) {
	t.Parallel()
	for _, write := range []bool{false, true} {
		session := connect(t, &stub{}, Settings{Write: write})
		list, err := session.ListTools(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, tool := range list.Tools {
			names = append(names, tool.Name)
			if want := !write || tool.Name != "draft_operation"; tool.Annotations.ReadOnlyHint != want {
				t.Errorf("%s with write %t is read-only: %t", tool.Name, write, !want)
			}
		}
		slices.Sort(names)
		if want := []string{"advise", "check", "diff", "draft_operation", "explain", "next_question", "plan"}; !slices.Equal(names, want) {
			t.Errorf("tools %q", names)
		}
		data, err := json.Marshal(list)
		if err != nil || len(data) > 30_000 || strings.Contains(string(data), `"null"`) {
			t.Errorf("%v; %d bytes of tools, and null %t", err, len(data), strings.Contains(string(data), `"null"`))
		}
	}
}

func TestAdded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ before, after, want string }{
		{"", "a\nb\n", "a\nb\n"},
		{"a\nc\n", "a\nb\nc\n", "b\n"},
		{"- x\n- x\n", "- x\n- x\n- x\n", "- x\n"},
		{"a", "a\nb", "a\nb"},
		{"{a: [x]}", "{a: [x, y]}", "{a: [x, y]}"},
	} {
		from, to := added([]byte(tt.before), []byte(tt.after))
		if got := tt.after[from:to]; got != tt.want {
			t.Errorf("added(%q, %q) = %q, want %q", tt.before, tt.after, got, tt.want)
		}
	}
}
