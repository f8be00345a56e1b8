//go:build unix

package prompt_test

import (
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
// for five seconds.
func TestMuteTerminal(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--version"}, {"ask", "--help"}, {"ask", "--immediacy", "yes", "--retryability", "no", "--latency", "no", "--coupling", "no"}} {
		quickest, s := time.Hour, (*screentest.Screen)(nil)
		for try := 0; try < 3 && quickest >= time.Second; try++ { // the machine may be busy; a stall is there every time
			start := time.Now()
			s = screentest.Start(t, screentest.Options{Args: args, Mute: true, Env: []string{"NO_COLOR=1"}})
			s.WantExit(0)
			quickest = min(quickest, time.Since(start))
		}
		if quickest >= time.Second {
			t.Errorf("%q took %v on a terminal that answers nothing", args, quickest)
		}
		if raw := s.Raw(); strings.ContainsRune(raw, '\x1b') {
			t.Errorf("%q wrote escape sequences: %q", args, raw)
		}
	}
}
