package cmd

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waitornot/decide"
)

// Guards are named in one place: the engine and the rules take their words from there. A
// cache is a store, too, which is no guard, and what Resilience4j calls its modules is its own.
func TestGuardsAreNamedOnce(t *testing.T) {
	t.Parallel()
	guards := slices.DeleteFunc(decide.Guards(), func(g string) bool { return g == decide.GuardCache })
	for _, root := range []string{"../decide", "../rules"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.Contains(filepath.ToSlash(path), "rules/embedded/") || filepath.Base(path) == "guards.go" {
				return err
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					word, err := strconv.Unquote(lit.Value)
					if theirs := filepath.Base(path) == "spring.go" && word == decide.GuardBulkhead; err == nil && !theirs && slices.Contains(guards, word) {
						t.Errorf("%s: %s is written by hand; take it from decide", fset.Position(lit.Pos()), lit.Value)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
