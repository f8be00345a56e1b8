package adr

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
)

// An Action is what happens to a file.
type Action string

// The actions.
const (
	Created    Action = "created"
	Updated    Action = "updated"
	Superseded Action = "superseded"
)

// A Change is a file that has to be written.
type Change struct {
	File   string // below the folder, with slashes
	Action Action
	ID     string // the subject; empty for the index page

	before, after string
}

// A Finding says how the records differ from what the manifests decide.
type Finding struct {
	Kind    string // one of the kinds below
	Record  string // its file below the folder; empty when there is none
	ID      string // the subject; empty for the index page
	Message string // one line without a full stop
	Fix     string
	File    string     // the manifest, for what is missing
	Place   diag.Range // in the manifest
}

// The kinds of findings.
const (
	Missing    = "missing"     // a decision has no record
	Stale      = "stale"       // a record says something else than the manifest
	HandEdited = "hand-edited" // somebody wrote into the generated part
	SameNumber = "same-number" // two records of a folder have one number
	Orphaned   = "orphaned"    // a record decides on something that is gone
	Full       = "full"        // the folder has no room for the records of more decisions
)

// What a folder may hold for another decision to get its first record. Nobody reads more,
// and every run reads them all: what a flipped verdict or a person adds later must still fit
// into disk.MaxTotal.
const (
	MaxRecords = 10_000
	maxFirst   = 56 << 20 // bytes of all records, together with the new one; below disk.MaxTotal
)

// A Plan is what has to happen to a folder.
type Plan struct {
	Changes []Change  // in the order in which they are to be written
	Ahead   []Finding // those that the changes settle
	Remain  []Finding // those that need a person
	Records int       // of the subjects, after the changes
	Open    []string  // the subjects that are undecided, and have no record for it
	Decided int       // the subjects that are decided

	seen [sha256.Size]byte // of what was in the folder
}

// Findings returns all findings.
func (p *Plan) Findings() []Finding { return slices.Concat(p.Ahead, p.Remain) }

// deepest is how many folders below the folder of the records are read.
const deepest = 4

// read reads the records of the folder and of those below it, by name. A folder that is
// not there is empty; one that is a link is followed, hence the separator.
func (f *Folder) read() ([]*Record, error) { return f.readAtMost(0) }

// readAtMost is read with another limit for all records together.
func (f *Folder) readAtMost(most int64) ([]*Record, error) {
	var list []*Record
	budget := disk.Budget{Most: most}
	err := filepath.WalkDir(f.Dir+string(filepath.Separator), func(at string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(f.Dir, at)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case e.IsDir() && name != "." && (strings.HasPrefix(e.Name(), ".") || strings.Count(name, "/") >= deepest):
			return fs.SkipDir
		case e.IsDir() || !isRecord(e.Name()):
			return nil
		}
		text, err := readFound(f.Dir, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if budget.Take(int64(len(text))) != nil {
			return fmt.Errorf("%s: the records have more than %d MiB in total, which is the limit; keep them in several folders (--dir)", name, disk.MaxTotal>>20)
		}
		list = append(list, parse(name, string(text)))
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	sortRecords(list)
	return list, nil
}

// sortRecords puts records in the order of their numbers, and of their names
// where they have none.
func sortRecords(list []*Record) {
	slices.SortFunc(list, func(a, b *Record) int {
		return cmp.Or(cmp.Compare(path.Dir(a.File), path.Dir(b.File)), cmp.Compare(number(a.File), number(b.File)), cmp.Compare(a.File, b.File))
	})
}

// KindOf returns the kind of the records that are there, or "" when there are
// none or both.
func (f *Folder) KindOf() (Kind, error) {
	list, err := f.read()
	if err != nil {
		return "", err
	}
	found := map[Kind]bool{}
	for _, r := range list {
		if r.ours() {
			found[r.Kind] = true
		}
	}
	switch {
	case found[Service] && !found[Operation]:
		return Service, nil
	case found[Operation] && !found[Service]:
		return Operation, nil
	}
	return "", nil
}

// A planner makes a plan.
type planner struct {
	Plan
	w       *Writer
	records []*Record
	of      map[subjectID][]*Record // records by what they decide on, oldest first
	named   map[string]*Record      // records by file
	names   *naming
	style   style
	bytes   int        // of all records
	without []*Subject // what is decided, but has no record since the folder has no room
}

// A subjectID tells subjects apart.
type subjectID struct {
	kind Kind
	id   string
}

// add takes a record among those of the folder.
func (p *planner) add(r *Record) {
	p.records = append(p.records, r)
	p.bytes += len(r.raw)
	key := subjectID{r.Kind, r.ID}
	p.of[key], p.named[r.File] = append(p.of[key], r), r
}

// Plan says what has to happen so that the records say what the manifests
// decide. Gone says that the subjects are all there are, so that what is not
// among them is gone. It ends with the context, whose error it returns then.
func (f Folder) Plan(ctx context.Context, w *Writer, subjects []*Subject, gone bool) (*Plan, error) {
	return f.planAfter(ctx, nil, w, subjects, gone)
}

// planAfter is Plan, or the plan that was made before when nothing has changed in the
// folder since.
func (f Folder) planAfter(ctx context.Context, made *Plan, w *Writer, subjects []*Subject, gone bool) (*Plan, error) {
	records, err := f.read()
	if err != nil {
		return nil, err
	}
	seen, err := f.seen(records)
	if err != nil {
		return nil, err
	}
	if made != nil && made.seen == seen {
		return made, nil
	}
	w.dir = f.Dir
	p := &planner{w: w, of: map[subjectID][]*Record{}, named: map[string]*Record{}, style: f.style}
	var names []string
	for _, r := range records {
		p.add(r)
		if !strings.Contains(r.File, "/") {
			names = append(names, r.File)
		}
	}
	if last := len(records) - 1; last >= 0 {
		p.style = records[last].style()
	}
	p.names = namingOf(names, p.style)
	for _, s := range subjects {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.subject(s)
	}
	if gone && len(subjects) > 0 {
		p.orphans(subjects)
	}
	p.Decided = len(subjects) - len(p.Open)
	p.full()
	p.sameNumbers()
	if err := p.index(f.Dir); err != nil {
		return nil, err
	}
	p.seen = seen
	return &p.Plan, nil
}

// seen is a sum of all records and of the page that lists them.
func (f Folder) seen(records []*Record) (sum [sha256.Size]byte, err error) {
	name := indexName(f.Dir)
	page, err := readFound(f.Dir, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return sum, err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %t %d\n%s", name, err == nil, len(page), page)
	for _, r := range records {
		fmt.Fprintf(h, "%q %d\n%s", r.File, len(r.raw), r.raw)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// history returns the records of a subject, oldest first, and the one that
// holds: the last that no other took the place of.
func (p *planner) history(kind Kind, id string) (list []*Record, holds *Record) {
	replaced := map[string]bool{}
	list = p.of[subjectID{kind, id}]
	for _, r := range list {
		replaced[r.supersedes] = true
	}
	for _, r := range list {
		if !replaced[r.File] {
			holds = r
		}
	}
	return list, holds
}

func (p *planner) subject(s *Subject) {
	list, r := p.history(s.Kind, s.ID)
	now := s.choices()
	if r != nil {
		p.retire(list, r)
	}
	switch was, is, flips := flipped(decidedOf(r), now); {
	case len(now) == 0 && r == nil:
		p.Open = append(p.Open, s.ID)
	case len(now) == 0:
		p.Records++
		if r.Live() {
			first := s.Advice[0].Next
			p.Remain = append(p.Remain, Finding{Kind: Stale, Record: r.File, ID: s.ID,
				Message: fmt.Sprintf("%s is undecided now: its answers leave %s", s.ID, s.Advice[0].Possible), Fix: fmt.Sprintf("answer %s", first)})
		}
	case r == nil:
		if !p.first(s) {
			p.without = append(p.without, s)
			return
		}
		p.Ahead = append(p.Ahead, Finding{Kind: Missing, ID: s.ID, Message: fmt.Sprintf("%s has no record", s.ID), Fix: fix, File: s.File, Place: s.Place})
	case flips:
		p.create(s, p.draft(s, r), r)
		p.Ahead = append(p.Ahead, Finding{Kind: Stale, Record: r.File, ID: s.ID,
			Message: fmt.Sprintf("%s was decided %s, but is %s now", was.id, was.verdict, is.verdict), Fix: fix})
	default:
		p.Records++
		p.renew(s, r)
	}
}

const fix = "run waitornot adr"

// full reports the decisions that got no record, as one finding, where the first of them is.
func (p *planner) full() {
	if len(p.without) == 0 {
		return
	}
	first := p.without[0]
	what := first.ID + " has no record"
	if more := len(p.without) - 1; more > 0 {
		what = fmt.Sprintf("%s and %d more have no record", first.ID, more)
	}
	way := "keep the records in several folders (--dir)"
	if first.Kind == Operation {
		way = "keep a record for each service instead (--per service), or several folders (--dir)"
	}
	p.Remain = append(p.Remain, Finding{Kind: Full, ID: first.ID, File: first.File, Place: first.Place, Fix: way,
		Message: fmt.Sprintf("%s: the folder is full, at %d records or %d MiB", what, MaxRecords, maxFirst>>20)})
}

func decidedOf(r *Record) []choice {
	if r == nil {
		return nil
	}
	return r.decided
}

// first writes the first record of a subject, unless the folder has no room for it. From
// then on it has none: another run would do the same.
func (p *planner) first(s *Subject) bool {
	if len(p.without) > 0 || len(p.records) >= MaxRecords {
		return false
	}
	r := p.draft(s, nil)
	if p.bytes+len(r.raw) > maxFirst {
		return false
	}
	p.create(s, r, nil)
	return true
}

// draft makes a new record, to take the place of an old one when there is one.
func (p *planner) draft(s *Subject, old *Record) *Record {
	title, verdict := s.title()
	r := &Record{Kind: s.Kind, ID: s.ID, Status: p.w.Status, Date: p.w.Today.Format(time.DateOnly), Title: strings.Join(strings.Fields(title), " ")}
	r.File = p.names.name(slug(s.ID, verdict), p.w.Today)
	if old != nil {
		r.supersedes = old.File
	}
	r.set(p.frame(r) + generated(p.w.body(s, r, old)))
	r.part, r.decided = cut(r.text), s.choices()
	return r
}

// create writes a drafted record, in the place of an old one when there is one.
func (p *planner) create(s *Subject, r, old *Record) {
	p.Records++
	p.Changes = append(p.Changes, Change{File: r.File, Action: Created, ID: s.ID, after: r.raw})
	if old != nil {
		p.supersede(old, r)
	}
	p.add(r)
}

// frame is what stands before the generated part of a new record.
func (p *planner) frame(r *Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nstatus: %s\ndate: %s\n%s: %s\n", r.Status, r.Date, r.Kind, quoted(r.ID))
	if r.supersedes != "" {
		fmt.Fprintf(&b, "supersedes: %s\n", quoted(r.supersedes))
	}
	b.WriteString("---\n\n# ")
	if p.style == adrTools {
		fmt.Fprintf(&b, "%d. ", number(r.File))
	}
	b.WriteString(r.Title + "\n\n")
	switch p.style {
	case adrTools:
		fmt.Fprintf(&b, "Date: %s\n\n## Status\n\n%s\n\n", r.Date, text.Capitalize(r.Status))
	case log4brains:
		fmt.Fprintf(&b, "- Status: %s\n- Date: %s\n\n", r.Status, r.Date)
	}
	return b.String()
}

// supersede marks a record as replaced.
func (p *planner) supersede(old, by *Record) {
	before := old.raw
	old.superseded(by)
	p.Changes = append(p.Changes, Change{File: old.File, Action: Superseded, ID: old.ID, before: before, after: old.raw})
}

// retire marks the records before the one that holds, which a run that was cut
// short may have left.
func (p *planner) retire(list []*Record, holds *Record) {
	for _, r := range list {
		if r != holds && r.Live() {
			p.Ahead = append(p.Ahead, Finding{Kind: Stale, Record: r.File, ID: r.ID,
				Message: fmt.Sprintf("it's superseded by %s, but its status is %s", label(holds.File), r.Status), Fix: fix})
			p.supersede(r, holds)
		}
	}
}

// renew brings the generated part of a record up to date.
func (p *planner) renew(s *Subject, r *Record) {
	if r.part.state != whole {
		p.Remain = append(p.Remain, Finding{Kind: HandEdited, Record: r.File, ID: s.ID,
			Message: "the generated part was edited by hand",
			Fix:     "move what you wrote below it and restore the rest; or delete the record and run waitornot adr"})
		return
	}
	body := p.w.body(s, r, p.named[r.supersedes])
	if body == r.part.body || !r.Live() {
		return
	}
	p.Ahead = append(p.Ahead, Finding{Kind: Stale, Record: r.File, ID: s.ID,
		Message: fmt.Sprintf("the rationale of %s has changed", s.ID), Fix: fix})
	before := r.raw
	r.renewed(body, p.w.Today.Format(time.DateOnly))
	p.Changes = append(p.Changes, Change{File: r.File, Action: Updated, ID: s.ID, before: before, after: r.raw})
}

// orphans reports the records whose subjects are gone.
func (p *planner) orphans(subjects []*Subject) {
	there := map[string]bool{}
	for _, s := range subjects {
		there[s.ID] = true
	}
	for _, r := range p.records {
		if r.Kind == subjects[0].Kind && !there[r.ID] && r.Live() {
			p.Remain = append(p.Remain, Finding{Kind: Orphaned, Record: r.File, ID: r.ID,
				Message: fmt.Sprintf("no manifest has the %s %s", r.Kind, r.ID), Fix: "set its status to deprecated, or bring it back"})
		}
	}
}

// sameNumbers reports the records whose number another of their folder has: branches
// that were merged gave it out twice. Links by number would lead to either.
func (p *planner) sameNumbers() {
	sortRecords(p.records)
	for i := 1; i < len(p.records); i++ {
		a, b := p.records[i-1], p.records[i]
		if number(a.File) == 0 || path.Dir(a.File) != path.Dir(b.File) || number(a.File) != number(b.File) || !a.ours() && !b.ours() {
			continue
		}
		p.Remain = append(p.Remain, Finding{Kind: SameNumber, Record: b.File, ID: b.ID,
			Message: fmt.Sprintf("%s has the same number", path.Base(a.File)),
			Fix:     fmt.Sprintf("rename the later one to %s, and fix the links to it", p.names.renamed(b.File))})
	}
}
