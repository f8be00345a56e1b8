package graphview

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/cmd/internal/schematest"
	"waitornot/rules/embedded"

	"waitornot/cmd/internal/screentest"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// hostileGraph is a manifest whose names break what forgets to escape, with a ring,
// an operation without a callee, and every mode.
const hostileGraph = `
version: 1
service: "a\"<b>&'\\ -->"
brokers: [{name: "mq\"]", availability: 99%}]
journeys:
  - {name: "go | \" <x>", budget: 1s, slo: 99.9%, steps: ["one;", ["two%%", "three"], four, "no such"]}
operations:
  - {name: "one;", callee: "back[end]", mode: sync, answers: {immediacy: no, retryability: yes, latency: 2s}, typical: 1s}
  - {name: "two%%", callee: "{x}", mode: hybrid, answers: {immediacy: yes}, delivery: {broker: "mq\"]"}}
  - {name: three, mode: sync, answers: {immediacy: yes, latency: 0.5ms}}
  - {name: four, callee: "日本語の長い名前のサービス", answers: {latency: 1s}}
---
service: "back[end]"
operations:
  - {name: ring, callee: "a\"<b>&'\\ -->", mode: sync, answers: {immediacy: yes}, retry: {attempts: 3}}
  - {name: flood, callee: "{x}", mode: async, answers: {immediacy: no, latency: 1m}, traffic: {mean: 9/s, peak: 90/s, capacity: 3/s, burst: 1m}}
`

// graphOf reads manifests into a page; the names are those of files in the samples,
// or of the text beside.
func graphOf(t *testing.T, texts ...string) *Page {
	t.Helper()
	table, err := embedded.Table()
	if err != nil {
		t.Fatal(err)
	}
	var files []*manifest.File
	var parts []graph.Part
	for i, text := range texts {
		src := manifest.Source{Name: fmt.Sprintf("m%d.yaml", i), Data: []byte(text)}
		f, more := manifest.Map(src, manifest.Options{}, func(d *manifest.Document, ops []manifest.Operation) graph.Part {
			return graph.Collect(d, ops, table, decide.DefaultLimits())
		})
		if f.Broken {
			t.Fatalf("%s: %v", src.Name, f.Findings)
		}
		files, parts = append(files, f), append(parts, more...)
	}
	g := graph.Join(files, parts)
	return &Page{Graph: g, Picked: g.All(), Whole: true, Version: "test"}
}

// twelve returns the text of a sample of twelve services.
func twelve(t *testing.T, name string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "manifests", name, "*.yaml"))
	if err != nil || len(paths) != 12 {
		t.Fatalf("sample %s: %d files, %v", name, len(paths), err)
	}
	var texts []string
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	return texts
}

func pages(t *testing.T) map[string]*Page {
	return map[string]*Page{
		"nothing":  graphOf(t),
		"hostile":  graphOf(t, hostileGraph),
		"twelve":   graphOf(t, twelve(t, "twelve")...),
		"bad/late": graphOf(t, twelve(t, "bad/late")...),
	}
}

func drawn(t *testing.T, format string, p *Page, l term.Layout) string {
	t.Helper()
	for _, f := range Formats() {
		if f.Name == format {
			var b strings.Builder
			if err := f.Write(&b, p, l); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
	}
	t.Fatalf("no format %q", format)
	return ""
}

// No line of text is wider than the page, none holds what a terminal must not
// see, and on a plain terminal only what the manifests themselves bring is more
// than ASCII.
func TestGraphTextFits(t *testing.T) {
	for name, p := range pages(t) {
		for _, width := range []int{40, 80, 120} {
			for _, ascii := range []bool{false, true} {
				text := drawn(t, "text", p, term.Layout{Width: width, ASCII: ascii})
				for _, line := range strings.Split(text, "\n") {
					if term.Cells(line) > width {
						t.Errorf("%s at %d columns: %q is %d wide", name, width, line, term.Cells(line))
					}
					if term.Safe(line) != line {
						t.Errorf("%s: %q is not safe", name, line)
					}
					if strings.TrimRight(line, " ") != line {
						t.Errorf("%s at %d: %q ends in blanks", name, width, line)
					}
					if ascii && name != "hostile" && strings.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) {
						t.Errorf("%s: %q is not ASCII", name, line)
					}
				}
			}
		}
	}
}

// Color adds nothing but escape sequences.
func TestGraphColorIsNotNeeded(t *testing.T) {
	for name, p := range pages(t) {
		plain := drawn(t, "text", p, term.Layout{Width: 80})
		painted := drawn(t, "text", p, term.Layout{Width: 80, Painter: term.Painter{Color: true}})
		if name != "nothing" && painted == plain {
			t.Errorf("%s: color changes nothing", name)
		}
		if got := screentest.Unpainted(painted); got != plain {
			t.Errorf("%s: with color\n%s\nwithout\n%s", name, got, plain)
		}
	}
}

func TestGraphJSONAgainstItsSchema(t *testing.T) {
	s := schematest.Compile(t, "graph.schema.json")
	for name, p := range pages(t) {
		document := drawn(t, "json", p, term.Layout{})
		if err := s.Validate(schematest.Parse(t, document)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s.Validate(schematest.Parse(t, strings.Replace(document, `"brokers"`, `"brookers"`, 1))) == nil {
			t.Errorf("%s: the schema lets a misspelt key pass", name)
		}
	}
}

func TestPlanJSONAgainstItsSchema(t *testing.T) {
	table, err := embedded.Table()
	if err != nil {
		t.Fatal(err)
	}
	s := schematest.Compile(t, "plan.schema.json")
	for name, p := range pages(t) {
		plans := &PlanPage{Page: p}
		for i := range p.Journeys() {
			j := &p.Journeys()[i]
			if plan, needed := p.Plan(j, table); needed {
				plans.Plans = append(plans.Plans, JourneyPlan{Journey: j, Plan: plan})
			}
		}
		if want := map[string]int{"hostile": 1, "bad/late": 3}[name]; len(plans.Plans) != want {
			t.Errorf("%s: %d plans, want %d", name, len(plans.Plans), want)
		}
		var b strings.Builder
		if err := PlanFormats()[1].Write(&b, plans, term.Layout{}); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(schematest.Parse(t, b.String())); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Pictures are well-formed whatever the names are, lie within their frame, and
// are the same on every run.
func TestGraphSVG(t *testing.T) {
	for name, p := range pages(t) {
		picture := drawn(t, "svg", p, term.Layout{})
		if again := drawn(t, "svg", p, term.Layout{}); again != picture {
			t.Errorf("%s: two pictures of one graph differ", name)
		}
		boxes := 0
		var width, height float64
		d := xml.NewDecoder(strings.NewReader(picture))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			switch e.Name.Local {
			case "svg":
				width, height = figure(t, e, "width"), figure(t, e, "height")
			case "rect":
				if slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "class" && strings.HasPrefix(a.Value, "wn-box") }) {
					boxes++
				}
				x, y := figure(t, e, "x"), figure(t, e, "y")
				if x < 0 || y < 0 || x+figure(t, e, "width") > width || y+figure(t, e, "height") > height {
					t.Errorf("%s: box at %v,%v lies outside %vx%v", name, x, y, width, height)
				}
			}
		}
		if want := len(p.diagram(diagram.DrawnAtMost).Nodes); boxes != want {
			t.Errorf("%s: %d boxes, want %d", name, boxes, want)
		}
	}
}

func figure(t *testing.T, e xml.StartElement, name string) (x float64) {
	t.Helper()
	for _, a := range e.Attr {
		if a.Name.Local == name {
			if _, err := fmt.Sscan(a.Value, &x); err != nil {
				t.Fatal(err)
			}
			return x
		}
	}
	t.Fatalf("%s without %s", e.Name.Local, name)
	return 0
}

// What Mermaid and Graphviz would read as their own is escaped: outside quotes
// there is none of it.
func TestGraphSourcesAreEscaped(t *testing.T) {
	p := graphOf(t, hostileGraph)
	for _, line := range strings.Split(drawn(t, "mermaid", p, term.Layout{}), "\n") {
		if n := strings.Count(line, `"`); n != 0 && n != 2 {
			t.Errorf("mermaid: %q has %d quotes", line, n)
		}
		if parts := strings.Split(line, `"`); len(parts) == 3 && strings.ContainsAny(parts[1], "<>[]{}|\\`") {
			t.Errorf("mermaid: %q is not escaped", parts[1])
		}
	}
	dot := drawn(t, "dot", p, term.Layout{})
	quoted, escaped := false, false
	for _, r := range dot {
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case !quoted && !strings.ContainsRune(" \n\t{}[];=,->#", r) && (r > 'z' || r < '0'):
			t.Fatalf("dot: %q outside quotes", r)
		}
	}
	if quoted {
		t.Error("dot: a quote is not closed")
	}
}
