package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A breach is a way to break the program, the attack that must find it, a part of a file,
// and what is put in its place.
type breach struct {
	what, by, file, old, new string
}

// breaches are broken programs, each of which an attack must find.
func breaches() []breach {
	const in = "cmd/internal/"
	return []breach{
		{"it writes in place, and not beside and renamed", "killed while it writes", in + "disk/disk.go", "(err error) {\n\tf, err := beside(path)", "(err error) {\n\tif path != \"\" {\n\t\treturn os.WriteFile(path, data, 0o666)\n\t}\n\tf, err := beside(path)"},
		{"it swallows a failed write of a file", "a full disk", in + "disk/disk.go", "if _, err := f.Write(data); err != nil {\n\t\treturn err\n\t}", "_, _ = f.Write(data)"},
		{"it swallows a failed write to standard output", "a full disk", "cmd/root.go", "if out.err != nil &&", "if false && out.err != nil &&"},
		{"it takes no lock", "many writers at once", in + "disk/lock.go", "func take(path string) (unlock func(), err error) {\n", "func take(path string) (unlock func(), err error) {\n\tif path != \"\" {\n\t\treturn func() {}, nil\n\t}\n"},
		{"it shows control characters", "hostile text", in + "term/style.go", "func Safe(text string) string {\n", "func Safe(text string) string {\n\tif text != \"\" {\n\t\treturn text\n\t}\n"},
		{"it lets commands of CI runners through", "hostile text", in + "term/runner.go", "s.Out, s.Err = guard(s.Out), guard(s.Err)", ""},
		{"it writes XML without escapes", "hostile text", in + "markup/xml.go", "if err := xml.EscapeText(e.Writer, []byte(part)); err != nil {", "if _, err := e.Writer.Write([]byte(part)); xml.Header == \"\" {"},
		{"it reads through a link out of the repository", "hostile repositories", in + "disk/read.go", "rel, err := filepath.Rel(root, path)\n", "if path != \"\" {\n\t\tf, err := os.Open(path)\n\t\tif err != nil {\n\t\t\treturn nil, nil, Plain(err)\n\t\t}\n\t\tinfo, err := f.Stat()\n\t\treturn f, info, err\n\t}\n\trel, err := filepath.Rel(root, path)\n"},
		{"it writes through a link out of the repository", "hostile repositories", in + "disk/disk.go", "err != nil || !filepath.IsLocal(rel) {\n\t\t\treturn \"\", fmt.Errorf(\"%s: it's a link", "err != nil || rel == \"\" {\n\t\t\treturn \"\", fmt.Errorf(\"%s: it's a link"},
		{"it takes a repository behind a link for its own", "hostile repositories", in + "disk/read.go", "\tif !found.linked {\n\t\tif _, err := os.Lstat", "\tif found.top == found.top {\n\t\tif _, err := os.Lstat"},
		{"it leaves its locks behind", "killed while it writes", in + "disk/lock.go", "_ = os.Remove(path) // Windows", "// Windows"},
		{"it runs what a repository's settings name", "hostile repositories", in + "git/git.go", "\"-c\", \"core.fsmonitor=false\", ", ""},
		{"it tries every combination of a pattern", "hostile repositories", "decide/glob/glob.go", "MaxAlternatives = 256 ", "MaxAlternatives = 1 << 40 "},
		{"it drops what one worker of many has read", "much at once, on one core and on eight", "decide/yamlfile/pieces.go", "for i, p := range parts {\n", "for i, p := range parts {\n\t\tif i == 3 && runtime.GOMAXPROCS(0) > 1 {\n\t\t\tcontinue\n\t\t}\n"},
		{"it hears no signal", "signals while it waits", "main.go", "context.AfterFunc(ctx, stop)", "ctx = context.WithoutCancel(ctx)\n\tcontext.AfterFunc(ctx, stop)"},
		{"it crashes on a text", "hostile text", in + "term/style.go", "func Safe(text string) string {\n", "func Safe(text string) string {\n\tif strings.Contains(text, \"漢\") {\n\t\tpanic(text)\n\t}\n"},
	}
}

// imports are what breaches need that their files don't import.
var imports = map[string]string{"decide/yamlfile/pieces.go": "\t\"bytes\"\n"}

// build builds the program with a breach.
func (b *breach) build(dir, bin string) error {
	file, err := filepath.Abs(filepath.FromSlash(b.file))
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), b.old); n != 1 {
		return fmt.Errorf("%s: %s holds what is to be broken %d times: bring the breaches up to date", b.what, b.file, n)
	}
	broken := strings.Replace(string(text), b.old, b.new, 1)
	if after := imports[b.file]; after != "" {
		broken = strings.Replace(broken, after, after+"\t\"runtime\"\n", 1)
	}
	over := filepath.Join(dir, "broken.go")
	if err := os.WriteFile(over, []byte(broken), 0o666); err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{file: over}})
	if err != nil {
		return err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o666); err != nil {
		return err
	}
	if out, err := exec.Command("go", "build", "-overlay", list, "-o", bin, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("%s: go build: %w\n%s", b.what, err, out)
	}
	return nil
}

// rounds is how often an attack may run before a broken program counts as not found.
const rounds = 100

// selfTest breaks the program in one way after the other, runs the attack that must find
// it, and shows after how many rounds it did. The error names the breaches that weren't
// found.
func (t *target) selfTest(dir string) error {
	t.bin, t.patience, t.out = filepath.Join(dir, "waitornot"), 20*time.Second, new(strings.Builder)
	fmt.Println("| the program is broken: | found by | in round |\n| --- | --- | --- |")
	var missed []string
	for _, b := range breaches() {
		if err := b.build(dir, t.bin); err != nil {
			return err
		}
		tallies := make([]tally, len(attacks()))
		round := 0
		for round < rounds && len(found(tallies)) == 0 && t.ctx.Err() == nil {
			round++
			if err := t.some(filepath.Join(dir, "work"), tallies, b.by); err != nil {
				return err
			}
		}
		by := strings.Join(found(tallies), "; ")
		if by == "" {
			missed, by = append(missed, b.what), "NOTHING"
		}
		fmt.Printf("| %s | %s | %d |\n", b.what, by, round)
	}
	if len(missed) > 0 {
		return fmt.Errorf("no attack finds that %s", strings.Join(missed, ", nor that "))
	}
	return t.ctx.Err()
}

// found names the attacks that found a fault.
func found(tallies []tally) []string {
	var names []string
	for i, a := range attacks() {
		if tallies[i].faults() > 0 {
			names = append(names, a.name)
		}
	}
	return names
}
