package adr

import (
	"strings"
	"testing"
)

// Whatever a record of a repository holds, it is read, and what stands outside of the part
// that is ours stays when that part is renewed.
func FuzzRecord(f *testing.F) {
	body := "- Status: accepted\n\nText.\n"
	for _, seed := range []string{"# x\n\n" + generated(body) + "\nmine\n", "---\nstatus: proposed\ndate: 2026-01-01\n---\n# T\n" + generated(body), "---\n---", "<!-- waitornot:begin -->", endMarker + begin("x"), "# \x1b\r\n## Status\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r := parse("0001-x.md", raw)
		_ = r.Live()
		_ = r.style()
		if p := cut(raw); p.state == whole || p.state == edited && p.tail != "" {
			after := p.with(body)
			before, _, _ := strings.Cut(p.head, "<!-- waitornot:begin")
			if !strings.HasPrefix(after, before) || !strings.HasSuffix(after, p.tail) || p.head+p.body+p.tail != raw {
				t.Fatalf("%q becomes %q", raw, after)
			}
		}
		front, rest := frontMatter(raw)
		_ = fieldsOf(front)
		if !strings.HasSuffix(raw, rest) {
			t.Fatalf("%q has %q behind its front matter", raw, rest)
		}
	})
}
