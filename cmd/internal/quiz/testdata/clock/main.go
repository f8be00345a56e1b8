// Clock is the program with a clock that a test sets: it stands at a fixed time
// plus the duration that the file $TEST_CLOCK holds.
package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"waitornot/cmd"
)

func main() {
	streams := cmd.System()
	streams.Now = func() time.Time {
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		if text, err := os.ReadFile(os.Getenv("TEST_CLOCK")); err == nil {
			if d, err := time.ParseDuration(strings.TrimSpace(string(text))); err == nil {
				now = now.Add(d)
			}
		}
		return now
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cmd.Main(ctx, os.Args[1:], streams)
	stop()
	os.Exit(code)
}
