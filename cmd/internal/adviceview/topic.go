package adviceview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/advice/topic"
)

// TopicFormats returns the formats of explanations, the default first.
func TopicFormats() []markup.Format[[]topic.Topic] {
	return []markup.Format[[]topic.Topic]{{Name: "text", Page: topicText}, {Name: "json", Page: topicJSON}, {Name: "markdown", Page: topicMarkdown}}
}

// IndexFormats returns the formats of a list of explanations, one line each: the same, in
// the same order.
func IndexFormats() []markup.Format[[]topic.Topic] {
	return []markup.Format[[]topic.Topic]{{Name: "text", Page: topicIndex}, {Name: "json", Page: topicIndexJSON}, {Name: "markdown", Page: topicIndexMarkdown}}
}

// topicIndex writes the topics by kind, one line each. Rules stand under their
// codes.
func topicIndex(w *markup.Writer, topics []topic.Topic, l term.Layout) {
	p := textWriter{w, l}
	for from := 0; from < len(topics); {
		to, column := from, 0
		for ; to < len(topics) && topics[to].Kind == topics[from].Kind; to++ {
			column = max(column, term.Cells(handle(&topics[to])))
		}
		if from > 0 {
			p.line("")
		}
		p.line(p.Paint(term.Bold, topics[from].Kind+"s"))
		room := max(p.Width-margin-column-2, 10)
		for i := from; i < to; i++ {
			t := &topics[i]
			p.line(strings.Repeat(" ", margin) + term.Pad(handle(t), column+2) + p.Paint(term.Faint, term.Cut(t.Summary, room)))
		}
		from = to
	}
}

func topicText(w *markup.Writer, topics []topic.Topic, l term.Layout) {
	p := textWriter{w, l}
	for i := range topics {
		if i > 0 {
			p.line("")
		}
		p.topic(&topics[i])
	}
}

// topic writes one explanation. Sections of one text stand in two columns, the
// others under a heading of their own.
func (p textWriter) topic(t *topic.Topic) {
	title := fmt.Sprintf("%s: %s", t.Name, t.Title)
	if strings.Contains(t.Title, t.Name) {
		title = t.Title
	}
	p.line(p.Paint(term.Bold, title) + p.Paint(term.Faint, " ("+t.Kind+")"))
	block := true // what came last, or the section to come, has a heading
	for _, s := range t.Sections() {
		headed := s.Text == "" && (len(s.Items) == 0 || s.Items[0].Label != "")
		if block || headed {
			p.line("")
		}
		block = headed
		switch {
		case s.Text != "":
			p.entry(s.Title, term.Plain, s.Text)
		case !headed:
			for i, item := range s.Items {
				p.entry(onFirst(i, s.Title), term.Plain, item.Text)
			}
		default:
			p.headed(s)
		}
	}
}

// onFirst returns the label for the first of several entries alone.
func onFirst(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

// headed writes a section under a heading: labelled items in two columns, or
// lines as they are.
func (p textWriter) headed(s topic.Section) {
	p.line(strings.Repeat(" ", margin) + p.Paint(term.Bold, s.Title))
	indent := strings.Repeat(" ", 2*margin)
	for _, l := range s.Lines {
		if l != "" {
			l = indent + l
		}
		p.line(l)
	}
	column := gutter - margin
	for _, item := range s.Items {
		column = max(column, term.Cells(item.Label)+2)
	}
	for _, item := range s.Items {
		label := item.Label
		for _, l := range term.Wrap(item.Text, max(p.Width-2*margin-column, 20)) {
			p.line(indent + p.Paint(term.Faint, term.Pad(label, column)) + l)
			label = ""
		}
	}
}

// topicVersion is the version of the JSON of explanations.
const topicVersion = 1

type (
	jsonTopicHead struct {
		Kind    string `json:"kind"`
		Name    string `json:"name"`
		Code    string `json:"code,omitempty"` // of a rule
		Title   string `json:"title"`
		Summary string `json:"summary"`
	}
	jsonTopic struct {
		jsonTopicHead
		Sections []jsonSection `json:"sections"`
	}
	jsonSection struct {
		Title string          `json:"title"`
		Text  string          `json:"text,omitempty"`
		Items []jsonTopicItem `json:"items,omitempty"`
		Lines []string        `json:"lines,omitempty"`
	}
	jsonTopicItem struct {
		Label string `json:"label,omitempty"`
		Text  string `json:"text"`
	}
)

func topicHead(t *topic.Topic) jsonTopicHead {
	return jsonTopicHead{t.Kind, t.Name, t.Code, t.Title, t.Summary}
}

func topicIndexJSON(w *markup.Writer, topics []topic.Topic, _ term.Layout) {
	writeTopics(w, topics, topicHead)
}

func topicJSON(w *markup.Writer, topics []topic.Topic, _ term.Layout) {
	writeTopics(w, topics, func(t *topic.Topic) jsonTopic {
		j := jsonTopic{topicHead(t), []jsonSection{}}
		for _, s := range t.Sections() {
			section := jsonSection{Title: s.Title, Text: s.Text, Lines: s.Lines}
			for _, i := range s.Items {
				section.Items = append(section.Items, jsonTopicItem(i))
			}
			j.Sections = append(j.Sections, section)
		}
		return j
	})
}

func writeTopics[J any](w *markup.Writer, topics []topic.Topic, as func(*topic.Topic) J) {
	fmt.Fprintf(w, "{\n\"version\": %d,\n\"topics\": ", topicVersion)
	markup.JSONList(markup.NewJSONEncoder(w), topics, as)
	w.WriteString("\n}\n")
}

// handle is what the index shows of a topic, and what explain takes.
func handle(t *topic.Topic) string {
	if t.Code != "" {
		return t.Code + " " + t.Name
	}
	return t.Name
}
