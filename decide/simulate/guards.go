package simulate

import "time"

// What a breaker does when nothing says otherwise: the defaults of Resilience4j.
const (
	breakerWindow = 100 // calls that it looks back on
	breakerTrials = 10  // calls that it lets through to see whether the callee is back
	breakerWait   = int64(60 * time.Second)
	breakerShare  = 50 // percent of the window that must have failed
)

// A breaker fails calls at once while the callee fails most of them.
type breaker struct {
	window    [(breakerWindow + 63) / 64]uint64 // bits of the failures
	at, known int
	failures  int
	open      bool
	until     int64 // when it lets trials through
	trials    int   // how many it has let through
	results   int   // how many of those have ended
	failed    int   // how many of those failed
}

// permits reports whether a call may go, and counts it as a trial when it is one.
func (b *breaker) permits(now int64) bool {
	if !b.open {
		return true
	}
	if now < b.until || b.trials >= breakerTrials {
		return false
	}
	b.trials++
	return true
}

// saw takes the outcome of a call that was let through.
func (b *breaker) saw(ok bool, now int64) {
	if b.open {
		if now < b.until {
			return // let through before it opened
		}
		b.results++
		if !ok {
			b.failed++
		}
		if b.results < breakerTrials {
			return
		}
		if b.failed*100 >= breakerTrials*breakerShare {
			b.trip(now)
		} else {
			*b = breaker{}
		}
		return
	}
	word, bit := b.at/64, uint64(1)<<(b.at%64)
	if b.known == breakerWindow {
		if b.window[word]&bit != 0 {
			b.failures--
		}
	} else {
		b.known++
	}
	b.window[word] &^= bit
	if !ok {
		b.window[word] |= bit
		b.failures++
	}
	b.at = (b.at + 1) % breakerWindow
	if b.known == breakerWindow && b.failures*100 >= breakerWindow*breakerShare {
		b.trip(now)
	}
}

func (b *breaker) trip(now int64) { *b = breaker{open: true, until: now + breakerWait} }

// What a budget for repeats allows when nothing says otherwise: a fifth of the calls, as
// Finagle and Linkerd do, and a few in reserve.
const (
	budgetShare = 0.2
	budgetMost  = 100.0
)
