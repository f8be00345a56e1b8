package adviceview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/advice/topic"
)

// topicIndexMarkdown writes a table for each kind of topics.
func topicIndexMarkdown(w *markup.Writer, topics []topic.Topic, _ term.Layout) {
	for i := range topics {
		t := &topics[i]
		if i == 0 || topics[i-1].Kind != t.Kind {
			if i > 0 {
				w.WriteString("\n")
			}
			fmt.Fprintf(w, "## %ss\n\n| name | what |\n|---|---|\n", text.Capitalize(t.Kind))
		}
		fmt.Fprintf(w, "| %s | %s |\n", markup.MarkdownCode(handle(t)), markup.Markdown(t.Summary))
	}
}

// topicMarkdown writes a page with one explanation after the other.
func topicMarkdown(w *markup.Writer, topics []topic.Topic, _ term.Layout) {
	for i := range topics {
		if i > 0 {
			w.WriteString("\n")
		}
		t := &topics[i]
		title := t.Name + ": " + t.Title
		if strings.Contains(t.Title, t.Name) {
			title = t.Title
		}
		fmt.Fprintf(w, "# %s\n", markup.Markdown(title))
		for _, s := range t.Sections() {
			fmt.Fprintf(w, "\n## %s\n\n", markup.Markdown(text.Capitalize(s.Title)))
			sectionMarkdown(w, &s, language(t))
		}
	}
}

// language is what the lines of a topic's sections are written in: the examples
// of rules are manifests.
func language(t *topic.Topic) string {
	if t.Kind == topic.Rule {
		return "yaml"
	}
	return "text"
}

func sectionMarkdown(w *markup.Writer, s *topic.Section, language string) {
	if s.Text != "" {
		fmt.Fprintf(w, "%s\n", markup.Markdown(s.Text))
	}
	for _, item := range s.Items {
		switch {
		case strings.HasPrefix(item.Text, "https://"):
			fmt.Fprintf(w, "  <%s>\n", item.Text)
		case item.Label != "":
			fmt.Fprintf(w, "- **%s**: %s\n", markup.Markdown(item.Label), markup.Markdown(item.Text))
		default:
			fmt.Fprintf(w, "- %s\n", markup.Markdown(item.Text))
		}
	}
	if len(s.Lines) > 0 {
		fmt.Fprintf(w, "```%s\n%s\n```\n", language, strings.Join(s.Lines, "\n"))
	}
}
