package quiz

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// Screen plays a game on a terminal, one screen for each step: the card stays in view, the
// question stands below it, and a single key answers. The terminal gets its own screen
// back in the end.
func Screen(ctx context.Context, g *Game, s term.Streams) (End, error) {
	b := &screenModel{game: g, seen: -1}
	err := dialog.Run(ctx, b, s.In, s.Err, tea.WithAltScreen())
	switch {
	case b.err != nil:
		return b.end, b.err
	case errors.Is(err, dialog.ErrInterrupted):
		return Interrupted, nil
	case err != nil:
		return Stopped, err
	case !b.over:
		return Stopped, nil // the terminal went away
	}
	return b.end, nil
}

// A screenModel is the screen: everything on it is drawn anew whenever something changed,
// the size included.
type screenModel struct {
	game   *Game
	step   practice.Step
	ask    Ask
	cursor int    // the option that enter says; -1 for none
	typed  string // where a text is asked for
	note   Draw   // stands beside the question
	pages  []page // wait to be read before the question
	top    int    // the line of the first page that is read next
	seen   int    // the last card whose front was on the screen, by its index
	stage  bool   // the reasons of a mock were announced
	height int    // rows of the terminal; 0 until it is known
	over   bool
	end    End
	err    error
}

// A page is text that is read before anything else is asked. It is as many screens as it
// takes.
type page struct {
	place string
	scene Draw // stays in view
	text  Draw

	width int      // for which lines were made
	lines []string // of text: an outage that is simulated isn't simulated again for each tick of the clock
}

// read returns the lines of the text.
func (x *page) read(p Writer) []string {
	if x.width != p.Width {
		x.width, x.lines = p.Width, split(x.text.text(p))
	}
	return x.lines
}

// fullest is how many columns text fills at most: long lines are hard to read.
const fullest = 100

// tickEvery is how often the clock is looked at.
const tickEvery = 200 * time.Millisecond

type tickMsg time.Time

func tick() tea.Cmd { return tea.Tick(tickEvery, func(t time.Time) tea.Msg { return tickMsg(t) }) }

// Init takes up the first step.
func (b *screenModel) Init() tea.Cmd {
	b.next()
	return tick()
}

// Update takes one message of the terminal.
func (b *screenModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		b.game.Writer.Width, b.height = min(msg.Width, fullest), msg.Height
		b.top = 0
		b.settle()
	case tickMsg:
		if b.game.timeOver() {
			return b, b.play(Move{Kind: Tick})
		}
		if !b.over {
			return b, tick()
		}
	case tea.KeyMsg:
		return b, b.keys(msg)
	}
	return b, nil
}

// next takes the question at hand up, or ends.
func (b *screenModel) next() {
	step, ok := b.game.Session.Step()
	b.cursor, b.typed = -1, ""
	if !ok {
		b.over = len(b.pages) == 0
		return
	}
	b.step, b.ask = step, b.game.Wording.Ask(step)
	if s := b.game.Session; s.Mode == practice.Mock && (b.seen < 0 || b.stage != s.Second()) {
		b.stage = s.Second()
		b.pages = append(b.pages, page{text: b.game.Stage})
		b.seen = -1
	}
	b.settle()
}

// settle has read first what the terminal has no room for beside the question.
func (b *screenModel) settle() {
	if b.height == 0 || b.over {
		return
	}
	if b.note != nil && len(b.lay(spareScene)) > b.height {
		b.pages = append(b.pages, page{place: b.game.place(b.step), scene: b.scene(), text: b.note})
		b.note = nil
	}
	if b.seen != b.step.Index {
		b.seen = b.step.Index
		if b.isHidden() {
			b.pages = append(b.pages, b.card())
		}
	}
}

// isHidden reports whether the terminal has no room for the card beside the question.
func (b *screenModel) isHidden() bool {
	return b.height > 0 && len(b.lay(spareMeanings)) > b.height
}

// scene tells what is given of the card at hand.
func (b *screenModel) scene() Draw {
	step := b.step
	return func(p Writer) string { return b.game.Scene(p, step) }
}

// card is the card at hand, to be read by itself.
func (b *screenModel) card() page { return page{place: b.game.place(b.step), text: b.scene()} }

// keys takes what was typed since the last message.
func (b *screenModel) keys(msg tea.KeyMsg) tea.Cmd {
	if b.writes(msg) {
		return b.text(msg)
	}
	var cmds []tea.Cmd
	keys := dialog.Keys(msg)
	for i, key := range keys {
		if b.asksText() && len(b.pages) == 0 { // typed ahead of the question
			return tea.Sequence(append(cmds, b.text(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Join(keys[i:], ""))}))...)
		}
		cmds = append(cmds, b.key(key))
	}
	return tea.Sequence(cmds...)
}

// asksText reports whether the question at hand is answered in words.
func (b *screenModel) asksText() bool { return b.ask.Text && !b.over }

// writes reports whether a message belongs to the text of an answer. What is pasted, or
// comes as several characters at once, does so even while something is read before the
// question: it's no key that reads on.
func (b *screenModel) writes(msg tea.KeyMsg) bool {
	switch {
	case !b.asksText():
		return false
	case len(b.pages) == 0:
		return true
	case msg.Type != tea.KeyRunes || !msg.Paste && len(msg.Runes) < 2:
		return false
	}
	if _, shown, all := b.reading(); len(b.pages) == 1 && b.top+shown >= all {
		b.pages, b.top = nil, 0
	}
	return true
}

// text takes what is typed or pasted where a text is asked for.
func (b *screenModel) text(msg tea.KeyMsg) tea.Cmd {
	switch key := msg.String(); {
	case msg.Type == tea.KeySpace && b.typed == "":
		if b.isHidden() {
			b.pages = append(b.pages, b.card())
		}
	case msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace:
		b.typed += strings.Join(strings.Fields(" "+string(msg.Runes)+" "), " ")
		if msg.Type == tea.KeySpace || strings.HasSuffix(string(msg.Runes), " ") {
			b.typed += " "
		}
	case key == "backspace":
		typed := []rune(b.typed)
		b.typed = string(typed[:max(len(typed)-term.LastCharacter(b.typed), 0)])
	case key == "ctrl+u":
		b.typed = ""
	case key == "enter":
		return b.play(Move{Word: b.typed})
	case key == "tab":
		return b.play(Move{Kind: Skip})
	case key == "shift+tab":
		return b.play(Move{Kind: Back})
	case key == "esc", key == "ctrl+d":
		return b.quit()
	}
	return nil
}

func (b *screenModel) key(key string) tea.Cmd {
	if b.over {
		return nil
	}
	switch key {
	case "q", "esc", "ctrl+d":
		return b.quit()
	case "u", "<", "shift+tab", "backspace":
		b.pages, b.top = nil, 0
		return b.play(Move{Kind: Back})
	}
	if len(b.pages) > 0 {
		return b.readOn()
	}
	switch key {
	case " ":
		b.pages = append(b.pages, b.card())
	case "?":
		return b.play(Move{Kind: Hint})
	case ">", "tab":
		return b.play(Move{Kind: Skip})
	case "up", "k":
		b.cursor = max(b.cursor-1, 0)
	case "down", "j":
		b.cursor = min(b.cursor+1, len(b.ask.Options)-1)
	case "enter":
		if b.cursor >= 0 {
			return b.play(Move{Word: b.ask.Options[b.cursor].Word})
		}
		b.note = b.keysNote()
	default:
		if saysNo(b.ask, strings.ToLower(key)) {
			return b.play(Move{Word: decide.No.String()})
		}
		i := slices.IndexFunc(b.ask.Options, func(o dialog.Option) bool { return o.Key == strings.ToLower(key) })
		if n, err := strconv.Atoi(key); i < 0 && err == nil && 0 < n && n <= len(b.ask.Options) {
			i = n - 1
		}
		if i >= 0 {
			return b.play(Move{Word: b.ask.Options[i].Word})
		}
		b.note = b.keysNote()
	}
	return nil
}

// keysNote says which keys choose an option, after one that doesn't.
func (b *screenModel) keysNote() Draw {
	var keys []string
	for _, o := range b.ask.Options {
		keys = append(keys, o.Key)
	}
	return note("", "Press "+text.List(keys, "or")+".").Note
}

// readOn shows the next screen of what waits to be read, or goes on.
func (b *screenModel) readOn() tea.Cmd {
	_, shown, all := b.reading()
	if b.top += shown; b.top < all {
		return nil
	}
	b.pages, b.top = b.pages[1:], 0
	if len(b.pages) == 0 && b.game.Session.Done() {
		b.over = true
		return tea.Quit
	}
	return nil
}

func (b *screenModel) quit() tea.Cmd {
	b.over, b.end = true, Stopped
	if b.game.Session.Done() {
		b.end = Finished
	}
	return tea.Quit
}

// play makes a move and shows what came of it.
func (b *screenModel) play(m Move) tea.Cmd {
	before := b.step
	told, err := b.game.Play(m)
	if err != nil {
		b.over, b.end, b.err = true, Stopped, err
		return tea.Quit
	}
	b.note = told.Note
	if told.Read != nil {
		full := before
		if full.Part == practice.PartAsk {
			full.Asking = nil
		}
		scene := func(p Writer) string { return b.game.Scene(p, full) + b.game.changed(p, before) }
		b.pages = append(b.pages, page{place: b.game.place(before), scene: scene, text: told.Read})
	}
	b.next()
	switch {
	case b.over:
		return tea.Quit
	case m.Kind == Tick:
		return tick()
	}
	return nil
}

// View draws what waits to be read, or else the question at hand.
func (b *screenModel) View() string {
	switch {
	case b.over:
		return ""
	case len(b.pages) > 0:
		lines, _, _ := b.reading()
		return strings.Join(lines, "\n")
	}
	lines := dialog.Fit(b.height, spareScene, b.lay)
	return strings.Join(b.window(lines), "\n")
}

// reading returns the screen of what is read now, how many lines of it are shown, and how
// many there are.
func (b *screenModel) reading() (lines []string, shown, all int) {
	p := b.game.Writer
	now := &b.pages[0]
	text := now.read(p)
	var head []string
	if now.place != "" {
		head = []string{p.Paint(term.Faint, now.place)}
	}
	scene := split(now.scene.text(p))
	const least = 5 // lines to read on a screen
	if b.height == 0 || len(head)+len(scene)+2+min(least, len(text)) <= b.height {
		if head = append(head, scene...); len(scene) > 0 {
			head = append(head, "")
		}
	}
	room := len(text)
	if b.height > 0 {
		room = max(1, b.height-len(head)-1)
	}
	b.top = min(b.top, max(0, len(text)-1))
	shown = pageBreak(text[b.top:], room)
	keys := "any key: continue · u undo · q stop"
	if b.top+shown < len(text) {
		keys = "any key: more · u undo · q stop"
	}
	return slices.Concat(head, text[b.top:b.top+shown], []string{p.Paint(term.Faint, keys)}), shown, len(text)
}

// pageBreak returns how many lines to show on a page: at most most, and if
// possible not in the middle of an item.
func pageBreak(lines []string, most int) int {
	if len(lines) <= most {
		return len(lines)
	}
	const look = 8
	for n := most; n > max(1, most-look); n-- {
		if !strings.HasPrefix(lines[n], strings.Repeat(" ", label)) {
			return n
		}
	}
	return most
}

// What is spared, in this order, where a terminal is too low for everything.
const (
	spareHelp     = iota + 1 // what explains the question
	spareBlanks              // blank lines, and what was said so far
	spareMeanings            // what options mean
	spareScene               // the card, which the space key shows
)

// lay draws the question at hand.
func (b *screenModel) lay(spare int) []string {
	p := b.game.Writer
	lines := []string{b.head(spare >= spareScene)}
	blank := func() {
		if spare < spareBlanks {
			lines = append(lines, "")
		}
	}
	if spare < spareScene {
		lines = append(lines, split(b.game.Scene(p, b.step))...)
		lines = append(lines, split(b.game.changed(p, b.step))...)
		if spare < spareBlanks {
			lines = append(lines, split(b.game.sofar(p, b.step))...)
		}
		blank()
	}
	if note := split(b.note.text(p)); len(note) > 0 {
		lines = append(lines, note...)
		blank()
	}
	for _, l := range split(p.para(0, b.ask.Title)) {
		lines = append(lines, p.Paint(term.Bold, l))
	}
	if spare < spareHelp && b.ask.Help != "" {
		lines = append(lines, split(p.para(0, b.ask.Help))...)
	}
	if b.ask.Text {
		typed := split(p.para(0, "> "+b.typed+"_"))
		if room := b.height - len(lines) - 1; spare >= spareScene && room > 0 && len(typed) > room {
			typed = typed[len(typed)-room:] // the end is what is being typed
		}
		return append(append(lines, typed...), p.Paint(term.Faint, b.hintFor("enter continue · shift+tab undo · tab skip · esc stop", "enter continue · tab skip · esc stop")))
	}
	list := dialog.List{Options: b.ask.Options, Marked: b.cursor, Means: spare < spareMeanings, Painter: p.Painter}
	lines = append(lines, list.Lines(p.Width)...)
	return append(lines, p.Paint(term.Faint, b.hintFor("a key or ↑ ↓ enter · ? hint · u undo · > skip · q stop", "? hint · u undo · > skip · q stop")))
}

// head says where in the session the question stands, how much time is left, and how to
// see the card where it isn't in view.
func (b *screenModel) head(hidden bool) string {
	place, clock := b.game.place(b.step), b.game.Clock()
	if clock != "" {
		clock = " · " + clock
	}
	if hidden {
		clock += " · space: card"
	}
	room := b.game.Writer.Width - term.Cells(clock)
	return b.game.Writer.Paint(term.Faint, term.Cut(place, room)) + b.game.Writer.Paint(term.Cyan, clock)
}

// hintFor returns the keys in as many words as there is room for.
func (b *screenModel) hintFor(long, short string) string {
	if term.Cells(long) > b.game.Writer.Width {
		return short
	}
	return long
}

// window returns as many lines as the terminal has: where not even the options have room,
// those around the one that is marked.
func (b *screenModel) window(lines []string) []string {
	if b.height == 0 || len(lines) <= b.height {
		return lines
	}
	const place = 1
	body := lines[place : len(lines)-1]
	room := max(1, b.height-place-1)
	upTo := func(option int) int { // lines, from the question to the end of an option
		after := dialog.List{Options: b.ask.Options[option+1:], Marked: -1, Painter: b.game.Writer.Painter}
		return len(body) - len(after.Lines(b.game.Writer.Width))
	}
	from := 0
	if b.cursor >= 0 {
		from = max(0, upTo(b.cursor)-room)
	}
	keys := b.hintFor("↑ ↓ for more · ? hint · u undo · > skip · q stop", "↑ ↓ for more · u undo · q stop")
	return slices.Concat(lines[:place], body[from:min(from+room, len(body))], []string{b.game.Writer.Paint(term.Faint, keys)})
}

// split returns the lines of a text.
func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
