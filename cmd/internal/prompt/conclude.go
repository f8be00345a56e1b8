package prompt

import (
	"context"
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
)

// A Conclusion is how a decision came out.
type Conclusion struct {
	Short   []Passage                // the verdict first
	Details func(width int) []string // everything, laid out and painted
}

// A Passage is a paragraph in one style. Its text is safe to print.
type Passage struct {
	Text  string
	Style term.Style
}

// Conclude shows a conclusion, and reports whether its operation is to be kept.
func (p *forms) Conclude(ctx context.Context, c Conclusion) (bool, error) {
	r := &reader{conclusion: &c, painter: p.painter, width: p.streams.Width(p.streams.Err)}
	if err := p.show(ctx, r, nil); err != nil {
		return false, err
	}
	if !r.over {
		return false, dialog.ErrInterrupted // the terminal went away
	}
	return r.save, nil
}

// A reader shows a conclusion: the verdict and its reason, and on a key everything.
type reader struct {
	conclusion    *Conclusion
	painter       term.Painter
	width, height int
	details       bool // everything is shown
	explains      bool // what the keys do
	top           int  // the first line that is shown
	save          bool
	over          bool
}

// Init waits for the first key.
func (r *reader) Init() tea.Cmd { return nil }

// Update takes one message of the terminal.
func (r *reader) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.width, r.height = msg.Width, msg.Height
		return r, tea.ClearScreen
	case tea.KeyMsg:
		for _, key := range dialog.Keys(msg) {
			if cmd := r.key(key); cmd != nil {
				return r, cmd
			}
		}
	}
	return r, nil
}

func (r *reader) key(name string) tea.Cmd {
	page := max(r.room()-1, 1)
	switch name {
	case "enter", "q", "esc":
		r.over = true
		return tea.Quit
	case "s", "S":
		r.save, r.over = true, true
		return tea.Quit
	case "d", "D":
		r.details, r.explains, r.top = !r.details, false, 0
	case "?":
		r.explains, r.top = !r.explains, 0
	case "down", "j":
		r.top++
	case "up", "k":
		r.top--
	case "pgdown", "space", " ":
		r.top += page
	case "pgup", "b":
		r.top -= page
	case "home", "g":
		r.top = 0
	case "end", "G":
		r.top = len(r.body())
	}
	r.top = min(max(r.top, 0), max(len(r.body())-r.room(), 0))
	return nil
}

func (r *reader) columns() int { return min(r.width, widest) }

// help says what the keys do, in few words.
func (r *reader) help() []string {
	details := "d details"
	if r.details {
		details = "d verdict"
	}
	keys := details + " · s save to a manifest · enter done · ? explain · ctrl+c stop"
	if len(r.body()) > r.bare() {
		keys = "↑ ↓ scroll · " + keys
	}
	return term.Wrap(keys, r.columns())
}

// bare is how many lines there are for the body when the keys take three.
func (r *reader) bare() int {
	if r.height <= 0 {
		return 1 << 20
	}
	return max(r.height-3, 1)
}

// room is how many lines of the body are shown.
func (r *reader) room() int {
	if r.height <= 0 {
		return 1 << 20
	}
	return max(r.height-len(r.help())-1, 1)
}

// body returns the lines above the keys.
func (r *reader) body() []string {
	switch {
	case r.explains:
		return term.Wrap(explainKeys, r.columns())
	case r.details:
		return r.conclusion.Details(r.columns())
	}
	return r.conclusion.Lines(r.painter, r.columns())
}

const explainKeys = "d shows everything: what each answer argues for, the safeguards, pros and cons, the pattern, and what would change the verdict.\n" +
	"s adds the operation to a manifest.\n" +
	"enter, q, or esc leaves; the verdict stays on the terminal.\n" +
	"↑, ↓, page up, page down, home, and end scroll. ctrl+z suspends; fg comes back."

// Lines lays the short passages out.
func (c *Conclusion) Lines(painter term.Painter, width int) []string {
	var lines []string
	for _, p := range c.Short {
		for _, l := range term.Wrap(p.Text, width) {
			lines = append(lines, painter.Paint(p.Style, l))
		}
	}
	return lines
}

// View draws the screen.
func (r *reader) View() string {
	if r.over {
		return ""
	}
	body := r.body()
	body = body[min(r.top, len(body)):]
	lines := append(append([]string(nil), body[:min(len(body), r.room())]...), "")
	for _, l := range r.help() {
		lines = append(lines, r.painter.Paint(term.Faint, l))
	}
	if r.height > 0 && len(lines) > r.height {
		lines = lines[:r.height]
	}
	return strings.Join(lines, "\n")
}

// Conclude asks whether the operation is to be kept. Plain lines have been read already.
func (l *lines) Conclude(ctx context.Context, _ Conclusion) (bool, error) {
	yes, err := l.confirm(ctx, "Add this operation to a manifest?")
	if end := (*EndError)(nil); errors.As(err, &end) {
		return false, nil // whoever stops answering here wants nothing added
	}
	return yes, err
}
