package mcp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"waitornot/cmd/internal/disk"
	"waitornot/decide"
	"waitornot/decide/manifest/edit"
)

// draftInput is what draft_operation takes.
type draftInput struct {
	Name        string  `json:"name"`
	Description string  `json:"description,omitempty"`
	Caller      string  `json:"caller,omitempty" jsonschema:"the service that starts it; it selects the document of the manifest that the operation goes into"`
	Callee      string  `json:"callee,omitempty" jsonschema:"the service that does it"`
	Mode        mode    `json:"mode,omitempty" jsonschema:"how it works today"`
	Answers     answers `json:"answers"`
	Path        string  `json:"path,omitempty" jsonschema:"the manifest that it goes into; without one, the text is a new manifest"`
	Write       bool    `json:"write,omitempty" jsonschema:"add it to the manifest at path; needs a server that was started with --write"`
	Replace     bool    `json:"replace,omitempty" jsonschema:"change the existing operation with this name; whatever you leave out stays as it is"`
}

// draftResult is what draft_operation returns.
type draftResult struct {
	Text           string         `json:"text" jsonschema:"what is added to the manifest, or a whole new one"`
	Place          string         `json:"place,omitempty" jsonschema:"where in the manifest at path it goes"`
	Written        bool           `json:"written"`
	Recommendation recommendation `json:"recommendation"`
}

func (s *Server) draft(ctx context.Context, in draftInput) (draftResult, error) {
	var out draftResult
	switch {
	case strings.TrimSpace(in.Name) == "":
		return out, errors.New("name is empty: use a verb and a noun, such as authorize-payment")
	case in.Write && !s.settings.Write:
		return out, errors.New("this server is read-only: leave out write and add the text to the file yourself, or start the server with --write")
	case in.Write && in.Path == "":
		return out, errors.New("write needs path: the manifest that gets the operation")
	}
	r, err := s.recommend(ctx, &in.Answers)
	if err != nil {
		return out, err
	}
	path := ""
	if in.Path != "" {
		if path, err = s.roots.inside(in.Path); err != nil {
			return out, err
		}
	}
	r.ID, r.Place = in.Name, ""
	out.Recommendation = *r
	if path != "" && !filepath.IsAbs(path) {
		path = filepath.Join(s.roots.dir, path)
	}
	if in.Write {
		if err := s.roots.takes(path); err != nil {
			return out, fmt.Errorf("path %q: %w", in.Path, err)
		}
		err = disk.Disk{Context: ctx}.Update(path, func(old []byte) ([]byte, error) { return in.compose(old, r.Answers, &out) })
		out.Written = err == nil
		return out, err
	}
	var old []byte
	if path != "" {
		if old, err = disk.ReadNamed(ctx, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return out, fmt.Errorf("%s: %w", in.Path, disk.Plain(err))
		}
	}
	_, err = in.compose(old, r.Answers, &out)
	return out, err
}

// compose returns the text of a manifest with the operation, and fills in what that adds
// and where.
func (in *draftInput) compose(old []byte, given map[string]string, out *draftResult) ([]byte, error) {
	m, err := edit.Parse(old)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Path, err)
	}
	doc, err := documentFor(m, in.Caller)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Path, err)
	}
	change, there := m.Add, m.Has(doc, in.Name)
	switch {
	case there && !in.Replace:
		return nil, fmt.Errorf("%s already has an operation %q: use another name, or set replace", in.Path, in.Name)
	case there:
		change = m.Update
	}
	after, err := change(doc, in.entry(given))
	if err != nil {
		return nil, err
	}
	text := after.Bytes()
	from, to := added(old, text)
	out.Text = string(text[from:to])
	if in.Path != "" {
		out.Place = fmt.Sprintf("%s:%d", in.Path, 1+strings.Count(string(text[:from]), "\n"))
	}
	return text, nil
}

// documentFor returns the document of a manifest that takes an operation of a caller.
func documentFor(m *edit.Manifest, caller string) (int, error) {
	services := m.Services()
	for i, name := range services {
		if name == caller && name != "" {
			return i, nil
		}
	}
	if len(services) == 1 {
		return 0, nil
	}
	return 0, fmt.Errorf("it has several services: set caller to one of %s", strings.Join(services, ", "))
}

// entry returns the operation as a manifest takes it. The answers have been read by ask.
func (in *draftInput) entry(given map[string]string) edit.Entry {
	e := edit.Entry{Name: in.Name, Description: in.Description, Caller: in.Caller, Callee: in.Callee}
	e.Mode, _ = decide.ParseVerdict(string(in.Mode))
	for _, q := range decide.Questions() {
		word := given[q.String()]
		if a, ok := decide.ParseAnswer(word); ok {
			e.Answers[q] = a
		} else if d, err := time.ParseDuration(word); err == nil && q == decide.Latency {
			e.Latency = d
		}
	}
	return e
}

// added returns the part of a text that an older one lacks, in whole lines.
func added(before, after []byte) (from, to int) {
	for from < len(before) && from < len(after) && before[from] == after[from] {
		from++
	}
	to = len(after)
	for end := len(before); to > from && end > from && before[end-1] == after[to-1]; end-- {
		to--
	}
	for from > 0 && after[from-1] != '\n' {
		from--
	}
	for to < len(after) && to > from && after[to-1] != '\n' {
		to++
	}
	return from, to
}
