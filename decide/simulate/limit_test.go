package simulate

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A run may have as many events as the limit says, and no more.
func TestMostRunEvents(t *testing.T) {
	t.Parallel()
	run := func(limit int64) (int64, error) {
		e := NewEngine(step(func(*Step) {}), Scenario{Kind: Normal, Length: time.Minute, Before: time.Second, After: time.Second})
		if e.limit != mostRunEvents {
			t.Errorf("the limit is %d", e.limit)
		}
		if limit > 0 {
			e.limit = limit
		}
		_, err := e.Run(context.Background(), func(step int) Chance { return seeded(1)(0, step) })
		return int64(e.events), err
	}
	events, err := run(0)
	if err != nil || events == 0 {
		t.Fatalf("%d events, %v", events, err)
	}
	if _, err := run(events); err != nil {
		t.Errorf("at the limit of %d: %v", events, err)
	}
	if _, err := run(events - 1); !errors.Is(err, ErrTooLong) {
		t.Errorf("above the limit: %v", err)
	}
}
