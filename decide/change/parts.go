package change

import (
	"cmp"
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A Kind is what a part of a manifest beside its operations is.
type Kind uint8

// The kinds of parts, in the order in which changes are listed. A service is what its
// documents say of it themselves: owner, platform, availability.
const (
	Service Kind = iota
	Journey
	Broker
)

// String returns the stable name of the kind.
func (k Kind) String() string {
	switch k {
	case Service:
		return "service"
	case Journey:
		return "journey"
	case Broker:
		return "broker"
	}
	return "invalid kind"
}

// A PartChange is what became of a part. Before is nil for one that was added, After
// for one that was removed.
type PartChange struct {
	Kind          Kind
	ID            string // the service, service/journey, or the broker
	Before, After *Part
	Facts         []string               // the keys whose values changed, in the order of a manifest
	Values        []manifest.ValueChange // the values of these keys
}

// A Part is where one version has a part.
type Part struct {
	File  string
	Range diag.Range
}

// A part is one version's part, with all that is written of it.
type part struct {
	Part
	document *manifest.Document // of a service
	journey  *manifest.Journey
	broker   *manifest.Broker
}

// A partKey tells parts apart.
type partKey struct {
	kind          Kind
	service, name string
	nth           int // of the declarations of one broker or service
}

func (k partKey) id() string {
	switch {
	case k.kind == Service || k.name == "":
		return k.service
	case k.service == "":
		return k.name
	}
	return k.service + "/" + k.name
}

// compareParts returns what changed beside operations. A service counts that both
// versions have: of one that came or went its operations tell.
func compareParts(before, after []*manifest.Document) []PartChange {
	old, new := partsOf(before), partsOf(after)
	var changes []PartChange
	for k, was := range old {
		is, there := new[k]
		switch {
		case there:
			if facts := differing(k.kind, was, is); len(facts) > 0 {
				changes = append(changes, PartChange{k.kind, k.id(), &was.Part, &is.Part, facts, changedValues(k.kind, was, is)})
			}
		case k.kind != Service:
			changes = append(changes, PartChange{Kind: k.kind, ID: k.id(), Before: &was.Part})
		}
	}
	for k, is := range new {
		if _, there := old[k]; !there && k.kind != Service {
			changes = append(changes, PartChange{Kind: k.kind, ID: k.id(), After: &is.Part})
		}
	}
	slices.SortFunc(changes, func(a, b PartChange) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), a.place().Compare(b.place()))
	})
	return changes
}

func (c *PartChange) place() diag.Pos {
	if c.After != nil {
		return c.After.Range.Start
	}
	return c.Before.Range.Start
}

func differing(k Kind, a, b part) []string {
	switch k {
	case Journey:
		return manifest.DifferingJourney(a.journey, b.journey)
	case Broker:
		return manifest.DifferingBroker(a.broker, b.broker)
	}
	return manifest.DifferingDocument(a.document, b.document)
}

func changedValues(k Kind, a, b part) []manifest.ValueChange {
	switch k {
	case Journey:
		return manifest.ChangesOfJourney(a.journey, b.journey)
	case Broker:
		return manifest.ChangesOfBroker(a.broker, b.broker)
	}
	return manifest.ChangesOfDocument(a.document, b.document)
}

// partsOf returns the parts of documents. What has no name is left out, and of two
// journeys with one name the second. A document without a service is told by its file.
func partsOf(documents []*manifest.Document) map[partKey]part {
	parts := map[partKey]part{}
	nth := map[partKey]int{}
	add := func(k partKey, p part) {
		k.nth = nth[k]
		nth[partKey{k.kind, k.service, k.name, 0}]++
		parts[k] = p
	}
	for _, d := range documents {
		service := d.Service.Value
		add(partKey{kind: Service, service: cmp.Or(service, d.File)}, part{Part: Part{d.File, d.Range}, document: d})
		for i := range d.Journeys {
			j := &d.Journeys[i]
			if k := (partKey{kind: Journey, service: service, name: j.Name.Value}); j.Name.Set() && nth[k] == 0 {
				add(k, part{Part: Part{d.File, j.Range}, journey: j})
			}
		}
		for i := range d.Brokers {
			if b := &d.Brokers[i]; b.Name.Set() {
				add(partKey{kind: Broker, name: b.Name.Value}, part{Part: Part{d.File, b.Range}, broker: b})
			}
		}
	}
	return parts
}
