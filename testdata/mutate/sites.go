package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A mutant is one change of one file: the bytes from start to end become text.
type mutant struct {
	pkg        string // import path
	file       string
	line       int
	start, end int
	old, text  string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s -> %s", m.file, m.line, m.old, m.text)
}

// collect lists the mutants of packages, in the order of their files.
func collect(patterns []string, only *regexp.Regexp) ([]mutant, error) {
	list := exec.Command("go", append([]string{"list", "-f", `{{$p := .}}{{range .GoFiles}}{{$p.ImportPath}}|{{$p.Dir}}|{{.}}{{"\n"}}{{end}}`}, patterns...)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var found []mutant
	for line := range strings.Lines(string(out)) {
		part := strings.SplitN(strings.TrimSpace(line), "|", 3)
		if len(part) != 3 {
			continue
		}
		path := filepath.Join(part[1], part[2])
		if only != nil && !only.MatchString(path) {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		mutants, err := sites(path, src)
		if err != nil {
			return nil, err
		}
		for i := range mutants {
			mutants[i].pkg = part[0]
		}
		found = append(found, mutants...)
	}
	return found, nil
}

// swapped are the operators that stand for each other in a mutant: boundaries,
// senses, signs.
var swapped = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
}

// sites lists the mutants of one file: an operator swapped, a condition
// inverted, a whole number one higher. What only makes room stays as it is.
func sites(path string, src []byte) ([]mutant, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, 0)
	if err != nil {
		return nil, err
	}
	var found []mutant
	add := func(from, to token.Pos, text string) {
		start, end := fset.Position(from), fset.Position(to)
		found = append(found, mutant{file: path, line: start.Line, start: start.Offset, end: end.Offset,
			old: string(src[start.Offset:end.Offset]), text: text})
	}
	skip := map[ast.Node]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if skip[n] {
			return false
		}
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if other, ok := swapped[n.Op]; ok && !isText(n.X) && !isText(n.Y) {
				add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), other.String())
			}
		case *ast.IfStmt:
			cond := src[fset.Position(n.Cond.Pos()).Offset:fset.Position(n.Cond.End()).Offset]
			add(n.Cond.Pos(), n.Cond.End(), "!("+string(cond)+")")
		case *ast.BasicLit:
			if v, err := strconv.ParseInt(n.Value, 0, 32); n.Kind == token.INT && err == nil {
				add(n.Pos(), n.End(), strconv.FormatInt(v+1, 10))
			}
		case *ast.CallExpr:
			if room := roomOf(n); room != nil {
				skip[room] = true
			}
		case *ast.ImportSpec:
			return false
		}
		return true
	})
	return found, nil
}

// roomOf returns the argument of a call that says how much room to make for what comes,
// which changes nothing that can be seen; nil when it has none.
func roomOf(c *ast.CallExpr) ast.Expr {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		if len(c.Args) == 0 || f.Name != "make" {
			return nil
		}
		if _, ok := c.Args[0].(*ast.MapType); len(c.Args) == 3 || ok && len(c.Args) == 2 {
			return c.Args[len(c.Args)-1]
		}
	case *ast.SelectorExpr:
		if f.Sel.Name == "Grow" && len(c.Args) > 0 {
			return c.Args[len(c.Args)-1]
		}
	}
	return nil
}

// isText reports whether an operand is a string literal: a sum of texts has no
// difference.
func isText(e ast.Expr) bool {
	lit, ok := e.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING
}
