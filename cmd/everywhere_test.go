package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/findings"
)

// runnable returns the commands that do something, by their paths without the program's
// name: those of the tree, so that a new one is among them.
func runnable() map[string]*cobra.Command {
	all := map[string]*cobra.Command{}
	everyCommand(newRoot(&globals{streams: Streams{Now: time.Now}}, only(nil)), func(c *cobra.Command) {
		if c.Runnable() && c.HasParent() {
			_, path, _ := strings.Cut(c.CommandPath(), " ")
			all[path] = c
		}
	})
	return all
}

// formatsOf returns what --format of a command takes.
func formatsOf(c *cobra.Command) []string {
	f := c.Flags().Lookup("format")
	if f == nil {
		return nil
	}
	switch v := f.Value.(type) {
	case *enum:
		return v.values
	case *outputs:
		var names []string
		for _, x := range findings.Formats() {
			names = append(names, x.Name)
		}
		return names
	}
	return []string{"unknown to this test"}
}

// A hostileLine is a command line over hostile files, and what stands on standard input.
type hostileLine struct{ args, in string }

// hostileLines are the command lines of each command: without any, nothing from outside
// but its arguments reaches it. In arguments, @ is a hostile text.
func hostileLines(texts []string) map[string][]hostileLine {
	line := func(args ...string) []hostileLine {
		var list []hostileLine
		for _, a := range args {
			list = append(list, hostileLine{args: a})
		}
		return list
	}
	answers := strings.Repeat("1\ny\n?\n"+strings.ReplaceAll(strings.ReplaceAll(texts[0], "\n", ""), "\r", "")+"\nno\n\n2\n", 6) + "q\n"
	game := func(args string) []hostileLine {
		return []hostileLine{{args + " --plain --state st --seed 1 --from good.yaml", answers}, {args + " --plain --state st --from bad.waitornot.yaml", answers}}
	}
	read := line("", "good.yaml", "--no-config", "--config conf.yaml good.yaml", "missing/@")
	return map[string][]hostileLine{
		"ask": {{"--name @ --description @ --callee @ --immediacy no --retryability yes --latency 2s --coupling yes --save asked.yaml", ""}, {"--plain", answers}, {"--plain good.yaml", answers}, {"--edit @ good.yaml", ""},
			{"--name @ --immediacy no --stack @", ""}, {"--name @ --service @ --immediacy no --retryability yes --latency 2s --coupling yes --save good.yaml", ""}},
		"advise":        append(read, line("--brief", "--brief good.yaml", "--only @", "--stack @", "--only * good.yaml")...),
		"check":         append(read, line("--brief", "--statistics", "--diff", "--unsafe-fixes --diff", "--strict", "--select @", "--ignore @", "--since @", "--baseline base.json --write-baseline", "--baseline base.json", "--baseline conf.yaml", "--root @", "--fix fixed.yaml", "-")...),
		"diff":          line("good.yaml bad.waitornot.yaml", "bad.waitornot.yaml good.yaml", "@", "@ good.yaml"),
		"config show":   append(read, line("--config conf.yaml bad.waitornot.yaml", "--config @")...),
		"config verify": line("", "conf.yaml", "@", "good.yaml"),
		"rules list":    append(read, line("--config conf.yaml bad.waitornot.yaml")...),
		"rules test":    append(read, line("--config conf.yaml bad.waitornot.yaml")...),
		"waivers":       append(read, line("--within 30", "--within 999999999")...),
		"explain":       line("@", "immediacy", "@ @", "immediacy @"),
		"graph":         append(read, line("--journey @", "--service @", "--journey j good.yaml")...),
		"plan":          append(read, line("--journey @", "--simulate good.yaml", "--journey j good.yaml")...),
		"simulate": line("--journey j good.yaml --runs 1 --length 1s", "--journey @ good.yaml", "--operation @ good.yaml", "--operation plain good.yaml --runs 1 --length 1s",
			"--journey j --callee @ --scenario slow good.yaml", "--as @ good.yaml", "--runs 1 --length 1s"),
		"import": line("compose.yaml", "traces.json --kind traces", "traces.json", "compose.yaml traces.json", "compose.yaml --write drafts --dry-run", "compose.yaml --write drafts", "traces.json --write traced",
			"traces.json --check --manifests good.yaml", "compose.yaml --check", "good.yaml", "bad.waitornot.yaml", "@", ".", "--kind @ compose.yaml", "--prometheus @", "--print-query"),
		"init":                  line("new --github --gitlab --pre-commit", "new", "@", "new --source @ --sha256 @"),
		"schema manifest":       nil,
		"schema config":         nil,
		"adr":                   line("", "good.yaml", "--per service --dir services", "--dir @", "--dir records good.yaml"),
		"adr check":             line("", "good.yaml", "--per service --dir services", "--dir @", "--dir records good.yaml", "--dir records bad.waitornot.yaml"),
		"report":                append(read, line("--title @ good.yaml", "--revision @ good.yaml", "--simulate good.yaml")...),
		"practice":              game("")[:1],
		"practice daily":        game("--minutes 1"),
		"practice design":       {{"web-shop --plain --state st", answers}, {"web-shop --plain --state st", texts[1] + "\n"}, {"@ --plain --state st", answers}},
		"practice drill":        game(""),
		"practice mock":         {{"web-shop --plain --state st --seed 1", answers}, {"@ --plain --state st", answers}},
		"practice review":       game(""),
		"practice resume":       game(""),
		"practice misses":       game(""),
		"practice list":         append(game(""), game("@")...),
		"practice show":         append(append(game("own:own/plain"), game("@")...), game("own:own/plain --answers")...),
		"practice grade":        {{"own:own/plain --state st --from good.yaml --immediacy no --retryability yes --latency yes --coupling yes --verdict async", ""}, {"@ --immediacy @ --state st", ""}},
		"practice stats":        game(""),
		"practice export":       game(""),
		"practice import":       {{"--state st good.yaml", ""}, {"--state st hostile.jsonl", ""}, {"--state st @", ""}},
		"practice reset":        {{"--state st @", ""}, {"--state st --yes", ""}, {"--state st good", ""}},
		"lsp":                   {{"", hostileSession(texts)}, {"--baseline conf.yaml", hostileSession(texts)}, {"", "Content-Length: 9\r\n\r\n{\"a\":\x1b[}"}},
		"mcp":                   {{"", hostileAgent(texts)}, {"--write", hostileAgent(texts)}, {"", texts[0] + "\n"}},
		"man":                   line("pages"),
		"version":               line(""),
		"completion bash":       nil,
		"completion zsh":        nil,
		"completion fish":       nil,
		"completion powershell": nil,
		"completion":            nil,
		"config":                nil,
		"rules":                 nil,
		"schema":                nil,
	}
}

// hostileTexts are ten texts that hold all hostile parts; another turn puts other parts at
// their starts.
func hostileTexts(turn int) []string {
	texts := make([]string, 10)
	for i := range hostileParts {
		k := (i + turn*13) % len(hostileParts)
		texts[i%10] += hostileParts[k]
	}
	return texts
}

// hostileFolder writes the files that hostile lines are about.
func hostileFolder(t *testing.T, dir string, texts []string) {
	t.Helper()
	q := func(i int) string { return quoteYAML(texts[i%len(texts)]) }
	seen := func(i int) string { // what a name may hold
		return quoteYAML(strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) {
				return -1
			}
			return r
		}, texts[i%len(texts)]))
	}
	name := strings.NewReplacer("/", "", "\x00", "").Replace(texts[4])
	attribute := func(key string, i int) string {
		return fmt.Sprintf(`{"key":"%s","value":{"stringValue":%s}}`, key, q(i))
	}
	span := func(i int, id, parent string, kind int) string {
		return fmt.Sprintf(`{"resource":{"attributes":[%s]},"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"%s","parentSpanId":"%s","kind":%d,"name":%s,"startTimeUnixNano":"1795694400000000000","endTimeUnixNano":"1795694401000000000","attributes":[%s,%s,%s]}]}]}`,
			attribute("service.name", i), id, parent, kind, q(i+1), attribute("http.route", i+2), attribute("rpc.method", i+3), attribute("peer.service", i+4))
	}
	const late = "answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}"
	good := fmt.Sprintf("service: own\nowner: %s\noperations:\n- name: %s\n  description: %s\n  callee: %s\n  mode: sync\n  traffic: {mean: 5/s, capacity: 4/s}\n  tags: [%s]\n  %s\n  waivers: [{rule: mode-disagrees, reason: %s, owner: %s, until: 2026-12-01}]\n"+
		"- name: plain\n  callee: other\n  mode: sync\n  timeout: 1s\n  %s\njourneys:\n- {name: j, description: %s, steps: [%s, plain], budget: 1s, slo: 99.9%%}\n", seen(0), seen(1), seen(2), seen(3), seen(4), late, seen(5), seen(6), late, seen(7), seen(1))
	for file, text := range map[string]string{
		"bad.waitornot.yaml":                  hostileManifest(texts),
		name + ".waitornot.yaml":              hostileManifest(texts),
		"fixed.yaml":                          strings.Replace(hostileManifest(texts), "callee:", "calee:", 1),
		"good.yaml":                           good,
		"broken.waitornot.yaml":               "operations:\n- name: " + q(3) + "\n  answers: {" + texts[5],
		"conf.yaml":                           fmt.Sprintf("locked: [%s]\nrules: {%s: off}\ncustom_rules:\n- {code: OURS001, name: ours, severity: warning, when: 'name != \"x\"', message: %s, bad: \"operations: [{name: a, answers: {}}]\", good: \"operations: [{name: x, answers: {}}]\"}\noverrides: [{paths: [%s], rules: {undecided: off}}]\nextends: %s\n%s: 1\n", q(0), q(1), q(2), q(3), q(4), q(5)),
		"sub/.waitornot.yaml":                 fmt.Sprintf("custom_rules:\n- {code: OURS001, name: ours, severity: warning, when: 'name != \"x\"', message: %s, bad: \"operations: [{name: a, answers: {}}]\", good: \"operations: [{name: x, answers: {}}]\"}\n", seen(2)),
		"sub/waitornot.yaml":                  good,
		"compose.yaml":                        fmt.Sprintf("services:\n  web: {environment: {API_URL: %s, OTHER: 'http://api:80'}, depends_on: [api]}\n  api: {image: %s}\n  %s: {depends_on: [web]}\n", q(0), q(1), q(2)),
		"traces.json":                         `{"resourceSpans":[` + span(0, "b7ad6b7169203331", "", 3) + "," + span(5, "b7ad6b7169203332", "b7ad6b7169203331", 2) + "]}\n",
		"hostile.jsonl":                       fmt.Sprintf("{\"kind\": %s, \"card\": %s}\n%s\n", q(0), q(1), texts[2]),
		"docs/decisions/0007-" + name + ".md": "---\nstatus: " + q(1) + "\n---\n# " + strings.ReplaceAll(texts[2], "\n", "") + "\n",
		".adr-dir":                            "docs/decisions\n",
	} {
		writeFile(t, filepath.Join(dir, file), text)
	}
}

// acts says what in an output could act on who reads it, or "".
func acts(args []string, out string, ci bool) string {
	if !utf8.ValidString(out) {
		return "bytes that are no text"
	}
	for _, line := range strings.Split(out, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.Contains(line, "\r") {
			return fmt.Sprintf("a return in %.200q", line)
		}
		if ci && forms(args, line) {
			return fmt.Sprintf("a command of a runner: %.200q", line)
		}
		for i, r := range line {
			if r != '\t' && unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
				return fmt.Sprintf("%q in %.200q", r, line[max(0, i-40):])
			}
		}
	}
	return ""
}

// patch reports whether a command line writes a patch into a pipe, which must hold the
// bytes of the file so that it can be applied. Where a CI runner reads it, it can't act.
func patch(args []string, ci bool) bool { return slices.Contains(args, "--diff") && !ci }

// Whatever texts, names, sources, arguments and messages say, no command of the tree
// writes a raw control character or forms a command of a CI runner, in no format, to no
// stream and into no file.
func TestHostileEverywhere(t *testing.T) {
	t.Parallel()
	commands := runnable()
	for turn, ci := range []bool{false, true} {
		texts := hostileTexts(turn)
		lines := hostileLines(texts)
		for path := range lines {
			if commands[path] == nil {
				t.Errorf("there is no command %q", path)
			}
		}
		for _, path := range slices.Sorted(maps.Keys(commands)) {
			own, known := lines[path]
			if !known {
				t.Errorf("the command %q has no hostile lines: add some to hostileLines", path)
				continue
			}
			t.Run(fmt.Sprint(path, " ", turn), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				hostileFolder(t, dir, texts)
				given, err := filesBelow(dir)
				if err != nil {
					t.Fatal(err)
				}
				argument := strings.ReplaceAll(texts[1]+texts[3], "\x00", "")
				worked := len(own) == 0
				run := func(args []string, in string) {
					in = strings.ReplaceAll(in, "DIR", filepath.ToSlash(dir))
					out, errs := &conversation{in: in}, strings.Builder{}
					ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
					defer stop()
					code := Main(ctx, args, Streams{
						In: out, Out: out, Err: &errs, Dir: dir,
						Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
						Env: func(name string) string {
							if name == "GITHUB_ACTIONS" && ci {
								return "true"
							}
							return ""
						},
					})
					worked = worked || code != exitUsage
					if code == exitInterrupted || strings.Contains(errs.String(), "goroutine") {
						t.Errorf("%q ends with %d: %.600s", args, code, errs.String())
					}
					if out.missing != "" {
						t.Errorf("%q never writes %q", args, out.missing)
					}
					for _, stream := range []string{out.said(), errs.String()} {
						if what := acts(args, stream, ci); what != "" && !patch(args, ci) {
							t.Errorf("%q writes %s", args, what)
						}
					}
				}
				words := strings.Fields(path)
				line := func(l hostileLine, more ...string) []string {
					args := slices.Clone(words)
					for _, word := range append(strings.Fields(l.args), more...) {
						args = append(args, strings.ReplaceAll(word, "@", argument))
					}
					return args
				}
				for _, l := range own {
					if l.in == "" {
						l.in = given["good.yaml"]
					}
					run(line(l), l.in)
					for _, format := range formatsOf(commands[path]) {
						run(line(l, "--format", format), l.in)
					}
				}
				if f := commands[path].Flags().Lookup("output"); f != nil && len(own) > 0 {
					for i, format := range append(formatsOf(commands[path]), "") {
						more := []string{"-o", fmt.Sprintf("out-%d.txt", i)}
						if format != "" {
							more = append(more, "--format", format)
						}
						run(line(own[0], more...), "")
					}
					run(line(own[0], "-o", strings.ReplaceAll(argument, "/", "")), "")
				}
				for _, args := range [][]string{{"--" + argument}, {argument, argument, argument, argument}, {"--format", argument}, {"--color", argument}, {"-o", argument + "/x"}} {
					if path != "init" && path != "man" { // whose argument is a folder to make
						run(append(slices.Clone(words), args...), "")
					}
				}
				if !worked {
					t.Errorf("every line of %q is wrong usage", path)
				}
				unharmed(t, dir, given)
			})
		}
	}
}

// filesBelow returns the files below a folder with what they hold, by their paths there.
func filesBelow(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	return files, err
}

// unharmed looks at what was written into a folder beside what was given, and at names.
func unharmed(t *testing.T, dir string, given map[string]string) {
	t.Helper()
	after, err := filesBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`^(waitornot)?out-`)
	for file, text := range after {
		if _, was := given[file]; was {
			continue // a person's own text
		}
		if strings.HasPrefix(file, "st/") && json.Valid([]byte(strings.SplitN(text, "\n", 2)[0])) {
			continue // the history quotes what its owner has typed
		}
		if what := acts(nil, text, false); what != "" && !named.MatchString(file) {
			t.Errorf("the file %q holds %s", file, what)
		}
	}
}
