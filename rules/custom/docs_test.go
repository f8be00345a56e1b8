package custom

import (
	"os"
	"reflect"
	"strings"
	"testing"
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

// namesOf returns the names of a type of the environment, those inside others with theirs.
func namesOf(of reflect.Type, prefix string) []string {
	var names []string
	for i := range of.NumField() {
		f := of.Field(i)
		name := prefix + f.Tag.Get("expr")
		if f.Type.Kind() == reflect.Struct {
			names = append(names, namesOf(f.Type, name+".")...)
			continue
		}
		names = append(names, name)
	}
	return names
}
