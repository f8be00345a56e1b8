package mcp

import (
	"context"
	"strings"
)

// explainInput is what explain takes.
type explainInput struct {
	Name string `json:"name,omitempty" jsonschema:"a name that results use, such as immediacy, safe-to-retry, dead-letter-queue, WN401, or kind/name"`
	Kind string `json:"kind,omitempty" jsonschema:"without a name: list only the names of this kind: question, answer, verdict, row, safeguard, pattern, stack, rule, or limit"`
	Part string `json:"part,omitempty" jsonschema:"of a long explanation: the one section with this title"`
}

// explainResult is what explain returns.
type explainResult struct {
	Topics []topic             `json:"topics,omitempty"`
	Names  map[string][]string `json:"names,omitempty" jsonschema:"names by kind"`
}

type topic struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Summary  string    `json:"summary"`
	Sections []section `json:"sections,omitempty"`
	LeftOut  []string  `json:"left_out,omitempty" jsonschema:"titles of sections that didn't fit: ask for each with part"`
}

type section struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// explained is what explain writes with --format json.
type explained struct {
	Topics []struct {
		Kind, Name, Code, Title, Summary string
		Sections                         []struct {
			Title, Text string
			Items       []struct{ Label, Text string }
			Lines       []string
		}
	}
}

func (s *Server) explain(ctx context.Context, in explainInput) (explainResult, error) {
	args := []string{"explain", "--format=json"}
	if in.Name != "" {
		args = append(args, "--", in.Name)
	}
	var found explained
	if err := s.run(ctx, &found, "", args...); err != nil {
		return explainResult{}, err
	}
	if in.Name == "" {
		out := explainResult{Names: map[string][]string{}}
		for _, t := range found.Topics {
			name := t.Name
			if t.Code != "" {
				name = t.Code + " " + t.Name
			}
			if in.Kind == "" || strings.EqualFold(in.Kind, t.Kind) {
				out.Names[t.Kind] = append(out.Names[t.Kind], name)
			}
		}
		return out, nil
	}
	return explainResult{Topics: found.within(in.Part, maxResult)}, nil
}

// within returns the topics with the sections for which there is room.
func (e *explained) within(part string, room int) []topic {
	var list []topic
	for _, t := range e.Topics {
		out := topic{ID: t.Kind + "/" + t.Name, Title: t.Title, Summary: t.Summary}
		for _, x := range t.Sections {
			if part != "" && !strings.EqualFold(part, x.Title) {
				continue
			}
			var b strings.Builder
			b.WriteString(x.Text)
			for _, item := range x.Items {
				b.WriteString("\n")
				if item.Label != "" {
					b.WriteString(item.Label + ": ")
				}
				b.WriteString(item.Text)
			}
			if len(x.Lines) > 0 {
				b.WriteString("\n" + strings.Join(x.Lines, "\n"))
			}
			text := strings.TrimPrefix(b.String(), "\n")
			if part != "" {
				text, _ = short(text, maxResult)
			}
			if room -= len(text); room < 0 {
				out.LeftOut = append(out.LeftOut, x.Title)
				continue
			}
			out.Sections = append(out.Sections, section{x.Title, text})
		}
		list = append(list, out)
	}
	return list
}
