package graph

import (
	"fmt"
	"strings"
	"testing"

	"waitornot/decide"
)

// A service or a journey that isn't there can't be selected, and a near name is offered.
func TestSelectUnknown(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync)
	b.op(d, "mail", "mailer", decide.Async)
	b.journey(d, "buy", "pay")
	g := b.build(t, 0)
	for _, tt := range []struct {
		journeys, services []string
		wrong              string
		operations         int
	}{
		{nil, []string{"bank"}, "", 1}, {[]string{"buy"}, nil, "", 1}, {nil, []string{"shop"}, "", 2},
		{nil, []string{"bnak"}, `service "bnak"; did you mean bank?`, 0}, {[]string{"by"}, nil, `journey "by"; did you mean buy?`, 0},
	} {
		s, err := g.Select(tt.journeys, tt.services)
		if (err == nil) != (tt.wrong == "") || err != nil && !strings.HasSuffix(err.Error(), tt.wrong) || len(s.Operations) != tt.operations {
			t.Errorf("%v %v: %d operations, %v", tt.journeys, tt.services, len(s.Operations), err)
		}
	}
}

// A journey is selected with a service that one of its steps has as its caller or callee,
// and with no other.
func TestSelectByService(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync)
	b.op(d, "mail", "mailer", decide.Async)
	b.op(d, "audit", "auditor", decide.Sync, caller("office"))
	b.journey(d, "buy", "pay")
	b.journey(d, "tell", "mail audit")
	g := b.build(t, 0)
	for service, want := range map[string]string{"bank": "[0]", "mailer": "[1]", "office": "[1]", "auditor": "[1]", "shop": "[0 1]"} {
		s, err := g.Select(nil, []string{service})
		if err != nil || fmt.Sprint(s.Journeys) != want {
			t.Errorf("%s: journeys %v, %v; want %s", service, s.Journeys, err, want)
		}
	}
}

// A name that isn't there is answered with the nearest, with those that there are, or with
// the first of many.
func TestUnknownError(t *testing.T) {
	t.Parallel()
	names := strings.Split("a b c d e f g h i", " ")
	for want, e := range map[string]UnknownError{
		`unknown service "x"`:                                         {},
		`unknown service "x"; known: a`:                               {Known: names[:1]},
		`unknown service "x"; known: a, b, c, d, e, f, g, h`:          {Known: names[:8]},
		`unknown service "x"; the first of 9: a, b, c, d, e, f, g, h`: {Known: names},
		`unknown service "x"; did you mean y?`:                        {Known: names, Near: "y"},
	} {
		e.Kind, e.Name = "service", "x"
		if e.Error() != want {
			t.Errorf("%s, want %s", e.Error(), want)
		}
	}
}
