package quiz

import (
	"time"

	"waitornot/decide/practice"
)

// The shape of the statistics in JSON.
type (
	jsonStats struct {
		Version           int                  `json:"version"`
		Cards             int                  `json:"cards"`
		Seen              int                  `json:"seen"`
		Known             int                  `json:"known"`
		Answers           int                  `json:"answers"`
		Questions         map[string]jsonTally `json:"questions"`
		Verdicts          map[string]jsonTally `json:"verdicts"`
		FollowUps         jsonTally            `json:"follow_ups"`
		Asked             jsonTally            `json:"asked"`
		AskLevel          int                  `json:"ask_level"`
		Spoken            map[string]int       `json:"spoken"`
		Heard             map[string]int       `json:"heard"`
		Consistent        jsonTally            `json:"consistent"`
		Distractors       jsonDistractor       `json:"tempting_errors"`
		RecentDistractors jsonDistractor       `json:"tempting_errors_lately"`
		Calibrated        []jsonCalibration    `json:"calibration"`
		Streak            int                  `json:"streak_days"`
		Longest           int                  `json:"longest_streak_days"`
		Days              []jsonDay            `json:"days"`
		DueNow            int                  `json:"due_now"`
		Forecast          []int                `json:"due_forecast"`
		Mocks             []jsonScore          `json:"mocks"`
		Designs           []jsonScore          `json:"designs"`
	}
	jsonTally struct {
		Graded   int `json:"graded"`
		Right    int `json:"right"`
		NoAnswer int `json:"unknown"`
	}
	jsonDistractor struct {
		Met   int `json:"met"`
		Taken int `json:"taken"`
		Wrong int `json:"wrong"`
	}
	jsonCalibration struct {
		Confidence practice.Confidence `json:"confidence"`
		Verdicts   jsonTally           `json:"verdicts"`
		Tempted    int                 `json:"tempted"`
	}
	jsonDay struct {
		Date     string    `json:"date"`
		Answers  jsonTally `json:"answers"`
		Verdicts jsonTally `json:"verdicts"`
	}
	jsonScore struct {
		At       time.Time `json:"at"`
		System   string    `json:"system"`
		Reached  int       `json:"points"`
		Possible int       `json:"possible"`
	}
)

// StatsJSON returns statistics as they are written in JSON.
func StatsJSON(s *practice.Stats) any {
	out := jsonStats{
		Version: jsonVersion, Cards: s.Cards, Seen: s.Seen, Known: s.Known, Answers: s.Answers,
		Questions: talliesOf(s.Questions), Verdicts: talliesOf(s.Verdicts), FollowUps: jsonTally(s.FollowUps),
		Asked: jsonTally(s.Asked), AskLevel: s.AskLevel, Spoken: s.Spoken, Heard: s.Heard, Consistent: jsonTally(s.Consistent),
		Distractors: jsonDistractor(s.Distractors), RecentDistractors: jsonDistractor(s.RecentDistractors), Calibrated: []jsonCalibration{},
		Streak: s.Streak, Longest: s.Longest, Days: []jsonDay{}, DueNow: s.DueNow, Forecast: s.Forecast,
		Mocks: scoresOf(s.Mocks), Designs: scoresOf(s.Designs),
	}
	for _, c := range s.Calibrated {
		out.Calibrated = append(out.Calibrated, jsonCalibration{c.Confidence, jsonTally(c.Verdicts), c.Tempted})
	}
	for _, d := range s.Days {
		out.Days = append(out.Days, jsonDay{d.Date, jsonTally(d.Answers), jsonTally(d.Verdicts)})
	}
	return out
}

func talliesOf(tallies map[string]practice.Tally) map[string]jsonTally {
	out := map[string]jsonTally{}
	for name, t := range tallies {
		out[name] = jsonTally(t)
	}
	return out
}

func scoresOf(scores []practice.MockScore) []jsonScore {
	out := []jsonScore{}
	for _, s := range scores {
		out = append(out, jsonScore(s))
	}
	return out
}
