package markup

import (
	"encoding/xml"
	"strings"

	"waitornot/cmd/internal/term"
)

// An XMLWriter writes XML. Characters that XML cannot hold become U+FFFD;
// what is a message has made them visible before.
type XMLWriter struct{ *Writer }

// Open starts an element. Attributes are given as name, value, name, value; one
// with an empty value is left out.
func (e XMLWriter) Open(name string, attributes ...string) {
	e.start(name, attributes)
	e.WriteByte('>')
}

// Empty writes an element without content.
func (e XMLWriter) Empty(name string, attributes ...string) {
	e.start(name, attributes)
	e.WriteString("/>\n")
}

func (e XMLWriter) start(name string, attributes []string) {
	e.WriteByte('<')
	e.WriteString(name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] == "" {
			continue
		}
		e.WriteByte(' ')
		e.WriteString(attributes[i])
		e.WriteString(`="`)
		e.Escape(attributes[i+1])
		e.WriteByte('"')
	}
}

// Close ends an element.
func (e XMLWriter) Close(name string) { e.WriteString("</" + name + ">\n") }

// Escape writes text. What a terminal might obey or hide becomes visible, and the
// mark with which commands of CI runners begin becomes a reference.
func (e XMLWriter) Escape(text string) {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = term.Safe(lines[i])
	}
	for i, part := range strings.Split(strings.Join(lines, "\n"), "##") {
		if i > 0 {
			e.WriteString("#&#35;")
		}
		if err := xml.EscapeText(e.Writer, []byte(part)); err != nil {
			e.Fail(err)
		}
	}
}

// Comment writes a remark for people.
func (e XMLWriter) Comment(text string) {
	e.WriteString("<!-- ")
	e.WriteString(strings.ReplaceAll(text, "--", "- -"))
	e.WriteString(" -->\n")
}
