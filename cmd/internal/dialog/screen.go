package dialog

import (
	"context"
	"errors"
	"io"

	tea "github.com/charmbracelet/bubbletea"

	"waitornot/cmd/internal/term"
)

// Run shows a model until it quits. It returns ErrInterrupted when the user stops it
// with ctrl+c or the context ends; ctrl+z suspends the program. A terminal that goes
// away ends it without an error: the model knows whether it was done.
func Run(ctx context.Context, model tea.Model, in io.Reader, out io.Writer, options ...tea.ProgramOption) error {
	f := &frame{model: model}
	options = append(options, tea.WithContext(ctx), tea.WithInput(term.Keyboard(in)), tea.WithOutput(out),
		tea.WithoutSignalHandler()) // signals end ctx; handled twice, they block each other
	_, err := tea.NewProgram(f, options...).Run()
	if f.stopped || ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted) {
		return ErrInterrupted
	}
	return err
}

// A frame keeps from a model what every screen does the same way.
type frame struct {
	model   tea.Model
	stopped bool // with ctrl+c
}

// Init starts the model.
func (f *frame) Init() tea.Cmd { return f.model.Init() }

// Update takes one message of the terminal.
func (f *frame) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if msg.Width <= 0 || msg.Height <= 0 {
			return f, nil // a terminal that does not know its size says 0
		}
	case tea.KeyMsg:
		switch msg.Type {
		case tea.KeyCtrlC:
			f.stopped = true
			return f, tea.Quit
		case tea.KeyCtrlZ:
			return f, tea.Suspend
		}
	}
	var cmd tea.Cmd
	f.model, cmd = f.model.Update(msg)
	return f, cmd
}

// View draws the model, and nothing once it's stopped.
func (f *frame) View() string {
	if f.stopped {
		return ""
	}
	return f.model.View()
}

// Keys returns the keys that a message stands for by their names: what is typed fast
// comes as several in one. What is pasted is no key.
func Keys(msg tea.KeyMsg) []string {
	switch {
	case msg.Paste:
		return nil
	case msg.Alt, msg.Type != tea.KeyRunes:
		return []string{msg.String()}
	}
	var keys []string
	for _, r := range msg.Runes {
		keys = append(keys, string(r))
	}
	return keys
}

// Fit lays something out so that it has at most height lines: lay is told how many of
// its parts that can be spared to leave out, from none to all of them. A height of 0 or
// less is not known, and spares nothing.
func Fit(height, spares int, lay func(without int) []string) []string {
	for without := 0; ; without++ {
		lines := lay(without)
		if height <= 0 || len(lines) <= height || without >= spares {
			return lines
		}
	}
}
