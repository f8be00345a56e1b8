package cmd

import (
	"github.com/spf13/cobra"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// askFacts are what flags say of an operation besides its answers: keys of a manifest
// that change the verdict or its safeguards. "" is not given.
type askFacts struct {
	kind, trigger, gate, readBack string
}

// An askFact is one of them, with its flag.
type askFact struct {
	key, flag string // as a manifest and as the command line write it
	value     *string
	values    []string
	usage     string
}

func (f *askFacts) list() []askFact {
	yesNo := []string{"yes", "no"}
	return []askFact{
		{"kind", "kind", &f.kind, []string{"query", "command", "event", "job"}, "what sort of interaction it is"},
		{"triggered_by", "triggered-by", &f.trigger, []string{"request", "message", "timer", "workflow", "start"}, "what makes the caller call"},
		{"gate", "gate", &f.gate, yesNo, "whether the caller's own step must be undone when it fails"},
		{"read_back", "read-back", &f.readBack, yesNo, "whether the caller's next step reads what it writes"},
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
	op.Gate.Value, op.ReadBack.Value = f.gate == "yes", f.readBack == "yes"
	return op.Facts()
}

// given returns the facts that flags give.
func (f *askFacts) given() []askFact {
	var list []askFact
	for _, x := range f.list() {
		if *x.value != "" {
			list = append(list, x)
		}
	}
	return list
}
