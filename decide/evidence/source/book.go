package source

import (
	"slices"
	"waitornot/decide/evidence"
)

// A book is all that a set of services share: the addresses of some. What it is asked of all
// who share it, it finds once.
type book struct {
	takers   []*unit
	order    map[*unit]int // positions in takers
	crew     crew
	programs map[*unit]bool
	stores   map[*unit]bool // and all else that is no program
	owners   map[*unit]bool // those after whom a store in it is named
	owned    map[*unit]bool // the stores that are named after one

	front   map[*unit]bool // see fronts; nil until asked
	inFront int
	mains   map[string]*unit          // see main; by image
	folders map[string]map[*unit]bool // see ownersOf; by file
	waited  map[*unit]bool            // see anyWaits
}

func newBook(takers []*unit) *book {
	order := make(map[*unit]int, len(takers))
	for i, u := range takers {
		order[u] = i
	}
	return &book{
		takers: takers, order: order, crew: crewOf(takers),
		programs: map[*unit]bool{}, stores: map[*unit]bool{}, owners: map[*unit]bool{}, owned: map[*unit]bool{},
		mains: map[string]*unit{}, folders: map[string]map[*unit]bool{}, waited: map[*unit]bool{},
	}
}

func (b *book) add(callee *unit) {
	if callee.Role == evidence.Program {
		b.programs[callee] = true
		return
	}
	if b.stores[callee] {
		return
	}
	b.stores[callee] = true
	for _, u := range b.takers {
		if namedAfter(callee.Name, u.Name) {
			b.owners[u], b.owned[callee] = true, true
		}
	}
}

// fronts returns those who share the addresses and whose own isn't among them, and how many
// programs they are.
func (b *book) fronts() (map[*unit]bool, int) {
	if b.front != nil {
		return b.front, b.inFront
	}
	b.front = map[*unit]bool{}
	addressed, found := map[string]bool{}, map[string]bool{}
	for p := range b.programs {
		for _, image := range p.programs() {
			addressed[image] = true
		}
	}
	for _, t := range b.takers {
		images := t.programs()
		if b.programs[t] || slices.ContainsFunc(images, func(image string) bool { return addressed[image] }) {
			continue
		}
		b.front[t] = true
		if slices.ContainsFunc(images, func(image string) bool { return found[image] }) {
			continue
		}
		b.inFront++
		for _, image := range images {
			found[image] = true
		}
	}
	return b.front, b.inFront
}

// leads reports whether a service is the main role of its program among those who share: the
// one that is reached from outside, or else the first.
func (b *book) leads(u *unit) bool {
	main := u
	for _, image := range u.programs() {
		m := b.mains[image]
		if m == nil {
			m = b.crew[image][0]
			if i := slices.IndexFunc(b.crew[image], func(t *unit) bool { return t.published }); i >= 0 {
				m = b.crew[image][i]
			}
			b.mains[image] = m
		}
		if m != u && (m.published && !main.published || m.published == main.published && b.order[m] < b.order[main]) {
			main = m
		}
	}
	return main == u
}

// ownersOf returns those after whom a folder of a file's path is named.
func (b *book) ownersOf(file string) map[*unit]bool {
	owners, known := b.folders[file]
	if !known {
		owners = map[*unit]bool{}
		for _, u := range ownersOf(file, b.takers) {
			owners[u] = true
		}
		b.folders[file] = owners
	}
	return owners
}

// anyWaits reports whether one of those who share waits for a service.
func (b *book) anyWaits(callee *unit) bool {
	waits, known := b.waited[callee]
	if !known {
		waits = slices.ContainsFunc(b.takers, func(t *unit) bool { return t.waitsFor(callee) })
		b.waited[callee] = waits
	}
	return waits
}
