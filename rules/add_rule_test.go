package rules

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The scaffold writes a rule that is Go, puts it into the catalogue in the order
// of the codes, and refuses what is taken or no name.
func TestAddRule(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "rules"), os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	scaffold := func(args ...string) (string, error) {
		c := exec.Command("go", append([]string{"run", "rules/add_rule.go"}, args...)...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := scaffold("WN399", "rule-of-a-test"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, "rules/rule_of_a_test.go"), nil, 0); err != nil {
		t.Errorf("the new rule is no Go: %v", err)
	}
	list, err := os.ReadFile(filepath.Join(dir, "rules/all.go"))
	if err != nil {
		t.Fatal(err)
	}
	last3, first4 := strings.Index(string(list), "ruleOfATest(),"), strings.Index(string(list), "asyncWithoutDlq(),")
	if before := strings.Index(string(list), "timeoutMissing(),"); last3 < before || first4 < last3 {
		t.Errorf("WN399 does not stand between the threes and the fours:\n%s", list)
	}
	for _, args := range [][]string{{"WN399", "another-name"}, {"WN398", "rule-of-a-test"}, {"WN901", "ends-up-here"}, {"WN398", "Name"}, nil} {
		if out, err := scaffold(args...); err == nil {
			t.Errorf("%q is taken:\n%s", args, out)
		}
	}
}
