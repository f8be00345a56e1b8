package prompt

import (
	"context"
	"math"
	"regexp"
	"strings"
	"sync"

	"github.com/charmbracelet/bubbles/cursor"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/x/ansi"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
)

// A page is one screen of a form: what stands above the fields, the fields, and
// what stands below.
type page struct {
	fields []field
	head   func(width int) []block
	foot   func() []block
	hidden func() bool    // nil when the page is always shown
	left   func()         // called when the page is left forwards; may be nil
	list   *choices       // the options, when the page has some
	help   func() []block // what ? explains; may be nil
	enter  func() string  // called when the page is reached: what is typed there already; may be nil
	stop   func() bool    // reports, once the page is left, whether the form ends there; may be nil
}

// A field is a field of the form library. Its value is checked here and not by
// the library, which refuses to go back from a field that its check rejects.
type field struct {
	huh.Field
	check func() string // says why the field cannot be left forwards; nil and "" when it can
	help  string        // what the keys do
}

// A block is a part of a screen that is left out when the terminal is too low:
// the one with the greatest spare first. Zero is never left out.
type block struct {
	text  string
	style term.Style
	spare int
	// instead is the spare of a block that this one stands in for: it is drawn only
	// when that one is left out. 0 stands in for none.
	instead int
	drawn   bool // it is laid out already
}

// someHeight is enough for every form. What does not fit a terminal is left out
// here, before the library has to.
const someHeight = 50

// widest is how many columns a form fills at most: longer lines are hard to
// read.
const widest = 100

// A terminal draws a form between the lines that belong to its page. It moves from
// field to field itself, at once, so that keys typed ahead reach the field they
// are meant for.
type terminal struct {
	form      *huh.Form
	pages     []page
	at        int // the page
	field     int // the field on it
	painter   term.Painter
	width     int
	height    int
	screen    *screen // keeps the cursor; nil when the output is no terminal
	complaint string  // why the field could not be left
	explains  bool    // what ? explains stands below the question
	over      bool
}

// run shows the form until it is answered.
func (p *forms) run(ctx context.Context, pages []page) error {
	h := &terminal{pages: pages, painter: p.painter, width: p.streams.Width(p.streams.Err)}
	for h.at < len(pages) && h.isHidden(h.at) {
		h.at++
	}
	if h.at == len(pages) {
		return nil
	}
	h.enter()
	h.form = newForm(pages, p.streams.Err, p.painter.Color)
	h.pass(tea.WindowSizeMsg{Width: h.columns(), Height: someHeight}) // a terminal that does not know its size says 0
	err := p.show(ctx, h, func(s *screen) { h.screen = s })
	if err == nil && !h.over {
		err = dialog.ErrInterrupted // the terminal went away
	}
	return err
}

// show runs a model on the alternate screen, where each frame is drawn whole: a terminal
// of another size leaves nothing behind, and what stood before comes back in the end.
func (p *forms) show(ctx context.Context, model tea.Model, with func(*screen)) error {
	out, s := newScreen(p.streams.Err)
	if with != nil {
		with(s)
	}
	return dialog.Run(ctx, model, p.streams.In, out, tea.WithAltScreen())
}

func (h *terminal) isHidden(i int) bool { return h.pages[i].hidden != nil && h.pages[i].hidden() }

// Init starts the form.
func (h *terminal) Init() tea.Cmd { return h.form.Init() }

// Update takes one message of the terminal.
func (h *terminal) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return h, h.resize(msg)
	case tea.KeyMsg:
		return h, h.key(msg)
	case cursor.BlinkMsg:
		return h, nil // the terminal's own cursor is shown, and blinks as its user likes
	}
	return h, h.pass(msg)
}

// pass hands a message to the form.
func (h *terminal) pass(msg tea.Msg) tea.Cmd {
	_, cmd := h.form.Update(msg)
	return cmd
}

// resize lays the form out anew on a clean screen: a terminal that became narrower has
// broken the lines.
func (h *terminal) resize(msg tea.WindowSizeMsg) tea.Cmd {
	h.width, h.height = msg.Width, msg.Height
	return tea.Batch(tea.ClearScreen, h.pass(tea.WindowSizeMsg{Width: h.columns(), Height: someHeight}))
}

func (h *terminal) columns() int { return min(h.width, widest) }

func (h *terminal) key(msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "enter", "tab":
		return h.forward(msg)
	case "shift+tab":
		return h.back(msg)
	}
	h.complaint = ""
	if list := h.pages[h.at].list; list != nil && (msg.Type == tea.KeyUp || msg.Type == tea.KeyDown) {
		h.mark(msg.Type == tea.KeyDown)
		return nil
	}
	if len(msg.Runes) > 0 {
		msg.Runes = []rune(term.CleanPart(string(msg.Runes)))
		if len(msg.Runes) == 0 {
			return nil
		}
		// No answer holds a question mark; a name may.
		if p := &h.pages[h.at]; string(msg.Runes) == "?" && p.help != nil && (h.isEmpty() || p.list != nil) {
			h.explains = !h.explains
			return nil
		}
	}
	if h.isEmpty() && msg.Type == tea.KeyCtrlD {
		return nil // it neither answers nor moves
	}
	for range h.codePoints(msg) - 1 {
		h.pass(msg)
	}
	return h.pass(msg)
}

// codePoints returns how many code points a key passes over or deletes: all of what people
// take for one character, a flag or a family. The form library takes one at a time.
func (h *terminal) codePoints(msg tea.KeyMsg) int {
	before, after, found := strings.Cut(ansi.Strip(h.form.View()), cursorMark)
	if !found {
		return 1
	}
	switch msg.Type {
	case tea.KeyBackspace, tea.KeyLeft:
		return term.LastCharacter(before)
	case tea.KeyDelete, tea.KeyRight:
		return term.FirstCharacter(after)
	}
	return 1
}

// mark moves the mark of a list down or up. What was typed goes: one of the two counts,
// and that is the one used last.
func (h *terminal) mark(down bool) {
	list, by := h.pages[h.at].list, 1
	if !down {
		by = -1
	}
	list.move(by)
	marked := list.marked
	h.pass(tea.KeyMsg{Type: tea.KeyEnd})
	h.pass(tea.KeyMsg{Type: tea.KeyCtrlU})
	list.marked, list.typed = marked, ""
}

// isEmpty reports whether nothing is typed in the field at hand.
func (h *terminal) isEmpty() bool {
	value, ok := h.pages[h.at].fields[h.field].GetValue().(string)
	return ok && value == ""
}

// forward leaves the field forwards when its value is accepted.
func (h *terminal) forward(msg tea.KeyMsg) tea.Cmd {
	h.pass(msg) // the field takes its value over; where to go is said below
	p := &h.pages[h.at]
	if f := p.fields[h.field]; f.check != nil {
		if h.complaint = f.check(); h.complaint != "" {
			return nil
		}
	}
	if h.field+1 < len(p.fields) {
		h.field++
		return h.form.NextField()
	}
	if p.left != nil {
		p.left()
	}
	if p.stop != nil && p.stop() {
		h.over = true
		return tea.Quit
	}
	h.explains = false
	for h.at++; h.at < len(h.pages) && h.isHidden(h.at); {
		h.at++
	}
	if h.at == len(h.pages) {
		h.over = true
		return tea.Quit
	}
	h.field = 0
	h.enter()
	return h.form.NextGroup()
}

// enter prepares the page at hand.
func (h *terminal) enter() {
	if p := &h.pages[h.at]; p.enter != nil {
		p.list.put(p.enter())
	}
}

// back leaves the field backwards, whatever is in it.
func (h *terminal) back(msg tea.KeyMsg) tea.Cmd {
	h.complaint, h.explains = "", false
	if h.field > 0 {
		h.pass(msg)
		h.field--
		return h.form.PrevField()
	}
	to := h.at - 1
	for to >= 0 && h.isHidden(to) {
		to--
	}
	if to < 0 {
		return nil
	}
	h.pass(msg)
	h.at, h.field = to, len(h.pages[to].fields)-1
	h.enter()
	return h.form.PrevGroup()
}

// View draws the screen.
func (h *terminal) View() string {
	if h.over {
		return ""
	}
	lines := h.fit(h.blocks(everything))
	if h.explains && h.height > 0 {
		for room := len(h.explanation()) - 1; len(lines) > h.height && room >= 0; room-- {
			lines = h.fit(h.blocks(room))
		}
	}
	if h.height > 0 && len(lines) > h.height { // the line that is typed in stands at the end
		lines = lines[len(lines)-h.height:]
	}
	h.screen.place(takeMark(lines))
	return strings.Join(lines, "\n")
}

// explanation returns what ? shows on the page at hand, as lines.
func (h *terminal) explanation() []string {
	var lines []string
	for _, b := range h.pages[h.at].help() {
		lines = append(lines, term.Wrap(b.text, h.columns())...)
	}
	return lines
}

// everything is room for all of an explanation.
const everything = math.MaxInt

// blocks returns the parts of the screen from top to bottom, the form among
// them, and of an explanation as many lines as there is room for.
func (h *terminal) blocks(room int) []block {
	p := &h.pages[h.at]
	width := h.columns()
	blocks := p.head(width)
	if h.explains {
		lines := h.explanation()
		if room < len(lines) {
			lines = append(lines[:room:room], "… a taller window shows the rest")
		}
		blocks = append(blocks, block{text: strings.Join(lines, "\n"), drawn: true}, block{spare: spareGap})
	}
	if p.list != nil {
		blocks = append(blocks, p.list.blocks(width)...)
		blocks = append(blocks, block{spare: spareGap})
	}
	blocks = append(blocks, block{text: trimForm(h.form.View()), drawn: true}, block{spare: spareGap})
	if h.complaint != "" {
		blocks = append(blocks, block{text: h.complaint, style: term.Red})
	}
	blocks = append(blocks, p.foot()...)
	return append(blocks, block{spare: spareGap}, block{text: p.fields[h.field].help, style: term.Faint, spare: spareHelp},
		block{text: "? explain · ctrl+c stop", style: term.Faint, spare: spareKeys, instead: spareHelp})
}

// The order in which parts are left out of a low terminal.
const (
	spareOptions  = iota + 1 // the options on lines of their own
	spareState               // where the interview stands
	spareTest                // where in the interview a question stands, and what it is about
	spareKeys                // the most needed keys, where all have no room
	spareHelp                // the keys
	spareMeans               // what the options mean
	spareExamples            // examples
	spareGap                 // empty lines
)

// trimForm takes the padding off what the form library draws.
func trimForm(view string) string {
	lines := strings.Split(view, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// fit lays the blocks out as lines, without those that a low terminal has no
// room for.
func (h *terminal) fit(blocks []block) []string {
	return dialog.Fit(h.height, spareGap, func(without int) []string { return h.lay(blocks, spareGap-without) })
}

// lay draws the blocks whose spare is at most most.
func (h *terminal) lay(blocks []block, most int) []string {
	var lines []string
	for _, b := range blocks {
		if b.spare > most || b.instead > 0 && b.instead <= most {
			continue
		}
		if b.drawn {
			lines = append(lines, strings.Split(b.text, "\n")...)
			continue
		}
		if b.text == "" && len(lines) > 0 && lines[len(lines)-1] == "" {
			continue
		}
		for _, l := range term.Wrap(b.text, h.columns()) {
			lines = append(lines, h.paint(b.style, l))
		}
	}
	return lines
}

// verdictWords finds the verdicts in a line. It is made when the first line is
// painted: other commands start without it.
var verdictWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(` + strings.Join(verdictNames(), "|") + `)\b`)
})

// paint paints a line in its style, and the verdicts in a line of no style.
func (h *terminal) paint(style term.Style, line string) string {
	if style != term.Plain {
		return h.painter.Paint(style, line)
	}
	return verdictWords().ReplaceAllStringFunc(line, func(word string) string {
		v, _ := decide.ParseVerdict(word)
		return h.painter.Paint(term.VerdictStyle(v), word)
	})
}
