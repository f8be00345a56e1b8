package adr

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"waitornot/cmd/internal/term"
)

// indexName returns the name of the page that lists the records: the one that
// is there, else README.md.
func indexName(dir string) string {
	for _, name := range []string{"README.md", "index.md"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return name
		}
	}
	return "README.md"
}

// index brings the list of the records up to date.
func (p *planner) index(dir string) error {
	sortRecords(p.records)
	name := indexName(dir)
	raw, err := readFound(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		if len(p.records) == 0 {
			return nil
		}
		p.indexed(Change{File: name, Action: Created, after: "# Decisions\n\n" + generated(p.list())})
		return nil
	}
	if err != nil {
		return err
	}
	r := &Record{File: name}
	r.set(string(raw))
	after := r.text
	switch at := cut(r.text); {
	case at.state == edited:
		p.Remain = append(p.Remain, Finding{Kind: HandEdited, Record: name, Message: "the generated list was edited by hand",
			Fix: "delete everything from waitornot:begin to waitornot:end, and run waitornot adr"})
		return nil
	case at.state == whole:
		after = at.with(p.list())
	case p.owns():
		after = strings.TrimRight(r.text, "\n") + "\n\n" + generated(p.list())
		after = strings.TrimLeft(after, "\n")
	}
	if after = r.ending(after); after != r.raw {
		p.indexed(Change{File: name, Action: Updated, before: r.raw, after: after})
	}
	return nil
}

// indexed adds the change of the index page. When records change it goes
// without saying.
func (p *planner) indexed(c Change) {
	if len(p.Changes) == 0 {
		p.Ahead = append(p.Ahead, Finding{Kind: Stale, Record: c.File, Message: "the list of records is out of date", Fix: fix})
	}
	p.Changes = append(p.Changes, c)
}

// owns reports whether any of the records is ours.
func (p *planner) owns() bool {
	for _, r := range p.records {
		if r.ours() {
			return true
		}
	}
	return false
}

// list is the table of all records, ours and those of others.
func (p *planner) list() string {
	var b strings.Builder
	b.WriteString("\n| Record | Decision | Status | Date |\n| --- | --- | --- | --- |\n")
	for _, r := range p.records {
		title := numbered().ReplaceAllString(r.Title, "")
		if title == "" {
			title = strings.TrimSuffix(path.Base(r.File), ".md")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", linkTo(r.File), cell(title), cell(r.Status), cell(r.Date))
	}
	b.WriteByte('\n')
	return b.String()
}

// cell keeps text that is Markdown already inside its cell, and its characters visible.
func cell(text string) string {
	return term.Safe(strings.NewReplacer("|", "&#124;", "\n", " ", "<!--", "&lt;!--").Replace(text))
}
