package report

import (
	"bufio"
	"encoding/xml"
	"strings"
)

// An element writer writes XML. Characters that XML cannot hold become U+FFFD;
// what is a message has made them visible before.
type element struct{ *bufio.Writer }

// open starts an element. Attributes are given as name, value, name, value; one
// with an empty value is left out.
func (e element) open(name string, attributes ...string) {
	e.start(name, attributes)
	e.WriteByte('>')
}

// empty writes an element without content.
func (e element) empty(name string, attributes ...string) {
	e.start(name, attributes)
	e.WriteString("/>\n")
}

func (e element) start(name string, attributes []string) {
	e.WriteByte('<')
	e.WriteString(name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] == "" {
			continue
		}
		e.WriteByte(' ')
		e.WriteString(attributes[i])
		e.WriteString(`="`)
		e.escape(attributes[i+1])
		e.WriteByte('"')
	}
}

func (e element) close(name string) { e.WriteString("</" + name + ">\n") }

// escape writes text. Errors stay with the writer until it is flushed.
func (e element) escape(text string) { _ = xml.EscapeText(e.Writer, []byte(text)) }

// comment writes a remark for people.
func (e element) comment(text string) {
	e.WriteString("<!-- ")
	e.WriteString(strings.ReplaceAll(text, "--", "- -"))
	e.WriteString(" -->\n")
}
