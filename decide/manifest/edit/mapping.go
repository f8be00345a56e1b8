package edit

import (
	"slices"

	"waitornot/decide/yamlfile"
)

// SetMapping returns the manifest with a mapping of an operation of document doc set to
// the facts and nothing else: their paths all begin with the key. Where the mapping says
// so already, the manifest stays as it is; all the rest does in any case.
func (m *Manifest) SetMapping(doc int, operation, key string, facts []Fact) (*Manifest, error) {
	item, err := m.operation(doc, operation)
	if err != nil {
		return nil, err
	}
	if shared(item) {
		return nil, errShared(operation, key)
	}
	var list []pair
	for i := range facts {
		list = withFact(list, &facts[i])
	}
	at := slices.IndexFunc(list, func(p pair) bool { return p.key == key && p.kind == yamlfile.MappingKind })
	if at < 0 {
		return m, nil
	}
	if _, value := lookup(item, key); value != nil {
		return m.overwrite(m.docs[doc], item, list[at])
	}
	return m.join(m.docs[doc], item, list[at])
}
