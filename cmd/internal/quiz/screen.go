package quiz

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
)

// Screen plays a game on a terminal: what was said scrolls up and stays, the
// question at hand stands below it, and a single key answers.
func Screen(ctx context.Context, g *Game, s term.Streams) (End, error) {
	b := &screenModel{game: g, full: g.Pen.Width}
	err := dialog.Run(ctx, b, s.In, s.Err)
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

// A screenModel is the part of the screen that changes.
type screenModel struct {
	game   *Game
	ask    Ask
	cursor int      // the option that enter says; -1 for none
	typed  string   // where a text is asked for
	height int      // rows of the terminal; 0 until it is known
	full   int      // columns that text may fill at most
	queue  []string // lines that wait to be read, because the terminal is low
	over   bool
	end    End
	err    error
}

// tickEvery is how often the clock is looked at.
const tickEvery = 200 * time.Millisecond

type tickMsg time.Time

func tick() tea.Cmd { return tea.Tick(tickEvery, func(t time.Time) tea.Msg { return tickMsg(t) }) }

// Init shows the first card.
func (b *screenModel) Init() tea.Cmd {
	b.next()
	return tea.Batch(b.show(b.game.Lead()), tick())
}

// show puts text above the board. What a low terminal has no room for waits, so
// that nothing scrolls away unread.
func (b *screenModel) show(text string) tea.Cmd {
	if text != "" {
		b.queue = append(b.queue, strings.Split(strings.TrimSuffix(text, "\n"), "\n")...)
	}
	return b.flush()
}

// flush puts as much of the queue above the board as there is room for.
func (b *screenModel) flush() tea.Cmd {
	n := len(b.queue)
	if n == 0 {
		return nil
	}
	if b.height > 0 && !b.over && n > b.height-len(b.lines())-1 {
		n = pageBreak(b.queue, b.height-2)
	}
	text := strings.Join(b.queue[:n], "\n")
	b.queue = b.queue[n:]
	return tea.Println(text)
}

// pageBreak returns how many lines to show on a page: at most most, and if
// possible not in the middle of an item.
func pageBreak(lines []string, most int) int {
	most = max(1, most)
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

// next takes the question at hand, or ends.
func (b *screenModel) next() {
	var ok bool
	b.ask, ok = b.game.Ask()
	b.cursor, b.typed = -1, ""
	if !ok {
		b.over = true
	}
}

// Update takes one message of the terminal.
func (b *screenModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		b.game.Pen.Width, b.height = min(msg.Width, b.full), msg.Height
	case tickMsg:
		if b.game.timeOver() {
			return b, b.play(Move{Do: Tick})
		}
		if !b.over {
			return b, tick()
		}
	case tea.KeyMsg:
		return b, b.keys(msg)
	}
	return b, nil
}

// keys takes what was typed since the last message.
func (b *screenModel) keys(msg tea.KeyMsg) tea.Cmd {
	if b.ask.Text && len(b.queue) == 0 && !b.over {
		return b.text(msg)
	}
	var cmds []tea.Cmd
	for _, key := range dialog.Keys(msg) {
		cmds = append(cmds, b.key(key))
	}
	return tea.Sequence(cmds...)
}

// text takes what is typed or pasted where a text is asked for.
func (b *screenModel) text(msg tea.KeyMsg) tea.Cmd {
	switch key := msg.String(); {
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
		return b.play(Move{Do: Skip})
	case key == "esc", key == "ctrl+d":
		return b.quit()
	}
	return nil
}

func (b *screenModel) key(key string) tea.Cmd {
	if b.over {
		return nil
	}
	switch {
	case key == "q", key == "esc", key == "ctrl+d":
		return b.quit()
	case len(b.queue) > 0:
		return b.flush()
	}
	switch key {
	case "?":
		return b.play(Move{Do: Hint})
	case ">", "tab":
		return b.play(Move{Do: Skip})
	case "<", "shift+tab", "backspace":
		return b.play(Move{Do: Back})
	case "up", "k":
		b.cursor = max(b.cursor-1, 0)
	case "down", "j":
		b.cursor = min(b.cursor+1, len(b.ask.Options)-1)
	case "enter":
		if b.cursor >= 0 {
			return b.play(Move{Word: b.ask.Options[b.cursor].Word})
		}
	default:
		if saysNo(b.ask, strings.ToLower(key)) {
			return b.play(Move{Word: decide.No.String()})
		}
		i := slices.IndexFunc(b.ask.Options, func(o dialog.Option) bool { return o.Key == strings.ToLower(key) })
		if i >= 0 {
			return b.play(Move{Word: b.ask.Options[i].Word})
		}
	}
	return nil
}

func (b *screenModel) quit() tea.Cmd {
	b.over, b.end = true, Stopped
	return tea.Quit
}

// play makes a move and shows what came of it.
func (b *screenModel) play(m Move) tea.Cmd {
	text, err := b.game.Play(m)
	if err != nil {
		b.over, b.end, b.err = true, Stopped, err
		return tea.Quit
	}
	b.next()
	if b.over {
		return tea.Sequence(b.show(text), tea.Quit)
	}
	if m.Do == Tick {
		return tea.Batch(b.show(text), tick())
	}
	return b.show(text)
}

// View draws the question at hand, or while text waits to be read how to go on.
func (b *screenModel) View() string {
	switch {
	case b.over:
		return ""
	case len(b.queue) > 0:
		return b.game.Pen.Paint(term.Faint, "any key: read on · q stop")
	}
	return strings.Join(b.lines(), "\n")
}

// lines returns the lines of the question at hand. Where the terminal is low,
// the help goes first and then what the options mean.
func (b *screenModel) lines() []string {
	return dialog.Fit(b.height-1, 2, b.lay) // what was said last ends above
}

func (b *screenModel) lay(spare int) []string {
	p := b.game.Pen
	head := p.Paint(term.Cyan, b.ask.Name)
	if clock := b.game.Clock(); clock != "" {
		head += p.Paint(term.Faint, " · "+clock)
	}
	text := "\n" + head + "\n" + p.Paint(term.Bold, strings.TrimSuffix(p.para(0, b.ask.Title), "\n")) + "\n"
	if spare < 1 && b.ask.Help != "" {
		text += p.para(0, b.ask.Help)
	}
	if b.ask.Text {
		text += p.para(0, "> "+b.typed+"_")
		return strings.Split(text+p.Paint(term.Faint, "enter goes on · tab pass over · esc stop"), "\n")
	}
	list := dialog.List{Options: b.ask.Options, Marked: b.cursor, Means: spare < 2, Painter: p.Painter}
	text += strings.Join(list.Lines(p.Width), "\n") + "\n"
	keys := "? hint · < back · > pass over · q stop"
	if p.Width >= 60 {
		keys = "a key or ↑ ↓ enter · " + keys
	}
	return strings.Split(text+p.Paint(term.Faint, keys), "\n")
}
