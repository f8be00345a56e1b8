package manifest

import (
	"fmt"
	"hash/maphash"
	"strings"
	"testing"
)

func files(texts ...string) []*File {
	var list []*File
	for i, text := range texts {
		file, _ := Read(Source{Name: string(rune('a'+i)) + ".yaml", Data: []byte(text)}, Options{})
		list = append(list, file)
	}
	return list
}

func TestCrossCheck(t *testing.T) {
	const checkout = "service: checkout\noperations:\n- {name: pay, answers: {}}\n- {name: ship/now, answers: {}}\n"
	journey := func(step string) string {
		return "service: checkout\njourneys:\n- {name: j, steps: [[" + step + "]]}\n"
	}
	for _, test := range []struct {
		name  string
		texts []string
		want  string
	}{
		{"one name in two services", []string{checkout, "service: other\noperations:\n- {name: pay, answers: {}}\n"}, ""},
		{"one name in two documents", []string{checkout + "---\n" + checkout}, "" +
			"8:10-8:13 duplicate-operation: operation \"checkout/pay\" is declared twice; the first one is in a.yaml, line 3 [rename one of them, or delete the duplicate] (3:10-3:13 first declared here)\n" +
			"9:10-9:18 duplicate-operation: operation \"checkout/ship/now\" is declared twice; the first one is in a.yaml, line 4 [rename one of them, or delete the duplicate] (4:10-4:18 first declared here)\n"},
		{"one name in two files", []string{checkout, "service: checkout\noperations:\n- {name: pay, answers: {}}\n"},
			"3:10-3:13 duplicate-operation: operation \"checkout/pay\" is declared twice; the first one is in a.yaml, line 3 [rename one of them, or delete the duplicate] (3:10-3:13 first declared here)\n"},
		{"one name in files without a service", []string{"operations: [{name: a, answers: {}}]\n", "operations: [{name: a, answers: {}}]\n"},
			"1:21-1:22 duplicate-operation: operation \"a\" is declared twice; the first one is in a.yaml, line 1 [rename one of them, or delete the duplicate] (1:21-1:22 first declared here)\n"},
		{"a step of the service", []string{checkout, journey("pay")}, ""},
		{"a step in full", []string{checkout, journey("checkout/pay")}, ""},
		{"a step with a slash in its name", []string{checkout, journey("ship/now")}, ""},
		{"a step in full with a slash in its name", []string{checkout, journey("checkout/ship/now")}, ""},
		{"a misspelt step", []string{checkout, journey("pya")},
			"3:22-3:25 unknown-step: a step of journey \"j\" names \"pya\", but service \"checkout\" has no such operation [write pay]\n"},
		{"a misspelt step in full", []string{checkout, journey("checkout/pya")},
			"3:22-3:34 unknown-step: a step of journey \"j\" names \"checkout/pya\", but service \"checkout\" has no such operation [write checkout/pay]\n"},
		{"a misspelt step with a slash in its name", []string{checkout, journey("ship/nwo")},
			"3:22-3:30 unknown-step: a step of journey \"j\" names \"ship/nwo\", but service \"checkout\" has no such operation [write ship/now]\n"},
		{"a misspelt step of a service with a slash in its name", []string{strings.ReplaceAll(checkout, "checkout", "team/checkout"), journey("team/checkout/pya")},
			"3:22-3:39 unknown-step: a step of journey \"j\" names \"team/checkout/pya\", but service \"team/checkout\" has no such operation [write team/checkout/pay]\n"},
		{"a step of a service that is not in the run", []string{checkout, journey("mailer/send")}, ""},
		{"a step of a service that could not be read whole", []string{"service: checkout\noperations:\n- {name: pay, answers: {}}\n---\n\tx\n", journey("send")}, ""},
		{"a step without any service", []string{"operations: [{name: a, answers: {}}]\njourneys: [{name: j, steps: [b]}]\n"},
			"2:30-2:31 unknown-step: a step of journey \"j\" names \"b\", but the manifest has no such operation\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := lines(CrossCheck(files(test.texts...))); got != test.want {
				t.Errorf("findings\n%swant\n%s", got, test.want)
			}
		})
	}
}

// Two names whose hashes are equal are still two.
func TestHashTaken(t *testing.T) {
	c := newCrossing(files("service: s\noperations: [{name: a, answers: {}}, {name: b, answers: {}}]\n"))
	a, b := opKey{"s", "a"}, opKey{"s", "b"}
	delete(c.places, maphash.Comparable(c.seed, b))
	c.places[maphash.Comparable(c.seed, b)] = opPlace{0, 0} // as if a had it
	if _, ok := c.find(b); ok {
		t.Fatal("b is found where a is")
	}
	c.add(b, opPlace{0, 1})
	for key, want := range map[opKey]int32{a: 0, b: 1} {
		if p, ok := c.find(key); !ok || p.name != want {
			t.Errorf("find(%v) = %v, %v", key, p, ok)
		}
	}
}

// A wrong step gets its suggestion in a service of many operations, too.
func TestSuggestionInALargeService(t *testing.T) {
	var b strings.Builder
	b.WriteString("operations:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "- {name: operation-%d, answers: {}}\n", i)
	}
	b.WriteString("- {name: authorize, answers: {}}\njourneys:\n- {name: j, steps: [authorise]}\n")
	found := CrossCheck(files(b.String()))
	if len(found) != 1 || found[0].Fix != "write authorize" {
		t.Errorf("found %v", found)
	}
}
