package evidence

import (
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestOperationName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"GetCart": "get-cart", "oteldemo.CartService/GetCart": "get-cart", "getCart": "get-cart", "GET /carts/{id}": "get-carts-id",
		"POST /": "post", "HTTPServer": "http-server", "orders.placed": "orders-placed", "": "", "///": "", "call api2Users": "call-api2-users", "é È": "é-è",
	} {
		if got := OperationName(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	services := []Service{{Name: "cartservice"}, {Name: "web"}, {Name: "pay-api"}, {Name: "pay-service"}, {Name: "Cart", Described: true, Owner: "team"}}
	sys := Join(services, []Sighting{
		{Caller: "web", Callee: "cartservice", Source: "a", Timeout: time.Second},
		{Callee: "CartService", Name: "get-cart", Source: "p", Kind: "query"},
		{Callee: "CartService", Name: "add-item", Source: "p", Kind: "command"},
		{Caller: "web", Callee: "cart", Name: "get-cart", Source: "t", Measured: &Measured{Calls: 3}},
		{Caller: "web", Callee: "pay", Source: "a"},
		{Caller: "web", Callee: "web", Source: "a"},
		{Caller: "web", Callee: " \u2028", Source: "a"},
		{Caller: "--", Callee: "web", Source: "a"},
	})
	var got []string
	for _, o := range sys.Operations {
		got = append(got, o.Caller+">"+o.Callee+" "+o.Name)
	}
	// pay may be pay-api or pay-service: nobody knows which
	want := []string{"web>cartservice add-item", "web>cartservice get-cart", "web>pay "}
	if !slices.Equal(got, want) {
		t.Fatalf("operations %q, want %q", got, want)
	}
	if o := sys.Operations[1]; o.Offered || o.Kind != "query" || o.Measured == nil || o.Timeout != time.Second || len(o.Seen) != 3 {
		t.Errorf("get-cart is %+v", o)
	}
	if o := sys.Operations[0]; !o.Offered || o.Timeout != time.Second {
		t.Errorf("add-item is %+v", o)
	}
	if s := sys.Find("cartservice"); s == nil || s.Owner != "team" {
		t.Errorf("the service is %+v", s)
	}
	if sys.Find("Cart") != nil {
		t.Error("a description made a second service of one")
	}
}

// A call that is known comes before one that only an interface offers, in whatever order
// one source says both.
func TestJoinKnownBeforeOffered(t *testing.T) {
	t.Parallel()
	known, offered := Sighting{Caller: "a", Callee: "b", Source: "x"}, Sighting{Callee: "b", Source: "x"}
	for _, sightings := range [][]Sighting{{known, offered}, {offered, known}} {
		got := Join(nil, sightings).Operations
		if len(got) != 1 || got[0].Offered || len(got[0].Seen) != 1 || got[0].Seen[0].Offered {
			t.Errorf("%+v", got)
		}
	}
}

// The order of what sources say changes nothing.
func TestJoinInAnyOrder(t *testing.T) {
	t.Parallel()
	names := rapid.SampledFrom([]string{"a", "A", "a-service", "b", "bapi", "c", ""})
	rapid.Check(t, func(t *rapid.T) {
		services := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Service {
			return Service{Name: names.Draw(t, "name"), Described: rapid.Bool().Draw(t, "described"), Owner: names.Draw(t, "owner")}
		}), 0, 4).Draw(t, "services")
		sightings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Sighting {
			return Sighting{
				Caller: names.Draw(t, "caller"), Callee: names.Draw(t, "callee"), Name: names.Draw(t, "op"), Source: names.Draw(t, "source"),
				Weak: rapid.Bool().Draw(t, "weak"), Kind: rapid.SampledFrom([]string{"", "query", "job"}).Draw(t, "kind"),
				Timeout: time.Duration(rapid.IntRange(0, 2).Draw(t, "timeout")), Attempts: rapid.IntRange(0, 2).Draw(t, "attempts"),
			}
		}), 0, 8).Draw(t, "sightings")
		first := Join(services, sightings)
		again := Join(rapid.Permutation(services).Draw(t, "services again"), rapid.Permutation(sightings).Draw(t, "sightings again"))
		if !reflect.DeepEqual(first.Operations, again.Operations) {
			t.Fatalf("%+v\n%+v", first.Operations, again.Operations)
		}
		for _, o := range first.Operations {
			if o.Caller == o.Callee || o.Callee == "" || len(o.Seen) == 0 {
				t.Fatalf("%+v", o)
			}
		}
	})
}

// Operations of interfaces are offered to callers up to the limit; one that isn't stays to itself.
func TestMostOffered(t *testing.T) {
	t.Parallel()
	const callers = 1000
	for operations, cut := range map[int]bool{mostOffered / callers: false, mostOffered/callers + 1: true} {
		var seen []Sighting
		for i := range callers {
			seen = append(seen, Sighting{Caller: "c" + strconv.Itoa(i), Callee: "a"})
		}
		for i := range operations {
			seen = append(seen, Sighting{Callee: "a", Name: "op" + strconv.Itoa(i)})
		}
		sys := Join(nil, seen)
		alone := 0
		for i := range sys.Operations {
			if sys.Operations[i].Caller == "" {
				alone++
			}
		}
		if sys.Cut != cut || (alone == 1) != cut || len(sys.Operations) != mostOffered+alone {
			t.Errorf("%d operations: cut %v, %d in all, %d alone", operations, sys.Cut, len(sys.Operations), alone)
		}
	}
}
