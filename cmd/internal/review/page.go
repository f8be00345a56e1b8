// Package review shows everything at once, as one HTML page: all in one file, no
// network, nothing that a manifest says read as anything but text. What the
// page says without its script is complete; the script filters, sorts, folds
// and answers what-ifs.
package review

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"

	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed decide.js
var decideJS string

//go:embed tries.js
var triesJS string

//go:embed graph.js
var graphJS string

//go:embed page.js
var pageJS string

// script is the page's script, in one scope of its own.
func script() string {
	return "'use strict';\n(() => {\n" + decideJS + triesJS + graphJS + pageJS + "})();\n"
}

// Write writes the page. The error is the first that w returned, or that of a
// template that does not fit its data.
func Write(w io.Writer, r *Review) error {
	v, err := newView(r)
	if err != nil {
		return err
	}
	return v.write(w)
}

func (v *view) write(w io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{"mode": modeClass, "prose": prose, "path": breakable}).Parse(pageHTML)
	if err != nil {
		return err
	}
	makeSafe(v)
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// A view is what the template shows.
type view struct {
	Policy   string       // of content security
	Style    template.CSS // ours alone
	Script   template.JS  // ours alone
	Data     template.JS  // JSON in which < and > are escapes
	Title    string
	Heading  string
	About    string // revision and date
	Lead     string
	Actions  []ActionView
	Groups   []RuleGroup
	Version  string
	Tiles    []tile
	Bar      []segment
	Headline string
	Trouble  []string // files that could not be read
	Graph    template.HTML
	Grouped  string // what the graph's boxes are, when they aren't services
	Nodes    int
	Matrix   *matrix        // in the place of the graph, where its lines would be too many
	Journeys []journeyPanel // those that are listed
	Services []string
	Rows     []row
	Found    int // findings

	MoreRows, MoreJourneys string // how many of them aren't listed; "" when all are
	Findings               string
	Notes                  []note
}

func newView(r *Review) (*view, error) {
	list, picture := r.Advise()
	w := newWhatIf(r)
	v := &view{Version: r.Version, Headline: Headline(picture), Findings: r.Counts(), Notes: w.notes()}
	for _, f := range r.Broken {
		v.Trouble = append(v.Trouble, r.Path(f)+" could not be fully parsed")
	}
	for _, u := range r.Unreadable {
		v.Trouble = append(v.Trouble, r.Path(u.File)+" could not be opened: "+u.Err.Error())
	}
	v.Trouble = cut(v.Trouble)
	v.Actions = r.Actions()
	linked, trodden := map[int]bool{}, map[int]bool{} // operations and journeys that an action leads to
	for i := range v.Actions {
		linked[v.Actions[i].Operation], trodden[v.Actions[i].Journey] = true, true
	}
	found := remarks(r, list)
	listed, trips := listedOperations(list, found, linked), r.Journeys()
	for i := range found {
		found[i].Linked = found[i].Operation >= 0 && listed[found[i].Operation]
	}
	v.Found = len(found)
	v.Rows, v.MoreRows = rows(r, list, w, found, listed), left(len(list), mostOperations, "operation")
	v.Services = services(list)
	v.Journeys, v.MoreJourneys = journeyPanels(r, trips, listedJourneys(trips, trodden), listed), left(len(trips), mostJourneys, "journey")
	var unlisted []remark
	v.Groups, unlisted = groups(r, found)
	v.Heading = cmp.Or(r.Title, "Operations")
	v.Title = v.Heading + ": should the caller wait?"
	v.About = text.Day(r.Date)
	if r.Revision != "" {
		v.About = "Revision " + r.Revision + " · " + v.About
	}
	v.Lead = fmt.Sprintf("%s of %s in %s", text.Count(len(list), "operation"), text.Count(len(v.Services), "service"), text.Count(r.Files, "manifest"))
	v.Tiles = tiles(picture, trips, r)
	v.Bar = bar(picture)
	g := r.group()
	err := v.draw(r, &g)
	if err != nil {
		return nil, err
	}
	if v.Data, err = encode(w.data(list, &g, unlisted)); err != nil {
		return nil, err
	}
	v.Style = template.CSS(diagram.Style + r.Outages.Style + pageCSS)
	v.Script = template.JS(script())
	v.Policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'",
		hash(string(v.Style)), hash(string(v.Script)))
	return v, nil
}

// encode writes the data of the page's script.
func encode(d *pageData) (template.JS, error) {
	makeSafe(d)
	data, err := json.Marshal(d)
	return template.JS(data), err
}

// hash names an inline text in a content security policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func (v *view) draw(r *Review, g *grouping) error {
	if len(r.Operations) == 0 {
		return nil
	}
	var b strings.Builder
	var err error
	if g.By == "" {
		err = graphview.DrawGraph(&b, r.Graph, diagram.Drawing{Inline: true})
	} else {
		all := g.picture(r.Graph)
		d := between(all)
		if v.Grouped, v.Nodes = g.By, len(g.Names); g.By == byService || isDense(d) || !fits(d.Size()) {
			v.Matrix, d = matrixOf(all), &diagram.Diagram{}
		}
		err = d.WriteSVG(&b, diagram.Drawing{Inline: true})
	}
	if err != nil {
		return err
	}
	v.Graph = template.HTML(b.String()) // every text in it has been escaped
	return nil
}

// modeClass is the class of a mode or verdict.
func modeClass(name string) string {
	if _, known := decide.ParseVerdict(name); known {
		return name
	}
	return decide.Undecided.String()
}
