package advice

import (
	"encoding"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Limits read what their file may hold, and nothing else.
func TestLimitValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		into encoding.TextUnmarshaler
		text string
		want string // "" when it is refused
	}{
		{new(Span), "30s", "30s"}, {new(Span), "none", "0s"}, {new(Span), "0s", ""}, {new(Span), "-1s", ""}, {new(Span), "30", ""},
		{new(Size), "256KB", "256KB"}, {new(Size), "100MB", "100MB"}, {new(Size), "2048KB", "2MB"}, {new(Size), "1KB", "1KB"},
		{new(Size), "256", ""}, {new(Size), "0KB", ""}, {new(Size), "-1MB", ""}, {new(Size), "1.5MB", ""}, {new(Size), "1GB", ""},
		{new(Count), "16", "{16 false}"}, {new(Count), "unlimited", "{0 true}"}, {new(Count), "0", ""}, {new(Count), "-1", ""}, {new(Count), "many", ""},
		{new(Quantity), "2s", "{2s 0}"}, {new(Quantity), "0.8", "{0s 0.8}"}, {new(Quantity), "0", ""}, {new(Quantity), "0s", ""}, {new(Quantity), "-2s", ""}, {new(Quantity), "-1", ""}, {new(Quantity), "x", ""},
	} {
		err := tt.into.UnmarshalText([]byte(tt.text))
		if (err != nil) != (tt.want == "") {
			t.Errorf("%T of %q: %v", tt.into, tt.text, err)
			continue
		}
		if s, ok := tt.into.(*Span); ok && s.Unlimited != (tt.text == "none") {
			t.Errorf("%q is unlimited: %t", tt.text, s.Unlimited)
		}
		if got := strings.TrimPrefix(fmt.Sprint(tt.into), "&"); err == nil && got != tt.want {
			t.Errorf("%T of %q is %s, want %s", tt.into, tt.text, got, tt.want)
		}
	}
	for want, spans := range map[bool][]Span{true: {{Duration: time.Second}, {Unlimited: true}}, false: {{}}} {
		for _, s := range spans {
			if s.IsSet() != want {
				t.Errorf("%+v is set: %t", s, !want)
			}
		}
	}
}

// Limits are found by their ids, and listed in the order of the file.
func TestLimitsByID(t *testing.T) {
	t.Parallel()
	head := func(id string) LimitHead { return LimitHead{ID: id} }
	l := &PlatformLimits{
		Thresholds: []Threshold{{LimitHead: head("t")}}, Platforms: []PlatformLimit{{LimitHead: head("p")}, {LimitHead: head("q")}},
		Brokers: []BrokerLimits{{LimitHead: head("b")}, {LimitHead: head("c")}}, Clients: []ClientLimits{{LimitHead: head("d")}}, Keys: []KeyLimits{{LimitHead: head("k")}},
	}
	var ids []string
	for _, h := range l.Heads() {
		ids = append(ids, h.ID)
	}
	if got := strings.Join(ids, " "); got != "t p q b c d k" {
		t.Errorf("heads %s", got)
	}
	if l.Platform("q") != &l.Platforms[1] || l.Platform("b") != nil || l.Broker("c") != &l.Brokers[1] || l.Broker("p") != nil {
		t.Error("a limit isn't found by its id, or another is")
	}
}

// A broker is known by its id, its name and what people call it, however they write that.
func TestBrokerNames(t *testing.T) {
	t.Parallel()
	l := PlatformLimits{Brokers: []BrokerLimits{
		{LimitHead: LimitHead{ID: "nats", Name: "NATS JetStream", Also: []string{"jetstream", "nats-jetstream"}}},
		{LimitHead: LimitHead{ID: "event-hubs", Name: "Azure Event Hubs, standard"}},
	}}
	for name, want := range map[string]string{
		"nats": "nats", "NATS": "nats", "JetStream": "nats", "nats jetstream": "nats", "nats_jetstream": "nats", "NATS JetStream": "nats",
		"Event Hubs": "event-hubs", "azure event hubs, standard": "event-hubs", "eventhub": "", "nat": "", "": "", "orders": "",
	} {
		got := ""
		if b := l.Broker(name); b != nil {
			got = b.ID
		}
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
