package adr

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"waitornot/cmd/internal/disk"
)

// DefaultDir is where records go when nothing says otherwise.
const DefaultDir = "docs/decisions"

// A style is how a record states its status besides its front matter, so that
// the tools that made the folder still find it.
type style uint8

const (
	madr       style = iota // in the front matter alone
	adrTools                // a numbered title, a date line and a section
	log4brains              // a list under the title
)

// A Folder is where records are kept.
type Folder struct {
	Dir   string // absolute
	style style  // unless the records there show another
}

// Find returns the folder of the records. One that is given is taken; else the
// files by which adr-tools and log4brains are configured say where it is; else
// it is the first of the usual folders that is there.
func Find(root, given string) (Folder, error) {
	if given != "" {
		return Folder{Dir: under(root, given)}, nil
	}
	if text, err := readFound(root, ".adr-dir"); err == nil {
		if dir := strings.TrimSpace(string(text)); dir != "" {
			return inside(root, dir, ".adr-dir", adrTools)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Folder{}, fmt.Errorf(".adr-dir: %w", err)
	}
	if text, err := readFound(root, ".log4brains.yml"); err == nil {
		if m := adrFolder().FindStringSubmatch(string(text)); m != nil {
			return inside(root, strings.Trim(m[1], `"'`), ".log4brains.yml", log4brains)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Folder{}, fmt.Errorf(".log4brains.yml: %w", err)
	}
	for _, dir := range []string{DefaultDir, "docs/adr", "doc/adr"} {
		if info, err := os.Stat(under(root, dir)); err == nil && info.IsDir() {
			return Folder{Dir: under(root, dir)}, nil
		}
	}
	return Folder{Dir: under(root, DefaultDir)}, nil
}

// readFound reads a file that a person did not name.
func readFound(dir, name string) ([]byte, error) {
	return disk.ReadFound(cmp.Or(disk.Top(dir), dir), filepath.Join(dir, name))
}

// inside returns the folder that a file names, which must lie in the repository: only
// the command line may lead out of it.
func inside(root, dir, file string, s style) (Folder, error) {
	path := under(root, dir)
	rel, err := filepath.Rel(cmp.Or(disk.Top(root), root), path)
	if err != nil || !filepath.IsLocal(rel) {
		return Folder{}, fmt.Errorf("%s names the folder %q, which is outside the repository; use --dir to go there", file, dir)
	}
	return Folder{path, s}, nil
}

var adrFolder = pattern(`(?m)^\s*adrFolder:\s*([^\s#]+)`)

func under(root, dir string) string {
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	return filepath.Join(root, filepath.FromSlash(dir))
}

// A naming continues the file names of a folder.
type naming struct {
	dated  bool   // 20260101-title.md, not 0001-title.md
	prefix string // before the number: "", or "adr-" as the folder spells it
	width  int    // of the number
	next   int
	taken  map[string]bool // lower case: some disks do not tell cases apart
}

var (
	datedName    = pattern(`^\d{8}-.*\.md$`)
	numberedName = pattern(`(?i)^(adr-)?(\d{1,7})-.*\.md$`)
)

// isRecord reports whether a file is named as records are.
func isRecord(name string) bool {
	return datedName().MatchString(name) || numberedName().MatchString(name)
}

// namingOf reads from the names that are there how to go on. With dates it goes
// on only when nothing is numbered.
func namingOf(names []string, s style) *naming {
	n := &naming{width: 4, next: 1, dated: s == log4brains, taken: map[string]bool{}}
	for _, name := range names {
		n.taken[strings.ToLower(name)] = true
		if m := numberedName().FindStringSubmatch(name); m != nil {
			number, _ := strconv.Atoi(m[2]) // seven digits at most
			if number >= n.next {
				n.next, n.width, n.prefix = number+1, len(m[2]), m[1]
			}
			n.dated = false
		}
	}
	if n.next == 1 {
		for _, name := range names {
			n.dated = n.dated || datedName().MatchString(name)
		}
	}
	return n
}

// name takes the next file name for a title.
func (n *naming) name(slug string, day time.Time) string {
	if !n.dated {
		name := fmt.Sprintf("%s%0*d-%s.md", n.prefix, n.width, n.next, slug)
		n.next++
		return name
	}
	stem := day.Format("20060102") + "-" + slug
	name := stem + ".md"
	for i := 2; n.taken[strings.ToLower(name)]; i++ {
		name = fmt.Sprintf("%s-%d.md", stem, i)
	}
	n.taken[strings.ToLower(name)] = true
	return name
}

// renamed returns the name of a record with the next free number.
func (n *naming) renamed(file string) string {
	base := path.Base(file)
	m := numberedName().FindStringSubmatchIndex(base)
	name := fmt.Sprintf("%s%0*d%s", base[:m[4]], m[5]-m[4], n.next, base[m[5]:])
	n.next++
	return name
}

// label is what links to a record say: ADR-0007, or the name where records have
// no numbers.
func label(file string) string {
	if m := numberedName().FindStringSubmatch(path.Base(file)); m != nil && !datedName().MatchString(path.Base(file)) {
		return strings.TrimPrefix(path.Dir(file)+"/", "./") + "ADR-" + m[2]
	}
	return strings.TrimSuffix(file, ".md")
}

// number returns the number in a file name, or 0.
func number(file string) int {
	if m := numberedName().FindStringSubmatch(path.Base(file)); m != nil && !datedName().MatchString(path.Base(file)) {
		n, _ := strconv.Atoi(m[2])
		return n
	}
	return 0
}

// maxSlug keeps file names well below the 255 bytes that file systems take.
const maxSlug = 80

// slug returns a part of a file name for an id: lower-case ASCII letters and
// digits joined by hyphens. Where that loses letters, a part of a hash keeps
// two ids apart.
func slug(id, verdict string) string {
	var b strings.Builder
	lost := false
	for _, r := range strings.ToLower(id) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			lost = lost || r > 0x7f
			if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
				b.WriteByte('-')
			}
		}
	}
	text := strings.Trim(b.String(), "-")
	if len(text) > maxSlug {
		text, lost = strings.Trim(text[:maxSlug], "-"), true
	}
	if text == "" || lost {
		sum := sha256.Sum256([]byte(id))
		text = strings.Trim(text+"-"+hex.EncodeToString(sum[:3]), "-")
	}
	return strings.TrimSuffix(text+"-"+verdict, "-")
}
