package knowledge

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// Every file of a stack is found by its id, which is its name; and what the tool promises
// is there.
func TestStacks(t *testing.T) {
	ids := StackIDs()
	if !slices.IsSorted(ids) {
		t.Errorf("stacks %v are not in order", ids)
	}
	for _, promised := range strings.Fields("aws azure dotnet gcp go java kafka nats node python rabbitmq") {
		if !slices.Contains(ids, promised) {
			t.Errorf("no stack %s", promised)
		}
	}
	list, err := LoadStacks()
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range list {
		if s.ID != ids[i] {
			t.Errorf("stack %d is %s, want %s", i, s.ID, ids[i])
		}
	}
	for _, id := range []string{"", "cobol", "../limits", "dotnet.yaml"} {
		if _, err := LoadStack(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("LoadStack(%q): error %v, want one that is fs.ErrNotExist", id, err)
		}
	}
}

// A component that a stack does not have is empty and says why.
func TestNoComponent(t *testing.T) {
	s, err := LoadStack("kafka")
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Components["request-reply"]; c.Use != "" || !strings.Contains(c.Note, "Avoid") {
		t.Errorf("kafka request-reply is %+v, want no use and a note that says avoid", c)
	}
}

// The first stack is complete: it names what a .NET team builds, tests and
// watches with, says how every safeguard is built, and has all its sections.
func TestDotnetInFull(t *testing.T) {
	s, err := LoadStack("dotnet")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	var sections []string
	for _, g := range s.Guide {
		sections = append(sections, g.ID)
		text.WriteString(g.Text)
	}
	if want := strings.Fields("build-sync build-async build-hybrid data-access test watch"); !slices.Equal(sections, want) {
		t.Errorf("sections %v, want %v", sections, want)
	}
	for _, name := range []string{
		"minimal API", "controller", "async", "container",
		"Azure Service Bus", "MassTransit 8.x", "Apache-2.0", "commercial", "Wolverine", "BackgroundService", "IHostedService", "Channel.CreateBounded", "202",
		"EF Core", "Dapper", "xUnit", "Testcontainers", "NSubstitute", "WebApplicationFactory", "Application Insights", "Serilog",
	} {
		if !strings.Contains(text.String(), name) {
			t.Errorf("the guide does not speak of %s", name)
		}
	}
	for _, g := range loaded(t).knowledge.Safeguards {
		if s.Safeguards[g.ID] == "" {
			t.Errorf("no word on the safeguard %s", g.ID)
		}
	}
}

// A stack with a fault is refused, and the error names it.
func TestStackRefused(t *testing.T) {
	src, err := stacksFS.ReadFile("stacks/kafka.yaml")
	if err != nil {
		t.Fatal(err)
	}
	refused(t, src, func(src []byte) error { _, err := parseStack("kafka", src); return err }, []mutation{
		{"unknown key", "kind: broker", "sort: broker", "sort"},
		{"unknown kind", "kind: broker", "kind: broken", `"broken" is not a kind`},
		{"another id", "id: kafka", "id: kafak", `its id is "kafak"`},
		{"no name", "name: Apache Kafka", `name: ""`, "the name is missing"},
		{"no summary", "with long retries.", "with long retries", "the summary is not a sentence"},
		{"no sources", "sources: [kafka-sg, kafka-dlq, sk]", "sources: []", "the sources are missing"},
		{"nothing to use", `{use: "The Debezium outbox event router"}`, `{use: ""}`, "component outbox-relay: say what to use, or none"},
		{"none without a note", `{use: none, note: "Ask over HTTP or gRPC."}`, "{use: none}", "component parallel-aggregate: none, but no note says why"},
		{"component twice", "  queue: {", "  saga: {", "already defined"},
		{"safeguard unfinished", `be limited to one delivery."`, `be limited to one delivery"`, "safeguard single-delivery: not a sentence"},
		{"section twice", "id: watch", "id: test", "guide: test is defined twice"},
		{"section without text", "    text: |\n      Watch consumer lag in time, not just in records; rebalances; records\n      in dead-letter topics; and under-replicated partitions.\n", "", "guide: watch has no text"},
		{"long line", "rebalances; records\n", "rebalances and how long each one of them took; records\n", "guide: watch: longer than 72 characters"},
		{"tab", "rebalances; records", "rebalances;\trecords", "guide: watch: a tab"},
	})
}
