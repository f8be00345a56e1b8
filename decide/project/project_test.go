package project_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/project"
)

// loader finds configurations among texts by path.
func loader(t testing.TB, files map[string]string) *config.Loader {
	t.Helper()
	table, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	return &config.Loader{Rules: rules(), Table: table, Limits: decide.DefaultLimits(), Read: func(path string) ([]byte, error) {
		text, ok := files[path]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}}
}

// rules are one over operations and one over the graph.
func rules() []*lint.Rule {
	return []*lint.Rule{
		{Code: "WN301", Name: "slow-timeout", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Timeout.Value > time.Second {
				p.Report(s.Timeout.Range, "the timeout is long", "shorten it")
			}
		}},
		{Code: "WN401", Name: "many-calls", Severity: diag.Info, Graph: func(p *lint.Pass, g *graph.Graph) {
			for i := range g.Operations() {
				id := graph.OperationID(i)
				p.ReportIn(g.File(id), g.Place(id, graph.FactName), "", fmt.Sprintf("%d operations", g.Len()), "")
			}
		}},
	}
}

func file(name, text string) project.File {
	return project.File{Name: name, Path: "/p/" + name, Open: func() ([]byte, error) { return []byte(text), nil }}
}

func brief(p *project.Project) string {
	var b strings.Builder
	for _, f := range p.Findings {
		fmt.Fprintf(&b, "%s:%d %s %s %s\n", f.File, f.Range.Start.Line, f.Rule, f.Message, f.Fingerprint)
	}
	for _, w := range p.Waived {
		fmt.Fprintf(&b, "waived %s:%d %s\n", w.Finding.File, w.Finding.Range.Start.Line, w.Finding.Rule)
	}
	return b.String()
}

// Read gives findings of rules, of the graph and of the reader, keeps what it is
// asked to keep in the order of the files, and names what can't be opened.
func TestRead(t *testing.T) {
	t.Parallel()
	files := []project.File{
		file("b.yaml", "service: b\noperations:\n- {name: two, answers: {}, timeout: 2s}\n- {name: three, answers: {}}\n"),
		{Name: "gone.yaml", Path: "/p/gone.yaml", Open: func() ([]byte, error) { return nil, fs.ErrNotExist }},
		file("a.yaml", "service: a\noperations:\n- {name: one, answers: {}, nmae: x}\n"),
	}
	p, names, err := project.Read(context.Background(), files, project.Settings{
		Configurations: loader(t, nil), Options: lint.Options{Graph: true, Rules: rules()},
	}, func(op project.Operation) string { return op.Document.File + "/" + op.ID() })
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"b.yaml/b/two", "b.yaml/b/three", "a.yaml/a/one"}; !slices.Equal(names, want) {
		t.Errorf("kept %q, want %q", names, want)
	}
	for _, want := range []string{"slow-timeout", "many-calls 3 operations", "unknown-key"} {
		if !strings.Contains(brief(p), want) {
			t.Errorf("no finding of %q in:\n%s", want, brief(p))
		}
	}
	if len(p.Unreadable) != 1 || p.Unreadable[0].File != "gone.yaml" || p.Graph == nil || p.PolicyOf("a.yaml") == nil || p.PolicyOf("x") != nil {
		t.Errorf("unreadable %v, graph %v", p.Unreadable, p.Graph)
	}
}

// Without rules the findings are those of the reader, and without a wish for it no
// graph is joined.
func TestReadWithoutRules(t *testing.T) {
	t.Parallel()
	files := []project.File{file("a.yaml", "operations:\n- {name: one, answers: {}, timeout: 2s, nmae: x}\n")}
	for _, want := range []bool{false, true} {
		p, _, err := project.Read[int](context.Background(), files, project.Settings{Configurations: loader(t, nil), Options: lint.Options{Graph: want}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Findings) != 1 || p.Findings[0].Rule != "unknown-key" || (p.Graph != nil) != want {
			t.Errorf("findings %v, graph wanted %t: %v", p.Findings, want, p.Graph)
		}
	}
}

// Nothing is judged by a configuration that can't be followed.
func TestMisconfigured(t *testing.T) {
	t.Parallel()
	l := loader(t, map[string]string{"/p/.waitornot.yaml": "rules: {no-such-rule: off}\n"})
	opened := 0
	_, _, err := project.Read[int](context.Background(), []project.File{file("a.yaml", "operations: []")},
		project.Settings{Configurations: l, Opened: func(int) { opened++ }}, nil)
	var wrong *project.Misconfigured
	if !errors.As(err, &wrong) || len(wrong.Findings) == 0 || opened > 0 {
		t.Errorf("error %v, %d files opened", err, opened)
	}
}

// The text of a file is the one that was judged: what changed since isn't shown.
func TestText(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"quiet.yaml": "operations:\n- {name: one, answers: {}}\n", "loud.yaml": "operations:\n- {nmae: one}\n"}
	var files []project.File
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		files = append(files, project.File{Name: name, Path: "/p/" + name, Open: func() ([]byte, error) { return []byte(texts[name]), nil }})
	}
	p, _, err := project.Read[int](context.Background(), files, project.Settings{Configurations: loader(t, nil)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		if got, ok := p.Text(name); !ok || string(got) != text {
			t.Errorf("%s: %q, %t", name, got, ok)
		}
	}
	loud := texts["loud.yaml"]
	texts["quiet.yaml"], texts["loud.yaml"] = "changed", "changed"
	if _, ok := p.Text("quiet.yaml"); ok {
		t.Error("a text is shown that was not judged")
	}
	if got, ok := p.Text("loud.yaml"); !ok || string(got) != loud {
		t.Errorf("the text that was judged is gone: %q", got)
	}
}

// A long text isn't held: it is opened again, and shown when it is still the one that was
// judged. Whoever counts what is opened is told of it once.
func TestLongText(t *testing.T) {
	t.Parallel()
	for length, held := range map[int]bool{lint.LongText: true, lint.LongText + 1: false} {
		text := "operations:\n- {nmae: one}\n- {name: two, answers: {}, waivers: [{rule: WN101, reason: r, owner: o, until: 2030-01-01}]}\n#"
		text += strings.Repeat("x", length-len(text))
		now, opens, told := text, 0, 0
		files := []project.File{{Name: "a.yaml", Path: "/p/a.yaml", Open: func() ([]byte, error) { opens++; return []byte(now), nil }}}
		read := func() *project.Project {
			opens, told = 0, 0
			p, _, err := project.Read[int](context.Background(), files, project.Settings{
				Configurations: loader(t, nil), Opened: func(int) { told++ }, Options: lint.Options{Rules: []*lint.Rule{}},
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		p := read()
		if told != 1 || opens > 2 || held && opens > 1 {
			t.Errorf("%d bytes: opened %d times, told %d times", length, opens, told)
		}
		if got, ok := p.Text("a.yaml"); !ok || string(got) != text {
			t.Errorf("%d bytes: the text isn't shown", length)
		}
		now = strings.Replace(text, "one", "ten", 1)
		if got, ok := p.Text("a.yaml"); ok != held || held && string(got) != text {
			t.Errorf("%d bytes: after a change the text is shown: %t", length, ok)
		}
	}
}

// After any edits a workspace gives what reading the same texts from the start gives.
func TestWorkspace(t *testing.T) {
	t.Parallel()
	operation := rapid.SampledFrom([]string{
		"- {name: one, answers: {}, timeout: 2s, delivery: {broker: q}}\n",
		"- {name: two, answers: {}, mode: async, delivery: {broker: r, type: queue}}\n",
		"- {name: three, answers: {}, timeout: 3s, waivers: [{rule: slow-timeout, reason: r, owner: o, until: 2030-01-01}]}\n",
		"- {name: four, answers: {}, waivers: [{rule: slow-timeout, reason: r, owner: o, until: 2030-01-01}]}\n",
		"- {nmae: five, answers: {}}\n",
		"- [\n",
	})
	text := rapid.Custom(func(t *rapid.T) string {
		return "operations:\n" + strings.Join(rapid.SliceOfN(operation, 0, 4).Draw(t, "operations"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		l := loader(nilTB{}, nil)
		settings := project.Settings{Configurations: l, Options: lint.Options{Graph: true, Rules: rules(), Strict: true}}
		w := project.NewWorkspace(settings)
		texts, disk := map[string]string{}, map[string]string{}
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			name := rapid.SampledFrom([]string{"a.yaml", "b.yaml", "c.yaml"}).Draw(t, "name")
			switch rapid.SampledFrom([]string{"add", "overlay", "reveal", "remove"}).Draw(t, "edit") {
			case "remove":
				delete(texts, name)
				w.Remove(name)
			case "reveal":
				if _, there := texts[name]; there {
					texts[name] = disk[name]
					w.Reveal(name)
				}
			case "overlay":
				if _, there := texts[name]; there {
					texts[name] = text.Draw(t, "text")
					w.Overlay(name, []byte(texts[name]))
				}
			default:
				texts[name] = text.Draw(t, "text")
				disk[name] = texts[name]
				w.Reveal(name)
				w.Add(file(name, texts[name]))
			}
			got, err := w.Read(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var ops []string
			for _, name := range w.Names() {
				for _, op := range w.Operations(name) {
					ops = append(ops, op.ID())
				}
			}
			var files []project.File
			for _, name := range slices.Sorted(maps.Keys(texts)) {
				files = append(files, file(name, texts[name]))
			}
			want, ids, err := project.Read(context.Background(), files, settings, func(op project.Operation) string { return op.ID() })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(brief(want), brief(got)); diff != "" {
				t.Fatalf("a workspace differs from a fresh run (-fresh +workspace):\n%s", diff)
			}
			if !bytes.Equal([]byte(fmt.Sprint(want.Graph.Brokers())), []byte(fmt.Sprint(got.Graph.Brokers()))) || !slices.Equal(ops, ids) {
				t.Fatalf("brokers %v, want %v; operations %q, want %q", got.Graph.Brokers(), want.Graph.Brokers(), ops, ids)
			}
		}
	})
}

// After any edits of a text, each on top of the one before, a workspace gives what reading
// the text from the start gives.
func TestWorkspaceWhileTyping(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{
		"- {name: one, answers: {}, timeout: 2s, delivery: {broker: q}}\n", "- name: two\n  timeout: 3s\n  answers: {}\n", "---\n", "operations:\n",
		"service: s\n", "journeys:\n- {name: j, steps: [one, two]}\n", "\n", " ", "x", "{", "}", "'", "\"", "# waits\n", "&a ", "*a", "é", "\r\n", "  ", "- ",
	})
	rapid.Check(t, func(t *rapid.T) {
		settings := project.Settings{Configurations: loader(nilTB{}, nil), Options: lint.Options{Graph: true, Rules: rules(), Strict: true}}
		w := project.NewWorkspace(settings)
		other := file("b.yaml", "service: b\noperations:\n- {name: two, answers: {}, mode: async, delivery: {broker: r, type: queue}}\n")
		text := "service: a\noperations:\n- {name: one, answers: {}, timeout: 2s}\n"
		w.Add(file("a.yaml", text))
		w.Add(other)
		for range rapid.IntRange(1, 12).Draw(t, "edits") {
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			to := min(len(text), from+rapid.IntRange(0, 8).Draw(t, "length"))
			text = text[:from] + strings.Join(rapid.SliceOfN(piece, 0, 3).Draw(t, "typed"), "") + text[to:]
			w.Overlay("a.yaml", []byte(text))
			got, err := w.Read(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			want, _, err := project.Read[int](context.Background(), []project.File{file("a.yaml", text), other}, settings, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(brief(want), brief(got)); diff != "" {
				t.Fatalf("%q: a workspace differs from a fresh run (-fresh +workspace):\n%s", text, diff)
			}
			same := want.Graph.Len() == got.Graph.Len()
			for id, a := range want.Graph.Operations() {
				same = same && a.Name == got.Graph.Operation(id).Name && a.Verdict == got.Graph.Operation(id).Verdict
			}
			if !same {
				t.Fatalf("%q: the graph differs from that of a fresh run", text)
			}
		}
	})
}

// nilTB stands for a test where a helper can't fail.
type nilTB struct{ testing.TB }

func (nilTB) Helper() {}
