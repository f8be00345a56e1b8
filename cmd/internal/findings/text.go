package findings

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
)

// maxMessage is how many columns of a message people are shown: more than any
// rule writes, unless a name in it is absurd.
const maxMessage = 600

// mostRelated is how many related places people are shown.
const mostRelated = 8

// text writes for people: each finding with its place in the source.
func asText(w *markup.Writer, r *Report, l term.Layout) {
	t := texter{Writer: w, Layout: l}
	if r.Statistics {
		t.statistics(r.Findings)
	} else {
		texts := &library{open: r.Text}
		w.Each(len(r.Findings), func(w *markup.Writer) func(int) {
			one := texter{Writer: w, Layout: l, texts: cursors{library: texts}}
			return func(i int) { one.finding(&r.Findings[i]) }
		})
	}
	for _, u := range r.Unreadable {
		t.head(u.File, diag.Range{}, diag.Error, u.Err.Error(), "unreadable")
		t.gap()
	}
	if !l.Quiet {
		if l.Brief && len(r.Findings)+len(r.Unreadable) > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, r.Tally())
		t.ways(r)
	}
}

// ways says where the gravest finding is explained, and how many findings a machine can
// correct.
func (t *texter) ways(r *Report) {
	list := r.Findings
	if len(list) == 0 {
		return
	}
	gravest := &list[0]
	safe, unsafe := 0, 0
	for i := range list {
		f := &list[i]
		if f.Severity > gravest.Severity {
			gravest = f
		}
		switch {
		case len(f.Edits) == 0:
		case f.Safe:
			safe++
		default:
			unsafe++
		}
	}
	fmt.Fprintf(t, "why: waitornot explain %s\n", term.Safe(gravest.Code))
	const claims = "which changes what the manifest claims"
	switch {
	case r.Fixed:
	case safe > 0 && unsafe > 0:
		fmt.Fprintf(t, "fix: %s can be fixed with --fix, %d more with --unsafe-fixes, %s\n", text.Count(safe, "finding"), unsafe, claims)
	case safe > 0:
		fmt.Fprintf(t, "fix: %s can be fixed with --fix\n", text.Count(safe, "finding"))
	case unsafe > 0:
		fmt.Fprintf(t, "fix: %s can be fixed with --fix --unsafe-fixes, %s\n", text.Count(unsafe, "finding"), claims)
	}
}

// statistics counts findings by rule, the most frequent first.
func (t *texter) statistics(list []diag.Finding) {
	type count struct {
		rule *diag.Finding // its first finding
		n    int
	}
	at := map[string]int{}
	var counts []count
	for i := range list {
		code := list[i].Code
		if _, seen := at[code]; !seen {
			at[code] = len(counts)
			counts = append(counts, count{rule: &list[i]})
		}
		counts[at[code]].n++
	}
	slices.SortStableFunc(counts, func(a, b count) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.rule.Code, b.rule.Code))
	})
	for _, c := range counts {
		s := c.rule.Severity
		fmt.Fprintf(t, "%6d  %s  %s\n", c.n, t.Paint(term.SeverityStyle(s), fmt.Sprintf("%-7s", s)), term.Safe(label(c.rule)))
	}
	if len(counts) > 0 && !t.Quiet {
		t.WriteByte('\n')
	}
}

type texter struct {
	*markup.Writer
	term.Layout
	texts cursors
	mark  string // the longest so far
}

// gap separates what takes several lines.
func (t *texter) gap() {
	if !t.Brief {
		t.WriteByte('\n')
	}
}

func (t *texter) finding(f *diag.Finding) {
	t.head(f.File, f.Range, f.Severity, f.Message, label(f))
	if t.Brief {
		return
	}
	margin := t.snippet(f)
	if f.Fix != "" {
		t.note(margin, "fix", f.Fix)
	}
	shown := f.Related
	if len(shown) > mostRelated+1 {
		shown = shown[:mostRelated]
	}
	for _, also := range shown {
		t.note(margin, "see", place(also.File, also.Range)+": "+also.Message)
	}
	if more := len(f.Related) - len(shown); more > 0 {
		t.note(margin, "see", fmt.Sprintf("%d more places (all in --format json)", more))
	}
	t.gap()
}

// head writes the line that says everything: where, how grave, what, which rule.
func (t *texter) head(file string, at diag.Range, s diag.Severity, message, label string) {
	message = term.Safe(message)
	if len(message) > maxMessage {
		message = term.Cut(message, maxMessage)
	}
	t.write(t.Paint(term.Bold, term.Safe(place(file, at))), ": ",
		t.Paint(term.SeverityStyle(s).With(term.Bold), s.String()), ": ", message, " ", t.Paint(term.Faint, "("+term.Safe(label)+")"), "\n")
}

// place returns path:line:column, or the path alone.
func place(file string, at diag.Range) string {
	if !at.IsValid() {
		return file
	}
	return file + ":" + strconv.Itoa(int(at.Start.Line)) + ":" + strconv.Itoa(int(at.Start.Column))
}

// snippet writes the source line with a mark under the range, and returns the
// width of its margin. Of a range over several lines it marks the first.
func (t *texter) snippet(f *diag.Finding) int {
	number := strconv.Itoa(int(f.Range.Start.Line))
	margin := len(number) + 2
	c := t.texts.in(f.File)
	if c == nil || !c.seek(f.Range.Start) {
		return margin
	}
	room := max(t.Width-margin-len(" | "), 20)
	line, indent, length := excerpt(c, f.Range, room)
	bar := t.Paint(term.Faint, "|")
	t.write("  ", t.Paint(term.Faint, number), " ", bar, " ", line, "\n")
	t.blanks(margin)
	t.write(" ", bar, " ")
	t.blanks(indent)
	if len(t.mark) < length {
		t.mark = "^" + strings.Repeat("~", length-1)
	}
	t.write(t.Paint(term.SeverityStyle(f.Severity), t.mark[:length]), "\n")
	return margin
}

// excerpt returns what of the line at the cursor fits into room columns, so
// that the start of the range shows, with the column and the length of the
// mark.
func excerpt(c *cursor, at diag.Range, room int) (line string, indent, length int) {
	before, cutLeft := c.before(room)
	after, cutRight := c.after(room)
	marked := len(after)
	if at.End.Line == at.Start.Line {
		marked = prefix(after, int(at.End.Column)-int(at.Start.Column))
	}
	if !cutLeft && !cutRight && len(before)+len(after) <= room {
		// In most lines each character is one byte and takes one column.
		if line := string(c.data[c.at-len(before) : c.at+len(after)]); term.Cells(line) == len(line) {
			return strings.TrimRight(line, " "), len(before), max(1, min(marked, room-len(before)))
		}
	}
	left := visible(string(before), 0)
	mark := visible(string(after[:marked]), term.Cells(left))
	right := visible(string(after[marked:]), term.Cells(left+mark))

	if cutLeft || term.Cells(left+mark+right) > room {
		// Keep as much of what is marked as leaves a third for what comes before.
		keep := max(room/3, room-term.Cells(mark+right))
		if cutLeft && term.Cells(left) <= keep {
			left = "…" + left
		}
		left = term.CutLeft(left, keep)
	}
	indent = term.Cells(left)
	length = max(1, min(term.Cells(mark), room-indent))
	line = left + mark + right
	if cutRight && term.Cells(line) < room {
		line += "…"
	}
	return strings.TrimRight(term.Cut(line, room), " "), indent, length
}

// prefix returns the length in bytes of the first n code points.
func prefix(text []byte, n int) int {
	i := 0
	for ; n > 0 && i < len(text); n-- {
		_, size := utf8.DecodeRune(text[i:])
		i += size
	}
	return i
}

// visible returns source text fit for a terminal, with tabs as blanks; column
// is where it starts.
func visible(text string, column int) string {
	const tab = 4
	if !strings.Contains(text, "\t") {
		return term.Safe(text)
	}
	var b strings.Builder
	for i, part := range strings.Split(text, "\t") {
		if i > 0 {
			n := tab - column%tab
			b.WriteString(strings.Repeat(" ", n))
			column += n
		}
		part = term.Safe(part)
		b.WriteString(part)
		column += term.Cells(part)
	}
	return b.String()
}

// note writes a labelled remark under a finding, wrapped.
func (t *texter) note(margin int, label, remark string) {
	indent := margin + len(" = ") + len(label) + len(": ")
	for i, line := range term.Wrap(term.Safe(remark), max(t.Width-indent, 20)) {
		if i == 0 {
			t.blanks(margin)
			t.write(" ", t.Paint(term.Faint, "="), " ", t.Paint(term.Faint, label+":"), " ", line, "\n")
			continue
		}
		t.blanks(indent)
		t.write(line, "\n")
	}
}

// write writes texts one after another.
func (t *texter) write(texts ...string) {
	for _, s := range texts {
		_, _ = t.WriteString(s) // Flush returns the error
	}
}

// blanks writes n blanks.
func (t *texter) blanks(n int) {
	for range n {
		_ = t.WriteByte(' ')
	}
}
