package knowledge

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"waitornot/decide/advice"
)

//go:embed stacks/*.yaml
var stacksFS embed.FS

// StackIDs returns the ids of all stacks, sorted. It reads none of them.
func StackIDs() []string {
	names, err := fs.Glob(stacksFS, "stacks/*.yaml")
	if err != nil {
		return nil // the pattern is constant and well formed
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(path.Base(name), ".yaml")
	}
	return names
}

// LoadStack reads one embedded stack. An unknown id is an error that satisfies
// errors.Is(err, fs.ErrNotExist).
func LoadStack(id string) (*advice.Stack, error) {
	src, err := stacksFS.ReadFile("stacks/" + id + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("stack %q: %w", id, fs.ErrNotExist)
	}
	return parseStack(id, src)
}

// LoadStacks reads all embedded stacks, sorted by id.
func LoadStacks() ([]*advice.Stack, error) {
	var list []*advice.Stack
	for _, id := range StackIDs() {
		s, err := LoadStack(id)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// noComponent is how a stack says that it has nothing for a pattern.
const noComponent = "none"

func parseStack(id string, src []byte) (*advice.Stack, error) {
	var s advice.Stack
	if err := decodeStrict(src, &s); err != nil {
		return nil, fmt.Errorf("stack %s: %w", id, err)
	}
	if s.ID != id {
		return nil, fmt.Errorf("stack %s: its id is %q", id, s.ID)
	}
	if err := first(identified(s.ID, s.Name), checkHead(&s), checkComponents(&s), checkGuide(&s)); err != nil {
		return nil, fmt.Errorf("stack %s: %w", id, err)
	}
	return &s, nil
}

func checkHead(s *advice.Stack) error {
	switch s.Kind {
	case "language", "cloud", "broker":
	default:
		return fmt.Errorf("%q is not a kind (language, cloud, broker)", s.Kind)
	}
	if !isSentence(s.Summary) {
		return fmt.Errorf("the summary is not a sentence: %q", s.Summary)
	}
	if len(s.Sources) == 0 {
		return fmt.Errorf("the sources are missing")
	}
	for id, text := range s.Safeguards {
		if !isSentence(text) {
			return fmt.Errorf("safeguard %s: not a sentence: %q", id, text)
		}
	}
	return nil
}

// checkComponents also turns "none" into an empty Use.
func checkComponents(s *advice.Stack) error {
	for id, c := range s.Components {
		switch {
		case c.Use == "":
			return fmt.Errorf("component %s: say what to use, or none", id)
		case c.Use != noComponent:
		case c.Note == "":
			return fmt.Errorf("component %s: none, but no note says why", id)
		default:
			s.Components[id] = advice.Component{Note: c.Note}
		}
	}
	return nil
}

func checkGuide(s *advice.Stack) error {
	const width = 72
	seen := ids{}
	for _, g := range s.Guide {
		if err := first(identified(g.ID, g.Title), seen.add(g.ID)); err != nil {
			return fmt.Errorf("guide: %w", err)
		}
		if strings.TrimSpace(g.Text) == "" {
			return fmt.Errorf("guide: %s has no text", g.ID)
		}
		for line := range strings.Lines(g.Text) {
			line = strings.TrimSuffix(line, "\n")
			switch {
			case len([]rune(line)) > width:
				return fmt.Errorf("guide: %s: longer than %d characters: %q", g.ID, width, line)
			case strings.ContainsAny(line, "\t\r"):
				return fmt.Errorf("guide: %s: a tab or a carriage return: %q", g.ID, line)
			}
		}
	}
	if len(s.Guide) == 0 {
		return fmt.Errorf("the guide is missing")
	}
	return nil
}
