package cmd

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// serveMCP runs mcp in a folder and returns a client that talks to it over pipes.
func serveMCP(t *testing.T, dir string, flags ...string) *mcp.ClientSession {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan int, 1)
	var errs strings.Builder
	go func() {
		code := Main(context.Background(), append([]string{"mcp"}, flags...), Streams{
			In: in, Out: out, Err: &errs, Env: func(string) string { return "" }, Dir: dir,
			Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		})
		_ = out.Close()
		ended <- code
	}()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test"}, nil).Connect(context.Background(), &mcp.IOTransport{Reader: fromServer, Writer: toServer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = session.Close()
		if code := <-ended; code != exitOK || errs.Len() > 0 {
			t.Errorf("mcp ended with %d: %s", code, errs.String())
		}
	})
	return session
}

// callTool calls a tool and returns what it answers, as text.
func callTool(t *testing.T, session *mcp.ClientSession, tool string, arguments any) string {
	t.Helper()
	result, err := session.CallTool(context.Background(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	text := result.Content[0].(*mcp.TextContent).Text
	if result.IsError {
		return "error: " + text
	}
	structured, err := json.Marshal(result.StructuredContent)
	if err != nil || !sameJSON(t, string(structured), text) {
		t.Errorf("%s: the structured result differs from the text: %v\n%s\n%s", tool, err, structured, text)
	}
	return text
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Error(err)
	}
	first, _ := json.Marshal(x)
	second, _ := json.Marshal(y)
	return string(first) == string(second)
}

type arguments = map[string]any

// Every tool answers as its command does.
func TestMCPTools(t *testing.T) {
	t.Parallel()
	session := serveMCP(t, samplesDir)
	pay := arguments{"name": "charge", "answers": arguments{"immediacy": "yes", "retryability": "too-late", "latency": "900ms", "coupling": "yes"}}
	for _, tt := range []struct {
		tool      string
		arguments arguments
		want      []string
	}{
		{"advise", arguments{"operations": []arguments{pay}}, []string{`"verdict":"sync"`, `"row":"needed-now"`, `"latency":"900ms"`, `"dissents":[{"answer":"latency yes"`, `"circuit-breaker"`, `"flips":["hybrid if immediacy later"`, `"close_call":true`}},
		{"advise", arguments{"paths": []string{"shop.yaml"}, "only": []string{"storefront/*"}, "stack": "go"}, []string{`"operations":5`, `"build":"net/http`, `"place":"shop.yaml:18:11"`}},
		{"advise", arguments{"operations": []arguments{{"name": "a", "answers": arguments{"latency": "soon"}}}}, []string{`"verdict":"undecided"`, `"ask":{`, `answers.latency is \"soon\"`}},
		{"advise", arguments{"stack": "golang"}, []string{"error: unknown stack"}},
		{"next_question", arguments{"answers": arguments{"coupling": "yes"}}, []string{`"question":"immediacy"`, `"means":[{"answer":"yes"`, `"possible":["sync","async","hybrid"]`}},
		{"next_question", arguments{"answers": arguments{"immediacy": "yes", "latency": "1s"}}, []string{`"verdict":"sync"`, `"why":"The caller`}},
		{"next_question", arguments{"text": "service: s\noperations:\n- {name: a, answers: {immediacy: no}}\n"}, []string{`"id":"s/a"`, `"place":"text:3:10"`, `"total":1`}},
		{"check", arguments{"paths": []string{"bad"}, "severity": "error", "limit": 2}, []string{`"place":"bad/`, `"next_offset":2`}},
		{"check", arguments{"text": "operations: ["}, []string{`"rule":"WN001 syntax"`, `"unread":["text: could not be fully parsed"]`}},
		{"explain", arguments{"name": "wn401"}, []string{`"id":"rule/async-without-dlq"`}},
		{"explain", arguments{"name": "dotnet"}, []string{`"id":"stack/dotnet"`}},
		{"explain", arguments{"kind": "row"}, []string{`{"names":{"row":["needed-now"`}},
		{"explain", arguments{"name": "dead-leter-queue"}, []string{"error: unknown topic", "did you mean dead-letter-queue?"}},
		{"plan", arguments{"paths": []string{"bad/late"}}, []string{`"found":true`, `"ground":"verdict"`}},
		{"plan", arguments{"text": "service: s\noperations:\n- {name: a, mode: sync, answers: {immediacy: later, retryability: yes, latency: 20s, coupling: yes}}\njourneys:\n- {name: j, steps: [a], budget: 2s}\n"},
			[]string{`"enough":false`, `"budget_is":"open","missing":["reply.accept_within of s/a"`, `"p99_complete":false`}},
		{"diff", arguments{"before": "nope"}, []string{"error: "}},
		{"diff", arguments{"before": "shop.yaml", "after": "payments.yaml"}, []string{`"kind":"removed"`, `"kind":"added"`}},
		{"draft_operation", arguments{"name": "send-receipt", "caller": "shop", "callee": "mailer", "answers": arguments{"immediacy": "no", "latency": "2s", "retryability": "yes", "coupling": "yes"}},
			[]string{`"text":"version: 1\nservice: shop\noperations:\n  - name: send-receipt\n    callee: mailer\n    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}\n"`, `"verdict":"async"`, `"written":false`}},
		{"draft_operation", arguments{"name": "x", "answers": arguments{}, "path": "shop.yaml"}, []string{"error: shop.yaml: it has several services: set caller to one of storefront"}},
		{"draft_operation", arguments{"name": "x", "caller": "checkout", "answers": arguments{}, "path": "shop.yaml"}, []string{`"text":"  - name: x\n    answers: {}\n`, `"place":"shop.yaml:`}},
	} {
		text := callTool(t, session, tt.tool, tt.arguments)
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s %v\nhas no %s in\n%s", tt.tool, tt.arguments, want, text)
			}
		}
	}
}

// Resources and prompts are those that are listed.
func TestMCPResources(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	session := serveMCP(t, samplesDir)
	list, err := session.ListResources(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	uris := []string{"waitornot://rules/WN401", "waitornot://rules/async-without-dlq", "waitornot://stacks/go", "waitornot://questions/latency"}
	for _, r := range list.Resources {
		uris = append(uris, r.URI)
	}
	for _, uri := range uris {
		r, err := session.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri})
		if err != nil || len(r.Contents) != 1 || len(r.Contents[0].Text) < 100 {
			t.Errorf("%s: %v, %v", uri, r, err)
		}
	}
	for _, uri := range []string{"waitornot://rules/nope", "waitornot://stacks/WN401", "file:///etc/passwd"} {
		if r, err := session.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri}); err == nil {
			t.Errorf("%s: %v", uri, r)
		}
	}
	for name, words := range map[string]string{"review_design": "Call advise", "interview_me": "Call next_question"} {
		p, err := session.GetPrompt(ctx, &mcp.GetPromptParams{Name: name})
		if err != nil || !strings.Contains(p.Messages[0].Content.(*mcp.TextContent).Text, words) {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

// With --write an operation gets into a manifest as ask would put it there, and without
// it nothing changes on the disk.
func TestMCPWrite(t *testing.T) {
	t.Parallel()
	const before = "service: shop # ours\noperations:\n  - {name: pay, answers: {immediacy: yes}}\n"
	draft := arguments{"name": "mail", "mode": "async", "description": "Tell the buyer.", "caller": "shop", "answers": arguments{"immediacy": "no"}, "path": "waitornot.yaml", "write": true}
	for _, flags := range [][]string{nil, {"--write"}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "waitornot.yaml")
		writeText(t, path, before)
		session := serveMCP(t, dir, flags...)
		text := callTool(t, session, "draft_operation", draft)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, says := before, "error: this server is read-only"
		if flags != nil {
			want, says = before+"  - {name: mail, description: Tell the buyer., mode: async, answers: {immediacy: no}}\n", `"place":"waitornot.yaml:4"`
			if again := callTool(t, session, "draft_operation", draft); !strings.Contains(again, `already has an operation "mail"`) {
				t.Error(again)
			}
		}
		if string(data) != want || !strings.Contains(text, says) {
			t.Errorf("%v: %s\n%s", flags, text, data)
		}
	}
}

// A client that nobody here wrote gets along with the server: the inspector of the
// protocol. It needs node, and the modules of testdata/inspector/package.json in the
// folder that INSPECTOR_MODULES names, or beside package.json; .ci/run provides them.
func TestMCPInspector(t *testing.T) {
	t.Parallel()
	const home = "../testdata/inspector"
	node, _ := exec.LookPath("node")
	program := ""
	for _, dir := range []string{os.Getenv("INSPECTOR_MODULES"), home} {
		at := filepath.Join(dir, "node_modules", ".bin", "mcp-inspector")
		if _, err := os.Stat(at); dir != "" && err == nil && program == "" {
			program, _ = filepath.Abs(at)
		}
	}
	if node == "" || program == "" {
		t.Skipf("INSPECTOR TESTS SKIPPED: node %q, inspector %q", node, program)
	}
	binary := filepath.Join(t.TempDir(), "waitornot")
	if out, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"tools", []string{"--method", "tools/list"}, `"name": "draft_operation"`},
		{"resources", []string{"--method", "resources/list"}, `"uri": "waitornot://schema/manifest"`},
		{"a resource", []string{"--method", "resources/read", "--uri", "waitornot://rules/WN401"}, "async-without-dlq"},
		{"prompts", []string{"--method", "prompts/list"}, `"name": "interview_me"`},
		{"a prompt", []string{"--method", "prompts/get", "--prompt-name", "review_design"}, "Review a design"},
		{"advise", []string{"--method", "tools/call", "--tool-name", "advise", "--tool-arg", `paths=["shop.yaml"]`, "--tool-arg", "limit=1"}, `"next_offset": 1`},
		{"next_question", []string{"--method", "tools/call", "--tool-name", "next_question", "--tool-arg", `answers={"coupling":"yes"}`}, `"question": "immediacy"`},
		{"a wrong call", []string{"--method", "tools/call", "--tool-name", "check", "--tool-arg", `paths=["/etc"]`}, "outside"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := exec.Command(program, append([]string{"--cli", binary, "mcp"}, tt.args...)...)
			c.Dir = samplesDir
			out, err := c.CombinedOutput()
			if !strings.Contains(string(out), tt.want) || err != nil && tt.name != "a wrong call" {
				t.Errorf("%v: no %s in\n%s", err, tt.want, out)
			}
		})
	}
}

// A link in a root leads nowhere but into the roots, though the repository goes further.
func TestMCPLinksStayWithinRoots(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no git: %v: %s", err, out)
	}
	const secret = "service: s\noperations: [{name: secret-name, answers: {immediacy: no}}]\n"
	writeFile(t, filepath.Join(dir, "b/x.waitornot.yaml"), secret)
	writeFile(t, filepath.Join(dir, "a/within.waitornot.yaml"), "service: a\noperations: [{name: pay, answers: {immediacy: no}}]\n")
	if err := os.Symlink("../b/x.waitornot.yaml", filepath.Join(dir, "a/link.waitornot.yaml")); err != nil {
		t.Skip("SKIPPED: no links here: ", err)
	}
	if err := os.Symlink("within.waitornot.yaml", filepath.Join(dir, "a/alias.waitornot.yaml")); err != nil {
		t.Fatal(err)
	}
	session := serveMCP(t, dir, "--root", "a")
	for _, tool := range []string{"check", "advise"} {
		got := callTool(t, session, tool, map[string]any{})
		if strings.Contains(got, "secret-name") {
			t.Errorf("%s follows the link out of the root: %s", tool, got)
		}
		if !strings.Contains(got, "leads out of the folders that may be read") || !strings.Contains(got, "a/pay") {
			t.Errorf("%s: %s", tool, got)
		}
	}
	if got := callTool(t, serveMCP(t, dir, "--root", "a", "--root", "b"), "check", map[string]any{}); !strings.Contains(got, "secret-name") {
		t.Errorf("with both roots: %s", got)
	}
}
