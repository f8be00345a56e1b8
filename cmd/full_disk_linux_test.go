package cmd

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// printed has a line for each command that prints, and what stands on its standard input.
func printed() map[string]hostileLine {
	lines := map[string]hostileLine{}
	for _, args := range []string{
		"advise", "check --fail-on never", "diff good.yaml waitornot.yaml", "config show", "config verify", "rules list", "rules test", "waivers", "explain", "graph", "plan", "report", "adr", "adr check",
		"simulate --operation pay --runs 1 --length 1s", "import compose.yaml", "init new", "schema manifest", "schema config", "version", "completion bash", "completion zsh", "completion fish", "completion powershell",
		"practice list", "practice show web-shop/log-in", "practice stats", "practice export", "practice import history.jsonl", "practice reset web-shop --yes",
		"practice grade web-shop/log-in --immediacy yes --retryability no --latency no --coupling no --verdict sync",
		"ask --name x --immediacy no --retryability no --latency 1s --coupling no", "config", "rules", "schema", "completion",
	} {
		words := strings.Fields(args)
		path := words[0]
		if _, ok := runnable()[strings.Join(words[:min(2, len(words))], " ")]; ok && len(words) > 1 {
			path = words[0] + " " + words[1]
		}
		lines[path] = hostileLine{args: args}
	}
	for path, args := range map[string]string{
		"practice daily": "practice daily --minutes 1 --plain", "practice design": "practice design web-shop --plain", "practice drill": "practice drill --plain",
		"practice mock": "practice mock web-shop --plain", "practice review": "practice review --plain", "practice resume": "practice resume --plain", "practice misses": "practice misses --plain",
	} {
		lines[path] = hostileLine{args: args, in: "y\nq\n"}
	}
	lines["practice"] = hostileLine{args: "practice --plain", in: "stats\n"}
	return lines
}

// quietCommands print nothing, or what they print is of no use once the other side is gone.
var quietCommands = map[string]bool{"man": true, "mcp": true, "lsp": true}

// A fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: os.Stdout.Name(), Err: syscall.ENOSPC}
}

// Every command says that its output can't be written, and ends with 3: on standard output, and
// in the file that --output names. A device takes what it is given.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	lines := printed()
	for path, c := range runnable() {
		line, known := lines[path]
		if !known {
			if !quietCommands[path] {
				t.Errorf("%s has no line here", path)
			}
			continue
		}
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			good := "service: s\noperations: [{name: pay, callee: bank, mode: async, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}]\n"
			for name, text := range map[string]string{
				"waitornot.yaml": good, "good.yaml": strings.ReplaceAll(good, "pay", "refund"), "history.jsonl": "",
				"compose.yaml": "services:\n  shop: {environment: {BANK_URL: 'http://bank:80'}, depends_on: [bank]}\n  bank: {image: bank}\n",
			} {
				writeFile(t, dir+"/"+name, text)
			}
			run := func(full bool, args string) (string, int) {
				var out, errs strings.Builder
				s := Streams{In: strings.NewReader(line.in), Out: &out, Err: &errs, Dir: dir, Now: time.Now, Env: func(name string) string {
					if name == "WAITORNOT_STATE" {
						return dir + "/state"
					}
					return ""
				}}
				if full {
					s.Out = fullDisk{}
				}
				code := Main(context.Background(), strings.Fields(args), s)
				return errs.String(), code
			}
			if errs, code := run(true, line.args); code != exitFailed || !strings.Contains(errs, "standard output: no space left on device") {
				t.Errorf("%s: a full disk ends with %d: %s", line.args, code, errs)
			}
			if c.Flags().Lookup("output") == nil {
				return
			}
			if errs, code := run(false, line.args+" -o /dev/full"); code != exitFailed || !strings.Contains(errs, "write /dev/full: no space left on device") {
				t.Errorf("%s -o /dev/full ends with %d: %s", line.args, code, errs)
			}
			_, plain := run(false, line.args)
			if errs, code := run(false, line.args+" -o /dev/null"); code != plain {
				t.Errorf("%s -o /dev/null ends with %d: %s", line.args, code, errs)
			}
		})
	}
}
