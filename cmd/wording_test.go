package cmd

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// banned are turns of phrase that no text for users holds, each with a better one. This is
// the one list of them.
var banned = []struct{ pattern, better string }{
	{`there is no \S+ that`, "no X does"},
	{`there is no (command|format|stack) %`, "unknown command"},
	{`there is nothing called`, "unknown topic"},
	{`what is asked`, "the target"},
	{`\bone (pays|gains)\b`, "cons, pros"},
	{`without end\b`, "forever"},
	{`time-outs?\b`, "timeout"},
	{`\b(want|is|as) a text\b`, "string"},
	{`obliges? one\b`, "requires"},
	{`for want of\b`, "because there is no"},
	{`may be given several times`, "repeatable"},
	{`configuration cannot be followed`, "invalid configuration"},
	{`misspelt`, "misspelled"},
	{`(?:^|[^-])colour`, "color"},
	{`behaviour`, "behavior"},
	{`neighbour`, "neighbor"},
	{`recognis`, "recogniz"},
	{`organisation`, "organization"},
	{`practis(e|ing)`, "practice"},
	{`licence`, "license"},
	{`favour`, "favor"},
	{`\bhonour`, "honor"},
	{`\bfor ever\b`, "forever"},
	{`that there is not\b`, "unknown"},
	{`there is no (rule|operation|service|function|key) %`, "unknown rule, operation, ..."},
	{`: want an? `, "expected a"},
	{`exclude each other`, "can't be combined"},
	{`read to the(ir)? end`, "fully parsed"},
	{`(the|a|its) waiver ran out`, "expired"},
	{`set each other off`, "trigger each other"},
	{`hand over what the user need not`, "move work to the background"},
	{`\bone who waits`, "whoever waits"},
	{`declared otherwise`, "the declared mode differs"},
	{`is no (manifest|number|single|mapping)\b`, "isn't a"},
	{`said to (be|come)\b`, "declared"},
	{`how grave\b`, "severity"},
	{`\bany more[.,:;"]`, "anymore"},
	{`\bafterwards\b`, "afterward"},
	{`\be-mails?\b`, "email"},
	{`\beverybody\b`, "everyone"},
	{`\bone after the other\b`, "one after another"},
	{`the most patient caller`, "the longest timeout among its callers"},
}

// formats are words of formats that stay as they are, in whole strings.
var formats = map[string]bool{"organisation": true}

// No text that a user can read holds a banned turn of phrase: strings of the program, the
// knowledge, the page, the starter files and the documents.
func TestWording(t *testing.T) {
	var all []string
	for _, b := range banned {
		all = append(all, "(?:"+b.pattern+")")
	}
	any := regexp.MustCompile("(?i)" + strings.Join(all, "|"))
	check := func(path string, line int, text string) {
		if formats[text] {
			return
		}
		found := any.FindString(text)
		if found == "" {
			return
		}
		for _, b := range banned {
			if regexp.MustCompile("(?i)" + b.pattern).MatchString(found) {
				t.Errorf("%s:%d: %q: say %q", path, line, found, b.better)
			}
		}
	}
	for _, root := range []string{"../cmd", "../decide", "../rules"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			switch ext := filepath.Ext(path); {
			case strings.HasPrefix(filepath.Base(path), "made_"): // from files that are looked at themselves
			case ext == ".go" && !strings.HasSuffix(path, "_test.go"):
				return eachString(path, check)
			case ext == ".html", ext == ".yaml" && strings.Contains(path, "knowledge") && filepath.Base(path) != "words.yaml", strings.Contains(path, "starter/files"), ext == ".md":
				return eachLine(path, check)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := eachLine("../README.md", check); err != nil {
		t.Fatal(err)
	}
}

// eachString visits the string literals of a Go file, but for tags and imports.
func eachString(path string, visit func(path string, line int, text string)) error {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			n.Tag = nil
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil {
				visit(path, files.Position(n.Pos()).Line, text)
			}
		}
		return true
	})
	return nil
}

// eachLine visits the lines of a text, but for remarks.
func eachLine(path string, visit func(path string, line int, text string)) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(string(data), "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), "# ") || strings.HasSuffix(path, ".md") {
			visit(path, i+1, line)
		}
	}
	return nil
}
