package manifest

import (
	"waitornot/decide"
	"waitornot/decide/yamlfile"
)

// A Callee says what is the same for all calls of a client: operations inherit it.
type Callee struct {
	Name  Field[string]
	Facts Operation // the inheritable facts alone
}

// inheritable are the keys of an operation that its document may give for all of them, or
// for those with a callee. Answers aren't among them: each operation has its own.
func inheritable() []string {
	return []string{"timeout", "retry", "guards", "availability", "boundary", "platform", "platform_timeout", "delivery"}
}

// defaultsRow is the key of what holds for all operations of a document.
func defaultsRow(facts *yamlfile.Table[Operation]) yamlfile.Row[header] {
	return yamlfile.Row[header]{
		Key: Key{Name: "defaults", Doc: "Values for all operations that don't set their own.", Kind: yamlfile.MappingKind, Keys: facts.Keys()},
		Read: func(w *yamlfile.Walker, v yamlfile.Value, d *header) {
			d.Defaults = &Operation{}
			facts.Read(w, v, d.Defaults)
		},
	}
}

// calleesRow is the key of what holds for all operations with a callee.
func calleesRow(facts *yamlfile.Table[Operation]) yamlfile.Row[header] {
	return yamlfile.Row[header]{
		Key: Key{
			Name: "callees", Doc: "Values for all operations that call a callee, by its name; they override defaults.", Kind: yamlfile.MappingKind,
			Items: &Key{Kind: yamlfile.MappingKind, Keys: facts.Keys()},
		},
		Read: func(w *yamlfile.Walker, v yamlfile.Value, d *header) {
			w.Entries(v, func(name Field[string], v yamlfile.Value) {
				c := Callee{Name: name}
				facts.Read(w, v, &c.Facts)
				d.Callees = append(d.Callees, c)
			})
		},
	}
}

// inherit gives an operation what its document says of its callee, and then what it says
// of all operations, where the operation itself says nothing. What is inherited keeps the
// place where it was written. How messages travel is inherited only by operations that
// send some.
func (d *Document) inherit(op *Operation) {
	if d.Defaults == nil && len(d.Callees) == 0 {
		return
	}
	sends := op.Delivery.Range.IsValid() || op.Mode.Value == decide.Async || op.Mode.Value == decide.Hybrid
	take := func(from *Operation) {
		delivery := op.Delivery
		format().inherited.Fill(op, from)
		if !sends {
			op.Delivery = delivery
		}
	}
	if op.Callee.Set() {
		for _, i := range d.calleeAt[op.Callee.Value] {
			take(&d.Callees[i].Facts)
		}
	}
	if d.Defaults != nil {
		take(d.Defaults)
	}
}
