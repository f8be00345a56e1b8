// Package manual writes manual pages in the language of man.
package manual

import (
	"fmt"
	"strings"
)

// A Page is what a manual page says of a command.
type Page struct {
	Name     string // with hyphens for blanks: waitornot-check
	Version  string
	Short    string // one sentence without a full stop
	Synopsis string
	Long     string // paragraphs; an indented line stands as it is
	Flags    []Flag
	Example  string
	Also     []string // names of other pages
}

// A Flag is an option as help shows it.
type Flag struct {
	Names string // -o, --output FORMAT
	Doc   string
}

// Format returns the page as roff.
func (p *Page) Format() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s \"User Commands\"\n", quote(strings.ToUpper(p.Name)), quote("waitornot "+p.Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", escape(p.Name), escape(p.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", escape(p.Synopsis))
	b.WriteString(".SH DESCRIPTION\n")
	paragraphs(&b, p.Long)
	if len(p.Flags) > 0 {
		b.WriteString(".SH OPTIONS\n")
	}
	for _, f := range p.Flags {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", escape(f.Names), line(f.Doc))
	}
	if p.Example != "" {
		b.WriteString(".SH EXAMPLES\n")
		paragraphs(&b, p.Example)
	}
	if len(p.Also) > 0 {
		b.WriteString(".SH SEE ALSO\n")
		for i, name := range p.Also {
			comma := ","
			if i == len(p.Also)-1 {
				comma = ""
			}
			fmt.Fprintf(&b, ".BR %s (1)%s\n", escape(name), comma)
		}
	}
	return []byte(b.String())
}

// paragraphs writes text: lines that are indented keep their breaks.
func paragraphs(b *strings.Builder, text string) {
	asIs := false
	for l := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		indented := strings.HasPrefix(l, "  ")
		if indented != asIs {
			b.WriteString(map[bool]string{true: ".nf\n", false: ".fi\n"}[indented])
			asIs = indented
		}
		if l == "" {
			b.WriteString(".PP\n")
			continue
		}
		b.WriteString(line(l) + "\n")
	}
	if asIs {
		b.WriteString(".fi\n")
	}
}

// line returns a line of text that man does not take for a request.
func line(s string) string {
	s = escape(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

// escape keeps man from changing characters: a hyphen stays one that a shell
// understands.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
}

func quote(s string) string { return `"` + strings.ReplaceAll(escape(s), `"`, `\(dq`) + `"` }
