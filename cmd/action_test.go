package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// An action is what is read of the reusable action.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			Name, Run string
			Env       map[string]string
		}
	}
}

// fakeCLI stands for GitHub's command line: it keeps comments as files in folders of their
// authors, and answers as the API does. It takes no comment that GitHub wouldn't.
const fakeCLI = `#!/bin/bash
method=GET by='*'
while [ $# -gt 0 ]; do
  case $1 in
    graphql) echo 'the-bot'; exit ;;
    --method) method=$2; shift ;;
    --field) body=${2#body=@}; shift ;;
    --jq) case $2 in *'.user.login == env.ME'*) by=$ME ;; esac; shift ;;
    repos/*) url=$1 ;;
  esac
  shift
done
if [ -n "$body" ] && [ "$(wc -m < "$body")" -gt 65536 ]; then echo 'body is too long' >&2; exit 1; fi
case $method in
  GET) for f in "$COMMENTS"/$by/*; do if [ -f "$f" ] && head -n 1 "$f" | grep -q '^<!-- waitornot -->$'; then basename "$f"; fi; done ;;
  PATCH) cp "$body" "$COMMENTS"/*/"${url##*/}"; echo patch >> "$CALLS" ;;
  POST) mkdir -p "$COMMENTS/the-bot"; cp "$body" "$COMMENTS/the-bot/77"; echo post >> "$CALLS" ;;
esac
`

// The reusable action installs the release, annotates, leaves SARIF, and writes one
// comment that the next run renews; its steps run here as GitHub runs them.
func TestAction(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "git", "tar", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %v", err)
		}
	}
	text, err := os.ReadFile("../.github/actions/check/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	binary := program(t)
	packed, sum := archive(t, binary)
	dir := scratch(t, binary)
	base := strings.TrimSpace(sh(t, dir, nil, "git rev-parse HEAD"))
	temp := t.TempDir()
	comments := filepath.Join(temp, "comments")
	const others = "<!-- waitornot -->\nsomebody else's comment that looks like ours\n"
	writeFile(t, filepath.Join(comments, "stranger", "12"), others)
	for name, script := range map[string]string{
		"curl": "#!/bin/sh\n" + `while [ "$1" != --output ]; do shift; done; cp "$ARCHIVE" "$2"` + "\n",
		"gh":   fakeCLI,
	} {
		path := filepath.Join(temp, "bin", name)
		writeFile(t, path, script)
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{"RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + filepath.Join(temp, "output"), "GITHUB_REPOSITORY=acme/shop", "ARCHIVE=" + packed,
		"COMMENTS=" + comments, "CALLS=" + filepath.Join(temp, "calls"), "PATH=" + filepath.Join(temp, "bin") + ":" + os.Getenv("PATH")}
	fill := strings.NewReplacer("${{ inputs.source }}", "https://example.org/w.tar.gz", "${{ inputs.sha256 }}", sum,
		"${{ inputs.paths }}", a.Inputs["paths"].Default, "${{ inputs.args }}", "--fail-on never", "${{ inputs.token }}", "secret",
		"${{ github.event.pull_request.number }}", "5", "${{ github.event.pull_request.base.sha }}", base)
	round := func() string {
		var out strings.Builder
		for _, step := range a.Runs.Steps {
			own := env
			for name, value := range step.Env {
				own = append(own[:len(own):len(own)], name+"="+fill.Replace(value))
			}
			out.WriteString(sh(t, dir, own, step.Run))
		}
		return out.String()
	}
	round()
	manifest := filepath.Join(dir, "waitornot.yaml")
	sh(t, dir, nil, `sed -i 's/immediacy: no/immediacy: yes/' waitornot.yaml`)
	if out := round(); !strings.Contains(out, "::warning") && !strings.Contains(out, "::error") {
		t.Errorf("the changed manifest is not annotated:\n%s", out)
	}
	if calls, _ := os.ReadFile(filepath.Join(temp, "calls")); string(calls) != "post\npatch\n" {
		t.Errorf("the comment was written by %q, want one post and one patch", calls)
	}
	if text, err := os.ReadFile(filepath.Join(comments, "stranger", "12")); string(text) != others {
		t.Errorf("somebody else's comment became %.60q, %v", text, err)
	}
	body, err := os.ReadFile(filepath.Join(comments, "the-bot", "77"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<!-- waitornot -->\n", "send-receipt", "2 operations"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the comment on %s lacks %q:\n%s", manifest, want, body)
		}
	}
	// A change of thousands of operations has a comment that GitHub takes.
	var many strings.Builder
	many.WriteString("service: many\noperations:\n")
	for i := range 2000 {
		fmt.Fprintf(&many, "  - {name: op-%d, callee: b, mode: sync, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}\n", i)
	}
	writeFile(t, filepath.Join(dir, "many.waitornot.yaml"), many.String())
	round()
	if calls, _ := os.ReadFile(filepath.Join(temp, "calls")); string(calls) != "post\npatch\npatch\n" {
		t.Errorf("the comment was written by %q, want one post and two patches", calls)
	}
	if info, err := os.Stat(filepath.Join(temp, "waitornot.sarif")); err != nil || info.Size() == 0 {
		t.Errorf("no SARIF: %v", err)
	}
}
