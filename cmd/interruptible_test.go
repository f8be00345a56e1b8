package cmd

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// Work that goes on is given up at an interrupt, and what it returns or panics with is handed on.
func TestInterruptible(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	if n, err := interruptible(ctx, func() (int, error) { return 7, nil }); n != 7 || err != nil {
		t.Errorf("it returns %d, %v", n, err)
	}
	func() {
		defer func() {
			if text, _ := recover().(string); !strings.HasPrefix(text, "a fault\n") || !strings.Contains(text, "TestInterruptible") {
				t.Errorf("it panics with %.100q", text)
			}
		}()
		_, _ = interruptible(ctx, func() (int, error) { panic("a fault") })
	}()
	release := make(chan struct{})
	defer close(release)
	if _, err := interruptible(ctx, func() (int, error) { interrupt(); <-release; return 0, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interrupt: %v", err)
	}
}
