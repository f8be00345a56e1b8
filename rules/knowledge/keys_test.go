package knowledge

import (
	"slices"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/practice"
)

// These keys were wrong or arguable once: what is right about them now, a reason for no
// included. Where two verdicts can be defended, both are right.
func TestKeys(t *testing.T) {
	t.Parallel()
	deck, _ := loadScenarios(t)
	const s, a, h = decide.Sync, decide.Async, decide.Hybrid
	tests := []struct {
		cards string
		right decide.VerdictSet
	}{
		// An upsert in the caller's own store: a job table in the same database adds a worker and nothing else.
		{"ride-hailing/rate-driver food-delivery/add-tip learning-platform/save-video-progress", decide.SetOf(s)},
		// The same, but batching is an argument.
		{"team-chat/mark-channel-read", decide.SetOf(s, a)},
		// Somebody wants the outcome of fast work: to name a place for it is as right as to hand it over.
		{"hotel-booking/leave-a-wish learning-platform/send-sick-note marketplace/pass-on-message marketplace/start-item-boost " +
			"ride-hailing/ring-lost-phone telephony/change-opening-hours", decide.SetOf(a, h)},
	}
	for _, tt := range tests {
		for id := range strings.FieldsSeq(tt.cards) {
			if got := card(t, deck, id).Right(); got != tt.right {
				t.Errorf("%s: %s is right, want %s", id, got, tt.right)
			}
		}
	}
	followUps := []struct {
		cards string
		right decide.VerdictSet
	}{
		{"ad-serving/review-creative document-search/erase-document food-delivery/apply-voucher " +
			"hotel-booking/ask-for-group-quote insurance-claims/collect-other-insurer insurance-claims/report-damage " +
			"marketplace/check-item-pictures payment-provider/refund-payment social-feed/publish-post social-feed/vote-in-poll " +
			"web-shop/place-order web-shop/reserve-last-item", decide.SetOf(a, h)},
		// A code made in 300 ms fits into the response, and so do two rows of one's own wallet.
		{"ticket-sale/make-pdf-tickets game-matchmaking/gift-coins", decide.SetOf(s, a, h)},
		{"web-shop/export-order-history", decide.SetOf(s, h)}, // 800 ms can simply be answered
	}
	for _, tt := range followUps {
		for id := range strings.FieldsSeq(tt.cards) {
			if got := card(t, deck, id).FollowUp.Right(); got != tt.right {
				t.Errorf("%s, follow-up: %s is right, want %s", id, got, tt.right)
			}
		}
	}
}

// A read is harmless to repeat, whether or not it is wanted later: its key says too late,
// never unsafe, and a plain no is right, too.
func TestReads(t *testing.T) {
	t.Parallel()
	deck, k := loadScenarios(t)
	reads := "document-search/find-documents document-search/complete-while-typing document-search/check-rights-on-open social-feed/open-feed " +
		"team-chat/search-messages email-service/open-inbox email-service/judge-incoming-mail web-shop/log-in ride-hailing/quote-fare telephony/route-call " +
		"insurance-claims/check-cover video-platform/start-playback video-platform/rent-film llm-assistant/screen-message llm-assistant/stream-answer " +
		"photo-sharing/apply-filter iot-fleet/read-device-state ad-serving/choose-ad ad-serving/follow-click ad-serving/forecast-reach " +
		"bank-transfer/confirm-payee-name food-delivery/check-delivery-address game-matchmaking/join-lobby health-records/check-drug-allergy " +
		"health-records/open-patient-overview hotel-booking/search-rooms learning-platform/mark-quiz ticket-sale/scan-at-door"
	if n := len(strings.Fields(reads)); n != 28 {
		t.Fatalf("%d reads", n)
	}
	for id := range strings.FieldsSeq(reads) {
		c := card(t, deck, id)
		if got := c.Answers[decide.Retryability]; got != decide.TooLate {
			t.Errorf("%s: retryability %s", id, got)
		}
		plain := c.Answers.With(decide.Retryability, decide.No)
		if g := practice.Grade(k.Table, c, practice.Response{Answers: &plain, Verdict: c.Verdict}); g.Rating != practice.Good {
			t.Errorf("%s: a plain no is rated %s", id, g.Rating)
		}
	}
}

func card(t *testing.T, deck practice.Deck, id string) *practice.Card {
	t.Helper()
	c := deck.Card(id)
	if c == nil {
		t.Fatalf("there is no card %s", id)
	}
	return c
}

// What teaches the same is there a few times and no more: counters and other side effects
// in memory, and outside parties that are told once.
func TestClusters(t *testing.T) {
	t.Parallel()
	deck, _ := loadScenarios(t)
	var memory, once []string
	for _, c := range deck.Cards() {
		a := c.Answers
		if a[decide.Immediacy] != decide.No || a[decide.Retryability].Plain() != decide.No || a[decide.Latency] != decide.No {
			continue
		}
		if a[decide.Coupling] == decide.No {
			memory = append(memory, c.ID)
		} else {
			once = append(once, c.ID)
		}
	}
	if len(memory) > 6 || len(once) > 6 {
		t.Errorf("side effects in memory %v, told once %v", memory, once)
	}
}

// Systems that interviewers ask have eight operations or more, and are dealt first.
func TestClassics(t *testing.T) {
	t.Parallel()
	deck, _ := loadScenarios(t)
	classics := strings.Fields("url-shortener key-value-store notification-platform fraud-check collaborative-editing file-sync job-scheduler " +
		"metrics-alerting stock-exchange web-crawler rate-limiter live-streaming ad-click-aggregation search-autocomplete leaderboard ml-inference")
	for _, id := range classics {
		s := deck.System(id)
		if s == nil || len(s.Cards) < 8 || !s.Common {
			t.Errorf("%s: missing, with fewer than eight operations, or not dealt first: %+v", id, s)
		}
	}
	for _, id := range []string{"telephony", "insurance-claims", "learning-platform", "health-records"} {
		if s := deck.System(id); s == nil || s.Common {
			t.Errorf("%s: missing, or dealt first", id)
		}
	}
}

// A hint asks or points; it doesn't repeat the sentence that is the answer.
func TestHints(t *testing.T) {
	t.Parallel()
	deck, _ := loadScenarios(t)
	const run = 5 // words in a row that two sentences may share by chance, and one more
	for _, c := range deck.Cards() {
		answers := []string{c.Tempting.Why, c.Tradeoff, c.Spoken}
		for _, q := range decide.Questions() {
			answers = append(answers, c.Why[q])
		}
		for _, hint := range c.Hints {
			words := plainWords(hint)
			for i := 0; i+run <= len(words); i++ {
				part := " " + strings.Join(words[i:i+run], " ") + " "
				if slices.ContainsFunc(answers, func(a string) bool { return strings.Contains(" "+strings.Join(plainWords(a), " ")+" ", part) }) {
					t.Errorf("%s: the hint %q repeats its answer: %s", c.ID, hint, part)
				}
			}
		}
	}
}

func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz'0123456789", r) })
}

// number is how small numbers are said.
var number = map[string]string{"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "day": "1"}

// Nearly every spoken answer says a number of its card.
func TestSpokenNumbers(t *testing.T) {
	t.Parallel()
	deck, _ := loadScenarios(t)
	own := 0
	for _, c := range deck.Cards() {
		for _, w := range plainWords(c.Prompt) {
			if strings.ContainsAny(w, "0123456789") && slices.ContainsFunc(plainWords(c.Spoken), func(said string) bool { return said == w || number[said] == w }) {
				own++
				break
			}
		}
	}
	t.Logf("%d of %d spoken answers say a number of their card", own, len(deck.Cards()))
	if own*10 < len(deck.Cards())*9 {
		t.Errorf("only %d of %d say a number of their card", own, len(deck.Cards()))
	}
}
