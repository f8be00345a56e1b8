// Package starter holds the files with which a project begins to use waitornot.
package starter

import (
	"embed"
	"io/fs"
)

//go:embed files
var files embed.FS

// A File is a file that can be written for a project.
type File struct {
	Path string // from the project's folder, with slashes
	Text []byte
}

// A Kind is a set of files that belong together.
type Kind struct {
	Name string // of the flag that asks for it
	Doc  string
	path string // where the file goes
	from string // its name among the embedded
}

// Kinds returns what can be asked for beside the manifest.
func Kinds() []Kind {
	return []Kind{
		{"github", "write a GitHub Actions workflow, too", ".github/workflows/waitornot.yml", "github.yml"},
		{"gitlab", "write a GitLab CI job, too", ".gitlab/waitornot.yml", "gitlab.yml"},
		{"pre-commit", "write a pre-commit hook, too", ".pre-commit-config.yaml", "pre-commit.yaml"},
	}
}

// File returns the file of the kind.
func (k Kind) File() (File, error) { return load(k.path, k.from) }

// Manifest returns the starter manifest.
func Manifest() (File, error) { return load("waitornot.yaml", "waitornot.yaml") }

// SchemaPath is where the manifest looks for its JSON Schema.
const SchemaPath = "waitornot.schema.json"

func load(path, from string) (File, error) {
	text, err := fs.ReadFile(files, "files/"+from)
	return File{path, text}, err
}
