package main

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"waitornot/testdata/rpc"
)

// A command is one of the program's tree.
type command struct {
	path  string // "adr check"
	flags []string
}

var (
	listed  = regexp.MustCompile(`(?m)^  ([a-z]+) {2,}[A-Z]`)
	flagged = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)`)
)

// commands asks the program for its commands, so that a new one is among them: the tree
// as its help shows it, and those that help hides.
func (t *target) commands() ([]command, error) {
	if t.tree != nil {
		return t.tree, nil
	}
	var list []command
	var look func(path []string) error
	look = func(path []string) error {
		out, err := exec.CommandContext(t.ctx, t.bin, append(slices.Clone(path), "--help")...).Output()
		if err != nil {
			return fmt.Errorf("%q --help: %w", path, err)
		}
		text, below := string(out), string(out)
		if len(path) > 0 {
			_, below, _ = strings.Cut(text, "\nCommands:\n")
			below, _, _ = strings.Cut(below, "\n\n")
		}
		subs := listed.FindAllStringSubmatch(below, -1)
		for _, m := range subs {
			if err := look(append(slices.Clone(path), m[1])); err != nil {
				return err
			}
		}
		if len(path) > 0 && (len(subs) == 0 || strings.Contains(text, " "+strings.Join(path, " ")+" [")) {
			c := command{path: strings.Join(path, " ")}
			for _, m := range flagged.FindAllStringSubmatch(text, -1) {
				c.flags = append(c.flags, m[1])
			}
			list = append(list, c)
		}
		return nil
	}
	for _, path := range [][]string{nil, {"man"}, {"version"}, {"completion"}} {
		if err := look(path); err != nil {
			return nil, err
		}
	}
	t.tree = list
	return list, nil
}

// A job is a command line, and what stands on its standard input.
type job struct {
	args []string
	in   string
}

func (j job) named() string { return strings.Join(j.args, " ") }

// answered are the answers of an operation, as flags.
const answered = " --immediacy no --retryability yes --latency 2s --coupling yes"

// played are answers to a drill.
var played = strings.Repeat("1\n2\n", 20) + "q\n"

// prints returns how each command prints something about a manifest of a few operations.
func prints() map[string]job {
	lines := map[string]string{
		"ask": "ask --name x" + answered, "advise": "advise", "check": "check --fail-on never", "diff": "diff waitornot.yaml waitornot.yaml", "config show": "config show", "config verify": "config verify",
		"rules list": "rules list", "rules test": "rules test", "waivers": "waivers", "explain": "explain", "graph": "graph", "plan": "plan", "simulate": "simulate --operation op-1 --runs 1 --length 1s",
		"init": "init new", "import": "import compose.yaml", "schema manifest": "schema manifest", "schema config": "schema config", "adr": "adr", "adr check": "adr check", "report": "report",
		"practice daily": "practice daily --minutes 1 --plain", "practice design": "practice design web-shop --plain", "practice drill": "practice drill --plain", "practice mock": "practice mock web-shop --plain",
		"practice review": "practice review --plain", "practice resume": "practice resume --plain", "practice misses": "practice misses --plain", "practice list": "practice list", "practice show": "practice show web-shop/log-in",
		"practice grade": "practice grade web-shop/log-in --immediacy yes --retryability no --latency no --coupling no --verdict sync", "practice stats": "practice stats", "practice export": "practice export",
		"practice import": "practice import history.jsonl", "practice reset": "practice reset web-shop --yes", "practice": "practice --plain",
		"version": "version", "man": "man pages", "completion bash": "completion bash", "completion zsh": "completion zsh", "completion fish": "completion fish", "completion powershell": "completion powershell",
		"lsp": "lsp", "mcp": "mcp",
	}
	all := map[string]job{}
	for path, line := range lines {
		all[path] = job{args: strings.Fields(line)}
	}
	for path, in := range map[string]string{
		"practice daily": played, "practice drill": played, "practice mock": played, "practice design": "place an order: sync\n\n", "practice": "q\n",
		"lsp": rpc.Framed(rpc.Message(1, "initialize", object{"capabilities": object{}})), "mcp": rpc.Message(1, "initialize", object{"protocolVersion": "2025-06-18", "capabilities": object{}, "clientInfo": object{"name": "a", "version": "1"}}) + "\n",
	} {
		j := all[path]
		j.in = in
		all[path] = j
	}
	return all
}

// silent are the commands that have nothing to print when all goes well.
var silent = []string{"man", "practice export", "mcp"} // mcp drops what it's asked when the client is gone

// writes are the flags that have a command write.
var writes = []string{"output", "write", "save", "fix", "write-baseline", "shrink", "dir", "force", "record"}

// ownJobs are the jobs of flags that write, but for --output, by command and flag; one
// without arguments only reads there.
func ownJobs() map[string]job {
	drafted := rpc.Message(1, "initialize", object{"protocolVersion": "2025-06-18", "capabilities": object{}, "clientInfo": object{"name": "a", "version": "1"}}) + "\n" + rpc.Message(0, "notifications/initialized", object{}) + "\n" +
		rpc.Message(2, "tools/call", object{"name": "draft_operation", "arguments": object{"name": "added", "path": "waitornot.yaml", "write": true, "answers": object{"immediacy": "no", "retryability": "yes", "latency": "2s", "coupling": "yes"}}}) + "\n"
	return map[string]job{
		"adr dir": {args: strings.Fields("adr --dir records")}, "adr check dir": {}, "check fix": {args: strings.Fields("check --fix --fail-on never")},
		"check write-baseline": {args: strings.Fields("check --baseline base.json --write-baseline --fail-on never")}, "check shrink": {args: strings.Fields("check --baseline old.json --shrink --fail-on never")},
		"import write": {args: strings.Fields("import compose.yaml --write .")}, "ask save": {args: added("added", "--replace")}, "mcp write": {args: []string{"mcp", "--write"}, in: drafted},
		"init force": {args: strings.Fields("init fresh --force --github --gitlab --pre-commit --source https://example.org/w.tar.gz --sha256 " + strings.Repeat("0", 64))}, "practice grade record": {args: append(prints()["practice grade"].args, "--record")},
	}
}

// jobs returns the command lines that write, one at least for each command of the tree and
// each of its flags that have it write; the error names those that have none.
func (t *target) jobs() ([]job, error) {
	list, err := t.commands()
	if err != nil {
		return nil, err
	}
	base := prints()
	own := ownJobs()
	var all []job
	for _, c := range list {
		line, known := base[c.path]
		if !known {
			return nil, fmt.Errorf("the attack has no line for the command %q: add one to prints", c.path)
		}
		for _, flag := range c.flags {
			if !slices.Contains(writes, flag) {
				continue
			}
			j, known := own[c.path+" "+flag]
			switch {
			case flag == "output":
				name := "out-" + strings.ReplaceAll(c.path, " ", "-") + ".txt"
				if c.path == "report" {
					name = "page.html"
				}
				j = job{args: append(slices.Clone(line.args), "-o", name), in: line.in}
			case !known:
				return nil, fmt.Errorf("the attack has no job for %s --%s: add one to jobs", c.path, flag)
			case j.args == nil:
				continue // it only reads there
			}
			all = append(all, j)
		}
	}
	for _, line := range []string{"check --format sarif=out.sarif --fail-on never", "check --format json=out.json --fail-on never", "graph --format svg -o graph.svg", "graph --format json -o graph.json", "report --format markdown -o page.md", "practice import history.jsonl", "practice reset web-shop --yes", "man pages"} {
		all = append(all, job{args: strings.Fields(line)})
	}
	all = append(all, open())
	for _, path := range []string{"practice daily", "practice drill", "practice mock", "practice design"} {
		all = append(all, base[path])
	}
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if j := own[key]; j.args != nil && !slices.ContainsFunc(all, func(x job) bool { return x.named() == j.named() }) {
			return nil, fmt.Errorf("the program has nothing that writes by %q any more: take it out of jobs", key)
		}
	}
	return all, nil
}

// opened is how many operations have a question that the job open answers.
const opened = 8

// open is the job that answers what a manifest leaves open, one question after the other.
func open() job {
	return job{args: strings.Fields("ask waitornot.yaml --plain"), in: strings.Repeat("yes\n", 8*opened)}
}

// runJob runs a job in a folder.
func (t *target) runJob(dir string, n *tally, j job) result { return t.feed(dir, n, j.in, j.args...) }

// jobCommand returns a job as a command that can be killed.
func (t *target) jobCommand(ctx context.Context, dir string, j job) *exec.Cmd {
	c := t.command(ctx, dir, j.args...)
	give(c, j.in)
	return c
}

// prepare writes what jobs work on: a manifest, what import reads, a history, a baseline.
func prepare(dir string, j job, size int) error {
	text := manifest(size, "no")
	switch {
	case slices.Contains(j.args, "--fix"):
		text = strings.ReplaceAll(text, "callee:", "calee:")
	case j.named() == open().named():
		text = strings.Replace(text, ", coupling: yes", "", opened)
	case slices.Contains(j.args, "--baseline"):
		text = manifest(size, "yes") // it disagrees with the mode
	}
	event := `{"v":1,"id":"98a495463b29b0fa-%05d","at":"2026-11-20T10:00:00Z","kind":"answer","mode":"grade","card":"web-shop/log-in","verdict":{"said":"sync","want":"sync"},"rating":"hard"}` + "\n"
	history := ""
	for i := range 40 {
		history += fmt.Sprintf(event, i)
	}
	for name, text := range map[string]string{
		"compose.yaml":  "services:\n  shop: {environment: {BANK_URL: 'http://bank:80'}, depends_on: [bank]}\n  bank: {image: bank}\n",
		"old.json":      `{"version":1,"findings":[{"file":"waitornot.yaml","operation":"shop/gone","code":"WN101","rule":"mode-disagrees","fingerprint":"00000000000000000000000000000000"}]}` + "\n",
		"history.jsonl": history, "waitornot.yaml": text,
	} {
		if err := write(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	return nil
}
