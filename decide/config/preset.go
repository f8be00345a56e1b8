package config

import (
	"errors"
	"path"
	"regexp"
	"strings"
	"sync"
)

// PresetPrefix begins the address of a configuration that lies in another repository.
const PresetPrefix = "git+"

// presetForm is how an address is written, for errors.
const presetForm = "git+https://HOST/REPOSITORY//FILE@REVISION"

// A Preset is the address of a configuration in another repository, at a revision that
// doesn't move.
type Preset struct {
	URL      string // of the repository, without credentials
	File     string // its path there, with slashes
	Revision string // a tag, or a full commit hash
}

// errCredentials says that an address holds a user and a password, or a token.
var errCredentials = errors.New("an address can't contain credentials")

// presetForms are how the parts of an address are written.
var presetForms = sync.OnceValue(func() (f struct{ url, file, revision, commit *regexp.Regexp }) {
	f.url = regexp.MustCompile(`^(https|ssh)://([a-z]+@)?[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9_~.-]+)+$`)
	f.file = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]+)*$`)
	f.revision = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+/-]*$`)
	f.commit = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
	return f
})

// ParsePreset reads an address such as git+https://git.example.org/platform/presets//strict.yaml@v3.
// Errors never quote it: people put passwords where they don't belong.
func ParsePreset(text string) (Preset, error) {
	rest, ok := strings.CutPrefix(text, PresetPrefix)
	scheme, rest, hasScheme := strings.Cut(rest, "://")
	if !ok || !hasScheme {
		return Preset{}, errors.New("write " + presetForm)
	}
	repository, rest, hasFile := strings.Cut(rest, "//")
	if !hasFile {
		return Preset{}, errors.New("the file is missing: write " + presetForm)
	}
	at := strings.LastIndex(rest, "@")
	if at < 0 {
		return Preset{}, errors.New("the revision is missing: pin a tag or a full commit hash, as " + presetForm)
	}
	p := Preset{URL: scheme + "://" + repository, File: rest[:at], Revision: rest[at+1:]}
	return p, p.check()
}

func (p Preset) check() error {
	host, _, _ := strings.Cut(p.URL[strings.Index(p.URL, "://")+3:], "/")
	user, _, hasUser := strings.Cut(host, "@")
	switch {
	case hasUser && (strings.Contains(user, ":") || strings.HasPrefix(p.URL, "https:")):
		return errCredentials
	case !strings.HasPrefix(p.URL, "https://") && !strings.HasPrefix(p.URL, "ssh://"):
		return errors.New("only git+https and git+ssh are supported")
	case !presetForms().url.MatchString(p.URL) || hasDots(p.URL):
		return errors.New("the repository's address is invalid: write " + presetForm)
	case !presetForms().file.MatchString(p.File) || hasDots(p.File):
		return errors.New("the file must be a path inside the repository")
	case !presetForms().revision.MatchString(p.Revision) || strings.Contains(p.Revision, "..") || strings.Contains(p.Revision, "//"):
		return errors.New("the revision must be a tag or a full commit hash")
	}
	return nil
}

// hasDots reports whether a part of a path is . or .., or looks like git's own folder.
func hasDots(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if part == "." || part == ".." || strings.EqualFold(part, ".git") {
			return true
		}
	}
	return false
}

// IsCommit reports whether the revision is a full commit hash.
func (p Preset) IsCommit() bool { return presetForms().commit.MatchString(p.Revision) }

// String returns the address as it's written in extends.
func (p Preset) String() string { return PresetPrefix + p.URL + "//" + p.File + "@" + p.Revision }

// beside returns the preset at a path from the folder of this one, in the same
// repository at the same revision.
func (p Preset) beside(file string) (Preset, error) {
	if path.IsAbs(file) || strings.Contains(file, `\`) {
		return Preset{}, errors.New("a preset extends files in its own repository by their path relative to its folder")
	}
	p.File = path.Join(path.Dir(p.File), file)
	return p, p.check()
}

// A PresetError says why a preset can't be read, and what to do about it.
type PresetError struct{ Message, Fix string }

// Error returns the message and what to do about it.
func (e *PresetError) Error() string { return e.Message + "; " + e.Fix }
