package simview

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/schematest"
	"waitornot/cmd/internal/screentest"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/simulate"
)

// page simulates a journey whose names break what forgets to escape.
func page(t *testing.T, s simulate.Scenario) *Page {
	t.Helper()
	declared := &simulate.Prepared{RateOf: 0, Model: simulate.Model{Rate: 20, Steps: []simulate.Step{
		{Name: "a\x1b[31m/<b>&\"'", Service: "back]end", Parent: simulate.None, Own: simulate.Time{Median: 20 * time.Millisecond, P99: 60 * time.Millisecond}, Timeout: 100 * time.Millisecond, Attempts: 2, Breaker: true},
		{Name: "日本語の長い名前の操作/日本語の長い名前の操作", Service: "queue", Parent: simulate.None, Slot: 1, Own: simulate.Time{Median: 20 * time.Millisecond, P99: 60 * time.Millisecond}},
	}}}
	recommended := &simulate.Prepared{Model: declared.Model, Variant: simulate.Recommended, Changes: []simulate.Change{{Step: 1, To: decide.Async, With: []string{"outbox"}}}}
	recommended.Steps = append([]simulate.Step{}, declared.Steps...)
	recommended.Steps[1].Detached, recommended.Steps[1].Queue = true, simulate.Queue{Workers: 2}
	p := &Page{Journey: "go | <x>\x1b]0;", Scenario: s, Seed: 1, Rate: 20, Runs: 2, Asked: 10, Version: "test"}
	for _, v := range []*simulate.Prepared{declared, recommended} {
		sum, err := simulate.Simulate(context.Background(), &v.Model, s, 2, func(run, step int) simulate.Chance {
			return rand.New(rand.NewPCG(uint64(run), uint64(step+1)))
		}, func(float64) {})
		if err != nil {
			t.Fatal(err)
		}
		p.Variants = append(p.Variants, Variant{Prepared: v, Summary: sum})
	}
	return p
}

func pages(t *testing.T) map[string]*Page {
	down := simulate.Scenario{Kind: simulate.Down, Callee: "queue", Length: 20 * time.Second, Before: 20 * time.Second, After: 40 * time.Second}
	refused := down
	refused.Refuse = true
	return map[string]*Page{
		"normal": page(t, simulate.Scenario{Before: 20 * time.Second, After: 20 * time.Second}),
		"down":   page(t, down), "refused": page(t, refused),
		"deploy": page(t, simulate.Scenario{Kind: simulate.Deploy, Callee: "back]end", Length: 20 * time.Second, Before: 20 * time.Second, After: 40 * time.Second}),
	}
}

func written(t *testing.T, format string, p *Page, l term.Layout) string {
	t.Helper()
	var b strings.Builder
	for _, f := range Formats() {
		if f.Name == format {
			if err := f.Write(&b, p, l); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b.String()
}

// Text keeps to its width, obeys no name, and adds nothing but escape sequences when it
// is colored.
func TestText(t *testing.T) {
	t.Parallel()
	for name, p := range pages(t) {
		for _, width := range []int{60, 80, 120} {
			plain := written(t, "text", p, term.Layout{Width: width})
			for l := range strings.Lines(plain) {
				l = strings.TrimSuffix(l, "\n")
				if term.Cells(l) > width || strings.TrimRight(l, " ") != l {
					t.Errorf("%s: wider than %d columns, or with blanks at its end: %q", name, width, l)
				}
			}
			if strings.Contains(plain, "\x1b") {
				t.Errorf("%s: a name reaches the terminal:\n%q", name, plain)
			}
			colored := written(t, "text", p, term.Layout{Width: width, Painter: term.Painter{Color: true}})
			if got := screentest.Unpainted(colored); got != plain {
				t.Errorf("%s: color changes the text:\n%s\nwant\n%s", name, got, plain)
			}
		}
		for _, r := range written(t, "text", p, term.Layout{Width: 80, ASCII: true}) {
			if r > 0x7e && !strings.ContainsRune("日本語の長い名前の操作", r) {
				t.Fatalf("%s: %q in ASCII", name, r)
			}
		}
	}
}

func TestJSONAgainstItsSchema(t *testing.T) {
	t.Parallel()
	s := schematest.Compile(t, "simulate.schema.json")
	for name, p := range pages(t) {
		document := written(t, "json", p, term.Layout{})
		if err := s.Validate(schematest.Parse(t, document)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s.Validate(schematest.Parse(t, strings.Replace(document, `"series"`, `"serie"`, 1))) == nil {
			t.Errorf("%s: the schema lets a misspelt key pass", name)
		}
	}
}

// Pictures are well-formed whatever the names are.
func TestSVG(t *testing.T) {
	t.Parallel()
	for name, p := range pages(t) {
		picture := written(t, "svg", p, term.Layout{})
		d := xml.NewDecoder(strings.NewReader(picture))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v in\n%s", name, err, picture)
			}
		}
		if strings.Contains(picture, "NaN") || strings.Contains(picture, "\x1b") {
			t.Errorf("%s: not a number, or a control character", name)
		}
	}
}

// Numbers say how sure they are, and never more than that.
func TestNumbers(t *testing.T) {
	t.Parallel()
	p := &texter{Page: &Page{Scenario: simulate.Scenario{After: 3 * time.Minute}}}
	for _, test := range []struct{ got, want string }{
		{share(simulate.Estimate{}), "no requests in some runs"}, {share(simulate.Estimate{Nowhere: true}), "no requests"},
		{both(simulate.Estimate{Nowhere: true}, simulate.Estimate{Nowhere: true}), "none"},
		{share(simulate.Estimate{Known: true}), "0%"},
		{share(simulate.Estimate{Known: true, Mean: 1}), "100%"},
		{share(simulate.Estimate{Known: true, Mean: .9991, Half: .0001, Sure: true}), "99.91%"},
		{share(simulate.Estimate{Known: true, Mean: .412, Half: .02, Sure: true}), "41% ±2"},
		{share(simulate.Estimate{Known: true, Mean: .99959, Half: .001, Sure: true}), "99.96% ±0.10"},
		{share(simulate.Estimate{Known: true, Mean: 1, Half: .001, Sure: true}), "100.0% ±0.1"},
		{seconds(simulate.Estimate{Known: true, Mean: 1.5, Half: .2, Sure: true}), "1.5s ±200ms"},
		{seconds(simulate.Estimate{Known: true, Mean: 90, Half: 1, Sure: true}), "1m30s"},
		{number(simulate.Estimate{Known: true, Mean: 12, Half: 3, Sure: true}), "12 ±3"},
		{p.recovery(simulate.Estimate{}), "not within 3m"},
		{p.recovery(simulate.Estimate{Known: true}), "immediately"},
		{compact(12345), "12k"}, {compact(2.5e6), "2.5M"}, {compact(3e9), "3G"}, {compact(7), "7"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

// A name of a step is written whole, and an interval as a whole or not at all.
func TestNothingIsCut(t *testing.T) {
	t.Parallel()
	const long = "authorize-the-payment-of-an-order-of-a-customer"
	variants := []Variant{{Prepared: &simulate.Prepared{}}, {Prepared: &simulate.Prepared{Variant: simulate.Recommended}}}
	write := func(width, of int, names ...string) string {
		var b strings.Builder
		w := markup.NewWriter(&b)
		x := &texter{Writer: w, Page: &Page{Variants: variants[:of]}, Layout: term.Layout{Width: width, ASCII: true}}
		x.place(names)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for _, test := range []struct {
		got, want string
	}{
		{write(80, 2, "pay", "tell"), "    at                                pay                  tell\n"},
		{write(80, 2, "pay", "pay"), "    at                                pay\n"},
		{write(80, 2, "", ""), ""},
		{write(80, 2, long, "tell"), "    at " + long + " (declared)\n    at tell (recommended)\n"},
		{write(80, 2, "", long), "    at " + long + " (recommended)\n"},
		{write(80, 1, long), "    at " + long + "\n"},
		{write(60, 1, "pay"), "    at                                pay\n"},
		{write(50, 1, "pay"), "    at pay\n"},
		{write(60, 2, "pay", "tell"), "    at pay (declared)\n    at tell (recommended)\n"},
		{write(40, 1, long), "    at authorize-the-payment-of-an-or...\n"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
	x := &texter{Page: &Page{Variants: variants}, Layout: term.Layout{Width: 80, ASCII: true}}
	for cell, want := range map[string]string{"1.5s ±200ms": "1.5s +-200ms", "550ms / 620ms ±160ms": "550ms / 620ms", "99.9% ±0.1": "99.9% +-0.1"} {
		if got := x.fit(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

// Whatever can happen has words of its own: a sentence, and what its row is called.
func TestEveryKindHasWords(t *testing.T) {
	t.Parallel()
	sentences, names := map[string]bool{}, map[string]bool{}
	for _, k := range simulate.Kinds() {
		sentences[Event(&simulate.Scenario{Kind: k, Callee: "bank", Times: 3, Length: time.Minute})] = true
		names[eventName(k)] = true
	}
	if n := len(simulate.Kinds()); len(sentences) != n || len(names) != n {
		t.Errorf("%d kinds have %d sentences and %d names", n, len(sentences), len(names))
	}
}
