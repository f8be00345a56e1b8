package markup

import (
	"bytes"
	"runtime"

	"waitornot/decide/parallel"
)

// together is how many things a goroutine writes before it hands on what it wrote.
const together = 256

// Each writes n things in their order. Where there are many, several goroutines write at a time:
// pen returns what each of them writes with, to a writer of its own.
func (w *Writer) Each(n int, pen func(*Writer) func(i int)) {
	if n <= together {
		write := pen(w)
		for i := range n {
			write(i)
		}
		return
	}
	type page struct {
		text  bytes.Buffer
		w     *Writer // on text
		write func(i int)
	}
	var spare parallel.Spare[*page]
	parallel.InOrder(runtime.GOMAXPROCS(0), (n+together-1)/together, func(part int) *page {
		p, ok := spare.Take()
		if !ok {
			p = &page{}
			p.w = NewWriter(&p.text)
			p.write = pen(p.w)
		}
		for i := part * together; i < min((part+1)*together, n); i++ {
			p.write(i)
		}
		return p
	}, func(p *page) {
		if err := p.w.Flush(); err != nil {
			w.Fail(err)
		}
		w.Write(p.text.Bytes())
		p.text.Reset()
		spare.Give(p)
	})
}
