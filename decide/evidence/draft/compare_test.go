package draft

import (
	"slices"
	"testing"

	"waitornot/decide/evidence"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	sys := evidence.Join([]evidence.Service{{Name: "web"}, {Name: "cartservice"}, {Name: "db", Role: evidence.Store}}, []evidence.Sighting{
		{Caller: "web", Callee: "cartservice", Source: "a"},
		{Caller: "web", Callee: "mail", Source: "a", Weak: true},
		{Caller: "web", Callee: "db", Source: "a"},
		{Caller: "web", Callee: "stock", Name: "get-stock", Source: "t", Measured: &evidence.Measured{Calls: 1}},
		{Callee: "cartservice", Name: "get-cart", Source: "p"},
		{Callee: "cartservice", Name: "add-item", Source: "p"},
	})
	tests := []struct {
		name                      string
		declared                  []Declared
		missing, unseen, measured []string
		beyond                    int
	}{
		{name: "nothing is declared", missing: []string{"add-item", "get-cart", "call-mail", "get-stock"}},
		{
			name: "a hint and what is only offered stay away from a manifest that is there",
			declared: []Declared{
				{Name: "read", Caller: "web", Callee: "cart"}, {Name: "look", Caller: "web", Callee: "stock"},
				{Name: "x", Caller: "elsewhere", Callee: "y"}, {Name: "old", Caller: "web", Callee: "gone"},
			},
			unseen: []string{"old"}, measured: []string{"look"}, beyond: 1,
		},
		{
			name:     "an operation that was measured has a name",
			declared: []Declared{{Name: "get-cart", Caller: "web", Callee: "cart"}, {Name: "a", Caller: "web", Callee: "stock"}, {Name: "b", Caller: "web", Callee: "stock"}},
			missing:  []string{"get-stock"}, unseen: []string{"a", "b"},
		},
	}
	for _, tt := range tests {
		c := Compare(sys, tt.declared)
		var missing, unseen, measured []string
		for _, s := range c.Missing {
			for i := range s.Operations {
				missing = append(missing, NameOf(&s.Operations[i]))
			}
		}
		for _, d := range c.Unseen {
			unseen = append(unseen, d.Name)
		}
		for _, d := range c.Measured {
			measured = append(measured, d.Name)
		}
		if !slices.Equal(missing, tt.missing) || !slices.Equal(unseen, tt.unseen) || !slices.Equal(measured, tt.measured) || c.Beyond != tt.beyond {
			t.Errorf("%s: missing %q, unseen %q, measured %q, beyond %d", tt.name, missing, unseen, measured, c.Beyond)
		}
	}
}
