package quiz

import (
	"testing"

	"waitornot/cmd/internal/dialog"
)

// A line is understood as a sign, a number, a key, a word or the beginning of
// only one, and as nothing else.
func TestParse(t *testing.T) {
	t.Parallel()
	latency := Ask{Name: "latency", Options: []dialog.Option{{Key: "n", Word: "no", Label: "no"}, {Key: "y", Word: "yes", Label: "yes"}, {Key: "b", Word: "beyond", Label: "beyond"}, {Key: "u", Word: "unknown", Label: "I do not know"}}}
	guard := Ask{Name: "safeguard", Options: []dialog.Option{{Key: "1", Word: "dead-letter-queue", Label: "Dead-letter queue"}, {Key: "2", Word: "deadline", Label: "Deadline"}, {Key: "u", Word: "unknown", Label: "I do not know"}}}
	tests := []struct {
		name, text string
		ask        Ask
		want       Move
		ok         bool
	}{
		{"hint", "?", latency, Move{Kind: Hint}, true},
		{"skip", ">", latency, Move{Kind: Skip}, true},
		{"back", "<", latency, Move{Kind: Back}, true},
		{"number", "3", latency, Move{Word: "beyond"}, true},
		{"key", "b", latency, Move{Word: "beyond"}, true},
		{"capital", "YES", latency, Move{Word: "yes"}, true},
		{"beginning", "be", latency, Move{Word: "beyond"}, true},
		{"not known", "I do not know", latency, Move{Word: "unknown"}, true},
		{"duration", "900ms", latency, Move{Word: "yes"}, true},
		{"long duration", "31s", latency, Move{Word: "beyond"}, true},
		{"duration elsewhere", "900ms", guard, Move{}, false},
		{"ambiguous", "dead", guard, Move{}, false},
		{"label", "deadline", guard, Move{Word: "deadline"}, true},
		{"empty", "", latency, Move{}, false},
		{"number too great", "5", latency, Move{}, false},
		{"another word", "maybe", latency, Move{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := parse(tt.ask, tt.text); got != tt.want || ok != tt.ok {
				t.Errorf("parse(%q) = %+v, %v; want %+v, %v", tt.text, got, ok, tt.want, tt.ok)
			}
		})
	}
}
