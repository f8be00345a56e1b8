package lint

import (
	"hash/maphash"
	"slices"
	"sync"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

// A text is the source of a manifest, with its places once somebody asks for them.
type text struct {
	places func() *edit.Places // they are nil when the text is no longer to be had
	again  func() *edit.Places // the same, from the text read again; nil while the text is held
}

func newText(src manifest.Source) *text {
	if src.Part != nil {
		size, part := len(src.Data), src.Part
		return storedText(src.Data, func() ([]byte, error) {
			data := make([]byte, size)
			return data, part(data, 0)
		})
	}
	data := src.Data
	return &text{places: sync.OnceValue(func() *edit.Places { return edit.NewPlaces(diag.NewText(data)) })}
}

// storedText is a text that isn't held: whoever asks for its places reads it again.
func storedText(data []byte, read func() ([]byte, error)) *text {
	seed := maphash.MakeSeed()
	sum := maphash.Bytes(seed, data)
	again := func() *edit.Places {
		data, err := read()
		if err != nil || maphash.Bytes(seed, data) != sum {
			return nil
		}
		return edit.NewPlaces(diag.NewText(data))
	}
	return &text{sync.OnceValue(again), again}
}

// LongText is the most bytes of a text that is held until a run is reported. A longer one is
// opened again for whoever asks: meanwhile what was found needs the room.
const LongText = 4 << 20

// release lets go of a text if it is long, and of its places.
func (t *text) release(src manifest.Source, open Opener) {
	switch {
	case t.again != nil:
		t.places = sync.OnceValue(t.again)
	case len(src.Data) > LongText:
		*t = *storedText(src.Data, func() ([]byte, error) {
			src, err := open()
			return src.Data, err
		})
	}
}

// AddPair returns the edit that adds a key to a mapping of the manifest at
// hand. It returns nil when there is no safe place for it.
func (p *Pass) AddPair(mapping diag.Range, key, value string) []diag.Edit {
	places := p.text.places()
	if places == nil || places.Anchored(mapping) {
		return nil
	}
	if e, ok := places.Add(mapping, key, value); ok {
		return []diag.Edit{e}
	}
	return nil
}

// SetWord returns the edit that puts another word in the place of the one that is a value of
// the operation at hand. It returns nil when the value is, or may be, one that other
// operations share.
func (p *Pass) SetWord(value diag.Range, old, word string) []diag.Edit {
	op := p.subject.Operation
	whole := op.Range
	if !value.Within(whole) {
		return nil
	}
	if !op.MayShare() && value.Start.Line == value.End.Line && int(value.End.Column-value.Start.Column) == len(old) {
		return []diag.Edit{{Range: value, New: word}} // without quotes; the text need not be looked at
	}
	places := p.text.places()
	if places == nil || places.Anchored(diag.Range{Start: whole.Start, End: value.End}) {
		return nil
	}
	if e, ok := places.Set(value, word); ok {
		return []diag.Edit{e}
	}
	return nil
}

// removals returns, for each waiver that is to go, the edits that remove it:
// those of one operation together when none of its waivers stays.
func removals(gone []*pendingWaiver, all []*pendingWaiver) map[*pendingWaiver][]diag.Edit {
	left := map[*diag.Range]int{}
	for _, h := range all {
		left[h.op]++
	}
	group := map[*diag.Range][]*pendingWaiver{}
	for _, h := range gone {
		group[h.op] = append(group[h.op], h)
	}
	edits := map[*pendingWaiver][]diag.Edit{}
	for op, list := range group {
		places := list[0].text.places()
		if places == nil || places.Anchored(*op) {
			continue
		}
		sets := [][]*pendingWaiver{list} // those that go together
		whole := len(list) == left[op]
		if !whole {
			sets = nil
			for _, h := range list {
				sets = append(sets, []*pendingWaiver{h})
			}
		}
		for _, set := range sets {
			var items []diag.Range
			for _, h := range set {
				items = append(items, h.waiver.Range)
			}
			if e, ok := places.Remove("waivers", items, whole); ok {
				for _, h := range set {
					edits[h] = e
				}
			}
		}
	}
	return edits
}

// Fix returns the text with the edits of findings made, and the findings whose
// edits it made. Findings are taken in order; one whose edits touch those of an
// earlier one is left for the next time, and so is one after whose edits the
// text would no longer read as well as before. Unsafe edits are made when
// unsafe is set.
func Fix(src manifest.Source, findings []diag.Finding, unsafe bool) ([]byte, []diag.Finding) {
	var wanted []diag.Finding
	for _, f := range findings {
		if f.File == src.Name && len(f.Edits) > 0 && (f.Safe || unsafe) {
			wanted = append(wanted, f)
		}
	}
	if len(wanted) == 0 {
		return fixAll(src.Data, nil)
	}
	return fixAll(src.Data, harmless(src, nil, wanted, readingOf(src.Name, src.Data)))
}

// harmless returns made and those of more whose edits, too, do no harm to what a text
// says. When all of more together do harm it looks for the culprits by halves.
func harmless(src manifest.Source, made, more []diag.Finding, was *reading) []diag.Finding {
	if len(more) == 0 {
		return made
	}
	all := append(made[:len(made):len(made)], more...)
	if data, done := fixAll(src.Data, all); was.survives(readingOf(src.Name, data), done) {
		return all
	}
	if len(more) == 1 {
		return made
	}
	half := len(more) / 2
	return harmless(src, harmless(src, made, more[:half], was), more[half:], was)
}

// A reading is what a text says.
type reading struct {
	broken     bool // some of it could not be read at all
	faults     int  // how much the reader reports
	operations []manifest.Operation
}

func readingOf(name string, data []byte) *reading {
	r := &reading{}
	file, _ := manifest.Map(manifest.Source{Name: name, Data: data}, manifest.Options{}, func(_ *manifest.Document, ops []manifest.Operation) struct{} {
		r.operations = append(r.operations, ops...)
		return struct{}{}
	})
	r.broken, r.faults = file.Broken, len(file.Findings)
	return r
}

// survives reports whether a text that has been corrected reads no worse than before,
// and whether all operations whose own text no correction touches say what they said:
// an anchor, an alias or a merge may carry a change to where nobody looked.
func (r *reading) survives(now *reading, corrected []diag.Finding) bool {
	if now.broken && !r.broken || now.faults > r.faults || len(now.operations) != len(r.operations) && len(r.operations) > 0 {
		return false
	}
	touched := occupied{}
	for i := range corrected {
		for _, e := range corrected[i].Edits {
			touched.add(e)
		}
	}
	for i := range r.operations {
		op := &r.operations[i]
		own := op.Range
		own.End = diag.Pos{Line: own.End.Line + 1, Column: 1} // a line that is added at its end starts there
		if !touched.touches(diag.Edit{Range: own}) && !manifest.Same(op, &now.operations[i]) {
			return false
		}
	}
	return true
}

// fixAll makes the edits of findings that do not touch those of earlier ones.
func fixAll(data []byte, findings []diag.Finding) ([]byte, []diag.Finding) {
	var edits []diag.Edit
	var made []diag.Finding
	taken := occupied{}
	first := map[diag.Edit]*diag.Finding{}
	for i := range findings {
		f := &findings[i]
		if same := first[f.Edits[0]]; same != nil && slices.Equal(same.Edits, f.Edits) {
			made = append(made, *f) // the same edits settle both
			continue
		}
		if slices.ContainsFunc(f.Edits, taken.touches) {
			continue
		}
		for _, e := range f.Edits {
			taken.add(e)
			edits = append(edits, e)
		}
		first[f.Edits[0]] = f
		made = append(made, *f)
	}
	out, err := edit.Apply(data, edits)
	if err != nil {
		return data, nil
	}
	return out, made
}

// An occupied is the ranges of edits by line, in the order of the text.
type occupied map[uint32][]diag.Range

func (o occupied) add(e diag.Edit) {
	for line := e.Range.Start.Line; line <= e.Range.End.Line; line++ {
		at := o.search(line, e)
		o[line] = slices.Insert(o[line], at, e.Range)
	}
}

// touches reports whether an edit shares a place with another. Two that meet
// would depend on which of them is made first.
func (o occupied) touches(e diag.Edit) bool {
	for line := e.Range.Start.Line; line <= e.Range.End.Line; line++ {
		if at := o.search(line, e); at < len(o[line]) && o[line][at].Start.Compare(e.Range.End) <= 0 {
			return true
		}
	}
	return false
}

// search returns the first range of a line that does not end before an edit.
func (o occupied) search(line uint32, e diag.Edit) int {
	at, _ := slices.BinarySearchFunc(o[line], e.Range.Start, func(r diag.Range, p diag.Pos) int { return r.End.Compare(p) })
	return at
}
