package practice

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
)

// EventVersion is the version of the log's format.
const EventVersion = 1

// A Kind says what happened.
type Kind string

// The kinds of events.
const (
	Began      Kind = "begin"     // a session was planned: Deck, Prints, Seed, Limit
	Said       Kind = "said"      // a part of a card was answered: Part, Mark
	Hinted     Kind = "hint"      // a hint was looked at
	Skipped    Kind = "skip"      // a card was passed over
	WentBack   Kind = "back"      // the last thing said was taken back
	Answered   Kind = "answer"    // a card was graded: what schedules and counts
	FollowedUp Kind = "follow-up" // the follow-up of a card was graded
	Ended      Kind = "end"       // a session is over, and cannot be resumed
	Reset      Kind = "reset"     // a card is to be learnt afresh: Card
	Spoke      Kind = "spoke"     // an answer was said and rated: Rating, Heard
	Designed   Kind = "design"    // the operations of a system were listed: Card is the system; Reached, Possible
)

// An Event is one line of the history. Which fields are set depends on the kind.
type Event struct {
	Version int           `json:"v"`
	ID      string        `json:"id"` // unique; what import knows an event by
	At      time.Time     `json:"at"`
	Kind    Kind          `json:"kind"`
	Session string        `json:"session,omitempty"`
	Mode    Mode          `json:"mode,omitempty"`
	Used    time.Duration `json:"used_ns,omitempty"` // time spent in the session so far

	Deck         []string      `json:"deck,omitempty"`
	Fingerprints []string      `json:"prints,omitempty"` // of the cards in Deck
	From         string        `json:"from,omitempty"`   // the manifest that the deck was made from
	Seed         uint64        `json:"seed,omitempty"`
	Limit        time.Duration `json:"limit_ns,omitempty"`
	Levels       []Level       `json:"levels,omitempty"` // of the cards in Deck
	Spoken       bool          `json:"spoken,omitempty"` // answers are said

	Card        string `json:"card,omitempty"`
	Fingerprint string `json:"print,omitempty"`
	Part        Part   `json:"part,omitempty"`
	Mark        *Mark  `json:"mark,omitempty"`

	Answers    map[string]Mark `json:"answers,omitempty"` // by question
	Verdict    *Mark           `json:"verdict,omitempty"`
	Change     *Mark           `json:"change,omitempty"`
	Tempting   string          `json:"tempting,omitempty"` // the verdict that tempts, when there is one
	Follows    *bool           `json:"follows,omitempty"`
	Confidence Confidence      `json:"confidence,omitempty"`
	Level      Level           `json:"level,omitempty"` // empty is Given
	Ask        *Mark           `json:"ask,omitempty"`   // what was named as the question to ask first
	Heard      []string        `json:"heard,omitempty"` // the points of the checklist whose words were typed
	Hints      int             `json:"hints,omitempty"`
	Rating     string          `json:"rating,omitempty"`
	Took       time.Duration   `json:"took_ns,omitempty"`

	Reached  int `json:"reached,omitempty"` // points of a mock
	Possible int `json:"possible,omitempty"`

	Undoes []string `json:"undoes,omitempty"` // ids of events that no longer count: what led to them was taken back
}

// AnsweredEvent is the event of a graded response. The caller fills in what
// identifies it: id, time, session, mode.
func AnsweredEvent(c *Card, r Response, g Grading) Event {
	e := Event{Kind: Answered, Card: c.ID, Fingerprint: c.Fingerprint(), Confidence: r.Confidence, Hints: r.Hints, Rating: g.Rating.String()}
	if c.Decided() {
		e.Verdict = &g.Verdict
	}
	if c.Tempting.Verdict != decide.Undecided {
		e.Tempting = c.Tempting.Verdict.String()
	}
	if r.Asked != nil {
		e.Level, e.Ask = Ask, r.Asked
	}
	if r.Answers != nil {
		e.Answers = map[string]Mark{}
		for _, q := range decide.Questions() {
			if g.Answers[q].Asked() {
				e.Answers[q.String()] = g.Answers[q]
			}
		}
		e.Follows = &g.Follows
	}
	return e
}

// FollowedUpEvent is the event of a graded follow-up.
func FollowedUpEvent(c *Card, g FollowUpGrading) Event {
	return Event{Kind: FollowedUp, Card: c.ID, Fingerprint: c.Fingerprint(), Change: &g.Change, Verdict: &g.Verdict}
}

// Line returns the event as a line of the log, line break included.
func (e *Event) Line() ([]byte, error) {
	e.Version = EventVersion
	line, err := json.Marshal(e)
	return append(line, '\n'), err
}

// A History is what a log says.
type History struct {
	Events []Event // by time, then by id; each id once
	Torn   bool    // the last line was cut short, and left out
	Bad    []int   // the numbers of other lines that are not events, left out
	UTF16  bool    // the log is UTF-16, and nothing of it was read
	Newer  int     // how many lines a later version of the program wrote, left out
}

// standing returns the events that count, in order: those that were not taken back.
func (h *History) standing() []*Event {
	undone := map[string]bool{}
	for i := range h.Events {
		for _, id := range h.Events[i].Undoes {
			undone[id] = true
		}
	}
	var list []*Event
	for i := range h.Events {
		if !undone[h.Events[i].ID] {
			list = append(list, &h.Events[i])
		}
	}
	return list
}

// Ahead returns how many events lie more than a day after now, and when the last of them
// is said to have happened: a clock was ahead when they were written.
func (h *History) Ahead(now time.Time) (n int, last time.Time) {
	for i := range h.Events {
		if at := h.Events[i].At; at.After(now.Add(24 * time.Hour)) {
			n, last = n+1, at
		}
	}
	return n, last
}

// ReadHistory reads a log. A line that is no event does not hide the others.
func ReadHistory(log []byte) *History {
	h := &History{}
	log, h.UTF16 = diag.Unmark(log)
	if h.UTF16 {
		return h
	}
	whole := len(log) == 0 || log[len(log)-1] == '\n'
	lines := bytes.Split(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"))
	for i, line := range lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		e, err := parseEvent(line)
		switch {
		case err != nil && i == len(lines)-1 && !whole:
			h.Torn = true
		case err != nil:
			h.Bad = append(h.Bad, i+1)
		case e.Version > EventVersion:
			h.Newer++
		default:
			h.Events = append(h.Events, e)
		}
	}
	h.sort()
	return h
}

func parseEvent(line []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return e, err
	}
	if e.Version < 1 || e.ID == "" || e.Kind == "" || e.At.IsZero() {
		return e, fmt.Errorf("not an event")
	}
	return e, nil
}

// sort orders the events and drops repeats, so that the order in which logs
// were merged does not matter.
func (h *History) sort() {
	slices.SortStableFunc(h.Events, func(a, b Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	seen := make(map[string]bool, len(h.Events))
	h.Events = slices.DeleteFunc(h.Events, func(e Event) bool {
		repeat := seen[e.ID]
		seen[e.ID] = true
		return repeat
	})
}

// Missing returns the events that h lacks and other has, in order.
func (h *History) Missing(other *History) []Event {
	known := make(map[string]bool, len(h.Events))
	for _, e := range h.Events {
		known[e.ID] = true
	}
	var list []Event
	for _, e := range other.Events {
		if !known[e.ID] {
			list = append(list, e)
		}
	}
	return list
}
