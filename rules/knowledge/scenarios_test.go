package knowledge

import (
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/practice"
)

// The embedded scenarios hold to the engine and to everything else that is
// asked of them.
func TestScenarios(t *testing.T) {
	t.Parallel()
	if err := ValidateScenarios(); err != nil {
		t.Error(err)
	}
}

// TestScenarioSummary prints what there is to practice on, and wants enough of
// it.
func TestScenarioSummary(t *testing.T) {
	t.Parallel()
	deck, k := loadScenarios(t)
	sum := SumScenarios(deck, k.Table)
	levels := map[practice.Level]int{}
	for _, c := range deck.Cards() {
		levels[practice.Given]++
		if c.Asking(k.Table, 1) != nil {
			levels[practice.Ask]++
		}
	}
	t.Logf("\n%s  %-13s given %d, ask %d operations; design %d systems", sum, "levels", levels[practice.Given], levels[practice.Ask], len(deck))
	if sum.Systems < 40 || sum.Operations < 300 || levels[practice.Ask] != sum.Operations {
		t.Errorf("%d systems with %d operations, %d of them on level ask", sum.Systems, sum.Operations, levels[practice.Ask])
	}
	for _, s := range deck {
		if n := len(s.Cards); n < 6 || n > 10 {
			t.Errorf("%s has %d operations: an interview takes 6 to 10", s.ID, n)
		}
	}
}

func loadScenarios(t *testing.T) (practice.Deck, *decide.Knowledge) {
	t.Helper()
	deck, err := LoadScenarios()
	if err != nil {
		t.Fatal(err)
	}
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return deck, a.Knowledge
}

// A card that breaks one rule is refused, and the fault says which.
func TestScenarioFaults(t *testing.T) {
	t.Parallel()
	_, k := loadScenarios(t)
	tests := []struct {
		name   string
		change func(*practice.Card)
		want   string
	}{
		{"verdict", func(c *practice.Card) { c.Verdict = decide.Async }, "the verdict is async, the engine says sync"},
		{"follow-up", func(c *practice.Card) { c.FollowUp.Verdict = decide.Sync }, "the verdict of the follow-up is sync, the engine says hybrid"},
		{"no change", func(c *practice.Card) { c.FollowUp.Answers, c.FollowUp.Verdict = c.Answers, c.Verdict }, "says what the card says already"},
		{"safeguard", func(c *practice.Card) { c.Safeguards = []string{"prayer"} }, `there is no safeguard "prayer"`},
		{"twice", func(c *practice.Card) { c.Safeguards = []string{"deadline", "deadline"} }, "deadline is defined twice"},
		{"verdict in prompt", func(c *practice.Card) { c.Prompt = "An async call." }, `the prompt gives the answer away: "async"`},
		{"verdict in fact", func(c *practice.Card) { c.FollowUp.Fact = "It runs synchronously." }, `the fact of the follow-up gives the answer away`},
		{"row in hint", func(c *practice.Card) { c.Hints = []string{"Think of keep-apart."} }, "hint 1 gives the answer away"},
		{"nothing", func(c *practice.Card) {}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := decide.Answers{decide.Yes, decide.Yes, decide.No, decide.No}
			c := &practice.Card{ID: "a/b", Prompt: "Log in.", Answers: now, Verdict: decide.Sync,
				FollowUp: &practice.FollowUp{Answers: now.With(decide.Latency, decide.Beyond), Verdict: decide.Hybrid}}
			tt.change(c)
			var faults []string
			for _, err := range cardFaults(c, k) {
				faults = append(faults, err.Error())
			}
			got := strings.Join(faults, "; ")
			if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("faults: %q, want %q", got, tt.want)
			}
		})
	}
}

// A deck in which the commonest answer is nearly always right is refused.
func TestScenarioBalance(t *testing.T) {
	t.Parallel()
	deck, k := loadScenarios(t)
	for _, s := range deck {
		for _, c := range s.Cards {
			c.Answers = decide.Answers{decide.Yes, decide.No, decide.No, decide.No}
			c.Verdict = decide.Sync
		}
	}
	err := validateScenarios(deck, k)
	for _, want := range []string{"operations are async", "hit the row keep-apart", "answer immediacy with later"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the fault about %q is missing in: %v", want, err)
		}
	}
}

// A scenario that is written wrongly is not read.
func TestScenarioForm(t *testing.T) {
	t.Parallel()
	good, err := scenarioFiles.ReadFile("scenarios/web-shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"unknown key", "\nbrief:", "\nbreif: x\nbrief:", "breif"},
		{"id", "system: web-shop", "system: Web Shop", "is not an id"},
		{"question", "coupling: {is", "couping: {is", `"couping" is not a question`},
		{"answer", "coupling: {is: \"no\"", "coupling: {is: later", `"later" does not answer coupling`},
		{"verdict", "verdict: sync\n    tempting", "verdict: maybe\n    tempting", `"maybe" is not a verdict`},
		{"nothing changes", "change: {", "change: {}\n      # {", "changes nothing"},
		{"tempting is right", "tempting: {verdict: async", "tempting: {verdict: sync", "the tempting verdict is the right one"},
		{"hints", "    hints:\n      - \"", "    hints: []\n    # - \"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := strings.Replace(string(good), tt.old, tt.new, 1)
			if bad == string(good) {
				t.Fatalf("nothing was changed: %q is not in the file", tt.old)
			}
			if _, err := parseScenario([]byte(bad)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
