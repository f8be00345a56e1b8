package draft

import (
	"testing"

	"waitornot/decide/evidence"
)

// A hint says what it rests on: the firmest of what shows it.
func TestHints(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		shows []string
		want  string
	}{
		{[]string{"depends_on"}, "the startup order"},
		{[]string{"initContainers"}, "the startup order"},
		{[]string{"depends_on", "links"}, "a link between containers"},
		{[]string{"NetworkPolicy"}, "a network policy"},
		{[]string{"ServiceIntentions"}, "Consul's intentions"},
		{[]string{"scopes"}, "the scopes of a Dapr component"},
		{[]string{"depends_on", "STOCK_URL"}, "a setting that several services share"},
	} {
		op := evidence.Operation{}
		for _, s := range tt.shows {
			op.Seen = append(op.Seen, evidence.Sighting{Shows: s, Weak: true})
		}
		if got := hint(&op); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.shows, got, tt.want)
		}
	}
}
