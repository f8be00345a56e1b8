package cmd

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "waitornot"

// A room is a folder of the project and the rooms that it may import.
type room struct {
	name   string
	enters []string
}

// rooms are all there are; "x/..." is x and everything below it. What is not
// listed may not be there: a new room gets its line here first.
var rooms = []room{
	{".", []string{"cmd"}},
	{"cmd", []string{"cmd/internal/...", "rules/...", "decide/...", "testdata/rpc", "testdata/yamlgen"}},
	{"cmd/internal/review", slices.Concat([]string{"cmd/internal/findings", "cmd/internal/adviceview", "cmd/internal/graphview/...", "rules/..."}, viewsEnter)},
	{"cmd/internal/findings", slices.Concat([]string{"cmd/internal/schematest"}, viewsEnter)},
	{"cmd/internal/adviceview", slices.Concat([]string{"rules/..."}, viewsEnter)},
	{"cmd/internal/changeview", viewsEnter},
	{"cmd/internal/graphview", slices.Concat([]string{"cmd/internal/graphview/diagram", "cmd/internal/schematest", "cmd/internal/screentest", "rules/..."}, viewsEnter)},
	{"cmd/internal/graphview/diagram", []string{"cmd/internal/markup", "cmd/internal/text", "cmd/internal/term", "decide"}},
	{"cmd/internal/importview", viewsEnter},
	{"cmd/internal/configview", viewsEnter},
	{"cmd/internal/simview", slices.Concat([]string{"cmd/internal/schematest", "cmd/internal/screentest"}, viewsEnter)},
	{"cmd/internal/adr", slices.Concat([]string{"cmd/internal/disk", "rules/..."}, viewsEnter)},
	{"cmd/internal/dialog", []string{"cmd/internal/term"}},
	{"cmd/internal/prompt", []string{"cmd/internal/dialog", "cmd/internal/text", "cmd/internal/term/...", "cmd/internal/screentest", "rules/...", "decide", "decide/diag", "decide/manifest", "decide/yamlfile", "decide/advice"}},
	{"cmd/internal/quiz", []string{"cmd/internal/dialog", "cmd/internal/markup", "cmd/internal/text", "cmd/internal/term/...", "cmd/internal/screentest", "rules/...", "decide", "decide/manifest", "decide/yamlfile", "decide/advice", "decide/practice", "decide/simulate"}},
	{"cmd/internal/mcp", []string{"cmd/internal/markup", "decide/diag", "cmd/internal/disk", "decide/glob", "decide/manifest/edit", "decide"}},
	{"cmd/internal/lsp", []string{"cmd/internal/lsp/outline", "cmd/internal/markup", "rules/...", "decide/..."}},
	{"cmd/internal/lsp/outline", nil},
	{"cmd/internal/markup", []string{"cmd/internal/text", "cmd/internal/term", "decide/diag", "decide/parallel"}},
	{"cmd/internal/schema", []string{"rules/...", "decide/..."}},
	{"cmd/internal/source", []string{"decide/glob", "cmd/internal/disk", "cmd/internal/git", "decide/manifest", "decide/yamlfile"}},
	{"cmd/internal/watch", nil},
	{"cmd/internal/state", []string{"cmd/internal/disk", "decide/practice"}},
	{"cmd/internal/text", []string{"decide/manifest"}},
	{"cmd/internal/term/...", []string{"cmd/internal/screentest", "decide", "decide/diag"}},
	{"cmd/internal/disk", nil},
	{"cmd/internal/git", []string{"cmd/internal/disk"}},
	{"cmd/internal/preset", []string{"cmd/internal/disk", "cmd/internal/git", "decide/config"}},
	{"cmd/internal/collect/listen", []string{"decide/evidence/trace"}},
	{"cmd/internal/collect/endpoint", nil},
	{"cmd/internal/collect/jaeger", []string{"cmd/internal/collect/endpoint"}},
	{"cmd/internal/collect/prometheus", []string{"cmd/internal/collect/endpoint", "decide", "decide/evidence"}},
	{"cmd/internal/collect/clickhouse", []string{"cmd/internal/collect/endpoint", "decide", "decide/evidence"}},
	{"cmd/internal/collect", []string{"cmd/internal/disk", "cmd/internal/screentest", "decide/evidence/..."}},
	{"cmd/internal/manual", nil},
	{"cmd/internal/starter", nil},
	{"cmd/internal/schematest", nil},
	{"cmd/internal/screentest", nil},
	{"rules/custom", []string{"rules", "rules/embedded", "decide/..."}},
	{"rules/embedded", []string{"rules/knowledge", "decide", "decide/advice", "decide/practice"}},
	{"rules/knowledge", []string{"decide", "decide/advice", "decide/practice"}},
	{"rules", []string{"rules/embedded", "decide/..."}},
	{"decide/advice/topic", []string{"decide/advice", "decide/lint", "decide/manifest", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/advice", []string{"decide/manifest", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/practice", []string{"decide/simulate", "decide", "decide/diag"}},
	{"decide/agenda", []string{"decide/advice", "decide/graph", "decide", "decide/diag"}},
	{"decide/simulate", []string{"decide/decidetest", "decide/graph", "decide/manifest", "decide"}},
	{"decide/evidence/source", []string{"decide/evidence", "decide"}},
	{"decide/evidence/draft", []string{"decide/evidence", "decide/manifest/...", "decide", "decide/diag"}},
	{"decide/evidence", []string{"decide"}},
	{"decide/evidence/trace", []string{"decide", "decide/evidence"}},
	{"decide/project", []string{"decide/parallel", "decide/config", "decide/lint", "decide/change", "decide/graph", "decide/manifest", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/change", []string{"decide/lint", "decide/graph", "decide/manifest/...", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/config", []string{"decide/glob", "decide/lint/...", "decide/graph", "decide/manifest", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/glob", nil},
	{"decide/lint/linttest", []string{"decide/lint", "decide/graph", "decide/manifest", "decide", "decide/diag"}},
	{"decide/lint", []string{"decide/diag/diagtest", "decide/lint/linttest", "decide/parallel", "decide/graph", "decide/manifest/...", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/graph", []string{"decide/decidetest", "decide/parallel", "decide/manifest", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/manifest/edit", []string{"decide/manifest", "decide/yamlfile", "decide", "decide/diag"}},
	{"decide/manifest", []string{"decide/parallel", "decide/yamlfile", "decide", "decide/diag/..."}},
	{"decide/yamlfile", []string{"decide/parallel", "decide/diag/..."}},
	{"decide/parallel", nil},
	{"decide", nil},
	{"decide/decidetest", []string{"decide"}},
	{"decide/diag/diagtest", []string{"decide/diag"}},
	{"decide/diag", nil},
}

// viewsEnter is what views are written with: a view enters no other, but review, which
// joins them on one page.
var viewsEnter = []string{"cmd/internal/markup", "cmd/internal/text", "cmd/internal/term", "decide/..."}

// owners says which rooms may import a module that others may not, tests aside.
var owners = map[string][]string{
	"gopkg.in/yaml.v3":                      {"decide/manifest/edit", "decide/yamlfile", "decide/evidence/source", "rules/knowledge", "cmd/internal/adr"},
	"github.com/charmbracelet/huh":          {"cmd/internal/prompt"},
	"github.com/charmbracelet/bubbletea":    {"cmd/internal/dialog", "cmd/internal/prompt", "cmd/internal/quiz"},
	"github.com/charmbracelet/bubbles":      {"cmd/internal/prompt"},
	"github.com/charmbracelet/lipgloss":     {"cmd/internal/prompt"},
	"github.com/spf13/cobra":                {"cmd"},
	"github.com/spf13/pflag":                {"cmd"},
	"github.com/bmatcuk/doublestar":         {"decide/glob"},
	"github.com/fsnotify/fsnotify":          {"cmd/internal/watch"},
	"github.com/expr-lang/expr":             {"rules/custom"},
	"github.com/rogpeppe/go-internal":       {"cmd/internal/disk", "cmd"}, // its file lock and its diff; the rest is for tests alone
	"github.com/google/go-cmp":              nil,
	"github.com/santhosh-tekuri/jsonschema": {"cmd/internal/schematest"},
	"github.com/creack/pty":                 {"cmd/internal/screentest"},
	"github.com/charmbracelet/x/vt":         {"cmd/internal/screentest"},
	"pgregory.net/rapid":                    nil,

	"github.com/modelcontextprotocol/go-sdk": {"cmd/internal/mcp"},
	"github.com/google/jsonschema-go":        {"cmd/internal/mcp"},
}

// worldly are the packages through which a program touches the world outside.
// Nothing under decide imports them: time, chance, files and streams come in as
// arguments. So does the chance of a simulation: decide/simulate takes an interface that
// *rand.Rand fits, and cmd gives it one with the seed that was asked for.
var worldly = []string{"os", "os/exec", "os/signal", "net", "net/http", "log", "math/rand", "math/rand/v2", "crypto/rand", "syscall"}

// A pkg is what go list says of a package.
type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// room is the package's folder, "." for the top.
func (p *pkg) room() string {
	if p.ImportPath == module {
		return "."
	}
	return strings.TrimPrefix(p.ImportPath, module+"/")
}

// within reports whether a folder is the room that a pattern names.
func within(room, pattern string) bool {
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return room == below || strings.HasPrefix(room, below+"/")
	}
	return room == pattern
}

func withinAny(room string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return within(room, p) })
}

func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var found []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		found = append(found, p)
	}
}

// Packages import only what the layout lets them: tests keep to the arrows of
// their package, and may use the modules that are for tests alone.
func TestArrows(t *testing.T) {
	t.Parallel()
	list := packages(t)
	if len(list) < 8 {
		t.Fatalf("go list found %d packages only", len(list))
	}
	for _, p := range list {
		for _, fault := range p.faults() {
			t.Error(fault)
		}
	}
	for i, r := range rooms {
		if slices.ContainsFunc(rooms[:i], func(other room) bool { return other.name == r.name }) {
			t.Errorf("%s is listed twice", r.name)
		}
		if !slices.ContainsFunc(list, func(p pkg) bool { return within(p.room(), r.name) }) {
			t.Errorf("%s is listed, but is not there", r.name)
		}
	}
}

// faults says which imports break the layout.
func (p *pkg) faults() []string {
	name := p.room()
	i := slices.IndexFunc(rooms, func(r room) bool { return within(name, r.name) })
	if i < 0 {
		return []string{"there is no room " + name + " in the layout"}
	}
	var faults []string
	for _, path := range p.Imports {
		if owner, owned := ownerOf(path); owned && !withinAny(name, owner) {
			faults = append(faults, name+" imports "+path+", which is not for it")
		}
		if within(name, "decide/...") && slices.Contains(worldly, path) {
			faults = append(faults, name+" imports "+path+": the engine does not touch the world outside")
		}
		if (name == "decide" || name == "decide/diag") && !own(path) && !standard(path) {
			faults = append(faults, name+" imports "+path+": it uses the standard library only")
		}
	}
	for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
		other := pkg{ImportPath: path}
		if own(path) && other.room() != name && !withinAny(other.room(), rooms[i].enters) {
			faults = append(faults, name+" imports "+other.room()+" against the arrows")
		}
	}
	return faults
}

// own reports whether an import path is one of ours.
func own(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// standard reports whether an import path is of the standard library: the first
// part of all others has a dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// ownerOf returns the rooms that may import a path, when it is owned.
func ownerOf(path string) ([]string, bool) {
	for mod, owner := range owners {
		if within(path, mod+"/...") {
			return owner, true
		}
	}
	return nil, false
}

// The test of the arrows sees each kind of import that breaks them.
func TestArrowsSeesFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		pkg  pkg
		want string // "" when there is none
	}{
		{"engine imports knowledge", pkg{ImportPath: "waitornot/decide", Imports: []string{"waitornot/rules"}}, "decide imports rules against the arrows"},
		{"its test does", pkg{ImportPath: "waitornot/decide/lint", XTestImports: []string{"waitornot/cmd"}}, "decide/lint imports cmd against the arrows"},
		{"graph imports lint", pkg{ImportPath: "waitornot/decide/graph", Imports: []string{"waitornot/decide/lint"}}, "decide/graph imports decide/lint against the arrows"},
		{"rules imports cmd", pkg{ImportPath: "waitornot/rules", Imports: []string{"waitornot/cmd/internal/term"}}, "rules imports cmd/internal/term against the arrows"},
		{"yaml outside its readers", pkg{ImportPath: "waitornot/cmd", Imports: []string{"gopkg.in/yaml.v3"}}, "cmd imports gopkg.in/yaml.v3, which is not for it"},
		{"test library in the program", pkg{ImportPath: "waitornot/rules", Imports: []string{"github.com/santhosh-tekuri/jsonschema/v6"}}, "rules imports github.com/santhosh-tekuri/jsonschema/v6, which is not for it"},
		{"clock or chance in the engine", pkg{ImportPath: "waitornot/decide/practice", Imports: []string{"math/rand/v2"}}, "decide/practice imports math/rand/v2: the engine does not touch the world outside"},
		{"module in the engine", pkg{ImportPath: "waitornot/decide", Imports: []string{"golang.org/x/exp/maps"}}, "decide imports golang.org/x/exp/maps: it uses the standard library only"},
		{"new room", pkg{ImportPath: "waitornot/util"}, "there is no room util in the layout"},
		{"test library in a test", pkg{ImportPath: "waitornot/decide", TestImports: []string{"pgregory.net/rapid"}}, ""},
		{"its own package in an external test", pkg{ImportPath: "waitornot/decide", XTestImports: []string{"waitornot/decide"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(tt.pkg.faults(), "\n"); got != tt.want {
				t.Errorf("faults: %q, want %q", got, tt.want)
			}
		})
	}
}

// readers are the functions that turn the text of a manifest into operations and findings,
// by package.
var readers = map[string][]string{
	"decide/manifest": {"Read", "Map", "Scan", "CrossCheck"},
	"decide/lint":     {"Run"},
}

// readingRooms may use them: decide/project is the one way from files to findings, lint is
// what it runs, and custom rules try their own examples, which are no files.
var readingRooms = []string{"decide/project", "decide/lint/...", "rules/custom"}

// Commands and views read manifests through decide/project, not with loops of their own.
func TestOneWayToRead(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != ".." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		room := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		for _, name := range readsOf(file) {
			used[name] = true
			if !withinAny(room, readingRooms) {
				t.Errorf("%s uses %s: read through decide/project, so that configurations and policies hold", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for in, names := range readers {
		for _, name := range names {
			if name != "Read" && !used[path.Base(in)+"."+name] { // tests alone use Read
				t.Errorf("nothing uses %s.%s: is it still what reads?", path.Base(in), name)
			}
		}
	}
}

// readsOf returns the readers that a file uses, as package.Name.
func readsOf(file *ast.File) []string {
	imported := map[string]string{} // rooms by the name in the file
	for _, i := range file.Imports {
		at, _ := strconv.Unquote(i.Path.Value)
		name := path.Base(at)
		if i.Name != nil {
			name = i.Name.Name
		}
		imported[name] = strings.TrimPrefix(at, module+"/")
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if from, ok := s.X.(*ast.Ident); ok && slices.Contains(readers[imported[from.Name]], s.Sel.Name) {
			found = append(found, path.Base(imported[from.Name])+"."+s.Sel.Name)
		}
		return true
	})
	return found
}

// The test of the one way sees a call, a function that is handed on, one with type
// arguments, and a package under another name.
func TestOneWayToReadSeesFaults(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", `package x
import ("waitornot/decide/manifest"; l "waitornot/decide/lint"; "waitornot/decide/config")
var a, b = manifest.Read(src, opt)
var c = manifest.CrossCheck
var d, e = manifest.Map[int](src, opt, nil)
var f, g = l.Run(ctx, nil, l.Options{})
var h = config.Read(src)
var i = manifest.Options{}
`, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"manifest.Read", "manifest.CrossCheck", "manifest.Map", "lint.Run"}
	if got := readsOf(file); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// The page of the house names every room, by itself or with the room that it belongs to,
// and no other.
func TestHousePage(t *testing.T) {
	t.Parallel()
	shared := []string{"cmd", "cmd/internal", "decide", "rules"} // what is below these has a row of its own
	var listed []string
	for line := range strings.Lines(document(t, "../.github/CONTRIBUTING.md")) {
		if name, ok := strings.CutPrefix(line, "| `"); ok {
			name, _, _ = strings.Cut(name, "`")
			if head, rest, ok := strings.Cut(name, "{"); ok {
				inner, _, _ := strings.Cut(rest, "}")
				for part := range strings.SplitSeq(inner, ",") {
					listed = append(listed, head+part)
				}
				continue
			}
			listed = append(listed, name)
		}
	}
	for _, r := range rooms {
		name := strings.TrimSuffix(r.name, "/...")
		if name != "." && !slices.ContainsFunc(listed, func(l string) bool {
			return name == l || strings.HasPrefix(name, l+"/") && !slices.Contains(shared, l)
		}) {
			t.Errorf("the page of the house does not name %s", name)
		}
	}
	for _, l := range listed {
		known := l == "main.go" || l == "testdata" || slices.ContainsFunc(rooms, func(r room) bool { return strings.TrimSuffix(r.name, "/...") == l })
		if !known {
			t.Errorf("the page of the house names %s, which is no room", l)
		}
	}
}
