//go:build ignore

// Add_rule starts a new rule: its file, and its line in the catalogue.
//
//	go run rules/add_rule.go WN318 retry-too-often
package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/format"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

var (
	codeForm = regexp.MustCompile(`^WN[1-8][0-9]{2}$`)
	nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	// A rule's file has its constructor and, in it, its code.
	constructor = regexp.MustCompile(`func (\w+)\(\) \*lint\.Rule`)
	codeOf      = regexp.MustCompile(`Code: +"(WN\d+)"`)
)

// The tests fail until every TODO is filled in: that is the list of what to do.
var file = template.Must(template.New("rule").Parse(`package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// {{.Func}} finds TODO.
func {{.Func}}() *lint.Rule {
	return &lint.Rule{
		Code: "{{.Code}}", Name: "{{.Name}}", Severity: diag.Warning, Since: "TODO: the next release",
		Summary: "TODO: what is wrong, without a period",
		Doc: lint.Doc{
			Why: "TODO: what goes wrong, with a number and whose it is.",
			Fix: "TODO: how to change the system.",
			Bad: ` + "`" + `service: shop
operations:
  - name: TODO
    callee: TODO
    mode: sync
    timeout: 1s
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}
` + "`" + `,
			Good: ` + "`" + `service: shop
operations:
  - name: TODO
    callee: TODO
    mode: sync
    timeout: 1s
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}
` + "`" + `,
			Sources: []string{"TODO: ids in rules/knowledge/sources.yaml"},
		},
		Reads: []string{"mode", "callee"},
		Modes: decide.SetOf(decide.Sync),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Callee.Set() {
				p.Report(diag.Range{}, fmt.Sprintf("%q TODO: what, and the limit that it breaks", s.Name.Value), "TODO: how to fix it")
			}
		},
	}
}
`))

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "add_rule:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 || !codeForm.MatchString(args[0]) || !nameForm.MatchString(args[1]) {
		return errors.New("usage: go run rules/add_rule.go WN318 name-of-the-rule")
	}
	code, name := args[0], args[1]
	words := strings.Split(name, "-")
	for i := range words[1:] {
		words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
	}
	path := filepath.Join("rules", strings.ReplaceAll(name, "-", "_")+".go")
	if err := addLine(code, strings.Join(words, "")); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := file.Execute(&text, map[string]string{"Code": code, "Name": name, "Func": strings.Join(words, "")}); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := out.Write(text.Bytes()); err != nil {
		return err
	}
	fmt.Printf("wrote %s and its line in rules/all.go; fill in each TODO, then UPDATE=1 go test -p 1 ./...\n", path)
	return out.Close()
}

// addLine puts the constructor of a new rule into the catalogue, which is in
// the order of the codes.
func addLine(code, name string) error {
	const path = "rules/all.go"
	src, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	taken, err := codes()
	if err != nil {
		return err
	}
	if taken[name] != "" || slices.Contains(slices.Collect(maps.Values(taken)), code) {
		return fmt.Errorf("%s or %s is taken", code, name)
	}
	taken[name] = code
	_, list, found := bytes.Cut(src, []byte("return []*lint.Rule{\n"))
	if !found {
		return fmt.Errorf("%s holds no list of rules", path)
	}
	head := src[:len(src)-len(list)]
	list, tail, _ := bytes.Cut(list, []byte("\n\t}\n"))
	lines := append(strings.Split(string(list), "\n"), "\t\t"+name+"(),")
	slices.SortStableFunc(lines, func(a, b string) int {
		return cmp.Compare(taken[strings.Trim(a, "\t(),")], taken[strings.Trim(b, "\t(),")])
	})
	out, err := format.Source(slices.Concat(head, []byte(strings.Join(lines, "\n")+"\n\t}\n"), tail))
	if err != nil {
		return err
	}
	return os.WriteFile(path, out, 0o644)
}

// codes returns the codes of the rules there are, by the names of their
// constructors.
func codes() (map[string]string, error) {
	paths, err := filepath.Glob("rules/*.go")
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name, code := constructor.FindSubmatch(src), codeOf.FindSubmatch(src)
		if name != nil && code != nil {
			found[string(name[1])] = string(code[1])
		}
	}
	return found, nil
}
