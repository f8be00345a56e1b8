package dialog

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	tea "github.com/charmbracelet/bubbletea"
)

// Number, key, word and label name an option, and so does the beginning of one; only what
// no other begins with is the only one.
func TestMatch(t *testing.T) {
	t.Parallel()
	options := []Option{
		{Key: "d", Word: "dead-letter-queue", Label: "Dead-letter queue"},
		{Word: "deadline", Label: "Deadline"},
		{Key: "u", Word: "unknown", Label: "I do not know"},
		{Label: "not built"},
		{Word: "row-7", Means: "a reason without a label"},
	}
	tests := []struct {
		typed string
		want  int
		only  bool
	}{
		{"1", 0, true}, {"5", 4, true}, {"6", -1, false}, {"0", -1, false},
		{"d", 0, true}, {"de", 0, false}, {"deadl", 1, true}, {"DEADLINE", 1, true},
		{"u", 2, true}, {"unk", 2, true}, {"i do", 2, true}, {"not", 3, true}, {"row-7", 4, true},
		{"", -1, false}, {"maybe", -1, false},
	}
	for _, tt := range tests {
		if got, only := Match(options, tt.typed); got != tt.want || only != tt.only {
			t.Errorf("Match(%q) = %d, %v; want %d, %v", tt.typed, got, only, tt.want, tt.only)
		}
	}
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	got := Numbered([]Option{{Label: "yes", Means: "it waits"}, {Label: "no"}, {Means: "all is said here"}})
	if want := []string{"1. yes: it waits", "2. no", "3. all is said here"}; !slices.Equal(got, want) {
		t.Errorf("Numbered: %q, want %q", got, want)
	}
}

// Meanings stand in a column beside labels, or after one when a label is wide; without
// room they are left out.
func TestList(t *testing.T) {
	t.Parallel()
	short := []Option{{Label: "yes", Means: "the caller waits for what comes back"}, {Key: "x", Label: "unsafe", Means: "not"}}
	wide := []Option{{Label: "a label of many words", Means: "its meaning"}, {Means: "only a meaning"}}
	tests := []struct {
		name  string
		list  List
		width int
		want  []string
	}{
		{"beside", List{Options: short, Marked: 1, Means: true}, 40, []string{
			"  1  yes     the caller waits for what", "             comes back", "> x  unsafe  not"}},
		{"without meanings", List{Options: short, Marked: -1}, 40, []string{"  1  yes", "  x  unsafe"}},
		{"before", List{Options: wide, Marked: -1, Means: true}, 80, []string{
			"  1  a label of many words. its meaning", "  2  only a meaning"}},
	}
	for _, tt := range tests {
		if got := tt.list.Lines(tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%s\nwant:\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// Parts are spared one after the other until the lines fit or none is left to spare.
func TestFit(t *testing.T) {
	t.Parallel()
	lay := func(without int) []string { return make([]string, 5-without) }
	for height, want := range map[int]int{0: 5, -1: 5, 9: 5, 5: 5, 4: 4, 3: 3, 1: 2} {
		if got := len(Fit(height, 3, lay)); got != want {
			t.Errorf("Fit(%d) has %d lines, want %d", height, got, want)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	tests := []struct {
		msg  tea.KeyMsg
		want []string
	}{
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("dé")}, []string{"d", "é"}},
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("s"), Paste: true}, nil},
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("s"), Alt: true}, []string{"alt+s"}},
		{tea.KeyMsg{Type: tea.KeyEnter}, []string{"enter"}},
	}
	for _, tt := range tests {
		if got := Keys(tt.msg); !slices.Equal(got, tt.want) {
			t.Errorf("Keys(%v) = %q, want %q", tt.msg, got, tt.want)
		}
	}
}

// Lines come as they were typed and are repeated with echo; then the end comes as often
// as it is asked for.
func TestLines(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	l := NewLines(strings.NewReader("one\x1b\ntwo"), &out, true)
	for _, want := range []string{"one\x1b", "two"} {
		if got, err := l.Next(t.Context(), nil); got != want || err != nil {
			t.Errorf("Next = %q, %v; want %q", got, err, want)
		}
	}
	for range 2 {
		if _, err := l.Next(t.Context(), nil); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
	if got, want := out.String(), "one\\x1b\ntwo\n\n\n"; got != want {
		t.Errorf("shown: %q, want %q", got, want)
	}
}

// What ends the waiting for a line is told apart.
func TestLinesStop(t *testing.T) {
	t.Parallel()
	silent, _ := io.Pipe()
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, err := NewLines(silent, io.Discard, false).Next(ended, nil); !errors.Is(err, ErrInterrupted) {
		t.Errorf("after the context ended: %v", err)
	}
	looked := 0
	over := func() bool { looked++; return looked > 1 }
	if _, err := NewLines(silent, io.Discard, false).Next(t.Context(), over); !errors.Is(err, ErrTimeOver) {
		t.Errorf("when time is up: %v", err)
	}
	broken := NewLines(iotest.ErrReader(io.ErrClosedPipe), io.Discard, false)
	if _, err := broken.Next(t.Context(), nil); !errors.Is(err, io.ErrClosedPipe) || !strings.HasPrefix(err.Error(), "read standard input: ") {
		t.Errorf("an input that can't be read: %v", err)
	}
}

// A sized counts the messages that reach a model.
type sized struct{ got []string }

func (*sized) Init() tea.Cmd  { return nil }
func (s *sized) View() string { return "drawn" }
func (s *sized) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		s.got = append(s.got, msg.String())
	case tea.WindowSizeMsg:
		s.got = append(s.got, "size")
	}
	return s, nil
}

// Ctrl+c and ctrl+z are the frame's, and so is a size of zero; all else is the model's.
func TestFrame(t *testing.T) {
	t.Parallel()
	model := &sized{}
	f := &frame{model: model}
	for _, msg := range []tea.Msg{tea.WindowSizeMsg{}, tea.WindowSizeMsg{Width: 80, Height: 24}, tea.KeyMsg{Type: tea.KeyEnter}, tea.KeyMsg{Type: tea.KeyCtrlZ}} {
		f.Update(msg)
	}
	if f.View() != "drawn" || f.stopped {
		t.Error("it is stopped before ctrl+c")
	}
	f.Update(tea.KeyMsg{Type: tea.KeyCtrlC})
	if want := []string{"size", "enter"}; !slices.Equal(model.got, want) {
		t.Errorf("the model got %q, want %q", model.got, want)
	}
	if f.View() != "" || !f.stopped {
		t.Error("after ctrl+c it still draws")
	}
}
