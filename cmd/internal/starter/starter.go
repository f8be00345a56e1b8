// Package starter holds the files with which a project begins to use waitornot.
package starter

import (
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
)

//go:embed files
var files embed.FS

// A File is a file that can be written for a project.
type File struct {
	Path string // with slashes, from the project's folder or, AtRoot, from the top of its repository
	Text []byte
	// AtRoot is for what hosts and tools look for at the top of the repository.
	AtRoot bool
}

// A Release is an archive of the program, as CI installs it. The zero Release
// stands for one that isn't known.
type Release struct {
	URL    string // of a .tar.gz that holds the program waitornot
	SHA256 string // of the archive, in hexadecimal
}

// A Kind is a set of files that belong together.
type Kind struct {
	Name     string // of the flag that asks for it
	Doc      string
	Installs bool   // it installs a release, which must be known
	path     string // where the file goes, from the top of the repository
	from     string // its name among the embedded
}

// Kinds returns what can be asked for beside the manifest.
func Kinds() []Kind {
	return []Kind{
		{"github", "also write a GitHub Actions workflow", true, ".github/workflows/waitornot.yml", "github.yml"},
		{"gitlab", "also write a GitLab CI job", true, ".gitlab/waitornot.yml", "gitlab.yml"},
		{"pre-commit", "also write a pre-commit hook", false, ".pre-commit-config.yaml", "pre-commit.yaml"},
	}
}

// File returns the file of the kind, which installs a release.
func (k Kind) File(r Release) (File, error) {
	text, err := fs.ReadFile(files, "files/"+k.from)
	if err != nil {
		return File{}, err
	}
	filled := strings.NewReplacer("{{SOURCE}}", quote(r.URL), "{{SHA256}}", quote(r.SHA256)).Replace(string(text))
	return File{Path: k.path, Text: []byte(filled), AtRoot: true}, nil
}

// quote writes a YAML string in double quotes: JSON's are YAML's.
func quote(s string) string {
	text, _ := json.Marshal(s) // a string always encodes
	return string(text)
}

// Manifest returns the starter manifest, which looks for its JSON Schema at a
// path.
func Manifest(schema string) (File, error) {
	text, err := fs.ReadFile(files, "files/waitornot.yaml")
	if err != nil {
		return File{}, err
	}
	filled := strings.Replace(string(text), "$schema="+SchemaPath, "$schema="+schema, 1)
	return File{Path: "waitornot.yaml", Text: []byte(filled)}, nil
}

// SchemaPath is where the JSON Schema of manifests goes, from the top of the
// repository: one for all manifests.
const SchemaPath = "waitornot.schema.json"
