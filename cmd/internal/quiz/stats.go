package quiz

import (
	"fmt"
	"strings"
	"time"

	"github.com/guptarohit/asciigraph"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/practice"
)

// Stats shows progress. Without unicode the chart is drawn with the characters
// that every terminal has.
func Stats(p Writer, s *practice.Stats, unicode bool) string {
	if s.Answers == 0 {
		return p.para(0, fmt.Sprintf("Nothing answered yet: there are %s to practice on. Start with 'waitornot practice daily'.", text.Count(s.Cards, "operation")))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s answered, %d of %d operations seen, %d known\n(known: not due again for three weeks)\n", text.Count(s.Answers, "card"), s.Seen, s.Cards, s.Known)
	fmt.Fprintf(&b, "streak: %s, longest %s\n", text.Count(s.Streak, "day"), text.Count(s.Longest, "day"))
	head := func(text string) { b.WriteString("\n" + p.Paint(term.Bold, text) + "\n") }
	if len(s.Days) > 1 {
		head("Answers by day, one column per week")
		b.WriteString(heat(s, unicode))
	}
	head("Correct answers")
	for _, q := range decide.Questions() {
		b.WriteString(tally(q.String(), s.Questions[q.String()]))
	}
	head("Correct verdicts")
	for _, v := range decide.Verdicts() {
		b.WriteString(tally(v.String(), s.Verdicts[v.String()]))
	}
	b.WriteString(tally("follow-ups", s.FollowUps))
	b.WriteString(tally("consistent", s.Consistent))
	b.WriteString(tally("what to ask", s.Asked))
	b.WriteString(spoken(p, s))
	b.WriteString(distractors(p, s))
	head("Due")
	b.WriteString(forecast(p, s, unicode))
	if len(s.Days) > 1 {
		head("Correct answers and verdicts over time, in percent")
		b.WriteString(chart(p, s, unicode))
	}
	for _, scores := range []struct {
		name string
		list []practice.MockScore
	}{{"Mocks", s.Mocks}, {"Designs", s.Designs}} {
		if len(scores.list) > 0 {
			head(scores.name)
		}
		for _, m := range scores.list[max(0, len(scores.list)-5):] {
			fmt.Fprintf(&b, "  %s  %3d of %d points  %s\n", m.At.Format("2006-01-02"), m.Reached, m.Possible, term.Safe(m.System))
		}
	}
	return b.String()
}

func tally(name string, t practice.Tally) string {
	if t.Graded == 0 {
		return fmt.Sprintf("  %s -\n", term.Pad(name, label))
	}
	return fmt.Sprintf("  %s %4s  %d of %d\n", term.Pad(name, label), text.WholePercent(t.Right, t.Graded), t.Right, t.Graded)
}

// heatWeeks is how many weeks the map of days shows.
const heatWeeks = 26

// heat draws how much was answered on each day up to the last one, Monday first: a week is
// a column.
func heat(s *practice.Stats, unicode bool) string {
	shades := []string{".", "-", "+", "#"}
	if unicode {
		shades = []string{"·", "░", "▒", "█"}
	}
	counts, most := map[int]int{}, 1
	last := 0
	for i := range s.Days {
		at, err := time.Parse(time.DateOnly, s.Days[i].Date)
		if err != nil {
			continue
		}
		last = int(at.Unix() / (24 * 60 * 60))
		n := s.Days[i].Verdicts.Graded + s.Days[i].Answers.Graded
		counts[last], most = n, max(most, n)
	}
	const thursday = 3 // 1970-01-01, counted from Monday
	monday := last - (last+thursday)%7
	weeks := min(heatWeeks, (monday-firstDay(s, last))/7+2)
	var b strings.Builder
	for weekday, name := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		b.WriteString("  " + name + " ")
		for week := weeks - 1; week >= 0; week-- {
			day := monday - 7*week + weekday
			switch n := counts[day]; {
			case day > last:
			case n == 0:
				b.WriteString(" " + shades[0])
			default:
				b.WriteString(" " + shades[1+min(2, 3*(n-1)/most)])
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// firstDay returns the number of the first day with answers.
func firstDay(s *practice.Stats, last int) int {
	at, err := time.Parse(time.DateOnly, s.Days[0].Date)
	if err != nil {
		return last
	}
	return int(at.Unix() / (24 * 60 * 60))
}

// spoken shows how answers were said, in the person's own view.
func spoken(p Writer, s *practice.Stats) string {
	var parts []string
	for _, r := range practice.SelfRatings() {
		if n := s.Spoken[r]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", r, n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "\n" + p.Paint(term.Bold, "Spoken answers, by your own rating") + "\n  " + strings.Join(parts, ", ") + "\n"
}

// distractors shows how often tempting errors were taken, and how well the person
// knew what they knew.
func distractors(p Writer, s *practice.Stats) string {
	if s.Distractors.Met == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n" + p.Paint(term.Bold, "Tempting errors") + "\n")
	fmt.Fprintf(&b, "  chosen %s of the time (%d of %d), lately %s (%d of %d)\n", text.WholePercent(s.Distractors.Taken, s.Distractors.Met),
		s.Distractors.Taken, s.Distractors.Met, text.WholePercent(s.RecentDistractors.Taken, s.RecentDistractors.Met), s.RecentDistractors.Taken, s.RecentDistractors.Met)
	for _, c := range s.Calibrated {
		if c.Verdicts.Graded == 0 {
			continue
		}
		fmt.Fprintf(&b, "  when you said %s %4s right (%d of %d), %s tempted\n", term.Pad(string(c.Confidence)+":", 8),
			text.WholePercent(c.Verdicts.Right, c.Verdicts.Graded), c.Verdicts.Right, c.Verdicts.Graded, text.Count(c.Tempted, "time"))
	}
	return b.String()
}

// forecast shows what falls due, a day a line, without the empty days at the
// end.
func forecast(p Writer, s *practice.Stats, unicode bool) string {
	bar := "#"
	if unicode {
		bar = "█"
	}
	most, last := 1, 0
	for i, n := range s.Forecast {
		if most = max(most, n); n > 0 {
			last = i
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %s %3d\n", term.Pad("now", label-3), s.DueNow)
	for i, n := range s.Forecast[:last+1] {
		name := "today"
		if i > 0 {
			name = fmt.Sprintf("in %s", text.Count(i, "day"))
		}
		length := n
		if room := p.Width - 2 - label - 6; most > room {
			length = (n*room + most - 1) / most
		}
		line := fmt.Sprintf("  %s %3d %s", term.Pad(name, label-3), n, strings.Repeat(bar, length))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// chart draws the share of right answers over the days.
func chart(p Writer, s *practice.Stats, unicode bool) string {
	const axis = 10
	series := s.Series(p.Width - axis)
	for i := range series {
		series[i] *= 100
	}
	options := []asciigraph.Option{asciigraph.Height(5), asciigraph.LowerBound(0), asciigraph.UpperBound(100), asciigraph.Precision(0), asciigraph.Offset(3)}
	if len(series) < 30 {
		options = append(options, asciigraph.Width(min(2*len(series), p.Width-axis)))
	}
	text := asciigraph.Plot(series, options...)
	if !unicode {
		text = term.PlainChart(text)
	}
	var b strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	first, last := s.Days[len(s.Days)-len(series)].Date, s.Days[len(s.Days)-1].Date
	b.WriteString(strings.Repeat(" ", axis) + first + " to " + last + "\n")
	return b.String()
}
