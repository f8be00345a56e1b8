package custom

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"waitornot/decide/advice/topic"
	"waitornot/rules"
)

// The page about rules of one's own names all that an expression can name.
func TestDocumentedNames(t *testing.T) {
	page, err := os.ReadFile("../../cmd/docs/custom-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	operations, journeys, found := strings.Cut(string(page), "## Names in a rule over journeys")
	if !found {
		t.Fatal("the page has no part about journeys")
	}
	check := func(text string, names []string) {
		for _, name := range names {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("cmd/docs/custom-rules.md does not name %s", name)
			}
		}
	}
	check(operations, namesOf(reflect.TypeFor[operation](), ""))
	check(journeys, namesOf(reflect.TypeFor[journey](), ""))
	check(operations, functions())
}

// What an expression can name can be explained.
func TestExplainedNames(t *testing.T) {
	topics, err := rules.Topics()
	if err != nil {
		t.Fatal(err)
	}
	names := append(namesOf(reflect.TypeFor[operation](), ""), namesOf(reflect.TypeFor[journey](), "")...)
	for _, name := range append(names, functions()...) {
		if len(topic.Find(topics, name)) == 0 {
			t.Errorf("%s is not explained", name)
		}
	}
}
