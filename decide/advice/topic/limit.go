package topic

import (
	"strconv"

	"waitornot/decide/advice"
	"waitornot/decide/manifest"
)

// limitTopics returns the numbers that rules and explanations refer to.
func (lib *Library) limitTopics() []Topic {
	var list []Topic
	add := func(head advice.LimitHead, summary string, items ...Item) {
		list = append(list, Topic{Kind: Limit, Name: head.ID, Title: head.Name, Summary: summary, Aliases: head.Also, sections: func() []Section {
			values := Section{Title: "values"}
			for _, i := range items {
				if i.Text != "" {
					values.Items = append(values.Items, i)
				}
			}
			return filled(Section{Title: "what", Text: summary}, values, Section{Title: "note", Text: head.Note}, lib.from(head.Sources))
		}})
	}
	l := lib.Limits
	for _, t := range l.Thresholds {
		add(t.LimitHead, t.What, Item{"value", quantity(t.Value)})
	}
	for _, p := range l.Platforms {
		add(p.LimitHead, "How long "+p.Name+" lets a request run.", Item{"timeout", span(p.Timeout)}, Item{"default", span(p.Default)})
	}
	for _, b := range l.Brokers {
		add(b.LimitHead, "What "+b.Name+" accepts, and what it does by default.",
			Item{"largest message", size(b.MaxMessage)}, Item{"can be raised to", size(b.MaxMessageCeiling)},
			Item{"deliveries", count(b.Deliveries)}, Item{"deduplicates for", span(b.DedupWindow)},
			Item{"keeps messages for", span(b.Retention)}, Item{"at most", span(b.RetentionCeiling)},
			Item{"acknowledge within", span(b.AckTimeout)})
	}
	for _, c := range l.Clients {
		add(c.LimitHead, "How long "+c.Name+" waits if nobody sets a timeout.", Item{"timeout", span(c.Timeout)})
	}
	for _, k := range l.Keys {
		add(k.LimitHead, "How long it's remembered.", Item{"kept", span(k.Kept)})
	}
	return list
}

func quantity(q advice.Quantity) string {
	if q.Duration > 0 {
		return manifest.FormatDuration(q.Duration)
	}
	return strconv.FormatFloat(q.Number, 'g', -1, 64)
}

func span(s advice.Span) string {
	switch {
	case s.Unlimited:
		return "unlimited"
	case !s.IsSet():
		return ""
	}
	return manifest.FormatDuration(s.Duration)
}

func size(s advice.Size) string {
	if s == 0 {
		return ""
	}
	return s.String()
}

func count(c advice.Count) string {
	switch {
	case c.Unlimited:
		return "unlimited"
	case c.N == 0:
		return ""
	}
	return strconv.Itoa(c.N)
}
