package term

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// A Progress is a line on a terminal that says how far a run is. It is erased
// at the end. A nil Progress shows nothing.
type Progress struct {
	out   io.Writer
	verb  string
	noun  string
	total int
	line  func() string // in place of verb, noun and total
	done  atomic.Int64
	quit  chan struct{}
	ended sync.WaitGroup
}

// How often the line changes; a run that ends before the first change never
// shows one.
const progressEvery = 200 * time.Millisecond

// Progress starts a line such as "checking 12 of 340 manifests" on standard
// error, or returns nil when that is no terminal which can erase it. The caller
// must stop it before writing anything else to a terminal.
func (s Streams) Progress(verb, noun string, total int) *Progress {
	if !IsTerminal(s.Err) || s.Env("TERM") == "dumb" || total < 2 {
		return nil
	}
	tick := time.NewTicker(progressEvery)
	return startProgress(s.Err, verb, noun, total, tick.C, tick.Stop)
}

// ProgressText is Progress with a line of its own: text is called at each change,
// from another goroutine.
func (s Streams) ProgressText(text func() string) *Progress {
	if !IsTerminal(s.Err) || s.Env("TERM") == "dumb" {
		return nil
	}
	tick := time.NewTicker(progressEvery)
	p := &Progress{out: s.Err, line: text, quit: make(chan struct{})}
	p.start(tick.C, tick.Stop)
	return p
}

func startProgress(out io.Writer, verb, noun string, total int, tick <-chan time.Time, stop func()) *Progress {
	p := &Progress{out: out, verb: verb, noun: noun, total: total, quit: make(chan struct{})}
	p.start(tick, stop)
	return p
}

func (p *Progress) start(tick <-chan time.Time, stop func()) {
	p.ended.Go(func() {
		defer stop()
		p.draw(tick)
	})
}

func (p *Progress) text() string {
	if p.line != nil {
		return p.line()
	}
	return fmt.Sprintf("%s %d of %d %s", p.verb, p.done.Load(), p.total, p.noun)
}

// draw writes the line at each tick and erases it at the end.
func (p *Progress) draw(tick <-chan time.Time) {
	const eraseLine = "\r\x1b[K"
	drawn := false
	for {
		select {
		case <-tick:
			fmt.Fprint(p.out, eraseLine, p.text())
			drawn = true
		case <-p.quit:
			if drawn {
				fmt.Fprint(p.out, eraseLine)
			}
			return
		}
	}
}

// Step counts one more as done. It may be called from several goroutines.
func (p *Progress) Step() {
	if p != nil {
		p.done.Add(1)
	}
}

// Stop erases the line.
func (p *Progress) Stop() {
	if p != nil {
		close(p.quit)
		p.ended.Wait()
	}
}
