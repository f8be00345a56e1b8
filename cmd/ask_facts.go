package cmd

import (
	"github.com/spf13/cobra"

	"waitornot/cmd/internal/prompt"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/manifest"
)

// askFacts are what flags say of an operation besides its answers: keys of a manifest
// that change the verdict or its safeguards. "" is not given.
type askFacts struct {
	kind, trigger string
	asked         [advice.FactCount]string // indexed by advice.Fact: those that ask asks for
}

// An askFact is one of them, with its flag.
type askFact struct {
	key, flag string // as a manifest and as the command line write it
	value     *string
	values    []string
	usage     string
}

func (f *askFacts) list() []askFact {
	yesNo := []string{"yes", "no", "unknown"}
	scope, readBack := &f.asked[advice.Gate], &f.asked[advice.ReadBack]
	return []askFact{
		{"kind", "kind", &f.kind, []string{"query", "command", "event", "job"}, "the kind of interaction"},
		{"triggered_by", "triggered-by", &f.trigger, []string{"request", "message", "timer", "workflow", "start"}, "what makes the caller call"},
		{"gate", "gate", scope, yesNo, "whether the caller's own step must be undone if this fails"},
		{"read_back", "read-back", readBack, yesNo, "whether the caller's next step reads what it writes"},
	}
}

func (f *askFacts) add(c *cobra.Command) {
	for _, x := range f.list() {
		enumVar(c, c.Flags(), x.value, x.flag, x.values, x.usage)
		*x.value, c.Flags().Lookup(x.flag).DefValue = "", ""
	}
}

// facts returns what the flags say, as a manifest's operation does.
func (f *askFacts) facts() decide.Facts {
	var op manifest.Operation
	op.Kind.Value, op.TriggeredBy.Value = f.kind, f.trigger
	op.Gate.Value, op.ReadBack.Value = f.asked[advice.Gate] == "yes", f.asked[advice.ReadBack] == "yes"
	return op.Facts()
}

// replies puts what flags say of the facts that ask asks for into replies.
func (f *askFacts) replies(r *prompt.Replies) error {
	for _, fact := range advice.AskedFacts() {
		if f.asked[fact] == "" {
			continue
		}
		if err := r.Tell(fact, f.asked[fact]); err != nil {
			return err
		}
	}
	return nil
}

// take takes over what was answered to the questions for facts.
func (f *askFacts) take(r *prompt.Replies) {
	for _, fact := range advice.AskedFacts() {
		if r.Told[fact] {
			f.asked[fact] = r.Facts[fact].String()
		}
	}
}

// given returns the facts that flags and answers give.
func (f *askFacts) given() []askFact {
	var list []askFact
	for _, x := range f.list() {
		if *x.value != "" && *x.value != decide.Unknown.String() {
			list = append(list, x)
		}
	}
	return list
}
