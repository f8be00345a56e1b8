package prompt

import (
	"io"

	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// newForm builds the form of the library: one group for each page.
func newForm(pages []page, w io.Writer, color bool) *huh.Form {
	var groups []*huh.Group
	for _, p := range pages {
		var fields []huh.Field
		for _, f := range p.fields {
			fields = append(fields, f.Field)
		}
		groups = append(groups, huh.NewGroup(fields...).WithHideFunc(func() bool { return p.hidden != nil && p.hidden() }))
	}
	return huh.NewForm(groups...).WithTheme(theme(w, color)).WithKeyMap(keymap()).
		WithShowHelp(false).WithShowErrors(false)
}

// keymap is the library's own without searching in a list of four.
func keymap() *huh.KeyMap {
	k := huh.NewDefaultKeyMap()
	k.Select.Filter.SetEnabled(false)
	k.Select.GotoBottom.SetEnabled(false) // it moves the cursor without taking the value over
	k.Select.GotoTop.SetEnabled(false)
	return k
}

// theme uses the sixteen colors that every terminal theme sets, so the form is
// readable on light and on dark backgrounds without asking which it is.
func theme(w io.Writer, color bool) *huh.Theme {
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.Ascii)
	if color {
		r.SetColorProfile(termenv.ANSI)
	}
	plain, bold, faint := r.NewStyle(), r.NewStyle().Bold(true), r.NewStyle().Faint(true)
	accent := r.NewStyle().Foreground(lipgloss.Color("6")).Bold(true)
	cursors := lipgloss.NewRenderer(w) // the terminal shows its own cursor where the mark stands
	cursors.SetColorProfile(termenv.Ascii)
	marked := cursors.NewStyle().Transform(func(s string) string { return cursorMark + s })
	f := huh.FieldStyles{
		Base: plain, Title: bold, Description: faint,
		SelectSelector: accent.SetString("> "), SelectedOption: accent, UnselectedOption: plain,
		TextInput: huh.TextInputStyles{Cursor: marked, CursorText: plain, Placeholder: faint, Prompt: accent, Text: plain},
	}
	blurred := f
	blurred.Title = faint
	return &huh.Theme{
		Form: huh.FormStyles{Base: plain}, Group: huh.GroupStyles{Base: plain, Title: bold, Description: faint},
		FieldSeparator: plain.SetString("\n"), Focused: f, Blurred: blurred,
	}
}
