package cmd

import (
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

// fakeCLI stands for GitHub's command line: it keeps comments as files of a folder
// and answers as the API does.
const fakeCLI = `#!/bin/bash
method=GET
while [ $# -gt 0 ]; do
  case $1 in
    --method) method=$2; shift ;;
    --field) body=${2#body=@}; shift ;;
    --jq) shift ;;
    repos/*) url=$1 ;;
  esac
  shift
done
case $method in
  GET) for f in "$COMMENTS"/*; do if [ -f "$f" ] && head -n 1 "$f" | grep -q '^<!-- waitornot -->$'; then basename "$f"; fi; done ;;
  PATCH) cp "$body" "$COMMENTS/${url##*/}"; echo patch >> "$CALLS" ;;
  POST) cp "$body" "$COMMENTS/77"; echo post >> "$CALLS" ;;
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
	writeFile(t, filepath.Join(comments, "12"), "somebody else's comment\n")
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
	body, err := os.ReadFile(filepath.Join(comments, "77"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<!-- waitornot -->\n", "send-receipt", "2 operations"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the comment on %s lacks %q:\n%s", manifest, want, body)
		}
	}
	if info, err := os.Stat(filepath.Join(temp, "waitornot.sarif")); err != nil || info.Size() == 0 {
		t.Errorf("no SARIF: %v", err)
	}
}
