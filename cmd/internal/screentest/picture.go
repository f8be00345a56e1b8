//go:build unix

package screentest

import (
	"fmt"
	"html"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// A Frame is a screen with its colors, for a picture.
type Frame struct {
	lines   []string // as the terminal would be told to draw them
	columns int
}

// Frame returns the screen once it rests.
func (s *Screen) Frame() Frame {
	s.rest()
	s.mu.Lock()
	defer s.mu.Unlock()
	text := strings.ReplaceAll(s.vt.Render(), "\r\n", "\n")
	return Frame{strings.Split(text, "\n"), s.vt.Width()}
}

// Picture holds that a file is a picture of frames that follow each other, as an SVG. With
// update it writes the file instead.
func Picture(t testing.TB, path, title string, frames []Frame, update bool) {
	t.Helper()
	want := picture(title, frames)
	if update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the screens show: run UPDATE=1 go test -p 1 ./...", path)
	}
}

// The sizes of a picture, in pixels, and how long a frame stands.
const (
	cellWide, cellHigh = 8.4, 19
	margin             = 16
	frameSeconds       = 4
)

// palette are the colors of a dark terminal: the text, then the eight of SGR 30 to 37.
var palette = []string{"#d7dae0", "#8b93a1", "#ff7b86", "#7ee08a", "#f2cc60", "#79b8ff", "#d2a8ff", "#66d9e8", "#ffffff"}

func picture(title string, frames []Frame) string {
	rows, columns := 0, 0
	for _, f := range frames {
		rows, columns = max(rows, f.height()), max(columns, f.columns)
	}
	wide, high := int(float64(columns)*cellWide)+2*margin, rows*cellHigh+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img"><title>%s</title>`+"\n<style>\n", wide, high, wide, high, html.EscapeString(title))
	b.WriteString("text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre}\n.b{font-weight:700}.f{opacity:.65}\n")
	if n := len(frames); n > 1 {
		share := 100 / float64(n)
		fmt.Fprintf(&b, ".frame{opacity:0;animation:show %ds step-end infinite}\n@keyframes show{0%%{opacity:1}%.3f%%,100%%{opacity:0}}\n", n*frameSeconds, share)
		for i := range frames {
			fmt.Fprintf(&b, ".frame:nth-of-type(%d){animation-delay:%ds}\n", i+1, i*frameSeconds)
		}
		b.WriteString("@media (prefers-reduced-motion:reduce){.frame{animation:none}.frame:last-of-type{opacity:1}}\n")
	}
	fmt.Fprintf(&b, "</style>\n<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#161b22\"/>\n", wide, high)
	for _, f := range frames {
		b.WriteString("<g class=\"frame\">\n")
		for row, line := range f.lines {
			drawLine(&b, row, line)
		}
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// height returns how many lines are not empty, up to the last that holds something.
func (f Frame) height() int {
	for n := len(f.lines); n > 0; n-- {
		if strings.TrimSpace(ansi.Strip(f.lines[n-1])) != "" {
			return n
		}
	}
	return 0
}

// A cellStyle is the style of a piece of text.
type cellStyle struct {
	color               int // an index of the palette
	bold, faint, invert bool
}

// set follows the parameters of one SGR sequence.
func (p *cellStyle) set(parameters string) {
	for _, one := range strings.Split(parameters, ";") {
		switch n, _ := strconv.Atoi(one); {
		case n == 0:
			*p = cellStyle{}
		case n == 1:
			p.bold = true
		case n == 2:
			p.faint = true
		case n == 7:
			p.invert = true
		case n == 22:
			p.bold, p.faint = false, false
		case n == 27:
			p.invert = false
		case n >= 30 && n <= 37:
			p.color = n - 29
		case n == 39:
			p.color = 0
		}
	}
}

// drawLine draws a line of a screen, piece by piece.
func drawLine(b *strings.Builder, row int, line string) {
	var p cellStyle
	column := 0
	for line != "" {
		text, rest, found := strings.Cut(line, "\x1b[")
		column += drawPiece(b, row, column, text, p)
		if !found {
			return
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return r >= '@' && r <= '~' })
		if end < 0 {
			return
		}
		if rest[end] == 'm' {
			p.set(rest[:end])
		}
		line = rest[end+1:]
	}
}

// drawPiece draws text of one style, and returns how many columns it takes.
func drawPiece(b *strings.Builder, row, column int, text string, p cellStyle) int {
	cells := ansi.StringWidth(text)
	if p.invert { // the cursor
		fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", margin+float64(column)*cellWide, margin+row*cellHigh, float64(cells)*cellWide, cellHigh, palette[0])
	}
	if strings.TrimSpace(text) == "" {
		return cells
	}
	trimmed := strings.TrimLeft(text, " ")
	at := column + len(text) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, " ")
	class := ""
	if p.bold {
		class = ` class="b"`
	} else if p.faint {
		class = ` class="f"`
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%d" textLength="%.1f"%s fill="%s">%s</text>`+"\n", margin+float64(at)*cellWide, margin+row*cellHigh+14,
		float64(ansi.StringWidth(trimmed))*cellWide, class, palette[p.color], html.EscapeString(trimmed))
	return cells
}
