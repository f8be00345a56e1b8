package cmd

import (
	"fmt"
	"sync/atomic"

	"waitornot/cmd/internal/term"
)

// A runProgress says on a terminal how far the runs of a simulation are.
type runProgress struct {
	*term.Progress
	runs int            // of each variant; 0 for a trial
	done []atomic.Int64 // by variant, in thousandths of a run
}

// newRunProgress starts the line for so many runs of so many variants; for no runs, that
// for a trial.
func newRunProgress(s Streams, runs, variants int) *runProgress {
	p := &runProgress{runs: runs, done: make([]atomic.Int64, variants)}
	p.Progress = s.ProgressText(p.text)
	return p
}

// told takes how many runs of a variant are over.
func (p *runProgress) told(variant int, runs float64) { p.done[variant].Store(int64(1000 * runs)) }

func (p *runProgress) text() string {
	all := max(1, p.runs) * len(p.done)
	done := int64(0)
	for i := range p.done {
		done += p.done[i].Load()
	}
	percent := done / (10 * int64(all))
	if p.runs == 0 {
		return fmt.Sprintf("simulating a trial run, %d%%", percent)
	}
	return fmt.Sprintf("simulating %d runs, %d%%", all, percent)
}
