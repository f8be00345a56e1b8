package graph

import (
	"fmt"
	"slices"
	"testing"

	"waitornot/decide"
	"waitornot/decide/decidetest"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A collector keeps words and traits for the next operations, up to a limit.
func TestCollectorForgets(t *testing.T) {
	t.Parallel()
	for given, kept := range map[int]int{1: 1, maxWords: maxWords, maxWords + 1: 0} {
		c := &collector{words: map[string]string{}, traits: map[Traits]*Traits{}}
		for i := range given {
			c.words[fmt.Sprint(i)] = ""
			c.traits[Traits{Kind: fmt.Sprint(i)}] = nil
		}
		if c.start(); len(c.words) != kept || len(c.traits) != kept {
			t.Errorf("of %d it keeps %d words and %d traits, want %d", given, len(c.words), len(c.traits), kept)
		}
	}
}

// Rare facts take the room that they need, so that pointers to them stay good; an
// operation without them has none.
func TestRareFacts(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	writes := func(b *builder, o *manifest.Operation) { put(b, &o.Writes, "orders") }
	b.op(d, "a", "x", decide.Sync, writes, rates(1, 2, 0, 0))
	b.op(d, "b", "x", decide.Sync)
	b.op(d, "c", "x", decide.Sync, func(b *builder, o *manifest.Operation) { put(b, &o.PoolName, "p") }, rates(3, 4, 0, 0))
	part := new(Collector).Begin(d.File, decidetest.Table(t), decide.DefaultLimits())
	part.Add(d, b.ops[d])
	if c := part.collector; len(c.data) != 2 || cap(c.data) != 2 || len(c.rates) != 2 || cap(c.rates) != 2 {
		t.Errorf("%d of %d data, %d of %d rates, want 2 of 2", len(c.data), cap(c.data), len(c.rates), cap(c.rates))
	}
	g := b.build(t, 0)
	var o []*Operation
	for _, op := range g.Operations() {
		o = append(o, op)
	}
	if o[0].Data == nil || *o[0].Data != (Data{Writes: "orders"}) || o[1].Data != nil || o[2].Data == nil || *o[2].Data != (Data{Pool: "p"}) ||
		o[0].Rates.Mean != 1 || o[1].Rates != nil || o[2].Rates.Mean != 3 {
		t.Errorf("data %+v, %+v, %+v", o[0].Data, o[1].Data, o[2].Data)
	}
}

// A document is named once for all its operations that come one after another.
func TestDocumentsOfAPart(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	first, second := b.doc("shop"), b.doc("bank")
	b.op(first, "a", "x", decide.Sync)
	b.op(second, "b", "x", decide.Sync)
	part := new(Collector).Begin(first.File, decidetest.Table(t), decide.DefaultLimits())
	for _, d := range []*manifest.Document{first, first, first, second, second, first} {
		part.Add(d, b.ops[d])
	}
	part.Add(second, nil)
	if docs, want := part.part.docs, []declared{{0, first}, {3, second}, {5, first}}; !slices.Equal(docs, want) {
		t.Errorf("documents %v, want %v", docs, want)
	}
}

// Wherever a fact stands, its place is kept: before the operation or far behind it, on
// several lines, at the widest that is packed and beyond.
func TestPlacesOfAnyShape(t *testing.T) {
	t.Parallel()
	const most = 1<<16 - 1
	at := func(line, column, toLine, to uint32) diag.Range {
		return diag.Range{Start: diag.Pos{Line: line, Column: column}, End: diag.Pos{Line: toLine, Column: to}}
	}
	for _, tt := range []struct {
		r      diag.Range
		packed bool
	}{
		{at(100, 1, 100, 2), true}, {at(101, 5, 101, 5), true},
		{at(99, 5, 99, 9), false}, {at(100, 5, 101, 9), false},
		{at(100+most, 5, 100+most, 9), true}, {at(101+most, 5, 101+most, 9), false},
		{at(100, most, 100, most+2), true}, {at(100, most+1, 100, most+2), false},
		{at(100, 1, 100, 1+most), true}, {at(100, 1, 100, 2+most), false},
	} {
		p := &collected{}
		p.addPlace(100, FactName, at(100, 3, 100, 4))
		p.addPlace(100, FactTimeout, tt.r)
		o := &Operation{line: 100, placeCount: 2}
		if got, ok := p.place(o, FactTimeout); !ok || got != tt.r || (len(p.wide) == 0) != tt.packed {
			t.Errorf("%v is %v, %t, %d beside; packed %t", tt.r, got, ok, len(p.wide), tt.packed)
		}
		if _, ok := p.place(o, FactPool); ok {
			t.Error("a fact that isn't given has a place")
		}
	}
	p := &collected{}
	p.addPlace(100, FactName, diag.Range{})
	if len(p.places) != 0 {
		t.Error("no place is kept")
	}
}

// Where so many facts stand in odd places that they have no room, the name's place stands in.
func TestTooManyWidePlaces(t *testing.T) {
	t.Parallel()
	odd := diag.Range{Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 2, Column: 1}}
	p := &collected{wide: make([]diag.Range, 1<<16-1)}
	p.addPlace(1, FactTimeout, odd)
	p.addPlace(1, FactPool, odd)
	if len(p.wide) != 1<<16 || len(p.places) != 1 {
		t.Errorf("%d places of %d are kept", len(p.places), len(p.wide))
	}
	if got, ok := p.place(&Operation{line: 1, placeCount: 1}, FactTimeout); !ok || got != odd {
		t.Errorf("the last that has room is %v, %t", got, ok)
	}
}

// Of several documents of a service the lowest availability counts, at its place, and the
// first owner.
func TestServiceOfSeveralDocuments(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	for i, share := range []float64{0, .999, .99, .99, .9999} {
		d := b.doc("shop")
		if share > 0 {
			put(b, &d.Availability, share)
			put(b, &d.Owner, fmt.Sprint("team", i))
			b.broker(d, "bus", share)
		} else {
			b.broker(d, "bus", 0)
		}
		b.op(d, fmt.Sprint("o", i), "x", decide.Async, through("bus"))
	}
	g := b.build(t, 0)
	s := g.Services()[0]
	if share, file, at, ok := s.Availability(); share != .99 || file != "02-shop.yaml" || !ok || at != s.Documents[2].Availability.Range {
		t.Errorf("available %v by %s at %v", share, file, at)
	}
	if s.Owner() != "team1" {
		t.Errorf("owned by %s", s.Owner())
	}
	if share, ok := g.Brokers()[0].Availability(); share != .99 || !ok {
		t.Errorf("the broker is available %v, %t", share, ok)
	}
	if x := g.Services()[1]; x.Owner() != "" {
		t.Errorf("x is owned by %q", x.Owner())
	}
}

// An operation is behind a queue when it says so or only messages reach its caller.
func TestBehind(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	web, worker := b.doc("web"), b.doc("worker")
	b.op(web, "send", "worker", decide.Async)
	b.op(worker, "work", "store", decide.Sync)
	b.op(web, "sweep", "store", decide.Sync, triggered("timer"))
	g := b.build(t, 0)
	for i, want := range []bool{false, true, true} {
		if g.Behind(OperationID(i)) != want {
			t.Errorf("%s is behind a queue: %t", g.Operation(OperationID(i)).Name, !want)
		}
	}
}
