//go:build unix

package prompt_test

import (
	"cmp"
	"os"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/screentest"
)

func TestMain(m *testing.M) { os.Exit(screentest.Main(m)) }

// No command asks the terminal anything or waits for it. Without the cure of
// package quiet, the form library's terminal layer asks for the background
// color before main, and a terminal that does not answer stalls every command
// for five seconds. How long a start takes is the machine's matter: a stall is what a
// terminal that answers doesn't see.
func TestMuteTerminal(t *testing.T) {
	t.Parallel()
	const tries = 10
	for _, args := range [][]string{{"--version"}, {"ask", "--help"}, {"ask", "--immediacy", "yes", "--retryability", "no", "--latency", "no", "--coupling", "no"}} {
		run := func(mute bool) (*screentest.Screen, time.Duration) {
			start := time.Now()
			s := screentest.Start(t, screentest.Options{Args: args, Mute: mute, Env: []string{"NO_COLOR=1"}})
			s.WantExit(0)
			return s, time.Since(start)
		}
		s, quickest := run(true)
		usual := time.Duration(0)
		for try := 1; try < tries && quickest >= usual+time.Second; try++ { // the machine may be busy; a stall is there every time
			_, answered := run(false)
			if usual = min(answered, cmp.Or(usual, answered)); quickest >= usual+time.Second {
				_, took := run(true)
				quickest = min(quickest, took)
			}
		}
		if quickest >= usual+time.Second {
			t.Errorf("%q took %v on a terminal that answers nothing, and %v on one that does", args, quickest, usual)
		}
		if raw := s.Raw(); strings.ContainsRune(raw, '\x1b') {
			t.Errorf("%q wrote escape sequences: %q", args, raw)
		}
	}
}
